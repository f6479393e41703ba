// Kernel benches: every kernel of every file takes its turn each round, so that a slow moment of the machine hits all alike.
// Reported per item (event, byte, test): the fastest round and the median round, in CPU time of this process.
import { median } from './measuring.ts';

export interface KernelBench {
  readonly name: string;
  /** What one item is: `event`, `value`, `byte`, `test`. */
  readonly unit: string;
  /** Items in one call of `run`. */
  readonly items: number;
  /** Does the work once, in buffers made beforehand. Its result is kept, so that no engine may drop the work. */
  readonly run: () => unknown;
}

export interface KernelResult {
  readonly name: string;
  readonly unit: string;
  readonly fastestNanoseconds: number;
  readonly medianNanoseconds: number;
}

/** Keeps results alive. */
export const sink: { last: unknown } = { last: null };

export function runKernels(
  benches: readonly KernelBench[],
  { rounds = 15, roundSeconds = 0.02 } = {},
): KernelResult[] {
  const repeats = benches.map((bench) => calibrate(bench, roundSeconds));
  const samples = benches.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < benches.length; k++) {
      const b = (k + round) % benches.length;
      samples[b].push((secondsOf(benches[b], repeats[b]) * 1e9) / (repeats[b] * benches[b].items));
    }
  }
  return benches.map(({ name, unit }, b) => ({
    name,
    unit,
    fastestNanoseconds: Math.min(...samples[b]),
    medianNanoseconds: median(samples[b]),
  }));
}

/** Warms the code up and finds how many calls fill a round. */
function calibrate(bench: KernelBench, roundSeconds: number): number {
  for (let repeats = 1; ; repeats *= 2) if (secondsOf(bench, repeats) >= roundSeconds) return repeats;
}

function secondsOf({ run }: KernelBench, repeats: number): number {
  const before = process.cpuUsage();
  for (let r = 0; r < repeats; r++) sink.last = run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
