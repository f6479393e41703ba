// The variates against their textbook moments and, for Poisson, against its probability function. Limits are 4.5 standard errors.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/index.ts';
import { dirichlet, gamma, lognormal, poisson } from '../../src/simulate/random-variates.ts';
import { meanAndSd } from './witness.ts';

const n = 40_000;

describe('poisson', () => {
  it.each([0.3, 5, 29.9, 30, 47.5, 400, 123_456])('mean %d has its mean and its variance', (mean) => {
    const random = createRandom(`poisson ${mean}`);
    const values = Array.from({ length: n }, () => poisson(random, mean));
    const found = meanAndSd(values);
    expect(Math.abs(found.mean - mean)).toBeLessThan(4.5 * Math.sqrt(mean / n));
    const errorOfVariance = mean * Math.sqrt((2 + 1 / mean) / n);
    expect(Math.abs(found.sd ** 2 - mean)).toBeLessThan(4.5 * errorOfVariance);
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });

  it.each([5, 40])('mean %d follows the probability function', (mean) => {
    const random = createRandom(`poisson pmf ${mean}`);
    const found = new Map<number, number>();
    for (let i = 0; i < n; i++) {
      const value = poisson(random, mean);
      found.set(value, (found.get(value) ?? 0) + 1);
    }
    let probability = Math.exp(-mean);
    let chiSquare = 0;
    let cells = 0;
    for (let k = 0; k < 3 * mean + 20; k++) {
      const expected = n * probability;
      if (expected >= 10) {
        chiSquare += ((found.get(k) ?? 0) - expected) ** 2 / expected;
        cells++;
      }
      probability *= mean / (k + 1);
    }
    expect(cells).toBeGreaterThan(10);
    expect(chiSquare).toBeLessThan(cells + 4.5 * Math.sqrt(2 * cells));
  });

  it('no mean gives no count', () => {
    expect(poisson(createRandom('zero'), 0)).toBe(0);
  });
});

it.each([0.4, 1, 7.5])('gamma of shape %d has mean and variance equal to it', (shape) => {
  const random = createRandom(`gamma ${shape}`);
  const found = meanAndSd(Array.from({ length: n }, () => gamma(random, shape)));
  expect(Math.abs(found.mean - shape)).toBeLessThan(4.5 * Math.sqrt(shape / n));
  expect(Math.abs(found.sd ** 2 - shape) / shape).toBeLessThan(4.5 * Math.sqrt((2 + 6 / shape) / n));
});

it('dirichlet has the shares as means and shrinks with its concentration', () => {
  const random = createRandom('dirichlet');
  const draws = Array.from({ length: 5000 }, () => dirichlet(random, [60, 30, 10, 0], 400));
  [0.6, 0.3, 0.1].forEach((share, at) => {
    const found = meanAndSd(draws.map((draw) => draw[at]));
    const sd = Math.sqrt((share * (1 - share)) / 401);
    expect(Math.abs(found.mean - share)).toBeLessThan((4.5 * sd) / Math.sqrt(5000));
    expect(Math.abs(found.sd / sd - 1)).toBeLessThan(0.05);
  });
  expect(draws.every((draw) => draw[3] === 0)).toBe(true);
  expect(Math.max(...draws.map((draw) => Math.abs(draw.reduce((a, b) => a + b) - 1)))).toBeLessThan(1e-12);
});

it('lognormal has the mean and the coefficient of variation asked for', () => {
  const random = createRandom('lognormal');
  const found = meanAndSd(Array.from({ length: n }, () => lognormal(random, 62000, 0.22)));
  expect(Math.abs(found.mean / 62000 - 1)).toBeLessThan((4.5 * 0.22) / Math.sqrt(n));
  expect(Math.abs(found.sd / found.mean / 0.22 - 1)).toBeLessThan(0.03);
});
