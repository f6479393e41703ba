import { describe, expect, it } from 'vitest';
import { coxRegression, type Covariate, type CoxInput } from '../../src/stats/cox.ts';
import type { Ties } from '../../src/stats/cox-likelihood.ts';
import { firthCox } from '../../src/stats/firth.ts';
import { compareWithTruth, truthCases, truthPresent, type TruthCase } from './truth.ts';

function inputOf(truth: TruthCase): CoxInput {
  const columns = truth.input as Record<string, number[]>;
  const names = [truth.options?.['covariates'] as string | string[]].flat();
  const covariates = names.map((name): Covariate => ({ name, values: columns[name] }));
  const start = columns['start'];
  const rows = {
    time: start === undefined ? columns['time'] : columns['stop'],
    event: columns['event'],
    covariates,
  };
  return start === undefined ? rows : { ...rows, start };
}

/** The truth writes the three tests as [statistic, df, p]. */
export function asTests(expected: Record<string, unknown>): Record<string, unknown> {
  const named = ([statistic, df, p]: number[]): object => ({ statistic, df, p });
  const out = { ...expected };
  for (const name of ['lr', 'wald', 'score']) out[name] = named(expected[name] as number[]);
  return out;
}

describe.skipIf(!truthPresent)('survival-cox against survival::coxph (needs ../shared)', () => {
  let compared = 0;
  for (const truth of truthCases('survival-cox')) {
    for (const [ties, expected] of Object.entries(truth.expected)) {
      it(`${truth.id}, ${ties}`, () => {
        const result = coxRegression(inputOf(truth), { ties: ties as Ties });
        const report = compareWithTruth(asTests(expected as Record<string, unknown>), result, {
          relative: 1e-7,
          absolute: 1e-9,
        });
        compared += report.compared;
        expect(report.misses).toEqual([]);
      });
    }
  }
  it('ran every comparison', () => {
    if (process.env['SHOW_COUNTS']) console.log('survival-cox', compared);
    expect(compared).toBeGreaterThanOrEqual(877);
  });
});

describe.skipIf(!truthPresent)('survival-cox-firth (needs ../shared)', () => {
  let compared = 0;
  for (const truth of truthCases('survival-cox-firth')) {
    for (const ties of ['breslow', 'efron'] as const) {
      it(`${truth.id}, ${ties}`, () => {
        const report = compareWithTruth(truth.expected[ties], firthCox(inputOf(truth), { ties }), {
          relative: 2e-5,
        });
        compared += report.compared;
        expect(report.misses).toEqual([]);
      });
    }
  }
  it('ran every comparison', () => {
    if (process.env['SHOW_COUNTS']) console.log('survival-cox-firth', compared);
    expect(compared).toBeGreaterThanOrEqual(132);
  });
  it('where the ordinary fit says MONOTONE_LIKELIHOOD and gives no coefficient', () => {
    const monotone = truthCases('survival-cox-firth').find((truth) => truth.id === 'monotone');
    const result = coxRegression(inputOf(monotone as TruthCase));
    expect(result.warnings).toContain('MONOTONE_LIKELIHOOD');
    expect(result.coef).toEqual([null]);
  });
});
