// Fills the columns of a block: raw parameters, compensated colours, ratios. Float32 rows that lie in the arena are compensated by the
// WebAssembly kernels, two colours at a time and an odd one by itself; all others by the plain one. All give the same bits.
import type { Arena } from './arena.ts';
import type { Fill } from './bind.ts';
import { gather, ratioOf, unmix, type Rows } from './count.kernel.ts';

/** Fills its columns for the n listed events of a block. */
export type ColumnFiller = (rows: Rows, stride: number, list: Int32Array, n: number) => void;

/** `columns` and every list lie in the arena. */
export function createFiller(fill: Fill, columns: readonly Float64Array[], arena: Arena): ColumnFiller {
  switch (fill.kind) {
    case 'gather': {
      const { parameter } = fill;
      const column = columns[fill.column];
      return (rows, stride, list, n) => gather(rows, stride, parameter, list, n, column);
    }
    case 'ratio': {
      const { A, B, C } = fill;
      const numerator = columns[fill.numerator];
      const denominator = columns[fill.denominator];
      const column = columns[fill.column];
      return (_rows, _stride, list, n) => ratioOf(numerator, denominator, A, B, C, list, n, column);
    }
    case 'unmix':
      return unmixFiller(
        fill,
        fill.columns.map((c) => columns[c]),
        arena,
      );
  }
}

function unmixFiller(
  { offsets, weights }: Extract<Fill, { kind: 'unmix' }>,
  columns: readonly Float64Array[],
  arena: Arena,
): ColumnFiller {
  const detectors = offsets.length;
  const byteOffsets = arena.int32(detectors);
  byteOffsets.set(offsets.map((offset) => 4 * offset));
  const pairs: { readonly weights: number; readonly a: number; readonly b: number }[] = [];
  for (let c = 0; c + 1 < columns.length; c += 2) {
    const lanes = arena.float64(2 * detectors);
    for (let d = 0; d < detectors; d++) {
      lanes[2 * d] = weights[c][d];
      lanes[2 * d + 1] = weights[c + 1][d];
    }
    pairs.push({ weights: lanes.byteOffset, a: columns[c].byteOffset, b: columns[c + 1].byteOffset });
  }
  const odd = columns.length % 2 === 1 ? columns.length - 1 : null;
  const oddWeights = arena.float64(detectors);
  if (odd !== null) oddWeights.set(weights[odd]);
  const { kernels, buffer } = arena;
  return (rows, stride, list, n) => {
    if (rows instanceof Float32Array && rows.buffer === buffer) {
      for (const { weights: w, a, b } of pairs) {
        kernels.unmixPairFloat32(
          rows.byteOffset,
          4 * stride,
          list.byteOffset,
          n,
          byteOffsets.byteOffset,
          detectors,
          w,
          a,
          b,
        );
      }
      if (odd !== null)
        kernels.unmixOneFloat32(
          rows.byteOffset,
          4 * stride,
          list.byteOffset,
          n,
          byteOffsets.byteOffset,
          detectors,
          oddWeights.byteOffset,
          columns[odd].byteOffset,
        );
    } else {
      for (let c = 0; c < columns.length; c++) unmix(rows, stride, offsets, weights[c], list, n, columns[c]);
    }
  };
}
