// Immune tables at their edges: values below quantification, comparisons of one pair, averages of duplicates. By hand and by the specification.
import { describe, expect, it } from 'vitest';
import { comparisonRows, courseRows, deriveImmune, type VisitWindow } from '../../src/endpoints/index.ts';
import type { ImmuneRecord, SubjectRecord } from '../../src/study/index.ts';

const windows = [
  { n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null },
  { n: 1, label: 'Month 1', phase: 'POST', target: 30, lo: 22, hi: 60 },
] as const;
const parameters = ['A', 'B'].map((PARAMCD) => ({ PARAMCD, PARAM: PARAMCD, dec: 1 }));
const names = ['S1', 'S2', 'S3', 'S4'];
const subjects = names.map(
  (USUBJID) => ({ USUBJID, FASFL: 'Y', TRTSDT: '2024-01-10', ABLDT: '2024-01-10' }) as SubjectRecord,
);

function record(subject: string, PARAMCD: string, visit: 0 | 1, AVALC: string, more = {}): ImmuneRecord {
  return {
    ...{ STUDYID: 'T', USUBJID: subject, SPECID: `${subject}_${visit}`, VISIT: `V${visit}`, VISITNUM: visit },
    ...{ ADT: visit === 0 ? '2024-01-08' : '2024-02-08', ATPT: '', PARAMCD, AVALC },
    ...{ LLOQ: null, ULOQ: null, QCFL: 'Y' },
    ...more,
  };
}

describe('a visit of which more than half is below quantification', () => {
  const values = ['<2', '<2', '<2', '10'];
  const { descriptions } = deriveImmune(
    names.flatMap((name, i) => [record(name, 'A', 0, String(5 + i)), record(name, 'A', 1, values[i])]),
    subjects,
    parameters,
    { windows },
  );
  const of = (visit: number, variable: string) =>
    descriptions.find(
      ({ PARAMCD, AVISITN, VARIABLE }) => PARAMCD === 'A' && AVISITN === visit && VARIABLE === variable,
    );

  it('has median and range only, and says so', () => {
    const gone = {
      mean: null,
      sd: null,
      se: null,
      meanCiLow: null,
      cvPct: null,
      q1: null,
      q3: null,
      iqr: null,
    };
    expect(of(1, 'AVAL')).toMatchObject({
      n: 4,
      nBlq: 3,
      median: 1,
      min: 1,
      max: 10,
      geoMean: null,
      ...gone,
    });
    expect(of(1, 'CHG')).toMatchObject({ median: -4.5, min: -6, max: 2, nBlq: null, ...gone });
    expect(of(1, 'PCHG')?.warnings).toContain('MANY_BLQ');
    expect(of(0, 'AVAL')).toMatchObject({ mean: 6.5, nBlq: 0 });
    expect(of(0, 'AVAL')?.warnings).not.toContain('MANY_BLQ');
  });
});

describe('a comparison of a single pair', () => {
  const { comparisons } = deriveImmune(
    names.flatMap((name, i) => [
      record(name, 'A', 0, String(5 + i)),
      record(name, 'A', 1, String(9 + 2 * i)),
      ...(i === 0 ? [record(name, 'B', 0, '5'), record(name, 'B', 1, '6')] : []),
    ]),
    subjects,
    parameters,
    { windows },
  );

  it('has no p and does not count among the tests that p is adjusted for', () => {
    const [a, b] = comparisonRows(comparisons);
    // four rises of four: 2 / 2^4, the only test of the visit
    expect(a).toMatchObject({ nPairs: 4, pWilcoxon: 0.125, pHolm: 0.125, pBH: 0.125 });
    expect(b).toMatchObject({ nPairs: 1, pWilcoxon: null, pHolm: null, pBH: null });
  });
});

describe('an average of duplicates', () => {
  it('is above the limit where one of them was', () => {
    const twice = (SPECID: string, AVALC: string) => record('S1', 'A', 1, AVALC, { SPECID });
    const { adim } = deriveImmune(
      [record('S1', 'A', 0, '5'), twice('a', '90'), twice('b', '>100')],
      subjects,
      parameters,
      { windows },
    );
    expect(adim.find(({ DTYPE }) => DTYPE === 'AVERAGE')).toMatchObject({ AVAL: 95, ALQFL: 'Y', BLQFL: '' });
  });
});

describe('the supportive tests of complete pairs', () => {
  const [before, after] = [
    [5, 6, 7, 8, 5.5, 6.5, 7.5, 8.5, 9, 10],
    [10, 9, 7.5, 20, 6, 12, 9, 11, 10, 19],
  ];
  const ten = before.map(
    (_, i) => ({ USUBJID: `S${i}`, FASFL: 'Y', TRTSDT: '2024-01-10', ABLDT: '2024-01-10' }) as SubjectRecord,
  );
  const ofFirst = (n: number) => {
    const records = ten
      .slice(0, n)
      .flatMap(({ USUBJID }, i) => [
        record(USUBJID, 'A', 0, String(before[i])),
        record(USUBJID, 'A', 1, String(after[i])),
      ]);
    const { comparisons, analyses } = deriveImmune(records, ten, parameters, { windows });
    return { compared: comparisonRows(comparisons), course: courseRows(analyses) };
  };

  it('have the p of four rises of four, and none without pairs', () => {
    const { compared } = ofFirst(4);
    expect(compared[0]).toMatchObject({ pSign: 0.125, pSignFlip: 0.125 });
    expect(compared[1]).toMatchObject({ nPairs: 0, pSign: null, pSignFlip: null });
  });

  it('have the ratio and the sandwich of estimating equations, which for pairs is root of sum (d - mean d)^2, over n', () => {
    const d = before.map((value, i) => Math.log(after[i] / value));
    const mean = d.reduce((sum, x) => sum + x, 0) / 10;
    const se = Math.sqrt(d.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / 10;
    const [row, none] = ofFirst(10).course;
    expect(row).toMatchObject({ PARAMCD: 'A', contrast: 'Month 1 - Baseline' });
    expect(row.geeGMR).toBeCloseTo(Math.exp(mean), 10);
    expect(row.geeLow).toBeCloseTo(Math.exp(mean - 1.959963984540054 * se), 10);
    // R: pchisq((mean / se)^2, 1, lower.tail = FALSE)
    expect(row.geeP).toBeCloseTo(1.13219489956126e-5, 12);
    expect(none).toMatchObject({ PARAMCD: 'B', geeGMR: null, geeP: null });
  });

  it('have no sandwich of nine subjects', () => {
    expect(ofFirst(9).course[0]).toMatchObject({ geeLow: null, geeHigh: null, geeP: null });
    expect(ofFirst(9).course[0].geeGMR).toBeGreaterThan(1);
  });
});

describe('a visit that nobody has come to yet', () => {
  it('leaves the Friedman test to the visits that are there', () => {
    const later = { n: 2, label: 'Month 3', phase: 'POST', target: 90, lo: 61, hi: 180 } as const;
    const records = names.flatMap((name, i) => [
      record(name, 'A', 0, String(5 + i)),
      record(name, 'A', 1, String(9 + 2 * i)),
    ]);
    const of = (visits: readonly VisitWindow[]) =>
      courseRows(deriveImmune(records, subjects, parameters, { windows: visits }).analyses)[0].friedmanP;
    // R: friedman.test(cbind(c(5, 6, 7, 8), c(9, 11, 13, 15)))
    expect(of(windows)).toBeCloseTo(0.0455002638963585, 12);
    expect(of([...windows, later])).toBeCloseTo(0.0455002638963585, 12);
  });
});
