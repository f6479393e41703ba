// Rows of native float32 values to columns through one WebAssembly memory: a chunk of the file is read into it, blocks are turned there,
// and each column leaves in one copy. Twice as fast as the plain kernel, of which it is a copy (bench/RESULTS.md).
import { createMemory, instantiate } from '../math/index.ts';
import { rowsToColumns } from './column.kernel.ts';
import type { EventBlock } from './model.ts';
import { transposeBase64 } from './transpose-wasm.ts';

type Values = Float32Array | Float64Array;

interface Kernel {
  transposeFloat32(rows: number, stride: number, count: number, columns: number, pitch: number): number;
}

export interface Transposer {
  /** Memory for a reader's bytes, 16-aligned. */
  readonly allocate: (byteLength: number) => Uint8Array<ArrayBuffer>;
  /** Events a block at most. */
  readonly blockEvents: number;
  /** Copies a block, whose rows are the reader's, into its place in the columns; true when any value is NaN or infinite. */
  readonly copy: (block: EventBlock) => boolean;
}

/** Turned blocks stay in the second-level cache. */
const BLOCK_EVENTS = 1024;
/** A column longer than the block by a cache line: columns a power of two apart push each other out of the cache. */
const PITCH = 4 * BLOCK_EVENTS + 64;

/** `parameters[k]` goes to columns[k]. Columns that are all parameters in their order, float32, take the kernel; others the plain one. */
export function openTransposer(
  stride: number,
  parameters: readonly number[],
  columns: readonly Values[],
): Transposer {
  const isWhole = parameters.length === stride && parameters.every((p, k) => p === k);
  const narrow = columns.filter((column) => column instanceof Float32Array);
  let turned: { readonly buffer: ArrayBuffer; readonly kernel: Kernel; readonly stage: number } | null = null;
  return {
    blockEvents: BLOCK_EVENTS,
    allocate(byteLength) {
      if (!isWhole || narrow.length < columns.length || turned !== null) return new Uint8Array(byteLength);
      const stage = Math.ceil(byteLength / 64) * 64;
      const memory = createMemory(stage + stride * PITCH);
      const { buffer } = memory;
      turned = { buffer, kernel: instantiate(transposeBase64, memory) as Kernel, stage };
      return new Uint8Array(buffer, 0, byteLength);
    },
    copy({ rows, count, first }) {
      if (turned === null || rows.buffer !== turned.buffer || !(rows instanceof Float32Array))
        return rowsToColumns(rows, count, stride, parameters, columns, first);
      const { buffer, kernel, stage } = turned;
      const found = kernel.transposeFloat32(rows.byteOffset, stride, count, stage, PITCH);
      narrow.forEach((column, k) => {
        column.set(new Float32Array(buffer, stage + k * PITCH, count), first);
      });
      return found !== 0;
    },
  };
}
