// Counts to colours, contour heights, profiles and ticks: small grids by hand.
import { describe, expect, it } from 'vitest';
import { sharedAxis, toPixel, toScaled, visibleTicks, type Axis } from '../../../src/web/plot/axis.ts';
import { contourDrawing } from '../../../src/web/plot/contour.ts';
import { profilePath } from '../../../src/web/plot/measured.ts';
import {
  cellAt,
  contourLevels,
  paletteOf,
  pseudocolour,
  smoothed,
  type Grid,
} from '../../../src/web/plot/raster.ts';
import { dimension } from '../gates.ts';

const span = { x: [0, 3], y: [0, 2] } as const;
const grid: Grid = { width: 3, height: 2, counts: [0, 5, 0, 1, 0, 0], ...span };
const grey = paletteOf((t) => `rgb(${Math.round(t * 200)}, 0, 0)`, 'light');
const axis = (from: number, to: number, ticks: Axis['ticks']): Axis => ({
  label: 'A',
  dimension: dimension('A'),
  from,
  to,
  ticks,
});

describe('a density', () => {
  it('is painted from the top row down, and hides or invents no event', () => {
    const pixels = pseudocolour(grid, grey);
    const shown = Array.from({ length: 6 }, (_, cell) => pixels[cell * 4 + 3]);
    expect(shown).toEqual([255, 0, 0, 0, 255, 0]);
  });
  it('is brighter where there are more events', () => {
    const pixels = pseudocolour(grid, grey);
    expect(pixels[4 * 4]).toBeGreaterThan(pixels[0]);
  });
  it('keeps its sum when smoothed away from the edges', () => {
    const counts = new Array<number>(81).fill(0);
    counts[40] = 256;
    const out = smoothed({ width: 9, height: 9, counts });
    // binomial weights 6/16 * 6/16 in the middle, 1/16 * 1/16 at the corner of the kernel
    expect([out[40], out[20]]).toEqual([36, 1]);
    expect(out.reduce((a, b) => a + b)).toBe(256);
  });
  it('knows the cell of a point, the upper border outside', () => {
    expect([cellAt(grid, 0, 0), cellAt(grid, 2.9, 1.9), cellAt(grid, 3, 0), cellAt(grid, 1, -0.1)]).toEqual([
      0,
      5,
      null,
      null,
    ]);
  });
  it('has contour lines with equal shares of events between them', () => {
    // 100 events: 25 in cells of 1, 25 in a cell of 25, 50 in a cell of 50
    expect(contourLevels([...new Array<number>(25).fill(1), 25, 50], 3)).toEqual([1, 25, 50]);
    expect(contourLevels([0, 0], 3)).toEqual([]);
  });
  it('shows single events outside the lowest contour line, and none inside', () => {
    const counts = new Array<number>(400).fill(0);
    for (let row = 8; row < 12; row++)
      for (let column = 8; column < 12; column++) counts[row * 20 + column] = 100;
    counts[0] = 1;
    const { paths, outside } = contourDrawing({ width: 20, height: 20, counts, x: [0, 20], y: [0, 20] }, 4);
    expect(paths.length).toBeGreaterThan(1);
    expect([...outside.entries()].filter(([, shown]) => shown === 1).map(([cell]) => cell)).toEqual([0]);
  });
  it('of one dimension reaches nine tenths of the height at its highest bin', () => {
    const path = profilePath(
      { width: 5, height: 1, counts: [0, 0, 9, 0, 0], x: [0, 5], y: [0, 1] },
      axis(0, 5, []),
      50,
      100,
    );
    expect(path).toContain('25.0,10.0');
    expect(
      profilePath({ width: 2, height: 1, counts: [0, 0], x: [0, 1], y: [0, 1] }, axis(0, 1, []), 50, 100),
    ).toBe('');
  });
});

describe('an axis', () => {
  it('carries pixels and scaled values into each other', () => {
    const a = axis(-1, 3, []);
    expect([toPixel(a, 1, 200), toScaled(a, 100, 200)]).toEqual([100, 1]);
  });
  it('drops labels that would touch, zero and the upper end first, and ticks outside', () => {
    const ticks = [-2, 0, 0.2, 5, 5.2, 10, 11].map((at) => ({ at, label: String(at) }));
    const shown = visibleTicks(axis(-1, 10, ticks), 220, 'x');
    expect(shown).toEqual([
      { at: 0, label: '0' },
      { at: 0.2, label: '' },
      { at: 5, label: '' },
      { at: 5.2, label: '5.2' },
      { at: 10, label: '10' },
    ]);
  });
  it('is shared by taking the widest range and every tick once, with its label', () => {
    const one = axis(0, 4, [{ at: 1, label: '' }]);
    const two = axis(-1, 3, [
      { at: 0, label: '0' },
      { at: 1, label: '10' },
    ]);
    expect(sharedAxis([one, two])).toMatchObject({
      from: -1,
      to: 4,
      ticks: [
        { at: 0, label: '0' },
        { at: 1, label: '10' },
      ],
    });
  });
});
