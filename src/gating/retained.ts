// Recounting a gate while a person moves it. What the move cannot change is worked out once and kept in memory: the events of the lowest population
// that holds everything the move can change, with the linear values that its gates ask for and their membership in what these refer to. A
// recount asks of every kept event only whether a moved gate decides otherwise than before, and gates the few events of which this is so.
// Invariant: the counts are those of countPopulations; the same program decides over the same 64-bit values.
import type { Channel } from '../events/index.ts';
import { channelsOf, openEventBlocks, type ByteSource, type FcsFile } from '../fcs/index.ts';
import { withArena } from './arena.ts';
import { bindColumns, fillsOf, ValueBinder, type Fill } from './bind.ts';
import { createBlockRunner, type BlockRunner } from './block.ts';
import { createFiller } from './columns.ts';
import { arenaBytes, BLOCK_EVENTS } from './count.ts';
import type { Gate, GatingStrategy } from './model.ts';
import { neededFor } from './needed.ts';
import { compileProgram, type Program } from './program.ts';
import { keptColumns, onKeptColumns, type RecountPlan } from './recount-plan.ts';

export interface RetainedEvents {
  /** Events of the plan's `within`. */
  readonly events: number;
  readonly bytes: number;
  /**
   * Events of each touched population, by path; null = not evaluable. The strategy may differ from the one that was retained in the
   * geometry of touched gates, in nothing else.
   */
  count(strategy: GatingStrategy): ReadonlyMap<string, number | null>;
}

/** Events a chunk; value of event i in column c is chunk[c * CHUNK_EVENTS + i]. */
const CHUNK_EVENTS = 8 * BLOCK_EVENTS;

interface KeptEvents {
  readonly chunks: Float64Array[];
  readonly width: number;
  events: number;
}

/** One pass over the file. Null when the events would take more than `mostBytes`; throws as counting does. */
export function retainEvents(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  plan: RecountPlan,
  mostBytes: number,
): RetainedEvents | null {
  const { within, fixed, touched, variables } = plan;
  const members = [...(within === null ? [] : [within]), ...fixed];
  const part = neededFor(strategy, [...members, ...touched]);
  const program = compileProgram(part, { markAll: true });
  const binder = new ValueBinder(channelsOf(file), file.spillover, strategy.matrices);
  const gateFills = bindColumns(program, binder);
  const fills = fillsOf([...variables.keys()], variables, binder);
  const positionOf = new Map(part.populations.map(({ path }, p) => [path, p]));
  const bits = members.map((path) => program.bitOf[positionOf.get(path) ?? -1]);
  const [withinBit, fixedBits] = within === null ? [null, bits] : [bits[0], bits.slice(1)];
  const kept: KeptEvents = { chunks: [], width: variables.length + fixed.length, events: 0 };
  const chunkBytes = CHUNK_EVENTS * kept.width * 8;

  const bytes = arenaBytes(program, [...gateFills, fills], variables.length, file) + BLOCK_EVENTS * 8;
  const counts = withArena(bytes, (arena): Float64Array | null => {
    const runner = createBlockRunner(program, gateFills, BLOCK_EVENTS, file.data.eventCount, arena);
    const columns = variables.map(() => arena.float64(BLOCK_EVENTS));
    const fillers = fills.map((fill) => createFiller(fill, columns, arena));
    const everyone = arena.int32(BLOCK_EVENTS);
    everyone.forEach((_, i) => (everyone[i] = i));
    const chosen = arena.int32(BLOCK_EVENTS);
    const blocks = openEventBlocks(source, file, {
      scaling: 'scaled',
      blockEvents: BLOCK_EVENTS,
      allocate: (byteLength) => new Uint8Array(arena.buffer, arena.uint8(byteLength).byteOffset, byteLength),
    });
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      runner.run(block.rows, block.stride, block.count);
      const { words } = runner;
      const list = withinBit === null ? everyone : chosen;
      const n =
        withinBit === null
          ? block.count
          : arena.kernels.withAllBits(
              words[withinBit.word].byteOffset,
              ...[withinBit.bit, 0, everyone.byteOffset, block.count, chosen.byteOffset],
            );
      for (const fill of fillers) fill(block.rows, block.stride, list, n);
      for (let k = 0; k < n; k++) {
        const at = kept.events % CHUNK_EVENTS;
        if (at === 0) {
          if ((kept.chunks.length + 1) * chunkBytes > mostBytes) return null;
          kept.chunks.push(new Float64Array(CHUNK_EVENTS * kept.width));
        }
        const chunk = kept.chunks[kept.chunks.length - 1];
        const i = list[k];
        let to = at;
        for (let v = 0; v < columns.length; v++, to += CHUNK_EVENTS) chunk[to] = columns[v][i];
        for (const bit of fixedBits) {
          chunk[to] = bit !== null && (words[bit.word][i] & bit.bit) !== 0 ? 1 : 0;
          to += CHUNK_EVENTS;
        }
        kept.events++;
      }
    }
    return runner.counts;
  });
  if (counts === null) return null;
  const hasEvents = new Set(members.filter((path) => program.evaluable[positionOf.get(path) ?? -1]));
  const before = new Map(
    touched.map((path): [string, number | null] => {
      const p = positionOf.get(path) ?? -1;
      return [path, program.evaluable[p] ? counts[p] : null];
    }),
  );
  const from: Base = {
    ...{ kept, names: keptColumns(plan), before, base: onKeptColumns(strategy, plan, hasEvents) },
    decided: new Map(),
  };
  return {
    events: kept.events,
    bytes: kept.chunks.length * chunkBytes,
    count: (changed) => recount(from, onKeptColumns(changed, plan, hasEvents)),
  };
}

