// Natural, binary and decimal logarithms from + - * / and bit access alone, so that every platform gives the same bits (reliability D-2).
// Argument reduction and polynomial are fdlibm's (e_log.c, Sun Microsystems 1993; e_log2.c and e_log10.c of FreeBSD): x = 2^k (1 + f),
// log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f). Invariant: k * LN2_HIGH is exact.
// log, log10 and asinh never fall, not even in the last bit: from one double to the next f grows by 2^-53 or more, and all that is added to
// it errs by less than half of that. Gating relies on it (signal/limit.ts).
import { highPart, highWord, powerOfTwo } from './bits.ts';

const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
const TWO_54 = 18014398509481984;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Natural logarithm. log(0) = -Infinity, negative or NaN gives NaN. At most 1 ulp off. */
export function log(x: number): number {
  if (x >= SMALLEST_NORMAL && x < Infinity) return logPlus(x, 0, 0);
  if (x > 0 && x < SMALLEST_NORMAL) return logPlus(x * TWO_54, 0, -54);
  return x === 0 ? -Infinity : x === Infinity ? Infinity : NaN;
}

/** log(1 + x), accurate for small x. log1p(-1) = -Infinity, below -1 NaN; -0 stays -0. */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? -Infinity : NaN;
  if (x < 1.1e-16 && x > -1.1e-16) return x;
  if (x > 9007199254740992) return log(x);
  const u = 1 + x;
  // The part of 1 + x that rounding took away (TwoSum), as a relative correction.
  const part = u - x;
  const lost = 1 - part + (x - (u - part));
  return logPlus(u, lost / u, 0);
}

/** log(x) + 2^k's share + c for normal positive x and |c| of the size of one ulp: the shared core of log, log1p, asinh and atanh. */
export function logPlus(x: number, c: number, k0: number): number {
  const k = exponentOf(x);
  const f = x * powerOfTwo(-k) - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  return s * (halfSquare + remez(s * s)) + ((k + k0) * LN2_LOW + c) - halfSquare + f + (k + k0) * LN2_HIGH;
}

/** k with x / 2^k in [sqrt(1/2), sqrt(2)), normal positive x; from -1022 to 1024. */
function exponentOf(x: number): number {
  return ((highWord(x) + (0x3ff00000 - 0x3fe6a09e)) >> 20) - 1023;
}

/** fdlibm's R(s^2): log(1 + f) = f - (f^2/2 - s (f^2/2 + R)), error below 2^-58.45. */
function remez(z: number): number {
  const w = z * z;
  const even = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const odd =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  return odd + even;
}

/** Binary logarithm, exact for powers of two. */
export function log2(x: number): number {
  if (!(x > 0) || x === Infinity) return log(x);
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const e = exponentOf(normal);
  const f = normal * powerOfTwo(-e) - 1;
  const k = subnormal ? e - 54 : e;
  // log(1 + f) in two parts, the first short enough for an exact product with 32 bits of 1/ln 2
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const high = highPart(f - halfSquare);
  const low = f - high - halfSquare + s * (halfSquare + remez(s * s));
  const scaled = high * 1.44269504072144627571;
  const rest = (low + high) * 1.67517131648865118353e-10 + low * 1.44269504072144627571;
  const w = k + scaled;
  return rest + (k - w + scaled) + w;
}

/** Decimal logarithm, exact for the powers of ten that a double holds exactly. */
export function log10(x: number): number {
  if (!(x > 0) || x === Infinity) return log(x);
  const subnormal = x < SMALLEST_NORMAL;
  const normal = subnormal ? x * TWO_54 : x;
  const e = exponentOf(normal);
  const f = normal * powerOfTwo(-e) - 1;
  const k = subnormal ? e - 54 : e;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const high = highPart(f - halfSquare);
  const low = f - high - halfSquare + s * (halfSquare + remez(s * s));
  const scaled = high * 4.34294481878168880939e-1;
  const y = k * 3.01029995663611771306e-1;
  const rest =
    k * 3.69423907715893078616e-13 +
    (low + high) * 2.50829467116452752298e-11 +
    low * 4.34294481878168880939e-1;
  const w = y + scaled;
  return rest + (y - w + scaled) + w;
}
