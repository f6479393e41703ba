// Scaling of whole columns through a table of cubics, addressed by the top bits of a 32-bit float: no logarithm, no root, no branch but one.
// For pictures and density estimates; decisions about membership use the exact functions. Measured: bench/RESULTS-math.md.

const SINGLE = new Float32Array(1);
const SINGLE_BITS = new Uint32Array(SINGLE.buffer);

/** Numbers a cell: left edge, then the four coefficients of the cubic in (|x| + shift - left edge). */
export const CELL_WIDTH = 5;

/** Bits dropped from the float32 pattern of |x| + shift: 7 of its 23 mantissa bits stay, so an octave has 128 cells. */
export const CELL_BITS = 16;

/**
 * output[e] = zero + sign(x) * cubic(|x|) for x = input[e] with |x| < limit, and `exact(x)` beyond (and for NaN), clipped to [low, high].
 * `cells` holds CELL_WIDTH numbers a cell, the first cell at `firstCell` = (float32 bits of shift) >>> CELL_BITS.
 */
export function scaleByTable(
  cells: Float64Array,
  firstCell: number,
  shift: number,
  limit: number,
  zero: number,
  low: number,
  high: number,
  exact: (x: number) => number,
  input: Float32Array | Float64Array,
  output: Float32Array | Float64Array,
): void {
  for (let e = 0; e < input.length; e++) {
    const x = input[e];
    const size = Math.abs(x);
    if (!(size < limit)) {
      output[e] = exact(x);
      continue;
    }
    const u = size + shift;
    SINGLE[0] = u;
    const at = ((SINGLE_BITS[0] >>> CELL_BITS) - firstCell) * CELL_WIDTH;
    const d = u - cells[at];
    const rise = cells[at + 1] + d * (cells[at + 2] + d * (cells[at + 3] + d * cells[at + 4]));
    const y = x < 0 ? zero - rise : zero + rise;
    output[e] = y < low ? low : y > high ? high : y;
  }
}
