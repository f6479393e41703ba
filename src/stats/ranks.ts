// Midranks, and the snapping that lets decimals which tie on paper tie in binary (statistics.md section 2).
import { log10, pow10 } from '../math/index.ts';

/** Ranks from 1; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b] || a - b);
  const ranks = new Array<number>(values.length).fill(0);
  let i = 0;
  while (i < order.length) {
    let j = i;
    while (j + 1 < order.length && values[order[j + 1]] === values[order[i]]) j += 1;
    for (let k = i; k <= j; k += 1) ranks[order[k]] = (i + j) / 2 + 1;
    i = j + 1;
  }
  return ranks;
}

/** Sizes of the groups of equal values that hold more than one. */
export function tieSizes(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}

export function hasTies(values: readonly number[]): boolean {
  return new Set(values).size < values.length;
}

/**
 * Differences post - pre on a grid twelve decades below the largest magnitude of the comparison, so that 1.1 - 0.9 and
 * 0.3 - 0.1 tie. `pre` and `post` are the pairs of one comparison, without gaps.
 */
export function snappedDifferences(pre: readonly number[], post: readonly number[]): number[] {
  let largest = 0;
  for (let i = 0; i < pre.length; i += 1) largest = Math.max(largest, Math.abs(pre[i]), Math.abs(post[i]));
  const differences = pre.map((value, i) => post[i] - value);
  if (largest === 0 || !Number.isFinite(largest)) return differences;
  const places = 12 - decade(largest);
  // Dividing by a whole power of ten rounds once, so that 30 stays 30.
  if (places < 0) return differences.map((d) => Math.round(d / pow10(-places)) * pow10(-places) + 0);
  return differences.map((d) => Math.round(d * pow10(places)) / pow10(places) + 0);
}

/** floor(log10(x)), right also where the logarithm of a power of ten is an ulp off. */
function decade(x: number): number {
  const guess = Math.floor(log10(x));
  if (pow10(guess + 1) <= x) return guess + 1;
  return pow10(guess) > x ? guess - 1 : guess;
}
