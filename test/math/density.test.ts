import { describe, expect, it } from 'vitest';
import {
  findPeaks,
  halfSampleMode,
  kernelDensity,
  sum,
  valleyBetween,
  type Density,
} from '../../src/math/index.ts';
import { truth, worstRelative } from './truth.ts';

const { values, bandwidth, from, to, points, at, y, peaks, valley } = truth.density;

function curve(heights: readonly number[]): Density {
  return { x: Float64Array.from(heights, (_, i) => 10 * i), y: Float64Array.from(heights), bandwidth: 1 };
}

describe('kernelDensity', () => {
  it('agrees with the sum of Gaussians, to the error of binning', () => {
    const density = kernelDensity(values, { from, to, points });
    expect(density.bandwidth / bandwidth).toBeCloseTo(1, 12);
    expect(
      worstRelative(
        at.map((i) => density.y[i]),
        y,
      ),
    ).toBeLessThan(2e-4);
  });

  it('has area 1 on its default range', () => {
    const { x, y: heights } = kernelDensity(values);
    expect(sum(heights) * (x[1] - x[0])).toBeCloseTo(1, 3);
  });

  it('finds both peaks and the valley to within a grid step', () => {
    const density = kernelDensity(values, { from, to, points });
    const found = findPeaks(density, 0.05);
    const step = (to - from) / (points - 1);
    expect(found.length).toBe(2);
    found.forEach((peak, i) => expect(Math.abs(peak.x - peaks[i])).toBeLessThan(1.5 * step));
    expect(Math.abs((valleyBetween(density, found[0], found[1])?.x ?? NaN) - valley)).toBeLessThan(
      2.5 * step,
    );
  });

  it('counts values outside the range where their kernels reach in', () => {
    const whole = kernelDensity([0, 1, 5], { bandwidth: 1, from: -4, to: 9, points: 131 });
    const part = kernelDensity([0, 1, 5], { bandwidth: 1, from: 0.5, to: 4.5, points: 41 });
    expect(worstRelative(part.y, whole.y.slice(45, 86))).toBeLessThan(2e-3);
  });

  it('leaves NaN and infinities out; of no values is zero; of equal values peaks at them', () => {
    const options = { bandwidth: 0.5, from: -3, to: 3, points: 121 };
    expect(kernelDensity([1, NaN, Infinity, -Infinity], options)).toEqual(kernelDensity([1], options));
    expect(kernelDensity([], options).y.every((v) => v === 0)).toBe(true);
    expect(kernelDensity([]).y.every((v) => v === 0)).toBe(true);
    const [peak] = findPeaks(kernelDensity([2, 2, 2], { from: 0, to: 4, points: 401, bandwidth: 0.3 }));
    expect(peak.x).toBe(2);
    // one value: 1 / (bandwidth sqrt(2 pi)) at the top
    expect(peak.height).toBeCloseTo(1 / (0.3 * Math.sqrt(2 * Math.PI)), 12);
  });

  it('refuses a range it cannot draw', () => {
    expect(() => kernelDensity([1, 2], { from: 3, to: 1 })).toThrow(RangeError);
    expect(() => kernelDensity([1, 2], { points: 1 })).toThrow(RangeError);
    expect(() => kernelDensity([1, 2], { bandwidth: NaN })).toThrow(RangeError);
    expect(() => kernelDensity([1e300, -1e300])).not.toThrow();
  });
});

describe('peaks and valleys', () => {
  it('count a flat top once, and neither end of the grid', () => {
    expect(findPeaks(curve([5, 1, 2, 2, 2, 1, 3, 4])).map((p) => p.index)).toEqual([3]);
    expect(findPeaks(curve([0, 1, 0, 9, 0, 4, 4])).map((p) => p.x)).toEqual([10, 30]);
    expect(findPeaks(curve([1, 1, 1]))).toEqual([]);
  });

  it('drop peaks below the fraction of the highest', () => {
    expect(findPeaks(curve([0, 10, 0, 1, 0, 0.9, 0]), 0.1).map((p) => p.index)).toEqual([1, 3]);
  });

  it('put the valley in the middle of a flat bottom', () => {
    const density = curve([0, 9, 3, 0, 0, 0, 2, 8, 0]);
    const [left, right] = findPeaks(density);
    expect(valleyBetween(density, left, right)).toEqual({ index: 4, x: 40, height: 0 });
    expect(valleyBetween(density, left, left)).toBeNull();
  });
});

describe('halfSampleMode', () => {
  it.each(truth.modes)('agrees with a plain reading of its definition ($mode)', ({ values: list, mode }) => {
    expect(halfSampleMode(Float64Array.from(list).sort())).toBeCloseTo(mode, 14);
  });

  it('of none is NaN, of equal values is that value', () => {
    expect(halfSampleMode([])).toBeNaN();
    expect(halfSampleMode([4, 4, 4, 4, 4])).toBe(4);
  });
});
