// Two independent groups (statistics.md section 10): Mann-Whitney, Hodges-Lehmann shift, t tests, AUC; and Kruskal-Wallis.
import type { IssueCode } from '../errors.ts';
import { sum } from '../math/index.ts';
import { ascending, mean, median, variance } from './descriptive.ts';
import { rankSumCdf, rankSumQuantile, subsetSumProbabilities } from './discrete.ts';
import { chiSquareUpper, normalQuantile, normalTwoSided, tQuantile, tTwoSided } from './distributions.ts';
import { smallSampleFactor } from './paired-t.ts';
import { hasTies, midranks, tieSizes } from './ranks.ts';
import { isPresent, present, type IntervalOptions, type Maybe, type StatisticResult } from './result.ts';

export interface MannWhitney {
  /** U of x: pairs in which x is larger, ties counting 1/2. */
  readonly u: number;
  readonly uOther: number;
  readonly ties: boolean;
  readonly pExact: Maybe;
  readonly pExactGreater: Maybe;
  readonly pExactLess: Maybe;
  readonly p: Maybe;
  readonly pCc: Maybe;
  readonly rankBiserial: number;
}

export interface TwoGroupT {
  readonly diff: number;
  readonly t: Maybe;
  readonly df: Maybe;
  readonly p: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
}

export interface TwoGroupComparison extends StatisticResult {
  readonly mannWhitney: MannWhitney | null;
  readonly hodgesLehmannShift: {
    readonly estimate: Maybe;
    readonly ciLow: number;
    readonly ciHigh: number;
    readonly k: number;
    readonly achieved: number;
    readonly attainable: boolean;
  } | null;
  readonly welch: TwoGroupT | null;
  readonly student: (TwoGroupT & { readonly d: Maybe; readonly g: Maybe }) | null;
  /** Area under the ROC curve with x as the positive class; DeLong's standard error, interval clipped to [0, 1]. */
  readonly auc: {
    readonly auc: number;
    readonly se: Maybe;
    readonly ciLow: Maybe;
    readonly ciHigh: Maybe;
  } | null;
}

const EXACT_LIMIT = 50;

/** Compares x with y; missing values are dropped. An empty group leaves everything null. */
export function compareTwoGroups(
  x: readonly Maybe[],
  y: readonly Maybe[],
  options: IntervalOptions = {},
): TwoGroupComparison {
  const { conf = 0.95 } = options;
  const a = present(x);
  const b = present(y);
  const warnings: IssueCode[] = [];
  const head = {
    method: 'two groups',
    options: { conf },
    nUsed: a.length + b.length,
    nDropped: x.length + y.length - a.length - b.length,
    warnings,
  };
  if (a.length === 0 || b.length === 0) {
    warnings.push('TOO_FEW');
    return { ...head, mannWhitney: null, hodgesLehmannShift: null, welch: null, student: null, auc: null };
  }
  const shift = hodgesLehmannShift(a, b, conf);
  const ranks = mannWhitney(a, b);
  const [welch, student] = tTests(a, b, conf);
  if (a.length < 2 || b.length < 2) warnings.push('TOO_FEW');
  else if (welch === null) warnings.push('ZERO_VARIANCE');
  if (!shift.attainable) warnings.push('CI_NOT_ATTAINABLE');
  if (ranks.ties) warnings.push('TIES_PRESENT');
  return {
    ...head,
    mannWhitney: ranks,
    hodgesLehmannShift: shift,
    welch,
    student,
    auc: delongAuc(a, b, conf),
  };
}

function mannWhitney(a: readonly number[], b: readonly number[]): MannWhitney {
  const m = a.length;
  const n = b.length;
  const all = [...a, ...b];
  const ranks = midranks(all);
  const rankSum = sum(ranks.slice(0, m));
  const u = rankSum - (m * (m + 1)) / 2;
  let tieTerm = 0;
  for (const t of tieSizes(all)) tieTerm += t * t * t - t;
  const total = m + n;
  const spread = Math.sqrt(((m * n) / 12) * (total + 1 - tieTerm / (total * (total - 1))));
  const distance = u - (m * n) / 2;
  const flat = !(spread > 0);
  return {
    u,
    uOther: m * n - u,
    ties: hasTies(all),
    ...exactRankSum(ranks, m, rankSum),
    p: flat ? null : normalTwoSided(distance / spread),
    pCc: flat ? null : Math.min(1, normalTwoSided((distance - Math.sign(distance) * 0.5) / spread)),
    rankBiserial: (2 * u) / (m * n) - 1,
  };
}

/** Permutation of midranks: two-sided sums every rank sum at least as far from its mean. */
function exactRankSum(
  ranks: readonly number[],
  m: number,
  rankSum: number,
): Pick<MannWhitney, 'pExact' | 'pExactGreater' | 'pExactLess'> {
  if (ranks.length > EXACT_LIMIT) return { pExact: null, pExactGreater: null, pExactLess: null };
  const mass = subsetSumProbabilities(
    ranks.map((rank) => Math.round(2 * rank)),
    m,
  );
  const observed = Math.round(2 * rankSum);
  const centre = m * (ranks.length + 1);
  let two = 0;
  let greater = 0;
  let less = 0;
  for (let s = 0; s < mass.length; s += 1) {
    if (Math.abs(s - centre) >= Math.abs(observed - centre)) two += mass[s];
    if (s >= observed) greater += mass[s];
    if (s <= observed) less += mass[s];
  }
  return { pExact: Math.min(1, two), pExactGreater: Math.min(1, greater), pExactLess: Math.min(1, less) };
}

