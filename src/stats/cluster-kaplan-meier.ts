// Kaplan-Meier of observations in clusters, such as lesions in patients, with standard errors that allow for that (statistics.md section 15).
import type { StatisticResult } from './result.ts';
import { checkTimes, curveOf } from './survival-curve.ts';

export interface ClusterKm extends StatisticResult {
  readonly time: readonly number[];
  readonly surv: readonly number[];
  /** Infinitesimal-jackknife standard error of S with clusters summed. */
  readonly robustSe: readonly number[];
  readonly landmark: {
    readonly time: readonly number[];
    readonly surv: readonly number[];
    readonly se: readonly number[];
  };
}

/** Kaplan-Meier of observations nested in clusters (lesions in subjects): dS/dw of each observation, summed by cluster. */
export function clusterKaplanMeier(
  time: readonly number[],
  event: readonly number[],
  cluster: readonly (string | number)[],
  options: { readonly landmarks?: readonly number[] } = {},
): ClusterKm {
  const { landmarks = [] } = options;
  checkTimes(time);
  const curve = curveOf(time, event);
  const clusters = [...new Set(cluster)];
  const member = cluster.map((name) => clusters.indexOf(name));
  const slope = new Array<number>(time.length).fill(0);
  const robustSe = curve.time.map((t, k) => {
    const n = curve.nRisk[k];
    const d = curve.nEvent[k];
    for (let i = 0; i < time.length; i += 1) {
      if (time[i] < t || d === 0 || n === d) continue;
      const died = time[i] === t && event[i] === 1 ? 1 : 0;
      slope[i] -= (died - d / n) / (n - d);
    }
    const sums = new Array<number>(clusters.length).fill(0);
    member.forEach((c, i) => (sums[c] += slope[i]));
    return curve.surv[k] * Math.sqrt(sums.reduce((s, value) => s + value * value, 0));
  });
  const index = landmarks.map((t) => curve.time.filter((value) => value <= t).length - 1);
  return {
    method: 'Kaplan-Meier, cluster-robust',
    options: { clusters: clusters.length },
    nUsed: time.length,
    nDropped: 0,
    warnings: event.includes(1) ? [] : ['NO_EVENTS'],
    time: curve.time,
    surv: curve.surv,
    robustSe,
    landmark: {
      time: landmarks,
      surv: index.map((i) => (i < 0 ? 1 : curve.surv[i])),
      se: index.map((i) => (i < 0 ? 0 : robustSe[i])),
    },
  };
}