interface Base {
  readonly kept: KeptEvents;
  readonly names: readonly string[];
  readonly base: GatingStrategy;
  readonly before: ReadonlyMap<string, number | null>;
  /** Membership of the kept events in gates as they were, by the paths of the gates: worked out when these are moved first. */
  readonly decided: Map<string, readonly Int32Array[]>;
}

function recount(from: Base, changed: GatingStrategy): ReadonlyMap<string, number | null> {
  const { kept, names, base, before } = from;
  const moved = movedGates(base, changed);
  if (moved === null) return countsOver(kept, names, changed, before);
  if (moved.length === 0) return before;
  const differing = differingEvents(from, moved, changed);
  // where most events differ there is nothing to save
  if (differing.events * 2 > kept.events) return countsOver(kept, names, changed, before);
  const [left, entered] = [base, changed].map((strategy) => countsOver(differing, names, strategy, before));
  return new Map(
    [...before].map(([path, count]): [string, number | null] => [
      path,
      count === null ? null : count - (left.get(path) ?? 0) + (entered.get(path) ?? 0),
    ]),
  );
}

/** Positions of the populations whose geometric gate changed; null where something else changed than geometry. */
function movedGates(base: GatingStrategy, changed: GatingStrategy): readonly number[] | null {
  const moved: number[] = [];
  for (let p = 0; p < base.populations.length; p++) {
    const [a, b] = [base.populations[p].gate, changed.populations[p].gate];
    if (gateText(a) === gateText(b)) continue;
    if (a === null || b === null || a.kind === 'boolean' || b.kind === 'boolean') return null;
    moved.push(p);
  }
  return moved;
}

/** Equal exactly for equal gates; open sides have signs, which JSON would lose. */
function gateText(gate: Gate | null): string {
  return JSON.stringify(gate, (_, value: unknown) => (typeof value === 'number' ? String(value) : value));
}

