// Kernels of the exact channel statistics: a monotone code for values, running sums and histograms of one membership class.

const floatBits = new Float32Array(1);
const bits = new Int32Array(floatBits.buffer);
const FIRST = 0x41800000;
/** Codes a sign: 16 octaves (|x| + 16 from 2^4 to 2^20) of 64, and one for everything beyond. */
const SIDE = 1025;
/** Number of codes of `codeOf`. */
export const CODES = 2 * SIDE;
/** What the kernel `codes` (kernels.wat) writes in place of the code of a value that is not finite. */
export const NOT_FINITE = 0xffff;
/** Number of finer steps of one code. */
export const SUBCODES = 128;

/** Monotone code of a finite value in [0, CODES): the top bits of the float32 pattern of |x| + 16, signed. */
export function codeOf(x: number): number {
  floatBits[0] = Math.abs(x) + 16;
  const k = (bits[0] - FIRST) >> 17;
  const magnitude = k < SIDE ? k : SIDE - 1;
  // SIDE + magnitude, mirrored to SIDE - 1 - magnitude for negative x; arithmetic, because the sign of noise is not predictable
  return SIDE + magnitude - Number(x < 0) * (2 * magnitude + 1);
}

/** Monotone step within a code, in [0, SUBCODES). The two outermost codes have one step only. */
export function subcodeOf(x: number): number {
  floatBits[0] = (x < 0 ? -x : x) + 16;
  if ((bits[0] - FIRST) >> 17 >= SIDE - 1) return 0;
  const step = (bits[0] >> 10) & (SUBCODES - 1);
  return x < 0 ? SUBCODES - 1 - step : step;
}

/** Fields of a running sum: count, origin, sum of (x - origin), sum of its squares, product of values, its scale in steps of 10^200. */
export const FIELDS = 6;
export const COUNT = 0;
export const ORIGIN = 1;
export const SUM = 2;
export const SQUARES = 3;
export const PRODUCT = 4;
export const PRODUCT_SCALE = 5;

/**
 * Adds values[events[k]], whose code is codes[events[k]], for k in [from, to) to a histogram of codes (at `h`) and to running sums (at `s`), in order; values that
 * are not finite are left out. The origin is the first value, which keeps the squares small. The product becomes NaN when a value
 * is not positive (there is no geometric mean then).
 */
export function accumulate(
  values: Float64Array,
  codes: Uint16Array,
  events: Int32Array,
  from: number,
  to: number,
  histogram: Int32Array,
  h: number,
  sums: Float64Array,
  s: number,
): void {
  let count = sums[s + COUNT];
  let origin = sums[s + ORIGIN];
  let sum = sums[s + SUM];
  let squares = sums[s + SQUARES];
  let product = sums[s + PRODUCT];
  let scale = sums[s + PRODUCT_SCALE];
  let notPositive = 0;
  for (let k = from; k < to; k++) {
    const code = codes[events[k]];
    if (code === NOT_FINITE) continue;
    const x = values[events[k]];
    if (count === 0) {
      origin = x;
      product = 1;
    }
    histogram[h + code]++;
    const d = x - origin;
    sum += d;
    squares += d * d;
    notPositive |= Number(x <= 0);
    product *= x;
    const size = Math.abs(product);
    if (size > 1e200) {
      product *= 1e-200;
      scale++;
    } else if (size < 1e-200) {
      product *= 1e200;
      scale--;
    }
    count++;
  }
  sums[s + COUNT] = count;
  sums[s + ORIGIN] = origin;
  sums[s + SUM] = sum;
  sums[s + SQUARES] = squares;
  sums[s + PRODUCT] = notPositive === 0 ? product : Number.NaN;
  sums[s + PRODUCT_SCALE] = scale;
}

/** Counts the finer steps of values whose code is wanted: wanted[w + code] is 0 or 1 + the position of its 128 steps. */
export function refine(
  values: Float64Array,
  codes: Uint16Array,
  events: Int32Array,
  from: number,
  to: number,
  wanted: Int32Array,
  w: number,
  steps: Int32Array,
): void {
  for (let k = from; k < to; k++) {
    const code = codes[events[k]];
    if (code === NOT_FINITE) continue;
    const at = wanted[w + code];
    if (at !== 0) steps[(at - 1) * SUBCODES + subcodeOf(values[events[k]])]++;
  }
}

/**
 * Copies the values whose code is wanted into `out` from position m, with their key (wanted - 1) in `keys`. `steps` (may be empty)
 * narrows a key to its wanted finer steps (1 = wanted). The caller has made room for to - from values. Returns the new m.
 */
export function collect(
  values: Float64Array,
  codes: Uint16Array,
  events: Int32Array,
  from: number,
  to: number,
  wanted: Int32Array,
  w: number,
  steps: Uint8Array,
  out: Float64Array,
  keys: Int32Array,
  m: number,
): number {
  const narrowed = steps.length > 0;
  for (let k = from; k < to; k++) {
    const code = codes[events[k]];
    if (code === NOT_FINITE) continue;
    const at = wanted[w + code];
    if (at === 0) continue;
    const x = values[events[k]];
    if (narrowed && steps[(at - 1) * SUBCODES + subcodeOf(x)] === 0) continue;
    out[m] = x;
    keys[m] = at - 1;
    m++;
  }
  return m;
}
