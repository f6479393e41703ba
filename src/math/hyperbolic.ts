// Hyperbolic functions and their inverses on the exp and log cores; same bits on every platform (reliability D-2).
// The cores hand over what rounding would lose (a tail of exp, a correction to log), so each result is within 1 ulp.
import { powerOfTwo, productError, scaleByPowerOfTwo } from './bits.ts';
import { expParts, PARTS } from './exponential.ts';
import { logPlus } from './logarithm.ts';

/** (e^x - e^-x) / 2. */
export function sinh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.5) return smallSinh(x);
  if (!(a < 711)) return Number.isNaN(x) ? NaN : x < 0 ? -Infinity : Infinity;
  const y = halfSum(a, -1);
  return x < 0 ? -y : y;
}

/** (e^x + e^-x) / 2. */
export function cosh(x: number): number {
  const a = Math.abs(x);
  if (!(a < 711)) return Number.isNaN(x) ? NaN : Infinity;
  return halfSum(a, 1);
}

/** (e^a + sign * e^-a) / 2 for 0 <= a < 711, the tail of e^a kept. */
function halfSum(a: number, sign: number): number {
  const e = expParts(a);
  const head = PARTS[0];
  const tail = PARTS[1];
  if (a > 22) return scaleByPowerOfTwo(head, e - 1);
  const scale = powerOfTwo(e - 1);
  const high = head * scale;
  // e^-a / 2 = 1 / (4 * (e^a / 2)); its own rounding error is one further correction.
  const inverse = 0.25 / high;
  const product = inverse * high;
  const inverseTail =
    (0.25 - product - productError(inverse, high, product) - inverse * (tail * scale)) / high;
  const other = sign * inverse;
  const sum = high + other;
  return sum + (high - sum + other + (tail * scale + sign * inverseTail));
}

/** Taylor to x^15, for |x| < 1/2 (remainder below 2^-64 of x). */
function smallSinh(x: number): number {
  const z = x * x;
  let p = 1 / 1307674368000;
  p = p * z + 1 / 6227020800;
  p = p * z + 1 / 39916800;
  p = p * z + 1 / 362880;
  p = p * z + 1 / 5040;
  p = p * z + 1 / 120;
  p = p * z + 1 / 6;
  return x + x * z * p;
}

/** sinh(x) / cosh(x). Small x: rational function of Cephes (tanh.c, Moshier). */
export function tanh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.55) {
    if (x === 0) return x;
    const z = x * x;
    const p = (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3;
    const q = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z + 4.84406305325125486048e3;
    return x + x * z * (p / q);
  }
  if (!(a < 22)) return Number.isNaN(x) ? NaN : x < 0 ? -1 : 1;
  const e = expParts(2 * a);
  const y = 1 - 2 / ((PARTS[0] + PARTS[1]) * powerOfTwo(e) + 1);
  return x < 0 ? -y : y;
}

/** log(x + sqrt(x^2 + 1)), odd and accurate for small x; -0 stays -0. */
export function asinh(x: number): number {
  const a = Math.abs(x);
  if (!(a >= 1e-8)) return Number.isNaN(x) || x === 0 ? x : x - (x * x * x) / 6;
  let y: number;
  if (a > 1e9) {
    // log(2a) = log(a) + ln 2: one more power of two; the next term, 1 / (4 a^2), is below half an ulp.
    y = a === Infinity ? Infinity : logPlus(a, 0, 1);
  } else {
    const square = a * a;
    const q = square + 1;
    const lost = square > 1 ? square - q + 1 : 1 - q + square;
    const root = Math.sqrt(q);
    const rootSquare = root * root;
    const rootTail =
      (q - rootSquare - productError(root, root, rootSquare) + (lost + productError(a, a, square))) /
      (2 * root);
    const u = root + a;
    y = logPlus(u, (root - u + a + rootTail) / u, 0);
  }
  return x < 0 ? -y : y;
}

/** Half the logarithm of (1 + x) / (1 - x); +-Infinity at +-1, NaN beyond. */
export function atanh(x: number): number {
  const a = Math.abs(x);
  if (!(a < 1)) return a === 1 ? x * Infinity : NaN;
  if (a < 1e-8) return x + (x * x * x) / 3;
  const above = 1 + a;
  const below = 1 - a;
  const q = above / below;
  const product = q * below;
  // What the two sums and the quotient lost: (above + up) / (below + down) = q (1 + correction).
  const up = 1 - above + a;
  const down = 1 - below - a;
  const correction = (above - product - productError(q, below, product) + up - q * down) / above;
  const y = 0.5 * logPlus(q, correction, 0);
  return x < 0 ? -y : y;
}
