// The part of a closed area that lies inside a plot. Corners beyond the plot must not be moved to its edge one by one: that would turn the
// sides, and an oblique gate reaches far beyond all data.
import type { PlotAxis } from './model.ts';

type Point = readonly [number, number];

/** Corners of the area within the axes, those on the edge of the plot included; none where the area lies outside (Sutherland and Hodgman 1974). */
export function clipped(points: readonly Point[], x: PlotAxis, y: PlotAxis): readonly Point[] {
  const edges = [
    { axis: 0, limit: x.min, sign: 1 },
    { axis: 0, limit: x.max, sign: -1 },
    { axis: 1, limit: y.min, sign: 1 },
    { axis: 1, limit: y.max, sign: -1 },
  ] as const;
  return edges.reduce<readonly Point[]>((corners, { axis, limit, sign }) => {
    const inside = (point: Point) => sign * (point[axis] - limit);
    return corners.flatMap((corner, i): Point[] => {
      const before = corners[(i + corners.length - 1) % corners.length];
      const [a, b] = [inside(before), inside(corner)];
      const crosses = (a < 0 && b > 0) || (a > 0 && b < 0);
      const along = a / (a - b);
      const other = axis === 0 ? 1 : 0;
      const level = before[other] + along * (corner[other] - before[other]);
      const crossing: Point[] = crosses ? [axis === 0 ? [limit, level] : [level, limit]] : [];
      return b >= 0 ? [...crossing, corner] : crossing;
    });
  }, points);
}
