// Builds the package from src/ into dist/ (or the folder given): compiles with tsc, bundles the browser's side into web/, makes the
// command-line entry executable.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { webConfig } from './web.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = resolve(process.argv[2] ?? join(root, 'dist'));
const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');

rmSync(out, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', out],
  {
    stdio: 'inherit',
  },
);
if (status !== 0) process.exit(status ?? 1);
await build(webConfig(join(out, 'web')));
const command = join(out, 'cli/main.js');
if (existsSync(command)) chmodSync(command, 0o755);
