// V: a cut at the valley between the two highest peaks of a kernel density (populations specification, section 0).
import { z } from 'zod';
import { findPeaks, kernelDensity } from '../../math/index.ts';
import { countBelow, cutGate, sortedFinite, type GatingMethod } from './contract.ts';

const params = z.strictObject({
  /** The peaks are looked for in [from, to], scale units. */
  from: z.number().nullable().default(null),
  to: z.number().nullable().default(null),
  /** Factor on Silverman's bandwidth. */
  adjust: z.number().positive().default(1),
  /** Smallest peak, as a fraction of the highest. */
  minPeak: z.number().min(0).max(1).default(0.05),
  /** Deepest acceptable ratio of valley to lower peak. */
  maxRatio: z.number().positive().max(1).default(0.8),
  /** Fewest events on each side. */
  minEvents: z.number().int().min(1).default(20),
});

export const valley: GatingMethod<z.infer<typeof params>> = {
  name: 'valley',
  dims: 1,
  params,
  fit(input, { from, to, adjust, minPeak, maxRatio, minEvents }) {
    const values = sortedFinite(input.columns[0], from ?? undefined, to ?? undefined);
    if (values.length < 2 * minEvents) {
      return {
        status: 'rejected',
        reason: `only ${values.length} events between the limits`,
        evidence: { events: values.length },
      };
    }
    if (values[0] === values[values.length - 1]) {
      return {
        status: 'rejected',
        reason: 'all events have the same value',
        evidence: { events: values.length },
      };
    }
    const density = kernelDensity(values, { adjust });
    const peaks = [...findPeaks(density, minPeak)]
      .sort((a, b) => b.height - a.height)
      .slice(0, 2)
      .sort((a, b) => a.index - b.index);
    if (peaks.length < 2) {
      const evidence = { events: values.length, peak: peaks.length === 0 ? null : peaks[0].x };
      return { status: 'rejected', reason: 'the density has one peak only', evidence };
    }
    const [left, right] = peaks;
    let lowest = left.index;
    for (let g = left.index; g <= right.index; g++) if (density.y[g] < density.y[lowest]) lowest = g;
    const cut = density.x[lowest];
    const ratio = density.y[lowest] / Math.min(left.height, right.height);
    const below = countBelow(values, cut);
    const evidence = {
      cut,
      peakLow: left.x,
      peakHigh: right.x,
      valleyRatio: ratio,
      bandwidth: density.bandwidth,
      eventsBelow: below,
      eventsAbove: values.length - below,
    };
    if (ratio > maxRatio)
      return {
        status: 'rejected',
        reason: `the valley is shallow (${ratio.toFixed(2)} of the lower peak)`,
        evidence,
      };
    if (below < minEvents || values.length - below < minEvents) {
      return {
        status: 'rejected',
        reason: `fewer than ${minEvents} events on one side of the valley`,
        evidence,
      };
    }
    return { status: 'fitted', gate: cutGate(input, cut), cut, evidence };
  },
};
