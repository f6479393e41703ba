// Scales of signal/: the exact logicle function value by value, and the table of cubics that pictures and densities use.
import { compileForward, type Transform } from '../../src/signal/index.ts';
import { CELL_BITS, CELL_WIDTH, scaleByTable } from '../../src/signal/scale-table.kernel.ts';
import type { KernelBench } from '../runner.ts';

const count = 2_048;
/** Detector values from -1,000 to 200,000, dense near zero. */
const values = Float64Array.from({ length: count }, (_, i) => (i / count) ** 3 * 201_000 - 1_000);
const logicle: Transform = {
  scale: { kind: 'logicle', T: 262_144, W: 0.75, M: 4.5, A: 0 },
  boundMin: null,
  boundMax: null,
};
const exact = compileForward(logicle);

/** A table for y = x, laid out as the kernel wants it: cells from `shift` to 2^18, each with its left edge and a straight line. */
const shift = 16;
const firstCell = cellOf(shift);
const cells = Float64Array.from({ length: (cellOf(2 ** 18) - firstCell + 1) * CELL_WIDTH }, (_, k) => {
  const edge = edgeOf(firstCell + Math.floor(k / CELL_WIDTH));
  return [edge, edge - shift, 1, 0, 0][k % CELL_WIDTH];
});
const output = new Float32Array(count);

function cellOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0] >>> CELL_BITS;
}

function edgeOf(cell: number): number {
  return new Float32Array(Uint32Array.of(cell << CELL_BITS).buffer)[0];
}

export const kernels: readonly KernelBench[] = [
  {
    name: 'signal logicle, exact',
    unit: 'value',
    items: count,
    run: () => {
      for (let i = 0; i < count; i++) output[i] = exact(values[i]);
    },
  },
  {
    name: 'signal table of cubics',
    unit: 'value',
    items: count,
    run: () => scaleByTable(cells, firstCell, shift, 2 ** 18, 0, -Infinity, Infinity, exact, values, output),
  },
];
