// pow and pow10 from + - * / and bit access alone, the same bits on every platform (reliability D-2).
// pow is fdlibm's e_pow.c (Sun Microsystems, 2004): y * log2(x) in two doubles, then 2^z. Invariant: every product of two heads
// (numbers whose low word is zero) is exact.
import { highPart, highWord, powerOfTwo, scaleByPowerOfTwo } from './bits.ts';

const TWO_53 = 9007199254740992;
const HUGE = 1e300;
const TINY = 1e-300;

// log2 and 2/(3 ln 2) in heads and tails; BP: the two reduction points 1 and 1.5 with their log2.
const BP = [1, 1.5];
const BP_LOG2_HIGH = [0, 5.84962487220764160156e-1];
const BP_LOG2_LOW = [0, 1.35003920212974897128e-8];
const CP = 9.61796693925975554329e-1;
const CP_HIGH = 9.61796700954437255859e-1;
const CP_LOW = -7.02846165095275826516e-9;
const LN2 = 6.93147180559945286227e-1;
const LN2_HIGH = 6.93147182464599609375e-1;
const LN2_LOW = -1.90465429995776804525e-9;
const OVERFLOW_TAIL = 8.008566259537294e-17;

/** x^y with the special cases of IEEE 754 pow, except that pow(1, NaN) and pow(+-1, +-Infinity) are NaN as in ECMAScript. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  if (y === Infinity || y === -Infinity) {
    const a = Math.abs(x);
    if (a === 1) return NaN;
    return a > 1 === y > 0 ? Infinity : 0;
  }
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === 0.5 && x >= 0) return x === 0 ? 0 : Math.sqrt(x);
  if (y === -1) return 1 / x;
  const oddInteger = isOddInteger(y);
  const negative = x < 0 || Object.is(x, -0);
  const ax = Math.abs(x);
  if (ax === 0 || ax === Infinity) {
    const z = (ax === 0) === y > 0 ? 0 : Infinity;
    return negative && oddInteger ? -z : z;
  }
  if (negative && !Number.isInteger(y)) return NaN;
  const sign = negative && oddInteger ? -1 : 1;
  if (ax === 1) return sign;
  return sign * positivePow(ax, y);
}

function isOddInteger(y: number): boolean {
  return Math.abs(y) < TWO_53 && Number.isInteger(y) && y % 2 !== 0;
}

/** ax^y for finite ax > 0, ax not 1, finite y not 0. */
function positivePow(ax: number, y: number): number {
  let t1: number; // head of log2(ax)
  let t2: number; // tail
  if (Math.abs(y) > 2147483648) {
    // Only ax very near 1 does not over- or underflow: log(1 + t) by its first terms.
    const beyond = ax < 1 === y < 0;
    if (Math.abs(y) > 1.8446744073709552e19 || ax < 0.9999990463256836 || ax > 1.0000009536743164)
      return beyond ? HUGE * HUGE : TINY * TINY;
    const t = ax - 1;
    const w = t * t * (0.5 - t * (1 / 3 - t * 0.25));
    const u = 1.44269502162933349609 * t;
    const v = t * 1.92596299112661746887e-8 - w * 1.442695040888963387;
    t1 = highPart(u + v);
    t2 = v - (t1 - u);
  } else {
    let exponent = 0;
    let a = ax;
    if (a < 2.2250738585072014e-308) {
      a *= TWO_53;
      exponent = -53;
    }
    const high = highWord(a);
    let e = (high >> 20) - 1023;
    const mantissa = high & 0xfffff;
    let k = 0;
    if (mantissa > 0x3988e) {
      if (mantissa < 0xbb67a) k = 1;
      else e += 1;
    }
    a *= powerOfTwo(-e);
    exponent += e;
    // s = (a - bp) / (a + bp) as head + tail
    const u = a - BP[k];
    const v = 1 / (a + BP[k]);
    const s = u * v;
    const sHigh = highPart(s);
    let tHigh = highPart(a + BP[k]);
    let tLow = a - (tHigh - BP[k]);
    const sLow = v * (u - sHigh * tHigh - sHigh * tLow);
    const s2 = s * s;
    let r =
      s2 *
      s2 *
      (5.99999999999994648725e-1 +
        s2 *
          (4.28571428578550184252e-1 +
            s2 *
              (3.33333329818377432918e-1 +
                s2 *
                  (2.72728123808534006489e-1 +
                    s2 * (2.30660745775561754067e-1 + s2 * 2.06975017800338417784e-1)))));
    r += sLow * (sHigh + s);
    const sh2 = sHigh * sHigh;
    tHigh = highPart(3 + sh2 + r);
    tLow = r - (tHigh - 3 - sh2);
    const uu = sHigh * tHigh;
    const vv = sLow * tHigh + tLow * s;
    const pHigh = highPart(uu + vv);
    const pLow = vv - (pHigh - uu);
    const zHigh = CP_HIGH * pHigh;
    const zLow = CP_LOW * pHigh + pLow * CP + BP_LOG2_LOW[k];
    t1 = highPart(zHigh + zLow + BP_LOG2_HIGH[k] + exponent);
    t2 = zLow - (t1 - exponent - BP_LOG2_HIGH[k] - zHigh);
  }
  // (yHead + yTail) * (t1 + t2)
  const yHead = highPart(y);
  const pLow = (y - yHead) * t1 + y * t2;
  const pHigh = yHead * t1;
  return twoToThe(pHigh, pLow);
}

/** 2^(high + low), |low| small beside high. */
function twoToThe(high: number, low: number): number {
  const z = high + low;
  if (z >= 1024 && (z > 1024 || low + OVERFLOW_TAIL > z - high)) return Infinity;
  if (z <= -1075 && (z < -1075 || low <= z - high)) return 0;
  const n = Math.abs(z) > 0.5 ? Math.floor(z + 0.5) : 0;
  const rest = high - n;
  const t = highPart(low + rest);
  const u = t * LN2_HIGH;
  const v = (low - (t - rest)) * LN2 + t * LN2_LOW;
  const x = u + v;
  const w = v - (x - u);
  const xx = x * x;
  const c =
    x -
    xx *
      (1.66666666666666019037e-1 +
        xx *
          (-2.77777777770155933842e-3 +
            xx *
              (6.61375632143793436117e-5 +
                xx * (-1.6533902205465251539e-6 + xx * 4.13813679705723846039e-8))));
  const r = (x * c) / (c - 2) - (w + x * w);
  return scaleByPowerOfTwo(1 - (r - x), n);
}

// 10^0 .. 10^22: the powers of ten that a double holds exactly.
const TENS = Float64Array.from({ length: 23 }, (_, n) => Number(`1e${n}`));

/** 10^x; correctly rounded for whole x from -22 to 22. */
export function pow10(x: number): number {
  if (x >= -22 && x <= 22 && Math.floor(x) === x) return x >= 0 ? TENS[x] : 1 / TENS[-x];
  return pow(10, x);
}
