// Contour lines of a density: equal shares of events between neighbouring lines, and which cells lie outside them all, so that rare events stay
// visible. Pure; paths are in cells of the grid, y upwards.
import { contours } from 'd3';
import { contourLevels, smoothed, type Grid } from './raster.ts';

export interface ContourDrawing {
  /** One SVG path a line, outermost first. Empty for a grid without events. */
  readonly paths: readonly string[];
  /** 1 = a cell with events below the lowest line. */
  readonly outside: Uint8Array;
}

export function contourDrawing(grid: Grid, lines: number): ContourDrawing {
  const smooth = smoothed({ ...grid, counts: smoothed(grid) });
  const levels = contourLevels(smooth, lines);
  const lowest = levels[0] ?? Infinity;
  const paths = contours()
    .size([grid.width, grid.height])
    .thresholds(levels)([...smooth])
    .map(({ coordinates }) =>
      coordinates
        .flat()
        .map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}Z`)
        .join(''),
    );
  return {
    paths,
    outside: Uint8Array.from(smooth, (value, cell) => Number(grid.counts[cell] > 0 && value < lowest)),
  };
}
