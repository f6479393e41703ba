// How gates lie on a plot: which have a place there, their outlines and handles, by hand calculation.
import { describe, expect, it } from 'vitest';
import { compileEllipsoid, insideEllipsoid } from '../../../src/gating/index.ts';
import { dimensionKey, handlesOf, outlineOf, placeGate } from '../../../src/web/plot/gate-shape.ts';
import { dimension, ellipse, frame, placement, plot, polygon, quadrant, rectangle } from '../gates.ts';

describe('placing a gate', () => {
  it.each([
    ['both dimensions', rectangle, plot, { x: 0, y: 1 }],
    ['axes the other way round', polygon, { x: plot.y, y: plot.x }, { x: 1, y: 0 }],
    ['a dimension that is not there', polygon, { x: plot.x, y: dimension('C') }, null],
    [
      'an interval along one axis',
      { ...rectangle, dims: [plot.y], min: [1], max: [2] },
      plot,
      { x: null, y: 0 },
    ],
    [
      'a box of three dimensions, by its sides',
      { ...rectangle, dims: [plot.x, plot.y, dimension('C')], min: [0, 0, 0], max: [1, 1, 1] },
      plot,
      { x: 0, y: 1 },
    ],
    ['a quadrant cell open along y', { ...quadrant, cell: [1, null] }, plot, { x: 0, y: null }],
    ['two axes, one plotted', ellipse, { x: plot.x, y: null }, null],
  ])('%s', (_, gate, on, expected) => {
    expect(placeGate(gate, on)).toEqual(expected);
  });

  it('tells scales and compensations apart, but not the order of keys', () => {
    const { source, compensation, transform } = plot.x;
    expect(dimensionKey({ transform, compensation, source })).toBe(dimensionKey(plot.x));
    expect(dimensionKey({ ...plot.x, compensation: { kind: 'file' } })).not.toBe(dimensionKey(plot.x));
    const scale = { kind: 'asinhCofactor', cofactor: 150 } as const;
    expect(dimensionKey({ ...plot.x, transform: { scale, boundMin: null, boundMax: null } })).not.toBe(
      dimensionKey(plot.x),
    );
  });

  it('gives logical gates no place', () => {
    const gate = {
      kind: 'boolean',
      operator: 'not',
      operands: [{ population: 'a', complement: false }],
    } as const;
    expect(placeGate(gate, plot)).toBeNull();
  });
});

describe('outlines', () => {
  it('end open sides at the frame', () => {
    expect(outlineOf(rectangle, placement, frame)).toEqual([
      [2, 3],
      [6, 3],
      [6, 10],
      [2, 10],
    ]);
  });
  it('show one cell of a quadrant', () => {
    expect(outlineOf(quadrant, placement, frame)).toEqual([
      [4, 0],
      [10, 0],
      [10, 6],
      [4, 6],
    ]);
  });
  it('swap coordinates with the axes', () => {
    expect(outlineOf(polygon, { x: 1, y: 0 }, frame)).toEqual([
      [1, 1],
      [1, 5],
      [4, 5],
    ]);
  });
  it('follow a tilted ellipse where COUNT has its border', () => {
    const tilted = { ...ellipse, covariance: [3, 1.5, 1.5, 2] };
    const compiled = compileEllipsoid(tilted, 'test');
    for (const [x, y] of outlineOf(tilted, placement, frame)) {
      const at = (factor: number): Float64Array =>
        Float64Array.of(5 + (x - 5) * factor, 5 + (y - 5) * factor);
      expect(insideEllipsoid(at(0.999), compiled)).toBe(true);
      expect(insideEllipsoid(at(1.001), compiled)).toBe(false);
    }
  });
});

describe('handles', () => {
  it.each([
    ['finite sides of a rectangle', rectangle, ['min:x', 'max:x', 'min:y']],
    ['corners of a polygon', polygon, ['vertex:0', 'vertex:1', 'vertex:2']],
    ['ends of the axes of an ellipse', ellipse, ['radius:0', 'radius:1', 'radius:2', 'radius:3']],
    ['cuts of a quadrant set and their crossing', quadrant, ['cut:x:0', 'cut:y:0', 'cut:xy']],
  ])('are the %s', (_, gate, ids) => {
    expect(handlesOf(gate, placement, frame).map(({ id }) => id)).toEqual(ids);
  });
  it('of an ellipse lie at centre plus half axes', () => {
    expect(handlesOf(ellipse, placement, frame).map(({ at }) => at)).toEqual([
      [9, 5],
      [5, 7],
      [1, 5],
      [5, 3],
    ]);
  });
});
