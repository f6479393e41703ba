import { describe, expect, it } from 'vitest';
import { fitGee } from '../../src/stats/gee.ts';
import { fitMixedModel, type MixedModelInput } from '../../src/stats/mixed-model.ts';
import { compareWithTruth, truthCases, truthPresent } from './truth.ts';

/** Degrees of freedom have their own tolerance; a p-value inherits the relative error of its df. */
const dfPath = /(^|\.)(df2|df(Satterthwaite|Kr))$/;

describe.skipIf(!truthPresent)('lmm against lme4, lmerTest and pbkrtest (needs ../shared)', () => {
  let compared = 0;
  for (const truth of truthCases('lmm')) {
    it(truth.id, () => {
      const result = fitMixedModel(truth.input as unknown as MixedModelInput, {
        visitOrder: truth.options?.['visitOrder'] as string[],
        conf: truth.options?.['conf'] as number,
      });
      const report = compareWithTruth(truth.expected, result, {
        relative: truth.tol?.rel ?? 1e-5,
        at: (path) => (dfPath.test(path) ? 1e-3 : undefined),
      });
      compared += report.compared;
      expect(report.misses).toEqual([]);
    });
  }
  it('ran every comparison', () => {
    if (process.env['SHOW_COUNTS']) console.log('lmm', compared);
    expect(compared).toBeGreaterThanOrEqual(480);
  });
});

describe.skipIf(!truthPresent)('gee against geepack (needs ../shared)', () => {
  let compared = 0;
  for (const truth of truthCases('gee')) {
    it(truth.id, () => {
      const report = compareWithTruth(truth.expected, fitGee(truth.input as unknown as MixedModelInput), {
        relative: 1e-4,
      });
      compared += report.compared;
      expect(report.misses).toEqual([]);
    });
  }
  it('ran every comparison', () => {
    if (process.env['SHOW_COUNTS']) console.log('gee', compared);
    expect(compared).toBeGreaterThanOrEqual(80);
  });
});
