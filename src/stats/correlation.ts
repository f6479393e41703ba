// Correlation (statistics.md section 12): Pearson, Spearman, Kendall tau-b on the pairs that are complete.
// Invariant: n is the number of complete pairs and travels with every coefficient.
import type { IssueCode } from '../errors.ts';
import { atanh, tanh } from '../math/index.ts';
import { mean } from './descriptive.ts';
import { normalQuantile, normalTwoSided, tTwoSided } from './distributions.ts';
import { hasTies, midranks, tieSizes } from './ranks.ts';
import { isPresent, type IntervalOptions, type Maybe, type StatisticResult } from './result.ts';

export interface Correlation extends StatisticResult {
  readonly n: number;
  readonly ties: boolean;
  readonly pearson: {
    readonly r: Maybe;
    readonly t: Maybe;
    readonly df: number;
    readonly p: Maybe;
    readonly ciLow: Maybe;
    readonly ciHigh: Maybe;
  };
  /** `ci…` by Bonett and Wright (2000); `ci…Fieller` by Fieller, Hartley and Pearson (1957). */
  readonly spearman: {
    readonly rho: Maybe;
    readonly t: Maybe;
    readonly df: number;
    readonly p: Maybe;
    readonly pExactPermutation: Maybe;
    /** What tables give: the exact p of up to 9 pairs, where t misleads (0 for three in a row); that by t of more. */
    readonly pReported: Maybe;
    readonly ciLow: Maybe;
    readonly ciHigh: Maybe;
    readonly ciLowFieller: Maybe;
    readonly ciHighFieller: Maybe;
  };
  readonly kendall: { readonly tauB: Maybe; readonly z: Maybe; readonly p: Maybe; readonly pExact: Maybe };
}

const PERFECT = 1 - 1e-12;

/** All three coefficients of the complete pairs of x and y. |r| = 1 or n < 4 leaves the interval null. */
export function correlate(
  x: readonly Maybe[],
  y: readonly Maybe[],
  options: IntervalOptions = {},
): Correlation {
  const { conf = 0.95 } = options;
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < x.length; i += 1) {
    const u = x[i];
    const v = y[i];
    if (isPresent(u) && isPresent(v)) {
      a.push(u);
      b.push(v);
    }
  }
  const n = a.length;
  const ties = hasTies(a) || hasTies(b);
  const r = pearsonCoefficient(a, b);
  const rho = pearsonCoefficient(midranks(a), midranks(b));
  const warnings: IssueCode[] = [];
  if (n < 4) warnings.push('TOO_FEW');
  if (r === null && n >= 2) warnings.push('ZERO_VARIANCE');
  if (ties) warnings.push('TIES_PRESENT');
  const z = normalQuantile(1 - (1 - conf) / 2);
  const fisher = fisherInterval(r, n, z / Math.sqrt(n - 3));
  const bonett = fisherInterval(rho, n, z * Math.sqrt((1 + ((rho ?? 0) * (rho ?? 0)) / 2) / (n - 3)));
  const fieller = fisherInterval(rho, n, z * Math.sqrt(1.06 / (n - 3)));
  const pearsonT = studentOf(r, n);
  const spearmanT = studentOf(rho, n);
  const exact = rho === null ? null : exactSpearman(a, b);
  return {
    method: 'correlation',
    options: { conf },
    nUsed: n,
    nDropped: x.length - n,
    warnings,
    n,
    ties,
    pearson: { r, df: n - 2, ...pearsonT, ciLow: fisher.low, ciHigh: fisher.high },
    spearman: {
      rho,
      df: n - 2,
      ...spearmanT,
      pExactPermutation: exact,
      pReported: spearmanT.p === null ? null : (exact ?? spearmanT.p),
      ciLow: bonett.low,
      ciHigh: bonett.high,
      ciLowFieller: fieller.low,
      ciHighFieller: fieller.high,
    },
    kendall: kendall(a, b, ties),
  };
}

function pearsonCoefficient(a: readonly number[], b: readonly number[]): Maybe {
  const meanA = mean(a);
  const meanB = mean(b);
  if (a.length < 2 || meanA === null || meanB === null) return null;
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i += 1) {
    aa += (a[i] - meanA) * (a[i] - meanA);
    bb += (b[i] - meanB) * (b[i] - meanB);
    ab += (a[i] - meanA) * (b[i] - meanB);
  }
  if (aa === 0 || bb === 0) return null;
  return Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb)));
}

/** t and its p; at |r| = 1 t is infinite and p is 0. */
function studentOf(r: Maybe, n: number): { t: Maybe; p: Maybe } {
  if (r === null || n < 3) return { t: null, p: null };
  if (Math.abs(r) >= 1) return { t: r * Infinity, p: 0 };
  const t = r * Math.sqrt((n - 2) / ((1 - r) * (1 + r)));
  return { t, p: tTwoSided(t, n - 2) };
}

function fisherInterval(r: Maybe, n: number, half: number): { low: Maybe; high: Maybe } {
  if (r === null || n < 4 || Math.abs(r) >= PERFECT) return { low: null, high: null };
  const centre = atanh(r);
  return { low: tanh(centre - half), high: tanh(centre + half) };
}

