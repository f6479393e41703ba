// Measuring, shared by the two bench commands: sides that live in processes of their own, rounds in which they take turns, and
// figures that say how they were reached. Turns are taken so that a busy machine slows every side alike.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** What one run of one side says. `counts` by gate id where gates were counted, otherwise a checksum of what was read. */
export interface Measurement {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly importSeconds?: number;
  readonly counts?: Readonly<Record<string, number>>;
  readonly events?: number | null;
  readonly checksum?: number;
}

export interface Side {
  readonly name: string;
  /** Unmeasured runs that come first. V8 compiles the code around a file for some 300 files, in every thread, on the cores that are measured. */
  readonly warmUps: number;
  run(): Promise<Measurement>;
  close(): void;
}

export const ours = ['node', 'bench/measured.mjs'];

/** A process that stays: the second and later runs are warm. Requests and answers are JSON lines. */
export function warmSide(
  name: string,
  [command, ...args]: readonly string[],
  request: object,
  warmUps = 30,
): Side {
  let child: ReturnType<typeof start> | null = null;
  return {
    name,
    warmUps,
    async run() {
      child ??= start(command, args);
      return child.ask(request);
    },
    close() {
      child?.close();
      child = null;
    },
  };
}

/** A new process a run; wall time is from its start to its end, boot and imports included. */
export function coldSide(name: string, [command, ...args]: readonly string[], request: object): Side {
  return {
    name,
    warmUps: 0,
    run() {
      const started = performance.now();
      const { stdout, stderr, status } = spawnSync(command, args, {
        cwd: root,
        input: `${JSON.stringify(request)}\n`,
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      });
      const wallSeconds = (performance.now() - started) / 1000;
      if (status !== 0) return Promise.reject(new Error(`${name} failed:\n${stderr}`));
      return Promise.resolve({ ...(JSON.parse(stdout) as Measurement), wallSeconds });
    },
    close() {},
  };
}

function start(
  command: string,
  args: readonly string[],
): { ask(request: object): Promise<Measurement>; close(): void } {
  const child = spawn(command, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]() as AsyncIterator<
    string,
    undefined
  >;
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const next = await lines.next();
      if (next.done === true) throw new Error(`${command} ${args.join(' ')} ended without an answer`);
      return JSON.parse(next.value) as Measurement;
    },
    close() {
      child.stdin.end();
    },
  };
}

/** Every side once a round, in an order that rotates; `warmUps` unmeasured runs of each come first. */
export async function interleave(
  sides: readonly Side[],
  rounds: number,
): Promise<Map<string, Measurement[]>> {
  const runs = new Map<string, Measurement[]>(sides.map(({ name }) => [name, []]));
  for (const side of sides) for (let w = 0; w < side.warmUps; w++) await side.run();
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < sides.length; k++) {
      const side = sides[(k + round) % sides.length];
      runs.get(side.name)!.push(await side.run());
    }
  }
  for (const side of sides) side.close();
  return runs;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

export const wallOf = (runs: readonly Measurement[]): number =>
  median(runs.map(({ wallSeconds }) => wallSeconds));
export const cpuOf = (runs: readonly Measurement[]): number =>
  median(runs.map(({ cpuSeconds }) => cpuSeconds));
export const peakOf = (runs: readonly Measurement[]): number =>
  Math.max(...runs.map(({ peakMiB }) => peakMiB));

/** Throws unless every run counted the same; returns how many gates that were. */
export function requireEqualCounts(runs: ReadonlyMap<string, readonly Measurement[]>): number {
  let expected: Readonly<Record<string, number>> | undefined;
  for (const [name, measurements] of runs) {
    for (const { counts } of measurements) {
      if (counts === undefined) continue;
      expected ??= counts;
      const ids = new Set([...Object.keys(expected), ...Object.keys(counts)]);
      const differing = [...ids].filter((id) => expected![id] !== counts[id]);
      const shown = differing.map((id) => `${id}: ${expected![id]} against ${counts[id]}`);
      if (shown.length > 0) throw new Error(`${name} counts otherwise:\n${shown.join('\n')}`);
    }
  }
  const gates = Object.keys(expected ?? {}).length;
  if (gates === 0) throw new Error('no side counted anything');
  return gates;
}

/** Builds dist/ when it is not there, so that the benches measure built code. */
export function requireBuild(): void {
  const built = spawnSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0 || !existsSync(`${root}dist/gating/index.js`)) throw new Error('the build failed');
}
