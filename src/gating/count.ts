// COUNT: streams all events of a file, block by block, through a compiled program; exact counts for any file size, exact channel
// statistics if asked for. Nothing is fitted here: a result depends on the bytes and the strategy alone, and is the same
// however the file is divided into ranges.
import type { ByteSource, EventBlock, FcsFile, Scaling } from '../fcs/index.ts';
import { channelsOf, openEventBlocks } from '../fcs/index.ts';
import { withArena, type Arena } from './arena.ts';
import { bindColumns, ValueBinder, type Fill, type ValueSource } from './bind.ts';
import { createBlockRunner } from './block.ts';
import type { ChannelStatistic, CompensationReference, GatingStrategy } from './model.ts';
import { finishStatistics } from './channel-statistics.ts';
import { locateRanks, narrowedSteps, wantedValues, type WantedValues } from './percentiles.ts';
import { needsRefinement, Refinement, SecondLook, type CollectedValues } from './second-look.ts';
import { compileProgram, type Program } from './program.ts';
import { createMembershipClasses } from './membership-classes.ts';
import { mergeStatistics, StatisticsCollector, type StatisticsPart } from './statistics.ts';

/** Events a block: columns and lists of a block stay in the second-level cache. */
export const BLOCK_EVENTS = 2048;
/** Tables of a grid: two axes and the states. */
const GRID_BYTES = 147_456;
/** Class ids of so many events are kept between the two looks (2 bytes each); longer files are gated again instead. */
const MOST_KEPT_IDS = 8_388_608;

export interface CountOptions {
  /** Default `scaled` (the reader's rule); gates of Gating-ML are written for scaled values. */
  readonly scaling?: Scaling;
  /** Channels to make statistics of, each under a compensation, in linear units; default none. */
  readonly statistics?: readonly StatisticsChannel[];
  /** Called for every block, in order; the membership is only valid during the call. */
  readonly onMembership?: (membership: BlockMembership) => void;
  /** Called after every block with the number of its events. */
  readonly onProgress?: (events: number) => void;
  /** Checked between blocks; aborting throws the signal's reason. */
  readonly signal?: AbortSignal;
}

export interface StatisticsChannel {
  readonly channel: string;
  readonly compensation: CompensationReference;
}

/** Membership of one block: event `first + i` is in population p when words[bitOf[p].word][i] has bitOf[p].bit. */
export interface BlockMembership {
  readonly first: number;
  readonly count: number;
  readonly words: readonly Int32Array[];
  readonly bitOf: Program['bitOf'];
}

/** counts[p] belongs to strategy.populations[p]; null = not evaluable. Statistics have a row for each evaluable population and channel. */
export interface CountResult {
  readonly events: number;
  readonly counts: readonly (number | null)[];
  readonly statistics: readonly ChannelStatistic[];
}

/** Counts every population of a strategy in a file. */
export function countPopulations(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  options: CountOptions = {},
): CountResult {
  const counter = createRangeCounter(source, file, strategy, options);
  const range = { firstEvent: 0, endEvent: file.data.eventCount };
  const steps = countingSteps(strategy, [range]);
  for (let step = steps.next(); ;) {
    if (step.done) return step.value;
    step = steps.next(step.value.map((task) => counter(task)));
  }
}

// ---- ranges --------------------------------------------------------------------------------------------------------

/** Events [firstEvent, endEvent), from 0. */
export interface EventRange {
  readonly firstEvent: number;
  readonly endEvent: number;
}

const lengthOf = ({ firstEvent, endEvent }: EventRange): number => endEvent - firstEvent;

/** One piece of work on one range: plain data, can be done by any thread that has the file and the strategy. */
export type RangeTask =
  | { readonly kind: 'count'; readonly range: EventRange }
  | { readonly kind: 'refine'; readonly range: EventRange; readonly wanted: WantedValues }
  | {
      readonly kind: 'collect';
      readonly range: EventRange;
      readonly wanted: WantedValues;
      readonly steps: Uint8Array;
    };

