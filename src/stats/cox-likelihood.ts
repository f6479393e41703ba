// Partial likelihood of the Cox model: value, score and information at given coefficients, summed over event times.
// Efron's, Breslow's and the exact (discrete) treatment of ties; (start, stop] rows when `start` is given.
// Invariant: covariates are centred once, so that exp never overflows for ordinary data and no result depends on the origin.
import { ImmunogateError } from '../errors.ts';
import { exp, log } from '../math/index.ts';
import { addOuter, dot, zeros, type Matrix } from './matrix.ts';

export type Ties = 'efron' | 'breslow' | 'exact';

export interface CoxData {
  /** Left ends of (start, stop]; null when every row is at risk from 0. */
  readonly start: readonly number[] | null;
  readonly time: readonly number[];
  readonly event: readonly number[];
  /** rows × covariates. */
  readonly x: readonly (readonly number[])[];
}

/** The rows at risk and those that fail at one event time. */
export interface RiskSet {
  readonly time: number;
  readonly atRisk: readonly number[];
  readonly failed: readonly number[];
}

/** One denominator of an event time; with Efron ties the k-th of d has the failures down-weighted by `fraction` = k/d. */
export interface Step {
  readonly fraction: number;
  readonly total: number;
  readonly mean: readonly number[];
  readonly information: Matrix;
  /** Third central moments, [i][j][k]; only when asked for (Firth). */
  readonly third: readonly Matrix[] | null;
}

export interface EventTime {
  readonly set: RiskSet;
  readonly score: number[];
  readonly information: Matrix;
  /** ln of the denominator, all failures together. */
  readonly logDenominator: number;
  /** Empty for exact ties. */
  readonly steps: readonly Step[];
}

export interface PartialLikelihood {
  readonly logLik: number;
  readonly score: number[];
  readonly information: Matrix;
  readonly weights: readonly number[];
  readonly times: readonly EventTime[];
}

/** Risk sets in order of time. Throws NEGATIVE_TIME or UNSORTED_INTERVALS. */
export function riskSets(data: CoxData): RiskSet[] {
  const { start, time, event } = data;
  time.forEach((stop, i) => {
    const begin = start === null ? 0 : start[i];
    if (!(stop >= 0 && begin >= 0))
      throw new ImmunogateError('NEGATIVE_TIME', `Row ${i + 1} has a time below 0.`);
    if (start !== null && !(stop > begin)) {
      throw new ImmunogateError(
        'UNSORTED_INTERVALS',
        `Row ${i + 1}: the interval (${begin}, ${stop}] does not run forward.`,
      );
    }
  });
  const times = [...new Set(time.filter((_, i) => event[i] === 1))].sort((a, b) => a - b);
  return times.map((t) => {
    const atRisk: number[] = [];
    const failed: number[] = [];
    time.forEach((stop, i) => {
      if (stop < t || (start !== null && start[i] >= t)) return;
      atRisk.push(i);
      if (stop === t && event[i] === 1) failed.push(i);
    });
    return { time: t, atRisk, failed };
  });
}

/** Covariates minus their column means. */
export function centred(x: readonly (readonly number[])[]): Matrix {
  const n = x.length;
  const p = n === 0 ? 0 : x[0].length;
  const means = new Array<number>(p).fill(0);
  for (const row of x) row.forEach((value, j) => (means[j] += value / n));
  return x.map((row) => row.map((value, j) => value - means[j]));
}

/** Everything at `beta`; `x` is centred. `thirdMoments` adds what Firth's score needs (not for exact ties). */
export function partialLikelihood(
  sets: readonly RiskSet[],
  x: readonly (readonly number[])[],
  beta: readonly number[],
  ties: Ties,
  thirdMoments = false,
): PartialLikelihood {
  const p = beta.length;
  const eta = x.map((row) => dot(row, beta));
  const weights = eta.map(exp);
  const score = new Array<number>(p).fill(0);
  const information = zeros(p, p);
  let logLik = 0;
  const times = sets.map((set): EventTime => {
    const own: EventTime =
      ties === 'exact' ? exactTime(set, x, weights, p) : steppedTime(set, x, weights, p, ties, thirdMoments);
    for (const i of set.failed) logLik += eta[i];
    logLik -= own.logDenominator;
    own.score.forEach((value, j) => (score[j] += value));
    for (let i = 0; i < p; i += 1) for (let j = 0; j < p; j += 1) information[i][j] += own.information[i][j];
    return own;
  });
  return { logLik, score, information, weights, times };
}

