// One small plot of gates: filled contours of the density (or a histogram), the gates with their names and shares, axes with ticks.
// Invariant: contours show where events lie, never how many there are; numbers come from the counts. Bins below the lowest contour are dots.
import { contours } from 'd3';
import { linkedMark, type Anchor } from '../anchors.ts';
import { label11, type Area } from '../axes.ts';
import { fitted, numberText, textWidth } from '../lettering.ts';
import { coordinate, h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';
import type { DrawnGate, Outline, PlotAxis, PlotOfGates } from './model.ts';

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

type Scale = (value: number) => number;

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
    marks.push(
      h(
        'text',
        {
          transform: `translate(${coordinate(area.left - 37)} ${coordinate((area.top + area.bottom) / 2)}) rotate(-90)`,
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

function small(x: number, y: number, text: string, anchor: 'middle' | 'end' | 'start', fill: string): Markup {
  return h('text', { x, y, fill, 'font-size': 10, 'text-anchor': anchor === 'start' ? null : anchor }, text);
}

function gateMarks(gates: readonly DrawnGate[], area: Area, x: Scale, y: Scale | null, to: Anchor): Markup[] {
  const taken: { readonly left: number; readonly right: number; readonly y: number }[] = [];
  return gates.map((gate) => {
    const { dOf, cx, top, bottom, left, right } = shapeOf(gate.outline, area, x, y);
    const share =
      gate.fractionOfParent === null
        ? 'NE'
        : `${numberText(100 * gate.fractionOfParent, share1(gate.fractionOfParent))} %`;
    const full = fitted(`${gate.population} ${share}`, area.right - area.left - 4, 10);
    // inside the gate where there is room, of narrow gates the share alone; beside it only when the gate is small
    const inside = bottom - top > 24 && right - left > textWidth(share, 10);
    const text = inside && textWidth(full, 10) > right - left + 4 ? share : full;
    const half = textWidth(text, 10) / 2;
    const px = Math.min(area.right - half - 2, Math.max(area.left + half + 2, cx));
    const wanted = inside ? top + 11 : top - area.top > 14 ? top - 4 : bottom + 12;
    let py = Math.min(area.bottom - 4, Math.max(area.top + 11, wanted));
    while (
      taken.some(
        (other) => Math.abs(other.y - py) < 11 && other.left < px + half && other.right > px - half,
      ) &&
      py < area.bottom - 14
    )
      py += 11;
    taken.push({ left: px - half, right: px + half, y: py });
    return linkedMark(
      to,
      `${gate.path}: ${gate.count ?? 'not evaluable'}${gate.count === null ? '' : ' events'}, ${share} of its parent, ${gate.method ?? gate.status}`,
      h('path', {
        d: dOf(py + 5),
        fill: 'none',
        stroke: gate.status === 'fallback' ? paint.red : paint.orange,
        'stroke-width': 1.5,
        'stroke-linejoin': 'round',
        'stroke-dasharray': gate.status === 'fallback' ? '4 2' : null,
      }),
      h(
        'text',
        {
          x: px,
          y: py,
          fill: 'none',
          stroke: paint.panel,
          'stroke-width': 3,
          'stroke-opacity': 0.85,
          'font-size': 10,
          'text-anchor': 'middle',
          'aria-hidden': 'true',
        },
        text,
      ),
      small(px, py, text, 'middle', paint.ink),
    );
  });
}

/** Small shares keep two decimals. */
function share1(fraction: number): number {
  return fraction < 0.1 ? 2 : 1;
}

interface Shape {
  /** The path; of a range its bar lies at this height, just below its name. */
  readonly dOf: (bar: number) => string;
  readonly cx: number;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

function shapeOf(outline: Outline, area: Area, x: Scale, y: Scale | null): Shape {
  if (outline.kind !== 'area' || y === null) {
    const [from, to] = outline.kind === 'range' ? [x(outline.from), x(outline.to)] : [area.left, area.right];
    return {
      dOf: (bar) =>
        `M${point(from, area.top)}L${point(from, area.bottom)}M${point(to, area.top)}L${point(to, area.bottom)}M${point(from, bar)}L${point(to, bar)}`,
      cx: (from + to) / 2,
      top: area.top - 1,
      bottom: area.bottom,
      left: area.left,
      right: area.right,
    };
  }
  const points = outline.points.map(([u, v]) => ({ x: x(u), y: y(v) }));
  const xs = points.map((one) => one.x);
  const ys = points.map((one) => one.y);
  return {
    dOf: () => `M${points.map((one) => point(one.x, one.y)).join('L')}Z`,
    cx: (Math.min(...xs) + Math.max(...xs)) / 2,
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    left: Math.min(...xs),
    right: Math.max(...xs),
  };
}
