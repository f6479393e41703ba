// Cox regression with Firth's penalty (Heinze and Schemper 2001; statistics.md section 16): log PL + ½ ln|I| always has a
// finite maximum, also where a covariate separates the events. Intervals and p come from the profile penalised likelihood.
import { exp } from '../math/index.ts';
import { coxData, type CoxInput } from './cox.ts';
import { centred, partialLikelihood, riskSets, type RiskSet, type Ties } from './cox-likelihood.ts';
import { chiSquareQuantile, chiSquareUpper } from './distributions.ts';
import { invert, traceOfProduct, zeros, type Matrix } from './matrix.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';
import { brentRoot } from './roots.ts';
import type { IssueCode } from '../errors.ts';

export interface FirthOptions extends IntervalOptions {
  readonly ties?: Exclude<Ties, 'exact'>;
  /** True when times count from a landmark by which every covariate was known. */
  readonly landmark?: boolean;
}

export interface FirthResult extends StatisticResult {
  readonly n: number;
  readonly events: number;
  readonly names: readonly string[];
  readonly ties: string;
  readonly coef: readonly Maybe[];
  readonly se: readonly Maybe[];
  readonly hr: readonly Maybe[];
  readonly hrLowProfile: readonly Maybe[];
  readonly hrHighProfile: readonly Maybe[];
  readonly plrChi2: readonly Maybe[];
  readonly pProfile: readonly Maybe[];
  readonly penalisedLogLik0: Maybe;
  readonly penalisedLogLik: Maybe;
  readonly globalPlr: Maybe;
  readonly df: number;
  readonly globalP: Maybe;
}

/**
 * Cox regression with Firth's penalty (Heinze and Schemper 2001): finite where few events or a separating covariate leave the plain one
 * without an estimate. Intervals and p from the profile of the penalised likelihood. Input and refusals as `coxRegression`.
 */
export function firthCox(input: CoxInput, options: FirthOptions = {}): FirthResult {
  const { conf = 0.95, ties = 'efron' } = options;
  const data = coxData(input, options.landmark === true);
  const names = input.covariates.map((covariate) => covariate.name);
  const p = names.length;
  const events = data.event.filter((e) => e === 1).length;
  const sets = riskSets(data);
  const x = centred(data.x);
  const warnings: IssueCode[] = [];
  const head = {
    method: 'Firth-penalised Cox regression',
    options: { ties, conf, landmark: options.landmark === true },
    nUsed: data.time.length,
    nDropped: 0,
    warnings,
    n: data.time.length,
    events,
    names,
    ties,
    df: p,
  };
  const model: Model = { sets, x, ties };
  const zero = new Array<number>(p).fill(0);
  const atZero = events === 0 ? null : penalised(model, zero);
  const best = atZero === null ? null : maximise(model, zero, []);
  const covariance = best === null ? null : invert(best.information)?.inverse;
  if (atZero === null || best === null || covariance === null || covariance === undefined) {
    warnings.push(events === 0 ? 'NO_EVENTS' : 'ZERO_VARIANCE');
    const nothing = names.map(() => null);
    const columns = {
      coef: nothing,
      se: nothing,
      hr: nothing,
      hrLowProfile: nothing,
      hrHighProfile: nothing,
    };
    const tests = {
      plrChi2: nothing,
      pProfile: nothing,
      penalisedLogLik0: null,
      penalisedLogLik: null,
      globalPlr: null,
    };
    return { ...head, ...columns, ...tests, globalP: null };
  }
  const se = names.map((_, j) => Math.sqrt(covariance[j][j]));
  const drop = chiSquareQuantile(conf, 1) / 2;
  /** Penalised likelihood with coefficient j held at `value`, above the confidence threshold. */
  const excess = (j: number, value: number): number => {
    const start = best.beta.map((b, k) => (k === j ? value : b));
    return (maximise(model, start, [j])?.value ?? -Infinity) - best.value + drop;
  };
  const limit = (j: number, direction: -1 | 1): Maybe => {
    let inner = best.beta[j];
    for (let k = 1; k <= 60; k += 1) {
      const outer = best.beta[j] + direction * 0.5 * k * se[j];
      if (excess(j, outer) < 0) {
        return brentRoot((value) => excess(j, value), Math.min(inner, outer), Math.max(inner, outer), 1e-12);
      }
      inner = outer;
    }
    return null;
  };
  const limits = names.map((_, j) => [limit(j, -1), limit(j, 1)] as const);
  if (limits.some(([low, high]) => low === null || high === null) || !best.converged)
    warnings.push('NO_CONVERGENCE');
  const ratio = names.map((_, j) => {
    const held = maximise(
      model,
      best.beta.map((b, k) => (k === j ? 0 : b)),
      [j],
    );
    return held === null ? null : Math.max(0, 2 * (best.value - held.value));
  });
  const global = Math.max(0, 2 * (best.value - atZero.value));
  return {
    ...head,
    coef: best.beta,
    se,
    hr: best.beta.map(exp),
    hrLowProfile: limits.map(([low]) => (low === null ? null : exp(low))),
    hrHighProfile: limits.map(([, high]) => (high === null ? null : exp(high))),
    plrChi2: ratio,
    pProfile: ratio.map((value) => (value === null ? null : chiSquareUpper(value, 1))),
    penalisedLogLik0: atZero.value,
    penalisedLogLik: best.value,
    globalPlr: global,
    globalP: chiSquareUpper(global, p),
  };
}

