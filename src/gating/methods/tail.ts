// T(k): a cut k robust standard deviations beyond the reference peak, for markers without a valley (populations specification,
// section 0). The spread is measured on the side of the peak that faces away from the cut, so that positive cells do not widen it.
// A negative peak is measured in linear units: on asinh the spread-out negative splits around zero and the spread is two to three
// times too large.
import { z } from 'zod';
import { halfSampleMode, median } from '../../math/index.ts';
import { compileInverse } from '../../signal/index.ts';
import { countBelow, cutGate, sortedFinite, type GatingMethod, type MethodInput } from './contract.ts';

export const tailParams = z.strictObject({
  /** Distance in robust SD; negative = below a stained peak. */
  k: z.number().default(3),
  /** Only events in [from, to] (scale units) show the reference peak. */
  from: z.number().nullable().default(null),
  to: z.number().nullable().default(null),
  /** Another population of the tube that shows the peak, e.g. CD45 of granulocytes; null = the parent. */
  population: z.string().min(1).nullable().default(null),
});

/** Peaks below this (asinh cofactor 150) are negative. */
const NEGATIVE_PEAK = 1.5;
/** Fewer events do not show a peak. */
const FEWEST = 20;

export const tail: GatingMethod<z.infer<typeof tailParams>> = {
  name: 'tail',
  dims: 1,
  params: tailParams,
  // the half-sample mode of normals of 200 to 16,000 scatters as n^-0.22
  scatterRate: 0.2,
  fit(input, { k, from, to, population }) {
    const shown = population === null ? input : referenceEvents(input);
    if (shown === null)
      return { status: 'rejected', reason: `the population ${population} is not evaluable`, evidence: {} };
    const [column] = shown.columns;
    const scaled = sortedFinite(column, from ?? undefined, to ?? undefined);
    if (scaled.length < FEWEST) {
      return {
        status: 'rejected',
        reason: `only ${scaled.length} events show the reference peak`,
        evidence: { events: scaled.length },
      };
    }
    const peak = halfSampleMode(scaled);
    const negative = k > 0 && peak < NEGATIVE_PEAK;
    const values = negative ? sortedFinite(inRange(shown.linear[0], column, from, to)) : scaled;
    const mode = negative ? halfSampleMode(values) : peak;
    const away = values.filter((v) => (k >= 0 ? v <= mode : v >= mode)).map((v) => Math.abs(v - mode));
    const spread = 1.4826 * median(away);
    const limit = mode + k * spread;
    const cut = negative ? input.forward[0](limit) : limit;
    const all = sortedFinite(input.columns[0]);
    const below = countBelow(all, cut);
    const evidence = {
      cut,
      peak,
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

function inRange(
  linear: Float64Array,
  scaled: Float64Array,
  from: number | null,
  to: number | null,
): Float64Array {
  return linear.filter((_, e) => (from === null || scaled[e] >= from) && (to === null || scaled[e] <= to));
}
