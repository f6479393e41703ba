// Which events of a bounded sample lie inside a gate, as ascending lists of places: each gate is asked about its parent's events only.
// The point tests are those of the reference (geometry.kernel.ts), so the answers are the same; test/gating/inside.test.ts holds them together.
import { insideEllipsoid, insidePolygon } from './geometry.kernel.ts';
import { compileEllipsoid, polygonColumns } from './geometry.ts';
import type { BooleanGate, EllipsoidGate, GeometricGate, PolygonGate } from './model.ts';
import { quadrantLimits } from './quadrant.ts';

/** Places of events in the sample, ascending, each once. */
export type Places = Uint32Array;

/** All places of a sample of `count` events. */
export function allPlaces(count: number): Places {
  const places = new Uint32Array(count);
  for (let e = 0; e < count; e++) places[e] = e;
  return places;
}

/** 1 at the places, else 0; one entry an event of the sample. */
export function maskOf(places: Places, count: number): Uint8Array {
  const mask = new Uint8Array(count);
  for (let i = 0; i < places.length; i++) mask[places[i]] = 1;
  return mask;
}

/** The values at the places; the column itself where they are all of it. */
export function valuesAt(column: Float64Array, places: Places): Float64Array {
  if (places.length === column.length) return column;
  const values = new Float64Array(places.length);
  for (let i = 0; i < places.length; i++) values[i] = column[places[i]];
  return values;
}

/** Every n-th of the places from the first, n (`every`) so that `most` are left at most; each stands for n. */
export function everyNth(places: Places, most: number): { readonly places: Places; readonly every: number } {
  const every = Math.max(1, Math.ceil(places.length / most));
  if (every === 1) return { places, every };
  const chosen = new Uint32Array(Math.ceil(places.length / every));
  for (let i = 0; i < chosen.length; i++) chosen[i] = places[i * every];
  return { places: chosen, every };
}

/** Those of `within` that are inside the gate. `columns`: the whole sample on each axis of the gate. Throws E_GATE_INVALID. */
export function placesInside(gate: GeometricGate, columns: readonly Float64Array[], within: Places): Places {
  switch (gate.kind) {
    case 'rectangle':
      return insideBox(intervals(gate, columns), within);
    case 'quadrant':
      // an unused axis of the set holds even events that are no number there
      return insideBox(
        intervals(quadrantLimits(gate), columns).filter((_, d) => gate.cell[d] !== null),
        within,
      );
    case 'polygon':
      return insideShape(polygonTest(gate, columns), within);
    case 'ellipsoid':
      return insideShape(ellipsoidTest(gate, columns), within);
  }
}

/** Values in [min, max); an infinite max is inside. */
interface Interval {
  readonly column: Float64Array;
  readonly min: number;
  readonly max: number;
}

function intervals(
  { min, max }: { readonly min: readonly number[]; readonly max: readonly number[] },
  columns: readonly Float64Array[],
): Interval[] {
  return columns.map((column, d) => ({ column, min: min[d], max: max[d] }));
}

/** Axis by axis. */
function insideBox(box: readonly Interval[], within: Places): Places {
  return box.reduce(insideInterval, within);
}

/** Without a branch on the events, whose order is as good as random. */
function insideInterval(inside: Places, { column, min, max }: Interval): Places {
  const open = max === Number.POSITIVE_INFINITY;
  const kept = new Uint32Array(inside.length);
  let count = 0;
  for (let i = 0; i < inside.length; i++) {
    const value = column[inside[i]];
    kept[count] = inside[i];
    count += value >= min && (open || value < max) ? 1 : 0;
  }
  return kept.subarray(0, count);
}

function insideShape(test: (e: number) => boolean, within: Places): Places {
  const kept = new Uint32Array(within.length);
  let count = 0;
  for (let i = 0; i < within.length; i++) if (test(within[i])) kept[count++] = within[i];
  return kept.subarray(0, count);
}

function polygonTest(gate: PolygonGate, [x, y]: readonly Float64Array[]): (e: number) => boolean {
  const { xs, ys } = polygonColumns(gate, gate.kind);
  return (e) => insidePolygon(x[e], y[e], xs, ys);
}

function ellipsoidTest(gate: EllipsoidGate, columns: readonly Float64Array[]): (e: number) => boolean {
  const ellipsoid = compileEllipsoid(gate, gate.kind);
  const point = new Float64Array(columns.length);
  return (e) => {
    for (let d = 0; d < columns.length; d++) point[d] = columns[d][e];
    return insideEllipsoid(point, ellipsoid);
  };
}

/** Those of `within` for which the logic holds. `operands`: a mask for each operand of the gate. */
export function placesByLogic(
  { operator, operands }: BooleanGate,
  masks: readonly Uint8Array[],
  within: Places,
): Places {
  const terms = masks.length;
  const kept = new Uint32Array(within.length);
  let count = 0;
  for (let i = 0; i < within.length; i++) {
    const e = within[i];
    let met = 0;
    for (let k = 0; k < terms; k++) met += (masks[k][e] === 1) !== operands[k].complement ? 1 : 0;
    const holds = operator === 'and' ? met === terms : operator === 'or' ? met > 0 : met === 0;
    if (holds) kept[count++] = e;
  }
  return kept.subarray(0, count);
}
