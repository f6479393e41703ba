// Cox regression (statistics.md section 16): fit by Newton-Raphson, Wald, score and likelihood-ratio tests.
// Invariant: a coefficient that runs away is null with MONOTONE_LIKELIHOOD (use firth.ts); a covariate that was measured
// after baseline is refused (IMMORTAL_TIME) unless rows are (start, stop] or the caller states a landmark.
import { ImmunogateError, type IssueCode } from '../errors.ts';
import { exp } from '../math/index.ts';
import {
  concordance,
  martingaleResiduals,
  proportionalHazards,
  robustCovariance,
  type Zph,
} from './cox-diagnostics.ts';
import {
  centred,
  partialLikelihood,
  riskSets,
  type CoxData,
  type PartialLikelihood,
  type RiskSet,
  type Ties,
} from './cox-likelihood.ts';
import { standardDeviation } from './descriptive.ts';
import { chiSquareUpper, normalQuantile, normalTwoSided } from './distributions.ts';
import { bilinear, invert, timesVector, type Matrix } from './matrix.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';

export interface Covariate {
  readonly name: string;
  readonly values: readonly number[];
  /** When the value became known. `after-baseline` needs a landmark or (start, stop] rows. */
  readonly known?: 'baseline' | 'after-baseline';
}

export interface CoxInput {
  readonly time: readonly number[];
  readonly event: readonly number[];
  readonly covariates: readonly Covariate[];
  /** Left ends of (start, stop] rows for covariates that change. */
  readonly start?: readonly number[];
}

export interface CoxOptions extends IntervalOptions {
  readonly ties?: Ties;
  /** True when times count from a landmark by which every covariate was known. */
  readonly landmark?: boolean;
  /** Cluster of each row, for robust standard errors. */
  readonly cluster?: readonly (string | number)[];
}

export interface ChiSquareTest {
  readonly statistic: Maybe;
  readonly df: number;
  readonly p: Maybe;
}

export interface CoxResult extends StatisticResult {
  readonly n: number;
  readonly events: number;
  readonly names: readonly string[];
  readonly coef: readonly Maybe[];
  readonly se: readonly Maybe[];
  readonly z: readonly Maybe[];
  readonly p: readonly Maybe[];
  readonly hr: readonly Maybe[];
  readonly hrLow: readonly Maybe[];
  readonly hrHigh: readonly Maybe[];
  readonly robustSe: readonly Maybe[] | null;
  readonly vcov: Matrix | null;
  readonly logLik0: Maybe;
  readonly logLik: Maybe;
  readonly lr: ChiSquareTest;
  readonly wald: ChiSquareTest;
  readonly score: ChiSquareTest;
  /** Null for (start, stop] rows. */
  readonly concordance: Maybe;
  readonly zph: Zph | null;
  readonly martingale: readonly number[] | null;
  /** At most one covariate per 5 to 10 events. */
  readonly eventsPerCovariate: number;
}

/**
 * Proportional hazards (Cox 1972), ties by Efron, Breslow or exactly; rows in the order of the input, `event` 1 or 0, coefficients per unit
 * of each covariate. A coefficient that runs away is null with MONOTONE_LIKELIHOOD; without events everything is null with NO_EVENTS.
 * Throws IMMORTAL_TIME for a covariate known only after baseline without a landmark or (start, stop] rows.
 */
