// Reads the channels of a block for its classified events and visits them class by class, in event order.
import type { Arena } from './arena.ts';
import { unmixFills, type Fill, type ValueSource } from './bind.ts';
import { createFiller } from './columns.ts';
import type { Rows } from './count.kernel.ts';
import { sortByClass } from './membership-classes.ts';

/** Rows of one block; `first` is the position of its first event in the file. */
export interface RowBlock {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  readonly rows: Rows;
}

/** Values of channel j and their codes for the events of class c (0-based): values[events[k]] for k in [from, to). */
export type ClassVisitor = (
  values: Float64Array,
  codes: Uint16Array,
  events: Int32Array,
  from: number,
  to: number,
  c: number,
  j: number,
) => void;

/** `sources` are the channels; buffers are made once and reused. */
export function createClassReader(sources: readonly ValueSource[], blockEvents: number, arena: Arena) {
  const columns = sources.map(() => arena.float64(blockEvents));
  const colours = sources.flatMap((source, column) =>
    source.kind === 'unmixed' ? [{ source, column }] : [],
  );
  const fills: readonly Fill[] = [
    ...sources.flatMap((source, column): Fill[] =>
      source.kind === 'parameter' ? [{ kind: 'gather', parameter: source.parameter, column }] : [],
    ),
    ...unmixFills(colours),
  ];
  const fillers = fills.map((fill) => createFiller(fill, columns, arena));
  const codes = columns.map(() => arena.uint16(blockEvents));
  const list = arena.int32(blockEvents);
  const events = new Int32Array(blockEvents);
  let starts = new Int32Array(64);

  function forEach(
    block: RowBlock,
    ids: Uint16Array,
    from: number,
    to: number,
    classes: number,
    visit: ClassVisitor,
  ): void {
    if (starts.length < classes + 2) starts = new Int32Array(2 * classes + 2);
    let n = 0;
    for (let i = from; i < to; i++) {
      list[n] = i;
      n += Number(ids[i] !== 0);
    }
    if (n === 0) return;
    for (const fill of fillers) fill(block.rows, block.stride, list, n);
    columns.forEach((column, j) => arena.kernels.codes(column.byteOffset, block.count, codes[j].byteOffset));
    sortByClass(ids, from, to, classes, starts, events);
    for (let c = 1; c <= classes; c++) {
      if (starts[c + 1] === starts[c]) continue;
      for (let j = 0; j < columns.length; j++)
        visit(columns[j], codes[j], events, starts[c], starts[c + 1], c - 1, j);
    }
  }
  return { forEach };
}
