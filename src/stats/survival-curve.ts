// The product-limit curve behind Kaplan-Meier and its cluster-robust form (statistics.md section 15).
// Invariant: events come before censorings of the same time.
import { ImmunogateError } from '../errors.ts';

/** Throws NEGATIVE_TIME. */
export function checkTimes(time: readonly number[]): void {
  const bad = time.find((value) => !(value >= 0));
  if (bad !== undefined)
    throw new ImmunogateError('NEGATIVE_TIME', `A time is ${bad}; times must be 0 or more.`);
}

/** One entry a distinct time. */
export interface Curve {
  readonly time: number[];
  readonly nRisk: number[];
  readonly nEvent: number[];
  readonly nCensor: number[];
  readonly surv: number[];
  /** Sum of d / (n (n - d)); Infinity once S is 0. */
  readonly greenwood: number[];
}

/** `event[i]` is 1 for an event and 0 for a censoring at `time[i]`. */
export function curveOf(time: readonly number[], event: readonly number[]): Curve {
  const order = time.map((_, i) => i).sort((i, j) => time[i] - time[j] || i - j);
  const curve: Curve = { time: [], nRisk: [], nEvent: [], nCensor: [], surv: [], greenwood: [] };
  let surv = 1;
  let greenwood = 0;
  let i = 0;
  while (i < order.length) {
    const t = time[order[i]];
    const nRisk = order.length - i;
    let deaths = 0;
    let censored = 0;
    for (; i < order.length && time[order[i]] === t; i += 1) {
      if (event[order[i]] === 1) deaths += 1;
      else censored += 1;
    }
    surv *= (nRisk - deaths) / nRisk;
    greenwood += deaths === 0 ? 0 : deaths / (nRisk * (nRisk - deaths));
    curve.time.push(t);
    curve.nRisk.push(nRisk);
    curve.nEvent.push(deaths);
    curve.nCensor.push(censored);
    curve.surv.push(surv);
    curve.greenwood.push(greenwood);
  }
  return curve;
}
