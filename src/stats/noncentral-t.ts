// Noncentral t: the cdf as a Poisson mixture of incomplete betas (Lenth 1989, AS 243), started at the mode of the
// weights so that large noncentralities do not underflow; and the interval of the noncentrality by pivoting.
import { exp, log } from '../math/index.ts';
import { normalCdf } from './distributions.ts';
import { monotoneRoot } from './roots.ts';
import { betaTails, logGamma } from './special.ts';

/** P(T <= t) for noncentral t with df > 0 and noncentrality ncp; about 1e-13 absolute. */
export function noncentralTCdf(t: number, df: number, ncp: number): number {
  if (t < 0) return 1 - noncentralTCdf(-t, df, -ncp);
  const base = normalCdf(-ncp);
  if (t === 0) return base;
  const x = 1 / (1 + df / (t * t));
  const y = 1 / (1 + (t * t) / df);
  const half = 0.5 * ncp * ncp;
  const logHalf = half > 0 ? log(half) : 0;
  const term = (j: number): number => {
    if (half === 0) return j === 0 ? betaTails(x, y, 0.5, 0.5 * df).lower : 0;
    const even = exp(j * logHalf - half - logGamma(j + 1)) * betaTails(x, y, j + 0.5, 0.5 * df).lower;
    const odd = exp((j + 0.5) * logHalf - half - logGamma(j + 1.5)) * betaTails(x, y, j + 1, 0.5 * df).lower;
    return even + (ncp < 0 ? -odd : odd);
  };
  const mode = Math.floor(half);
  let sum = 0;
  for (let j = mode; j >= 0; j -= 1) {
    const value = term(j);
    sum += value;
    if (j < mode - 20 && Math.abs(value) < 1e-18) break;
  }
  for (let j = mode + 1; j < mode + 100_000; j += 1) {
    const value = term(j);
    sum += value;
    if (j > mode + 10 && Math.abs(value) < 1e-18) break;
  }
  return Math.min(1, Math.max(0, base + 0.5 * sum));
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
