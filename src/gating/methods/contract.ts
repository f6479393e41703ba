// What a gating method is: the parent's events in, an ordinary gate with evidence out, or a plain reason why not. A method never
// stands in for another in silence: fallbacks are tried by FIT and recorded.
import type { z } from 'zod';
import { quantileSorted, sortAscending, type Random } from '../../math/index.ts';
import type { Dimension, Evidence, GeometricGate } from '../model.ts';
import type { Acquisition } from '../stability.ts';

/** The events of the parent population on the axes of the gate. Columns have equal length; values that are not finite are left out by methods. */
export interface MethodInput {
  readonly dims: readonly Dimension[];
  /** Values on the scale of each axis. */
  readonly columns: readonly Float64Array[];
  /** The same events in linear compensated units. */
  readonly linear: readonly Float64Array[];
  /** Linear value to scale units, for each axis. */
  readonly forward: readonly ((x: number) => number)[];
  /** Which side of a one-dimensional cut the population is. */
  readonly keep: 'above' | 'below';
  /** Another population of the tube on the same axes, where the parameters name one; null = none named, or it is not evaluable. */
  readonly reference: readonly Float64Array[] | null;
  /** The file in its order with the axis as its clock; absent where the parent is a part of it, and for pooled tubes. */
  readonly acquisition?: Acquisition;
}

/** The population whose events a method wants beside those of the parent: by convention its parameter `population`; null = none. */
export function referenceOf(params: Readonly<Record<string, unknown>>): string | null {
  return typeof params['population'] === 'string' ? params['population'] : null;
}

/** A part of a gate, with the id of its population. */
export interface Part {
  readonly id: string;
  readonly gate: GeometricGate;
}

export interface Fitted {
  readonly status: 'fitted';
  readonly gate: GeometricGate;
  /** The cut in scale units of a one-dimensional method, else null. */
  readonly cut: number | null;
  readonly evidence: Evidence;
  /** Of a cut on a weighted sum of the axes: the weights, and the side that is kept; the cut is evidence `cut`, in units of the sum. */
  readonly score?: { readonly weights: readonly number[]; readonly keep: 'above' | 'below' };
  /** Parts of the gate that do not belong to the population; each becomes a population beside it. */
  readonly excluded?: readonly Part[];
}

export type MethodFit =
  Fitted | { readonly status: 'rejected'; readonly reason: string; readonly evidence: Evidence };

/** P = parameters, as `params` checks and completes them. Deterministic: the same input, parameters and random stream give the same gate. */
export interface GatingMethod<P> {
  readonly name: string;
  /** Number of axes. */
  readonly dims: number;
  readonly params: z.ZodType<P>;
  fit(input: MethodInput, params: P, random: Random): MethodFit;
  /** A cut that was found on a control tube, brought to the events of the tube itself. Without it the number holds as it is. */
  carry?(found: Fitted, input: MethodInput, params: P): MethodFit;
  /**
   * The standard error of a cut is left in the evidence as `cutSe`, scale units, where there is a formula. Elsewhere it is found by
   * fitting parts of the events (cut-error.ts), whose scatter falls as n^-scatterRate; without a rate it is not known.
   */
  readonly scatterRate?: number;
}

/** A one-dimensional cut as a gate: [cut, +inf) or [-inf, cut). */
export function cutGate({ dims, keep }: Pick<MethodInput, 'dims' | 'keep'>, cut: number): GeometricGate {
  return keep === 'above'
    ? { kind: 'rectangle', dims: [dims[0]], min: [cut], max: [Number.POSITIVE_INFINITY] }
    : { kind: 'rectangle', dims: [dims[0]], min: [Number.NEGATIVE_INFINITY], max: [cut] };
}

/** The finite values of a column, ascending; optionally only those in [from, to]. */
export function sortedFinite(
  column: Float64Array,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): Float64Array {
  const kept = new Float64Array(column.length);
  let count = 0;
  for (let e = 0; e < column.length; e++) {
    const value = column[e];
    kept[count] = value;
    count += value - value === 0 && value >= from && value <= to ? 1 : 0;
  }
  return sortAscending(kept.subarray(0, count));
}

/** `most` members of an ascending list at even ranks, or all of a shorter one: the same distribution in bounded time. */
export function evenly(sorted: Float64Array, most: number): Float64Array {
  if (sorted.length <= most) return sorted;
  return Float64Array.from(
    { length: most },
    (_, i) => sorted[Math.floor(((i + 0.5) * sorted.length) / most)],
  );
}

/** Number of values of an ascending column below a limit. */
export function countBelow(sorted: Float64Array, limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Standard error of the q-quantile of ascending values: half the distance of the quantiles one binomial standard error to either side,
 * so that it follows the density there without estimating it.
 */
export function quantileError(sorted: Float64Array, q: number): number {
  const aside = Math.sqrt((q * (1 - q)) / sorted.length);
  const [low, high] = [q - aside, q + aside].map((level) =>
    quantileSorted(sorted, Math.min(1, Math.max(0, level))),
  );
  return (high - low) / 2;
}
