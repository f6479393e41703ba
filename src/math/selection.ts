// Exact order statistics by selection (reliability D-3): no sorting of whole columns, no approximation.
// Invariant: results depend on the multiset of values only, not on their order. NaN has no order: it is left out, never counted.
import { exp } from './exponential.ts';
import { log } from './logarithm.ts';

/**
 * The k-th smallest value (k from 0), rearranging `values` in place inside [left, right]: afterwards everything before k is <= and everything
 * after is >= values[k]. Floyd and Rivest 1975 (algorithm 489), linear on average, no randomness. `values` must hold no NaN in the range.
 */
export function selectKth(values: Float64Array, k: number, left = 0, right = values.length - 1): number {
  if (!(Number.isInteger(k) && k >= left && k <= right))
    throw new RangeError(`selectKth: k = ${k} is outside ${left}..${right}`);
  while (right > left) {
    if (right - left > 600) {
      // Select inside a small sample first, so that the pivot falls close to k.
      const n = right - left + 1;
      const i = k - left + 1;
      const z = log(n);
      const size = 0.5 * exp((2 * z) / 3);
      const spread = 0.5 * Math.sqrt((z * size * (n - size)) / n) * (i < n / 2 ? -1 : 1);
      const newLeft = Math.max(left, Math.floor(k - (i * size) / n + spread));
      const newRight = Math.min(right, Math.floor(k + ((n - i) * size) / n + spread));
      selectKth(values, k, newLeft, newRight);
    }
    const pivot = values[k];
    let i = left;
    let j = right;
    values[k] = values[left];
    values[left] = pivot;
    if (values[right] > pivot) {
      values[left] = values[right];
      values[right] = pivot;
    }
    while (i < j) {
      const swap = values[i];
      values[i] = values[j];
      values[j] = swap;
      i++;
      j--;
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
    }
    if (values[left] === pivot) {
      const swap = values[left];
      values[left] = values[j];
      values[j] = swap;
    } else {
      j++;
      const swap = values[j];
      values[j] = values[right];
      values[right] = swap;
    }
    if (j <= k) left = j + 1;
    if (k <= j) right = j - 1;
  }
  return values[k];
}

/** A copy without NaN, in order. */
export function withoutNaN(values: ArrayLike<number>): Float64Array {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    kept[n] = value;
    n += value === value ? 1 : 0;
  }
  return kept.subarray(0, n);
}

/** Median of the values that are not NaN (mean of the middle two for an even count); NaN when there are none. `values` is not changed. */
export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5, 7);
}

/**
 * 1.4826 times the median distance from `centre`: the SD of a normal distribution about its median, whatever few values lie far away. NaN when
 * there are no values.
 */
export function robustSpread(values: ArrayLike<number>, centre: number): number {
  const distances = new Float64Array(values.length);
  for (let i = 0; i < distances.length; i++) distances[i] = Math.abs(values[i] - centre);
  return 1.4826 * median(distances);
}

/** Hyndman and Fan 1996 (as R's `quantile`): 2 = inverse empirical distribution, averaged; 6 = (n + 1) p (SAS PCTLDEF=4, SPSS); 7 = (n - 1) p + 1 (R default). */
export type QuantileType = 2 | 6 | 7;

/** p-quantile, 0 <= p <= 1, of the values that are not NaN; NaN when there are none. `values` is not changed. Throws RangeError for p outside. */
export function quantile(values: ArrayLike<number>, p: number, type: QuantileType = 7): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile needs 0 <= p <= 1, got ${p}`);
  const kept = withoutNaN(values);
  const n = kept.length;
  if (n === 0) return NaN;
  const at = quantilePosition(n, p, type);
  const lower = selectKth(kept, at.index);
  if (at.fraction === 0) return lower;
  // After the selection everything right of `index` is >= it: the next order statistic is the least of them.
  let upper = Infinity;
  for (let i = at.index + 1; i < n; i++) if (kept[i] < upper) upper = kept[i];
  return between(lower, upper, at.fraction);
}

/** Same as `quantile` on values already sorted ascending and free of NaN; NaN when empty. */
export function quantileSorted(sorted: ArrayLike<number>, p: number, type: QuantileType = 7): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`quantile needs 0 <= p <= 1, got ${p}`);
  if (sorted.length === 0) return NaN;
  const at = quantilePosition(sorted.length, p, type);
  return at.fraction === 0 ? sorted[at.index] : between(sorted[at.index], sorted[at.index + 1], at.fraction);
}

/** The order statistic (from 0) at or below the quantile and the share of the next one. */
export function quantilePosition(
  n: number,
  p: number,
  type: QuantileType,
): { readonly index: number; readonly fraction: number } {
  // n * p that is whole but for rounding counts as whole, as in R (fuzz of 4 epsilon).
  const fuzz = 4 * 2.220446049250313e-16;
  const position = type === 2 ? n * p : type === 6 ? (n + 1) * p : 1 + (n - 1) * p;
  const whole = Math.floor(position + fuzz);
  let fraction = position - whole;
  if (Math.abs(fraction) < fuzz) fraction = 0;
  if (type === 2) fraction = fraction === 0 ? 0.5 : 1;
  if (whole < 1) return { index: 0, fraction: 0 };
  if (whole >= n) return { index: n - 1, fraction: 0 };
  return fraction === 1 ? { index: whole, fraction: 0 } : { index: whole - 1, fraction };
}

/** Between two neighbours; equal ones (also equal infinities) stay exact, and the mid-point does not overflow. */
function between(lower: number, upper: number, fraction: number): number {
  if (lower === upper) return lower;
  return fraction === 0.5 ? lower / 2 + upper / 2 : (1 - fraction) * lower + fraction * upper;
}
