// The best F1 that cuts could reach: a population as it is drawn (a cut on one or two axes inside its gated parent), each cut placed with
// the labels known. What a template's gate has less than this is its rule's; what this has less than 1 is the parents' and the overlap's.
import { createEvaluator, type Dimension, type GatingStrategy } from '../../src/gating/index.ts';
import { panels, type PanelId, type SimulatedTube } from '../../src/simulate/index.ts';
import type { GatedTube } from './gate.ts';

/** A weighted sum of markers (SSC-A for side scatter); kept is what lies beyond the cut, so a negative weight keeps what is below. */
type Axis = Readonly<Record<string, number>>;

interface Drawn {
  readonly population: string;
  /** Id of the population inside which it is drawn. */
  readonly parent: string;
  readonly axes: readonly [Axis] | readonly [Axis, Axis];
}

const pos = (marker: string): Axis => ({ [marker]: 1 });
const neg = (marker: string): Axis => ({ [marker]: -1 });
const draw = (parent: string, population: string, ...axes: [Axis] | [Axis, Axis]): Drawn => ({
  ...{ population, parent, axes },
});

function quadrants(
  parent: string,
  [x, y]: readonly [string, string],
  cells: Readonly<Record<string, string>>,
) {
  return Object.entries(cells).map(([population, [sx, sy]]) =>
    draw(parent, population, sx === '+' ? pos(x) : neg(x), sy === '+' ? pos(y) : neg(y)),
  );
}

function memory(lineage: string): readonly Drawn[] {
  return quadrants(lineage, ['CD45RA', 'CCR7'], {
    ...{ [`${lineage.slice(0, 3)}N`]: '++', [`${lineage.slice(0, 3)}CM`]: '-+' },
    ...{ [`${lineage.slice(0, 3)}EM`]: '--', [`${lineage.slice(0, 3)}TEMRA`]: '+-' },
  });
}

const treg: Axis = { CD25: 1, CD127: -0.9 };

const drawings: Readonly<Partial<Record<PanelId, readonly Drawn[]>>> = {
  P1: [
    draw('leuk', 'Lymph', neg('SSC-A'), pos('CD45')),
    draw('Lymph', 'T', pos('CD3')),
    draw('Lymph', 'B', pos('CD19')),
    ...quadrants('T', ['CD4', 'CD8'], { CD4T: '+-', CD8T: '-+', DNT: '--', DPT: '++' }),
    draw('T', 'NKTl', pos('CD16_56'), pos('CD8')),
    draw('NonTB', 'NK', pos('CD16_56')),
    draw('between', 'Mono1', { 'SSC-A': 1, CD45: 0.43 }),
  ],
  P2: [
    draw('Lsc', 'T', pos('CD3')),
    ...quadrants('T', ['CD4', 'CD8'], { CD4T: '+-', CD8T: '-+', DNT: '--' }),
    ...memory('CD4T'),
    ...memory('CD8T'),
    draw('CD4T', 'CD4ACT', pos('CD38'), pos('HLADR')),
    draw('CD8T', 'CD8ACT', pos('CD38'), pos('HLADR')),
    draw('CD4T', 'Treg', treg),
    draw('CD4T', 'TregN', treg, pos('CD45RA')),
    draw('CD4T', 'TregM', treg, neg('CD45RA')),
  ],
  P3: [
    draw('nodump', 'B', pos('CD19')),
    draw('B', 'B20p', pos('CD20')),
    draw('BD27n', 'Btr', { CD24: 1, CD38: 1 }),
    ...quadrants('Bmat', ['IGD', 'CD27'], { Bn: '+-', Bum: '++', Bsm: '-+', Bdn: '--' }),
    draw('Bmat', 'B21lo', neg('CD38'), { CD21: -1, CD24: -1 }),
    draw('B20n', 'PB', pos('CD27'), pos('CD38')),
  ],
};

/** Columns of a simulated tube: area of side scatter, first colour. */
const [SIDE, COLOURS] = [3, 6] as const;
/** Places of a cut that are tried on each of two axes: even ranks and the space of the gated events. */
const CUTS = 400;

