// Runs a bound program over one block of events: the glue between steps and kernels. Buffers are made once and reused.
import type { Arena } from './arena.ts';
import type { Fill } from './bind.ts';
import { createFiller } from './columns.ts';
import {
  mark,
  withAllBits,
  withAnyBit,
  withAnyBitOf,
  withinExactly,
  withinRange,
  withinRectangle,
  type Rows,
} from './count.kernel.ts';
import type { Grid } from './grid.ts';
import type { EllipsoidTest } from './planar.ts';
import type { Program, WordMask } from './program.ts';

/** A gate earns a grid after this many exact tests (architecture: grids pay from about 20,000 tests on). */
const TESTS_BEFORE_GRID = 20_000;

export interface BlockRunner {
  /** Gates one block and adds to `counts`. */
  run(rows: Rows, stride: number, count: number): void;
  /** Events in population p so far. */
  readonly counts: Float64Array;
  /** Membership words of the last block. */
  readonly words: readonly Int32Array[];
}

export function createBlockRunner(
  program: Program,
  fills: readonly (readonly Fill[])[],
  blockEvents: number,
  arena: Arena,
): BlockRunner {
  const { steps, variables } = program;
  const slots = program.evaluable.length + 1;
  const lists = Array.from({ length: slots }, () => arena.int32(0));
  lists[0] = arena.int32(blockEvents);
  lists[0].forEach((_, i, all) => (all[i] = i));
  program.evaluable.forEach((evaluable, p) => {
    if (evaluable) lists[p + 1] = arena.int32(blockEvents);
  });
  const lengths = new Int32Array(slots);
  const columns = variables.map(() => arena.float64(blockEvents));
  const fillers = fills.map((step) => step.map((fill) => createFiller(fill, columns, arena)));
  const grids = new Map<Grid, GridAddresses>();
  const words = Array.from({ length: program.words }, () => new Int32Array(blockEvents));
  const counts = new Float64Array(program.evaluable.length);

  function run(rows: Rows, stride: number, count: number): void {
    lengths[0] = count;
    for (const word of words) word.fill(0, 0, count);
    for (let s = 0; s < steps.length; s++) {
      const step = steps[s];
      const list = lists[step.list];
      const n = lengths[step.list];
      switch (step.kind) {
        case 'columns':
          for (const fill of fillers[s]) fill(rows, stride, list, n);
          break;
        case 'range':
          lengths[step.out] = withinRange(
            columns[step.column],
            step.low,
            step.high,
            list,
            n,
            lists[step.out],
          );
          break;
        case 'rectangle': {
          const x = columns[step.columns[0]];
          const y = columns[step.columns[1]];
          const { low, high } = step;
          lengths[step.out] = withinRectangle(
            x,
            low[0],
            high[0],
            y,
            low[1],
            high[1],
            list,
            n,
            lists[step.out],
          );
          break;
        }
        case 'planar': {
          const { gate } = step;
          const x = columns[step.columns[0]];
          const y = columns[step.columns[1]];
          const out = lists[step.out];
          const grid = gate.grid(n, TESTS_BEFORE_GRID);
          if (grid === null) lengths[step.out] = withinExactly(x, y, gate, list, n, out);
          else {
            const { cellX, cellY, states } = addressesOf(grid);
            const [xs, ys] = [x.byteOffset, y.byteOffset];
            lengths[step.out] = arena.kernels.withinGrid(
              gate,
              xs,
              ys,
              cellX,
              cellY,
              states,
              list.byteOffset,
              n,
              out.byteOffset,
            );
          }
          break;
        }
        case 'ellipsoid':
          lengths[step.out] = withinEllipsoid(step.gate, step.columns, columns, list, n, lists[step.out]);
          break;
        case 'all':
          lengths[step.out] = withAllWords(step.words, words, list, n, lists[step.out]);
          break;
        case 'any':
          lengths[step.out] = withAnyWord(step.words, words, list, n, lists[step.out]);
          break;
        case 'mark':
          mark(words[step.word], step.bit, list, n);
          break;
      }
    }
    for (let p = 0; p < counts.length; p++) counts[p] += lengths[p + 1];
  }
  /** Where a grid lies in the arena; copied there when it is first met. */
  function addressesOf(grid: Grid): GridAddresses {
    const known = grids.get(grid);
    if (known !== undefined) return known;
    const copy = (table: Uint8Array) => {
      const place = arena.uint8(table.length);
      place.set(table);
      return place.byteOffset;
    };
    const made = { cellX: copy(grid.cellX), cellY: copy(grid.cellY), states: copy(grid.states) };
    grids.set(grid, made);
    return made;
  }
  return { run, counts, words };
}

interface GridAddresses {
  readonly cellX: number;
  readonly cellY: number;
  readonly states: number;
}

function withinEllipsoid(
  gate: EllipsoidTest,
  dims: readonly number[],
  columns: readonly Float64Array[],
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  const { point } = gate;
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    for (let d = 0; d < dims.length; d++) point[d] = columns[dims[d]][i];
    out[m] = i;
    m += gate.containsPoint() ? 1 : 0;
  }
  return m;
}

function withAnyWord(
  masks: readonly WordMask[],
  words: readonly Int32Array[],
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  if (masks.length === 1) return withAnyBit(words[masks[0].word], masks[0].mask, masks[0].flip, list, n, out);
  const used = masks.map(({ word }) => words[word]);
  const wanted = Int32Array.from(masks, ({ mask }) => mask);
  const flips = Int32Array.from(masks, ({ flip }) => flip);
  return withAnyBitOf(used, wanted, flips, list, n, out);
}

/** The first word reads the parent's list, each further one what is left. */
function withAllWords(
  masks: readonly WordMask[],
  words: readonly Int32Array[],
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let from = list;
  let left = n;
  for (const { word, mask, flip } of masks) {
    left = withAllBits(words[word], mask, flip, from, left, out);
    from = out;
  }
  return left;
}
