// T(k): a cut k robust standard deviations beyond the reference peak, for markers without a valley (populations specification,
// section 0). The spread is measured on the side of the peak that faces away from the cut, so that positive cells do not widen it.
// A negative peak is measured in linear units: on asinh the spread-out negative splits around zero and the spread is two to three
// times too large.
import { z } from 'zod';
import { halfSampleMode } from '../../math/index.ts';
import { compileInverse } from '../../signal/index.ts';
import { countBelow, cutGate, sortedFinite, type GatingMethod, type MethodInput } from './contract.ts';
import { FEWEST_OF_PEAK, inRange, peakOf } from './peak.ts';

export const tailParams = z.strictObject({
  /** Distance in robust SD; negative = below a stained peak. */
  k: z.number().default(3),
  /** Only events in [from, to] (scale units) show the reference peak. */
  from: z.number().nullable().default(null),
  to: z.number().nullable().default(null),
  /** Another population of the tube that shows the peak, e.g. CD45 of granulocytes; null = the parent. */
  population: z.string().min(1).nullable().default(null),
  /** Peaks below this are negative, scale units; higher where spill that is not quite taken out lifts the negative. */
  negativeTo: z.number().default(1.5),
});

export const tail: GatingMethod<z.infer<typeof tailParams>> = {
  name: 'tail',
  dims: 1,
  params: tailParams,
  // cuts of 500 to 20,000 events scatter as n^-0.55: the refined peak is a mean
  scatterRate: 0.5,
  fit(input, { k, from, to, population, negativeTo }) {
    const shown = population === null ? input : referenceEvents(input);
    if (shown === null)
      return { status: 'rejected', reason: `the population ${population} is not evaluable`, evidence: {} };
    const [column] = shown.columns;
    const scaled = sortedFinite(column, from ?? undefined, to ?? undefined);
    if (scaled.length < FEWEST_OF_PEAK) {
      return {
        status: 'rejected',
        reason: `only ${scaled.length} events show the reference peak`,
        evidence: { events: scaled.length },
      };
    }
    const peak = halfSampleMode(scaled);
    const negative = k > 0 && peak < negativeTo;
    const values = negative ? sortedFinite(inRange(shown.linear[0], column, from, to)) : scaled;
    const { mode, spread } = peakOf(values, negative ? halfSampleMode(values) : peak, k);
    const limit = mode + k * spread;
    const cut = negative ? input.forward[0](limit) : limit;
    const all = sortedFinite(input.columns[0]);
    const below = countBelow(all, cut);
    const evidence = {
      cut,
      peak: negative ? input.forward[0](mode) : mode,
      spread,
      measuredLinear: negative,
      eventsBelow: below,
      eventsAbove: all.length - below,
    };
    if (!(spread > 0) || cut - cut !== 0)
      return { status: 'rejected', reason: 'the reference peak has no spread', evidence };
    return { status: 'fitted', gate: cutGate(input, cut), cut, evidence };
  },
};

function referenceEvents({
  dims: [{ transform }],
  reference,
}: MethodInput): Pick<MethodInput, 'columns' | 'linear'> | null {
  if (reference === null) return null;
  const back = transform === null ? (y: number) => y : compileInverse(transform);
  return { columns: reference, linear: reference.map((column) => column.map(back)) };
}
