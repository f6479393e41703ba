// Exact percentiles, second look: brings back the few values whose codes hold a wanted rank, or first divides those codes where
// they hold too many.
import type { Arena } from './arena.ts';
import type { ValueSource } from './bind.ts';
import { createClassReader, type RowBlock } from './class-reader.ts';
import type { WantedValues } from './percentiles.ts';
import { CODES, collect, refine, SUBCODES } from './statistics.kernel.ts';

/** More values than this are not collected at once: their codes are first divided further. */
const MOST_COLLECTED = 4_000_000;

/** Values brought back, with the key of their triple. */
export interface CollectedValues {
  readonly values: Float64Array;
  readonly keys: Int32Array;
}

export interface SecondLook {
  add(block: RowBlock, ids: Uint16Array): void;
  result(): CollectedValues;
}

/** Whether the wanted values are so many that their codes must be divided before they are collected. */
export function needsRefinement(wanted: WantedValues): boolean {
  return wanted.values > MOST_COLLECTED;
}

/** Brings back the wanted values of the blocks it is given. `steps` = narrowed steps of each key, empty for all. */
export function createSecondLook(
  sources: readonly ValueSource[],
  wanted: WantedValues,
  steps: Uint8Array,
  blockEvents: number,
  arena: Arena,
): SecondLook {
  const reader = createClassReader(sources, blockEvents, arena);
  const classes = wanted.classWords.length / wanted.words;
  let values = new Float64Array(65_536);
  let keys = new Int32Array(65_536);
  let m = 0;
  return {
    add(block, ids) {
      reader.forEach(block, ids, 0, block.count, classes, (column, codes, events, from, to, c, j) => {
        if (m + to - from > values.length) {
          const larger = new Float64Array(values.length * 2);
          larger.set(values);
          values = larger;
          const largerKeys = new Int32Array(keys.length * 2);
          largerKeys.set(keys);
          keys = largerKeys;
        }
        if (wanted.rows[c] < 0) return;
        const at = (wanted.rows[c] * sources.length + j) * CODES;
        m = collect(column, codes, events, from, to, wanted.wanted, at, steps, values, keys, m);
      });
    },
    result: () => ({ values: values.slice(0, m), keys: keys.slice(0, m) }),
  };
}

export interface Refinement {
  add(block: RowBlock, ids: Uint16Array): void;
  /** Counts of the finer steps: counts[key * SUBCODES + step]. */
  readonly counts: Int32Array;
}

export function createRefinement(
  sources: readonly ValueSource[],
  wanted: WantedValues,
  blockEvents: number,
  arena: Arena,
): Refinement {
  const reader = createClassReader(sources, blockEvents, arena);
  const classes = wanted.classWords.length / wanted.words;
  const counts = new Int32Array(wanted.keys * SUBCODES);
  return {
    add(block, ids) {
      reader.forEach(block, ids, 0, block.count, classes, (column, codes, events, from, to, c, j) => {
        if (wanted.rows[c] < 0) return;
        const at = (wanted.rows[c] * sources.length + j) * CODES;
        refine(column, codes, events, from, to, wanted.wanted, at, counts);
      });
    },
    counts,
  };
}
