// Kaplan-Meier and its relatives (statistics.md section 15): confidence bands, quantiles, landmarks, reverse curve,
// restricted mean, Nelson-Aalen. Times are whole days or any real unit >= 0.
// Invariant: events come before censorings of the same time; limits are null where S is 0 or 1, the SE where S is 0.
import { exp, log } from '../math/index.ts';
import { normalQuantile } from './distributions.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';
import { checkTimes, curveOf, type Curve } from './survival-curve.ts';

export type ConfType = 'loglog' | 'log' | 'plain';

/** One row per distinct time; columns of equal length. */
export interface KmTable {
  readonly time: readonly number[];
  readonly nRisk: readonly number[];
  readonly nEvent: readonly number[];
  readonly nCensor: readonly number[];
  readonly surv: readonly number[];
  /** Greenwood standard error of S. */
  readonly se: readonly Maybe[];
}

export interface KmQuantiles {
  readonly p: readonly number[];
  readonly time: readonly Maybe[];
  readonly lower: readonly Maybe[];
  readonly upper: readonly Maybe[];
}

export interface KmLandmark {
  readonly time: readonly number[];
  /** Subjects with time >= the landmark. */
  readonly nRisk: readonly number[];
  readonly surv: readonly number[];
  readonly se: readonly Maybe[];
  readonly lower: readonly Maybe[];
  readonly upper: readonly Maybe[];
  /** True where the landmark lies past the last observation: the last value is held. */
  readonly pastLast: readonly boolean[];
}

export interface KmBand {
  readonly lower: readonly Maybe[];
  readonly upper: readonly Maybe[];
  readonly quantiles: KmQuantiles;
  readonly landmark: KmLandmark;
}

export interface KaplanMeier extends StatisticResult {
  readonly n: number;
  readonly events: number;
  readonly table: KmTable;
  readonly ci: Readonly<Record<ConfType, KmBand>>;
  /** Quantiles of follow-up: the same code with the indicator flipped. */
  readonly reverseKm: { readonly quantiles: KmQuantiles };
  readonly rmst: { readonly tau: number; readonly rmst: number; readonly se: number } | null;
  readonly nelsonAalen: { readonly cumHaz: readonly number[]; readonly se: readonly number[] };
}

export interface KmOptions extends IntervalOptions {
  /** Times at which S is read off; default none. */
  readonly landmarks?: readonly number[];
  /** Horizon of the restricted mean; null leaves it out. */
  readonly tau?: number | null;
  readonly probabilities?: readonly number[];
}

/** `event[i]` is 1 for an event and 0 for a censoring at `time[i]`. Throws NEGATIVE_TIME. */
export function kaplanMeier(
  time: readonly number[],
  event: readonly number[],
  options: KmOptions = {},
): KaplanMeier {
  const { conf = 0.95, landmarks = [], tau = null, probabilities = [0.25, 0.5, 0.75] } = options;
  checkTimes(time);
  const curve = curveOf(time, event);
  const reverse = curveOf(
    time,
    event.map((e) => 1 - e),
  );
  const z = normalQuantile(1 - (1 - conf) / 2);
  const events = event.reduce((s, e) => s + e, 0);
  const band = (type: ConfType): KmBand => {
    const limits = limitsOf(curve, type, z);
    return {
      lower: limits.map(([low]) => low),
      upper: limits.map(([, high]) => high),
      quantiles: quantilesOf(curve, type, z, probabilities),
      landmark: landmarkOf(curve, time, type, z, landmarks),
    };
  };
  return {
    method: 'Kaplan-Meier',
    options: { conf, tau },
    nUsed: time.length,
    nDropped: 0,
    warnings: time.length === 0 ? ['TOO_FEW'] : events === 0 ? ['NO_EVENTS'] : [],
    n: time.length,
    events,
    table: {
      time: curve.time,
      nRisk: curve.nRisk,
      nEvent: curve.nEvent,
      nCensor: curve.nCensor,
      surv: curve.surv,
      se: curve.surv.map((s, i) => standardError(s, curve.greenwood[i])),
    },
    ci: { loglog: band('loglog'), log: band('log'), plain: band('plain') },
    reverseKm: { quantiles: quantilesOf(reverse, 'loglog', z, probabilities) },
    rmst: tau === null ? null : restrictedMean(curve, tau),
    nelsonAalen: nelsonAalen(curve),
  };
}

const EDGE = 1e-12;
const FLAT = 1.5e-8;

function standardError(surv: number, greenwood: number): Maybe {
  return surv <= EDGE ? null : surv * Math.sqrt(greenwood);
}

