// The house rules of docs/architecture.md over every file of src/, and proof that each rule can fail.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseModule, parseModules, readTree, scriptsOf } from './architecture/modules.ts';
import { rows, violations } from './architecture/rules.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tree = readTree(join(root, 'src'));
const modules = parseModules(tree);

describe('the source tree', () => {
  it('keeps the import rules', () => {
    expect(violations(modules)).toEqual([]);
  });

  it('was really read', () => {
    expect(modules.length).toBeGreaterThan(50);
    const edges = modules.reduce((sum, module) => sum + module.files.length, 0);
    expect(edges).toBeGreaterThan(modules.length);
    const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map(({ name }) => name).filter((name) => !(name in rows))).toEqual([]);
  });

  it('imports only packages that the manifest lists, outside the bundled web/ only run-time dependencies', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      devDependencies: Record<string, string>;
    };
    const bundled = new Set(Object.keys(manifest.devDependencies));
    const used = new Set(
      modules.flatMap(({ path, packages }) =>
        packages
          .filter((name) => !name.startsWith('node:'))
          .map(packageOf)
          .filter((name) => !(path.startsWith('web/') && bundled.has(name))),
      ),
    );
    expect([...used].filter((name) => !(name in manifest.dependencies))).toEqual([]);
  });

  it('begins every file with a comment that says what it is', () => {
    const bare = [...tree].filter(([, text]) => !/^(#!.*\n)?(\/\/|\/\*)/.test(text)).map(([path]) => path);
    expect(bare).toEqual([]);
  });

  it('keeps files short', () => {
    const long = [...tree.keys()].filter(
      (path) => readFileSync(join(root, 'src', path), 'utf8').split('\n').length > 401,
    );
    expect(long).toEqual([]);
  });
});

/** A small tree that keeps every rule; each case below breaks one. */
const sound: Readonly<Record<string, string>> = {
  'errors.ts': 'export const codes = {};',
  'index.ts': "export { gate } from './gating/index.ts';",
  'node.ts': "export * from './fcs/node.ts';\nexport { gate } from './index.ts';",
  'math/index.ts': "export { exp } from './elementary.ts';",
  'math/elementary.ts': 'export const exp = (x: number): number => x + Math.sqrt(x);',
  'fcs/index.ts': "export type { File } from './model.ts';",
  'fcs/model.ts': 'export interface File { bytes: number }',
  'fcs/node.ts':
    "import { readSync } from 'node:fs';\nimport type { File } from './model.ts';\nexport const read = (f: File) => readSync(f.bytes, new Uint8Array(1));",
  'gating/index.ts': "export { gate } from './gate.ts';",
  'gating/gate.ts':
    "import { count } from './count.kernel.ts';\nimport type { File } from '../fcs/index.ts';\nimport { codes } from '../errors.ts';\nexport const gate = (f: File) => count(f.bytes) + Object.keys(codes).length;",
  'gating/count.kernel.ts':
    "import { exp } from '../math/index.ts';\nexport const count = (n: number) => exp(n);",
  'engine/threads/node.ts': "import { Piscina } from 'piscina';\nexport const pool = Piscina;",
  'template/schema.ts': "import { z } from 'zod';\nexport const schema = z;",
  'report/index.ts': "import { select } from 'd3';\nexport { select };",
};

