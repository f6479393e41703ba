// Gates on a small plot: outlines, and beside each its name with its share of the parent.
// Invariant: no name lies over another, and none is cut by a line of a range where there is a place without; the name of a quadrant stands
// in the corner of the plot that it has, away from the cells that lie along the cuts.
import { linkedMark, type Anchor } from '../anchors.ts';
import type { Area } from '../axes.ts';
import { fitted, numberText, textWidth } from '../lettering.ts';
import { h, point, type Markup } from '../markup.ts';
import { paint } from '../paint.ts';
import type { DrawnGate, Outline } from './model.ts';

export type Scale = (value: number) => number;

/** A mark a gate, in their order; `y` null: a histogram. */
export function gateMarks(
  gates: readonly DrawnGate[],
  area: Area,
  x: Scale,
  y: Scale | null,
  to: Anchor,
): Markup[] {
  const taken: Box[] = [];
  const lines = gates.flatMap(({ outline }) =>
    outline.kind === 'range' ? [x(outline.from), x(outline.to)] : [],
  );
  return gates.map((gate) => {
    const shape = shapeOf(gate.outline, area, x, y);
    const share =
      gate.fractionOfParent === null
        ? 'NE'
        : `${numberText(100 * gate.fractionOfParent, share1(gate.fractionOfParent))} %`;
    const { rows, wanted } = nameOf(gate, share, shape, area);
    const half = Math.max(...rows.map((row) => textWidth(row, 10))) / 2;
    const px = clearOf(lines, shape, half, area);
    const depth = 11 * (rows.length - 1);
    const [least, most] = [area.top + 11, area.bottom - 4 - depth];
    let py = Math.min(most, Math.max(least, wanted));
    const boxAt = (top: number): Box => ({ left: px - half, right: px + half, top, bottom: top + depth });
    const step = sideOf(shape, area).y === 'end' ? -11 : 11;
    while (taken.some((other) => overlap(other, boxAt(py))) && py + step >= least && py + step <= most)
      py += step;
    taken.push(boxAt(py));
    return linkedMark(
      to,
      `${gate.path}: ${gate.count ?? 'not evaluable'}${gate.count === null ? '' : ' events'}, ${share} of its parent, ${gate.method ?? gate.status}`,
      h('path', {
        d: shape.dOf(py + depth + 5),
        fill: 'none',
        stroke: gate.status === 'fallback' ? paint.red : paint.orange,
        'stroke-width': 1.5,
        'stroke-linejoin': 'round',
        'stroke-dasharray': gate.status === 'fallback' ? '4 2' : null,
      }),
      ...rows.flatMap((row, r) => [
        h(
          'text',
          {
            x: px,
            y: py + 11 * r,
            fill: 'none',
            stroke: paint.panel,
            'stroke-width': 3,
            'stroke-opacity': 0.85,
            'font-size': 10,
            'text-anchor': 'middle',
            'aria-hidden': 'true',
          },
          row,
        ),
        small(px, py + 11 * r, row, 'middle', paint.ink),
      ]),
    );
  });
}

/** Around rows of text, from the base line of the first to that of the last. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom + 11 && b.top < a.bottom + 11;
}

/** What is written at a gate, and the base line of its first row. */
function nameOf(
  { population }: DrawnGate,
  share: string,
  shape: Shape,
  area: Area,
): { readonly rows: readonly string[]; readonly wanted: number } {
  const { isRange, top, bottom, left, right } = shape;
  const width = right - left;
  const full = fitted(`${population} ${share}`, area.right - area.left - 4, 10);
  const fits = (text: string, room = 0): boolean => textWidth(text, 10) <= width + room;
  if (isRange) {
    // of a narrow range in two rows between its lines, so that none of them runs through the name
    const rows = !fits(full, -2) && fits(population, -2) && fits(share, -2) ? [population, share] : [full];
    return { rows, wanted: area.top + 11 };
  }
  // inside the gate where there is room, in two rows or the share alone where it is narrow; beside it only when the gate is small
  if (bottom - top > 24 && fits(share)) {
    const rows = fits(full, -2)
      ? [full]
      : fits(population, -2) && bottom - top > 40
        ? [population, share]
        : [share];
    const isBelow = sideOf(shape, area).y === 'end';
    return { rows, wanted: isBelow ? bottom - 5 - 11 * (rows.length - 1) : top + 11 };
  }
  return { rows: [full], wanted: top - area.top > 14 ? top - 4 : bottom + 12 };
}

/** The border of the plot that a gate of two axes ends at, along each: the quadrants of a plot have one each. */
function sideOf(
  { isRange, left, right, top, bottom }: Shape,
  area: Area,
): { readonly x: 'start' | 'end' | null; readonly y: 'start' | 'end' | null } {
  const side = (atStart: boolean, atEnd: boolean) =>
    isRange || atStart === atEnd ? null : atStart ? 'start' : 'end';
  return {
    x: side(left <= area.left + 1, right >= area.right - 1),
    y: side(top <= area.top + 1, bottom >= area.bottom - 1),
  };
}

/** The middle of a text at its gate: over it, else beside it where no upright line runs through, else over it all the same. */
function clearOf(lines: readonly number[], shape: Shape, half: number, area: Area): number {
  const { left, right } = shape;
  const [least, most] = [area.left + half + 2, area.right - half - 2];
  const { x: side, y: end } = sideOf(shape, area);
  const cx =
    side === null || end === null || right - left < 2 * half
      ? shape.cx
      : side === 'start'
        ? left + half + 3
        : right - half - 3;
  const over = Math.min(most, Math.max(least, cx));
  const places = [over, left - half - 3, right + half + 3];
  return (
    places.find(
      (px) => px >= least && px <= most && lines.every((line) => Math.abs(line - px) >= half + 0.5),
    ) ?? over
  );
}

/** Small shares keep two decimals. */
function share1(fraction: number): number {
  return fraction < 0.1 ? 2 : 1;
}

interface Shape {
  readonly isRange: boolean;
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
      isRange: true,
      cx: (from + to) / 2,
      top: area.top,
      bottom: area.bottom,
      left: from,
      right: to,
    };
  }
  const points = outline.points.map(([u, v]) => ({ x: x(u), y: y(v) }));
  const xs = points.map((one) => one.x);
  const ys = points.map((one) => one.y);
  return {
    isRange: false,
    dOf: () => `M${points.map((one) => point(one.x, one.y)).join('L')}Z`,
    cx: (Math.min(...xs) + Math.max(...xs)) / 2,
    top: Math.min(...ys),
    bottom: Math.max(...ys),
    left: Math.min(...xs),
    right: Math.max(...xs),
  };
}

/** Text of 10 px. */
export function small(
  x: number,
  y: number,
  text: string,
  anchor: 'middle' | 'end' | 'start',
  fill: string,
): Markup {
  return h('text', { x, y, fill, 'font-size': 10, 'text-anchor': anchor === 'start' ? null : anchor }, text);
}