/** By population: the best F1, and where the cuts were, scale units of the axis (of the sum where several markers are weighed). */
export function bestCuts(
  panel: PanelId,
  tube: SimulatedTube,
  { strategy, members }: GatedTube,
  groups: readonly { readonly id: string; readonly isLabel: (label: string) => boolean }[],
): ReadonlyMap<string, { readonly f1: number; readonly cuts: readonly number[] }> {
  const { events, spillover, labels } = tube;
  const { colours } = panels[panel];
  const evaluator = createEvaluator(events, spillover, strategy.matrices);
  const dimensions = dimensionsOf(strategy);
  const valuesOf = (axis: Axis): Float64Array => {
    const parts = Object.entries(axis).map(([marker, weight]) => {
      const place =
        marker === 'SSC-A' ? SIDE : COLOURS + colours.findIndex((colour) => colour.marker === marker);
      const dim = dimensions.get(events.channels[place].name);
      if (dim === undefined) throw new Error(`No gate of the template is on ${marker}.`);
      return { column: evaluator.column(dim), weight };
    });
    return Float64Array.from({ length: events.count }, (_, e) =>
      parts.reduce((sum, { column, weight }) => sum + weight * column[e], 0),
    );
  };
  const found = new Map<string, { f1: number; cuts: readonly number[] }>();
  for (const { population, parent, axes } of drawings[panel] ?? []) {
    const place = strategy.populations.findIndex(({ id }) => id === parent);
    const inside = members[place];
    if (place < 0 || inside === null) continue;
    const group = groups.find(({ id }) => id === population);
    if (group === undefined) continue;
    const truths = labels.names.map(group.isLabel);
    const is = (e: number) => truths[labels.codes[e]];
    let truth = 0;
    for (let e = 0; e < events.count; e++) truth += Number(is(e));
    if (truth === 0) continue;
    const chosen = Uint32Array.from({ length: events.count }, (_, e) => e).filter((e) => inside[e] === 1);
    const columns = axes.map((axis) => {
      const all = valuesOf(axis);
      return Float64Array.from(chosen, (e) => all[e]);
    });
    const marked = Uint8Array.from(chosen, (e) => Number(is(e)));
    const { f1, cuts } = best(columns, marked, truth);
    found.set(population, { f1, cuts: cuts.map((cut, d) => cut * sign(axes[d])) });
  }
  return found;
}

function sign(axis: Axis): number {
  return Object.values(axis).every((weight) => weight < 0) ? -1 : 1;
}

/** The transformed axes of a strategy's gates by channel. */
function dimensionsOf({ populations }: GatingStrategy): ReadonlyMap<string, Dimension> {
  const found = new Map<string, Dimension>();
  for (const { gate } of populations) {
    if (gate === null || gate.kind === 'boolean') continue;
    for (const dim of gate.dims)
      if (dim.source.kind === 'channel' && dim.transform?.scale.kind === 'asinhCofactor')
        found.set(dim.source.channel, dim);
  }
  return found;
}

/** The pair of cuts with the greatest F1 over a grid of even ranks of true events and others; one axis is a grid of one row. */
function best(
  columns: readonly Float64Array[],
  marked: Uint8Array,
  truth: number,
): { readonly f1: number; readonly cuts: readonly number[] } {
  const grids = columns.map((column) => gridOf(column, marked));
  const [xs, ys] = [grids[0], grids[1] ?? Float64Array.of(-Infinity)];
  // counts of events in cell (i, j) = at or beyond i cuts on x and j cuts on y
  const width = ys.length + 1;
  const both = new Float64Array((xs.length + 1) * width);
  const all = new Float64Array((xs.length + 1) * width);
  for (let e = 0; e < marked.length; e++) {
    const at = atMost(xs, columns[0][e]) * width + (columns.length > 1 ? atMost(ys, columns[1][e]) : 1);
    all[at]++;
    both[at] += marked[e];
  }
  let found = { f1: 0, cuts: [xs[0], ys[0]] as readonly number[] };
  for (let i = xs.length; i >= 1; i--) {
    for (let j = width - 1; j >= 0; j--) {
      const at = i * width + j;
      for (const sums of [all, both]) {
        if (j + 1 < width) sums[at] += sums[at + 1];
        if (i < xs.length) {
          sums[at] += sums[at + width];
          if (j + 1 < width) sums[at] -= sums[at + width + 1];
        }
      }
      if (j === 0) continue;
      const f1 = (2 * both[at]) / (truth + all[at]);
      if (f1 > found.f1) found = { f1, cuts: columns.length > 1 ? [xs[i - 1], ys[j - 1]] : [xs[i - 1]] };
    }
  }
  return found;
}

function gridOf(column: Float64Array, marked: Uint8Array): Float64Array {
  const ranks = [1, 0].map((is) => {
    const sorted = column.filter((value, e) => marked[e] === is && value - value === 0).sort();
    const step = Math.max(1, sorted.length / CUTS);
    return Array.from({ length: Math.floor(sorted.length / step) }, (_, i) => sorted[Math.floor(i * step)]);
  });
  return Float64Array.from(new Set(ranks.flat())).sort();
}

/** How many of ascending cuts a value is at or beyond. */
function atMost(cuts: Float64Array, value: number): number {
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cuts[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
