// From a stored strategy and the binned densities of its sample to plots with outlines. Types of gates come through the waist (results/);
// nothing here counts or decides membership.
// Invariant: every gate of two axes becomes a closed area, every gate of one a range; of logical populations only those are drawn whose parts
// one method placed with them (stable acquisition: all of Time less the unstable stretches).
import type { SampleDensities } from '../../engine/index.ts';
import { cos, sin } from '../../math/index.ts';
import type { PopulationRow, SampleResult } from '../../results/index.ts';
import { clipped } from './clip.ts';
import type { DrawnGate, Outline, PlotAxis, PlotOfGates, SampleGates } from './model.ts';

export type Strategy = SampleResult['strategy'];
type Gate = NonNullable<Strategy['populations'][number]['gate']>;
type Density = SampleDensities['plots'][number]['density'];

export interface GatesInput extends Pick<
  SampleGates,
  'sample' | 'subject' | 'visit' | 'panel' | 'events' | 'strategySha256' | 'resultId'
> {
  readonly strategy: Strategy;
  readonly populations: readonly PopulationRow[];
  readonly densities: SampleDensities;
}

/** Bins an axis in a report: enough for a plot of 180 pixels. */
const reportBins = 64;

export function sampleGates({ strategy, populations, densities, ...head }: GatesInput): SampleGates {
  const byPath = new Map(strategy.populations.map((population) => [population.path, population]));
  const wholes = wholesOf(strategy);
  const rowOf = new Map(populations.map((row) => [row.path, row]));
  return {
    ...head,
    unavailable: null,
    plots: densities.plots.map(({ gates, density }): PlotOfGates => {
      const { x, y, counts } = coarser(density);
      const shown = [...new Set(gates.map((path) => (y === null ? (wholes.get(path) ?? path) : path)))];
      return {
        parent: density.population,
        events: density.events,
        x,
        y,
        counts,
        gates: shown.flatMap((path): DrawnGate[] => {
          const gate = byPath.get(path)?.gate ?? null;
          const outline = gates.includes(path)
            ? gate === null
              ? null
              : outlineOf(gate, x, y)
            : without(
                gates.flatMap((part) => (wholes.get(part) === path ? [byPath.get(part)?.gate ?? null] : [])),
                x,
              );
          const row = rowOf.get(path);
          if (outline === null) return [];
          return [
            {
              population: row?.population ?? path.slice(path.lastIndexOf('/') + 1),
              path,
              outline,
              count: row?.count ?? null,
              fractionOfParent: row?.fractionOfParent ?? null,
              status: row?.status ?? 'notEvaluable',
              method: row?.method ?? null,
            },
          ];
        }),
      };
    }),
  };
}

/** Path of a part → path of the population that leaves it out, where one method placed both (gating/methods/stable.ts). */
function wholesOf({ populations }: Strategy): ReadonlyMap<string, string> {
  const methodOf = ({ fit }: Strategy['populations'][number]): string | null =>
    fit.status === 'fitted' ? fit.method : null;
  const byPath = new Map(populations.map((population) => [population.path, population]));
  const wholes = new Map<string, string>();
  for (const whole of populations) {
    const { gate, path } = whole;
    if (gate?.kind !== 'boolean' || methodOf(whole) === null) continue;
    for (const { population, complement } of gate.operands) {
      const part = byPath.get(population);
      if (complement && part !== undefined && methodOf(part) === methodOf(whole))
        wholes.set(population, path);
    }
  }
  return wholes;
}

/** The axis less the ranges of these gates; unstable stretches are ranges of one axis. */
function without(gates: readonly (Gate | null)[], x: PlotAxis): Outline {
  return {
    kind: 'without',
    stretches: gates.flatMap((gate) =>
      gate?.kind === 'rectangle' ? [{ from: within(gate.min[0], x), to: within(gate.max[0], x) }] : [],
    ),
  };
}

