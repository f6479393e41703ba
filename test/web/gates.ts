// Gates on two plain linear axes, for tests of drawing and dragging.
import type { Dimension, GeometricGate } from '../../src/gating/index.ts';

export const dimension = (channel: string): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform: null,
});

export const plot = { x: dimension('A'), y: dimension('B') };
export const frame = { x0: 0, x1: 10, y0: 0, y1: 10 };
export const placement = { x: 0, y: 1 };

type Of<K extends GeometricGate['kind']> = Extract<GeometricGate, { kind: K }>;

export const rectangle: Of<'rectangle'> = {
  kind: 'rectangle',
  dims: [plot.x, plot.y],
  min: [2, 3],
  max: [6, Infinity],
};
export const polygon: Of<'polygon'> = {
  kind: 'polygon',
  dims: [plot.x, plot.y],
  vertices: [
    [1, 1],
    [5, 1],
    [5, 4],
  ],
};
/** Half axes 4 along x and 2 along y around (5, 5): covariance diag(4, 1) at squared distance 4. */
export const ellipse: Of<'ellipsoid'> = {
  kind: 'ellipsoid',
  dims: [plot.x, plot.y],
  mean: [5, 5],
  covariance: [4, 0, 0, 1],
  distanceSquare: 4,
};
export const quadrant: Of<'quadrant'> = {
  kind: 'quadrant',
  set: 'q',
  dims: [plot.x, plot.y],
  dividers: [[4], [6]],
  cell: [1, 0],
};
