// Kernels of COUNT: one block of events at a time, typed arrays in and out, no allocation and no closure per event.
// A population of a block is an ascending list of event positions (0-based within the block); every test appends without a
// branch: `out[m] = i; m += Number(pass)` (V8 compiles `? 1 : 0` to a branch that is mispredicted: four times slower). Columns are float64, indexed by position within the block.

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
 * One compensated colour: a[i] = sum over d of rows[i * stride + offsets[d]] * weights[d], from 0 and in detector order (the order is
 * part of the contract: every implementation gives the same bits). Detectors go by eights: their weights stay in registers while
 * the events stream by, and sums of different events run side by side.
 */
export function unmix(
  rows: Rows,
  stride: number,
  offsets: Int32Array,
  weights: Float64Array,
  list: Int32Array,
  n: number,
  a: Float64Array,
): void {
  const detectors = offsets.length;
  for (let k = 0; k < n; k++) a[list[k]] = 0;
  let d = 0;
  for (; d + 8 <= detectors; d += 8) {
    const [o0, o1, o2, o3] = [offsets[d], offsets[d + 1], offsets[d + 2], offsets[d + 3]];
    const [o4, o5, o6, o7] = [offsets[d + 4], offsets[d + 5], offsets[d + 6], offsets[d + 7]];
    const [w0, w1, w2, w3] = [weights[d], weights[d + 1], weights[d + 2], weights[d + 3]];
    const [w4, w5, w6, w7] = [weights[d + 4], weights[d + 5], weights[d + 6], weights[d + 7]];
    for (let k = 0; k < n; k++) {
      const i = list[k];
      const r = i * stride;
      const half = a[i] + rows[r + o0] * w0 + rows[r + o1] * w1 + rows[r + o2] * w2 + rows[r + o3] * w3;
      a[i] = half + rows[r + o4] * w4 + rows[r + o5] * w5 + rows[r + o6] * w6 + rows[r + o7] * w7;
    }
  }
  for (; d < detectors; d++) {
    const o = offsets[d];
    const w = weights[d];
    for (let k = 0; k < n; k++) a[list[k]] += rows[list[k] * stride + o] * w;
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

// ---- two-dimensional gates through a grid --------------------------------------------------------------------------
// An axis maps a linear value to a cell by the upper half of its float32 bits: cells are geometric, so no logarithm is needed, and
// a monotone scale of any kind fits. The key holds sign, exponent and seven bits of the mantissa; entry k of an axis table is the cell of key k.

/** Number of keys; those from NEGATIVE on are of negative values and -0. */
export const KEYS = 0x10000;
export const NEGATIVE = 0x8000;
/** Key of +Infinity; it and those up to NEGATIVE are of no finite value, and so are their negative twins. */
export const INFINITE = 0x7f80;

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** 2^-23, more than rounding to float32 changes a value in parts of it; and 2^-149, the least float32, for values below the normal ones. */
const ROUNDING = 1.1920928955078125e-7;
const LEAST = 1.401298464324817e-45;

/** Key of a linear value, in [0, KEYS). Ascending in |x| on either side of zero. */
export function keyOf(x: number): number {
  single[0] = x;
  return bits[0] >>> 16;
}

/**
 * A bound below the |x| of key k and the keys after it (0 <= k <= INFINITE): the smallest float32 of the key, less what rounding to
 * float32 can add. No |x| of an earlier key reaches the smallest float32 itself.
 */
export function smallestOfKey(k: number): number {
  const smallest = floatOfKey(k);
  return k === 0 ? 0 : smallest - (smallest * ROUNDING + LEAST);
}

/** The smallest float32 of key k, which no |x| of an earlier key reaches. */
export function floatOfKey(k: number): number {
  bits[0] = k << 16;
  return single[0];
}

/** Cell states of a grid. */
export const OUTSIDE = 0;
export const INSIDE = 1;
export const BOUNDARY = 2;

/** The exact answer for one event, asked for in boundary cells only. x and y are linear. */
export interface ExactTest {
  contains(x: number, y: number): boolean;
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

/** Events of which any word, after flipping, has a bit of its mask: word w is words[w], with its own mask and flip. */
export function withAnyBitOf(
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
    m += Number(found !== 0);
  }
  return m;
}
