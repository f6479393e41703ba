// exp and expm1 from + - * and bit access alone, the same bits on every platform (reliability D-2).
// x = (64 e + j) ln2/64 + r, |r| <= ln2/128; exp(x) = 2^e * 2^(j/64) * exp(r) (Tang, ACM TOMS 15, 1989). The table is made at load in
// double-double arithmetic from square roots of 2. Invariant: the pair (head, tail) of `expParts` is exp(x) / 2^e to about 2^-60.
import { productError, powerOfTwo, scaleByPowerOfTwo } from './bits.ts';

const STEPS_PER_LN2 = 92.332482616893656877; // 64 / ln 2
// ln2 / 64 in two parts; the first has 32 bits, so its product with a 17-bit step number is exact.
const LN2_HIGH = 6.9314718036912381649e-1 / 64;
const LN2_LOW = 1.90821492927058770002e-10 / 64;
const ROUNDER = 6755399441055744; // 1.5 * 2^52: adding and subtracting it rounds to an integer
const OVERFLOW = 709.782712893384;
const UNDERFLOW = -745.1332191019412;

const ROOTS = rootsOfTwo();

/** e^x. Overflows to Infinity above 709.7827, to 0 below -745.1332; NaN stays NaN. At most 1 ulp off. */
export function exp(x: number): number {
  if (!(x <= OVERFLOW && x >= UNDERFLOW)) return x > OVERFLOW ? Infinity : x < UNDERFLOW ? 0 : NaN;
  const step = x * STEPS_PER_LN2 + ROUNDER - ROUNDER;
  const r = x - step * LN2_HIGH - step * LN2_LOW;
  const index = step & 63;
  const e = (step - index) * 0.015625;
  const head = ROOTS[2 * index];
  const value = head + (ROOTS[2 * index + 1] + head * expMinusOne(r));
  return e > -1022 && e < 1024 ? value * powerOfTwo(e) : scaleByPowerOfTwo(value, e);
}

/** exp(r) - 1 for |r| <= ln2/128, by Taylor to r^6 (remainder below 2^-64). */
function expMinusOne(r: number): number {
  const rr = r * r;
  return r + rr * (0.5 + r * (1 / 6) + rr * (1 / 24 + r * (1 / 120) + rr * (1 / 720)));
}

/** exp(x) as (PARTS[0] + PARTS[1]) * 2^e, e returned; for -745 <= x <= 1419. Serves the hyperbolic functions. */
export const PARTS = new Float64Array(2);

export function expParts(x: number): number {
  const step = x * STEPS_PER_LN2 + ROUNDER - ROUNDER;
  const r = x - step * LN2_HIGH - step * LN2_LOW;
  const index = step & 63;
  const root = ROOTS[2 * index];
  const tail = ROOTS[2 * index + 1] + root * expMinusOne(r);
  const head = root + tail;
  PARTS[0] = head;
  PARTS[1] = root - head + tail;
  return (step - index) * 0.015625;
}

/** e^x - 1, accurate for small x; -0 stays -0. */
export function expm1(x: number): number {
  if (x < 0.25 && x > -0.25) return smallExpm1(x);
  if (!(x <= OVERFLOW && x >= -40)) return x > OVERFLOW ? Infinity : x < -40 ? -1 : NaN;
  const e = expParts(x);
  if (e > 1022) return scaleByPowerOfTwo(PARTS[0] + PARTS[1], e);
  const scale = powerOfTwo(e);
  const head = PARTS[0] * scale;
  const tail = PARTS[1] * scale;
  // |head| and 1 may stand either way round: TwoSum keeps what rounding drops.
  const sum = head - 1;
  const part = sum - head;
  return sum + (head - (sum - part) + (-1 - part) + tail);
}

/** Taylor for |x| < 1/4: x + x^2/2 + ..., the first two terms in double-double so that only the last rounding shows. */
function smallExpm1(x: number): number {
  if (x < 1e-17 && x > -1e-17) return x;
  let p = 1 / 6227020800;
  p = p * x + 1 / 479001600;
  p = p * x + 1 / 39916800;
  p = p * x + 1 / 3628800;
  p = p * x + 1 / 362880;
  p = p * x + 1 / 40320;
  p = p * x + 1 / 5040;
  p = p * x + 1 / 720;
  p = p * x + 1 / 120;
  p = p * x + 1 / 24;
  p = p * x + 1 / 6;
  const square = x * x;
  const half = 0.5 * square;
  const sum = x + half;
  return sum + (x - sum + half + (0.5 * productError(x, x, square) + square * x * p));
}

/** 2^(j/64) for j = 0..63 as pairs head, tail, by products of the roots 2^(1/2), 2^(1/4), ... in double-double (error near 2^-100). */
function rootsOfTwo(): Float64Array {
  const table = new Float64Array(128);
  table[0] = 1;
  let rootHead = 2;
  let rootTail = 0;
  for (let bit = 32; bit >= 1; bit >>= 1) {
    // Square root of the pair: one Newton step in double-double from Math.sqrt, which is correctly rounded.
    const s = Math.sqrt(rootHead);
    const square = s * s;
    const t = (rootHead - square - productError(s, s, square) + rootTail) / (2 * s);
    rootHead = s + t;
    rootTail = s - rootHead + t;
    for (let j = 0; j < 64; j += 2 * bit) {
      const a = table[2 * j];
      const p = a * rootHead;
      const low = productError(a, rootHead, p) + (a * rootTail + table[2 * j + 1] * rootHead);
      table[2 * (j + bit)] = p + low;
      table[2 * (j + bit) + 1] = p - (p + low) + low;
    }
  }
  return table;
}