const cases: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly says: string;
}[] = [
  {
    name: 'a smaller row imports a larger',
    files: { 'math/elementary.ts': "import '../gating/index.ts';" },
    says: 'row 0 imports gating/index.ts of row 3',
  },
  {
    name: 'folders of one row',
    files: { 'fcs/model.ts': "import '../signal/index.ts';", 'signal/index.ts': '' },
    says: 'row 2 imports signal/index.ts of row 2',
  },
  {
    name: 'a type import counts',
    files: { 'fcs/model.ts': "import type { gate } from '../gating/index.ts';" },
    says: 'row 2 imports gating/index.ts',
  },
  {
    name: 'an export from counts',
    files: { 'fcs/model.ts': "export * from '../gating/index.ts';" },
    says: 'row 2 imports gating/index.ts',
  },
  {
    name: 'a dynamic import counts',
    files: { 'fcs/model.ts': "export const g = () => import('../gating/index.ts');" },
    says: 'row 2 imports gating/index.ts',
  },
  {
    name: 'an import type counts',
    files: { 'fcs/model.ts': "export type G = import('../gating/index.ts').G;" },
    says: 'row 2 imports gating/index.ts',
  },
  {
    name: 'past an index',
    files: { 'gating/gate.ts': "import '../fcs/model.ts';" },
    says: 'past the index of fcs/',
  },
  {
    name: 'own index',
    files: { 'gating/gate.ts': "import './index.ts';" },
    says: 'imports its own index gating/index.ts',
  },
  {
    name: 'own index from a sub-folder',
    files: { 'gating/methods/cut.ts': "import '../index.ts';" },
    says: 'imports its own index gating/index.ts',
  },
  {
    name: 'the public entry from inside',
    files: { 'cli/main.ts': "import '../index.ts';" },
    says: 'imports its own index index.ts',
  },
  {
    name: 'a kernel imports glue',
    files: { 'gating/count.kernel.ts': "import './model.ts';", 'gating/model.ts': '' },
    says: 'a kernel imports gating/model.ts',
  },
  {
    name: 'a kernel imports a package',
    files: { 'gating/count.kernel.ts': "import 'saxes';" },
    says: 'a kernel imports the package saxes',
  },
  {
    name: 'tables import events',
    files: { 'endpoints/index.ts': "import '../gating/index.ts';" },
    says: 'endpoints/ sees tables only',
  },
  {
    name: 'zod outside a schema',
    files: { 'template/bind.ts': "import { z } from 'zod';" },
    says: 'imports zod, which belongs in',
  },
  {
    name: 'd3 outside the report',
    files: { 'stats/index.ts': "import 'd3-array';" },
    says: 'imports d3-array, which belongs in',
  },
  {
    name: 'piscina outside the engine',
    files: { 'cli/main.ts': "import 'piscina';" },
    says: 'imports piscina, which belongs in engine/threads/node.ts',
  },
  {
    name: 'the component compiler outside web',
    files: { 'server/node.ts': "import 'svelte';" },
    says: 'imports svelte, which belongs in web/',
  },
  {
    name: 'a script inside a component',
    files: {
      'web/app.svelte': scriptsOf(
        '<!-- App -->\n<script lang="ts">\n  import "../fcs/model.ts";\n</script>\n<p>import</p>',
      ),
    },
    says: 'imports fcs/model.ts, past the index of fcs/',
  },
  {
    name: 'node: in a pure file',
    files: { 'fcs/model.ts': "import 'node:fs';" },
    says: 'imports node:fs, which belongs in',
  },
  {
    name: 'the store in a pure file',
    files: { 'results/store.ts': "import 'better-sqlite3';" },
    says: 'imports better-sqlite3, which belongs in',
  },
  {
    name: 'a pure file reaches Node through another',
    files: { 'gating/gate.ts': "import '../fcs/node.ts';" },
    says: 'must run without Node',
  },
  {
    name: 'a cycle of types',
    files: {
      'fcs/model.ts': "import type { A } from './a.ts';",
      'fcs/a.ts': "import type { File } from './model.ts';",
    },
    says: 'cycle: ',
  },
  {
    name: 'a missing file',
    files: { 'fcs/model.ts': "import './gone.ts';" },
    says: 'imports fcs/gone.ts, which is not there',
  },
  { name: 'no extension', files: { 'fcs/model.ts': "import './a';" }, says: 'imports ./a without .ts' },
  {
    name: 'a computed import',
    files: { 'fcs/model.ts': 'export const f = (p: string) => import(p);' },
    says: 'imports a computed name',
  },
  { name: 'an unknown folder', files: { 'extra/a.ts': '' }, says: 'lies in extra/, which has no row' },
  {
    name: 'a stray root file',
    files: { 'main.ts': '' },
    says: 'is not one of the files that belong at the root',
  },
  {
    name: 'platform arithmetic',
    files: { 'fcs/model.ts': 'export const e = Math.exp(1);' },
    says: 'uses Math.exp',
  },
  {
    name: 'Math by name',
    files: { 'fcs/model.ts': 'const { exp } = Math;' },
    says: 'takes Math apart by name',
  },
  { name: 'the power operator', files: { 'fcs/model.ts': 'export const e = 2 ** 3;' }, says: 'uses **' },
];

describe('the rules', () => {
  it('pass a sound tree', () => {
    expect(violations(parseModules(new Map(Object.entries(sound))))).toEqual([]);
  });

  it.each(cases)('catch: $name', ({ files, says }) => {
    const said = violations(parseModules(new Map(Object.entries({ ...sound, ...files }))));
    expect(said.filter((line) => line.includes(says))).not.toEqual([]);
  });

  it('are not fooled by comments and strings', () => {
    const module = parseModule(
      'fcs/a.ts',
      "// import './b.ts' and Math.exp\nexport const text = \"import '../gating/index.ts'; 2 ** 3\";",
    );
    expect(module).toEqual({ path: 'fcs/a.ts', files: [], packages: [], faults: [] });
  });
});

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
