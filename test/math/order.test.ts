import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createRandom,
  mean,
  median,
  quantile,
  quantileSorted,
  selectKth,
  sum,
} from '../../src/math/index.ts';
import { truth } from './truth.ts';

describe('sum', () => {
  it.each(truth.sums)('equals the exact sum, rounded ($sum)', ({ values, sum: want }) => {
    expect(Math.abs(sum(values) - want)).toBeLessThanOrEqual(Math.abs(want) * 1e-15);
  });

  it('treats none, infinities and NaN as arithmetic does', () => {
    expect(sum([])).toBe(0);
    expect(mean([])).toBeNaN();
    expect(sum([1, Infinity, 2])).toBe(Infinity);
    expect(sum([Infinity, -Infinity])).toBeNaN();
    expect(sum([1, NaN])).toBeNaN();
    expect(sum([1e308, 1e308])).toBe(Infinity);
  });
});

describe('quantile', () => {
  it.each(truth.quantiles)('agrees with numpy on $name', ({ values, expected }) => {
    const sorted = Float64Array.from(values).sort();
    for (const type of [2, 6, 7] as const) {
      truth.probabilities.forEach((p, i) => {
        const want = expected[type][i];
        expect(Math.abs(quantile(values, p, type) - want), `type ${type}, p ${p}`).toBeLessThanOrEqual(
          1e-14 * Math.abs(want),
        );
        expect(quantileSorted(sorted, p, type)).toBe(quantile(values, p, type));
      });
    }
  });

  it('leaves NaN out, and has no value for nothing', () => {
    expect(median([NaN, 3, 1, NaN, 2])).toBe(2);
    expect(median([NaN])).toBeNaN();
    expect(median([])).toBeNaN();
    expect(quantileSorted([], 0.5)).toBeNaN();
  });

  it('keeps infinities and huge values exact', () => {
    expect(median([-Infinity, Infinity, Infinity])).toBe(Infinity);
    expect(median([Infinity, Infinity])).toBe(Infinity);
    expect(median([1.7e308, 1.7e308 - 1e300])).toBeLessThan(Infinity);
  });

  it('does not change its input, and refuses p outside 0 to 1', () => {
    const values = Float64Array.of(3, 1, 2);
    quantile(values, 0.3);
    expect([...values]).toEqual([3, 1, 2]);
    expect(() => quantile(values, 1.01)).toThrow(RangeError);
    expect(() => quantile(values, NaN)).toThrow(RangeError);
  });
});

describe('selectKth', () => {
  it('finds what sorting finds, and parts the rest around it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.integer({ min: 0, max: 3 })), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.nat(),
        (list, at) => {
          const k = at % list.length;
          const values = Float64Array.from(list);
          const sorted = Float64Array.from(list).sort();
          const got = selectKth(values, k);
          return (
            got === sorted[k] &&
            values.every((v, i) => (i < k ? v <= got : v >= got)) &&
            values.sort().every((v, i) => v === sorted[i])
          );
        },
      ),
    );
  });

  it.each([
    ['random', (i: number, random: () => number) => random() + 0 * i],
    ['rising', (i: number) => i],
    ['falling', (i: number) => -i],
    ['few distinct', (i: number) => i % 3],
    ['all equal', () => 7],
    ['organ pipe', (i: number) => Math.min(i, 50_000 - i)],
  ] as const)('selects in long arrays: %s', (_, make) => {
    const random = createRandom('select');
    const values = Float64Array.from({ length: 50_000 }, (__, i) => make(i, random.next));
    const sorted = values.slice().sort();
    for (const k of [0, 1, 2500, 25_000, 49_998, 49_999])
      expect(selectKth(values.slice(), k)).toBe(sorted[k]);
  });

  it.each([-1, 3, 0.5, NaN])('refuses k = %s of three', (k) => {
    expect(() => selectKth(Float64Array.of(1, 2, 3), k)).toThrow(RangeError);
  });
});
