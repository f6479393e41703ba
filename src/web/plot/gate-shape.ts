// How a gate lies on a plot: its outline and the handles a person can take hold of. Pure; all coordinates are scaled units of the two axes.
// Invariant: only dimensions that equal the plot's own (source, compensation and transform) are drawn; a gate that has no place on a
// plot says so by `null`, it is never drawn on a scale that is not its own.
import type { Dimension, Gate, GeometricGate } from '../../gating/index.ts';

export type Point = readonly [x: number, y: number];

/** The dimensions of a plot; `y` is null for a density of one dimension. */
export interface PlotDims {
  readonly x: Dimension;
  readonly y: Dimension | null;
}

/** Visible range in scaled units; open sides of gates end here. For a plot of one dimension y runs from 0 to 1. */
export interface Frame {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** Which dimension of the gate lies on which axis; null = the gate is open along that axis. */
export interface Placement {
  readonly x: number | null;
  readonly y: number | null;
}

/** Something to drag. `id` says what moves: `vertex:3`, `min:x`, `max:y`, `cut:x:0`, `cut:xy`, `radius:1`. The body has no handle. */
export interface Handle {
  readonly id: string;
  readonly kind: 'point' | 'vertical' | 'horizontal';
  readonly at: Point;
  readonly label: string;
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return dimensionKey(a) === dimensionKey(b);
}

/** Equal exactly for dimensions that measure the same thing on the same scale. */
export function dimensionKey(dimension: Dimension): string {
  return JSON.stringify(sorted(dimension));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, inner]) => [key, sorted(inner)]);
}

/**
 * Where a gate lies on a plot, or null. All its dimensions must be there; only a rectangle of more dimensions than the plot has axes is shown by
 * the sides that it has on them (its other limits hold as well).
 */
export function placeGate(gate: Gate, plot: PlotDims): Placement | null {
  if (gate.kind === 'boolean') return null;
  const used = usedDims(gate);
  const find = (dimension: Dimension | null): number | null =>
    dimension === null ? null : (used.find((d) => sameDimension(gate.dims[d], dimension)) ?? null);
  const placement = { x: find(plot.x), y: find(plot.y) };
  const placed = new Set([placement.x, placement.y].filter((d) => d !== null)).size;
  const axes = plot.y === null ? 1 : 2;
  const whole = placed > 0 && placed === used.length;
  return whole || (gate.kind === 'rectangle' && placed === axes) ? placement : null;
}

/** Dimensions that limit anything: a quadrant's cell may leave some open. */
function usedDims(gate: GeometricGate): number[] {
  const all = gate.dims.map((_, d) => d);
  return gate.kind === 'quadrant' ? all.filter((d) => gate.cell[d] !== null) : all;
}

/** The closed outline of a gate within the frame. */
export function outlineOf(gate: GeometricGate, placement: Placement, frame: Frame): readonly Point[] {
  switch (gate.kind) {
    case 'rectangle':
    case 'quadrant': {
      const [x0, x1] = clippedInterval(intervalOf(gate, placement.x), frame.x0, frame.x1);
      const [y0, y1] = clippedInterval(intervalOf(gate, placement.y), frame.y0, frame.y1);
      return [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ];
    }
    case 'polygon':
      return gate.vertices.map(([a, b]) => (placement.x === 0 ? [a, b] : [b, a]));
    case 'ellipsoid':
      return ellipseOutline(gate, placement);
  }
}

/** Lower and upper limit of a rectangle or a quadrant along one of its dimensions; open sides are infinite. */
export function intervalOf(
  gate: GeometricGate & { readonly kind: 'rectangle' | 'quadrant' },
  dimension: number | null,
): readonly [number, number] {
  if (dimension === null) return [-Infinity, Infinity];
  if (gate.kind === 'rectangle') return [gate.min[dimension], gate.max[dimension]];
  const cell = gate.cell[dimension];
  if (cell === null) return [-Infinity, Infinity];
  const cuts = gate.dividers[dimension];
  return [cuts[cell - 1] ?? -Infinity, cuts[cell] ?? Infinity];
}

function clippedInterval([low, high]: readonly [number, number], from: number, to: number): [number, number] {
  return [Math.min(Math.max(low, from), to), Math.max(Math.min(high, to), from)];
}

/** Handles of a gate within the frame, in the order in which the keyboard walks through them. */
export function handlesOf(gate: GeometricGate, placement: Placement, frame: Frame): readonly Handle[] {
  switch (gate.kind) {
    case 'rectangle':
      return rectangleHandles(gate, placement, frame);
    case 'quadrant':
      return quadrantHandles(gate, placement, frame);
    case 'polygon':
      return outlineOf(gate, placement, frame).map((at, v) => ({
        id: `vertex:${v}`,
        kind: 'point',
        at,
        label: `Corner ${v + 1} of ${gate.vertices.length}`,
      }));
    case 'ellipsoid':
      return ellipseAxes(gate, placement).map((at, a) => ({
        id: `radius:${a}`,
        kind: 'point',
        at,
        label: a % 2 === 0 ? 'End of the long axis' : 'End of the short axis',
      }));
  }
}

