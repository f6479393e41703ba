// One cell of a quadrant set is a rectangle: the interval between its dividers on every dimension it uses.
import { ImmunogateError } from '../errors.ts';
import type { QuadrantGate } from './model.ts';

/** Limits [min, max) of a quadrant cell on each dimension; an unused dimension is open on both sides. */
export function quadrantLimits(gate: QuadrantGate): {
  readonly min: readonly number[];
  readonly max: readonly number[];
} {
  const limits = gate.dims.map((_, d) => {
    const k = gate.cell[d];
    const cuts = gate.dividers[d];
    if (k === null) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
    if (!Number.isInteger(k) || k < 0 || k > cuts.length) {
      throw new ImmunogateError(
        'E_GATE_INVALID',
        `Quadrant set ${gate.set} has ${cuts.length} dividers on dimension ${d + 1}, but a cell names interval ${k}.`,
      );
    }
    return [
      k === 0 ? Number.NEGATIVE_INFINITY : cuts[k - 1],
      k === cuts.length ? Number.POSITIVE_INFINITY : cuts[k],
    ] as const;
  });
  return { min: limits.map(([low]) => low), max: limits.map(([, high]) => high) };
}
