// B(p): the cut beyond the background of a tube with few positive cells, for markers without a valley: CD107a of unstimulated NK cells.
// The background's upper side is followed where positive cells do not reach, and continued as an exponential to where the part p of the
// events would be left. In another tube (`tube: UNST`) it lies as far above the negative peak of that tube, in linear units: detectors and
// compensation move the peak from tube to tube, and both tubes are read alike.
import { z } from 'zod';
import { halfSampleMode, log, quantileSorted } from '../../math/index.ts';
import {
  countBelow,
  cutGate,
  sortedFinite,
  type GatingMethod,
  type MethodFit,
  type MethodInput,
} from './contract.ts';
import { FEWEST_OF_PEAK, inRange, peakOf } from './peak.ts';

const params = z.strictObject({
  /** Part of the background that may lie beyond the cut. */
  beyond: z.number().gt(0).lt(0.05).default(0.003),
  /** Only events up to this (scale units) show the negative peak. */
  to: z.number().nullable().default(null),
  /** Fewest events; the background's upper side is measured from its most distant quarter. */
  minEvents: z.number().int().min(50).default(100),
});

/** Parts of the events above the two points between which the background is seen to fall; more positive cells than the second bend it. */
const [NEARER, FARTHER] = [0.25, 0.07] as const;
/** A background falls as fast here as from the median to the nearer point, or faster: 0.65 of that range for a normal, 1 for an exponential. */
const SLOWEST = 2;

export const background: GatingMethod<z.infer<typeof params>> = {
  name: 'background',
  dims: 1,
  params,
  // of quantiles and of a peak
  scatterRate: 0.5,
  fit(input, { beyond, to, minEvents }) {
    const linear = sortedFinite(input.linear[0]);
    const rejected = (reason: string): MethodFit => ({
      ...{ status: 'rejected', reason },
      evidence: { events: linear.length },
    });
    if (linear.length < minEvents) return rejected(`only ${linear.length} events show the background`);
    const peak = negativePeak(input, to);
    if (peak === null) return rejected('there is no negative peak');
    const [middle, near, far] = [0.5, NEARER, FARTHER].map((part) => quantileSorted(linear, 1 - part));
    if (!(far > near)) return rejected('the background has no tail');
    const fall = (far - near) / log(NEARER / FARTHER);
    if (fall > (SLOWEST * (near - middle)) / log(0.5 / NEARER))
      return rejected('positive cells reach into what should be the tail of the background');
    return at(input, peak, { distance: far + fall * log(FARTHER / beyond) - peak });
  },
  carry({ evidence: { distance } }, input, { to }) {
    const peak = negativePeak(input, to);
    if (peak === null || typeof distance !== 'number')
      return { status: 'rejected', reason: 'there is no negative peak', evidence: {} };
    return at(input, peak, { distance });
  },
};

/** In linear units; null = too few events. */
function negativePeak({ columns, linear }: MethodInput, to: number | null): number | null {
  const values = sortedFinite(inRange(linear[0], columns[0], null, to));
  return values.length < FEWEST_OF_PEAK ? null : peakOf(values, halfSampleMode(values), 1).mode;
}

/** The cut at a linear distance above a peak. */
function at(input: MethodInput, peak: number, { distance }: { readonly distance: number }): MethodFit {
  const [forward] = input.forward;
  const cut = forward(peak + distance);
  const all = sortedFinite(input.columns[0]);
  const below = countBelow(all, cut);
  const counts = { eventsBelow: below, eventsAbove: all.length - below };
  const evidence = { cut, peak: forward(peak), distance, ...counts };
  return { status: 'fitted', gate: cutGate(input, cut), cut, evidence };
}
