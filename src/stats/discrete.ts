// Discrete distributions: binomial, hypergeometric weights, signed-rank and rank-sum (no ties), by exact convolution.
// Invariant: counts of arrangements are whole numbers in doubles, exact up to 2^53.
import { exp, log, log1p } from '../math/index.ts';
import { normalCdf, normalQuantile } from './distributions.ts';
import { betaTails, logChoose } from './special.ts';

/** P(X = x) for X ~ binomial(n, p). */
export function binomialPmf(x: number, n: number, p: number): number {
  if (p <= 0) return x === 0 ? 1 : 0;
  if (p >= 1) return x === n ? 1 : 0;
  return exp(logChoose(n, x) + x * log(p) + (n - x) * log1p(-p));
}

/** P(X <= x). */
export function binomialCdf(x: number, n: number, p: number): number {
  if (x < 0) return 0;
  if (x >= n) return 1;
  return betaTails(p, 1 - p, x + 1, n - x).upper;
}

/** P(X >= x). */
export function binomialUpper(x: number, n: number, p: number): number {
  if (x <= 0) return 1;
  if (x > n) return 0;
  return betaTails(p, 1 - p, x, n - x + 1).lower;
}

/** Smallest x with P(X <= x) >= p. */
export function binomialQuantile(p: number, n: number, probability: number): number {
  let x = 0;
  while (x < n && binomialCdf(x, n, probability) < p * (1 - 1e-14)) x += 1;
  return x;
}

/** ln of C(m, x) C(n, k - x): the log weight of x in a hypergeometric draw of k from m + n. */
export function logHypergeometricWeight(x: number, m: number, n: number, k: number): number {
  return logChoose(m, x) + logChoose(n, k - x);
}

/** Probabilities of W+ = 0 … n(n+1)/2 under the null, no ties. */
export function signedRankProbabilities(n: number): Float64Array {
  return rankSignProbabilities(Array.from({ length: n }, (_, i) => i + 1));
}

/**
 * Probabilities of the sum of a random subset of whole-number `ranks` (each in or out with probability 1/2).
 * Entry s is P(sum = s). Doubled midranks make ties whole numbers.
 */
export function rankSignProbabilities(ranks: readonly number[]): Float64Array {
  let total = 0;
  for (const rank of ranks) total += rank;
  const mass = new Float64Array(total + 1);
  mass[0] = 1;
  let top = 0;
  for (const rank of ranks) {
    top += rank;
    for (let s = top; s >= 0; s -= 1) mass[s] = 0.5 * (mass[s] + (s >= rank ? mass[s - rank] : 0));
  }
  return mass;
}

/** Beyond these sizes the distributions of ranks are taken as normal with continuity correction. */
const SIGNED_RANK_LIMIT = 300;
const RANK_SUM_LIMIT = 100;

/** P(W+ <= w) for the signed-rank statistic of n untied differences. */
export function signedRankCdf(w: number, n: number): number {
  if (n > SIGNED_RANK_LIMIT) {
    const { centre, spread } = signedRankMoments(n);
    return normalCdf((w + 0.5 - centre) / spread);
  }
  return cumulative(signedRankProbabilities(n), w);
}

/** Smallest w with P(W+ <= w) >= p. */
export function signedRankQuantile(p: number, n: number): number {
  if (n > SIGNED_RANK_LIMIT) {
    const { centre, spread } = signedRankMoments(n);
    return Math.max(0, Math.ceil(centre - 0.5 + spread * normalQuantile(p)));
  }
  return quantileOf(signedRankProbabilities(n), p);
}

/** Probabilities of the Mann-Whitney statistic U = 0 … mn, no ties. */
export function rankSumProbabilities(m: number, n: number): Float64Array {
  const ranks = Array.from({ length: m + n }, (_, i) => i + 1);
  const sums = subsetSumProbabilities(ranks, m);
  const lowest = (m * (m + 1)) / 2;
  return sums.slice(lowest, lowest + m * n + 1);
}

/** P(U <= u). */
export function rankSumCdf(u: number, m: number, n: number): number {
  if (m + n > RANK_SUM_LIMIT) {
    const { centre, spread } = rankSumMoments(m, n);
    return normalCdf((u + 0.5 - centre) / spread);
  }
  return cumulative(rankSumProbabilities(m, n), u);
}

/** Smallest u with P(U <= u) >= p. */
export function rankSumQuantile(p: number, m: number, n: number): number {
  if (m + n > RANK_SUM_LIMIT) {
    const { centre, spread } = rankSumMoments(m, n);
    return Math.max(0, Math.ceil(centre - 0.5 + spread * normalQuantile(p)));
  }
  return quantileOf(rankSumProbabilities(m, n), p);
}

/** Probabilities of the sum of `size` whole-number values drawn from `values` without replacement; entry s is P(sum = s). */
export function subsetSumProbabilities(values: readonly number[], size: number): Float64Array {
  let total = 0;
  for (const value of values) total += value;
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  counts[0][0] = 1;
  let used = 0;
  let top = 0;
  for (const value of values) {
    used += 1;
    top += value;
    for (let j = Math.min(size, used); j >= 1; j -= 1) {
      const target = counts[j];
      const source = counts[j - 1];
      for (let s = top; s >= value; s -= 1) target[s] += source[s - value];
    }
  }
  const result = counts[size];
  let all = 0;
  for (const count of result) all += count;
  return result.map((count) => count / all);
}

function signedRankMoments(n: number): { centre: number; spread: number } {
  return { centre: (n * (n + 1)) / 4, spread: Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24) };
}

function rankSumMoments(m: number, n: number): { centre: number; spread: number } {
  return { centre: (m * n) / 2, spread: Math.sqrt((m * n * (m + n + 1)) / 12) };
}

function cumulative(mass: Float64Array, x: number): number {
  let sum = 0;
  for (let i = 0; i < mass.length && i <= x; i += 1) sum += mass[i];
  return Math.min(1, sum);
}

function quantileOf(mass: Float64Array, p: number): number {
  const goal = p * (1 - 1e-14);
  let sum = 0;
  for (let i = 0; i < mass.length; i += 1) {
    sum += mass[i];
    if (sum >= goal) return i;
  }
  return mass.length - 1;
}
