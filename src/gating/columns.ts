// Fills the columns of a block: raw parameters, compensated colours, ratios. Float32 rows that lie in the arena are compensated by the
// WebAssembly kernels, four, two or one at a time; all others by the plain one. All give the same bits.
import type { Arena } from './arena.ts';
import type { Fill } from './bind.ts';
import { gather, ratioOf, unmix, type Rows } from './count.kernel.ts';

/** Fills its columns for the n listed events of a block. */
export type ColumnFiller = (rows: Rows, stride: number, list: Int32Array, n: number) => void;

/** `columns` and every list lie in the arena. */
export function createFiller(fill: Fill, columns: readonly Float64Array[], arena: Arena): ColumnFiller {
  const { kernels } = arena;
  switch (fill.kind) {
    case 'gather': {
      const { parameter } = fill;
      const column = columns[fill.column];
      const at = column.byteOffset;
      return (rows, stride, list, n) => {
        if (inArena(rows, arena))
          kernels.gatherFloat32(rows.byteOffset, 4 * stride, list.byteOffset, n, 4 * parameter, at);
        else gather(rows, stride, parameter, list, n, column);
      };
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

/** Float32 rows in the arena are what the WebAssembly kernels can read. */
function inArena(rows: Rows, arena: Arena): rows is Float32Array {
  return rows instanceof Float32Array && rows.buffer === arena.buffer;
}

/** The kernels for so many colours at a time, widest first. Three colours are cheaper as four, one of which nobody reads. */
const WIDTHS = [
  { colours: 4, atLeast: 3, kernel: 'unmixFourFloat32' },
  { colours: 2, atLeast: 2, kernel: 'unmixPairFloat32' },
  { colours: 1, atLeast: 1, kernel: 'unmixOneFloat32' },
] as const;

function unmixFiller(
  { offsets, weights }: Extract<Fill, { kind: 'unmix' }>,
  columns: readonly Float64Array[],
  arena: Arena,
): ColumnFiller {
  const { kernels } = arena;
  const detectors = offsets.length;
  const byteOffsets = arena.int32(detectors);
  byteOffsets.set(offsets.map((offset) => 4 * offset));
  const groups: { readonly kernel: (typeof WIDTHS)[number]['kernel']; readonly args: readonly number[] }[] =
    [];
  for (let first = 0; first < columns.length;) {
    const left = columns.length - first;
    const { colours, kernel } = WIDTHS.find(({ atLeast }) => left >= atLeast) ?? WIDTHS[2];
    const lanes = arena.float64(colours * detectors);
    const at = Array.from({ length: colours }, (_, c) => {
      const colour = Math.min(first + c, columns.length - 1);
      for (let d = 0; d < detectors; d++) lanes[colours * d + c] = weights[colour][d];
      return columns[colour].byteOffset;
    });
    groups.push({ kernel, args: [byteOffsets.byteOffset, detectors, lanes.byteOffset, ...at] });
    first += colours;
  }
  return (rows, stride, list, n) => {
    if (inArena(rows, arena)) {
      for (const { kernel, args } of groups)
        kernels[kernel](rows.byteOffset, 4 * stride, list.byteOffset, n, ...args);
    } else {
      for (let c = 0; c < columns.length; c++) unmix(rows, stride, offsets, weights[c], list, n, columns[c]);
    }
  };
}
