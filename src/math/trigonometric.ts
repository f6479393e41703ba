// sin, cos, atan and atan2 from + - * / alone, the same bits on every platform (reliability D-2).
// Kernels on [-pi/4, pi/4] are fdlibm's k_sin.c, k_cos.c and s_atan.c (Sun Microsystems 1993). Large angles are reduced with exact
// whole-number arithmetic (BigInt), slowly and without loss.
import { productError } from './bits.ts';

const PIO2_1 = 1.57079632673412561417; // first 33 bits of pi/2
const PIO2_1_TAIL = 6.07710050650619224932e-11;
const PIO2_2 = 6.0771005063039659766e-11;
const PIO2_2_TAIL = 2.02226624879595063154e-21;
const PIO2_3 = 2.0222662487111664558e-21;
const PIO2_3_TAIL = 8.47842766036889956997e-32;
const PI = 3.141592653589793;
const PI_TAIL = 1.2246467991473532e-16;

/** Sine of an angle in radians; NaN for +-Infinity. */
export function sin(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x === 0 ? x : NaN;
  switch (reduce(x)) {
    case 0:
      return kernelSin(ANGLE[0], ANGLE[1]);
    case 1:
      return kernelCos(ANGLE[0], ANGLE[1]);
    case 2:
      return -kernelSin(ANGLE[0], ANGLE[1]);
    default:
      return -kernelCos(ANGLE[0], ANGLE[1]);
  }
}

/** Cosine of an angle in radians; NaN for +-Infinity. */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return NaN;
  switch (reduce(x)) {
    case 0:
      return kernelCos(ANGLE[0], ANGLE[1]);
    case 1:
      return -kernelSin(ANGLE[0], ANGLE[1]);
    case 2:
      return -kernelCos(ANGLE[0], ANGLE[1]);
    default:
      return kernelSin(ANGLE[0], ANGLE[1]);
  }
}

function kernelSin(x: number, tail: number): number {
  const z = x * x;
  const r =
    8.33333333332248946124e-3 +
    z *
      (-1.98412698298579493134e-4 +
        z * (2.75573137070700676789e-6 + z * (-2.50507602534068634195e-8 + z * 1.58969099521155010221e-10)));
  const v = z * x;
  return x - (z * (0.5 * tail - v * r) - tail - v * -1.66666666666666324348e-1);
}

