// Occupancy of PD-1 by its drug: about 0 before it, so that every ratio to baseline is one to noise. Six subjects, three of them responders;
// expected values by hand. NK cells, whose baseline is a number of cells, keep their ratios beside it.
import { describe, expect, it } from 'vitest';
import { analyseStudy } from '../../src/analysis/index.ts';
import { comparedByDifference } from '../../src/endpoints/index.ts';
import { buildReport } from '../../src/report/index.ts';
import { reportInput } from '../../src/run/report-input.ts';
import { buildStudy, parseDefinition } from '../../src/study/index.ts';

const { definition } = parseDefinition(`
id: T
visits: [V0, V1]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: Week 2, phase: POST, target: 15, lo: 1, hi: 28 }
landmarkDay: 60
`);
/** PD1RO before and after (changes 80, 90, 85, 60, 70, 65), NK before and after, diameters (-60, -70, -65, -10, -20, -15 %). */
const subjects: readonly (readonly [number, number, number, number, number])[] = [
  [0.5, 80.5, 100, 110, 20],
  [0.2, 90.2, 100, 120, 15],
  [0.4, 85.4, 100, 130, 17.5],
  [0.3, 60.3, 100, 140, 45],
  [0.6, 70.6, 100, 150, 40],
  [0.1, 65.1, 100, 160, 42.5],
];

const lines = (of: (id: string, row: (typeof subjects)[number]) => readonly string[]): string =>
  subjects.flatMap((row, i) => of(`P${i + 1}`, row).map((line) => `${line}\n`)).join('');
const { study } = buildStudy(definition!, {
  adsl: `USUBJID,FASFL,TRTSDT,ABLDT,LSTALVDT,DCUTDT\n${lines((id) => [
    `${id},Y,2024-01-09,2024-01-10,2024-06-01,2024-06-01`,
  ])}`,
  tumour: `USUBJID,LESID,LESTYPE,NODE,VISITNUM,VISIT,ADT,DIAM,STATE\n${lines((id, [, , , , diameter]) =>
    ['2024-01-05', '2024-03-20', '2024-05-20'].map(
      (day, v) => `${id},T1,TARGET,N,${v},W${v},${day},${v === 0 ? 50 : diameter},PRESENT`,
    ),
  )}`,
  params: 'PARAMCD,PARAM,dec\nPD1RO,Occupancy (%),2\nNK,NK (cells/uL),1\n',
  immune: `USUBJID,SPECID,VISIT,VISITNUM,ADT,ATPT,PARAMCD,AVALC,LLOQ,ULOQ,QCFL\n${lines(
    (id, [before, after, cellsBefore, cellsAfter]) =>
      [
        ['V0', 0, '2024-01-08', before, cellsBefore] as const,
        ['V1', 1, '2024-01-24', after, cellsAfter] as const,
      ].flatMap(([visit, n, day, occupancy, cells]) => [
        `${id},${id}-${n},${visit},${n},${day},,PD1RO,${occupancy},,,Y`,
        `${id},${id}-${n},${visit},${n},${day},,NK,${cells},,,Y`,
      ]),
  )}`,
});
const results = analyseStudy(study!, []);
const { immune, outcome, tidy } = results;
const rowOf = <Row extends { readonly PARAMCD: string }>(rows: readonly Row[], code: string): Row => {
  const row = rows.find(({ PARAMCD }) => PARAMCD === code);
  if (row === undefined) throw new Error(`no row of ${code}`);
  return row;
};

describe('a parameter whose baseline is about 0', () => {
  it('is drug on its receptor', () => {
    expect([...comparedByDifference].sort()).toEqual(['IG4PCT', 'PD1RO']);
  });

  it('has a difference, and neither ratio nor percent, at every visit', () => {
    const later = immune.adim.filter(({ AVISITN }) => AVISITN === 1);
    const occupancy = later.filter(({ PARAMCD }) => PARAMCD === 'PD1RO');
    expect(occupancy.map(({ CHG }) => Number(CHG?.toFixed(9)))).toEqual([80, 90, 85, 60, 70, 65]);
    expect(occupancy.flatMap(({ PCHG, R2BASE }) => [PCHG, R2BASE])).toEqual(Array(12).fill(null));
    expect(rowOf(immune.changes, 'PD1RO')).toMatchObject({ R2BASE: null, PCHG: null, change: null });
    expect(rowOf(later, 'NK')).toMatchObject({ CHG: 10, PCHG: 10, R2BASE: 1.1 });
  });

  it('is compared with baseline by its shift, and says why there is no ratio', () => {
    const found = rowOf(tidy.comparisons, 'PD1RO');
    expect(found.HL).toBeCloseTo(75, 9);
    expect(found.pWilcoxon).toBeCloseTo(2 / 64, 12);
    expect(found).toMatchObject({ nPairs: 6, GMR: null, gmrLow: null, gmrHigh: null, pLogT: null });
    expect(found.warnings.split(' ')).toContain('DIFFERENCE_ONLY');
    expect(rowOf(tidy.courses, 'PD1RO')).toMatchObject({ GMR: null, warnings: 'DIFFERENCE_ONLY' });
    expect(rowOf(tidy.comparisons, 'NK').GMR).toBeCloseTo((1.1 * 1.2 * 1.3 * 1.4 * 1.5 * 1.6) ** (1 / 6), 12);
    expect(rowOf(tidy.comparisons, 'NK').warnings).not.toContain('DIFFERENCE_ONLY');
  });

  it('is held against outcome by its difference', () => {
    const responders = rowOf(outcome.responders, 'PD1RO');
    expect(responders).toMatchObject({ variable: 'CHG', nResponders: 3, nOthers: 3, auc: 1 });
    expect(responders.medianResponders).toBeCloseTo(85, 9);
    // of the differences 10, 15, 15, 20, 20, 20, 25, 25 and 30; 2 of the 20 ways to choose three of six
    expect(responders.shift).toBeCloseTo(20, 9);
    expect(responders.p).toBeCloseTo(0.1, 12);
    expect(rowOf(outcome.tumour, 'PD1RO')).toMatchObject({ variable: 'CHG', n: 6, rho: -1 });
    expect(rowOf(outcome.landmark, 'PD1RO')).toMatchObject({ variable: 'CHG', n: 6 });
    const cells = rowOf(outcome.responders, 'NK');
    expect(cells).toMatchObject({ variable: 'R2BASE', medianResponders: 1.2, medianOthers: 1.5 });
  });

  it('is correlated with the ratios of others by its difference', () => {
    // ranks of the differences 4, 6, 5, 1, 3, 2 against 1 to 6: squares add up to 58
    expect(immune.correlations).toHaveLength(1);
    expect(immune.correlations[0].rho).toBeCloseTo(1 - (6 * 58) / 210, 12);
  });

  it('says so in the report', () => {
    const { html } = buildReport(reportInput(results, 'test', { gates: [], overviews: [] }));
    expect(html).toContain('Occupancy (difference)');
    expect(html).not.toContain('NK (difference)');
  });
});
