// COUNT: streams all events of a file once, block by block, through a compiled program; exact counts for any file size.
// Nothing is fitted here. A result depends on the bytes and the strategy alone; counts of event ranges add up.
import type { ByteSource, FcsFile, Scaling } from '../fcs/index.ts';
import { channelsOf, openEventBlocks } from '../fcs/index.ts';
import { ValueBinder, bindColumns } from './bind.ts';
import { createBlockRunner } from './block.ts';
import type { GatingStrategy } from './model.ts';
import { compileProgram, type Program } from './program.ts';

/** Events a block: columns and lists of a block stay in the second-level cache. */
export const BLOCK_EVENTS = 2048;

export interface CountOptions {
  /** Event range [firstEvent, endEvent), from 0; default all. */
  readonly firstEvent?: number;
  readonly endEvent?: number;
  /** Default `scaled` (the reader's rule); gates of Gating-ML are written for scaled values. */
  readonly scaling?: Scaling;
  /** Called for every block, in order; the membership is only valid during the call. Gives every population a bit. */
  readonly onMembership?: (membership: BlockMembership) => void;
  /** Checked between blocks; aborting throws E_CANCELLED. */
  readonly signal?: AbortSignal;
}

/** Membership of one block: event `first + i` is in population p when words[bitOf[p].word][i] has bitOf[p].bit. */
export interface BlockMembership {
  readonly first: number;
  readonly count: number;
  readonly words: readonly Int32Array[];
  readonly bitOf: Program['bitOf'];
}

/** counts[p] belongs to strategy.populations[p]; null = not evaluable. */
export interface CountResult {
  readonly events: number;
  readonly counts: readonly (number | null)[];
}

const programs = new WeakMap<GatingStrategy, { plain?: Program; marked?: Program }>();

/** The program of a strategy; compiled once for each strategy object. */
export function programOf(strategy: GatingStrategy, marked: boolean): Program {
  let entry = programs.get(strategy);
  if (entry === undefined) {
    entry = {};
    programs.set(strategy, entry);
  }
  if (marked) return (entry.marked ??= compileProgram(strategy, { markAll: true }));
  return (entry.plain ??= compileProgram(strategy));
}

/** Counts every population of a strategy in a file (or in a range of its events). */
export function countPopulations(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  options: CountOptions = {},
): CountResult {
  const { onMembership, signal } = options;
  const program = programOf(strategy, onMembership !== undefined);
  const binder = new ValueBinder(channelsOf(file), file.spillover, strategy.matrices);
  const runner = createBlockRunner(program, bindColumns(program, binder), BLOCK_EVENTS);
  const blocks = openEventBlocks(source, file, {
    scaling: options.scaling ?? 'scaled',
    blockEvents: BLOCK_EVENTS,
    firstEvent: options.firstEvent ?? 0,
    endEvent: options.endEvent ?? file.data.eventCount,
  });
  let events = 0;
  for (let block = blocks.next(); block !== null; block = blocks.next()) {
    signal?.throwIfAborted();
    runner.run(block.rows, block.stride, block.count);
    onMembership?.({ first: block.first, count: block.count, words: runner.words, bitOf: program.bitOf });
    events += block.count;
  }
  return {
    events,
    counts: program.evaluable.map((evaluable, p) => (evaluable ? runner.counts[p] : null)),
  };
}

/** Adds the counts of consecutive ranges. */
export function mergeCounts(parts: readonly CountResult[]): CountResult {
  const [first, ...rest] = parts;
  return rest.reduce(
    (sum, part) => ({
      events: sum.events + part.events,
      counts: sum.counts.map((count, p) => {
        const other = part.counts[p];
        return count === null || other === null ? null : count + other;
      }),
    }),
    first,
  );
}
