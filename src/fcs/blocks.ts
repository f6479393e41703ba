// Streaming: DATA in chunks of about 1 MiB through one reused, aligned buffer, handed out as blocks of rows. The hot path of
// the whole product: native floats are never copied (page faults of fresh memory cost five times the read itself).
// The invariant: one buffer for the life of the reader; a block is valid only until the next call of next().
import { compileDecoder, type Rows } from './decoder.ts';
import type { ByteSource, EventBlock, FcsFile, Scaling } from './model.ts';

export interface BlockOptions {
  readonly scaling: Scaling;
  /** Events in a block; default 4,096, fewer where an event has more than 64 parameters. */
  readonly blockEvents?: number;
  /** Bytes read at once, default 1 MiB; rounded to whole blocks, at least one. */
  readonly chunkBytes?: number;
  /** The events [firstEvent, endEvent), default all. */
  readonly firstEvent?: number;
  readonly endEvent?: number;
  /** Gives the memory for bytes and rows (8-aligned, at least as long as asked); default fresh memory. */
  readonly allocate?: (byteLength: number) => Uint8Array<ArrayBuffer>;
}

export interface EventBlocks {
  /** Values a row: the number of parameters. */
  readonly stride: number;
  /** The next events in file order, or null after the last. Reuses the memory of the block before. */
  next(): EventBlock | null;
}

const mostValues = 262_144;

/**
 * Opens a file for streaming: events in file order, a block at a time, in memory that is used again. `next` throws what the source
 * throws, such as E_FILE_UNREADABLE.
 */
export function openEventBlocks(source: ByteSource, file: FcsFile, options: BlockOptions): EventBlocks {
  const { begin, eventBytes, eventCount } = file.data;
  const stride = file.parameters.length;
  const endEvent = Math.min(options.endEvent ?? eventCount, eventCount);
  let chunkFirst = Math.min(Math.max(options.firstEvent ?? 0, 0), endEvent);
  const wanted = endEvent - chunkFirst;
  const blockEvents = Math.max(
    1,
    Math.min(options.blockEvents ?? Math.min(4096, Math.floor(mostValues / stride)), wanted),
  );
  const blocksInChunk = Math.max(1, Math.floor((options.chunkBytes ?? 1 << 20) / (blockEvents * eventBytes)));
  const chunkEvents = Math.min(blocksInChunk * blockEvents, Math.max(1, wanted));
  const rowsOf = wanted === 0 ? null : rowReader(file, options, blockEvents, chunkEvents);
  let inChunk = 0;
  let nextInChunk = 0;
  return { stride, next };

  function next(): EventBlock | null {
    if (rowsOf === null) return null;
    if (nextInChunk >= inChunk) {
      chunkFirst += inChunk;
      inChunk = Math.min(chunkEvents, endEvent - chunkFirst);
      nextInChunk = 0;
      if (inChunk === 0) return null;
      const start = begin + chunkFirst * eventBytes;
      source.read(start, start + inChunk * eventBytes, rowsOf.bytes);
      rowsOf.arrived(inChunk);
    }
    const count = Math.min(blockEvents, inChunk - nextInChunk);
    const rows = rowsOf.rows(nextInChunk, count);
    const first = chunkFirst + nextInChunk;
    nextInChunk += count;
    return { first, count, stride, rows };
  }
}

interface RowReader {
  readonly bytes: Uint8Array;
  /** Called once a chunk, when `count` events are in `bytes`. */
  arrived(count: number): void;
  /** Rows of the `count` events from `first` within the chunk; `first` is a multiple of the block size. */
  rows(first: number, count: number): Rows;
}

function rowReader(
  file: FcsFile,
  { scaling, allocate = (byteLength) => new Uint8Array(byteLength) }: BlockOptions,
  blockEvents: number,
  chunkEvents: number,
): RowReader {
  const { eventBytes } = file.data;
  const stride = file.parameters.length;
  const decoder = compileDecoder(file, scaling);
  const size = Math.ceil((chunkEvents * eventBytes) / 8) * 8;
  const bytes = allocate(size);
  switch (decoder.kind) {
    case 'inPlace': {
      const { swap, bytesPerValue } = decoder;
      const { buffer, byteOffset } = bytes;
      const words = new Uint32Array(buffer, byteOffset, size / 4);
      const all =
        bytesPerValue === 4
          ? new Float32Array(buffer, byteOffset, size / 4)
          : new Float64Array(buffer, byteOffset, size / 8);
      const views: Rows[] = [];
      for (let first = 0; first < chunkEvents; first += blockEvents) {
        views.push(all.subarray(first * stride, Math.min(first + blockEvents, chunkEvents) * stride));
      }
      return {
        bytes,
        arrived: (count) => swap?.(words, count * stride),
        rows: (first) => views[first / blockEvents],
      };
    }
    case 'columns': {
      const values = blockEvents * stride;
      const { buffer, byteOffset } = allocate(values * (decoder.wide ? 8 : 4));
      const rows = decoder.wide
        ? new Float64Array(buffer, byteOffset, values)
        : new Float32Array(buffer, byteOffset, values);
      return {
        bytes,
        arrived: () => undefined,
        rows(first, count) {
          decoder.decode(bytes, first * eventBytes, count, rows);
          return rows;
        },
      };
    }
  }
}