/** Adds up neighbouring bins until an axis has no more than a report can show. */
function coarser({ x, y, counts }: Density): {
  readonly x: PlotAxis;
  readonly y: PlotAxis | null;
  readonly counts: readonly number[];
} {
  const stepX = stepOf(x.bins);
  const stepY = y === null ? 1 : stepOf(y.bins);
  const binsX = x.bins / stepX;
  const binsY = y === null ? 1 : y.bins / stepY;
  const sums = new Array<number>(binsX * binsY).fill(0);
  counts.forEach((n, i) => {
    const ix = Math.floor((i % x.bins) / stepX);
    const iy = Math.floor(Math.floor(i / x.bins) / stepY);
    sums[iy * binsX + ix] += n;
  });
  return { x: axisOf(x, binsX), y: y === null ? null : axisOf(y, binsY), counts: sums };
}

/** The smallest whole divisor that brings the bins down to what is shown. */
function stepOf(bins: number): number {
  let step = Math.max(1, Math.ceil(bins / reportBins));
  while (bins % step !== 0) step += 1;
  return step;
}

function axisOf({ label, min, max, ticks }: Density['x'], bins: number): PlotAxis {
  return { label, min, max, bins, ticks: ticks.map((tick) => ({ at: tick.at, label: tick.label })) };
}

/** Null for a logical population, and for a shape beyond the plot. */
export function outlineOf(gate: Gate, x: PlotAxis, y: PlotAxis | null): Outline | null {
  switch (gate.kind) {
    case 'boolean':
      return null;
    case 'rectangle':
      return y === null || gate.dims.length === 1
        ? range(gate.min[0], gate.max[0], x)
        : box([gate.min[0], gate.max[0]], [gate.min[1], gate.max[1]], x, y);
    case 'polygon':
      return y === null ? null : shape(gate.vertices, x, y);
    case 'quadrant': {
      const sides = gate.dims.map((_, d) => cellSides(gate.dividers[d], gate.cell[d]));
      return y === null || sides.length === 1 ? range(...sides[0], x) : box(sides[0], sides[1], x, y);
    }
    case 'ellipsoid':
      return y === null
        ? null
        : shape(ellipse(gate.mean, gate.covariance, gate.dims.length, gate.distanceSquare), x, y);
  }
}

type Sides = readonly [low: number, high: number];

function cellSides(dividers: readonly number[], cell: number | null): Sides {
  if (cell === null) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [
    cell === 0 ? Number.NEGATIVE_INFINITY : dividers[cell - 1],
    cell === dividers.length ? Number.POSITIVE_INFINITY : dividers[cell],
  ];
}

function within(value: number, { min, max }: PlotAxis): number {
  return Math.min(max, Math.max(min, value));
}

function range(from: number, to: number, x: PlotAxis): Outline {
  return { kind: 'range', from: within(from, x), to: within(to, x) };
}

function box([left, right]: Sides, [low, high]: Sides, x: PlotAxis, y: PlotAxis): Outline {
  return area(
    [
      [left, low],
      [right, low],
      [right, high],
      [left, high],
    ],
    x,
    y,
  );
}

/** Null where nothing of it is in the plot. */
function shape(points: readonly (readonly [number, number])[], x: PlotAxis, y: PlotAxis): Outline | null {
  const corners = clipped(points, x, y);
  return corners.length < 3 ? null : { kind: 'area', points: corners };
}

/** Of a box, whose sides stay upright when its corners are moved to the edge of the plot. */
function area(points: readonly (readonly [number, number])[], x: PlotAxis, y: PlotAxis): Outline {
  return { kind: 'area', points: points.map(([u, v]) => [within(u, x), within(v, y)] as const) };
}

const corners = 60;
const turn = 6.283185307179586;

/** The border in the first two dimensions: mean + sqrt(distance) L (cos, sin), L the Cholesky factor of the upper left 2 x 2 covariance. */
function ellipse(
  mean: readonly number[],
  covariance: readonly number[],
  n: number,
  distanceSquare: number,
): (readonly [number, number])[] {
  const [a, b, d] = [covariance[0], covariance[1], covariance[n + 1]];
  const l11 = Math.sqrt(Math.max(0, a));
  const l21 = l11 === 0 ? 0 : b / l11;
  const l22 = Math.sqrt(Math.max(0, d - l21 * l21));
  const radius = Math.sqrt(Math.max(0, distanceSquare));
  return Array.from({ length: corners }, (_, k) => {
    const angle = (turn * k) / corners;
    const [c, s] = [radius * cos(angle), radius * sin(angle)];
    return [mean[0] + l11 * c, mean[1] + l21 * c + l22 * s] as const;
  });
}
