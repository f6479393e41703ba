import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as math from '../../src/math/index.ts';

type Cell = number | string;
const table = JSON.parse(readFileSync(new URL('elementary-truth.json', import.meta.url), 'utf8')) as Record<
  string,
  Cell[][]
>;
const functions: Record<string, (...args: number[]) => number> = {
  exp: math.exp,
  expm1: math.expm1,
  log: math.log,
  log1p: math.log1p,
  log2: math.log2,
  log10: math.log10,
  pow: math.pow,
  pow10: math.pow10,
  sinh: math.sinh,
  cosh: math.cosh,
  tanh: math.tanh,
  asinh: math.asinh,
  atanh: math.atanh,
  sin: math.sin,
  cos: math.cos,
  atan: math.atan,
  atan2: math.atan2,
};

/** How many doubles lie between two finite doubles. */
function distance(a: number, b: number): bigint {
  const place = (x: number): bigint => {
    const bits = new BigInt64Array(new Float64Array([x]).buffer)[0];
    return bits >= 0n ? bits : -(bits & 0x7fffffffffffffffn);
  };
  const d = place(a) - place(b);
  return d < 0n ? -d : d;
}

/** The double `n` places above x > 0. */
function neighbour(x: number, n: number): number {
  const bits = new BigInt64Array(Float64Array.of(x).buffer);
  bits[0] += BigInt(n);
  return new Float64Array(bits.buffer)[0];
}

/** The least double with a larger result than f(x). */
function firstAbove(f: (x: number) => number, x: number): number {
  let low = x;
  let high = x * (1 + 1e-12);
  while (f(high) <= f(x)) high *= 1 + 1e-12;
  for (;;) {
    const middle = low / 2 + high / 2;
    if (middle <= low || middle >= high) return high;
    if (f(middle) > f(x)) high = middle;
    else low = middle;
  }
}

describe('elementary functions', () => {
  it('are all in the truth table', () => {
    expect(
      Object.keys(table)
        .filter((name) => name !== 'note')
        .sort(),
    ).toEqual(Object.keys(functions).sort());
  });

  it.each(Object.keys(functions))(
    '%s is within 1 ulp of the correctly rounded value, special values exact',
    (name) => {
      const rows = table[name];
      expect(rows.length).toBeGreaterThan(150);
      const wrong = rows.filter((row) => {
        const [want, ...reversed] = [...row].reverse().map(Number);
        const got = functions[name](...reversed.reverse());
        const exact = !Number.isFinite(want) || want === 0;
        return exact ? !Object.is(got, want) : !(distance(got, want) <= 1n);
      });
      expect(wrong).toEqual([]);
    },
  );

  it('are exact where a user would look', () => {
    expect([1, 10, 1000, 1e22].map(math.log10)).toEqual([0, 1, 3, 22]);
    expect([0, 3, -3, 22].map(math.pow10)).toEqual([1, 1000, 0.001, 1e22]);
    expect([1024, 0.125, 5e-324].map(math.log2)).toEqual([10, -3, -1074]);
    expect([math.pow(3, 4), math.pow(2, -1074), math.pow(0.5, 0.5)]).toEqual([81, 5e-324, Math.SQRT1_2]);
    expect([math.sin(0), math.cos(0), math.exp(0), math.log(1)]).toEqual([0, 1, 1, 0]);
  });

  it.each(['log', 'log10', 'asinh'])('%s never falls from one double to the next', (name) => {
    const f = functions[name];
    const random = math.createRandom(`order/${name}`);
    // Where the method changes: the reduction at every power of two times sqrt(1/2), and the branches of asinh; elsewhere where the result steps.
    const seams = [
      1e-8,
      1e9,
      1,
      2 ** 53,
      ...Array.from({ length: 2044 }, (_, i) => Math.SQRT1_2 * 2 ** (i - 1021)),
    ];
    const fits = seams
      .map((x) => (name === 'asinh' ? Math.sinh(Math.log(x)) : x))
      .filter((x) => x > 0 && x < 1e308);
    const starts = Array.from({ length: 2000 }, () => firstAbove(f, math.pow10(8 * random.next() - 2)));
    expect(fits.length).toBeGreaterThan(500);
    for (const x of [...seams, ...fits, ...starts]) {
      for (let n = -12; n < 12; n++)
        expect(f(neighbour(x, n)), `${x} ${n}`).toBeLessThanOrEqual(f(neighbour(x, n + 1)));
    }
  });

  it('give the same bits on every platform', () => {
    // The digest was taken on x64 (Node 20.20, V8 11.3); another processor or engine must repeat it to the last bit.
    const hash = createHash('sha256');
    for (const [name, f] of Object.entries(functions)) {
      const random = math.createRandom(`same-bits/${name}`);
      const results = new Float64Array(20000);
      for (let i = 0; i < results.length; i++) {
        const x = (random.next() - 0.3) * math.pow10(6 * random.next() - 3);
        const y = f(x, 10 * random.next() - 5);
        results[i] = Number.isNaN(y) ? 0 : y;
      }
      hash.update(new Uint8Array(results.buffer));
    }
    expect(hash.digest('hex')).toBe('549647170862bc491ae7b90456cfdd3d3f5b79162b8432bb567f6803d624e9a4');
  });
});
