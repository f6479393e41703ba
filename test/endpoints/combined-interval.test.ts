// One interval from counting and gating: by hand on the scale of each unit, and nothing where half of it is missing.
import { describe, expect, it } from 'vitest';
import { combinedInterval } from '../../src/endpoints/index.ts';

describe('the combined interval', () => {
  it('adds logarithms of a count as squares, each side for itself', () => {
    const parts = { counting: { low: 80, high: 125 }, gating: { low: 100 / 1.1, high: 120 } };
    const found = combinedInterval(100, parts, 'cells/uL');
    expect(found?.low).toBeCloseTo(100 * Math.exp(-Math.hypot(Math.log(1.25), Math.log(1.1))), 9);
    expect(found?.high).toBeCloseTo(100 * Math.exp(Math.hypot(Math.log(1.25), Math.log(1.2))), 9);
  });
  it('keeps a percentage within 0 and 100', () => {
    const found = combinedInterval(
      98,
      { counting: { low: 96, high: 99 }, gating: { low: 97, high: 99.5 } },
      '%',
    );
    const logit = (x: number) => Math.log(x / (100 - x));
    const up = logit(98) + Math.hypot(logit(99) - logit(98), logit(99.5) - logit(98));
    expect(found?.high).toBeCloseTo(100 / (1 + Math.exp(-up)), 9);
    expect(found?.high).toBeLessThan(100);
    const down = logit(98) - Math.hypot(logit(98) - logit(96), logit(98) - logit(97));
    expect(found?.low).toBeCloseTo(100 / (1 + Math.exp(-down)), 9);
  });
  it('takes differences, and limits of 0, in their own unit', () => {
    const around = { counting: { low: -1, high: 7 }, gating: { low: 0, high: 7 } };
    expect(combinedInterval(3, around, '% points')).toEqual({ low: -2, high: 3 + Math.hypot(4, 4) });
    const few = { counting: { low: 0, high: 6 }, gating: { low: 1, high: 3 } };
    expect(combinedInterval(2, few, 'cells/uL')).toEqual({ low: 0, high: 2 + Math.hypot(4, 1) });
  });
  it('holds a negative occupancy, and limits below 0 of a small one', () => {
    const parts = { counting: { low: -14, high: 4 }, gating: { low: -8, high: -2 } };
    const found = combinedInterval(-5, parts, '%');
    expect(found?.low).toBeCloseTo(-5 - Math.hypot(9, 3), 12);
    expect(found?.high).toBeCloseTo(-5 + Math.hypot(9, 3), 12);
    const small = combinedInterval(2, { counting: { low: -1, high: 5 }, gating: { low: 1, high: 3 } }, '%');
    expect(small?.low).toBeCloseTo(2 - Math.hypot(3, 1), 12);
  });
  it('is not known where a part of it is not', () => {
    const counting = { low: 80, high: 125 };
    expect(combinedInterval(100, { counting, gating: null }, 'cells/uL')).toBeNull();
    expect(combinedInterval(100, { counting: null, gating: counting }, 'cells/uL')).toBeNull();
    expect(combinedInterval(null, { counting, gating: counting }, 'cells/uL')).toBeNull();
  });
});
