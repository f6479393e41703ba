// IBM System/360 doubles, the numbers of SAS transport files (TS-140): sign, 7-bit exponent of 16 biased by 64, 56-bit fraction.
//   seeeeeee ffffffff … ffffffff      value = ± 0.f × 16^(e - 64)
// Invariant: a normalised fraction begins with one to four significant bits, so at least 53 remain: every double with
// 16^-65 <= |x| < 16^63 (5.4e-79 to 7.2e75) is held exactly and comes back as the same bits. Others are refused, never rounded.

/** Whether the eight bytes can hold `value` exactly; zero can, NaN and infinities cannot. */
export function fitsIbm(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= smallest && size < tooLarge);
}

const smallest = powerOfTwo(-260);
const tooLarge = powerOfTwo(252);

/** Writes eight big-endian bytes; -0 becomes 0. The value must satisfy `fitsIbm` (RangeError). */
export function writeIbm(view: DataView, at: number, value: number): void {
  if (!fitsIbm(value)) throw new RangeError(`${value} is outside the range of IBM doubles.`);
  if (value === 0) {
    view.setUint32(at, 0);
    view.setUint32(at + 4, 0);
    return;
  }
  scratch.setFloat64(0, value);
  const high = scratch.getUint32(0);
  const low = scratch.getUint32(4);
  // |value| = M × 2^(e - 52) with 2^52 <= M < 2^53; the fraction is M shifted left until e + 4 is a multiple of 4.
  const exponent = ((high >>> 20) & 0x7ff) - 1023 + 4;
  const shift = exponent & 3;
  const mantissa = (high & 0xfffff) | 0x100000;
  const top = shift === 0 ? mantissa : (mantissa << shift) | (low >>> (32 - shift));
  view.setUint32(at, (high & 0x80000000) | (((exponent - shift) / 4 + 64) << 24) | top);
  view.setUint32(at + 4, low << shift);
}

/**
 * The double of eight bytes. A fraction of more than 53 bits (files of mainframes) is rounded once, to nearest, ties to even; fractions that
 * are not normalised are taken as they are. Never overflows: the largest IBM double is 7.2e75.
 */
export function readIbm(view: DataView, at: number): number {
  const high = view.getUint32(at);
  const fraction = (high & 0xffffff) * 4294967296 + view.getUint32(at + 4);
  if (fraction === 0) return 0;
  const size = fraction * scales[(high >>> 24) & 0x7f];
  return high >>> 31 === 1 ? -size : size;
}

/** Weight of the last bit of the fraction, by biased exponent. */
const scales = Array.from({ length: 128 }, (_, biased) => powerOfTwo(4 * (biased - 64) - 56));

/** SAS missing values: a first byte `.`, `_` or `A` to `Z` and seven zero bytes. */
export function isMissing(view: DataView, at: number): boolean {
  const first = view.getUint8(at);
  const letter = first === 0x2e || first === 0x5f || (first >= 0x41 && first <= 0x5a);
  return letter && (view.getUint32(at) & 0xffffff) === 0 && view.getUint32(at + 4) === 0;
}

/** The missing value `.` */
export function writeMissing(view: DataView, at: number): void {
  view.setUint32(at, 0x2e000000);
  view.setUint32(at + 4, 0);
}

/** 2^exponent exactly, for the exponents of normal doubles. */
function powerOfTwo(exponent: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, (exponent + 1023) << 20);
  return bits.getFloat64(0);
}

const scratch = new DataView(new ArrayBuffer(8));
