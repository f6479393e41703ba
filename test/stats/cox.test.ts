import { describe, expect, it } from 'vitest';
import { coxRegression, firthCox, type CoxInput } from '../../src/stats/index.ts';

const rows = {
  time: [2, 3, 3, 5, 6, 8, 8, 10, 12, 14],
  event: [1, 1, 1, 0, 1, 1, 0, 1, 0, 1],
  values: [0.4, 1.2, -0.3, 0.8, 0.1, -0.9, 0.5, -0.2, -1.1, 0.3],
};

function input(repeat = 1, extra: number | null = null): CoxInput {
  const index = Array.from({ length: repeat }, () => rows.time.map((_, i) => i)).flat();
  if (extra !== null) index.push(extra);
  const pick = (column: readonly number[]): number[] => index.map((i) => column[i]);
  return {
    time: pick(rows.time),
    event: pick(rows.event),
    covariates: [{ name: 'x', values: pick(rows.values) }],
  };
}

describe('coxRegression', () => {
  it('has the robust variance of the infinitesimal jackknife, taken by weighting rows one by one', () => {
    // With Breslow ties a doubled row is a weight of 2: 400 copies and one more row move the weight by 1/400.
    const repeat = 400;
    const base = coxRegression(input(repeat), { ties: 'breslow' }).coef[0] ?? NaN;
    const influence = rows.time.map(
      (_, i) => repeat * ((coxRegression(input(repeat, i), { ties: 'breslow' }).coef[0] ?? NaN) - base),
    );
    const cluster = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e'];
    const sums = ['a', 'b', 'c', 'd', 'e'].map((name) =>
      influence.reduce((sum, value, i) => (cluster[i] === name ? sum + value : sum), 0),
    );
    const jackknife = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
    const robust = coxRegression(input(), { ties: 'breslow', cluster }).robustSe?.[0] ?? NaN;
    expect(Math.abs(robust / jackknife - 1)).toBeLessThan(0.01);
  });

  it('gives the same fit for (0, stop] rows as for plain times', () => {
    const plain = coxRegression(input());
    const split = coxRegression({ ...input(), start: rows.time.map(() => 0) });
    expect(split.coef).toEqual(plain.coef);
    expect(split.logLik).toBe(plain.logLik);
  });

  it('refuses without events, and says when a covariate does not vary', () => {
    const none = { ...input(), event: rows.event.map(() => 0) };
    expect(coxRegression(none)).toMatchObject({ warnings: ['NO_EVENTS'], coef: [null] });
    expect(firthCox(none)).toMatchObject({ warnings: ['NO_EVENTS'], coef: [null] });
    const flat = { ...input(), covariates: [{ name: 'x', values: rows.values.map(() => 3) }] };
    expect(coxRegression(flat)).toMatchObject({ warnings: ['ZERO_VARIANCE'], coef: [null] });
    expect(firthCox(flat)).toMatchObject({ warnings: ['ZERO_VARIANCE'], coef: [null] });
  });

  it('refuses a covariate from after baseline at time 0, but not from a landmark or in (start, stop] rows', () => {
    const late: CoxInput = {
      ...input(),
      covariates: [{ name: 'change', values: rows.values, known: 'after-baseline' }],
    };
    expect(() => coxRegression(late)).toThrowError(expect.objectContaining({ code: 'IMMORTAL_TIME' }));
    expect(() => firthCox(late)).toThrowError(expect.objectContaining({ code: 'IMMORTAL_TIME' }));
    expect(coxRegression(late, { landmark: true }).warnings).toEqual([]);
    expect(coxRegression({ ...late, start: rows.time.map(() => 0) }).warnings).toEqual([]);
  });

  it('refuses times below 0 and intervals that do not run forward', () => {
    const negative = { ...input(), time: rows.time.map((t, i) => (i === 0 ? -1 : t)) };
    expect(() => coxRegression(negative)).toThrowError(expect.objectContaining({ code: 'NEGATIVE_TIME' }));
    const backward = { ...input(), start: rows.time };
    expect(() => coxRegression(backward)).toThrowError(
      expect.objectContaining({ code: 'UNSORTED_INTERVALS' }),
    );
  });
});
