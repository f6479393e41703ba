import { beforeAll, describe, expect, it } from 'vitest';
import {
  aeByTerm,
  aeOverview,
  correlateWithTumour,
  deriveAdae,
  deriveAdtte,
  deriveResponses,
  landmarkCox,
  responseTable,
  tteTable,
  waterfall,
  type AdtteRow,
  type Responses,
  type TteParameter,
} from '../../src/clinical/index.ts';
import { deriveAdim, type AdimRow } from '../../src/endpoints/index.ts';
import { compareWithTruth, truthPresent } from '../stats/truth.ts';
import {
  compareTable,
  expectedJson,
  expectedRows,
  trialConfig,
  trialTable,
  trials,
} from '../stats/trials.ts';

/** The truth writes the Cox tests as [statistic, df, p]. */
function namedTests(cox: Record<string, unknown>): Record<string, unknown> {
  const named = ([statistic, df, p]: number[]): object => ({ statistic, df, p });
  return {
    ...cox,
    ...Object.fromEntries(['lr', 'wald', 'score'].map((name) => [name, named(cox[name] as number[])])),
  };
}

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial}, clinical (needs ../shared)`, () => {
    let responses: Responses;
    let adtte: AdtteRow[] = [];
    let adim: AdimRow[] = [];
    const subjects = () => trialTable(trial, 'adsl');
    beforeAll(() => {
      const config = trialConfig(trial);
      responses = deriveResponses(subjects(), trialTable(trial, 'tumour'));
      adtte = deriveAdtte(subjects(), responses.assessments, trialTable(trial, 'local')).rows;
      adim = deriveAdim(trialTable(trial, 'immune'), subjects(), trialTable(trial, 'params'), config).rows;
    });
    const changes = (parameter: string, visit: number) =>
      adim.filter((row) => row.PARAMCD === parameter && row.AVISITN === visit && row.ANL01FL === 'Y');

    it('adrs_timepoint.csv, every cell', () => {
      const report = compareTable(expectedRows(trial, 'adrs_timepoint.csv'), responses.assessments);
      expect(report.misses).toEqual([]);
      expect(report.compared).toBeGreaterThan(2_000);
    });

    it('adrs_bor.csv, every cell', () => {
      const report = compareTable(expectedRows(trial, 'adrs_bor.csv'), responses.subjects);
      expect(report).toEqual({ compared: 160, misses: [] });
    });

    it('plot_waterfall.csv, every cell', () => {
      const report = compareTable(expectedRows(trial, 'plot_waterfall.csv'), waterfall(responses.subjects));
      expect(report.misses).toEqual([]);
      expect(report.compared).toBeGreaterThan(60);
    });

    it('response_table.json', () => {
      const report = compareWithTruth(
        expectedJson(trial, 'response_table.json'),
        responseTable(responses.subjects),
      );
      expect(report).toEqual({ compared: 38, misses: [] });
    });

    it('adtte.csv, every cell', () => {
      const report = compareTable(expectedRows(trial, 'adtte.csv'), adtte);
      expect(report.misses).toEqual([]);
      expect(report.compared).toBeGreaterThan(1_000);
    });

    it('adtte.dataset.json, every cell', () => {
      const expected = expectedJson<{ columns: { name: string }[]; rows: unknown[][] }>(
        trial,
        'adtte.dataset.json',
      );
      const names = expected.columns.map((column) => column.name);
      const want = expected.rows.map((row) => Object.fromEntries(row.map((value, i) => [names[i], value])));
      const report = compareWithTruth(
        want,
        adtte.filter((row) => row.PARAMCD !== 'LTPL'),
      );
      expect(report).toEqual({ compared: 660, misses: [] });
    });

    it('km.json', () => {
      const { params } = expectedJson<{ params: Record<string, unknown> }>(trial, 'km.json');
      let compared = 0;
      for (const [parameter, want] of Object.entries(params)) {
        const report = compareWithTruth(want, tteTable(adtte, parameter as TteParameter));
        expect(report.misses.map((miss) => `${parameter} ${miss}`)).toEqual([]);
        compared += report.compared;
      }
      expect(compared).toBeGreaterThan(1_000);
    });

    it('landmark_cox.json', () => {
      type Entry = { AVISITN: number; landmarkDay: number; cox: Record<string, unknown>; firth: object };
      const { params } = expectedJson<{ params: Record<string, Entry> }>(trial, 'landmark_cox.json');
      for (const [parameter, { AVISITN, ...want }] of Object.entries(params)) {
        const pfs = adtte.filter((row) => row.PARAMCD === 'PFS');
        const found = landmarkCox(subjects(), pfs, changes(parameter, AVISITN), want.landmarkDay);
        const ours = { ...found, logRatio: found.covariate };
        const report = compareWithTruth({ ...want, cox: namedTests(want.cox) }, ours, {
          at: (path) => (path.startsWith('firth') ? 2e-5 : path.startsWith('cox') ? 1e-7 : undefined),
          absolute: 1e-10,
        });
        expect(report.misses.map((miss) => `${parameter} ${miss}`)).toEqual([]);
        expect(report.compared).toBeGreaterThan(60);
      }
    });

    it('spearman.json', () => {
      const { AVISITN, params } = expectedJson<{ AVISITN: number; params: Record<string, object> }>(
        trial,
        'spearman.json',
      );
      for (const [parameter, want] of Object.entries(params)) {
        const report = compareWithTruth(
          want,
          correlateWithTumour(responses.subjects, changes(parameter, AVISITN)),
        );
        expect(report).toEqual({ compared: 22, misses: [] });
      }
    });

    it('adae.csv, ae_overview.json and ae_soc_pt.csv', () => {
      const { rows } = deriveAdae(trialTable(trial, 'ae'), subjects());
      const adae = compareTable(expectedRows(trial, 'adae.csv'), rows);
      expect(adae.misses).toEqual([]);
      expect(adae.compared).toBeGreaterThan(800);
      const overview = compareWithTruth(expectedJson(trial, 'ae_overview.json'), aeOverview(rows, 20));
      expect(overview).toEqual({ compared: 42, misses: [] });
      const terms = compareTable(expectedRows(trial, 'ae_soc_pt.csv'), aeByTerm(rows, 20));
      expect(terms.misses).toEqual([]);
      expect(terms.compared).toBeGreaterThan(200);
    });
  });
}