export type RangeResult =
  | {
      readonly kind: 'count';
      readonly events: number;
      readonly counts: readonly (number | null)[];
      readonly statistics: StatisticsPart | null;
    }
  | { readonly kind: 'refine'; readonly counts: Int32Array }
  | { readonly kind: 'collect'; readonly collected: CollectedValues };

/**
 * Counting in ranges, as rounds of tasks: yields the tasks of a round, wants their results in the same order, returns the total.
 * Ranges are consecutive, in order, and begin at multiples of SEGMENT_EVENTS. One round without statistics, one to three with.
 */
export function* countingSteps(
  strategy: GatingStrategy,
  ranges: readonly EventRange[],
): Generator<readonly RangeTask[], CountResult, readonly RangeResult[]> {
  const counted = (yield ranges.map((range) => ({ kind: 'count', range }) as const)).filter(
    (r) => r.kind === 'count',
  );
  const events = counted.reduce((sum, r) => sum + r.events, 0);
  const counts = counted[0].counts.map((count, p) =>
    count === null ? null : counted.reduce((sum, r) => sum + (r.counts[p] ?? 0), 0),
  );
  const parts = counted.flatMap((r) => (r.statistics === null ? [] : [r.statistics]));
  if (parts.length === 0) return { events, counts, statistics: [] };

  const program = programOf(strategy, true);
  const part = mergeStatistics(parts, program.words);
  const ranks = locateRanks(program, part);
  const wanted = wantedValues(part, ranks, program.words);
  let refinement: Int32Array | null = null;
  let steps: Uint8Array = new Uint8Array(0);
  if (needsRefinement(wanted)) {
    const refined = (yield ranges.map((range) => ({ kind: 'refine', range, wanted }) as const)).filter(
      (r) => r.kind === 'refine',
    );
    refinement = refined.map((r) => r.counts).reduce((sum, add) => sum.map((v, k) => v + add[k]));
    steps = narrowedSteps(part, ranks, wanted, refinement);
  }
  // of small files all values are at hand
  const looks =
    wanted.keys === 0
      ? []
      : yield ranges.map((range) => ({ kind: 'collect', range, wanted, steps }) as const);
  const collected = looks.flatMap((r) => (r.kind === 'collect' ? [r.collected] : []));
  return {
    events,
    counts,
    statistics: finishStatistics(program, part, ranks, wanted, collected, refinement),
  };
}

