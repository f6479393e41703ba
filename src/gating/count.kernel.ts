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
    m += Number(v >= low) & Number(!(v >= high));
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
    m += Number(u >= xLow) & Number(!(u >= xHigh)) & Number(v >= yLow) & Number(!(v >= yHigh));
  }
  return m;
}

// ---- two-dimensional gates through a grid --------------------------------------------------------------------------
// An axis maps a linear value to a cell by the top bits of the double itself: cells are geometric, so no logarithm is needed, and
// a monotone scale of any kind fits. A key holds the exponent and eight bits of the mantissa; entry k of an axis table is the
// cell of key k, and the keys of negative values follow those of positive ones.

const word = new Float64Array(1);
const halves = new Int32Array(word.buffer);
/** Which half of a double is the upper one on this machine. */
const UPPER = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
/** Upper half of 1.0: smaller values share the first key. */
const ONE = 0x3ff00000;
const SHIFT = 12;
/** Keys a sign: 26 octaves of 256 and one for everything from 2^26 on, NaN included. */
export const KEYS = 26 * 256 + 1;
const LAST = KEYS - 1;

/** Key of a linear value, in [0, 2 * KEYS). Ascending in |x| on either side of zero; negative values (and -0) from KEYS on. */
export function keyOf(x: number): number {
  word[0] = x;
  const upper = halves[UPPER];
  const key = ((upper & 0x7fffffff) - ONE) >> SHIFT;
  return (key < 0 ? 0 : key > LAST ? LAST : key) + (upper >>> 31) * KEYS;
}

/** Smallest |x| of key k (0 <= k < KEYS), exactly: 0 for k = 0, else 2^(k div 256) * (1 + (k mod 256) / 256). */
export function smallestOfKey(k: number): number {
  if (k === 0) return 0;
  halves[UPPER] = ONE + k * (1 << SHIFT);
  halves[1 - UPPER] = 0;
  return word[0];
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

/** Sets a bit in the membership word of every listed event. */
export function mark(words: Int32Array, bit: number, list: Int32Array, n: number): void {
  for (let k = 0; k < n; k++) words[list[k]] |= bit;
}

/** Events whose word, after flipping, has at least one bit of `mask` ("or"). */
export function withAnyBit(
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
    m += Number(((words[i] ^ flip) & mask) !== 0);
  }
  return m;
}

/** `withAnyBit` over several words: word w is words[w], with its own mask and flip. */
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
    m += Number(((words[i] ^ flip) & mask) === mask);
  }
  return m;
}