/** Events for which a moved gate, taken by itself, decides otherwise than it did. */
function differingEvents(
  { kept, names, base, decided }: Base,
  moved: readonly number[],
  changed: GatingStrategy,
): KeptEvents {
  const alone = (strategy: GatingStrategy): Program =>
    compileProgram(
      { ...strategy, populations: moved.map((p) => ({ ...strategy.populations[p], parent: null })) },
      { markAll: true },
    );
  const key = moved.join();
  let was = decided.get(key);
  if (was === undefined) {
    const program = alone(base);
    const words = Array.from({ length: program.words }, () => new Int32Array(kept.events));
    forEachKeptBlock(kept, names, program, (runner, _chunk, _first, count, event) =>
      words.forEach((word, w) => word.set(runner.words[w].subarray(0, count), event)),
    );
    decided.set(key, words);
    was = words;
  }
  const found: KeptEvents = { chunks: [], width: kept.width, events: 0 };
  const before = was;
  forEachKeptBlock(kept, names, alone(changed), (runner, chunk, first, count, event) => {
    for (let w = 0; w < before.length; w++) {
      const [old, now] = [before[w], runner.words[w]];
      for (let i = 0; i < count; i++) {
        // an event that differs in an earlier word was kept with that
        if (old[event + i] !== now[i] && !differsEarlier(runner, before, w, event, i))
          keepCopy(found, chunk, first + i);
      }
    }
  });
  return found;
}

function differsEarlier(
  { words }: BlockRunner,
  before: readonly Int32Array[],
  word: number,
  event: number,
  i: number,
): boolean {
  for (let w = 0; w < word; w++) if (before[w][event + i] !== words[w][i]) return true;
  return false;
}

function keepCopy(found: KeptEvents, from: Float64Array, i: number): void {
  const at = found.events % CHUNK_EVENTS;
  if (at === 0) found.chunks.push(new Float64Array(CHUNK_EVENTS * found.width));
  const chunk = found.chunks[found.chunks.length - 1];
  for (let c = 0; c < found.width; c++) chunk[c * CHUNK_EVENTS + at] = from[c * CHUNK_EVENTS + i];
  found.events++;
}

/** Events of the populations that `of` names; null = not evaluable. */
function countsOver(
  kept: KeptEvents,
  names: readonly string[],
  strategy: GatingStrategy,
  of: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, number | null> {
  const program = compileProgram(strategy);
  const counts = forEachKeptBlock(kept, names, program, () => undefined);
  return new Map(
    strategy.populations.flatMap(({ path }, p): [string, number | null][] =>
      of.has(path) ? [[path, program.evaluable[p] ? counts[p] : null]] : [],
    ),
  );
}

/** Runs a program over all kept events and visits each block, which lies in `chunk` from `first` on and begins with the kept event `event`; answers the counts. */
function forEachKeptBlock(
  { chunks, events, width }: KeptEvents,
  names: readonly string[],
  program: Program,
  visit: (runner: BlockRunner, chunk: Float64Array, first: number, count: number, event: number) => void,
): Float64Array {
  const binder = new ValueBinder(names.map(plainChannel), null, {});
  const fills = bindColumns(program, binder).map((step) => step.map(inChunk));
  const shape = { data: { eventBytes: width * 8 }, parameters: names };
  return withArena(arenaBytes(program, fills, 0, shape), (arena) => {
    const runner = createBlockRunner(program, fills, BLOCK_EVENTS, events, arena);
    for (let event = 0; event < events; event += BLOCK_EVENTS) {
      const chunk = chunks[Math.floor(event / CHUNK_EVENTS)];
      const first = event % CHUNK_EVENTS;
      const count = Math.min(BLOCK_EVENTS, events - event);
      runner.run(chunk.subarray(first), 1, count);
      visit(runner, chunk, first, count, event);
    }
    return runner.counts;
  });
}

/** Columns of a chunk lie one after another. */
function inChunk(fill: Fill): Fill {
  return fill.kind === 'gather' ? { ...fill, parameter: fill.parameter * CHUNK_EVENTS } : fill;
}

function plainChannel(name: string): Channel {
  return { name, stain: null, marker: null, kind: 'other', pulse: null, range: null };
}
