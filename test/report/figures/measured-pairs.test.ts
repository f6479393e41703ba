// Figures of change where limits are numbers of events: they show the pairs of the test, not what stands for values below detection.
// Six subjects that double, two of them below detection afterwards; numbers by hand.
import { describe, expect, it } from 'vitest';
import { deriveImmune, measuredPairs, type VisitWindow } from '../../../src/endpoints/index.ts';
import { heatMapFigure, immuneView, pairedFigure, parametersWithValues } from '../../../src/report/index.ts';
import type { ImmuneRecord, SubjectRecord } from '../../../src/study/index.ts';

const windows: readonly VisitWindow[] = [
  { n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null },
  { n: 1, label: 'Week 2', phase: 'POST', target: 15, lo: 1, hi: 28 },
];
const ids = ['1', '2', '3', '4', '5', '6'];
const subjects = ids.map(
  (USUBJID) =>
    ({ STUDYID: 'S', USUBJID, FASFL: 'Y', TRTSDT: '2024-01-10', ABLDT: '2024-01-10' }) as SubjectRecord,
);
const parameters = [{ PARAMCD: 'RARE', PARAM: 'Rare (cells/uL)', dec: 1 }];
const texts = [
  ['3', '4', '5', '6', '7', '8'],
  ['6', '8', '<9', '12', '<9', '16'],
];
const records = texts.flatMap((own, visit) =>
  own.map((AVALC, s): ImmuneRecord => ({
    ...{ STUDYID: 'S', USUBJID: ids[s], SPECID: `${ids[s]}-${visit}`, VISIT: `V${visit}`, VISITNUM: visit },
    ...{ ADT: visit === 0 ? '2024-01-08' : '2024-01-24', ATPT: '', PARAMCD: 'RARE', AVALC },
    ...{ LLOQ: AVALC.startsWith('<') ? null : 1, ULOQ: null, QCFL: 'Y' },
  })),
);

describe('a parameter whose limit is a number of events', () => {
  const { adim, course, measured, descriptions, comparisons, analyses, missingness } = deriveImmune(
    records,
    subjects,
    parameters,
    { windows, limitedByEvents: new Set(['RARE']) },
  );
  const immune = immuneView({
    ...{ conf: 0.95, adim, parameters, key: ['RARE'], subjects: course.subjects, windows, descriptions },
    ...{ comparisons, courses: analyses, missingness, grid: [], changes: [], correlations: [], origins: [] },
    pairs: measuredPairs(measured),
  });
  const [view] = parametersWithValues(immune);

  it('has as many pairs in its figure as in its test', () => {
    expect(comparisons[0].nPairs).toBe(4);
    const { data, n } = pairedFigure(immune, view);
    expect(n).toBe('Week 2 n = 4');
    expect(data.rows).toEqual([
      ['Week 2', '1', 3, 6, 3],
      ['Week 2', '2', 4, 8, 4],
      ['Week 2', '4', 6, 12, 6],
      ['Week 2', '6', 8, 16, 8],
    ]);
  });

  it('has the ratios of those pairs in the map of changes', () => {
    const [[, , n, value]] = heatMapFigure(immune, [view]).data.rows;
    expect(n).toBe(4);
    expect(value).toBeCloseTo(1, 12);
  });
});
