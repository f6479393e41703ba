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
  /**
   * Of three or more peaks: the valley between the two highest; or of the valleys between neighbours that lie in [cutFrom, cutTo] the
   * lowest on the axis, the uppermost, or the one with the least density (for a small population beside a large one).
   */
  which: z.enum(['highest', 'lower', 'upper', 'deepest']).default('highest'),
  /** The cut must lie in [cutFrom, cutTo], scale units. */
  cutFrom: z.number().nullable().default(null),
  cutTo: z.number().nullable().default(null),
  /**
   * cutFrom and cutTo count from the highest peak, or from the lowest or the uppermost on the axis, not from zero: so they hold at other
   * voltages of the detector, too. Stained peaks keep their distances best: near zero the scale is linear.
   */
  fromPeak: z.enum(['highest', 'lowest', 'uppermost']).nullable().default(null),
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

/** Two-sided 95 % of a normal. */
const Z95 = 1.959963984540054;

/** Below this part of the lower peak a valley is empty: its lowest point is an accident of single events, its middle is not. */
const EMPTY = 0.01;

export const valley: GatingMethod<z.infer<typeof valleyParams>> = {
  name: 'valley',
  dims: 1,
  params: valleyParams,
  fit(
    input,
    { from, to, which, cutFrom, cutTo, fromPeak, adjust, minPeak, maxRatio, minEvents, population },
  ) {
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
    const valleys = pairs(peaks, which).flatMap((pair) => valleyOf(density, pair) ?? []);
    if (valleys.length === 0) return rejected('the peaks touch');
    const origin = fromPeak === null ? 0 : ORIGIN[fromPeak](peaks).x;
    const isWanted = ({ cut }: Valley) =>
      cut - origin >= (cutFrom ?? -Infinity) && cut - origin <= (cutTo ?? Infinity);
    const { left, right, bottom, cut, gap } = choose(valleys.filter(isWanted), which) ?? valleys[0];
    const below = countBelow(values, cut);
    const evidence = {
      cut,
      peakLow: left.x,
      peakHigh: right.x,
      peaks: peaks.length,
      valleyRatio: bottom.height / Math.min(left.height, right.height),
      bandwidth,
      // in an empty valley nobody says where its lowest point is: any point of it would do
      cutSe: valleyError(all, cut, bandwidth) ?? (gap > 0 ? gap / (2 * Z95) : null),
      eventsBelow: below,
      eventsAbove: values.length - below,
    };
    if (below < minEvents || values.length - below < minEvents)
      return rejected(`fewer than ${minEvents} events on one side of the valley`, evidence);
    if (!isWanted({ left, right, bottom, cut, gap }))
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

/** The stretch around a valley's bottom in which the density stays at or below `limit`; the bottom itself where it is above. */
function gapAround({ x, y }: Density, bottom: Landmark, limit: number): readonly [number, number] {
  if (bottom.height > limit) return [bottom.x, bottom.x];
  let [first, last] = [bottom.index, bottom.index];
  while (first > 0 && y[first - 1] <= limit) first--;
  while (last < y.length - 1 && y[last + 1] <= limit) last++;
  return [x[first], x[last]];
}

function ratioBetween(density: Density, left: Landmark, right: Landmark): number {
  const bottom = valleyBetween(density, left, right);
  return bottom === null ? 1 : bottom.height / Math.min(left.height, right.height);
}

interface Valley {
  readonly left: Landmark;
  readonly right: Landmark;
  readonly bottom: Landmark;
  readonly cut: number;
  /** Width of the empty stretch that the cut is the middle of; 0 = it is not empty. */
  readonly gap: number;
}

function valleyOf(density: Density, [left, right]: readonly [Landmark, Landmark]): Valley | null {
  const bottom = valleyBetween(density, left, right);
  if (bottom === null) return null;
  const [from, to] = gapAround(density, bottom, EMPTY * Math.min(left.height, right.height));
  return { left, right, bottom, cut: (from + to) / 2, gap: to - from };
}

function highest(peaks: readonly Landmark[]): Landmark {
  return peaks.reduce((best, peak) => (peak.height > best.height ? peak : best));
}

/** Peaks in ascending order, at least one; `highest` is that of the most events, not of the largest value. */
const ORIGIN: Readonly<Record<'highest' | 'lowest' | 'uppermost', (peaks: readonly Landmark[]) => Landmark>> =
  {
    highest,
    lowest: (peaks) => peaks[0],
    uppermost: (peaks) => peaks[peaks.length - 1],
  };

type Which = z.infer<typeof valleyParams>['which'];

/** Peaks that may bound the valley: the two highest, or all neighbours. */
function pairs(peaks: readonly Landmark[], which: Which): readonly (readonly [Landmark, Landmark])[] {
  if (which !== 'highest') return peaks.slice(1).map((right, p) => [peaks[p], right] as const);
  const [a, b] = [...peaks].sort((p, q) => q.height - p.height);
  return [a.index < b.index ? [a, b] : [b, a]];
}

function choose(valleys: readonly Valley[], which: Which): Valley | null {
  if (valleys.length === 0) return null;
  switch (which) {
    case 'highest':
    case 'lower':
      return valleys[0];
    case 'upper':
      return valleys[valleys.length - 1];
    case 'deepest':
      return valleys.reduce((best, v) => (v.bottom.height < best.bottom.height ? v : best));
  }
}
