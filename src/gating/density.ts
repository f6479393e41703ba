// Densities: how the events of a population lie on two axes (or one), as counts in bins of scale coordinates. What a person looks at
// when a gate is judged. One pass over the events for any number of views; memory does not depend on the size of the file.
// Invariant: whom a view shows is decided by the program that counts; only the place of an event in a plot goes through tables (1e-9).
import { labelChannels } from '../events/index.ts';
import { channelsOf, openEventBlocks, type ByteSource, type EventBlock, type FcsFile } from '../fcs/index.ts';
import { createScaleTable, type ColumnScaler, type Transform } from '../signal/index.ts';
import { withArena, type Arena } from './arena.ts';
import { bindColumns, fillsOf, ValueBinder } from './bind.ts';
import { createBlockRunner } from './block.ts';
import { createFiller } from './columns.ts';
import { arenaBytes, BLOCK_EVENTS } from './count.ts';
import { densityAxis, type DensityAxis } from './density-axis.ts';
import { binLine, binPlane } from './density.kernel.ts';
import type { Dimension, GatingStrategy } from './model.ts';
import { neededFor, populationAt } from './needed.ts';
import { compileProgram, VariableRegistry } from './program.ts';

/** The events of a population (null = all events) on one or two dimensions. */
export interface DensityView {
  readonly population: string | null;
  readonly x: Dimension;
  readonly y: Dimension | null;
}

/** Counts in bins, plain data. `counts[iy * x.bins + ix]`, rows from the lowest y; without y one row. */
export interface Density {
  readonly population: string | null;
  /** Events of the population. */
  readonly events: number;
  /** Of them within the axes; the sum of `counts`. */
  readonly shown: number;
  readonly x: DensityAxis;
  readonly y: DensityAxis | null;
  readonly counts: readonly number[];
  /** Events of a small population as points [x, y] in file order, also outside the axes; null for larger ones and without y. */
  readonly dots: readonly (readonly [number, number])[] | null;
}

export interface DensityOptions {
  /** Bins an axis, default 256. */
  readonly bins?: number;
  /** Populations of at most so many events are also given as points, default 1,000. */
  readonly mostDots?: number;
  /** Checked between blocks; aborting throws the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Events that decide the ends of the axes: runs of one block, evenly spread. */
const AXIS_RUNS = 32;

/**
 * The view on which a population is gated: its parent's events on the dimensions of its gate (the first two of more). Null for a
 * population that has no gate or a logical one. Throws E_GATE_INVALID when there is no such population.
 */
export function gateView(strategy: GatingStrategy, path: string): DensityView | null {
  const { gate, parent } = populationAt(strategy, path);
  if (gate === null || gate.kind === 'boolean') return null;
  return { population: parent, x: gate.dims[0], y: gate.dims[1] ?? null };
}

/**
 * Bins each view. Throws E_GATE_INVALID for an unknown population, E_CHANNEL_MISSING, E_COMP_MISSING and the like as counting does;
 * a population that cannot be evaluated has no events.
 */
export function binDensities(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  views: readonly DensityView[],
  options: DensityOptions = {},
): readonly Density[] {
  const { bins = 256, mostDots = 1000, signal } = options;
  const program = compileProgram(
    neededFor(
      strategy,
      views.flatMap(({ population }) => population ?? []),
    ),
    { markAll: true },
  );
  const channels = labelChannels(channelsOf(file, 'scaled'));
  const binder = new ValueBinder(channelsOf(file), file.spillover, strategy.matrices);
  const gateFills = bindColumns(program, binder);
  const registry = new VariableRegistry();
  const dims = distinctDimensions(views).map(({ key, dimension }) => ({
    key,
    dimension,
    linear: registry.of(dimension),
    scale: scalerOf(dimension.transform),
  }));
  const fills = fillsOf([...registry.variables.keys()], registry.variables, binder);
  const bytes =
    arenaBytes(program, [...gateFills, fills], registry.variables.length, file) +
    (registry.variables.length + 2) * BLOCK_EVENTS * 8;

  return withArena(bytes, (arena) => {
    const linear = registry.variables.map(() => arena.float64(BLOCK_EVENTS));
    const fillers = fills.map((fill) => createFiller(fill, linear, arena));
    const everyone = arena.int32(BLOCK_EVENTS);
    everyone.forEach((_, i) => (everyone[i] = i));
    const scaled = dims.map(() => new Float64Array(BLOCK_EVENTS));
    const scaleBlock = ({ rows, stride, count }: EventBlock): void => {
      for (const fill of fillers) fill(rows, stride, everyone, count);
      dims.forEach(({ linear: column, scale }, d) =>
        scale(linear[column].subarray(0, count), scaled[d].subarray(0, count)),
      );
    };
    const blocksOf = (firstEvent: number, endEvent: number) =>
      openEventBlocks(source, file, {
        scaling: 'scaled',
        blockEvents: BLOCK_EVENTS,
        firstEvent,
        endEvent,
        allocate: (byteLength) =>
          new Uint8Array(arena.buffer, arena.uint8(byteLength).byteOffset, byteLength),
      });
    const total = file.data.eventCount;
    const sampled = sampleColumns(total, scaled, scaleBlock, (first, end) =>
      openEventBlocks(source, file, {
        scaling: 'scaled',
        blockEvents: BLOCK_EVENTS,
        firstEvent: first,
        endEvent: end,
      }),
    );
    const axes = dims.map(({ dimension }, d) => densityAxis(dimension, sampled[d], channels, strategy, bins));
    const at = new Map(dims.map(({ key }, d) => [key, d]));
    const plots = views.map((view) => createPlot(view, at, axes, scaled, program, mostDots, arena));
    const runner = createBlockRunner(program, gateFills, BLOCK_EVENTS, total, arena);
    const blocks = blocksOf(0, total);
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      signal?.throwIfAborted();
      runner.run(block.rows, block.stride, block.count);
      scaleBlock(block);
      for (const plot of plots) plot.add(runner.words, everyone, block.count);
    }
    return plots.map((plot) => plot.density());
  });
}

