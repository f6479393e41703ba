// What the error of a gate's own cuts does to its population: the part of the parent that changes sides when a cut moves by 1.96
// standard errors. Independent of counting noise, and reported beside it. The parent's own gates are held where they are.
import type { GeometricGate } from './model.ts';
import { quadrantLimits } from './quadrant.ts';

/** Fractions of the parent by which a population may be smaller or larger, each >= 0. */
export interface FractionShift {
  readonly down: number;
  readonly up: number;
}

/** Two-sided 95 % of a normal. */
const Z95 = 1.959963984540054;

/**
 * `columns`: events of the parent on the axes of the gate; `errors`: standard error of the cuts of each axis, scale units. Cuts of several
 * axes scatter independently: their effects are added as squares. null = a gate without cuts, an error that is not known, no events.
 */
export function fractionShift(
  gate: GeometricGate,
  columns: readonly Float64Array[],
  errors: readonly (number | null)[],
): FractionShift | null {
  if (gate.kind !== 'rectangle' && gate.kind !== 'quadrant') return null;
  const count = columns[0].length;
  if (count === 0) return null;
  const { min, max } = gate.kind === 'quadrant' ? quadrantLimits(gate) : gate;
  let [down, up] = [0, 0];
  for (let d = 0; d < columns.length; d++) {
    if (min[d] === Number.NEGATIVE_INFINITY && max[d] === Number.POSITIVE_INFINITY) continue;
    const error = errors[d];
    if (error === null) return null;
    const changes = [-Z95 * error, Z95 * error].map((by) => changeBy(by, d, { columns, min, max }) / count);
    const least = Math.min(0, ...changes);
    const most = Math.max(0, ...changes);
    down += least * least;
    up += most * most;
  }
  return { down: Math.sqrt(down), up: Math.sqrt(up) };
}

interface Box {
  readonly columns: readonly Float64Array[];
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Events gained (less those lost) when the limits of axis d move by `by`. */
function changeBy(by: number, d: number, { columns, min, max }: Box): number {
  const column = columns[d];
  let change = 0;
  for (let e = 0; e < column.length; e++) {
    const value = column[e];
    const before = value >= min[d] && value < max[d];
    const after = value >= min[d] + by && value < max[d] + by;
    if (before === after) continue;
    let inside = true;
    for (let other = 0; other < columns.length; other++)
      if (other !== d && !(columns[other][e] >= min[other] && columns[other][e] < max[other])) inside = false;
    if (inside) change += after ? 1 : -1;
  }
  return change;
}
