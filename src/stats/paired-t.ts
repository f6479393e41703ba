// Paired t test on differences and on log ratios (statistics.md section 8), with standardised effects.
// Invariant: no spread means no test; t, p and intervals are then null and ZERO_VARIANCE is said.
import type { IssueCode } from '../errors.ts';
import { exp, expm1, log } from '../math/index.ts';
import { mean, standardDeviation } from './descriptive.ts';
import { tQuantile, tTwoSided } from './distributions.ts';
import { noncentralityInterval } from './noncentral-t.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';
import { logGamma } from './special.ts';

export interface PairedT extends StatisticResult {
  readonly n: number;
  readonly mean: Maybe;
  readonly sd: Maybe;
  readonly se: Maybe;
  readonly t: Maybe;
  readonly df: Maybe;
  readonly p: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
  /** Standardised mean difference mean/SD, its small-sample correction, and the interval by noncentrality. */
  readonly dz: Maybe;
  readonly gz: Maybe;
  readonly dzCiLow: Maybe;
  readonly dzCiHigh: Maybe;
}

/** One-sample t test of the differences. */
export function pairedT(differences: readonly number[], options: IntervalOptions = {}): PairedT {
  const { conf = 0.95 } = options;
  const n = differences.length;
  const average = mean(differences);
  const spread = standardDeviation(differences);
  const warnings: IssueCode[] = [];
  let scale = 1;
  for (const difference of differences) scale = Math.max(scale, Math.abs(difference));
  const flat = spread !== null && spread < 1e-12 * scale;
  if (n < 2) warnings.push('TOO_FEW');
  if (flat) warnings.push('ZERO_VARIANCE');
  const head = { method: 'paired t', options: { conf }, nUsed: n, nDropped: 0, warnings, n, mean: average };
  if (average === null || spread === null || flat) {
    const nothing = { se: null, t: null, df: null, p: null, ciLow: null, ciHigh: null };
    return { ...head, sd: flat ? 0 : null, ...nothing, dz: null, gz: null, dzCiLow: null, dzCiHigh: null };
  }
  const se = spread / Math.sqrt(n);
  const t = average / se;
  const df = n - 1;
  const half = tQuantile(1 - (1 - conf) / 2, df) * se;
  const ncp = noncentralityInterval(t, df, conf);
  const root = Math.sqrt(n);
  return {
    ...head,
    sd: spread,
    se,
    t,
    df,
    p: tTwoSided(t, df),
    ciLow: average - half,
    ciHigh: average + half,
    dz: t / root,
    gz: (smallSampleFactor(df) * t) / root,
    dzCiLow: ncp.low === null ? null : ncp.low / root,
    dzCiHigh: ncp.high === null ? null : ncp.high / root,
  };
}

/** Hedges' J = Γ(df/2) / (sqrt(df/2) Γ((df - 1)/2)). */
export function smallSampleFactor(df: number): number {
  return df <= 1 ? 0 : exp(logGamma(df / 2) - 0.5 * log(df / 2) - logGamma((df - 1) / 2));
}

export interface LogRatioT extends StatisticResult {
  /** Geometric mean ratio post/pre, and its change in per cent. */
  readonly gmr: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
  readonly sdLogRatio: Maybe;
  readonly t: Maybe;
  readonly df: Maybe;
  readonly p: Maybe;
  readonly pctChange: Maybe;
}

/** Paired t test of ln(post/pre); null when any value is not positive (the caller says NONPOSITIVE). */
export function logRatioT(
  pre: readonly number[],
  post: readonly number[],
  options: IntervalOptions = {},
): LogRatioT | null {
  if (!pre.every((value) => value > 0) || !post.every((value) => value > 0)) return null;
  const test = pairedT(
    pre.map((value, i) => log(post[i] / value)),
    options,
  );
  return {
    method: 'log-ratio t',
    options: test.options,
    nUsed: test.nUsed,
    nDropped: 0,
    warnings: test.warnings,
    gmr: test.mean === null ? null : exp(test.mean),
    ciLow: test.ciLow === null ? null : exp(test.ciLow),
    ciHigh: test.ciHigh === null ? null : exp(test.ciHigh),
    sdLogRatio: test.sd,
    t: test.t,
    df: test.df,
    p: test.p,
    pctChange: test.mean === null ? null : 100 * expm1(test.mean),
  };
}
