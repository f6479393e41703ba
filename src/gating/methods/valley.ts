// V: a cut at the valley between two peaks of a kernel density (populations specification, section 0). Ripples are not peaks: two
// neighbours whose valley is too shallow count as the higher of them, before the peaks are chosen.
import { z } from 'zod';
import {
  findPeaks,
  kernelDensity,
  silvermanBandwidth,
  valleyBetween,
  type Density,
  type Landmark,
} from '../../math/index.ts';
import { countBelow, cutGate, sortedFinite, type GatingMethod } from './contract.ts';
import { valleyError } from './cut-error.ts';

export const valleyParams = z.strictObject({
  /** Peaks are looked for in [from, to), scale units; a slope that rises beyond an end is no peak. */
  from: z.number().nullable().default(null),
  to: z.number().nullable().default(null),
  /** Of three or more peaks: the valley between the two highest, the two lowest or the two uppermost positions. */
  which: z.enum(['highest', 'lower', 'upper']).default('highest'),
  /** The cut must lie in [cutFrom, cutTo], scale units. */
  cutFrom: z.number().nullable().default(null),
  cutTo: z.number().nullable().default(null),
  /** Factor on Silverman's bandwidth. */
  adjust: z.number().positive().default(1),
  /** Smallest peak, as a fraction of the highest. */
  minPeak: z.number().min(0).max(1).default(0.05),
  /** Highest acceptable ratio of valley to lower peak. */
  maxRatio: z.number().positive().max(1).default(0.8),
  /** Fewest events on each side. */
  minEvents: z.number().int().min(1).default(20),
  /** Another population of the tube that shows the valley, e.g. CCR7 on the CD45RA- part; null = the parent. */
  population: z.string().min(1).nullable().default(null),
});

/** Grid points: at least the first number, at most the second, between them four to a bandwidth. */
const POINTS = [512, 8192] as const;

export const valley: GatingMethod<z.infer<typeof valleyParams>> = {
  name: 'valley',
  dims: 1,
  params: valleyParams,
  fit(input, { from, to, which, cutFrom, cutTo, adjust, minPeak, maxRatio, minEvents, population }) {
    const columns = population === null ? input.columns : input.reference;
    if (columns === null)
      return { status: 'rejected', reason: `the population ${population} is not evaluable`, evidence: {} };
    const all = sortedFinite(columns[0]);
    const values = all.subarray(countBelow(all, from ?? -Infinity), countBelow(all, to ?? Infinity));
    const rejected = (reason: string, evidence = {}) =>
      ({ status: 'rejected', reason, evidence: { events: values.length, ...evidence } }) as const;
    if (values.length < 2 * minEvents) return rejected(`only ${values.length} events between the limits`);
    if (values[0] === values[values.length - 1]) return rejected('all events have the same value');

    const bandwidth = adjust * silvermanBandwidth(values);
    const low = from ?? values[0] - 3 * bandwidth;
    const high = to ?? values[values.length - 1] + 3 * bandwidth;
    if (high - low < bandwidth) return rejected('the limits are closer than the bandwidth');
    const points = Math.min(Math.max(POINTS[0], Math.ceil((4 * (high - low)) / bandwidth)), POINTS[1]);
    // events beyond the limits take part, so that a limit on a slope does not look like a peak
    const density = kernelDensity(all, { bandwidth, from: low, to: high, points });

    const { peaks, deepest } = mergeRipples(density, findPeaks(density, minPeak), maxRatio);
    if (peaks.length < 2) {
      const peak = peaks.length === 0 ? null : peaks[0].x;
      return deepest === null
        ? rejected('the density has one peak only', { peak })
        : rejected(`the valley is shallow (${deepest.toFixed(2)} of the lower peak)`, { peak });
    }
    const [left, right] = choose(peaks, which);
    const bottom = valleyBetween(density, left, right);
    if (bottom === null) return rejected('the peaks touch');
    const cut = bottom.x;
    const below = countBelow(values, cut);
    const evidence = {
      cut,
      peakLow: left.x,
      peakHigh: right.x,
      peaks: peaks.length,
      valleyRatio: bottom.height / Math.min(left.height, right.height),
      bandwidth,
      cutSe: valleyError(all, cut, bandwidth),
      eventsBelow: below,
      eventsAbove: values.length - below,
    };
    if (below < minEvents || values.length - below < minEvents)
      return rejected(`fewer than ${minEvents} events on one side of the valley`, evidence);
    if (cut < (cutFrom ?? -Infinity) || cut > (cutTo ?? Infinity))
      return rejected(`the valley at ${cut.toFixed(2)} is not where it was asked for`, evidence);
    return { status: 'fitted', gate: cutGate(input, cut), cut, evidence };
  },
};

/** Peaks parted from their neighbours by valleys of at most `maxRatio`; the deepest ratio among those merged away (null = none was). */
function mergeRipples(
  density: Density,
  found: readonly Landmark[],
  maxRatio: number,
): { readonly peaks: readonly Landmark[]; readonly deepest: number | null } {
  const peaks = [...found];
  let deepest: number | null = null;
  while (peaks.length > 1) {
    const ratios = peaks.slice(1).map((peak, p) => ratioBetween(density, peaks[p], peak));
    const worst = ratios.reduce((most, ratio, p) => (ratio > ratios[most] ? p : most), 0);
    if (ratios[worst] <= maxRatio) break;
    deepest = Math.min(deepest ?? 1, ratios[worst]);
    peaks.splice(peaks[worst].height < peaks[worst + 1].height ? worst : worst + 1, 1);
  }
  return { peaks, deepest };
}

function ratioBetween(density: Density, left: Landmark, right: Landmark): number {
  const bottom = valleyBetween(density, left, right);
  return bottom === null ? 1 : bottom.height / Math.min(left.height, right.height);
}

function choose(
  peaks: readonly Landmark[],
  which: 'highest' | 'lower' | 'upper',
): readonly [Landmark, Landmark] {
  if (which === 'lower') return [peaks[0], peaks[1]];
  if (which === 'upper') return [peaks[peaks.length - 2], peaks[peaks.length - 1]];
  const [a, b] = [...peaks].sort((p, q) => q.height - p.height);
  return a.index < b.index ? [a, b] : [b, a];
}
