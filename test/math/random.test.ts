import { describe, expect, it } from 'vitest';
import { createRandom, mean, sum } from '../../src/math/index.ts';
import { truth } from './truth.ts';

describe('createRandom', () => {
  it.each(truth.streams)(
    'gives the documented stream for seed "$seed"',
    ({ seed, next, integers, normal, fork }) => {
      const random = createRandom(seed);
      expect(next.map(() => random.next())).toEqual(next);
      for (const [n, values] of integers) expect(values.map(() => random.integer(n))).toEqual(values);
      for (const value of normal) expect(random.normal()).toBeCloseTo(value, 14);
      expect(random.fork('part').next()).toBe(fork);
    },
  );

  it('forks by seed and name only, however far the parent has run', () => {
    const parent = createRandom('a');
    const early = parent.fork('x').next();
    for (let i = 0; i < 100; i++) parent.next();
    expect(parent.fork('x').next()).toBe(early);
    expect(parent.fork('y').next()).not.toBe(early);
    expect(createRandom('a').fork('b').fork('c').next()).not.toBe(createRandom('a').fork('bc').next());
  });

  it('is uniform and normal within five standard errors', () => {
    const n = 200_000;
    const random = createRandom('moments');
    const uniform = Float64Array.from({ length: n }, () => random.next());
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(5 / Math.sqrt(12 * n));
    expect(uniform.every((u) => u >= 0 && u < 1)).toBe(true);
    const normal = Float64Array.from({ length: n }, () => random.normal());
    expect(Math.abs(mean(normal))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(sum(normal.map((z) => z * z)) / n - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    const dice = new Float64Array(6);
    for (let i = 0; i < n; i++) dice[random.integer(6)]++;
    for (const count of dice) expect(Math.abs(count - n / 6)).toBeLessThan(5 * Math.sqrt(n * (5 / 36)));
  });

  it.each([0, -1, 1.5, NaN, 2 ** 53 + 2])('refuses integer(%s)', (n) => {
    expect(() => createRandom('').integer(n)).toThrow(RangeError);
  });
});
