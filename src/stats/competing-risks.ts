// Cumulative incidence with competing risks (Aalen-Johansen), statistics.md section 15.
// Invariant: at every time CIF1 + CIF2 + S = 1; the standard errors are infinitesimal-jackknife, Gray's beside them.
import { checkTimes } from './survival-curve.ts';
import type { StatisticResult } from './result.ts';

export interface CumulativeIncidence extends StatisticResult {
  readonly time: readonly number[];
  readonly nRisk: readonly number[];
  readonly cif1: readonly number[];
  readonly cif2: readonly number[];
  readonly se1: readonly number[];
  readonly se2: readonly number[];
  readonly landmark: {
    readonly time: readonly number[];
    readonly cif1: readonly number[];
    readonly se1: readonly number[];
    readonly cif2: readonly number[];
    readonly se2: readonly number[];
    /** Variances by the delta method of R's cmprsk (Gray 1988), which differ slightly. */
    readonly varGray1: readonly number[];
    readonly varGray2: readonly number[];
  };
}

/** `status` is 0 censored, 1 event of interest, 2 competing event. */
export function cumulativeIncidence(
  time: readonly number[],
  status: readonly number[],
  options: { readonly landmarks?: readonly number[] } = {},
): CumulativeIncidence {
  const { landmarks = [] } = options;
  checkTimes(time);
  const n = time.length;
  const times = [...new Set(time)].sort((a, b) => a - b);
  const nRisk: number[] = [];
  const cif: [number[], number[]] = [[], []];
  const se: [number[], number[]] = [[], []];
  let survival = 1;
  const incidence = [0, 0];
  // Derivatives of S and of both incidences to the weight of each observation.
  const slopeS = new Array<number>(n).fill(0);
  const slopeF = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
  for (const t of times) {
    const atRisk = time.filter((value) => value >= t).length;
    const deaths = [1, 2].map(
      (cause) => time.filter((value, i) => value === t && status[i] === cause).length,
    );
    const all = deaths[0] + deaths[1];
    for (let i = 0; i < n; i += 1) {
      const here = time[i] >= t ? 1 : 0;
      const own = [1, 2].map((cause) => (time[i] === t && status[i] === cause ? 1 : 0));
      for (let k = 0; k < 2; k += 1) {
        const hazardSlope = own[k] / atRisk - (here * deaths[k]) / (atRisk * atRisk);
        slopeF[k][i] += (slopeS[i] * deaths[k]) / atRisk + survival * hazardSlope;
      }
      const totalSlope = (own[0] + own[1]) / atRisk - (here * all) / (atRisk * atRisk);
      slopeS[i] = slopeS[i] * (1 - all / atRisk) - survival * totalSlope;
    }
    nRisk.push(atRisk);
    for (let k = 0; k < 2; k += 1) {
      incidence[k] += (survival * deaths[k]) / atRisk;
      cif[k].push(incidence[k]);
      se[k].push(Math.sqrt(slopeF[k].reduce((s, value) => s + value * value, 0)));
    }
    survival *= (atRisk - all) / atRisk;
  }
  const last = landmarks.map((t) => times.filter((value) => value <= t).length - 1);
  const read = (column: readonly number[]): number[] => last.map((i) => (i < 0 ? 0 : column[i]));
  return {
    method: 'cumulative incidence, Aalen-Johansen',
    options: {},
    nUsed: n,
    nDropped: 0,
    warnings: status.includes(1) ? [] : ['NO_EVENTS'],
    time: times,
    nRisk,
    cif1: cif[0],
    cif2: cif[1],
    se1: se[0],
    se2: se[1],
    landmark: {
      time: landmarks,
      cif1: read(cif[0]),
      se1: read(se[0]),
      cif2: read(cif[1]),
      se2: read(se[1]),
      varGray1: read(grayVariance(time, status, times, 1)),
      varGray2: read(grayVariance(time, status, times, 2)),
    },
  };
}

/** Variance of the incidence of `cause` at each time, as cmprsk's cuminc computes it; it moves only at events of the cause. */
function grayVariance(
  time: readonly number[],
  status: readonly number[],
  times: readonly number[],
  cause: number,
): number[] {
  let survival = 1;
  let incidence = 0;
  let v1 = 0;
  let v2 = 0;
  let v3 = 0;
  let current = 0;
  return times.map((t) => {
    const n = time.filter((value) => value >= t).length;
    const own = time.filter((value, i) => value === t && status[i] === cause).length;
    const other = time.filter((value, i) => value === t && status[i] !== cause && status[i] !== 0).length;
    const after = (survival * (n - own - other)) / n;
    incidence += (survival * own) / n;
    const add = (d: number, t3: number, t4: number): void => {
      const tied = d > 1 ? 1 - (d - 1) / (n - 1) : 1;
      const t6 = (survival * survival * tied * d) / (n * n);
      v1 += t4 * t4 * t6;
      v2 += t3 * t4 * t6;
      v3 += t3 * t3 * t6;
    };
    if (other > 0 && after > 0) add(other, 1 / after, incidence / after);
    if (own > 0) {
      const t3 = after > 0 ? 1 / after : 0;
      add(own, t3, 1 + t3 * incidence);
      current = v1 + incidence * incidence * v3 - 2 * incidence * v2;
    }
    survival = after;
    return current;
  });
}
