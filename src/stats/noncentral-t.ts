// Noncentral t: the cdf as a Poisson mixture of incomplete betas (Lenth 1989, AS 243), for large noncentralities as an
// integral over the normal; and the interval of the noncentrality by pivoting.
// Invariant: the cost does not grow with t or with the noncentrality.
import { exp, log } from '../math/index.ts';
import { chiSquareUpper, normalCdf, normalDensity } from './distributions.ts';
import { monotoneRoot } from './roots.ts';
import { betaTails, logGamma } from './special.ts';

/** Beyond this noncentrality the series grows long and the integral below has lost its kink. */
const SERIES_LIMIT = 9;

/** P(T <= t) for noncentral t with df > 0 and noncentrality ncp; about 1e-13 absolute. */
export function noncentralTCdf(t: number, df: number, ncp: number): number {
  if (t < 0) return 1 - noncentralTCdf(-t, df, -ncp);
  if (t === 0) return normalCdf(-ncp);
  const value = Math.abs(ncp) > SERIES_LIMIT ? byIntegral(t, df, ncp) : bySeries(t, df, ncp);
  return Math.min(1, Math.max(0, value));
}

/** Poisson mixture of incomplete betas; the weights are largest near ncp²/2. */
function bySeries(t: number, df: number, ncp: number): number {
  const x = 1 / (1 + df / (t * t));
  const y = 1 / (1 + (t * t) / df);
  const half = 0.5 * ncp * ncp;
  const logHalf = half > 0 ? log(half) : 0;
  let sum = 0;
  for (let j = 0; j < 1000; j += 1) {
    if (half === 0 && j > 0) break;
    const even = exp(j * logHalf - half - logGamma(j + 1)) * betaTails(x, y, j + 0.5, 0.5 * df).lower;
    const odd =
      half === 0
        ? 0
        : exp((j + 0.5) * logHalf - half - logGamma(j + 1.5)) * betaTails(x, y, j + 1, 0.5 * df).lower;
    sum += even + (ncp < 0 ? -odd : odd);
    if (j > half + 10 && even < 1e-18) break;
  }
  return normalCdf(-ncp) + 0.5 * sum;
}

/** E over Z of P(chi² >= df ((Z + ncp)/t)²) by the trapezoid rule, which is exact for a smooth integrand that dies out like φ. */
function byIntegral(t: number, df: number, ncp: number): number {
  const step = 0.125;
  let sum = 0;
  for (let i = -72; i <= 72; i += 1) {
    const z = i * step;
    const bound = (z + ncp) / t;
    sum += normalDensity(z) * (bound <= 0 ? 1 : chiSquareUpper(df * bound * bound, df));
  }
  return sum * step;
}

/** Limits of the noncentrality at which the observed t has probability 1 - a/2 and a/2, a = 1 - conf. */
export function noncentralityInterval(
  t: number,
  df: number,
  conf: number,
): { low: number | null; high: number | null } {
  const half = (1 - conf) / 2;
  const limit = (p: number): number | null =>
    monotoneRoot((ncp) => noncentralTCdf(t, df, ncp) - p, t, 0.5, 1e-13);
  return { low: limit(1 - half), high: limit(half) };
}
