// Random variates beyond the uniform and the normal, drawn from a seeded stream of math/. Same stream, same values on
// every platform: only the elementary functions of math/ are used.
import { exp, log, log1p, pow, type Random } from '../math/index.ts';

/** Poisson count. Below 30 by products of uniforms (Knuth), above by transformed rejection (Hoermann 1993, PTRS); both exact. */
export function poisson(random: Random, mean: number): number {
  if (!(mean > 0)) return 0;
  return mean < 30 ? poissonByProduct(random, mean) : poissonByRejection(random, mean);
}

function poissonByProduct(random: Random, mean: number): number {
  const limit = exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}

function poissonByRejection(random: Random, mean: number): number {
  const logMean = log(mean);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random.next() - 0.5;
    const v = random.next();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial(k)) return k;
  }
}

/** ln k!: a sum for small k, else Stirling's series to 1/k^5 (error below 1e-10 from k = 16). */
function logFactorial(k: number): number {
  if (k < 16) {
    let sum = 0;
    for (let i = 2; i <= k; i++) sum += log(i);
    return sum;
  }
  const inverse = 1 / k;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square / 1260));
  return (k + 0.5) * log(k) - k + halfLogTwoPi + series;
}

const halfLogTwoPi = 0.9189385332046727;

/** Gamma variate of unit scale, `shape` > 0 (Marsaglia and Tsang 2000; shapes below 1 by their boost). */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * pow(1 - random.next(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const v = 1 + c * z;
    if (v <= 0) continue;
    const cube = v * v * v;
    if (log(1 - random.next()) < 0.5 * z * z + d - d * cube + d * log(cube)) return d * cube;
  }
}

/** Proportions around `shares` (any positive scale) with the given concentration; they sum to 1, a share of 0 stays 0. */
export function dirichlet(random: Random, shares: readonly number[], concentration: number): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const parts = shares.map((share) => (share > 0 ? gamma(random, (concentration * share) / total) : 0));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}

/** Parameters of a lognormal on the ln scale from its mean (> 0) and coefficient of variation. */
export function lognormalFrom(mean: number, cv: number): { readonly mu: number; readonly sigma: number } {
  const variance = log1p(cv * cv);
  return { mu: log(mean) - variance / 2, sigma: Math.sqrt(variance) };
}

/** Lognormal value of the given mean and coefficient of variation. */
export function lognormal(random: Random, mean: number, cv: number): number {
  const { mu, sigma } = lognormalFrom(mean, cv);
  return exp(mu + sigma * random.normal());
}
