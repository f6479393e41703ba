// A density as it comes from the server, made ready to draw: axes, grid of counts, single events. Pure.
import type { WireDensity } from '../../server/index.ts';
import { axisOf, type Axis } from './axis.ts';
import type { Point } from './gate-shape.ts';
import type { Grid } from './raster.ts';

export interface Drawable {
  readonly x: Axis;
  /** null: one dimension, and the grid has one row. */
  readonly y: Axis | null;
  readonly grid: Grid;
  /** Every event in scaled units, when there are few; else null. */
  readonly dots: readonly Point[] | null;
}

export function drawableOf({ x, y, counts, dots }: WireDensity): Drawable {
  return {
    x: axisOf(x),
    y: y === null ? null : axisOf(y),
    grid: {
      width: x.bins,
      height: y?.bins ?? 1,
      counts,
      x: [x.min, x.max],
      y: y === null ? [0, 1] : [y.min, y.max],
    },
    dots: y === null ? null : dots,
  };
}

/** An axis from 0 to 1 without marks, for plots of one dimension. */
export function bareAxis(of: Axis): Axis {
  return { ...of, label: '', from: 0, to: 1, ticks: [] };
}

/** Outline of a one-dimensional density over `width` × `height` pixels: lightly smoothed counts, the highest at nine tenths of the height. */
export function profilePath(grid: Grid, axis: Axis, width: number, height: number): string {
  const { counts } = grid;
  const smooth = Array.from({ length: grid.width }, (_, i) => {
    let sum = 0;
    let weight = 0;
    for (let k = -2; k <= 2; k++)
      if (i + k >= 0 && i + k < grid.width) {
        sum += counts[i + k] * (3 - Math.abs(k));
        weight += 3 - Math.abs(k);
      }
    return sum / weight;
  });
  const most = Math.max(...smooth, 0);
  if (most === 0) return '';
  const step = (grid.x[1] - grid.x[0]) / grid.width;
  const points = smooth.map((value, i) => {
    const at = ((grid.x[0] + (i + 0.5) * step - axis.from) / (axis.to - axis.from)) * width;
    return `${at.toFixed(1)},${(height - (value / most) * height * 0.9).toFixed(1)}`;
  });
  return `M${points[0].split(',')[0]},${height}L${points.join('L')}L${points[points.length - 1].split(',')[0]},${height}Z`;
}