// ---- which columns, which gates -------------------------------------------------------------------------------------

function distinctDimensions(
  views: readonly DensityView[],
): { readonly key: string; readonly dimension: Dimension }[] {
  const all = views.flatMap(({ x, y }) => (y === null ? [x] : [x, y]));
  return [...new Map(all.map((dimension) => [JSON.stringify(dimension), dimension]))].map(
    ([key, dimension]) => ({ key, dimension }),
  );
}

function scalerOf(transform: Transform | null): ColumnScaler {
  return transform === null ? (input, output) => output.set(input) : createScaleTable(transform);
}

/** Scaled values of up to AXIS_RUNS blocks, spread evenly over the file, one array a dimension. */
function sampleColumns(
  total: number,
  scaled: readonly Float64Array[],
  scaleBlock: (block: EventBlock) => void,
  open: (first: number, end: number) => { next(): EventBlock | null },
): Float64Array[] {
  const runs = Math.min(AXIS_RUNS, Math.ceil(total / BLOCK_EVENTS));
  const out = scaled.map(() => new Float64Array(Math.min(total, runs * BLOCK_EVENTS)));
  let at = 0;
  for (let r = 0; r < runs; r++) {
    const whole = total <= AXIS_RUNS * BLOCK_EVENTS;
    const first = whole ? r * BLOCK_EVENTS : Math.floor((r * (total - BLOCK_EVENTS)) / (runs - 1));
    const block = open(first, Math.min(total, first + BLOCK_EVENTS)).next();
    if (block === null) continue;
    scaleBlock(block);
    scaled.forEach((column, d) => out[d].set(column.subarray(0, block.count), at));
    at += block.count;
  }
  return out;
}

// ---- one view ------------------------------------------------------------------------------------------------------

interface Plot {
  add(words: readonly Int32Array[], everyone: Int32Array, count: number): void;
  density(): Density;
}

function createPlot(
  view: DensityView,
  columnAt: ReadonlyMap<string, number>,
  axes: readonly DensityAxis[],
  scaled: readonly Float64Array[],
  program: ReturnType<typeof compileProgram>,
  mostDots: number,
  arena: Arena,
): Plot {
  const column = (dimension: Dimension): number => columnAt.get(JSON.stringify(dimension)) ?? 0;
  const axisX = axes[column(view.x)];
  const axisY = view.y === null ? null : axes[column(view.y)];
  const x = scaled[column(view.x)];
  const y = view.y === null ? null : scaled[column(view.y)];
  const position = program.strategy.populations.findIndex(({ path }) => path === view.population);
  const bit = view.population === null ? null : program.bitOf[position];
  const evaluable = view.population === null || program.evaluable[position];
  const members = arena.int32(BLOCK_EVENTS);
  const membersOf = (word: Int32Array, mask: number, everyone: Int32Array, count: number): number =>
    arena.kernels.withAllBits(word.byteOffset, mask, 0, everyone.byteOffset, count, members.byteOffset);
  const counts = new Uint32Array(axisX.bins * (axisY?.bins ?? 1));
  const perX = axisX.bins / (axisX.max - axisX.min);
  const perY = axisY === null ? 0 : axisY.bins / (axisY.max - axisY.min);
  const dots: (readonly [number, number])[] = [];
  let events = 0;
  let shown = 0;
  return {
    add(words, everyone, count) {
      if (!evaluable) return;
      const n = bit === null ? count : membersOf(words[bit.word], bit.bit, everyone, count);
      const list = bit === null ? everyone : members;
      if (y !== null && events + n <= mostDots) {
        for (let k = 0; k < n; k++) {
          const [u, v] = [x[list[k]], y[list[k]]];
          if (Number.isFinite(u) && Number.isFinite(v)) dots.push([u, v]);
        }
      }
      events += n;
      shown +=
        y === null || axisY === null
          ? binLine(x, list, n, axisX.min, perX, axisX.bins, counts)
          : binPlane(x, y, list, n, axisX.min, perX, axisX.bins, axisY.min, perY, axisY.bins, counts);
    },
    density: () => ({
      population: view.population,
      events,
      shown,
      x: axisX,
      y: axisY,
      counts: Array.from(counts),
      dots: y !== null && events <= mostDots ? dots : null,
    }),
  };
}
