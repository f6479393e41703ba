import { describe, expect, it } from 'vitest';
import * as stats from '../../src/stats/index.ts';

/** Every number in a result, wherever it sits. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (Array.isArray(value)) return value.flatMap(numbersIn);
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(numbersIn);
  return [];
}

const nothing: [string, () => object | null][] = [
  ['describe', () => stats.describe([])],
  ['comparePaired of no pairs', () => stats.comparePaired([null, 1], [2, null])],
  ['comparePaired of one pair', () => stats.comparePaired([1], [2])],
  ['comparePaired without change', () => stats.comparePaired([1, 2, 3], [1, 2, 3])],
  ['comparePaired with zeros', () => stats.comparePaired([0, 0, 1], [0, 1, 0])],
  ['compareTwoGroups, one group empty', () => stats.compareTwoGroups([], [1, 2])],
  ['compareTwoGroups of single values', () => stats.compareTwoGroups([1], [2])],
  ['compareTwoGroups, all equal', () => stats.compareTwoGroups([2, 2], [2, 2, 2])],
  ['kruskalWallis, all equal', () => stats.kruskalWallis([1, 1, 1], ['a', 'b', 'b'])],
  ['kruskalWallis of nothing', () => stats.kruskalWallis([], [])],
  ['correlate of nothing', () => stats.correlate([], [])],
  ['correlate of two pairs', () => stats.correlate([1, 2], [2, 1])],
  ['correlate with a constant', () => stats.correlate([1, 1, 1, 1], [1, 2, 3, 4])],
  ['friedman of nothing', () => stats.friedman([], ['a', 'b', 'c'])],
  [
    'friedman in perfect order',
    () =>
      stats.friedman(
        [
          [1, 2, 3],
          [1, 2, 3],
          [4, 5, 6],
        ],
        ['a', 'b', 'c'],
      ),
  ],
  ['fitMixedModel of nothing', () => stats.fitMixedModel({ subject: [], visit: [], y: [] })],
  [
    'fitMixedModel of one visit',
    () => stats.fitMixedModel({ subject: ['a', 'b'], visit: ['v', 'v'], y: [1, 2] }),
  ],
  [
    'fitMixedModel of a constant',
    () =>
      stats.fitMixedModel({ subject: ['a', 'a', 'b', 'b'], visit: ['v', 'w', 'v', 'w'], y: [1, 1, 1, 1] }),
  ],
  ['fitGee of nothing', () => stats.fitGee({ subject: [], visit: [], y: [] })],
  ['proportion of nothing', () => stats.proportion(0, 0)],
  ['kaplanMeier of nothing', () => stats.kaplanMeier([], [], { landmarks: [10], tau: 20 })],
  ['kaplanMeier at time 0', () => stats.kaplanMeier([0, 0], [1, 0], { landmarks: [0, 5] })],
  ['logRank of nothing', () => stats.logRank([], [], [])],
  ['logRank of one group', () => stats.logRank([1, 2], [1, 1], ['a', 'a'])],
  ['cumulativeIncidence of nothing', () => stats.cumulativeIncidence([], [])],
  ['censoredLognormal, all below', () => stats.censoredLognormal([null, null], [1, 1])],
  [
    'fisherExact of an empty table',
    () =>
      stats.fisherExact([
        [0, 0],
        [0, 0],
      ]),
  ],
];

describe('what cannot be computed is null with a warning, never NaN', () => {
  for (const [name, compute] of nothing) {
    it(name, () => {
      expect(numbersIn(compute()).filter(Number.isNaN)).toEqual([]);
    });
  }

  it('names its reason', () => {
    expect(stats.describe([]).warnings).toContain('TOO_FEW');
    expect(stats.comparePaired([1, 2], [1, 2]).warnings).toContain('ALL_ZERO');
    expect(stats.comparePaired([0, 1], [1, 3]).warnings).toContain('NONPOSITIVE');
    expect(stats.comparePaired([1, 2, 3], [2, 4, 5]).warnings).toContain('CI_NOT_ATTAINABLE');
    expect(stats.kaplanMeier([1, 2], [0, 0]).warnings).toEqual(['NO_EVENTS']);
    expect(stats.proportion(0, 0).warnings).toEqual(['TOO_FEW']);
  });
});

describe('what the protocol prints', () => {
  it('limits of 20 subjects: 0/20 reaches 16.8 %, 10/20 spans 27.2 to 72.8 %', () => {
    expect(stats.formatFixed(100 * stats.clopperPearson(0, 20).high, 1)).toBe('16.8');
    const half = stats.clopperPearson(10, 20);
    expect(stats.formatInterval(100 * half.low, 100 * half.high, 1)).toBe('(27.2, 72.8)');
    expect(stats.formatInterval(null, 2, 1)).toBe('(NE, 2.0)');
  });
});

describe('signFlipTest beyond 20 pairs', () => {
  const d = Array.from({ length: 25 }, (_, i) => (i % 3 === 0 ? -1 : 1.5) * (i + 1));
  it('needs a seed, repeats with it, and lies near the exact paired t', () => {
    expect(stats.signFlipTest(d)).toBeNull();
    const first = stats.signFlipTest(d, { seed: 'trial', draws: 20_000 });
    expect(stats.signFlipTest(d, { seed: 'trial', draws: 20_000 })).toEqual(first);
    expect(Math.abs((first?.p ?? NaN) - (stats.pairedT(d).p ?? NaN))).toBeLessThan(0.02);
  });
});

describe('signedRank beyond 50 differences', () => {
  it('gives the normal approximation only', () => {
    const many = stats.signedRank(Array.from({ length: 60 }, (_, i) => i - 20.5));
    expect(many.pExact).toBeNull();
    expect(many.p).not.toBeNull();
  });
});

describe('the p of a rank correlation that tables give', () => {
  const rising = (n: number) => Array.from({ length: n }, (_, i) => i * i);

  it('is exact for few pairs: of the 3! orders of three, two are as extreme as a perfect one', () => {
    const { spearman } = stats.correlate([1, 2, 3], [5, 6, 9]);
    expect(spearman.p).toBe(0);
    expect(spearman.pReported).toBeCloseTo(2 / 6, 14);
    expect(stats.correlate([1, 2, 3, 4, 5], [1, 3, 2, 5, 9]).spearman.pReported).toBeCloseTo(10 / 120, 14);
  });

  it('is by t from ten pairs on, and absent below three', () => {
    const { spearman } = stats.correlate(rising(10), [3, 1, 2, 5, 4, 7, 6, 9, 8, 10]);
    expect(spearman.pExactPermutation).toBeNull();
    expect(spearman.pReported).toBe(spearman.p);
    expect(stats.correlate([1, 2], [1, 2]).spearman.pReported).toBeNull();
  });
});
