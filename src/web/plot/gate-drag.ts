// Moving gates by hand: what a drag of a handle or of the whole body makes of a gate, and what the pointer is over. Pure, in scaled units;
// pixels enter only as the sizes of one unit. Invariant: every result is a well-formed gate (limits in order, open sides stay open).
import type { GeometricGate } from '../../gating/index.ts';
import { ellipseFrame, handlesOf, outlineOf, type Frame, type Placement, type Point } from './gate-shape.ts';

/** What a person holds: a handle by id, or the body of the gate. */
export type Grip = { readonly kind: 'handle'; readonly id: string } | { readonly kind: 'body' };

/** Pixels of one scaled unit along each axis. */
export interface UnitPixels {
  readonly x: number;
  readonly y: number;
}

/** Pixels around a handle that still hold it. */
const reach = 9;

/** The gate after the grip went from `from` to `to`. `gate` is as it was when the drag began. */
export function dragGate(
  gate: GeometricGate,
  placement: Placement,
  grip: Grip,
  from: Point,
  to: Point,
): GeometricGate {
  return grip.kind === 'body'
    ? shift(gate, placement, [to[0] - from[0], to[1] - from[1]])
    : moveHandle(gate, placement, grip.id, to);
}

/** What lies under a point: the nearest handle within reach, else the body when inside, else nothing. */
export function gripAt(
  gate: GeometricGate,
  placement: Placement,
  frame: Frame,
  at: Point,
  unit: UnitPixels,
): Grip | null {
  let best: { id: string; distance: number } | null = null;
  for (const handle of handlesOf(gate, placement, frame)) {
    const dx = Math.abs(handle.at[0] - at[0]) * unit.x;
    const dy = Math.abs(handle.at[1] - at[1]) * unit.y;
    const distance =
      handle.kind === 'vertical' ? dx : handle.kind === 'horizontal' ? dy : Math.max(dx, dy) - 1;
    if (distance <= reach && (best === null || distance < best.distance)) best = { id: handle.id, distance };
  }
  if (best !== null) return { kind: 'handle', id: best.id };
  return gate.kind !== 'quadrant' && contains(outlineOf(gate, placement, frame), at)
    ? { kind: 'body' }
    : null;
}

/** Even-odd interior of an outline, for the pointer only: counts are made by COUNT. */
export function contains(outline: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [outline[i], outline[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** A polygon with one more vertex, on the middle of the side nearest to `at` (pixels decide which is nearest). Others are returned as they are. */
export function insertVertex(
  gate: GeometricGate,
  placement: Placement,
  at: Point,
  unit: UnitPixels,
): GeometricGate {
  if (gate.kind !== 'polygon') return gate;
  const point: Point = placement.x === 0 ? at : [at[1], at[0]];
  const scale: UnitPixels = placement.x === 0 ? unit : { x: unit.y, y: unit.x };
  const { vertices } = gate;
  const distances = vertices.map((v, i) =>
    segmentDistance(v, vertices[(i + 1) % vertices.length], point, scale),
  );
  const side = distances.indexOf(Math.min(...distances));
  return { ...gate, vertices: [...vertices.slice(0, side + 1), point, ...vertices.slice(side + 1)] };
}

/** A polygon without one vertex; a triangle keeps its three. */
export function removeVertex(gate: GeometricGate, id: string): GeometricGate {
  if (gate.kind !== 'polygon' || !id.startsWith('vertex:') || gate.vertices.length <= 3) return gate;
  const gone = Number(id.slice('vertex:'.length));
  return { ...gate, vertices: gate.vertices.filter((_, v) => v !== gone) };
}

function segmentDistance(a: Point, b: Point, p: Point, unit: UnitPixels): number {
  const [bx, by] = [(b[0] - a[0]) * unit.x, (b[1] - a[1]) * unit.y];
  const [px, py] = [(p[0] - a[0]) * unit.x, (p[1] - a[1]) * unit.y];
  const length = bx * bx + by * by;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * bx + py * by) / length));
  return Math.hypot(px - t * bx, py - t * by);
}

