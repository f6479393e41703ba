// What is read off a fitted Cox model: martingale residuals, concordance, the proportional-hazards test, robust covariance.
import type { CoxData, PartialLikelihood } from './cox-likelihood.ts';
import { chiSquareUpper } from './distributions.ts';
import { addOuter, bilinear, invert, timesVector, zeros, type Matrix } from './matrix.ts';
import type { Maybe } from './result.ts';

/** Events minus expected events of every row; failures of a tied time carry Efron's reduced share of its hazard. */
export function martingaleResiduals(data: CoxData, fit: PartialLikelihood): number[] {
  const residual = data.event.map((e) => (e === 1 ? 1 : 0));
  for (const { set, steps } of fit.times) {
    const repeat = set.failed.length / steps.length;
    const failed = new Set(set.failed);
    for (const step of steps) {
      for (const i of set.atRisk) {
        residual[i] -= (repeat * fit.weights[i] * (failed.has(i) ? 1 - step.fraction : 1)) / step.total;
      }
    }
  }
  return residual;
}

/** Share of comparable pairs in which the higher risk fails first, ties in risk counting 1/2; null without pairs. */
export function concordance(data: CoxData, risk: readonly number[]): Maybe {
  const { time, event } = data;
  let concordant = 0;
  let tied = 0;
  let pairs = 0;
  for (let i = 0; i < time.length; i += 1) {
    if (event[i] !== 1) continue;
    for (let j = 0; j < time.length; j += 1) {
      // At equal times a censored row outlives the failure; two failures cannot be ordered.
      if (!(time[j] > time[i] || (time[j] === time[i] && event[j] !== 1))) continue;
      pairs += 1;
      if (risk[i] > risk[j]) concordant += 1;
      else if (risk[i] === risk[j]) tied += 1;
    }
  }
  return pairs === 0 ? null : (concordant + tied / 2) / pairs;
}

export interface Zph {
  /** The covariates and, last, GLOBAL. */
  readonly rows: readonly string[];
  readonly chisq: readonly Maybe[];
  readonly df: readonly number[];
  readonly p: readonly Maybe[];
}

/**
 * Score test that a coefficient changes with g(t) = 1 - S(t-) (Kaplan-Meier transform; Grambsch and Therneau 1994, in the exact
 * form of survival 3): the model is extended by x·g(t) and the extra coefficients are tested at 0.
 */
export function proportionalHazards(fit: PartialLikelihood, names: readonly string[]): Zph {
  const p = names.length;
  const g = transformedTimes(fit);
  const score = new Array<number>(p).fill(0);
  const cross = zeros(p, p);
  const own = zeros(p, p);
  fit.times.forEach((eventTime, k) => {
    eventTime.score.forEach((value, j) => (score[j] += g[k] * value));
    for (let i = 0; i < p; i += 1) {
      for (let j = 0; j < p; j += 1) {
        cross[i][j] += g[k] * eventTime.information[i][j];
        own[i][j] += g[k] * g[k] * eventTime.information[i][j];
      }
    }
  });
  const tests = [...names.map((_, j) => [j]), names.map((_, j) => j)];
  const chisq = tests.map((extra) => addedTest(fit.information, cross, own, score, extra));
  return {
    rows: [...names, 'GLOBAL'],
    chisq,
    df: tests.map((extra) => extra.length),
    p: chisq.map((value, k) => (value === null ? null : chiSquareUpper(value, tests[k].length))),
  };
}

/** Score statistic of the added coefficients `extra`, the others at their optimum (their score is 0). */
function addedTest(
  information: Matrix,
  cross: Matrix,
  own: Matrix,
  score: readonly number[],
  extra: readonly number[],
): Maybe {
  const p = information.length;
  const size = p + extra.length;
  const full = zeros(size, size);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const a = i < p ? i : extra[i - p];
      const b = j < p ? j : extra[j - p];
      full[i][j] = i < p && j < p ? information[a][b] : i >= p && j >= p ? own[a][b] : cross[a][b];
    }
  }
  const inverse = invert(full)?.inverse;
  if (inverse === undefined) return null;
  const u = [...new Array<number>(p).fill(0), ...extra.map((j) => score[j])];
  return bilinear(u, inverse, u);
}

/** 1 - S(t-) at every event time, centred (the test does not depend on the centre, its rounding does). */
function transformedTimes(fit: PartialLikelihood): number[] {
  let survival = 1;
  const g = fit.times.map(({ set }) => {
    const before = 1 - survival;
    survival *= (set.atRisk.length - set.failed.length) / set.atRisk.length;
    return before;
  });
  let total = 0;
  let count = 0;
  fit.times.forEach(({ set }, k) => {
    total += g[k] * set.failed.length;
    count += set.failed.length;
  });
  return g.map((value) => value - total / count);
}

/** Lin and Wei (1989) sandwich with the score residuals of each cluster summed. */
export function robustCovariance(
  fit: PartialLikelihood,
  x: Matrix,
  covariance: Matrix,
  cluster: readonly (string | number)[],
): Matrix {
  const p = covariance.length;
  const residuals = zeros(x.length, p);
  for (const { set, steps } of fit.times) {
    const repeat = set.failed.length / steps.length;
    const failed = new Set(set.failed);
    for (const step of steps) {
      for (const i of set.atRisk) {
        const hazard = (repeat * fit.weights[i] * (failed.has(i) ? 1 - step.fraction : 1)) / step.total;
        const own = failed.has(i) ? 1 / steps.length : 0;
        for (let j = 0; j < p; j += 1) residuals[i][j] += (own - hazard) * (x[i][j] - step.mean[j]);
      }
    }
  }
  const sums = new Map<string | number, number[]>();
  residuals.forEach((row, i) => {
    const entry = sums.get(cluster[i]) ?? new Array<number>(p).fill(0);
    row.forEach((value, j) => (entry[j] += value));
    sums.set(cluster[i], entry);
  });
  const meat = zeros(p, p);
  for (const entry of sums.values()) {
    const influence = timesVector(covariance, entry);
    addOuter(meat, influence, influence);
  }
  return meat;
}
