// What a user installs: the manifest is pinned, the packed files are the intended ones, and the package works in an empty folder.
// No network: the tarball is unpacked where npm would put it, and its dependencies are links to the ones installed here.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeFcs } from '../bench/workload/fcs-file.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;

describe('the manifest', () => {
  it('pins every dependency to one version', () => {
    const versions = { ...manifest.dependencies, ...manifest.devDependencies };
    const loose = Object.entries(versions).filter(
      ([, version]) => !/^(npm:(@[\w-]+\/)?[\w-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  it('keeps the run-time dependencies few', () => {
    // twelve for files to tables, six for report and server (docs/decisions/0017-run-time-packages.md)
    expect(Object.keys(manifest.dependencies).length).toBeLessThanOrEqual(18);
  });

  it('runs no install script of its own', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
    expect(hooks.filter((hook) => hook in manifest.scripts)).toEqual([]);
  });

  it('has the scripts that the README and the specifications name', () => {
    const wanted = ['build', 'demo', 'test', 'check', 'bench', 'bench:peers'];
    expect(wanted.filter((script) => !(script in manifest.scripts))).toEqual([]);
  });

  it('says which Node it needs, that it is ESM, and what it ships', () => {
    expect(manifest.type).toBe('module');
    expect(manifest.engines.node).toBe('>=20.19');
    expect(manifest.files).toEqual(['dist', 'gating-templates']);
  });
});

describe('the packed package', () => {
  let folder = '';
  let installed = '';
  let packed: string[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'immunogate-package-'));
    const stage = join(folder, 'stage');
    mkdirSync(stage);
    for (const name of ['package.json', 'README.md', 'LICENSE', 'gating-templates']) {
      cpSync(join(root, name), join(stage, name), { recursive: true });
    }
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), join(stage, 'dist')], { stdio: 'pipe' });
    const answer = execFileSync(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder],
      {
        cwd: stage,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const [{ filename, files }] = JSON.parse(answer) as [{ filename: string; files: { path: string }[] }];
    packed = files.map(({ path }) => path);
    const modules = join(folder, 'consumer/node_modules');
    installed = join(modules, manifest.name);
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1', '-C', installed]);
    for (const name of [...Object.keys(manifest.dependencies), '@types/node']) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
    mkdirSync(join(modules, '.bin'));
    for (const [name, target] of Object.entries(manifest.bin)) {
      symlinkSync(join('..', manifest.name, target), join(modules, '.bin', name));
    }
    writeFileSync(
      join(folder, 'consumer/package.json'),
      '{ "name": "consumer", "type": "module", "private": true }\n',
    );
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('holds the built code, its types and the templates, and nothing else', () => {
    const allowed =
      /^(package\.json|README\.md|LICENSE|dist\/.+\.(js|d\.ts|css|html|json|svg)|gating-templates\/.+\.(yaml|yml|json|md))$/;
    expect(packed.filter((path) => !allowed.test(path))).toEqual([]);
    expect(packed).toContain('dist/cli/main.js');
    expect(packed).toContain('dist/index.d.ts');
    expect(packed.filter((path) => path.startsWith('gating-templates/')).length).toBeGreaterThan(0);
  });

  it('has every file that its exports and its code point to', () => {
    const targets = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    expect(
      [...targets, ...Object.values(manifest.bin)].filter((path) => !existsSync(join(installed, path))),
    ).toEqual([]);
    const known = new Set(packed);
    const code = packed.filter((path) => path.startsWith('dist/') && /\.(js|d\.ts)$/.test(path));
    const dangling = code.flatMap((path) =>
      [
        ...readFileSync(join(installed, path), 'utf8').matchAll(
          /(?:from |import\(|import )'(\.{1,2}\/[^']+)'/g,
        ),
      ]
        .map(([, specifier]) => posix.join(posix.dirname(path), specifier))
        .filter((target) => !known.has(target) && !known.has(target.replace(/\.ts$/, '.d.ts')))
        .map((target) => `${path} -> ${target}`),
    );
    expect(dangling).toEqual([]);
  });

  it('answers `npx immunogate --version`', () => {
    const { stdout, status } = run('npx', ['--no-install', '--offline', 'immunogate', '--version']);
    expect({ status, version: stdout.trim() }).toEqual({ status: 0, version: manifest.version });
  });

  it('inspects an FCS file from its own folder', () => {
    writeFcs(join(folder, 'consumer/sample.fcs'), { events: 500, parameters: 16, seed: 7 });
    const { stdout, status } = run('npx', [
      '--no-install',
      '--offline',
      'immunogate',
      'inspect',
      '--json',
      'sample.fcs',
    ]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ result: 'ok', events: 500 });
  });

  it('gives a TypeScript consumer real types, and code that runs', () => {
    const source = [
      "import { memorySource, readFcs, type FcsFile } from 'immunogate';",
      "import { openFile } from 'immunogate/node';",
      "const file: FcsFile = readFcs(openFile('sample.fcs'));",
      'console.log(file.data.eventCount, typeof memorySource);',
    ];
    writeFcs(join(folder, 'consumer/sample.fcs'), { events: 500, parameters: 16, seed: 7 });
    expect(compile('good.ts', source)).toEqual([]);
    const ran = run(process.execPath, ['good.js']);
    expect(ran).toMatchObject({ status: 0, stdout: '500 function\n' });
    const wrong = [...source, 'export const bad: string = file.data.eventCount;', "readFcs('sample.fcs');"];
    expect(compile('wrong.ts', wrong)).toEqual(['TS2322', 'TS2345']);
  });

  function compile(name: string, lines: readonly string[]): string[] {
    writeFileSync(join(folder, 'consumer', name), `${lines.join('\n')}\n`);
    const compiler = join(root, 'node_modules/@typescript/native/bin/tsc');
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    const { stdout } = run(process.execPath, [compiler, ...options, name]);
    return [...stdout.matchAll(/error (TS\d+)/g)].map(([, code]) => code);
  }

  function run(command: string, args: readonly string[]): { stdout: string; status: number | null } {
    const { stdout, status } = spawnSync(command, args, {
      cwd: join(folder, 'consumer'),
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { stdout, status };
  }
});
