// Sign test with the median's interval from order statistics, and the sign-flip permutation of the mean (section 8).
import { createRandom, sum } from '../math/index.ts';
import { ascending, median } from './descriptive.ts';
import { binomialCdf, binomialQuantile } from './discrete.ts';
import { binomialTest } from './proportions.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';

export interface SignTest extends StatisticResult {
  readonly nPlus: number;
  readonly nMinus: number;
  readonly nZero: number;
  readonly p: number;
  readonly median: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
  readonly k: Maybe;
  readonly achieved: Maybe;
  readonly attainable: boolean;
}

/** Exact binomial test of the signs of the non-zero differences; the interval uses all differences. */
export function signTest(differences: readonly number[], options: IntervalOptions = {}): SignTest {
  const { conf = 0.95 } = options;
  const n = differences.length;
  const nPlus = differences.filter((d) => d > 0).length;
  const nMinus = differences.filter((d) => d < 0).length;
  const signs = nPlus + nMinus;
  const head = {
    method: 'sign test',
    options: { conf },
    nUsed: n,
    nDropped: 0,
    nPlus,
    nMinus,
    nZero: n - signs,
    p: signs === 0 ? 1 : binomialTest(nPlus, signs, 0.5).twoSided,
  };
  if (n === 0) {
    const nothing = { median: null, ciLow: null, ciHigh: null, k: null, achieved: null };
    return { ...head, warnings: ['TOO_FEW'], ...nothing, attainable: false };
  }
  const sorted = ascending(differences);
  const quantile = binomialQuantile((1 - conf) / 2, n, 0.5);
  const attainable = quantile > 0;
  const k = Math.max(1, quantile);
  return {
    ...head,
    warnings: attainable ? [] : ['CI_NOT_ATTAINABLE'],
    median: median(sorted),
    ciLow: sorted[k - 1],
    ciHigh: sorted[n - k],
    k,
    achieved: 1 - 2 * binomialCdf(k - 1, n, 0.5),
    attainable,
  };
}

export interface SignFlip extends StatisticResult {
  readonly n: number;
  readonly sum: number;
  readonly p: number;
  readonly pGreater: number;
  readonly pLess: number;
}

/** Beyond 20 differences the test needs a seed: it draws `draws` sign patterns. */
export interface SignFlipOptions {
  readonly seed?: string;
  readonly draws?: number;
}

const EXACT_LIMIT = 20;

/** Sign-flip permutation test of the mean: exact over 2^n up to n = 20, Monte Carlo beyond; null beyond without a seed. */
export function signFlipTest(differences: readonly number[], options: SignFlipOptions = {}): SignFlip | null {
  const n = differences.length;
  const observed = sum(differences);
  let size = 0;
  for (const d of differences) size += Math.abs(d);
  const margin = 1e-9 * Math.max(1, size);
  if (n <= EXACT_LIMIT) {
    const share = exactShares(differences, observed, margin);
    return {
      method: 'sign-flip exact',
      options: {},
      nUsed: n,
      nDropped: 0,
      warnings: n < 2 ? ['TOO_FEW'] : [],
      n,
      sum: observed,
      ...share,
    };
  }
  const { seed, draws = 100_000 } = options;
  if (seed === undefined) return null;
  const random = createRandom(seed);
  const sums = new Float64Array(draws);
  for (let b = 0; b < draws; b += 1) {
    let total = 0;
    for (const d of differences) total += random.next() < 0.5 ? d : -d;
    sums[b] = total;
  }
  const share = tailShares(sums, observed, margin);
  const withOne = (p: number): number => (p * draws + 1) / (draws + 1);
  return {
    method: 'sign-flip Monte Carlo',
    options: { seed, draws },
    nUsed: n,
    nDropped: 0,
    warnings: [],
    n,
    sum: observed,
    p: withOne(share.p),
    pGreater: withOne(share.pGreater),
    pLess: withOne(share.pLess),
  };
}

/**
 * Shares of the 2^n sign patterns, from the sums of each half of the values: a sum of the whole is one of each, and sums come with their
 * negatives, so counting those above a bound is enough.
 */
function exactShares(
  values: readonly number[],
  observed: number,
  margin: number,
): { p: number; pGreater: number; pLess: number } {
  const middle = values.length >> 1;
  const first = allSignedSums(values.slice(0, middle));
  const second = allSignedSums(values.slice(middle)).sort();
  const all = first.length * second.length;
  const atLeast = (bound: number): number => {
    let count = 0;
    for (const part of first) count += second.length - firstAtLeast(second, bound - part);
    return count / all;
  };
  const far = Math.abs(observed) - margin;
  return {
    p: far > 0 ? 2 * atLeast(far) : 1,
    pGreater: atLeast(observed - margin),
    pLess: atLeast(-observed - margin),
  };
}

/** Place of the first ascending value that is at least `bound`. */
function firstAtLeast(ascending: Float64Array, bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const at = (low + high) >> 1;
    if (ascending[at] >= bound) high = at;
    else low = at + 1;
  }
  return low;
}

/** The sums of all 2^n sign patterns. */
function allSignedSums(values: readonly number[]): Float64Array {
  const sums = new Float64Array(1 << values.length);
  let filled = 1;
  for (const value of values) {
    for (let i = 0; i < filled; i += 1) {
      sums[filled + i] = sums[i] + value;
      sums[i] -= value;
    }
    filled *= 2;
  }
  return sums;
}

function tailShares(
  sums: Float64Array,
  observed: number,
  margin: number,
): { p: number; pGreater: number; pLess: number } {
  let both = 0;
  let greater = 0;
  let less = 0;
  for (const value of sums) {
    if (Math.abs(value) >= Math.abs(observed) - margin) both += 1;
    if (value >= observed - margin) greater += 1;
    if (value <= observed + margin) less += 1;
  }
  return { p: both / sums.length, pGreater: greater / sums.length, pLess: less / sums.length };
}
