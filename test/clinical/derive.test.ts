import { describe, expect, it } from 'vitest';
import { deriveClinical } from '../../src/clinical/index.ts';
import { readTable } from '../../src/study/index.ts';
import { compareWithTruth, truthPresent } from '../stats/truth.ts';
import {
  compareTable,
  expectedJson,
  expectedRows,
  trialConfig,
  trialTable,
  trials,
} from '../stats/trials.ts';

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} from its own config.json (needs ../shared)`, () => {
    it('has the expected data sets and tables', () => {
      const result = deriveClinical(
        {
          subjects: trialTable(trial, 'adsl'),
          lesions: trialTable(trial, 'tumour'),
          local: trialTable(trial, 'local'),
          adverseEvents: trialTable(trial, 'ae'),
        },
        trialConfig(trial),
      );
      expect(compareTable(expectedRows(trial, 'adtte.csv'), result.adtte).misses).toEqual([]);
      expect(compareTable(expectedRows(trial, 'adae.csv'), result.adae).misses).toEqual([]);
      expect(compareTable(expectedRows(trial, 'plot_waterfall.csv'), result.waterfall).misses).toEqual([]);
      expect(compareTable(expectedRows(trial, 'ae_soc_pt.csv'), result.aeByTerm).misses).toEqual([]);
      expect(compareWithTruth(expectedJson(trial, 'response_table.json'), result.response).misses).toEqual(
        [],
      );
      expect(compareWithTruth(expectedJson(trial, 'ae_overview.json'), result.aeOverview).misses).toEqual([]);
      expect(result.timeToEvent.map((table) => table.PARAMCD)).toEqual(['PFS', 'LPFS', 'OS', 'LTPL']);
      expect(result.issues.filter((entry) => entry.level === 'error')).toEqual([]);
    });
  });
}

describe('deriveClinical', () => {
  const nothing = { lesions: [], local: [], adverseEvents: [] };

  it('counts efficacy in the full analysis set and keeps untreated subjects in ADSL only', () => {
    const { rows } = readTable(
      'adsl',
      'USUBJID,TRTSDT,FASFL,SAFFL\nA,2024-01-01,Y,Y\nB,2024-01-01,N,Y\nC,,N,N\n',
    );
    const result = deriveClinical({ subjects: rows, ...nothing });
    expect(result.adsl).toHaveLength(3);
    expect(result.response.N).toBe(1);
    expect(result.adtte.filter((row) => row.PARAMCD === 'PFS').map((row) => row.USUBJID)).toEqual(['A', 'B']);
    expect(result.aeOverview.anyAe).toMatchObject({ n: 0, N: 2, pct: 0 });
    expect(
      deriveClinical({ subjects: rows, ...nothing }, { aeDenominator: 'enrolled' }).aeOverview.anyAe.N,
    ).toBe(3);
  });

  it('stands an empty study', () => {
    const result = deriveClinical({ subjects: [], ...nothing });
    expect(result.response).toMatchObject({ N: 0, orr: { pct: null } });
    expect(result.timeToEvent).toEqual([]);
    expect(result.issues).toEqual([]);
  });
});
