// Where a peak is and how wide, for cuts that are measured from it.
import { mean, robustSpread } from '../../math/index.ts';
import { countBelow } from './contract.ts';

/** Fewer events do not show a peak. */
export const FEWEST_OF_PEAK = 20;

/** Steps of the refinement; it settles within a few. */
const STEPS = 20;

/**
 * A half-sample mode finds the peak among others, but comes no nearer to its top than a tenth of an SD in thousands of events, and an
 * error there is counted 1 + |k| times in the cut. So it is moved to where the mean of the events within one spread is itself.
 */
export function peakOf(
  sorted: Float64Array,
  start: number,
  k: number,
): { readonly mode: number; readonly spread: number } {
  const spreadAt = (mode: number) => {
    const first = k >= 0 ? 0 : countBelow(sorted, mode);
    const away = sorted.subarray(first, k >= 0 ? countAtMost(sorted, mode) : sorted.length);
    return robustSpread(away, mode);
  };
  let mode = start;
  let spread = spreadAt(mode);
  for (let step = 0; step < STEPS && spread > 0; step++) {
    const near = sorted.subarray(countBelow(sorted, mode - spread), countAtMost(sorted, mode + spread));
    const next = mean(near);
    const settled = Math.abs(next - mode) < 1e-6 * spread;
    mode = next;
    spread = spreadAt(mode);
    if (settled) break;
  }
  return { mode, spread };
}

function countAtMost(sorted: Float64Array, limit: number): number {
  let at = countBelow(sorted, limit);
  while (at < sorted.length && sorted[at] === limit) at++;
  return at;
}

/** Linear values of the events that lie in [from, to] on the scale of the axis. */
export function inRange(
  linear: Float64Array,
  scaled: Float64Array,
  from: number | null,
  to: number | null,
): Float64Array {
  const values = new Float64Array(linear.length);
  const [low, high] = [from ?? Number.NEGATIVE_INFINITY, to ?? Number.POSITIVE_INFINITY];
  let count = 0;
  for (let e = 0; e < linear.length; e++) {
    values[count] = linear[e];
    count += Number((from === null || scaled[e] >= low) && (to === null || scaled[e] <= high));
  }
  return values.subarray(0, count);
}
