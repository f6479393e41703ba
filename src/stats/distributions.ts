// Continuous distributions: normal, t, chi-square, F and beta, each with both tails and a quantile.
// Invariant: `…Upper` is computed directly, never as 1 - cdf; quantiles invert the smaller tail on a log scale.
import { exp, log } from '../math/index.ts';
import { monotoneRoot } from './roots.ts';
import { betaTails, gammaTails, type Tails } from './special.ts';

/** Both tails of the standard normal at x. */
export function normalTails(x: number): Tails {
  if (Number.isNaN(x)) return { lower: NaN, upper: NaN };
  const { lower, upper } = gammaTails(0.5, 0.5 * x * x);
  const far = 0.5 * upper;
  const near = 0.5 + 0.5 * lower;
  return x > 0 ? { lower: near, upper: far } : { lower: far, upper: near };
}

/** P(Z <= x). */
export function normalCdf(x: number): number {
  return normalTails(x).lower;
}

/** P(Z > x). */
export function normalUpper(x: number): number {
  return normalTails(x).upper;
}

/** Density of the standard normal. */
export function normalDensity(x: number): number {
  return 0.398942280401432677939946 * exp(-0.5 * x * x);
}

/** x with P(Z <= x) = p; ±Infinity at p = 0 and 1. */
export function normalQuantile(p: number): number {
  return symmetricQuantile(p, (x) => normalTails(x).upper);
}

/** Both tails of Student's t with real df > 0 (Infinity: normal). */
export function tTails(x: number, df: number): Tails {
  if (df === Infinity) return normalTails(x);
  const ratio = (x / df) * x;
  const { lower, upper } = betaTails(1 / (1 + ratio), 1 / (1 + 1 / ratio), 0.5 * df, 0.5);
  const far = 0.5 * lower;
  const near = 0.5 + 0.5 * upper;
  return x > 0 ? { lower: near, upper: far } : { lower: far, upper: near };
}

export function tCdf(x: number, df: number): number {
  return tTails(x, df).lower;
}

export function tUpper(x: number, df: number): number {
  return tTails(x, df).upper;
}

/** Two-sided p of a t statistic. */
export function tTwoSided(t: number, df: number): number {
  return 2 * tTails(Math.abs(t), df).upper;
}

/** Two-sided p of a z statistic. */
export function normalTwoSided(z: number): number {
  return 2 * normalTails(Math.abs(z)).upper;
}

export function tQuantile(p: number, df: number): number {
  return symmetricQuantile(p, (x) => tTails(x, df).upper);
}

/** Both tails of chi-square with df > 0. */
export function chiSquareTails(x: number, df: number): Tails {
  return gammaTails(0.5 * df, 0.5 * x);
}

export function chiSquareCdf(x: number, df: number): number {
  return chiSquareTails(x, df).lower;
}

export function chiSquareUpper(x: number, df: number): number {
  return chiSquareTails(x, df).upper;
}

export function chiSquareQuantile(p: number, df: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return 0;
  if (p === 1) return Infinity;
  return exp(invertTails(p, log(df), (u) => chiSquareTails(exp(u), df)));
}

/** Both tails of F with df1 and df2 > 0. */
export function fTails(x: number, df1: number, df2: number): Tails {
  if (!(x > 0)) return { lower: 0, upper: 1 };
  const ratio = (df1 * x) / df2;
  return betaTails(1 / (1 + 1 / ratio), 1 / (1 + ratio), 0.5 * df1, 0.5 * df2);
}

export function fCdf(x: number, df1: number, df2: number): number {
  return fTails(x, df1, df2).lower;
}

export function fUpper(x: number, df1: number, df2: number): number {
  return fTails(x, df1, df2).upper;
}

/** P(B <= x) for B ~ beta(a, b), 0 <= x <= 1. */
export function betaCdf(x: number, a: number, b: number): number {
  return betaTails(x, 1 - x, a, b).lower;
}

export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0 || p === 1) return p;
  const u = invertTails(p, log(a / b), (v) => betaTails(1 / (1 + exp(-v)), 1 / (1 + exp(v)), a, b));
  return 1 / (1 + exp(-u));
}

/** Quantile of a distribution symmetric about 0, from its upper tail at x > 0. */
function symmetricQuantile(p: number, upper: (x: number) => number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0.5) return 0;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const tail = Math.min(p, 1 - p);
  const target = log(tail);
  const u = monotoneRoot((v) => log(Math.max(upper(exp(v)), 5e-324)) - target, 0, 0.5);
  if (u === null) return NaN;
  return p < 0.5 ? -exp(u) : exp(u);
}

/** u where the lower tail is p: the smaller of both tails is matched on a log scale. */
function invertTails(p: number, start: number, tails: (u: number) => Tails): number {
  const target = log(Math.min(p, 1 - p));
  const miss =
    p < 0.5
      ? (u: number) => log(Math.max(tails(u).lower, 5e-324)) - target
      : (u: number) => log(Math.max(tails(u).upper, 5e-324)) - target;
  return monotoneRoot(miss, start, 0.5) ?? NaN;
}
