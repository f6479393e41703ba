// `npm run bench:peers`: the same files and the same gates by FlowKit (Python), npm `fcs` and this project, in turns. Makes its own
// Python environment in bench/.venv. Every count must be equal, or nothing is reported. Results go to bench/RESULTS.md. `--as-built` takes dist/ as it is.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  coldSide,
  cpuOf,
  interleave,
  ours,
  peakOf,
  requireBuild,
  requireEqualCounts,
  root,
  wallOf,
  warmSide,
  type Measurement,
  type Side,
} from './measuring.ts';
import { seconds, table, times, writeSection } from './results.ts';
import { batch, big } from './workload/files.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, 'as-built': { type: 'boolean' } },
});
const rounds = Number(values.rounds);
const python = 'bench/.venv/bin/python';
const flowkitDefault = 'FlowKit default';
const flowkitCached = 'FlowKit cached';
const npmFcs = 'npm fcs';
const flowkit = [python, 'bench/peers/run_flowkit.py'];

if (!values['as-built']) requireBuild();
requireFlowKit();

const sections = [await bigWarm(), await bigCold(), await batchWarm(), await reading()];
const body = [
  '## Against peers',
  'FlowKit 1.3.2: `cached` is gate_sample(cache_events=True), `default` without; npm `fcs` 0.0.7 reads event by event.',
  ...sections,
].join('\n\n');
writeSection('peers', body);
console.log(body);

async function bigWarm(): Promise<string> {
  const request = { kind: 'count', ...big() };
  const runs = await interleave(
    [
      warmSide(flowkitDefault, flowkit, { ...big(), cached: false }, 1),
      warmSide(flowkitCached, flowkit, { ...big(), cached: true }, 1),
      warmSide('immunogate, 1 thread', ours, request),
      warmSide('immunogate, 2 workers', ours, { ...request, kind: 'ranges', workers: 2 }),
      warmSide('reading the bytes only', ours, { ...request, kind: 'bytes' }),
    ],
    rounds,
  );
  return report(
    '### BIG, warm: 1,000,000 events x 24 parameters, read, compensate, transform, gate, count',
    runs,
    [flowkitDefault, flowkitCached],
  );
}

async function bigCold(): Promise<string> {
  const runs = await interleave(
    [
      coldSide(flowkitCached, flowkit, { ...big(), cached: true }),
      coldSide('immunogate, 1 thread', ours, { kind: 'count', ...big() }),
    ],
    rounds,
  );
  return report('### BIG, cold: a new process, one file, boot and imports included', runs, [flowkitCached]);
}

async function batchWarm(): Promise<string> {
  const request = { kind: 'count', ...batch() };
  const runs = await interleave(
    [
      warmSide(flowkitDefault, flowkit, { ...batch(), cached: false }, 1),
      warmSide(flowkitCached, flowkit, { ...batch(), cached: true }, 1),
      warmSide('immunogate, 1 thread', ours, request),
      warmSide('immunogate, 2 workers', ours, { ...request, workers: 2 }),
    ],
    rounds,
  );
  return report('### BATCH, warm: 20 files of 200,000 events x 16 parameters', runs, [
    flowkitDefault,
    flowkitCached,
  ]);
}

async function reading(): Promise<string> {
  const { files } = big();
  const sides: Side[] = [
    warmSide(npmFcs, ours, { kind: 'npmFcs', files }, 5),
    warmSide('immunogate, columns', ours, { kind: 'columns', files }),
  ];
  const runs = await interleave(sides, rounds);
  const [theirs, mine] = [...runs.values()].map(([first]) => first);
  if (theirs.events !== mine.events || theirs.checksum !== mine.checksum)
    throw new Error('npm fcs read other values');
  return report(
    '### BIG, reading only: every value in memory',
    runs,
    [npmFcs],
    'The last event has the same values in both.',
  );
}

/** A table with one column for each baseline: how many times as long the baseline takes. */
function report(
  heading: string,
  runs: ReadonlyMap<string, readonly Measurement[]>,
  baselines: readonly string[],
  note?: string,
): string {
  const said = note ?? `Counts of all ${requireEqualCounts(runs)} gates are equal in every run.`;
  const rows = [...runs].map(([name, measurements]) => [
    name,
    seconds(wallOf(measurements)),
    seconds(cpuOf(measurements)),
    ...baselines.map((baseline) => times(wallOf(runs.get(baseline)!) / wallOf(measurements))),
    `${Math.round(peakOf(measurements))} MiB`,
  ]);
  const head = ['', 'wall', 'cpu', ...baselines.map((baseline) => `times ${baseline}`), 'peak memory'];
  return `${heading}\n\n${table(head, rows)}\n\n${said} Median of ${rounds} rounds.`;
}

/** FlowKit in an environment of its own, once. */
function requireFlowKit(): void {
  if (existsSync(`${root}${python}`) && run(python, ['-c', 'import flowkit']) === 0) return;
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', 'bench/.venv']],
    [python, ['-m', 'pip', 'install', '--quiet', '-r', 'bench/peers/requirements.txt']],
  ];
  for (const [command, args] of steps) {
    if (run(command, args) !== 0) throw new Error(`failed: ${command} ${args.join(' ')}`);
  }
}

function run(command: string, args: readonly string[]): number | null {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status;
}