function limits(surv: number, greenwood: number, type: ConfType, z: number): [Maybe, Maybe] {
  if (surv <= EDGE || surv >= 1 - EDGE) return [null, null];
  const root = Math.sqrt(greenwood);
  switch (type) {
    case 'loglog': {
      const logS = log(surv);
      const half = (z * root) / logS;
      // logS < 0, so `half` is negative: the larger exponent gives the lower limit.
      return [exp(logS * exp(-half)), exp(logS * exp(half))];
    }
    case 'log':
      return [surv * exp(-z * root), Math.min(1, surv * exp(z * root))];
    case 'plain':
      return [Math.max(0, surv - z * surv * root), Math.min(1, surv + z * surv * root)];
  }
}

function limitsOf(curve: Curve, type: ConfType, z: number): [Maybe, Maybe][] {
  return curve.surv.map((surv, i) => limits(surv, curve.greenwood[i], type, z));
}

function quantilesOf(curve: Curve, type: ConfType, z: number, probabilities: readonly number[]): KmQuantiles {
  const band = limitsOf(curve, type, z);
  const at = (values: readonly Maybe[]): Maybe[] =>
    probabilities.map((p) => firstCrossing(curve.time, values, 1 - p));
  return {
    p: probabilities,
    time: at(curve.surv),
    lower: at(band.map(([low]) => low)),
    upper: at(band.map(([, high]) => high)),
  };
}

/** First time the curve is at or below `level`; the midpoint of a segment that lies exactly on it; null if never. */
function firstCrossing(time: readonly number[], curve: readonly Maybe[], level: number): Maybe {
  for (let i = 0; i < curve.length; i += 1) {
    const value = curve[i];
    if (value === null) continue;
    if (Math.abs(value - level) < FLAT) {
      let j = i + 1;
      while (j < curve.length && isLevel(curve[j], level)) j += 1;
      return j < curve.length ? (time[i] + time[j]) / 2 : time[i];
    }
    if (value < level) return time[i];
  }
  return null;
}

function isLevel(value: Maybe, level: number): boolean {
  return value !== null && Math.abs(value - level) < FLAT;
}

function landmarkOf(
  curve: Curve,
  time: readonly number[],
  type: ConfType,
  z: number,
  landmarks: readonly number[],
): KmLandmark {
  const index = landmarks.map((t) => {
    let last = -1;
    while (last + 1 < curve.time.length && curve.time[last + 1] <= t) last += 1;
    return last;
  });
  const surv = index.map((i) => (i < 0 ? 1 : curve.surv[i]));
  const greenwood = index.map((i) => (i < 0 ? 0 : curve.greenwood[i]));
  const band = surv.map((s, k) => limits(s, greenwood[k], type, z));
  return {
    time: landmarks,
    nRisk: landmarks.map((t) => time.filter((value) => value >= t).length),
    surv,
    se: surv.map((s, k) => standardError(s, greenwood[k])),
    lower: band.map(([low]) => low),
    upper: band.map(([, high]) => high),
    pastLast: landmarks.map((t) => time.every((value) => value < t)),
  };
}

/** Area under S to tau; variance by the areas right of each event (Klein and Moeschberger 2003, 4.5). */
function restrictedMean(curve: Curve, tau: number): { tau: number; rmst: number; se: number } {
  const cut: number[] = [];
  curve.time.forEach((t, i) => {
    if (t <= tau && curve.nEvent[i] > 0) cut.push(i);
  });
  let variance = 0;
  let area = 0;
  let right = tau;
  for (let k = cut.length - 1; k >= 0; k -= 1) {
    const i = cut[k];
    area += curve.surv[i] * (right - curve.time[i]);
    right = curve.time[i];
    const rest = curve.nRisk[i] - curve.nEvent[i];
    if (rest > 0) variance += (area * area * curve.nEvent[i]) / (curve.nRisk[i] * rest);
  }
  return { tau, rmst: area + right, se: Math.sqrt(variance) };
}

function nelsonAalen(curve: Curve): { cumHaz: number[]; se: number[] } {
  let hazard = 0;
  let variance = 0;
  const cumHaz: number[] = [];
  const se: number[] = [];
  curve.time.forEach((_, i) => {
    hazard += curve.nEvent[i] / curve.nRisk[i];
    variance += curve.nEvent[i] / (curve.nRisk[i] * curve.nRisk[i]);
    cumHaz.push(hazard);
    se.push(Math.sqrt(variance));
  });
  return { cumHaz, se };
}
