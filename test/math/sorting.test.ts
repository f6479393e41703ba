// Sorting by bits against the platform's own sort, on many values of every kind of double.
import { describe, expect, it } from 'vitest';
import { createRandom, sortAscending } from '../../src/math/index.ts';

const random = createRandom('sorting');
const odd = [0, -0, 1, -1, NaN, Infinity, -Infinity, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE];

describe('ascending', () => {
  it.each([
    ['normals', () => random.normal()],
    ['all magnitudes', () => random.normal() * 2 ** (random.integer(2000) - 1000)],
    ['whole numbers with many ties', () => random.integer(50) - 25],
    ['one value', () => 7.25],
    ['values of one sign and exponent', () => 1 + random.next()],
    [
      'zeros of both signs, infinities, NaN, the smallest and the largest',
      () => odd[random.integer(odd.length)],
    ],
  ])('%s', (_, draw) => {
    for (const n of [0, 1, 2, 100, 32_767, 32_768, 50_000]) {
      const values = Float64Array.from({ length: n }, draw);
      const expected = values.slice().sort();
      const sorted = sortAscending(values);
      expect(sorted).toBe(values);
      // Object.is tells zeros apart; chunks keep the comparison quick
      let wrong = 0;
      for (let i = 0; i < n; i++) if (!Object.is(sorted[i], expected[i])) wrong++;
      expect(wrong, `${n} values`).toBe(0);
    }
  });

  it('a part of a longer array leaves the rest alone', () => {
    const whole = Float64Array.from({ length: 60_000 }, () => random.normal());
    const before = whole.slice();
    const part = sortAscending(whole.subarray(1000, 55_000));
    expect(part).toEqual(before.slice(1000, 55_000).sort());
    expect(whole.slice(0, 1000)).toEqual(before.slice(0, 1000));
    expect(whole.slice(55_000)).toEqual(before.slice(55_000));
  });
});
