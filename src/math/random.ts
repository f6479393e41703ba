// Seeded random numbers: one named generator, the same stream on every platform (reliability D-4).
// Seed text -> FNV-1a 64 over its UTF-8 bytes -> SplitMix64 -> the 128-bit state of xoshiro128** 1.1 (Blackman and Vigna 2018).
// Invariant: a fork depends on the seed text and its name only, never on how far the parent stream has run.
import { log } from './logarithm.ts';

export interface Random {
  /** The text the stream was made from. */
  readonly seed: string;
  /** Uniform in [0, 1), 53 bits (two outputs: the top 27 bits of the first, the top 26 of the second). */
  readonly next: () => number;
  /** Uniform whole number in [0, n), without bias (rejection), for whole n from 1 to 2^53. Throws RangeError otherwise. */
  readonly integer: (n: number) => number;
  /** Standard normal (polar method of Marsaglia and Bray 1964; the second value of a pair is kept for the next call). */
  readonly normal: () => number;
  /** An independent stream for a part of the work. */
  readonly fork: (name: string) => Random;
}

const TWO_53 = 9007199254740992;

export function createRandom(seed: string): Random {
  const state = stateFromSeed(seed);
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let spare = 0;
  let hasSpare = false;

  function bits32(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result >>> 0;
  }
  function bits53(): number {
    const high = bits32() >>> 5;
    return high * 67108864 + (bits32() >>> 6);
  }
  function next(): number {
    return bits53() / TWO_53;
  }
  function integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= TWO_53))
      throw new RangeError(`integer(n) needs a whole n from 1 to 2^53, got ${n}`);
    const limit = TWO_53 - (TWO_53 % n);
    let value = bits53();
    while (value >= limit) value = bits53();
    return value % n;
  }
  function normal(): number {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    for (;;) {
      const u = 2 * next() - 1;
      const v = 2 * next() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * log(s)) / s);
      spare = v * factor;
      hasSpare = true;
      return u * factor;
    }
  }
  return { seed, next, integer, normal, fork: (name) => createRandom(`${seed}\u001f${name}`) };
}

/** Four 32-bit words: two SplitMix64 outputs, low half first, from the FNV-1a hash of the text. */
function stateFromSeed(seed: string): Int32Array {
  const mask = 0xffffffffffffffffn;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(seed)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask;
  const words = new Int32Array(4);
  for (let i = 0; i < 4; i += 2) {
    hash = (hash + 0x9e3779b97f4a7c15n) & mask;
    let z = hash;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    z ^= z >> 31n;
    words[i] = Number(z & 0xffffffffn) | 0;
    words[i + 1] = Number(z >> 32n) | 0;
  }
  return words;
}
