// EventTable: the columns of one sample. Raw detector values, never mutated after they are made.
import type { Channel } from './channel.ts';

export type Column = Float32Array | Float64Array;

/**
 * Events by column. `columns[c][e]` is the value of event `e` (file order, from 0) in channel `c`;
 * every column has `count` entries. Units: detector values as stored (or as scaled, where the reader was asked to scale).
 */
export interface EventTable {
  readonly count: number;
  readonly channels: readonly Channel[];
  readonly columns: readonly Column[];
}
