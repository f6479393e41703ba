// Lognormal mean with values below a limit of quantification, by left-censored maximum likelihood (statistics.md section 6).
import { exp, log } from '../math/index.ts';
import { normalCdf, normalDensity } from './distributions.ts';
import { mean, standardDeviation } from './descriptive.ts';
import { invert, timesVector } from './matrix.ts';
import { isPresent, type Maybe, type StatisticResult } from './result.ts';

export interface CensoredLognormal extends StatisticResult {
  readonly nBlq: number;
  readonly mu: Maybe;
  readonly sigma: Maybe;
  readonly seMu: Maybe;
  /** exp(mu). */
  readonly geoMean: Maybe;
  readonly logLik: Maybe;
}

/** `values` null = below `lloq` of the same place. Needs two different observed values; Newton in (mu, ln sigma). */
export function censoredLognormal(values: readonly Maybe[], lloq: readonly number[]): CensoredLognormal {
  const observed: number[] = [];
  const limits: number[] = [];
  values.forEach((value, i) => {
    if (isPresent(value)) observed.push(log(value));
    else limits.push(log(lloq[i]));
  });
  const head = {
    method: 'left-censored lognormal ML',
    options: {},
    nUsed: values.length,
    nDropped: 0,
    nBlq: limits.length,
  };
  const nothing = { mu: null, sigma: null, seMu: null, geoMean: null, logLik: null };
  let mu = mean([...observed, ...limits]) ?? 0;
  const spread = standardDeviation(observed);
  if (observed.length < 2 || spread === null || spread === 0)
    return { ...head, warnings: ['TOO_FEW'], ...nothing };
  let lnSigma = log(spread);
  let current = likelihood(observed, limits, mu, lnSigma);
  for (let iteration = 0; iteration < 200; iteration += 1) {
    const solved = invert(current.information);
    const step = solved === null ? current.score : timesVector(solved.inverse, current.score);
    let scale = 1;
    let next = likelihood(observed, limits, mu + step[0], lnSigma + step[1]);
    while (!(next.value >= current.value - 1e-13 * Math.abs(current.value)) && scale > 1e-10) {
      scale /= 2;
      next = likelihood(observed, limits, mu + scale * step[0], lnSigma + scale * step[1]);
    }
    mu += scale * step[0];
    lnSigma += scale * step[1];
    current = next;
    if (Math.abs(step[0]) + Math.abs(step[1]) < 1e-13 * (1 + Math.abs(mu))) break;
  }
  const inverse = invert(current.information)?.inverse;
  if (inverse === undefined) return { ...head, warnings: ['NO_CONVERGENCE'], ...nothing };
  let jacobian = 0;
  for (const value of observed) jacobian += value;
  return {
    ...head,
    warnings: limits.length > values.length / 2 ? ['MANY_BLQ'] : [],
    mu,
    sigma: exp(lnSigma),
    seMu: Math.sqrt(inverse[0][0]),
    geoMean: exp(mu),
    logLik: current.value - jacobian,
  };
}

/** Log likelihood on the ln scale with its gradient and observed information in (mu, ln sigma). */
function likelihood(
  observed: readonly number[],
  limits: readonly number[],
  mu: number,
  lnSigma: number,
): { value: number; score: number[]; information: number[][] } {
  const sigma = exp(lnSigma);
  let value = 0;
  let [scoreMu, scoreSigma, mm, ms, ss] = [0, 0, 0, 0, 0];
  for (const y of observed) {
    const z = (y - mu) / sigma;
    value += -0.918938533204672741780329736406 - lnSigma - 0.5 * z * z;
    scoreMu += z / sigma;
    scoreSigma += z * z - 1;
    mm += 1 / (sigma * sigma);
    ms += (2 * z) / sigma;
    ss += 2 * z * z;
  }
  for (const limit of limits) {
    const z = (limit - mu) / sigma;
    const below = normalCdf(z);
    const ratio = normalDensity(z) / below;
    value += log(below);
    scoreMu -= ratio / sigma;
    scoreSigma -= ratio * z;
    const slope = ratio * (z + ratio);
    mm += slope / (sigma * sigma);
    ms += (slope * z - ratio) / sigma;
    ss += z * (slope * z - ratio);
  }
  const information = [
    [mm, ms],
    [ms, ss],
  ];
  return { value, score: [scoreMu, scoreSigma], information };
}