function kernelCos(x: number, tail: number): number {
  const z = x * x;
  const r =
    z *
    (4.16666666666666019037e-2 +
      z *
        (-1.38888888888741095749e-3 +
          z *
            (2.48015872894767294178e-5 +
              z *
                (-2.75573143513906633035e-7 +
                  z * (2.0875723212981748279e-9 + z * -1.13596475577881948265e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + (z * r - x * tail));
}

/** x = n pi/2 + ANGLE[0] + ANGLE[1], |ANGLE| <= pi/4 (a little more by rounding); returns n modulo 4. */
const ANGLE = new Float64Array(2);

function reduce(x: number): number {
  if (Math.abs(x) <= 0.7853981633974483) {
    ANGLE[0] = x;
    ANGLE[1] = 0;
    return 0;
  }
  if (Math.abs(x) > 1e5) return reduceLarge(x);
  const n = Math.round(x * 6.36619772367581382433e-1);
  let r = x - n * PIO2_1;
  let w = n * PIO2_1_TAIL;
  let y = r - w;
  // Cancellation shows in y: take the next 33 bits of pi/2, twice at most.
  if (Math.abs(y) < Math.abs(x) * 1e-4) {
    let t = r;
    w = n * PIO2_2;
    r = t - w;
    w = n * PIO2_2_TAIL - (t - r - w);
    y = r - w;
    if (Math.abs(y) < Math.abs(x) * 1e-14) {
      t = r;
      w = n * PIO2_3;
      r = t - w;
      w = n * PIO2_3_TAIL - (t - r - w);
      y = r - w;
    }
  }
  ANGLE[0] = y;
  ANGLE[1] = r - y - w;
  return n & 3;
}

const PI_BITS = 1280n;
let scaledPi: bigint | null = null;

/** pi * 2^1280 rounded down, by Machin's formula pi = 16 atan(1/5) - 4 atan(1/239); made once, on the first large angle. */
function piScaled(): bigint {
  if (scaledPi !== null) return scaledPi;
  const unit = 1n << (PI_BITS + 64n);
  const inverseTangent = (q: bigint): bigint => {
    let term = unit / q;
    let total = 0n;
    for (let n = 1n; term !== 0n; n += 2n) {
      total += (n & 2n) === 0n ? term / n : -(term / n);
      term /= q * q;
    }
    return total;
  };
  scaledPi = (16n * inverseTangent(5n) - 4n * inverseTangent(239n)) >> 64n;
  return scaledPi;
}

function reduceLarge(x: number): number {
  // |x| = mantissa * 2^exponent with a whole mantissa; below 2^53 the fraction needs at most 52 binary places.
  let scaled = Math.abs(x);
  let places = 0n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    places += 1n;
  }
  const quarter = piScaled() >> 1n; // pi/2 * 2^1280
  const angle = BigInt(scaled) << (PI_BITS - places);
  let n = angle / quarter;
  let rest = angle - n * quarter;
  if (2n * rest > quarter) {
    rest -= quarter;
    n += 1n;
  }
  const negative = x < 0;
  // 2^-1280 in two steps of 2^-640, and the head taken with 128 bits to spare.
  const head = Number(rest >> (PI_BITS - 128n)) / 3.402823669209384634633746e38;
  const headBits = BigInt(Math.trunc(head * 3.402823669209384634633746e38)) << (PI_BITS - 128n);
  const tail =
    Number((rest - headBits) >> (PI_BITS - 256n)) /
    3.402823669209384634633746e38 /
    3.402823669209384634633746e38;
  ANGLE[0] = negative ? -head : head;
  ANGLE[1] = negative ? -tail : tail;
  const turns = Number(n & 3n);
  return negative ? (4 - turns) & 3 : turns;
}

const ATAN_HIGH = [
  4.63647609000806093515e-1, 7.85398163397448278999e-1, 9.82793723247329054082e-1, 1.570796326794896558,
];
const ATAN_LOW = [
  2.26987774529616870924e-17, 3.06161699786838301793e-17, 1.39033110312309984516e-17,
  6.12323399573676603587e-17,
];

/** Inverse tangent in radians, from -pi/2 to pi/2; -0 stays -0. */
export function atan(x: number): number {
  return atanPlus(x, 0);
}

/** atan(x + c) for |c| of the size of one ulp of x. */
function atanPlus(x: number, c: number): number {
  if (Number.isNaN(x)) return NaN;
  const a = Math.abs(x);
  if (a >= 7.378697629483821e19) return x < 0 ? -1.5707963267948966 : 1.5707963267948966;
  if (a < 0.4375) {
    if (a < 1e-9) return c === 0 ? x : x + c;
    return x - (x * atanSeries(x * x) - c);
  }
  const d = x < 0 ? -c : c;
  let id: number;
  let t: number;
  if (a < 0.6875) {
    id = 0;
    t = (2 * a - 1) / (2 + a);
  } else if (a < 1.1875) {
    id = 1;
    t = (a - 1) / (a + 1);
  } else if (a < 2.4375) {
    id = 2;
    t = (a - 1.5) / (1 + 1.5 * a);
  } else {
    id = 3;
    t = -1 / a;
  }
  const z = ATAN_HIGH[id] - (t * atanSeries(t * t) - ATAN_LOW[id] - d / (1 + a * a) - t);
  return x < 0 ? -z : z;
}

function atanSeries(z: number): number {
  const w = z * z;
  const odd =
    z *
    (3.33333333333329318027e-1 +
      w *
        (1.42857142725034663711e-1 +
          w *
            (9.09088713343650656196e-2 +
              w *
                (6.66107313738753120669e-2 +
                  w * (4.97687799461593236017e-2 + w * 1.62858201153657823623e-2)))));
  const even =
    w *
    (-1.99999999998764832476e-1 +
      w *
        (-1.1111110405462355788e-1 +
          w *
            (-7.69187620504482999495e-2 + w * (-5.83357013379057348645e-2 + w * -3.6531572744216915527e-2))));
  return odd + even;
}

/** Angle of the point (x, y) from the positive x axis, from -pi to pi, with the signed zeros of IEEE 754. */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const below = y < 0 || Object.is(y, -0);
  const left = x < 0 || Object.is(x, -0);
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  let angle: number;
  if (ay === 0) angle = left ? PI : 0;
  else if (ax === 0 || (ay === Infinity && ax !== Infinity)) angle = PI / 2;
  else if (ax === Infinity) angle = ay === Infinity ? (left ? 0.75 * PI : 0.25 * PI) : left ? PI : 0;
  else {
    const q = ay / ax;
    // What the quotient lost, where the products stay in range; elsewhere the angle is 0 or pi/2 to the last bit or the loss is exact.
    const safe = q > 1e-60 && q < 1e60 && ax > 1e-200 && ax < 1e200;
    const p = q * ax;
    const c = safe ? (ay - p - productError(q, ax, p)) / ax : 0;
    if (!left) angle = atanPlus(q, c);
    else angle = PI - (atanPlus(q, c) - PI_TAIL);
  }
  return below ? -angle : angle;
}
