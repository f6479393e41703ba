// The import rules of the house (docs/architecture.md), judged over parsed modules. Each violation is one readable line.
// A folder means the first segment below src/; files at the root of src/ are the public entries and the registry of codes.
import { posix } from 'node:path';
import type { SourceModule } from './modules.ts';

/** Row of every folder. A file imports only from folders with a smaller row. */
export const rows: Readonly<Record<string, number>> = {
  math: 0,
  stats: 1,
  events: 1,
  fcs: 2,
  signal: 2,
  study: 2,
  qc: 3,
  gating: 3,
  template: 4,
  results: 4,
  interop: 5,
  engine: 5,
  endpoints: 5,
  clinical: 5,
  simulate: 5,
  analysis: 6,
  datasets: 7,
  report: 7,
  run: 8,
  server: 9,
  cli: 10,
  web: 10,
};

/** Right of the waist: these see tables, never events. */
const tableFolders = new Set(['endpoints', 'clinical', 'analysis', 'datasets', 'report']);
const eventFolders = new Set(['events', 'fcs', 'signal', 'gating']);

const rootFiles = new Set(['errors.ts', 'index.ts', 'node.ts']);

/** Where a package may be imported; packages that are not listed may be used anywhere. */
const places: readonly {
  readonly package: RegExp;
  readonly allowed: (path: string) => boolean;
  readonly where: string;
}[] = [
  {
    package: /^zod(\/|$)/,
    allowed: (path) => posix.basename(path) === 'schema.ts' || /^(gating\/methods|server)\//.test(path),
    where: 'schema.ts, gating methods or server/',
  },
  { package: /^d3(-|\/|$)/, allowed: (path) => /^(report|web)\//.test(path), where: 'report/ or web/' },
  { package: /^svelte(\/|$)/, allowed: (path) => path.startsWith('web/'), where: 'web/' },
  {
    package: /^piscina(\/|$)/,
    allowed: (path) => path === 'engine/threads/node.ts',
    where: 'engine/threads/node.ts',
  },
  {
    package: /^(node:|better-sqlite3(\/|$))/,
    allowed: isPlatformFile,
    where: 'node.ts, worker.ts, cli/ or server/',
  },
];

/** Every broken rule, as `file: what`, in file order. */
export function violations(modules: readonly SourceModule[]): string[] {
  const known = new Set(modules.map(({ path }) => path));
  const found = modules.flatMap((module) => {
    const said = [
      ...placement(module.path),
      ...module.faults.filter((fault) => isNumeric(module.path) || !/Math|\*\*/.test(fault)),
    ];
    for (const name of module.packages) said.push(...packageViolations(module.path, name));
    for (const target of module.files) {
      said.push(
        ...(known.has(target)
          ? importViolations(module.path, target)
          : [`imports ${target}, which is not there`]),
      );
    }
    return said.map((what) => `${module.path}: ${what}`);
  });
  return [...found, ...cycles(modules).map((ring) => `cycle: ${ring.join(' -> ')}`)];
}

function placement(path: string): string[] {
  const folder = folderOf(path);
  if (folder === null)
    return rootFiles.has(path) ? [] : ['is not one of the files that belong at the root of src/'];
  return folder in rows ? [] : [`lies in ${folder}/, which has no row`];
}

function packageViolations(path: string, name: string): string[] {
  if (isKernel(path)) return [`a kernel imports the package ${name}`];
  return places
    .filter((place) => place.package.test(name) && !place.allowed(path))
    .map(({ where }) => `imports ${name}, which belongs in ${where}`);
}

function importViolations(from: string, to: string): string[] {
  if (isKernel(from) && !isKernel(to) && to !== 'math/index.ts') return [`a kernel imports ${to}`];
  if (to === 'errors.ts') return [];
  const said: string[] = [];
  if (
    isDoor(to) &&
    (posix.dirname(to) === '.' ? folderOf(from) !== null : from.startsWith(`${posix.dirname(to)}/`))
  )
    said.push(`imports its own index ${to}`);
  if (posix.basename(to) === 'node.ts' && !isPlatformFile(from))
    said.push(`imports ${to} from a file that must run without Node`);
  const [here, there] = [folderOf(from), folderOf(to)];
  if (here === there || there === null) return said;
  if (!isDoor(to) || posix.dirname(to) !== there) said.push(`imports ${to}, past the index of ${there}/`);
  if (here === null) return said;
  if (!(rows[there] < rows[here])) said.push(`row ${rows[here]} imports ${to} of row ${rows[there]}`);
  if (tableFolders.has(here) && eventFolders.has(there))
    said.push(`${here}/ sees tables only, but imports ${to}`);
  return said;
}

function folderOf(path: string): string | null {
  const slash = path.indexOf('/');
  return slash < 0 ? null : path.slice(0, slash);
}

/** An index.ts or node.ts: the way into a folder. */
function isDoor(path: string): boolean {
  return /^(index|node)\.ts$/.test(posix.basename(path));
}

function isKernel(path: string): boolean {
  return path.endsWith('.kernel.ts');
}

function isPlatformFile(path: string): boolean {
  return /^(cli|server)\//.test(path) || /^(node|worker)\.ts$/.test(posix.basename(path));
}

/** The browser draws; it computes no numbers that a table shows. */
function isNumeric(path: string): boolean {
  return folderOf(path) !== 'web';
}

/** Strongly connected groups of two or more files, and files that import themselves (Tarjan). */
export function cycles(modules: readonly SourceModule[]): string[][] {
  const imports = new Map(modules.map(({ path, files }) => [path, files]));
  const order = new Map<string, number>();
  const stack: string[] = [];
  const rings: string[][] = [];
  const visit = (path: string): number => {
    const index = order.size;
    order.set(path, index);
    let lowest = index;
    stack.push(path);
    for (const next of imports.get(path) ?? []) {
      if (!imports.has(next)) continue;
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, order.get(next)!);
    }
    if (lowest === index) {
      const ring = stack.splice(stack.indexOf(path));
      if (ring.length > 1 || imports.get(path)!.includes(path)) rings.push(ring);
    }
    return lowest;
  };
  for (const path of imports.keys()) if (!order.has(path)) visit(path);
  return rings;
}
