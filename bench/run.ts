// `npm run bench`: kernels one by one, then whole files: how the cost grows with events, gates and files, memory on a file over
// 4 GiB, two workers, exact statistics. Counts are checked in every run. Results go to bench/RESULTS.md.
// `--only kernels|files` runs one half; `--huge` adds the 4.3 GB file (it is written to bench/.cache once);
// `--as-built` takes dist/ as it is.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { kernels as fcsKernels } from './kernels/fcs.bench.ts';
import { kernels as gatingKernels } from './kernels/gating.bench.ts';
import { kernels as mathKernels } from './kernels/math.bench.ts';
import { kernels as signalKernels } from './kernels/signal.bench.ts';
import {
  coldSide,
  interleave,
  ours,
  peakOf,
  requireBuild,
  root,
  wallOf,
  warmSide,
  type Measurement,
  type Side,
} from './measuring.ts';
import { seconds, table, times, writeSection } from './results.ts';
import { runKernels } from './runner.ts';
import { batch, big, huge, workloadFile } from './workload/files.ts';
import { gatingMl, tree } from './workload/tree.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    huge: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    'as-built': { type: 'boolean' },
  },
});
const rounds = Number(values.rounds);

if (values.only !== 'files') {
  const results = runKernels([...fcsKernels, ...gatingKernels, ...signalKernels, ...mathKernels]);
  const rows = results.map((r) => [
    r.name,
    `${r.fastestNanoseconds.toFixed(2)}`,
    `${r.medianNanoseconds.toFixed(2)}`,
    r.unit,
  ]);
  publish('kernels', `## Kernels\n\n${table(['ns of CPU', 'fastest round', 'median round', 'per'], rows)}`);
}
if (values.only !== 'kernels') {
  if (!values['as-built']) requireBuild();
  const parts = [await workloads(), await twoWorkers(), await growth()];
  if (values.huge) parts.push(await hugeFile());
  publish('files', `## Whole files\n\n${parts.join('\n\n')}`);
}

/** BIG and BATCH: warm and cold, one thread and two, with statistics, beside reading alone. */
async function workloads(): Promise<string> {
  const one = { kind: 'count', ...big() };
  const many = { kind: 'count', ...batch() };
  const sides: Side[] = [
    warmSide('BIG, counts', ours, one),
    warmSide('BIG, counts and exact statistics of 16 colours', ours, { ...one, kind: 'statistics' }),
    warmSide('BIG, all columns in memory', ours, { ...one, kind: 'columns' }),
    warmSide('BIG, bytes only', ours, { ...one, kind: 'bytes' }),
    coldSide('BIG, counts, new process', ours, one),
    warmSide('BATCH, counts', ours, many),
  ];
  const runs = await interleave(sides, rounds);
  requireEqual(pick(runs, 'BIG, counts'));
  const wall = (name: string): number => wallOf(runs.get(name)!);
  const rows = [...runs].map(([name, measurements]) => [
    name,
    seconds(wall(name)),
    times(wall(name) / wall('BIG, bytes only')),
    `${Math.round(peakOf(measurements))} MiB`,
  ]);
  return `### Workloads\n\n${table(['', 'wall', 'of reading BIG', 'peak memory'], rows)}`;
}

/** What a second worker gains, in a run of its own: two threads take longest to get warm, for each compiles by itself. */
async function twoWorkers(): Promise<string> {
  const one = { kind: 'count', ...big() };
  const many = { kind: 'count', ...batch() };
  const warmUps = 60;
  const sides: Side[] = [
    warmSide('BIG, 1 worker', ours, one, warmUps),
    warmSide('BIG, 2 workers', ours, { ...one, kind: 'ranges', workers: 2 }, warmUps),
    warmSide('BATCH, 1 worker', ours, many, warmUps),
    warmSide('BATCH, 2 workers', ours, { ...many, workers: 2 }, warmUps),
  ];
  const runs = await interleave(sides, 2 * rounds + 1);
  requireEqual(pick(runs, 'BIG'));
  requireEqual(pick(runs, 'BATCH'));
  let before = NaN;
  const rows = [...runs].map(([name, measurements], k) => {
    const wall = wallOf(measurements);
    const gain = k % 2 === 0 ? '' : times(before / wall);
    before = wall;
    return [name, seconds(wall), gain, `${Math.round(peakOf(measurements))} MiB`];
  });
  return `### A second worker\n\n${table(['', 'wall', 'gain', 'peak memory'], rows)}`;
}

/** Twice the events, gates or files should cost at most 2.2 times as much, in flat memory. */
async function growth(): Promise<string> {
  const events = (repeats: number): object => ({
    kind: 'count',
    files: [workloadFile({ events: 1_000_000, parameters: 24, seed: 1, repeats })],
    tree: big().tree,
  });
  const sides: Side[] = [
    ...[1, 2, 4].map((repeats) => warmSide(`${repeats},000,000 events`, ours, events(repeats))),
    ...[5, 10, 20, 30].map((gates) =>
      warmSide(`${gates} gates`, ours, { kind: 'count', files: big().files, tree: firstGates(gates) }),
    ),
    ...[5, 10, 20].map((files) =>
      warmSide(`${files} files`, ours, { kind: 'count', ...batch(), files: batch().files.slice(0, files) }),
    ),
  ];
  const runs = await interleave(sides, rounds);
  let before = NaN;
  const rows = [...runs].map(([name, measurements], k) => {
    const wall = wallOf(measurements);
    const grown = [0, 3, 7].includes(k) ? '' : times(wall / before);
    before = wall;
    return [name, seconds(wall), grown, `${Math.round(peakOf(measurements))} MiB`];
  });
  return `### Growth\n\n${table(['', 'wall', 'of the row above', 'peak memory'], rows)}`;
}

async function hugeFile(): Promise<string> {
  const runs = await interleave(
    [
      coldSide('BIG', ours, { kind: 'count', ...big() }),
      coldSide('45 times BIG', ours, { kind: 'count', ...huge() }),
    ],
    1,
  );
  const [[one], [many]] = [...runs.values()];
  const differing = Object.entries(one.counts!).filter(([id, count]) => many.counts![id] !== 45 * count);
  if (differing.length > 0)
    throw new Error(`not 45 times as many: ${differing.map(([id]) => id).join(', ')}`);
  const rows = [...runs].map(([name, [run]]) => [
    name,
    seconds(run.wallSeconds),
    `${Math.round(run.peakMiB)} MiB`,
  ]);
  return `### A file over 4 GiB\n\n${table(['new process', 'wall', 'peak memory'], rows)}\n\nEvery count is exactly 45 times that of BIG.`;
}

/** The first gates of the tree (parents come before children) as a document of their own. */
function firstGates(count: number): string {
  const path = `${root}bench/.cache/tree-${count}.xml`;
  mkdirSync(`${root}bench/.cache`, { recursive: true });
  writeFileSync(path, gatingMl(tree.slice(0, count)));
  return path;
}

function pick(runs: ReadonlyMap<string, readonly Measurement[]>, prefix: string): Measurement[] {
  return [...runs].filter(([name]) => name.startsWith(prefix)).flatMap(([, measurements]) => measurements);
}

function requireEqual(measurements: readonly Measurement[]): void {
  const texts = new Set(
    measurements.map(({ counts }) => JSON.stringify(Object.entries(counts ?? {}).sort())),
  );
  if (texts.size !== 1) throw new Error('the same events were counted in different ways');
}

function publish(name: string, body: string): void {
  writeSection(name, body);
  console.log(`${body}\n`);
}
