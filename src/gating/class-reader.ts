// Reads the channels of a block for its classified events and sorts the events by class.
import type { Arena } from './arena.ts';
import { unmixFills, type Fill, type ValueSource } from './bind.ts';
import { createFiller, type ColumnFiller } from './columns.ts';
import type { Rows } from './count.kernel.ts';
import { sortByClass } from './membership-classes.ts';

/** Rows of one block; `first` is the position of its first event in the file. */
export interface RowBlock {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  readonly rows: Rows;
}

/**
 * What a class reader holds of the events it has read: values columns[j][i] and codes[j][i] of event i in channel j; the events of class
 * id c (from 1), in order, are events[k] for k in [starts[c], starts[c + 1]). A class, as are those who read from it, so that V8 keeps
 * what it compiles from one file to the next.
 */
export class ClassReader {
  readonly columns: readonly Float64Array[];
  readonly codes: readonly Uint16Array[];
  readonly events: Int32Array;
  starts = new Int32Array(64);
  private readonly fillers: readonly ColumnFiller[];
  private readonly list: Int32Array;
  private readonly kernels: Arena['kernels'];

  /** `sources` are the channels; buffers are made once and reused. */
  constructor(sources: readonly ValueSource[], blockEvents: number, arena: Arena) {
    this.columns = sources.map(() => arena.float64(blockEvents));
    this.codes = sources.map(() => arena.uint16(blockEvents));
    this.list = arena.int32(blockEvents);
    this.events = new Int32Array(blockEvents);
    this.kernels = arena.kernels;
    const colours = sources.flatMap((source, column) =>
      source.kind === 'unmixed' ? [{ source, column }] : [],
    );
    const fills: readonly Fill[] = [
      ...sources.flatMap((source, column): Fill[] =>
        source.kind === 'parameter' ? [{ kind: 'gather', parameter: source.parameter, column }] : [],
      ),
      ...unmixFills(colours),
    ];
    this.fillers = fills.map((fill) => createFiller(fill, this.columns, arena));
  }

  /** Reads the events [from, to) of a block that are in some class; false when none is. */
  read(block: RowBlock, ids: Uint16Array, from: number, to: number, classes: number): boolean {
    const { list, columns, codes } = this;
    if (this.starts.length < classes + 2) this.starts = new Int32Array(2 * classes + 2);
    let n = 0;
    for (let i = from; i < to; i++) {
      list[n] = i;
      n += Number(ids[i] !== 0);
    }
    if (n === 0) return false;
    for (const fill of this.fillers) fill(block.rows, block.stride, list, n);
    for (let j = 0; j < columns.length; j++)
      this.kernels.codes(columns[j].byteOffset, block.count, codes[j].byteOffset);
    sortByClass(ids, from, to, classes, this.starts, this.events);
    return true;
  }
}
