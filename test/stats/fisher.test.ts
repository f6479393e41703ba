import { describe, expect, it } from 'vitest';
import { fisherExact } from '../../src/stats/fisher.ts';

/** Fisher's tea: x = 0 … 4 with weights C(4, x)² w^x. */
function teaWeights(oddsRatio: number): number[] {
  const weights = [1, 16, 36, 16, 1].map((count, x) => count * oddsRatio ** x);
  const total = weights.reduce((s, v) => s + v, 0);
  return weights.map((weight) => weight / total);
}

describe('fisherExact', () => {
  const tea = fisherExact([
    [3, 1],
    [1, 3],
  ]);

  it('puts exactly 2.5 % beyond each limit and the mean on the observed count', () => {
    const low = teaWeights(tea.ciLow ?? NaN);
    const high = teaWeights(tea.ciHigh ?? NaN);
    const best = teaWeights(tea.conditionalOr ?? NaN);
    expect(low[3] + low[4]).toBeCloseTo(0.025, 12);
    expect(high[0] + high[1] + high[2] + high[3]).toBeCloseTo(0.025, 12);
    expect(best.reduce((s, p, x) => s + p * x, 0)).toBeCloseTo(3, 11);
  });

  it('gives p = 34/70 two-sided and 17/70 one-sided', () => {
    expect(tea.p).toBeCloseTo(34 / 70, 14);
    expect(tea.pGreater).toBeCloseTo(17 / 70, 14);
  });

  it('has an odds ratio of 0 or infinity where a cell is empty', () => {
    const empty = [
      [0, 5],
      [8, 7],
    ];
    expect(fisherExact(empty).conditionalOr).toBe(0);
    expect(fisherExact([...empty].reverse()).conditionalOr).toBe(Infinity);
  });
});