function hodgesLehmannShift(
  a: readonly number[],
  b: readonly number[],
  conf: number,
): NonNullable<TwoGroupComparison['hodgesLehmannShift']> {
  const differences: number[] = [];
  for (const u of a) for (const v of b) differences.push(u - v);
  const sorted = ascending(differences);
  const quantile = rankSumQuantile((1 - conf) / 2, a.length, b.length);
  const k = Math.max(1, quantile);
  return {
    estimate: median(sorted),
    ciLow: sorted[k - 1],
    ciHigh: sorted[sorted.length - k],
    k,
    achieved: 1 - 2 * rankSumCdf(k - 1, a.length, b.length),
    attainable: quantile > 0,
  };
}

/** Welch's and the pooled t test; null where a group has one value or nothing varies. */
function tTests(
  a: readonly number[],
  b: readonly number[],
  conf: number,
): [TwoGroupComparison['welch'], TwoGroupComparison['student']] {
  const m = a.length;
  const n = b.length;
  const va = variance(a);
  const vb = variance(b);
  const meanA = mean(a);
  const meanB = mean(b);
  if (va === null || vb === null || meanA === null || meanB === null || va + vb === 0) return [null, null];
  const diff = meanA - meanB;
  const sa = va / m;
  const sb = vb / n;
  const welchDf = ((sa + sb) * (sa + sb)) / ((sa * sa) / (m - 1) + (sb * sb) / (n - 1));
  const df = m + n - 2;
  const pooled = Math.sqrt(((m - 1) * va + (n - 1) * vb) / df);
  const d = diff / pooled;
  const test = (se: number, freedom: number): TwoGroupT => {
    const half = tQuantile(1 - (1 - conf) / 2, freedom) * se;
    const t = diff / se;
    return { diff, t, df: freedom, p: tTwoSided(t, freedom), ciLow: diff - half, ciHigh: diff + half };
  };
  const student = { ...test(pooled * Math.sqrt(1 / m + 1 / n), df), d, g: smallSampleFactor(df) * d };
  return [test(Math.sqrt(sa + sb), welchDf), student];
}

/** DeLong, DeLong and Clarke-Pearson (1988): the variances of the placement values. */
function delongAuc(
  a: readonly number[],
  b: readonly number[],
  conf: number,
): NonNullable<TwoGroupComparison['auc']> {
  const win = (u: number, v: number): number => (u > v ? 1 : u === v ? 0.5 : 0);
  const placeA = a.map((u) => sum(b.map((v) => win(u, v))) / b.length);
  const placeB = b.map((v) => sum(a.map((u) => win(u, v))) / a.length);
  const auc = sum(placeA) / a.length;
  const va = variance(placeA);
  const vb = variance(placeB);
  if (va === null || vb === null) return { auc, se: null, ciLow: null, ciHigh: null };
  const se = Math.sqrt(va / a.length + vb / b.length);
  const half = normalQuantile(1 - (1 - conf) / 2) * se;
  return { auc, se, ciLow: Math.max(0, auc - half), ciHigh: Math.min(1, auc + half) };
}

export interface KruskalWallis extends StatisticResult {
  readonly h: Maybe;
  readonly df: number;
  readonly p: Maybe;
}

/** Kruskal-Wallis H with tie correction; `groups` gives the group of each value. */
export function kruskalWallis(values: readonly Maybe[], groups: readonly string[]): KruskalWallis {
  const y: number[] = [];
  const labels: string[] = [];
  values.forEach((value, i) => {
    if (isPresent(value)) {
      y.push(value);
      labels.push(groups[i]);
    }
  });
  const n = y.length;
  const ranks = midranks(y);
  const sums = new Map<string, { total: number; count: number }>();
  labels.forEach((label, i) => {
    const entry = sums.get(label) ?? { total: 0, count: 0 };
    sums.set(label, { total: entry.total + ranks[i], count: entry.count + 1 });
  });
  let between = 0;
  for (const { total, count } of sums.values()) between += (total * total) / count;
  let tieTerm = 0;
  for (const t of tieSizes(y)) tieTerm += t * t * t - t;
  const correction = 1 - tieTerm / (n * n * n - n);
  const df = sums.size - 1;
  const defined = df >= 1 && correction > 0;
  const h = defined ? ((12 * between) / (n * (n + 1)) - 3 * (n + 1)) / correction : null;
  return {
    method: 'Kruskal-Wallis',
    options: {},
    nUsed: n,
    nDropped: values.length - n,
    warnings: defined ? [] : [df < 1 ? 'TOO_FEW' : 'ZERO_VARIANCE'],
    h,
    df,
    p: h === null ? null : chiSquareUpper(h, df),
  };
}
