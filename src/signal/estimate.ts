// Logicle parameters from data, for channels whose scale nobody has fixed yet.
// Invariant: the result always satisfies the standard; a value that had to be forced says so (W_LOGICLE_CLAMPED). One frozen scale a study is
// better than one a file: estimate on pooled events.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { Column } from '../events/index.ts';
import { log10, quantile } from '../math/index.ts';
import type { ScaleFunction } from './model.ts';

export interface LogicleEstimateOptions {
  /** Top of scale, linear units. */
  readonly T: number;
  /** Decades of the display. */
  readonly M?: number;
  /** Which quantile of the negative values is to fit on the linear part. */
  readonly quantileOfNegatives?: number;
  /** Channel name, for the finding. */
  readonly place?: string | null;
}

/**
 * W = (M - log10(T / |r|)) / 2 with r the 5 % quantile of the negative values (Parks, Roederer and Moore 2006; flowCore's estimateLogicle),
 * clamped to 0 <= W <= 0.49 M with W_LOGICLE_CLAMPED. Without negative values W = 0. A is 0. Values that are not finite are left out.
 * Throws E_GATE_INVALID unless T > 0 and M > 0.
 */
export function estimateLogicle(
  values: Column,
  options: LogicleEstimateOptions,
): { readonly scale: Extract<ScaleFunction, { kind: 'logicle' }>; readonly issues: readonly Issue[] } {
  const { T, M = 4.5, quantileOfNegatives = 0.05, place = null } = options;
  if (!(T > 0 && T < Infinity && M > 0 && M <= 100)) {
    throw new ImmunogateError(
      'E_GATE_INVALID',
      `A logicle scale needs T > 0 and 0 < M <= 100, got T=${T}, M=${M}.`,
      { place },
    );
  }
  const negatives = Float64Array.from(values).filter((v) => v < 0 && v > -Infinity);
  const scale = (W: number) => ({ kind: 'logicle', T, W, M, A: 0 }) as const;
  if (negatives.length === 0) return { scale: scale(0), issues: [] };
  const r = Math.abs(quantile(negatives, quantileOfNegatives));
  const W = (M - log10(T / r)) / 2;
  const clamped = Math.min(Math.max(W, 0), 0.49 * M);
  if (clamped === W) return { scale: scale(W), issues: [] };
  const message = `The estimated logicle width W = ${W.toPrecision(4)} is outside 0 to ${0.49 * M}; ${clamped} is used.`;
  return { scale: scale(clamped), issues: [issue('W_LOGICLE_CLAMPED', message, place)] };
}
