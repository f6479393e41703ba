// Kernels of COUNT: one block of events at a time, typed arrays in and out, no allocation and no closure per event.
// A population of a block is an ascending list of event positions (0-based within the block); every test appends without a
// branch: `out[m] = i; m += pass`. Columns are float64, indexed by position within the block.

/** Rows of a block as the reader hands them out: value of event i in parameter p is rows[i * stride + p]. */
export type Rows = Float32Array | Float64Array;

/** Copies one parameter of the listed events into a column. */
export function gather(
  rows: Rows,
  stride: number,
  offset: number,
  list: Int32Array,
  n: number,
  out: Float64Array,
): void {
  for (let k = 0; k < n; k++) {
    const i = list[k];
    out[i] = rows[i * stride + offset];
  }
}

/**
 * One compensated colour: out[i] = sum over d of rows[i * stride + offsets[d]] * weights[d], summed in detector order
 * (the order is part of the contract: every implementation gives the same bits).
 */
export function unmix1(
  rows: Rows,
  stride: number,
  offsets: Int32Array,
  weights: Float64Array,
  list: Int32Array,
  n: number,
  out: Float64Array,
): void {
  const detectors = offsets.length;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    const row = i * stride;
    let sum = 0;
    for (let d = 0; d < detectors; d++) sum += rows[row + offsets[d]] * weights[d];
    out[i] = sum;
  }
}

/** Four compensated colours at once (weights interleaved: weights[d * 4 + c]): the rows are read once and four sums run side by side. */
export function unmix4(
  rows: Rows,
  stride: number,
  offsets: Int32Array,
  weights: Float64Array,
  list: Int32Array,
  n: number,
  out0: Float64Array,
  out1: Float64Array,
  out2: Float64Array,
  out3: Float64Array,
): void {
  const detectors = offsets.length;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    const row = i * stride;
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let d = 0, w = 0; d < detectors; d++, w += 4) {
      const x = rows[row + offsets[d]];
      sum0 += x * weights[w];
      sum1 += x * weights[w + 1];
      sum2 += x * weights[w + 2];
      sum3 += x * weights[w + 3];
    }
    out0[i] = sum0;
    out1[i] = sum1;
    out2[i] = sum2;
    out3[i] = sum3;
  }
}

/** out[i] = A * (numerator[i] - B) / (denominator[i] - C) (Gating-ML 2.0 section 6.2.6, parametrised ratio). */
export function ratioOf(
  numerator: Float64Array,
  denominator: Float64Array,
  A: number,
  B: number,
  C: number,
  list: Int32Array,
  n: number,
  out: Float64Array,
): void {
  for (let k = 0; k < n; k++) {
    const i = list[k];
    out[i] = (A * (numerator[i] - B)) / (denominator[i] - C);
  }
}

/**
 * Events with low <= x and not x >= high. An open upper side is high = NaN (so +Infinity passes), an impossible lower side
 * low = NaN; NaN events never pass. Returns the length of `out`.
 */
export function withinRange(
  x: Float64Array,
  low: number,
  high: number,
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    const v = x[i];
    out[m] = i;
    m += (v >= low ? 1 : 0) & (v >= high ? 0 : 1);
  }
  return m;
}

/** `withinRange` on two columns at once. */
export function withinRectangle(
  x: Float64Array,
  xLow: number,
  xHigh: number,
  y: Float64Array,
  yLow: number,
  yHigh: number,
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    const u = x[i];
    const v = y[i];
    out[m] = i;
    m += (u >= xLow ? 1 : 0) & (u >= xHigh ? 0 : 1) & (v >= yLow ? 1 : 0) & (v >= yHigh ? 0 : 1);
  }
  return m;
}

// ---- two-dimensional gates through a grid --------------------------------------------------------------------------
// An axis maps a linear value to a cell by the top bits of the float32 pattern of |x| + 16: cells are geometric, so no
// logarithm is needed, and a monotone scale of any kind fits. Entry k of an axis table is the cell of key k; keys of
// negative values follow those of positive ones.

const floatBits = new Float32Array(2);
const bits = new Int32Array(floatBits.buffer);
/** Bit pattern of 16 as float32. */
const FIRST = 0x41800000;
/** 2^9 keys an octave. */
const SHIFT = 14;
/** Keys a sign: 22 octaves (up to 2^26) and one key for everything beyond, NaN included. */
export const KEYS = 22 * 512 + 1;

/** Key of a linear value, in [0, 2 * KEYS). Monotone: for x >= 0 ascending, for x < 0 (keys from KEYS) ascending in |x|. */
export function keyOf(x: number): number {
  floatBits[0] = (x < 0 ? -x : x) + 16;
  const key = (bits[0] - FIRST) >> SHIFT;
  return (key < KEYS ? key : KEYS - 1) + (x < 0 ? KEYS : 0);
}

/** Cell states of a grid. */
export const OUTSIDE = 0;
export const INSIDE = 1;
export const BOUNDARY = 2;

/** The exact answer for one event, asked for in boundary cells only. x and y are linear. */
export interface ExactTest {
  contains(x: number, y: number): boolean;
}

/**
 * Events whose cell is inside, or on the boundary and inside by the exact test. `cellX` and `cellY` have 2 * KEYS entries
 * (cellY already multiplied by the row length). Returns the length of `out`.
 */
export function withinGrid(
  x: Float64Array,
  y: Float64Array,
  cellX: Uint16Array,
  cellY: Uint16Array,
  states: Uint8Array,
  exact: ExactTest,
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    const u = x[i];
    const v = y[i];
    // keyOf, written out for both axes
    floatBits[0] = Math.abs(u) + 16;
    floatBits[1] = Math.abs(v) + 16;
    const keyX = (bits[0] - FIRST) >> SHIFT;
    const keyY = (bits[1] - FIRST) >> SHIFT;
    const entryX = (keyX < KEYS ? keyX : KEYS - 1) + (u < 0 ? KEYS : 0);
    const entryY = (keyY < KEYS ? keyY : KEYS - 1) + (v < 0 ? KEYS : 0);
    let state = states[cellX[entryX] + cellY[entryY]];
    if (state > 1) state = exact.contains(u, v) ? 1 : 0;
    out[m] = i;
    m += state;
  }
  return m;
}

/** The exact test on every event: for gates that see too few events to earn a grid. */
export function withinExactly(
  x: Float64Array,
  y: Float64Array,
  exact: ExactTest,
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    out[m] = i;
    m += exact.contains(x[i], y[i]) ? 1 : 0;
  }
  return m;
}

// ---- membership words ----------------------------------------------------------------------------------------------

/** Sets a bit in the membership word of every listed event. */
export function mark(words: Int32Array, bit: number, list: Int32Array, n: number): void {
  for (let k = 0; k < n; k++) words[list[k]] |= bit;
}

/** Events with at least one bit of `mask` in their flipped words ("or"): word w is words[w], with its own mask and flip. */
export function withAnyBit(
  words: readonly Int32Array[],
  masks: Int32Array,
  flips: Int32Array,
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    let found = 0;
    for (let w = 0; w < words.length; w++) found |= (words[w][i] ^ flips[w]) & masks[w];
    out[m] = i;
    m += found === 0 ? 0 : 1;
  }
  return m;
}

/** Events whose word, after flipping, has all bits of `mask` ("and"); several words chain. */
export function withAllBits(
  words: Int32Array,
  mask: number,
  flip: number,
  list: Int32Array,
  n: number,
  out: Int32Array,
): number {
  let m = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    out[m] = i;
    m += ((words[i] ^ flip) & mask) === mask ? 1 : 0;
  }
  return m;
}
