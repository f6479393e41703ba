// Generalised estimating equations, Gaussian with identity link (statistics.md section 9, optional): independence or
// exchangeable working correlation, sandwich covariance without small-sample correction.
import { chiSquareUpper } from './distributions.ts';
import { addOuter, dot, invert, multiply, timesVector, zeros, type Matrix } from './matrix.ts';
import type { MixedModelInput } from './mixed-model.ts';
import { columnSums } from './mixed-model-fit.ts';
import { isPresent, type Maybe, type StatisticResult } from './result.ts';

export interface GeeFit {
  readonly corstr: 'independence' | 'exchangeable';
  readonly alpha: Maybe;
  readonly estimate: readonly number[];
  readonly robustSe: readonly number[];
  readonly wald: readonly number[];
  readonly p: readonly number[];
}

export interface GeeResult extends StatisticResult {
  readonly names: readonly string[];
  readonly fits: readonly GeeFit[];
}

interface Cluster {
  readonly y: readonly number[];
  readonly x: readonly (readonly number[])[];
}

/** Both working correlations; TOO_FEW warns that below 40 subjects the sandwich is too small. */
export function fitGee(
  input: MixedModelInput,
  options: { readonly visitOrder?: readonly string[] } = {},
): GeeResult {
  const rows = input.y.map((_, i) => i).filter((i) => isPresent(input.y[i]));
  const seen = new Set(rows.map((i) => input.visit[i]));
  const visits = [...new Set(options.visitOrder ?? input.visit)].filter((visit) => seen.has(visit));
  const bySubject = new Map<string, { y: number[]; x: number[][] }>();
  for (const i of rows) {
    const entry = bySubject.get(input.subject[i]) ?? { y: [], x: [] };
    entry.y.push(input.y[i] ?? 0);
    entry.x.push(visits.map((visit, j) => (j === 0 || visit === input.visit[i] ? 1 : 0)));
    bySubject.set(input.subject[i], entry);
  }
  const clusters = [...bySubject.values()];
  const independence = fit(clusters, visits.length, 0);
  const exchangeable = independence === null ? null : exchangeableFit(clusters, visits.length, independence);
  const fits: GeeFit[] = [];
  if (independence !== null) fits.push(summary('independence', null, independence));
  if (exchangeable !== null) fits.push(summary('exchangeable', exchangeable.alpha, exchangeable.fitted));
  return {
    method: 'GEE, Gaussian identity, sandwich',
    options: { reference: visits[0] ?? null },
    nUsed: rows.length,
    nDropped: input.y.length - rows.length,
    warnings: fits.length < 2 ? ['NO_CONVERGENCE'] : clusters.length < 40 ? ['TOO_FEW'] : [],
    names: ['(Intercept)', ...visits.slice(1)],
    fits,
  };
}

interface Fitted {
  readonly beta: readonly number[];
  readonly covariance: Matrix;
}

/** Weighted least squares with exchangeable correlation alpha, and its sandwich. */
function fit(clusters: readonly Cluster[], p: number, alpha: number): Fitted | null {
  const bread = zeros(p, p);
  const right = new Array<number>(p).fill(0);
  for (const { y, x } of clusters) {
    const kx = applyInverse(x, alpha);
    kx.forEach((row, i) => {
      addOuter(bread, row, x[i]);
      row.forEach((value, j) => (right[j] += value * y[i]));
    });
  }
  const inverse = invert(bread)?.inverse;
  if (inverse === undefined) return null;
  const beta = timesVector(inverse, right);
  const meat = zeros(p, p);
  for (const { y, x } of clusters) {
    const u = new Array<number>(p).fill(0);
    applyInverse(x, alpha).forEach((row, i) => {
      const residual = y[i] - dot(x[i], beta);
      row.forEach((value, j) => (u[j] += value * residual));
    });
    addOuter(meat, u, u);
  }
  return { beta, covariance: multiply(multiply(inverse, meat), inverse) };
}

function exchangeableFit(
  clusters: readonly Cluster[],
  p: number,
  start: Fitted,
): { alpha: number; fitted: Fitted } | null {
  let fitted = start;
  let alpha = 0;
  for (let iteration = 0; iteration < 200; iteration += 1) {
    const next = pairCorrelation(clusters, fitted.beta);
    if (next === null) return null;
    const refit = fit(clusters, p, next);
    if (refit === null) return null;
    const moved = Math.abs(next - alpha);
    alpha = next;
    fitted = refit;
    if (moved < 1e-12) return { alpha, fitted };
  }
  return null;
}

/** Mean product of residual pairs over the mean squared residual; null without pairs. */
function pairCorrelation(clusters: readonly Cluster[], beta: readonly number[]): Maybe {
  let products = 0;
  let pairs = 0;
  let squares = 0;
  let n = 0;
  for (const { y, x } of clusters) {
    const residual = y.map((value, i) => value - dot(x[i], beta));
    for (let i = 0; i < residual.length; i += 1) {
      squares += residual[i] * residual[i];
      n += 1;
      for (let j = 0; j < i; j += 1) {
        products += residual[i] * residual[j];
        pairs += 1;
      }
    }
  }
  return pairs === 0 || squares === 0 ? null : products / pairs / (squares / n);
}

/** R⁻¹ X for R = (1 - alpha) I + alpha J. */
function applyInverse(x: readonly (readonly number[])[], alpha: number): Matrix {
  const m = x.length;
  const sums = columnSums(x, x[0].length);
  const shrink = alpha / (1 - alpha + alpha * m);
  return x.map((row) => row.map((value, j) => (value - shrink * sums[j]) / (1 - alpha)));
}

function summary(corstr: GeeFit['corstr'], alpha: Maybe, { beta, covariance }: Fitted): GeeFit {
  const robustSe = covariance.map((row, j) => Math.sqrt(row[j]));
  const wald = beta.map((value, j) => (value / robustSe[j]) * (value / robustSe[j]));
  return { corstr, alpha, estimate: beta, robustSe, wald, p: wald.map((value) => chiSquareUpper(value, 1)) };
}
