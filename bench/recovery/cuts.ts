// The cuts that a population hangs on, and its strategy with one of them elsewhere: one for each side of one channel, each used axis of a
// quadrant set, and each line that the method `oblique` drew.
import type {
  Dimension,
  Evaluator,
  Gate,
  PolygonGate,
  QuadrantGate,
  RectangleGate,
  StrategyPopulation,
} from '../../src/gating/index.ts';

export interface Cut {
  readonly channel: string;
  /** Where it is, on the values that it parts. */
  readonly placed: number;
  readonly column: (evaluator: Evaluator) => Float64Array;
  /** A population with the cut elsewhere, as it is where it is not drawn by this cut; infinite = everything, or nothing, is above it. */
  readonly moved: (population: StrategyPopulation, at: number) => StrategyPopulation;
}

export function cutsOf(populations: readonly StrategyPopulation[]): readonly Cut[] {
  const cuts = new Map<string, Cut>();
  for (const { path, parent, gate, fit } of populations) {
    if (gate?.kind === 'polygon' && 'method' in fit && fit.method === 'oblique')
      cuts.set(path, lineCut(path, gate));
    else if (gate?.kind === 'rectangle' && gate.dims.length === 1) {
      const cut = sideCut(path, gate);
      if (cut !== null) cuts.set(path, cut);
    } else if (gate?.kind === 'quadrant')
      gate.dims.forEach((_, axis) => {
        const key = `${parent ?? ''}/${gate.set}/${axis}`;
        if (gate.cell[axis] !== null && gate.dividers[axis].length === 1 && !cuts.has(key))
          cuts.set(key, quadrantCut(parent, gate, axis));
      });
  }
  return [...cuts.values()];
}

/** Null for an interval and for the open range. */
function sideCut(path: string, gate: RectangleGate): Cut | null {
  const [[dim], [from], [to]] = [gate.dims, gate.min, gate.max];
  const isAbove = Number.isFinite(from);
  if (isAbove === Number.isFinite(to)) return null;
  return {
    channel: nameOf(dim),
    placed: isAbove ? from : to,
    column: (evaluator) => evaluator.column(dim),
    moved: withGate(path, (at) => ({ ...gate, ...(isAbove ? { min: [at] } : { max: [at] }) })),
  };
}

/** Every gate of the set moves with it. */
function quadrantCut(parent: string | null, { set, dims, dividers }: QuadrantGate, axis: number): Cut {
  return {
    channel: nameOf(dims[axis]),
    placed: dividers[axis][0],
    column: (evaluator) => evaluator.column(dims[axis]),
    moved: (population, at) => {
      const { gate } = population;
      if (gate?.kind !== 'quadrant' || gate.set !== set || population.parent !== parent) return population;
      const moved = gate.dividers.map((places, d) => (d === axis ? [at] : places));
      return { ...population, gate: { ...gate, dividers: moved } };
    },
  };
}

/** The line of a half-plane, which runs through its first and last vertex; it keeps its slope. */
function lineCut(path: string, gate: PolygonGate): Cut {
  const [[x, y], [deepX, deepY]] = gate.vertices;
  const length = Math.hypot(deepX - x, deepY - y);
  const [u, v] = [(deepX - x) / length, (deepY - y) / length];
  const everything: Gate = {
    ...{ kind: 'rectangle', dims: [gate.dims[0]] },
    ...{ min: [Number.NEGATIVE_INFINITY], max: [Number.POSITIVE_INFINITY] },
  };
  return {
    channel: gate.dims.map(nameOf).join(' / '),
    placed: 0,
    column: (evaluator) => {
      const [xs, ys] = gate.dims.map((dim) => evaluator.column(dim));
      return xs.map((value, e) => u * (value - x) + v * (ys[e] - y));
    },
    moved: withGate(path, (at) =>
      Number.isFinite(at)
        ? { ...gate, vertices: gate.vertices.map(([a, b]) => [a + at * u, b + at * v] as const) }
        : { ...everything, ...(at > 0 ? { min: [Number.POSITIVE_INFINITY] } : {}) },
    ),
  };
}

function withGate(path: string, gateAt: (at: number) => Gate): Cut['moved'] {
  return (population, at) => (population.path === path ? { ...population, gate: gateAt(at) } : population);
}

function nameOf({ source }: Dimension): string {
  return source.kind === 'channel' ? source.channel : `${source.numerator} over ${source.denominator}`;
}