/** Largest n whose exact distribution is asked for. */
const EXACT_LIMIT = 9;
/** Without ties the distribution depends on n alone, and a matrix of correlations asks for it once a pair. */
const untied = new Map<number, Float64Array>();

/** Share of the n! orders whose sum of rank products is as far from its mean as the observed one; n <= 9. */
function exactSpearman(a: readonly number[], b: readonly number[]): Maybe {
  const n = a.length;
  if (n > EXACT_LIMIT) return null;
  // doubled midranks are whole numbers, so sums are compared exactly
  const [x, y] = [a, b].map((values) => midranks(values).map((rank) => Math.round(2 * rank)));
  let observed = 0;
  for (let i = 0; i < n; i += 1) observed += x[i] * y[i];
  const orders = hasTies(a) || hasTies(b) ? ordersBySum(x, y) : untiedOrders(n);
  const centre = n * (n + 1) * (n + 1);
  const distance = Math.abs(observed - centre);
  let extreme = 0;
  let all = 0;
  orders.forEach((count, sum) => {
    all += count;
    if (Math.abs(sum - centre) >= distance) extreme += count;
  });
  return extreme / all;
}

function untiedOrders(n: number): Float64Array {
  const known = untied.get(n);
  if (known !== undefined) return known;
  const ranks = Array.from({ length: n }, (_, i) => 2 * (i + 1));
  const orders = ordersBySum(ranks, ranks);
  untied.set(n, orders);
  return orders;
}

/** How many orders of `y` give each sum of products with `x`: over the sets of places of `y` that are taken, 2^n instead of n!. */
function ordersBySum(x: readonly number[], y: readonly number[]): Float64Array {
  const n = x.length;
  const ascendingX = [...x].sort((u, v) => u - v);
  const ascendingY = [...y].sort((u, v) => u - v);
  const most = ascendingX.reduce((sum, value, i) => sum + value * ascendingY[i], 0);
  const sets = Array.from({ length: 1 << n }, () => new Float64Array(most + 1));
  sets[0][0] = 1;
  for (let set = 0; set < sets.length - 1; set += 1) {
    const from = sets[set];
    let taken = 0;
    for (let rest = set; rest > 0; rest &= rest - 1) taken += 1;
    for (let j = 0; j < n; j += 1) {
      if ((set >> j) & 1) continue;
      const to = sets[set | (1 << j)];
      const step = x[taken] * y[j];
      for (let sum = 0; sum + step <= most; sum += 1) to[sum + step] += from[sum];
    }
  }
  return sets[sets.length - 1];
}

/** Tau-b with the tie-corrected normal z (Kendall 1970, chapter 4); exact p without ties and below 50 pairs. */
function kendall(a: readonly number[], b: readonly number[], ties: boolean): Correlation['kendall'] {
  const n = a.length;
  let score = 0;
  for (let i = 1; i < n; i += 1) {
    for (let j = 0; j < i; j += 1) score += Math.sign(a[i] - a[j]) * Math.sign(b[i] - b[j]);
  }
  const pairs = (n * (n - 1)) / 2;
  const tiesA = tieSizes(a);
  const tiesB = tieSizes(b);
  const tied = (sizes: readonly number[], f: (t: number) => number): number =>
    sizes.reduce((s, t) => s + f(t), 0);
  const two = (t: number): number => t * (t - 1);
  const three = (t: number): number => t * (t - 1) * (t - 2);
  const weighted = (t: number): number => t * (t - 1) * (2 * t + 5);
  const scaleA = pairs - tied(tiesA, two) / 2;
  const scaleB = pairs - tied(tiesB, two) / 2;
  if (n < 2 || scaleA === 0 || scaleB === 0) return { tauB: null, z: null, p: null, pExact: null };
  const base = n * (n - 1) * (2 * n + 5) - tied(tiesA, weighted) - tied(tiesB, weighted);
  let variance = base / 18 + (tied(tiesA, two) * tied(tiesB, two)) / (2 * n * (n - 1));
  if (n > 2) variance += (tied(tiesA, three) * tied(tiesB, three)) / (9 * n * (n - 1) * (n - 2));
  const z = score / Math.sqrt(variance);
  return {
    tauB: score / Math.sqrt(scaleA * scaleB),
    z,
    p: normalTwoSided(z),
    pExact: ties || n >= 50 ? null : exactKendall(n, (score + pairs) / 2),
  };
}

/** Two-sided exact p of the number of concordant pairs, from the distribution of inversions. */
function exactKendall(n: number, concordant: number): number {
  let mass = [1];
  for (let i = 2; i <= n; i += 1) {
    const next = new Array<number>(mass.length + i - 1).fill(0);
    for (let s = 0; s < mass.length; s += 1) for (let k = 0; k < i; k += 1) next[s + k] += mass[s] / i;
    mass = next;
  }
  let below = 0;
  let above = 0;
  for (let s = 0; s < mass.length; s += 1) {
    if (s <= concordant) below += mass[s];
    if (s >= concordant) above += mass[s];
  }
  return Math.min(1, 2 * Math.min(below, above));
}
