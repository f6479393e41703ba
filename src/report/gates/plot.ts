// One small plot of gates: filled contours of the density (or a histogram), the gates with their names and shares, axes with ticks.
// Invariant: contours show where events lie, never how many there are; numbers come from the counts. Bins below the lowest contour are dots.
import { contours } from 'd3';
import type { Anchor } from '../anchors.ts';
import { label11, type Area } from '../axes.ts';
import { fitted, textWidth } from '../lettering.ts';
import { coordinate, h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';
import { gateMarks, small, type Scale } from './gate-marks.ts';
import type { PlotAxis, PlotOfGates } from './model.ts';

export interface PlotLook {
  readonly area: Area;
  /** Titles of axes, and labels of ticks. */
  readonly axes: boolean;
  readonly to: Anchor;
}

/** Levels as parts of the densest bin; each is drawn over the one before. */
const levels = [0.015, 0.05, 0.12, 0.25, 0.45, 0.7] as const;

export function gatePlot(plot: PlotOfGates, { area, axes, to }: PlotLook): Markup {
  const x = scaleOf(plot.x, area.left, area.right);
  const y = plot.y === null ? null : scaleOf(plot.y, area.bottom, area.top);
  const marks: Markup[] = [
    h('rect', {
      x: area.left,
      y: area.top,
      width: area.right - area.left,
      height: area.bottom - area.top,
      fill: paint.panel,
      stroke: paint.rule,
    }),
    ...(plot.events === 0
      ? [
          label11(
            (area.left + area.right) / 2,
            (area.top + area.bottom) / 2,
            'no events',
            'middle',
            paint.muted,
          ),
        ]
      : plot.y === null || y === null
        ? [histogram(plot, area)]
        : densityMarks(plot, plot.y, area)),
    ...plot.gates.flatMap(({ outline }) =>
      outline.kind === 'without' ? bands(outline.stretches, area, x) : [],
    ),
    ...axisMarks(plot, area, axes, x, y),
    ...gateMarks(plot.gates, area, x, y, to),
  ];
  return h('g', {}, ...marks);
}

function scaleOf({ min, max }: PlotAxis, from: number, to: number): Scale {
  return (value) => from + ((value - min) / (max - min)) * (to - from);
}

function densityMarks(plot: PlotOfGates, yAxis: PlotAxis, area: Area): Markup[] {
  const [nx, ny] = [plot.x.bins, yAxis.bins];
  const smooth = smoothed(plot.counts, nx, ny);
  const most = Math.max(...smooth);
  if (most === 0) return [];
  const width = (area.right - area.left) / nx;
  const height = (area.bottom - area.top) / ny;
  const px = (u: number): number => area.left + Math.min(nx, Math.max(0, u)) * width;
  const py = (v: number): number => area.bottom - Math.min(ny, Math.max(0, v)) * height;
  const dots = plot.counts.flatMap((n, i) => {
    if (n === 0 || smooth[i] >= levels[0] * most) return [];
    return [`M${near(px((i % nx) + 0.25))} ${near(py(Math.floor(i / nx) + 0.75))}h1v1h-1Z`];
  });
  const shapes = contours()
    .size([nx, ny])
    .thresholds(levels.map((level) => level * most))([...smooth]);
  return [
    h('path', { d: dots.join(''), fill: paint.blue, 'fill-opacity': 0.7 }),
    ...shapes.map(({ coordinates }) =>
      h('path', {
        d: coordinates
          .flatMap((polygon) => polygon.map((ring) => ringPath(ring.map(([u, v]) => [px(u), py(v)]))))
          .join(''),
        fill: paint.blue,
        'fill-opacity': 0.2,
        'fill-rule': 'evenodd',
      }),
    ),
  ];
}

/** Half a pixel is enough for a contour; contours are most of the bytes of a page. */
function near(value: number): number {
  return Math.round(value * 2) / 2;
}

/** A closed line as steps from point to point, which are shorter to write than places; points that fall together are one. */
function ringPath(ring: readonly (readonly [number, number])[]): string {
  const steps: string[] = [];
  let [x, y] = [0, 0];
  ring.forEach(([px, py], i) => {
    const [dx, dy] = [Math.round(px * 2) - x, Math.round(py * 2) - y];
    if (dx === 0 && dy === 0) return;
    steps.push(`${i === 0 ? 'M' : steps.length === 1 ? 'l' : ' '}${dx / 2} ${dy / 2}`);
    [x, y] = [x + dx, y + dy];
  });
  return steps.length < 3 ? '' : `${steps.join('')}Z`;
}
/** Weights 1-2-1 along both axes, on square roots of the counts, so that thin populations keep a shape beside dense ones. */
function smoothed(counts: readonly number[], nx: number, ny: number): number[] {
  const along = (
    from: readonly number[],
    step: number,
    length: number,
    position: (i: number) => number,
  ): number[] =>
    from.map((value, i) => {
      const at = position(i);
      const before = at > 0 ? from[i - step] : 0;
      const after = at < length - 1 ? from[i + step] : 0;
      return (before + 2 * value + after) / 4;
    });
  const roots = counts.map((n) => Math.sqrt(n));
  const rows = along(roots, 1, nx, (i) => i % nx);
  return along(rows, nx, ny, (i) => Math.floor(i / nx));
}

/** Stretches that a gate leaves out, shaded over the whole height; at least a line wide, so that none vanishes. */
function bands(
  stretches: readonly { readonly from: number; readonly to: number }[],
  area: Area,
  x: Scale,
): Markup[] {
  return stretches.map(({ from, to }) =>
    h('rect', {
      x: x(from),
      y: area.top,
      width: Math.max(1.5, x(to) - x(from)),
      height: area.bottom - area.top,
      fill: paint.red,
      'fill-opacity': 0.35,
    }),
  );
}

function histogram(plot: PlotOfGates, area: Area): Markup {
  const most = Math.max(1, ...plot.counts);
  const width = (area.right - area.left) / plot.x.bins;
  const y = (n: number): number => area.bottom - (0.92 * n * (area.bottom - area.top)) / most;
  const steps = plot.counts.map(
    (n, i) => `L${point(area.left + i * width, y(n))}L${point(area.left + (i + 1) * width, y(n))}`,
  );
  return h('path', {
    d: `M${point(area.left, area.bottom)}${steps.join('')}L${point(area.right, area.bottom)}Z`,
    fill: paint.blue,
    'fill-opacity': 0.45,
  });
}

function axisMarks(plot: PlotOfGates, area: Area, named: boolean, x: Scale, y: Scale | null): Markup[] {
  const marks: Markup[] = [];
  const strokes: string[] = [];
  let free = area.left - 8;
  for (const { at, label } of plot.x.ticks) {
    const px = x(at);
    strokes.push(`M${point(px, area.bottom)}v${label === '' ? 2.5 : 4.5}`);
    const half = textWidth(label, 9.5) / 2;
    if (!named || label === '' || px - half < free) continue;
    free = px + half + 3;
    marks.push(small(px, area.bottom + 14, label, 'middle', paint.muted));
  }
  if (y !== null && plot.y !== null) {
    let above = Infinity;
    for (const { at, label } of plot.y.ticks) {
      const py = y(at);
      strokes.push(`M${point(area.left, py)}h-${label === '' ? 2.5 : 4.5}`);
      if (!named || label === '' || py > above) continue;
      above = py - 11;
      marks.push(small(area.left - 6, py + 3.5, label, 'end', paint.muted));
    }
  }
  marks.push(h('path', { d: strokes.join(''), stroke: paint.rule, fill: 'none' }));
  if (named) {
    const width = area.right - area.left;
    marks.push(
      small(
        (area.left + area.right) / 2,
        area.bottom + 27,
        fitted(plot.x.label, width + 20, 10),
        'middle',
        paint.ink,
      ),
    );
    const title = plot.y === null ? 'events' : plot.y.label;
    // a histogram has no labels of ticks to keep clear of
    const distance = plot.y === null ? 8 : 37;
    marks.push(
      h(
        'text',
        {
          transform: `translate(${coordinate(area.left - distance)} ${coordinate((area.top + area.bottom) / 2)}) rotate(-90)`,
          fill: paint.ink,
          'font-size': 10,
          'text-anchor': 'middle',
        },
        fitted(title, area.bottom - area.top, 10),
      ),
    );
  }
  return marks;
}
