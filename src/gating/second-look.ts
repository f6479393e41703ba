// Exact percentiles, second look: brings back the few values whose codes hold a wanted rank, or first divides those codes where
// they hold too many.
import type { Arena } from './arena.ts';
import type { ValueSource } from './bind.ts';
import { ClassReader, type RowBlock } from './class-reader.ts';
import type { WantedValues } from './percentiles.ts';
import { CODES, collect, refine, SUBCODES } from './statistics.kernel.ts';

/** More values than this are not collected at once: their codes are first divided further. */
const MOST_COLLECTED = 4_000_000;

/** Values brought back, with the key of their triple. */
export interface CollectedValues {
  readonly values: Float64Array;
  readonly keys: Int32Array;
}

/** Whether the wanted values are so many that their codes must be divided before they are collected. */
export function needsRefinement(wanted: WantedValues): boolean {
  return wanted.values > MOST_COLLECTED;
}

/** What is done with the events of one class, events[from .. to) of the reader, in channel j; `at` is the place of its codes in the table of wanted ones. */
interface Look {
  look(reader: ClassReader, j: number, from: number, to: number, at: number): void;
}

/** Shows a `Look` the events of every class with wanted codes, channel by channel. */
class WantedRuns {
  private readonly reader: ClassReader;
  private readonly rows: Int32Array;

  constructor(sources: readonly ValueSource[], rows: Int32Array, blockEvents: number, arena: Arena) {
    this.reader = new ClassReader(sources, blockEvents, arena);
    this.rows = rows;
  }

  show(block: RowBlock, ids: Uint16Array, to: Look): void {
    const { reader, rows } = this;
    if (!reader.read(block, ids, 0, block.count, rows.length)) return;
    const { columns, starts } = reader;
    for (let c = 0; c < rows.length; c++) {
      const [first, end] = [starts[c + 1], starts[c + 2]];
      if (rows[c] < 0 || first === end) continue;
      for (let j = 0; j < columns.length; j++)
        to.look(reader, j, first, end, (rows[c] * columns.length + j) * CODES);
    }
  }
}

/** Brings back the wanted values of the blocks it is given. `steps` = narrowed steps of each key, empty for all. */
export class SecondLook implements Look {
  private readonly runs: WantedRuns;
  private readonly table: Int32Array;
  private readonly steps: Uint8Array;
  private values = new Float64Array(65_536);
  private keys = new Int32Array(65_536);
  private count = 0;

  constructor(
    sources: readonly ValueSource[],
    wanted: WantedValues,
    steps: Uint8Array,
    blockEvents: number,
    arena: Arena,
  ) {
    this.runs = new WantedRuns(sources, wanted.rows, blockEvents, arena);
    this.table = wanted.wanted;
    this.steps = steps;
  }

  add(block: RowBlock, ids: Uint16Array): void {
    this.runs.show(block, ids, this);
  }

  look({ columns, codes, events }: ClassReader, j: number, from: number, to: number, at: number): void {
    this.makeRoom(to - from);
    const { table, steps, values, keys, count } = this;
    this.count = collect(columns[j], codes[j], events, from, to, table, at, steps, values, keys, count);
  }

  result(): CollectedValues {
    return { values: this.values.slice(0, this.count), keys: this.keys.slice(0, this.count) };
  }

  private makeRoom(events: number): void {
    if (this.count + events <= this.values.length) return;
    const values = new Float64Array(this.values.length * 2);
    values.set(this.values);
    this.values = values;
    const keys = new Int32Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
  }
}

/** Counts the finer steps of the wanted codes. */
export class Refinement implements Look {
  /** counts[key * SUBCODES + step]. */
  readonly counts: Int32Array;
  private readonly runs: WantedRuns;
  private readonly table: Int32Array;

  constructor(sources: readonly ValueSource[], wanted: WantedValues, blockEvents: number, arena: Arena) {
    this.runs = new WantedRuns(sources, wanted.rows, blockEvents, arena);
    this.table = wanted.wanted;
    this.counts = new Int32Array(wanted.keys * SUBCODES);
  }

  add(block: RowBlock, ids: Uint16Array): void {
    this.runs.show(block, ids, this);
  }

  look({ columns, codes, events }: ClassReader, j: number, from: number, to: number, at: number): void {
    refine(columns[j], codes[j], events, from, to, this.table, at, this.counts);
  }
}