/** Performs tasks on ranges of one file. */
export function createRangeCounter(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  options: CountOptions = {},
): (task: RangeTask) => RangeResult {
  const { onMembership, onProgress, signal, statistics = [] } = options;
  const program = programOf(strategy, onMembership !== undefined || statistics.length > 0);
  const binder = new ValueBinder(channelsOf(file), file.spillover, strategy.matrices);
  const fills = bindColumns(program, binder);
  const sources: readonly ValueSource[] = statistics.map((s) => binder.source(s.channel, s.compensation));
  const names = statistics.map((s) => s.channel);
  /** Class ids of the range counted last, for the second look. */
  let kept: { readonly range: EventRange; readonly ids: Uint16Array } | null = null;

  function forEachBlock(range: EventRange, arena: Arena, visit: (block: EventBlock) => void): void {
    const blocks = openEventBlocks(source, file, {
      scaling: options.scaling ?? 'scaled',
      blockEvents: BLOCK_EVENTS,
      firstEvent: range.firstEvent,
      endEvent: range.endEvent,
      allocate: (byteLength) => new Uint8Array(arena.buffer, arena.uint8(byteLength).byteOffset, byteLength),
    });
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      signal?.throwIfAborted();
      visit(block);
    }
  }

  function count(range: EventRange, arena: Arena): RangeResult {
    const runner = createBlockRunner(program, fills, BLOCK_EVENTS, lengthOf(range), arena);
    const collector =
      sources.length > 0 ? new StatisticsCollector(program, names, sources, BLOCK_EVENTS, arena) : null;
    const length = lengthOf(range);
    const ids = collector !== null && length <= MOST_KEPT_IDS ? new Uint16Array(length) : null;
    kept = null;
    let events = 0;
    forEachBlock(range, arena, (block) => {
      runner.run(block.rows, block.stride, block.count);
      if (collector !== null) {
        const classes = collector.add(block, runner.words);
        ids?.set(classes.subarray(0, block.count), block.first - range.firstEvent);
      }
      onMembership?.({ first: block.first, count: block.count, words: runner.words, bitOf: program.bitOf });
      onProgress?.(block.count);
      events += block.count;
    });
    if (ids !== null) kept = { range, ids };
    return {
      kind: 'count',
      events,
      counts: program.evaluable.map((evaluable, p) => (evaluable ? runner.counts[p] : null)),
      statistics: collector?.part() ?? null,
    };
  }

  /** Visits blocks with the class ids of the merged statistics: kept ones where they are the same, otherwise the range is gated again. */
  function lookAgain(
    range: EventRange,
    wanted: WantedValues,
    arena: Arena,
    visit: (block: EventBlock, ids: Uint16Array) => void,
  ): void {
    const sameRange = kept?.range.firstEvent === range.firstEvent && kept.range.endEvent === range.endEvent;
    if (kept !== null && sameRange && range.firstEvent === 0 && range.endEvent === file.data.eventCount) {
      const { ids } = kept;
      forEachBlock(range, arena, (block) =>
        visit(block, ids.subarray(block.first, block.first + block.count)),
      );
      return;
    }
    const runner = createBlockRunner(program, fills, BLOCK_EVENTS, lengthOf(range), arena);
    const classes = createMembershipClasses(program.words, wanted.classWords);
    const ids = new Uint16Array(BLOCK_EVENTS);
    forEachBlock(range, arena, (block) => {
      runner.run(block.rows, block.stride, block.count);
      classes.classify(runner.words, 0, block.count, ids);
      visit(block, ids);
    });
  }

  function perform(task: RangeTask, arena: Arena): RangeResult {
    switch (task.kind) {
      case 'count':
        return count(task.range, arena);
      case 'refine': {
        const refinement = new Refinement(sources, task.wanted, BLOCK_EVENTS, arena);
        lookAgain(task.range, task.wanted, arena, (block, ids) => refinement.add(block, ids));
        return { kind: 'refine', counts: refinement.counts };
      }
      case 'collect': {
        const look = new SecondLook(sources, task.wanted, task.steps, BLOCK_EVENTS, arena);
        lookAgain(task.range, task.wanted, arena, (block, ids) => look.add(block, ids));
        return { kind: 'collect', collected: look.result() };
      }
    }
  }

  const bytes = arenaBytes(program, fills, sources.length, file);
  return (task) => withArena(bytes, (arena) => perform(task, arena));
}

/** Enough for a chunk of the file and its decoded rows, columns, lists, words, weights and grids; untouched pages cost nothing. */
export function arenaBytes(
  program: Program,
  fills: readonly (readonly Fill[])[],
  channels: number,
  file: { readonly data: { readonly eventBytes: number }; readonly parameters: readonly unknown[] },
): number {
  const rows =
    Math.max(1 << 20, BLOCK_EVENTS * file.data.eventBytes) + BLOCK_EVENTS * file.parameters.length * 8;
  const columns = (program.variables.length + fills.flat().length + channels + 4) * BLOCK_EVENTS * 8;
  const lists = (program.evaluable.length + program.words + channels / 2 + 8) * BLOCK_EVENTS * 4;
  const colours = program.variables.length * program.steps.length + channels + 8;
  const grids = program.steps.filter((step) => step.kind === 'planar').length * GRID_BYTES;
  return 2 * rows + columns + lists + colours * file.parameters.length * 32 + grids + (1 << 20);
}

const programs = new WeakMap<GatingStrategy, { plain?: Program; marked?: Program }>();

/** The program of a strategy, compiled once for each strategy object; `marked`: every population has a membership bit. */
function programOf(strategy: GatingStrategy, marked: boolean): Program {
  let entry = programs.get(strategy);
  if (entry === undefined) {
    entry = {};
    programs.set(strategy, entry);
  }
  if (marked) return (entry.marked ??= compileProgram(strategy, { markAll: true }));
  return (entry.plain ??= compileProgram(strategy));
}
