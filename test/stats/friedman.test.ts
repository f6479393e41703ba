import { describe, expect, it } from 'vitest';
import { friedman } from '../../src/stats/friedman.ts';
import { snappedDifferences } from '../../src/stats/ranks.ts';
import type { Maybe } from '../../src/stats/result.ts';
import { truthCases, truthPresent } from './truth.ts';

describe('snappedDifferences', () => {
  it('lets decimals that tie on paper tie in binary', () => {
    expect(0.3 - 0.1 === 0.9 - 0.7).toBe(false);
    const [a, b] = snappedDifferences([0.1, 0.7], [0.3, 0.9]);
    expect(a).toBe(b);
  });

  it('has no negative zero, no change of whole numbers, and nothing to do for zeros', () => {
    expect(Object.is(snappedDifferences([5, 3], [5, 4])[0], 0)).toBe(true);
    expect(snappedDifferences([100, 380], [130, 1000])).toEqual([30, 620]);
    expect(snappedDifferences([0], [0])).toEqual([0]);
  });
});

describe.skipIf(!truthPresent)('pairwise tests of rounding times (needs ../shared)', () => {
  it('rank the paper differences: 0.05, 0.10, … tie', () => {
    const truth = truthCases('friedman').find((entry) => entry.id === 'roundingTimes');
    const result = friedman(truth?.input['y'] as Maybe[][], truth?.input['visits'] as string[]);
    // Computed apart with Python integers (times in hundredths of a second).
    expect(result.pairwiseWilcoxonPratt.p).toEqual([
      0.3445281982421875, 0.016550540924072266, 0.0009770393371582031,
    ]);
  });
});

describe('friedman', () => {
  it('is null with a warning where nothing varies or one subject is left', () => {
    const flat = friedman(
      [
        [1, 1],
        [2, 2],
      ],
      ['a', 'b'],
    );
    expect(flat.chi2).toBeNull();
    expect(flat.warnings).toContain('ZERO_VARIANCE');
    expect(
      friedman(
        [
          [1, 2],
          [null, 2],
        ],
        ['a', 'b'],
      ).warnings,
    ).toContain('TOO_FEW');
  });
});