const sideNames = { min: { x: 'Left side', y: 'Lower side' }, max: { x: 'Right side', y: 'Upper side' } };

function rectangleHandles(
  gate: GeometricGate & { kind: 'rectangle' },
  placement: Placement,
  frame: Frame,
): Handle[] {
  const [x0, y0, x1, y1] = cornersWithin(gate, placement, frame);
  const middle = { x: (x0 + x1) / 2, y: (y0 + y1) / 2 };
  return (['x', 'y'] as const).flatMap((axis) =>
    (['min', 'max'] as const).flatMap((side): Handle[] => {
      const dimension = placement[axis];
      if (dimension === null || !Number.isFinite(gate[side][dimension])) return [];
      const value = gate[side][dimension];
      return [
        axis === 'x'
          ? { id: `${side}:x`, kind: 'vertical', at: [value, middle.y], label: sideNames[side].x }
          : { id: `${side}:y`, kind: 'horizontal', at: [middle.x, value], label: sideNames[side].y },
      ];
    }),
  );
}

function cornersWithin(
  gate: GeometricGate & { kind: 'rectangle' | 'quadrant' },
  placement: Placement,
  frame: Frame,
): [number, number, number, number] {
  const [lower, , upper] = outlineOf(gate, placement, frame);
  return [lower[0], lower[1], upper[0], upper[1]];
}

/** Cuts of the whole set, not only those next to this cell: they are moved together. */
function quadrantHandles(
  gate: GeometricGate & { kind: 'quadrant' },
  placement: Placement,
  frame: Frame,
): Handle[] {
  // near the end of each line, clear of the names in the middle of the cells
  const end = { x: frame.x1 - (frame.x1 - frame.x0) * 0.06, y: frame.y1 - (frame.y1 - frame.y0) * 0.1 };
  const cuts = (dimension: number | null): readonly number[] =>
    dimension === null ? [] : gate.dividers[dimension];
  const [xs, ys] = [cuts(placement.x), cuts(placement.y)];
  const handles: Handle[] = [
    ...xs.map((value, c): Handle => ({
      id: `cut:x:${c}`,
      kind: 'vertical',
      at: [value, end.y],
      label: 'Vertical cut',
    })),
    ...ys.map((value, c): Handle => ({
      id: `cut:y:${c}`,
      kind: 'horizontal',
      at: [end.x, value],
      label: 'Horizontal cut',
    })),
  ];
  if (xs.length === 1 && ys.length === 1)
    handles.push({ id: 'cut:xy', kind: 'point', at: [xs[0], ys[0]], label: 'Crossing of the cuts' });
  return handles;
}

type Ellipsoid = GeometricGate & { kind: 'ellipsoid' };

/** Centre and the two half axes as vectors, longer first, on the plot's axes. Only ellipsoids of two dimensions come here. */
export function ellipseFrame(
  gate: Ellipsoid,
  placement: Placement,
): { readonly centre: Point; readonly axes: readonly [Point, Point] } {
  const [i, j] = placement.x === 0 ? [0, 1] : [1, 0];
  const [a, b, d] = [gate.covariance[i * 2 + i], gate.covariance[i * 2 + j], gate.covariance[j * 2 + j]];
  const half = (a + d) / 2;
  const spread = Math.sqrt(((a - d) / 2) * ((a - d) / 2) + b * b);
  const angle = b === 0 && a >= d ? 0 : b === 0 ? Math.PI / 2 : Math.atan2(half + spread - a, b);
  const [long, short] = [half + spread, Math.max(half - spread, 0)].map((variance) =>
    Math.sqrt(variance * gate.distanceSquare),
  );
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return {
    centre: [gate.mean[i], gate.mean[j]],
    axes: [
      [long * c, long * s],
      [-short * s, short * c],
    ],
  };
}

function ellipseOutline(gate: Ellipsoid, placement: Placement): Point[] {
  const { centre, axes } = ellipseFrame(gate, placement);
  return Array.from({ length: 64 }, (_, k) => {
    const [c, s] = [Math.cos((k * Math.PI) / 32), Math.sin((k * Math.PI) / 32)];
    return [
      centre[0] + c * axes[0][0] + s * axes[1][0],
      centre[1] + c * axes[0][1] + s * axes[1][1],
    ] as const;
  });
}

function ellipseAxes(gate: Ellipsoid, placement: Placement): Point[] {
  const { centre, axes } = ellipseFrame(gate, placement);
  const [[lx, ly], [sx, sy]] = axes;
  return [
    [centre[0] + lx, centre[1] + ly],
    [centre[0] + sx, centre[1] + sy],
    [centre[0] - lx, centre[1] - ly],
    [centre[0] - sx, centre[1] - sy],
  ];
}
