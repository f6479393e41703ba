// How far a gate was moved, in units of its axes: the largest displacement of a border. For people who judge an edit, never for counts.
import type { GeometricGate, PolygonGate } from './model.ts';

/**
 * The largest displacement between two gates of one kind: of limits (rectangles), cuts (quadrants), bounding boxes (ellipsoids), or of
 * any vertex from the other outline (polygons). null = not comparable: another kind, or a side opened or closed.
 */
export function gateDistance(a: GeometricGate, b: GeometricGate): number | null {
  if (a.kind === 'rectangle' && b.kind === 'rectangle')
    return largest([...a.min, ...a.max], [...b.min, ...b.max]);
  if (a.kind === 'quadrant' && b.kind === 'quadrant') return largest(a.dividers.flat(), b.dividers.flat());
  if (a.kind === 'ellipsoid' && b.kind === 'ellipsoid') return largest(sides(a), sides(b));
  if (a.kind === 'polygon' && b.kind === 'polygon') return Math.max(outside(a, b), outside(b, a));
  return null;
}

function largest(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length) return null;
  const moves = a.map((value, i) => (value === b[i] ? 0 : Math.abs(value - b[i])));
  return moves.every(Number.isFinite) ? Math.max(0, ...moves) : null;
}

/** Sides of the box around an ellipsoid. */
function sides({
  mean,
  covariance,
  distanceSquare,
}: Extract<GeometricGate, { kind: 'ellipsoid' }>): number[] {
  return mean.flatMap((centre, d) => {
    const half = Math.sqrt(distanceSquare * covariance[d * mean.length + d]);
    return [centre - half, centre + half];
  });
}

/** Largest distance of a vertex of `a` from the outline of `b`. */
function outside(a: PolygonGate, b: PolygonGate): number {
  const edges = b.vertices.map((from, v) => [from, b.vertices[(v + 1) % b.vertices.length]] as const);
  return Math.max(...a.vertices.map((vertex) => Math.min(...edges.map((edge) => fromEdge(vertex, edge)))));
}

type Point = readonly [number, number];

function fromEdge([x, y]: Point, [[ax, ay], [bx, by]]: readonly [Point, Point]): number {
  const [ux, uy] = [bx - ax, by - ay];
  const length = ux * ux + uy * uy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * ux + (y - ay) * uy) / length));
  const [dx, dy] = [x - ax - along * ux, y - ay - along * uy];
  return Math.sqrt(dx * dx + dy * dy);
}