export function coxRegression(input: CoxInput, options: CoxOptions = {}): CoxResult {
  const { conf = 0.95, ties = 'efron' } = options;
  const data = coxData(input, options.landmark === true);
  const names = input.covariates.map((covariate) => covariate.name);
  const p = names.length;
  const sets = riskSets(data);
  const events = data.event.filter((e) => e === 1).length;
  const head = {
    method: 'Cox regression',
    options: { ties, conf, landmark: options.landmark === true },
    nUsed: data.time.length,
    nDropped: 0,
    n: data.time.length,
    events,
    names,
    eventsPerCovariate: p === 0 ? events : events / p,
  };
  const x = centred(data.x);
  const zero = new Array<number>(p).fill(0);
  const atZero = partialLikelihood(sets, x, zero, ties);
  const scoreInverse = invert(atZero.information)?.inverse;
  if (events === 0) return refused(head, 'NO_EVENTS');
  if (scoreInverse === undefined) return refused(head, 'ZERO_VARIANCE');
  const { beta, fit, growing } = maximise(sets, x, zero, atZero, ties);
  const covariance = invert(fit.information)?.inverse ?? null;
  const warnings: IssueCode[] = [];
  const runaway = names.map((_, j) => {
    const se = covariance === null ? Infinity : Math.sqrt(covariance[j][j]);
    const sd = standardDeviation(data.x.map((row) => row[j])) ?? 0;
    return growing[j] || !(se <= 20 / sd);
  });
  if (runaway.includes(true)) warnings.push('MONOTONE_LIKELIHOOD');
  const finite = <T>(values: readonly T[]): (T | null)[] =>
    values.map((value, j) => (runaway[j] ? null : value));
  const se = names.map((_, j) => Math.sqrt(covariance?.[j][j] ?? NaN));
  const z = beta.map((value, j) => value / se[j]);
  const quantile = normalQuantile(1 - (1 - conf) / 2);
  const robust =
    options.cluster === undefined || covariance === null || ties === 'exact'
      ? null
      : robustCovariance(fit, x, covariance, options.cluster);
  const anyRunaway = runaway.includes(true);
  return {
    ...head,
    warnings,
    coef: finite(beta),
    se: finite(se),
    z: finite(z),
    p: finite(z.map(normalTwoSided)),
    hr: finite(beta.map(exp)),
    hrLow: finite(beta.map((value, j) => exp(value - quantile * se[j]))),
    hrHigh: finite(beta.map((value, j) => exp(value + quantile * se[j]))),
    robustSe: robust === null ? null : finite(robust.map((row, j) => Math.sqrt(row[j]))),
    vcov: anyRunaway ? null : covariance,
    logLik0: atZero.logLik,
    logLik: fit.logLik,
    lr: chiSquare(2 * (fit.logLik - atZero.logLik), p),
    wald: anyRunaway ? chiSquare(null, p) : chiSquare(bilinear(beta, fit.information, beta), p),
    score: chiSquare(bilinear(atZero.score, scoreInverse, atZero.score), p),
    concordance: data.start === null ? concordance(data, timesVector(x, beta)) : null,
    zph: data.start === null && ties !== 'exact' && !anyRunaway ? proportionalHazards(fit, names) : null,
    martingale: ties === 'exact' ? null : martingaleResiduals(data, fit),
  };
}

/** Rows of the model, with the refusal of covariates that nobody could know at time 0. */
export function coxData(input: CoxInput, landmark: boolean): CoxData {
  const late = input.covariates.find((covariate) => covariate.known === 'after-baseline');
  if (late !== undefined && input.start === undefined && !landmark) {
    throw new ImmunogateError(
      'IMMORTAL_TIME',
      `${late.name} was measured after baseline: give a landmark or (start, stop] rows instead of using it from time 0.`,
    );
  }
  return {
    start: input.start ?? null,
    time: input.time,
    event: input.event,
    x: input.time.map((_, i) => input.covariates.map((covariate) => covariate.values[i])),
  };
}

const MAX_ITERATIONS = 25;

/**
 * Newton-Raphson with step halving, until the log likelihood moves by less than 1e-10 (one further step is taken).
 * `growing` marks the coefficients that still moved after 25 iterations.
 */
function maximise(
  sets: readonly RiskSet[],
  x: Matrix,
  start: readonly number[],
  atStart: PartialLikelihood,
  ties: Ties,
): { beta: number[]; fit: PartialLikelihood; growing: boolean[] } {
  let beta = [...start];
  let fit = atStart;
  let settled = false;
  let growing = beta.map(() => false);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration += 1) {
    const inverse = invert(fit.information)?.inverse;
    if (inverse === undefined) break;
    const step = timesVector(inverse, fit.score);
    let scale = 1;
    let candidate = beta.map((value, j) => value + step[j]);
    let next = partialLikelihood(sets, x, candidate, ties);
    while (!(next.logLik >= fit.logLik - 1e-12 * Math.abs(fit.logLik)) && scale > 1e-6) {
      scale /= 2;
      candidate = beta.map((value, j) => value + scale * step[j]);
      next = partialLikelihood(sets, x, candidate, ties);
    }
    const moved = Math.abs(next.logLik - fit.logLik);
    beta = candidate;
    fit = next;
    growing = beta.map((value, j) => !settled && Math.abs(step[j]) > 1e-6 * Math.max(1, Math.abs(value)));
    if (settled) break;
    settled = moved < 1e-10;
  }
  return { beta, fit, growing };
}

function chiSquare(statistic: Maybe, df: number): ChiSquareTest {
  return { statistic, df, p: statistic === null ? null : chiSquareUpper(Math.max(0, statistic), df) };
}

type Head = Omit<StatisticResult, 'warnings'> &
  Pick<CoxResult, 'n' | 'events' | 'names' | 'eventsPerCovariate'>;

function refused(head: Head, code: IssueCode): CoxResult {
  const nothing = head.names.map(() => null);
  const test = chiSquare(null, head.names.length);
  return {
    ...head,
    warnings: [code],
    coef: nothing,
    se: nothing,
    z: nothing,
    p: nothing,
    hr: nothing,
    hrLow: nothing,
    hrHigh: nothing,
    robustSe: null,
    vcov: null,
    logLik0: null,
    logLik: null,
    lr: test,
    wald: test,
    score: test,
    concordance: null,
    zph: null,
    martingale: null,
  };
}
