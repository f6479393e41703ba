// Powers of two, exponents and error-free products of doubles: what the elementary functions are made of. Leaf of math/.
// Bits are only ever read (a store of 8 bytes, a load of 4): writing half a double and reading it whole would stall the processor for
// longer than a logarithm takes, so scaling goes by a table of powers of two instead.

const FLOAT = new Float64Array(1);
const WORDS = new Int32Array(FLOAT.buffer);

/** Index in `WORDS` of the half with sign, exponent and the top 20 bits of the mantissa (1 on little-endian machines). */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** 2^e at e + 1074, e from -1074 to 1023. */
const POWERS = powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  powers[1074] = 1;
  for (let e = 1; e <= 1023; e++) powers[1074 + e] = powers[1073 + e] * 2;
  for (let e = -1; e >= -1074; e--) powers[1074 + e] = powers[1075 + e] / 2;
  return powers;
}

/** The top 32 bits of `x` as a signed whole number: sign, 11 bits of exponent, 20 bits of mantissa. */
export function highWord(x: number): number {
  FLOAT[0] = x;
  return WORDS[HIGH];
}

/** 2^e exactly, for -1074 <= e <= 1023. */
export function powerOfTwo(e: number): number {
  return POWERS[e + 1074];
}

/** x * 2^e with one rounding at most, for 1/2 <= |x| < 4 and any integer e (results may overflow or be subnormal). */
export function scaleByPowerOfTwo(x: number, e: number): number {
  if (e >= -1022 && e <= 1023) return x * powerOfTwo(e);
  if (e > 1023) return x * powerOfTwo(1023) * powerOfTwo(Math.min(e - 1023, 1023));
  // 2^-969 first: the product stays normal, so only the last factor rounds.
  return x * powerOfTwo(-969) * powerOfTwo(Math.max(e + 969, -1074));
}

/** `x` rounded to 21 significant bits (Veltkamp's split), so that its product with a number of at most 32 bits is exact; |x| < 1e298. */
export function highPart(x: number): number {
  const c = 4294967297 * x;
  return c - (c - x);
}

/** Rounding error of the product: a * b = p + productError(a, b, p) exactly, p = fl(a * b) (Veltkamp and Dekker 1971; no overflow near 2^996). */
export function productError(a: number, b: number, p: number): number {
  const ca = 134217729 * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = 134217729 * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return ah * bh - p + ah * bl + al * bh + al * bl;
}