function shift(gate: GeometricGate, placement: Placement, [dx, dy]: Point): GeometricGate {
  const along = (dimension: number): number =>
    dimension === placement.x ? dx : dimension === placement.y ? dy : 0;
  switch (gate.kind) {
    case 'rectangle':
      return {
        ...gate,
        min: gate.min.map((value, d) => value + along(d)),
        max: gate.max.map((value, d) => value + along(d)),
      };
    case 'polygon':
      return { ...gate, vertices: gate.vertices.map(([a, b]) => [a + along(0), b + along(1)] as const) };
    case 'ellipsoid':
      return { ...gate, mean: gate.mean.map((value, d) => value + along(d)) };
    case 'quadrant':
      return { ...gate, dividers: gate.dividers.map((cuts, d) => cuts.map((cut) => cut + along(d))) };
  }
}

function moveHandle(gate: GeometricGate, placement: Placement, id: string, to: Point): GeometricGate {
  const [what, ...rest] = id.split(':');
  switch (gate.kind) {
    case 'rectangle':
      return moveSide(gate, placement, what === 'min' ? 'min' : 'max', rest[0] === 'x' ? 'x' : 'y', to);
    case 'polygon': {
      const moved = Number(rest[0]);
      const vertex: Point = placement.x === 0 ? to : [to[1], to[0]];
      return { ...gate, vertices: gate.vertices.map((old, v) => (v === moved ? vertex : old)) };
    }
    case 'ellipsoid':
      return moveRadius(gate, placement, Number(rest[0]), to);
    case 'quadrant':
      if (rest[0] === 'xy') return moveCut(moveCut(gate, placement.x, 0, to[0]), placement.y, 0, to[1]);
      return rest[0] === 'x'
        ? moveCut(gate, placement.x, Number(rest[1]), to[0])
        : moveCut(gate, placement.y, Number(rest[1]), to[1]);
  }
}

/** A side stops at the opposite one. */
function moveSide(
  gate: GeometricGate & { kind: 'rectangle' },
  placement: Placement,
  side: 'min' | 'max',
  axis: 'x' | 'y',
  to: Point,
): GeometricGate {
  const dimension = placement[axis];
  if (dimension === null) return gate;
  const wanted = axis === 'x' ? to[0] : to[1];
  const value =
    side === 'min' ? Math.min(wanted, gate.max[dimension]) : Math.max(wanted, gate.min[dimension]);
  return { ...gate, [side]: gate[side].map((old, d) => (d === dimension ? value : old)) };
}

/** A cut stays between its neighbours. */
function moveCut(
  gate: GeometricGate & { kind: 'quadrant' },
  dimension: number | null,
  index: number,
  wanted: number,
): GeometricGate & { kind: 'quadrant' } {
  if (dimension === null) return gate;
  const cuts = gate.dividers[dimension];
  const value = Math.min(Math.max(wanted, cuts[index - 1] ?? -Infinity), cuts[index + 1] ?? Infinity);
  return {
    ...gate,
    dividers: gate.dividers.map((old, d) =>
      d === dimension ? old.map((cut, c) => (c === index ? value : cut)) : old,
    ),
  };
}

/**
 * Turns and stretches an ellipse so that the end of one half axis is where the pointer is; the other axis keeps its length. The covariance
 * is rebuilt as R diag(l², s²) R' / distanceSquare. An axis never becomes shorter than a thousandth of the other.
 */
function moveRadius(
  gate: GeometricGate & { kind: 'ellipsoid' },
  placement: Placement,
  radius: number,
  to: Point,
): GeometricGate {
  const { centre, axes } = ellipseFrame(gate, placement);
  const other = axes[radius % 2 === 0 ? 1 : 0];
  const keep = Math.hypot(other[0], other[1]);
  const sign = radius < 2 ? 1 : -1;
  const [dx, dy] = [(to[0] - centre[0]) * sign, (to[1] - centre[1]) * sign];
  const length = Math.max(Math.hypot(dx, dy), keep / 1000);
  const [c, s] = dx === 0 && dy === 0 ? [1, 0] : [dx / Math.hypot(dx, dy), dy / Math.hypot(dx, dy)];
  const [l2, k2] = [(length * length) / gate.distanceSquare, (keep * keep) / gate.distanceSquare];
  const [xx, xy, yy] = [l2 * c * c + k2 * s * s, (l2 - k2) * c * s, l2 * s * s + k2 * c * c];
  return { ...gate, covariance: placement.x === 0 ? [xx, xy, xy, yy] : [yy, xy, xy, xx] };
}
