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

  it('counts adverse events of enrolled subjects who were never treated where everybody enrolled is counted', () => {
    const { rows } = readTable('adsl', 'USUBJID,TRTSDT,FASFL,SAFFL\nA,2024-01-01,Y,Y\nC,,N,N\n');
    const { rows: adverseEvents } = readTable(
      'ae',
      `USUBJID,AESEQ,AEBODSYS,AEDECOD,AETOXGR,AESER,AEREL,AESTDTC
A,1,GI,Pain,2,N,N,2024-02-03
C,1,GI,Pain,2,N,N,2023-12-28
C,2,GI,Pain,2,N,N,2023-11
C,3,GI,Pain,2,N,N,
`,
    );
    const input = { ...nothing, subjects: rows, adverseEvents };
    const enrolled = deriveClinical(input, { aeDenominator: 'enrolled' });
    expect(enrolled.aeOverview.anyAe).toMatchObject({ n: 2, N: 2, events: 4 });
    expect(enrolled.aeOverview.anyTeae).toMatchObject({ n: 1, N: 2, events: 1 });
    expect(enrolled.adae.map(({ ASTDT, ASTDTF, ASTDY, TRTEMFL }) => [ASTDT, ASTDTF, ASTDY, TRTEMFL])).toEqual(
      [
        ['2024-02-03', '', 34, 'Y'],
        ['2023-12-28', '', null, 'N'],
        ['2023-11-01', 'D', null, 'N'],
        [null, '', null, 'N'],
      ],
    );
    expect(enrolled.issues.filter(({ level }) => level === 'error')).toEqual([]);
    expect(deriveClinical(input).aeOverview.anyAe).toMatchObject({ n: 1, N: 1, events: 1 });
  });

  it.each([
    ['last contact before treatment', 'LSTALVDT,DCUTDT', '2024-01-02,2025-01-01', 'OS', [1, 4]],
    ['a cut-off before treatment', 'LSTALVDT,DCUTDT', '2024-03-02,2024-01-01', 'OS', [1, 4]],
    ['last contact on the first day', 'LSTALVDT,DCUTDT', '2024-01-10,2025-01-01', 'OS', [1, 1]],
    ['death before treatment', 'DTHDT,DCUTDT', '2024-01-02,2025-01-01', 'OS', null],
    ['death before treatment', 'DTHDT,DCUTDT', '2024-01-02,2025-01-01', 'PFS', null],
    ['death on the first day', 'DTHDT,DCUTDT', '2024-01-10,2025-01-01', 'PFS', [1, 0]],
  ] as const)('goes on with one wrong date: %s (%s %s, %s)', (_, columns, dates, code, wanted) => {
    const { rows } = readTable(
      'adsl',
      `USUBJID,TRTSDT,FASFL,SAFFL,${columns}\nA,2024-01-10,Y,Y,${dates}\nB,2024-01-10,Y,Y,2024-05-01,2025-01-01\n`,
    );
    const { adtte, issues, timeToEvent } = deriveClinical({ subjects: rows, ...nothing });
    const row = adtte.find(({ USUBJID, PARAMCD }) => USUBJID === 'A' && PARAMCD === code);
    expect(row === undefined ? null : [row.AVALDAY, row.CNSR]).toEqual(wanted);
    expect(issues.some(({ code: said, message }) => said === 'NEGATIVE_TIME' && message.includes('A'))).toBe(
      wanted === null,
    );
    expect(timeToEvent.find(({ PARAMCD }) => PARAMCD === code)?.n).toBe(wanted === null ? 1 : 2);
  });

  it('stands an empty study', () => {
    const result = deriveClinical({ subjects: [], ...nothing });
    expect(result.response).toMatchObject({ N: 0, orr: { pct: null } });
    expect(result.timeToEvent).toEqual([]);
    expect(result.issues).toEqual([]);
  });
});
