// Wilcoxon signed-rank test, its rank-biserial effect and the Hodges-Lehmann estimate (statistics.md section 8).
// Invariant: differences arrive snapped (see ranks.ts), so zeros and ties are those on paper; the exact p is conditional on them.
import type { IssueCode } from '../errors.ts';
import { atanh, tanh } from '../math/index.ts';
import { ascending, median } from './descriptive.ts';
import { rankSignProbabilities, signedRankCdf, signedRankQuantile } from './discrete.ts';
import { normalQuantile, normalTwoSided } from './distributions.ts';
import { hasTies, midranks } from './ranks.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';

/** Pratt (1959) ranks with the zeros and then drops their ranks; Wilcoxon drops the zeros first. */
export type ZeroMethod = 'pratt' | 'wilcoxon';

export interface SignedRank extends StatisticResult {
  readonly zeroMethod: ZeroMethod;
  readonly nNonZero: number;
  readonly nZero: number;
  readonly ties: boolean;
  readonly wPlus: number;
  readonly wMinus: number;
  /** Exact conditional p over all sign patterns; null above 50 non-zero differences. */
  readonly pExact: Maybe;
  readonly pExactGreater: Maybe;
  readonly pExactLess: Maybe;
  /** Normal approximation without and with continuity correction. */
  readonly z: Maybe;
  readonly p: Maybe;
  readonly zCc: Maybe;
  readonly pCc: Maybe;
  /** (W+ - W-) / (W+ + W-), with a 95 % interval on the atanh scale. */
  readonly rankBiserial: Maybe;
  readonly rbCiLow: Maybe;
  readonly rbCiHigh: Maybe;
}

const EXACT_LIMIT = 50;

export function signedRank(
  differences: readonly number[],
  options: { readonly zeroMethod?: ZeroMethod } = {},
): SignedRank {
  const { zeroMethod = 'pratt' } = options;
  const nonZero = differences.filter((d) => d !== 0);
  const n = nonZero.length;
  const nZero = differences.length - n;
  const ranks =
    zeroMethod === 'pratt'
      ? midranks(differences.map(Math.abs)).filter((_, i) => differences[i] !== 0)
      : midranks(nonZero.map(Math.abs));
  const ties = hasTies(nonZero.map(Math.abs));
  const warnings: IssueCode[] = [];
  if (differences.length < 2) warnings.push('TOO_FEW');
  if (n === 0) warnings.push('ALL_ZERO');
  if (ties) warnings.push('TIES_PRESENT');
  let wPlus = 0;
  let total = 0;
  let squares = 0;
  ranks.forEach((rank, i) => {
    if (nonZero[i] > 0) wPlus += rank;
    total += rank;
    squares += rank * rank;
  });
  const head = {
    method: 'Wilcoxon signed-rank',
    options: { zeroMethod },
    nUsed: differences.length,
    nDropped: 0,
    warnings,
    zeroMethod,
    nNonZero: n,
    nZero,
    ties,
    wPlus,
    wMinus: total - wPlus,
  };
  if (n === 0) {
    const nothing = {
      z: null,
      p: null,
      zCc: null,
      pCc: null,
      rankBiserial: null,
      rbCiLow: null,
      rbCiHigh: null,
    };
    return { ...head, pExact: 1, pExactGreater: 1, pExactLess: 1, ...nothing };
  }
  const distance = wPlus - total / 2;
  const spread = Math.sqrt(squares / 4);
  const z = distance / spread;
  const zCc = (distance - Math.sign(distance) * 0.5) / spread;
  return {
    ...head,
    ...exactTails(ranks, wPlus),
    z,
    p: normalTwoSided(z),
    zCc,
    pCc: Math.min(1, normalTwoSided(zCc)),
    ...rankBiserial(wPlus, total, n),
  };
}

function exactTails(
  ranks: readonly number[],
  wPlus: number,
): Pick<SignedRank, 'pExact' | 'pExactGreater' | 'pExactLess'> {
  if (ranks.length > EXACT_LIMIT) return { pExact: null, pExactGreater: null, pExactLess: null };
  const mass = rankSignProbabilities(ranks.map((rank) => Math.round(2 * rank)));
  const observed = Math.round(2 * wPlus);
  let greater = 0;
  let less = 0;
  for (let s = observed; s < mass.length; s += 1) greater += mass[s];
  for (let s = 0; s <= observed; s += 1) less += mass[s];
  return { pExact: Math.min(1, 2 * Math.min(greater, less)), pExactGreater: greater, pExactLess: less };
}

function rankBiserial(
  wPlus: number,
  total: number,
  m: number,
): Pick<SignedRank, 'rankBiserial' | 'rbCiLow' | 'rbCiHigh'> {
  const r = (2 * wPlus - total) / total;
  if (Math.abs(r) >= 1) return { rankBiserial: r, rbCiLow: null, rbCiHigh: null };
  const s = Math.sqrt((2 * m * m * m + 3 * m * m + m) / 6) / ((m * m + m) / 2);
  const half = normalQuantile(0.975) * s;
  return { rankBiserial: r, rbCiLow: tanh(atanh(r) - half), rbCiHigh: tanh(atanh(r) + half) };
}

export interface HodgesLehmann extends StatisticResult {
  readonly zeros: 'include' | 'drop';
  readonly n: number;
  readonly estimate: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
  /** The limits are the k-th smallest and largest Walsh averages; `achieved` is the exact level without ties. */
  readonly k: Maybe;
  readonly achieved: Maybe;
  readonly attainable: boolean;
}

/** Median of the Walsh averages with its signed-rank interval; the full range when the level cannot be reached. */
export function hodgesLehmann(
  differences: readonly number[],
  options: IntervalOptions & { readonly zeros?: 'include' | 'drop' } = {},
): HodgesLehmann {
  const { conf = 0.95, zeros = 'include' } = options;
  const d = zeros === 'drop' ? differences.filter((value) => value !== 0) : differences;
  const n = d.length;
  const head = {
    method: 'Hodges-Lehmann',
    options: { conf, zeros },
    nUsed: n,
    nDropped: differences.length - n,
    zeros,
    n,
  };
  if (n === 0) {
    const nothing = { estimate: null, ciLow: null, ciHigh: null, k: null, achieved: null };
    return { ...head, warnings: ['TOO_FEW'], ...nothing, attainable: false };
  }
  const averages: number[] = [];
  for (let i = 0; i < n; i += 1) for (let j = i; j < n; j += 1) averages.push((d[i] + d[j]) / 2);
  const sorted = ascending(averages);
  const quantile = signedRankQuantile((1 - conf) / 2, n);
  const attainable = quantile > 0;
  const k = Math.max(1, quantile);
  return {
    ...head,
    warnings: attainable ? [] : ['CI_NOT_ATTAINABLE'],
    estimate: median(sorted),
    ciLow: sorted[k - 1],
    ciHigh: sorted[sorted.length - k],
    k,
    achieved: 1 - 2 * signedRankCdf(k - 1, n),
    attainable,
  };
}
