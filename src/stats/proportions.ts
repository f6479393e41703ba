// Proportions (statistics.md section 11): Clopper-Pearson, Wilson, one-sided exact limits, exact binomial test.
import { betaQuantile, normalQuantile } from './distributions.ts';
import { binomialCdf, binomialPmf, binomialUpper } from './discrete.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Proportion extends StatisticResult {
  readonly x: number;
  readonly n: number;
  readonly estimate: Maybe;
  readonly clopperPearson: Interval | null;
  readonly wilson: Interval | null;
  readonly oneSidedLower: Maybe;
  readonly oneSidedUpper: Maybe;
}

/** x of n with all its intervals, as fractions. Everything is null with TOO_FEW when n is 0. */
export function proportion(x: number, n: number, options: IntervalOptions = {}): Proportion {
  const { conf = 0.95 } = options;
  const head = { method: 'proportion', options: { conf }, nUsed: n, nDropped: 0, x, n } as const;
  if (n === 0) {
    const nothing = {
      estimate: null,
      clopperPearson: null,
      wilson: null,
      oneSidedLower: null,
      oneSidedUpper: null,
    };
    return { ...head, warnings: ['TOO_FEW'], ...nothing };
  }
  return {
    ...head,
    warnings: [],
    estimate: x / n,
    clopperPearson: clopperPearson(x, n, conf),
    wilson: wilson(x, n, conf),
    oneSidedLower: exactLower(x, n, 1 - conf),
    oneSidedUpper: exactUpper(x, n, 1 - conf),
  };
}

/** Clopper and Pearson (1934): each tail holds at most (1 - conf)/2. */
export function clopperPearson(x: number, n: number, conf = 0.95): Interval {
  const half = (1 - conf) / 2;
  return { low: exactLower(x, n, half), high: exactUpper(x, n, half) };
}

/** Wilson (1927) score interval without continuity correction. */
export function wilson(x: number, n: number, conf = 0.95): Interval {
  const z = normalQuantile(1 - (1 - conf) / 2);
  const p = x / n;
  const z2 = z * z;
  const centre = p + z2 / (2 * n);
  const half = z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  const scale = 1 + z2 / n;
  return { low: x === 0 ? 0 : (centre - half) / scale, high: x === n ? 1 : (centre + half) / scale };
}

export interface BinomialTest extends StatisticResult {
  readonly twoSided: number;
  readonly greater: number;
  readonly less: number;
}

/** Exact binomial test; two-sided sums all outcomes whose probability is at most that of x (times 1 + 1e-7). */
export function binomialTest(x: number, n: number, p0 = 0.5): BinomialTest {
  const limit = binomialPmf(x, n, p0) * (1 + 1e-7);
  let twoSided = 0;
  for (let i = 0; i <= n; i += 1) {
    const mass = binomialPmf(i, n, p0);
    if (mass <= limit) twoSided += mass;
  }
  return {
    method: 'exact binomial test',
    options: { p0 },
    nUsed: n,
    nDropped: 0,
    warnings: n === 0 ? ['TOO_FEW'] : [],
    twoSided: Math.min(1, twoSided),
    greater: binomialUpper(x, n, p0),
    less: binomialCdf(x, n, p0),
  };
}

function exactLower(x: number, n: number, tail: number): number {
  return x === 0 ? 0 : betaQuantile(tail, x, n - x + 1);
}

function exactUpper(x: number, n: number, tail: number): number {
  return x === n ? 1 : betaQuantile(1 - tail, x + 1, n - x);
}
