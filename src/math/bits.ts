// The bits of a double, for the elementary functions: one Float64Array and an Int32Array over the same 8 bytes.
// Leaf of math/. Not re-entrant by design: every function stores, reads and is done with the cell before it calls another.

/** The cell. Write a double here, then read or change its halves in `WORDS`. */
export const FLOAT = new Float64Array(1);
export const WORDS = new Int32Array(FLOAT.buffer);

/** Index in `WORDS` of the half with sign, exponent and the top 20 bits of the mantissa (1 on little-endian machines). */
export const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
export const LOW = 1 - HIGH;

/** 2^e exactly, for -1022 <= e <= 1023. */
export function powerOfTwo(e: number): number {
  WORDS[HIGH] = (e + 1023) << 20;
  WORDS[LOW] = 0;
  return FLOAT[0];
}

/** x * 2^e with one rounding at most, for any integer e (results may overflow or be subnormal). */
export function scaleByPowerOfTwo(x: number, e: number): number {
  if (e >= -1022 && e <= 1023) return x * powerOfTwo(e);
  if (e > 1023) return x * powerOfTwo(1023) * powerOfTwo(Math.min(e - 1023, 1023));
  // 2^-969 first: the product stays normal for 1/2 <= |x| < 4, so only the last factor rounds.
  return x * powerOfTwo(-969) * powerOfTwo(Math.max(e + 969, -1022));
}

/** `x` with the low 32 bits of its mantissa cleared: 21 significant bits, so products of two such numbers are exact. */
export function highPart(x: number): number {
  FLOAT[0] = x;
  WORDS[LOW] = 0;
  return FLOAT[0];
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
