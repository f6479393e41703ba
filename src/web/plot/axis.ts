// Axes of a plot: one scaled dimension laid over pixels. Ticks come with the density from the server, which owns the scales; here they are
// only thinned to what the pixels can hold. Pure. Invariant: a plot is linear in scaled units, so a pixel is a scaled value by one multiplication.
import type { Dimension } from '../../gating/index.ts';

/** A mark at a scaled value; `label` is empty for a minor tick. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** What an axis shows: `from` to `to` in scaled units of `dimension`. */
export interface Axis {
  readonly label: string;
  readonly dimension: Dimension;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly Tick[];
}

/** An axis as it comes with a density. */
export interface MeasuredAxis {
  readonly label: string;
  readonly dimension: Dimension;
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly Tick[];
}

/** Pixels between the middles of two labels along each direction. */
const labelRoom = { x: 34, y: 16 };

export function axisOf({ label, dimension, min, max, ticks }: MeasuredAxis): Axis {
  return { label, dimension, from: min, to: max, ticks };
}

/** One axis for several plots of the same dimension: the widest range, every tick once. Throws on an empty list. */
export function sharedAxis(axes: readonly Axis[]): Axis {
  const [first] = axes;
  if (first === undefined) throw new RangeError('a shared axis needs at least one axis');
  const ticks = new Map<number, Tick>();
  for (const axis of axes)
    for (const tick of axis.ticks) if (tick.label !== '' || !ticks.has(tick.at)) ticks.set(tick.at, tick);
  return {
    ...first,
    from: Math.min(...axes.map(({ from }) => from)),
    to: Math.max(...axes.map(({ to }) => to)),
    ticks: [...ticks.values()].sort((a, b) => a.at - b.at),
  };
}

/** Position of a scaled value along `length` pixels, 0 at `from`. */
export function toPixel(axis: Axis, value: number, length: number): number {
  return ((value - axis.from) / (axis.to - axis.from)) * length;
}

/** Scaled value at a pixel along `length`. */
export function toScaled(axis: Axis, pixel: number, length: number): number {
  return axis.from + (pixel / length) * (axis.to - axis.from);
}

/** The ticks that fit on `length` pixels: labels that would touch become minor ticks (zero stays first, then from the upper end), and minor ticks closer than two pixels go. */
export function visibleTicks(axis: Axis, length: number, direction: 'x' | 'y'): readonly Tick[] {
  const within = axis.ticks
    .filter(({ at }) => at >= axis.from && at <= axis.to)
    .map((tick) => ({ ...tick, pixel: toPixel(axis, tick.at, length) }));
  const taken: number[] = [];
  const named = within
    .filter(({ label }) => label !== '')
    .sort((a, b) => Number(b.label === '0') - Number(a.label === '0') || b.at - a.at);
  for (const { pixel } of named)
    if (taken.every((other) => Math.abs(other - pixel) >= labelRoom[direction])) taken.push(pixel);
  const labelled = new Set(taken);
  let last = -Infinity;
  return within.flatMap(({ at, label, pixel }) => {
    const keeps = label !== '' && labelled.has(pixel);
    if (!keeps && (pixel - last < 2 || taken.some((other) => Math.abs(other - pixel) < 2))) return [];
    last = pixel;
    return [{ at, label: keeps ? label : '' }];
  });
}
