// Two-dimensional gates (polygon, ellipse) ready for the kernels: an exact test on linear values, and a grid that is built only
// once the gate has been asked often enough to earn it. Ellipsoids of other dimensions have the exact test alone.
import { compileForward, inverse as inverseOf, lowestInputAtLeast } from '../signal/index.ts';
import type { ExactTest } from './count.kernel.ts';
import { compileEllipsoid, polygonColumns } from './geometry.ts';
import { insideEllipse, insideEllipsoid, insidePolygon } from './geometry.kernel.ts';
import { ellipseGrid, polygonGrid, type GateAxis, type Grid } from './grid.ts';
import type { Dimension, EllipsoidGate, PolygonGate } from './model.ts';

/** A grid pays from about so many tests on (architecture). */
const TESTS_FOR_GRID = 20_000;

export interface PlanarGate extends ExactTest {
  /** The grid, once it pays for n tests now, those before and `expected` ones to come; null before. */
  grid(n: number, expected: number): Grid | null;
}

/** An ellipsoid of any number of dimensions: fill `point` with linear values, then ask. */
export interface EllipsoidTest {
  readonly point: Float64Array;
  containsPoint(): boolean;
}

/** Compiles a polygon or a two-dimensional ellipsoid; throws E_GATE_INVALID where it is malformed. */
export function createPlanarGate(gate: PolygonGate | EllipsoidGate, place: string): PlanarGate {
  const forwardX = forwardOf(gate.dims[0]);
  const forwardY = forwardOf(gate.dims[1]);
  const shape = gate.kind === 'polygon' ? polygonShape(gate, place) : ellipseShape(gate, place);
  const { inside, extent } = shape;
  // most events are far away: linear limits of the bounding box spare them both transforms
  const [lowX, highX] = linearExtent(gate.dims[0], extent[0], extent[1]);
  const [lowY, highY] = linearExtent(gate.dims[1], extent[2], extent[3]);
  let tests = 0;
  let grid: Grid | null = null;
  return {
    contains(x, y) {
      if (!(x >= lowX && x <= highX && y >= lowY && y <= highY)) return false;
      return inside(forwardX(x), forwardY(y));
    },
    grid(n, expected) {
      if (grid !== null) return grid;
      tests += n;
      if (tests + expected <= TESTS_FOR_GRID) return null;
      grid = shape.grid(
        { forward: forwardX, inverse: backwardOf(gate.dims[0]), low: extent[0], high: extent[1] },
        { forward: forwardY, inverse: backwardOf(gate.dims[1]), low: extent[2], high: extent[3] },
      );
      return grid;
    },
  };
}

export function createEllipsoidTest(gate: EllipsoidGate, place: string): EllipsoidTest {
  const ellipsoid = compileEllipsoid(gate, place);
  const forwards = gate.dims.map(forwardOf);
  const point = new Float64Array(gate.dims.length);
  return {
    point,
    containsPoint() {
      for (let d = 0; d < point.length; d++) point[d] = forwards[d](point[d]);
      return insideEllipsoid(point, ellipsoid);
    },
  };
}

interface Shape {
  readonly inside: (x: number, y: number) => boolean;
  /** Bounding box in scaled units: x low, x high, y low, y high (closed). */
  readonly extent: readonly [number, number, number, number];
  readonly grid: (x: GateAxis, y: GateAxis) => Grid;
}

function polygonShape(gate: PolygonGate, place: string): Shape {
  const { xs, ys } = polygonColumns(gate, place);
  const inside = (x: number, y: number) => insidePolygon(x, y, xs, ys);
  return {
    inside,
    extent: [minimum(xs), maximum(xs), minimum(ys), maximum(ys)],
    grid: (x, y) => polygonGrid(x, y, gate.vertices, inside),
  };
}

function ellipseShape(gate: EllipsoidGate, place: string): Shape {
  const ellipse = compileEllipsoid(gate, place);
  const { mean, inverse, limit } = ellipse;
  const [a, b, c, d] = inverse;
  const norm = (dx: number, dy: number) => Math.sqrt(dx * (a * dx + b * dy) + dy * (c * dx + d * dy));
  // extent of dx' S^-1 dx <= limit along an axis = sqrt(limit * S_axis); widened, because rounding must not cut the border
  const shear = (b + c) / 2;
  const determinant = a * d - shear * shear;
  const reachX = Math.sqrt((limit * d) / determinant) * (1 + 1e-9);
  const reachY = Math.sqrt((limit * a) / determinant) * (1 + 1e-9);
  return {
    inside: (x, y) => insideEllipse(x, y, ellipse),
    extent: [mean[0] - reachX, mean[0] + reachX, mean[1] - reachY, mean[1] + reachY],
    grid: (x, y) => ellipseGrid(x, y, (u, v) => norm(u - mean[0], v - mean[1]), norm, Math.sqrt(limit)),
  };
}

function forwardOf({ transform }: Dimension): (x: number) => number {
  return transform === null ? (x) => x : compileForward(transform);
}

function backwardOf({ transform }: Dimension): (y: number) => number {
  return transform === null ? (y) => y : (y) => inverseOf(transform, y);
}

/** Closed linear interval outside which the scaled value is surely outside [low, high]. */
function linearExtent({ transform }: Dimension, low: number, high: number): readonly [number, number] {
  if (transform === null) return [low, high];
  const clippedLow = transform.boundMax !== null && low > transform.boundMax;
  const clippedHigh = transform.boundMax !== null && high >= transform.boundMax;
  return [
    clippedLow ? Number.POSITIVE_INFINITY : lowestInputAtLeast(transform, low),
    // the lowest input whose value is well above `high` bounds those that are not
    clippedHigh
      ? Number.POSITIVE_INFINITY
      : lowestInputAtLeast(transform, high + 1e-9 * (1 + Math.abs(high))),
  ];
}

function minimum(values: Float64Array): number {
  return values.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY);
}
function maximum(values: Float64Array): number {
  return values.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY);
}
