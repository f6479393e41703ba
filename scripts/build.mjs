// Builds the package from src/ into dist/ (or the folder given): compiles with tsc, bundles what starts as a process or a thread, and the
// browser's side into web/, makes the command-line entry executable.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntries } from './bundle.mjs';
import { buildWeb } from './web.mjs';

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
writeFileSync(join(out, 'build.json'), `${JSON.stringify({ commit: commit(), lockfile: lockfile() })}\n`);
await bundleEntries(out);
await buildWeb(join(out, 'web'));
const command = join(out, 'cli/main.js');
if (existsSync(command)) chmodSync(command, 0o755);

/** The commit that is built, marked where files differ from it; null outside of a checkout. */
function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const head = git('rev-parse', 'HEAD');
  if (head.status !== 0) return null;
  const changed = git('status', '--porcelain', '--untracked-files=no').stdout !== '';
  return `${head.stdout.trim().slice(0, 12)}${changed ? '+' : ''}`;
}

function lockfile() {
  const path = join(root, 'package-lock.json');
  return existsSync(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null;
}
