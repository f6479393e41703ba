// T(k): a cut k robust standard deviations beyond the reference peak, for markers without a valley (populations specification,
// section 0). The spread is measured on the side of the peak that faces away from the cut, so that positive cells do not widen it.
// A negative peak is measured in linear units: on asinh the spread-out negative splits around zero and the spread is two to three
// times too large.
import { z } from 'zod';
import { halfSampleMode, mean, median } from '../../math/index.ts';
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
  /** Peaks below this are negative, scale units; higher where spill that is not quite taken out lifts the negative. */
  negativeTo: z.number().default(1.5),
});

/** Fewer events do not show a peak. */
const FEWEST = 20;

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
    if (scaled.length < FEWEST) {
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

/** Steps of the refinement; it settles within a few. */
const STEPS = 20;

/**
 * A half-sample mode finds the peak among others, but comes no nearer to its top than a tenth of an SD in thousands of events, and an
 * error there is counted 1 + |k| times in the cut. So it is moved to where the mean of the events within one spread is itself.
 */
function peakOf(
  sorted: Float64Array,
  start: number,
  k: number,
): { readonly mode: number; readonly spread: number } {
  const spreadAt = (mode: number) => {
    const first = k >= 0 ? 0 : countBelow(sorted, mode);
    const away = sorted.subarray(first, k >= 0 ? countAtMost(sorted, mode) : sorted.length);
    return 1.4826 * median(away.map((v) => Math.abs(v - mode)));
  };
  let mode = start;
  let spread = spreadAt(mode);
  for (let step = 0; step < STEPS && spread > 0; step++) {
    const near = sorted.subarray(countBelow(sorted, mode - spread), countAtMost(sorted, mode + spread));
    const next = mean(near);
    const settled = Math.abs(next - mode) < 1e-6 * spread;
    mode = next;
    spread = spreadAt(mode);
    if (settled) break;
  }
  return { mode, spread };
}

function countAtMost(sorted: Float64Array, limit: number): number {
  let at = countBelow(sorted, limit);
  while (at < sorted.length && sorted[at] === limit) at++;
  return at;
}

function inRange(
  linear: Float64Array,
  scaled: Float64Array,
  from: number | null,
  to: number | null,
): Float64Array {
  return linear.filter((_, e) => (from === null || scaled[e] >= from) && (to === null || scaled[e] <= to));
}
