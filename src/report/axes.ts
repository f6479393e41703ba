// Axes and other furniture of a plot: the same strokes, sizes and distances in every figure.
// Invariant: an axis has a title with its unit, and tick labels do not run into each other (crowded ones are left out).
import { h, point, type Markup } from './markup.ts';
import { tickText, textWidth } from './lettering.ts';
import { paint } from './paint.ts';

/** The area of the data in pixels; y grows downwards. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export type Scale = (value: number) => number;

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export function ticksOf(values: readonly number[], text: (value: number) => string = tickText): Tick[] {
  return values.map((at) => ({ at, label: text(at) }));
}

/** Tick labels and title below; `ticks` in data units. */
export function bottomAxis(area: Area, x: Scale, ticks: readonly Tick[], title: string, grid = true): Markup {
  const marks: Markup[] = [];
  let free = -Infinity;
  for (const { at, label } of ticks) {
    const px = x(at);
    if (grid) marks.push(line(px, area.top, px, area.bottom, paint.grid));
    const half = textWidth(label, 11) / 2;
    if (px - half < free) continue;
    free = px + half + 6;
    marks.push(
      line(px, area.bottom, px, area.bottom + 4, paint.rule),
      label11(px, area.bottom + 17, label, 'middle'),
    );
  }
  marks.push(line(area.left, area.bottom, area.right, area.bottom, paint.rule));
  marks.push(axisTitle((area.left + area.right) / 2, area.bottom + 35, title));
  return h('g', {}, ...marks);
}

/** Tick labels left, title above the axis and flush with it: horizontal text is easier to read than turned text. */
export function leftAxis(area: Area, y: Scale, ticks: readonly Tick[], title: string): Markup {
  const marks: Markup[] = [];
  let free = Infinity;
  for (const { at, label } of ticks) {
    const py = y(at);
    marks.push(line(area.left, py, area.right, py, paint.grid));
    if (py > free) continue;
    free = py - 13;
    marks.push(label11(area.left - 7, py + 4, label, 'end'));
  }
  marks.push(h('text', { x: 6, y: area.top - 10, fill: paint.muted, 'font-size': 11.5 }, title));
  return h('g', {}, ...marks);
}

export function axisTitle(x: number, y: number, title: string): Markup {
  return h('text', { x, y, fill: paint.muted, 'font-size': 11.5, 'text-anchor': 'middle' }, title);
}

export type TextAnchor = 'start' | 'middle' | 'end';

/** Text of 11 px in ink. */
export function label11(
  x: number,
  y: number,
  text: string,
  anchor: TextAnchor = 'start',
  fill: string = paint.ink,
): Markup {
  return h('text', { x, y, fill, 'font-size': 11, 'text-anchor': anchor === 'start' ? null : anchor }, text);
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  more: Readonly<Record<string, string | number>> = {},
): Markup {
  return h('line', { x1, y1, x2, y2, stroke, ...more });
}

/** A reference value across the plot, dashed, with its label right of the plot. */
export function referenceLine(area: Area, y: number, label: string): Markup {
  return h(
    'g',
    {},
    line(area.left, y, area.right, y, paint.muted, { 'stroke-dasharray': '5 4' }),
    label11(area.right + 4, y + 4, label, 'start', paint.muted),
  );
}

export interface LegendEntry {
  readonly label: string;
  readonly fill: string;
  readonly shape: 'square' | 'line' | 'dot' | 'ring' | 'triangle' | 'diamond' | 'cross' | 'arrow';
}

/** A row of entries from (x, y), wrapping at `right`; returns the marks and the y below them. */
export function legend(
  x: number,
  y: number,
  right: number,
  entries: readonly LegendEntry[],
): { readonly marks: Markup[]; readonly bottom: number } {
  const marks: Markup[] = [];
  let [cx, cy] = [x, y];
  for (const entry of entries) {
    const width = 20 + textWidth(entry.label, 11) + 12;
    if (cx > x && cx + width > right) [cx, cy] = [x, cy + 18];
    marks.push(symbol(entry.shape, cx + 7, cy, entry.fill), label11(cx + 19, cy + 4, entry.label));
    cx += width;
  }
  return { marks, bottom: cy + 14 };
}

export function symbol(shape: LegendEntry['shape'], x: number, y: number, fill: string, r = 4.5): Markup {
  switch (shape) {
    case 'square':
      return h('rect', {
        x: x - r - 0.5,
        y: y - r - 0.5,
        width: 2 * r + 1,
        height: 2 * r + 1,
        fill,
        rx: 1.5,
      });
    case 'line':
      return line(x - 7, y, x + 7, y, fill, { 'stroke-width': 2.5 });
    case 'dot':
      return h('circle', { cx: x, cy: y, r, fill });
    case 'ring':
      return h('circle', { cx: x, cy: y, r: r - 0.5, fill: paint.page, stroke: fill, 'stroke-width': 1.8 });
    case 'triangle':
      return h('path', {
        d: `M${point(x, y - r - 1)}L${point(x + r + 1, y + r)}L${point(x - r - 1, y + r)}Z`,
        fill,
      });
    case 'diamond':
      return h('path', {
        d: `M${point(x, y - r - 1.5)}L${point(x + r + 1, y)}L${point(x, y + r + 1.5)}L${point(x - r - 1, y)}Z`,
        fill,
      });
    case 'cross':
      return h('path', {
        d: `M${point(x - r, y - r)}L${point(x + r, y + r)}M${point(x - r, y + r)}L${point(x + r, y - r)}`,
        stroke: fill,
        'stroke-width': 2.4,
        fill: 'none',
      });
    case 'arrow':
      return h('path', { d: `M${point(x - 2, y - r)}L${point(x + r + 2, y)}L${point(x - 2, y + r)}Z`, fill });
  }
}