function steppedTime(
  set: RiskSet,
  x: readonly (readonly number[])[],
  weights: readonly number[],
  p: number,
  ties: Ties,
  thirdMoments: boolean,
): EventTime {
  const d = set.failed.length;
  const failed = new Set(set.failed);
  // Breslow uses one denominator d times; Efron uses d different ones.
  const count = ties === 'efron' ? d : 1;
  const repeat = d / count;
  const score = new Array<number>(p).fill(0);
  const information = zeros(p, p);
  const steps: Step[] = [];
  let logDenominator = 0;
  for (const i of set.failed) x[i].forEach((value, j) => (score[j] += value));
  for (let k = 0; k < count; k += 1) {
    const step = stepAt(set, x, weights, p, failed, k / d, thirdMoments);
    steps.push(step);
    logDenominator += repeat * log(step.total);
    step.mean.forEach((value, j) => (score[j] -= repeat * value));
    for (let i = 0; i < p; i += 1)
      for (let j = 0; j < p; j += 1) information[i][j] += repeat * step.information[i][j];
  }
  return { set, score, information, logDenominator, steps };
}

function stepAt(
  set: RiskSet,
  x: readonly (readonly number[])[],
  weights: readonly number[],
  p: number,
  failed: ReadonlySet<number>,
  fraction: number,
  thirdMoments: boolean,
): Step {
  const weightOf = (i: number): number => (failed.has(i) ? (1 - fraction) * weights[i] : weights[i]);
  let total = 0;
  const mean = new Array<number>(p).fill(0);
  for (const i of set.atRisk) {
    const w = weightOf(i);
    total += w;
    x[i].forEach((value, j) => (mean[j] += w * value));
  }
  for (let j = 0; j < p; j += 1) mean[j] /= total;
  const information = zeros(p, p);
  const third = thirdMoments ? Array.from({ length: p }, () => zeros(p, p)) : null;
  for (const i of set.atRisk) {
    const share = weightOf(i) / total;
    const away = x[i].map((value, j) => value - mean[j]);
    addOuter(information, away, away, share);
    third?.forEach((matrix, k) => addOuter(matrix, away, away, share * away[k]));
  }
  return { fraction, total, mean, information, third };
}

interface Subsets {
  readonly sum: number;
  readonly gradient: readonly number[];
  readonly hessian: Matrix;
}

/** Exact ties: the failures against all subsets of their size. */
function exactTime(
  set: RiskSet,
  x: readonly (readonly number[])[],
  weights: readonly number[],
  p: number,
): EventTime {
  const { sum, gradient, hessian } = subsets(set, x, weights, p);
  const mean = gradient.map((value) => value / sum);
  const score = mean.map((value) => -value);
  for (const i of set.failed) x[i].forEach((value, j) => (score[j] += value));
  const information = hessian.map((row, i) => row.map((value, j) => value / sum - mean[i] * mean[j]));
  return { set, score, information, logDenominator: log(sum), steps: [] };
}

/** Elementary symmetric function of the weights with its first two derivatives, by the recursion of Gail et al. (1981). */
function subsets(
  set: RiskSet,
  x: readonly (readonly number[])[],
  weights: readonly number[],
  p: number,
): Subsets {
  const d = set.failed.length;
  const sum = new Array<number>(d + 1).fill(0);
  const gradient = Array.from({ length: d + 1 }, () => new Array<number>(p).fill(0));
  const hessian = Array.from({ length: d + 1 }, () => zeros(p, p));
  sum[0] = 1;
  for (const row of set.atRisk) {
    const w = weights[row];
    for (let k = d; k >= 1; k -= 1) {
      for (let i = 0; i < p; i += 1) {
        for (let j = 0; j < p; j += 1) {
          hessian[k][i][j] +=
            w *
            (hessian[k - 1][i][j] +
              x[row][i] * gradient[k - 1][j] +
              gradient[k - 1][i] * x[row][j] +
              x[row][i] * x[row][j] * sum[k - 1]);
        }
      }
      for (let i = 0; i < p; i += 1) gradient[k][i] += w * (gradient[k - 1][i] + x[row][i] * sum[k - 1]);
      sum[k] += w * sum[k - 1];
    }
  }
  return { sum: sum[d], gradient: gradient[d], hessian: hessian[d] };
}
