// Runs a bound program over one block of events: the glue between steps and kernels. Buffers are made once and reused.
import type { Arena } from './arena.ts';
import type { Fill } from './bind.ts';
import { createFiller } from './columns.ts';
import { withAnyBitOf, withinExactly, type Rows } from './count.kernel.ts';
import type { Grid } from './grid.ts';
import type { EllipsoidTest } from './planar.ts';
import type { Program, Step, WordMask } from './program.ts';

export interface BlockRunner {
  /** Gates one block and adds to `counts`. */
  run(rows: Rows, stride: number, count: number): void;
  /** Events in population p so far. */
  readonly counts: Float64Array;
  /** Membership words of the last block. */
  readonly words: readonly Int32Array[];
}

/** `expectedEvents`: about how many will come, so that gates which will be asked often get their grids at once. No answer depends on it. */
export function createBlockRunner(
  program: Program,
  fills: readonly (readonly Fill[])[],
  blockEvents: number,
  expectedEvents: number,
  arena: Arena,
): BlockRunner {
  const { steps, variables } = program;
  const { kernels } = arena;
  const slots = program.evaluable.length + 1;
  const lists = Array.from({ length: slots }, () => arena.int32(0));
  lists[0] = arena.int32(blockEvents);
  lists[0].forEach((_, i, all) => (all[i] = i));
  program.evaluable.forEach((evaluable, p) => {
    if (evaluable) lists[p + 1] = arena.int32(blockEvents);
  });
  const lengths = new Int32Array(slots);
  const columns = variables.map(() => arena.float64(blockEvents));
  const words = Array.from({ length: program.words }, () => arena.int32(blockEvents));
  const [listAt, columnAt, wordAt] = [lists, columns, words].map((arrays) => arrays.map((a) => a.byteOffset));
  const fillers = fills.map((step) => step.map((fill) => createFiller(fill, columns, arena)));
  const grids = new Map<Grid, GridAddresses>();
  const counts = new Float64Array(program.evaluable.length);
  let blocksLeft = Math.ceil(expectedEvents / blockEvents);

  function run(rows: Rows, stride: number, count: number): void {
    lengths[0] = count;
    blocksLeft = Math.max(0, blocksLeft - 1);
    for (const word of words) word.fill(0, 0, count);
    for (let s = 0; s < steps.length; s++) {
      const step = steps[s];
      const n = lengths[step.list];
      switch (step.kind) {
        case 'columns':
          for (const fill of fillers[s]) fill(rows, stride, lists[step.list], n);
          break;
        case 'mark':
          kernels.mark(wordAt[step.word], step.bit, listAt[step.list], n);
          break;
        default:
          lengths[step.out] = test(step, n);
      }
    }
    for (let p = 0; p < counts.length; p++) counts[p] += lengths[p + 1];
  }

  /** Appends the events that pass to the list of the step; their number. */
  function test(step: TestStep, n: number): number {
    const [from, to] = [listAt[step.list], listAt[step.out]];
    switch (step.kind) {
      case 'range':
        return kernels.withinRange(columnAt[step.column], step.low, step.high, from, n, to);
      case 'rectangle': {
        const { low, high } = step;
        const [x, y] = [columnAt[step.columns[0]], columnAt[step.columns[1]]];
        return kernels.withinRectangle(x, low[0], high[0], y, low[1], high[1], from, n, to);
      }
      case 'planar': {
        const { gate } = step;
        const [x, y] = step.columns;
        const grid = gate.grid(n, n * blocksLeft);
        if (grid === null)
          return withinExactly(columns[x], columns[y], gate, lists[step.list], n, lists[step.out]);
        const { cellX, cellY, states } = addressesOf(grid);
        return kernels.withinGrid(gate, columnAt[x], columnAt[y], cellX, cellY, states, from, n, to);
      }
      case 'ellipsoid':
        return withinEllipsoid(step.gate, step.columns, columns, lists[step.list], n, lists[step.out]);
      case 'all': {
        // the first word reads the parent's list, each further one what is left
        let [list, left] = [from, n];
        for (const { word, mask, flip } of step.words) {
          left = kernels.withAllBits(wordAt[word], mask, flip, list, left, to);
          list = to;
        }
        return left;
      }
      case 'any': {
        const [first, ...others] = step.words;
        if (others.length === 0)
          return kernels.withAnyBit(wordAt[first.word], first.mask, first.flip, from, n, to);
        return withAnyWord(step.words, words, lists[step.list], n, lists[step.out]);
      }
    }
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

type TestStep = Exclude<Step, { kind: 'columns' | 'mark' }>;

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
  const used = masks.map(({ word }) => words[word]);
  const wanted = Int32Array.from(masks, ({ mask }) => mask);
  const flips = Int32Array.from(masks, ({ flip }) => flip);
  return withAnyBitOf(used, wanted, flips, list, n, out);
}
