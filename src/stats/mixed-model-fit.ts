// REML fit of the random-intercept model. The residual variance is profiled out; what is left is one number,
// lambda = subject variance / residual variance, found as the root of the REML score inside the best cell of a grid.
import { exp, log, log1p } from '../math/index.ts';
import { addOuter, dot, invert, timesVector, traceOfProduct, zeros, type Matrix } from './matrix.ts';
import { brentRoot } from './roots.ts';

/** Values by subject; `x` is observations × coefficients. */
export interface Design {
  readonly subjects: readonly { readonly y: readonly number[]; readonly x: readonly (readonly number[])[] }[];
  readonly n: number;
  readonly p: number;
}

export interface RemlFit {
  readonly sigma2Residual: number;
  readonly sigma2Subject: number;
  readonly beta: readonly number[];
  /** (X' V⁻¹ X)⁻¹. */
  readonly phi: Matrix;
  readonly logLik: number;
  readonly singular: boolean;
}

const LOG_LAMBDA_LOW = -12;
const LOG_LAMBDA_HIGH = 8;
const STEP = 0.25;
const LOG_TWO_PI = 1.837877066409345483560659472811;

/** Null when X is not of full rank or nothing is left to estimate the residual variance from. */
export function fitReml(design: Design): RemlFit | null {
  const atZero = profile(design, 0);
  let squares = 0;
  for (const { y } of design.subjects) squares += dot(y, y);
  if (atZero === null || !(atZero.sigma2 > (1e-24 * squares) / design.n)) return null;
  const grid: number[] = [];
  for (let u = LOG_LAMBDA_LOW; u <= LOG_LAMBDA_HIGH; u += STEP) grid.push(u);
  let best = -1;
  let lowest = Infinity;
  grid.forEach((u, i) => {
    const value = profile(design, exp(u))?.criterion ?? Infinity;
    if (value < lowest) {
      lowest = value;
      best = i;
    }
  });
  const root =
    best <= 0 ? null : brentRoot((u) => score(design, exp(u)), grid[best] - STEP, grid[best] + STEP, 1e-13);
  const inside = root === null ? null : profile(design, exp(root));
  const singular = inside === null || inside.criterion >= atZero.criterion;
  const lambda = singular || root === null ? 0 : exp(root);
  const chosen = singular ? atZero : inside;
  const s2 = chosen.sigma2;
  return {
    sigma2Residual: s2,
    sigma2Subject: lambda * s2,
    beta: chosen.beta,
    phi: chosen.inverse.map((row) => row.map((value) => value * s2)),
    logLik: -0.5 * (chosen.criterion + (design.n - design.p) * (LOG_TWO_PI + 1)),
    singular,
  };
}

interface Profile {
  readonly criterion: number;
  readonly sigma2: number;
  readonly beta: number[];
  /** (X' (V/s²)⁻¹ X)⁻¹. */
  readonly inverse: Matrix;
}

/** (n - p) ln s² + ln|V/s²| + ln|X'(V/s²)⁻¹X| at lambda, with s² at its best. */
function profile(design: Design, lambda: number): Profile | null {
  const { n, p } = design;
  const xvx = zeros(p, p);
  const xvy = new Array<number>(p).fill(0);
  let logDeterminant = 0;
  for (const { y, x } of design.subjects) {
    const m = y.length;
    const shrink = lambda / (1 + lambda * m);
    const xSum = columnSums(x, p);
    const ySum = total(y);
    x.forEach((row, i) => {
      addOuter(xvx, row, row);
      row.forEach((value, j) => (xvy[j] += value * y[i]));
    });
    addOuter(xvx, xSum, xSum, -shrink);
    xSum.forEach((value, j) => (xvy[j] -= shrink * value * ySum));
    logDeterminant += log1p(lambda * m);
  }
  const solved = invert(xvx);
  if (solved === null || n <= p) return null;
  const beta = timesVector(solved.inverse, xvy);
  let squares = 0;
  for (const { y, x } of design.subjects) {
    const residual = y.map((value, i) => value - dot(x[i], beta));
    const sum = total(residual);
    squares += dot(residual, residual) - (lambda / (1 + lambda * y.length)) * sum * sum;
  }
  const sigma2 = squares / (n - p);
  return {
    criterion: (n - p) * log(sigma2) + logDeterminant + solved.logDeterminant,
    sigma2,
    beta,
    inverse: solved.inverse,
  };
}

/** u' ZZ' u - tr(P ZZ') with u = V⁻¹ r, both times s²: zero at the REML optimum of lambda. */
function score(design: Design, lambda: number): number {
  const fit = profile(design, lambda);
  if (fit === null) return NaN;
  let quadratic = 0;
  let trace = 0;
  const inner = zeros(design.p, design.p);
  for (const { y, x } of design.subjects) {
    const m = y.length;
    const weight = 1 / (1 + lambda * m);
    const sum = total(y.map((value, i) => value - dot(x[i], fit.beta)));
    quadratic += weight * weight * sum * sum;
    trace += m * weight;
    const xSum = columnSums(x, design.p);
    addOuter(inner, xSum, xSum, weight * weight);
  }
  return quadratic / fit.sigma2 - (trace - traceOfProduct(fit.inverse, inner));
}

export function columnSums(x: readonly (readonly number[])[], p: number): number[] {
  const sums = new Array<number>(p).fill(0);
  for (const row of x) for (let j = 0; j < p; j += 1) sums[j] += row[j];
  return sums;
}

function total(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
