// Adjustment of p-values for multiplicity (statistics.md section 12).
// Invariant: a null p stays null and does not count; an adjusted p is at least the raw one and at most 1.
import { isPresent, type Maybe } from './result.ts';

export type Adjustment = 'holm' | 'BH' | 'bonferroni' | 'hochberg' | 'BY';

/** Adjusted p-values in the order given; the family is every p that is not null. */
export function adjustPValues(pValues: readonly Maybe[], method: Adjustment): Maybe[] {
  const known: number[] = [];
  for (let i = 0; i < pValues.length; i += 1) if (isPresent(pValues[i])) known.push(i);
  const p = known.map((i) => pValues[i] ?? 1);
  const adjusted = adjust(p, method);
  const out = new Array<Maybe>(pValues.length).fill(null);
  known.forEach((i, k) => (out[i] = adjusted[k]));
  return out;
}

function adjust(p: readonly number[], method: Adjustment): number[] {
  const m = p.length;
  switch (method) {
    case 'bonferroni':
      return p.map((value) => Math.min(1, m * value));
    case 'holm':
      return stepDown(p, (rank) => m - rank + 1);
    case 'hochberg':
      return stepUp(p, (rank) => m - rank + 1);
    case 'BH':
      return stepUp(p, (rank) => m / rank);
    case 'BY': {
      let harmonic = 0;
      for (let i = 1; i <= m; i += 1) harmonic += 1 / i;
      return stepUp(p, (rank) => (harmonic * m) / rank);
    }
  }
}

/** Cumulative maximum from the smallest p up; `factor` takes the rank from 1. */
function stepDown(p: readonly number[], factor: (rank: number) => number): number[] {
  const out = new Array<number>(p.length).fill(1);
  let running = 0;
  ascendingOrder(p).forEach((index, k) => {
    running = Math.max(running, factor(k + 1) * p[index]);
    out[index] = Math.min(1, running);
  });
  return out;
}

/** Cumulative minimum from the largest p down. */
function stepUp(p: readonly number[], factor: (rank: number) => number): number[] {
  const out = new Array<number>(p.length).fill(1);
  const order = ascendingOrder(p);
  let running = 1;
  for (let k = order.length - 1; k >= 0; k -= 1) {
    running = Math.min(running, factor(k + 1) * p[order[k]]);
    out[order[k]] = running;
  }
  return out;
}

function ascendingOrder(p: readonly number[]): number[] {
  return p.map((_, i) => i).sort((a, b) => p[a] - p[b] || a - b);
}
