// Contour lines of a density: equal shares of events between neighbouring lines. Pure; paths are in cells of the grid, y upwards.
import { contours } from 'd3';
import { contourLevels, smoothed, type Grid } from './raster.ts';

/** One SVG path a line, outermost first. Empty for a grid without events. */
export function contourPaths(grid: Grid, lines: number): string[] {
  const smooth = smoothed({ ...grid, counts: smoothed(grid) });
  const levels = contourLevels(smooth, lines);
  return contours()
    .size([grid.width, grid.height])
    .thresholds(levels)([...smooth])
    .map(({ coordinates }) =>
      coordinates
        .flat()
        .map((ring) => `M${ring.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join('L')}Z`)
        .join(''),
    );
}
