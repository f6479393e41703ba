// Descriptive statistics of one column (statistics.md section 7): moments, quartiles, geometric statistics.
// Invariant: a constant column has SD exactly 0, and geometric statistics exist only where every value is positive.
import type { IssueCode } from '../errors.ts';
import { exp, expm1, log, mean as averageOf, quantileSorted, type QuantileType } from '../math/index.ts';
import { tQuantile } from './distributions.ts';
import { present, type IntervalOptions, type Maybe, type StatisticResult } from './result.ts';

export interface Descriptive extends StatisticResult {
  readonly n: number;
  readonly nMissing: number;
  readonly mean: Maybe;
  readonly sd: Maybe;
  readonly se: Maybe;
  readonly meanCiLow: Maybe;
  readonly meanCiHigh: Maybe;
  readonly cvPct: Maybe;
  readonly min: Maybe;
  readonly q1: Maybe;
  readonly median: Maybe;
  readonly q3: Maybe;
  readonly max: Maybe;
  readonly iqr: Maybe;
  readonly geoMean: Maybe;
  readonly geoSd: Maybe;
  readonly geoCvPct: Maybe;
  readonly geoMeanCiLow: Maybe;
  readonly geoMeanCiHigh: Maybe;
}

export interface DescriptiveOptions extends IntervalOptions {
  /** Definitions of Hyndman and Fan: 2 is SAS PCTLDEF 5, 6 is Minitab and SPSS, 7 is the default of R. */
  readonly quantileType?: QuantileType;
}

/** Describes the values that are there. Two passes for mean and SD; the mean's interval is by t with n - 1 df. */
export function describe(values: readonly Maybe[], options: DescriptiveOptions = {}): Descriptive {
  const { conf = 0.95, quantileType = 2 } = options;
  const used = present(values);
  const n = used.length;
  const nMissing = values.length - n;
  const warnings: IssueCode[] = [];
  if (n < 2) warnings.push('TOO_FEW');
  const sorted = ascending(used);
  const average = mean(used);
  const sd = standardDeviation(used);
  if (sd === 0) warnings.push('ZERO_VARIANCE');
  const se = sd === null ? null : sd / Math.sqrt(n);
  const t = n > 1 ? tQuantile(1 - (1 - conf) / 2, n - 1) : null;
  const q1 = quantile(sorted, 0.25, quantileType);
  const q3 = quantile(sorted, 0.75, quantileType);
  const positive = n > 0 && sorted[0] > 0;
  if (n > 0 && !positive) warnings.push('NONPOSITIVE');
  const logs = positive ? used.map(log) : [];
  const logMean = mean(logs);
  const logSd = standardDeviation(logs);
  const logHalf = logSd === null || t === null ? null : (t * logSd) / Math.sqrt(n);
  return {
    method: 'descriptive',
    options: { conf, quantileType },
    nUsed: n,
    nDropped: nMissing,
    warnings,
    n,
    nMissing,
    mean: average,
    sd,
    se,
    meanCiLow: average === null || t === null || se === null ? null : average - t * se,
    meanCiHigh: average === null || t === null || se === null ? null : average + t * se,
    cvPct: average === null || average === 0 || sd === null ? null : (100 * sd) / average,
    min: n > 0 ? sorted[0] : null,
    q1,
    median: quantile(sorted, 0.5, quantileType),
    q3,
    max: n > 0 ? sorted[n - 1] : null,
    iqr: q1 === null || q3 === null ? null : q3 - q1,
    geoMean: logMean === null ? null : exp(logMean),
    geoSd: logSd === null ? null : exp(logSd),
    geoCvPct: logSd === null ? null : 100 * Math.sqrt(expm1(logSd * logSd)),
    geoMeanCiLow: logMean === null || logHalf === null ? null : exp(logMean - logHalf),
    geoMeanCiHigh: logMean === null || logHalf === null ? null : exp(logMean + logHalf),
  };
}

/** Arithmetic mean; null of nothing. */
export function mean(values: readonly number[]): Maybe {
  return values.length === 0 ? null : averageOf(values);
}

/** SD with n - 1; null below two values, exactly 0 for a constant column. */
export function standardDeviation(values: readonly number[]): Maybe {
  const squares = variance(values);
  return squares === null ? null : Math.sqrt(squares);
}

/** Variance with n - 1; null below two values, exactly 0 for a constant column. */
export function variance(values: readonly number[]): Maybe {
  const n = values.length;
  const centre = mean(values);
  if (n < 2 || centre === null) return null;
  if (values.every((value) => value === values[0])) return 0;
  let squares = 0;
  let rest = 0;
  for (const value of values) {
    squares += (value - centre) * (value - centre);
    rest += value - centre;
  }
  return (squares - (rest * rest) / n) / (n - 1);
}

/** Median of unsorted values: the middle, or the mean of the two middles; null of nothing. */
export function median(values: readonly number[]): Maybe {
  return quantile(ascending(values), 0.5, 2);
}

/** Quantile of ascending values; null of nothing. */
export function quantile(sorted: readonly number[], p: number, type: QuantileType = 2): Maybe {
  return sorted.length === 0 ? null : quantileSorted(sorted, p, type);
}

/** A sorted copy. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