interface Model {
  readonly sets: readonly RiskSet[];
  readonly x: Matrix;
  readonly ties: Ties;
}

interface Penalised {
  readonly value: number;
  readonly score: number[];
  readonly information: Matrix;
}

/** log PL + ½ ln|I|, and Firth's score U + ½ tr(I⁻¹ dI/db); dI/db is the third central moment of the risk sets. */
function penalised(model: Model, beta: readonly number[]): Penalised | null {
  const fit = partialLikelihood(model.sets, model.x, beta, model.ties, true);
  const solved = invert(fit.information);
  if (solved === null) return null;
  const p = beta.length;
  const third = Array.from({ length: p }, () => zeros(p, p));
  for (const { set, steps } of fit.times) {
    const repeat = set.failed.length / steps.length;
    for (const step of steps) {
      step.third?.forEach((matrix, k) => {
        for (let i = 0; i < p; i += 1) for (let j = 0; j < p; j += 1) third[k][i][j] += repeat * matrix[i][j];
      });
    }
  }
  return {
    value: fit.logLik + 0.5 * solved.logDeterminant,
    score: fit.score.map((u, k) => u + 0.5 * traceOfProduct(solved.inverse, third[k])),
    information: fit.information,
  };
}

interface Maximum extends Penalised {
  readonly beta: number[];
  readonly converged: boolean;
}

/** Ascent by I⁻¹ times the score over the coefficients not in `held`, steps at most 1 SD long and halved while they lose. */
function maximise(model: Model, start: readonly number[], held: readonly number[]): Maximum | null {
  const free = start.map((_, j) => j).filter((j) => !held.includes(j));
  let beta = [...start];
  let current = penalised(model, beta);
  if (current === null) return null;
  if (free.length === 0) return { ...current, beta, converged: true };
  for (let iteration = 0; iteration < 500; iteration += 1) {
    const at: Penalised = current;
    const inverse = invert(free.map((i) => free.map((j) => at.information[i][j])))?.inverse;
    if (inverse === undefined) return null;
    const gradient = free.map((j) => at.score[j]);
    const step = inverse.map((row) => row.reduce((s, value, k) => s + value * gradient[k], 0));
    const length = Math.max(...step.map((value, k) => Math.abs(value) / (5 * Math.sqrt(inverse[k][k]))));
    let scale = length > 1 ? 1 / length : 1;
    let next: Penalised | null = null;
    let candidate = beta;
    for (; scale > 1e-12; scale /= 2) {
      const factor = scale;
      candidate = beta.map((b, j) => (free.includes(j) ? b + factor * step[free.indexOf(j)] : b));
      next = penalised(model, candidate);
      if (next !== null && next.value >= at.value - 1e-13 * Math.abs(at.value)) break;
    }
    if (next === null) return { ...at, beta, converged: false };
    const gain = step.reduce((s, value, k) => s + value * gradient[k], 0);
    beta = candidate;
    current = next;
    if (gain < 1e-20) return { ...current, beta, converged: true };
  }
  return { ...current, beta, converged: false };
}
