import { describe, expect, it } from 'vitest';
import {
  correlationMatrix,
  deriveAdim,
  immuneCourse,
  visitGrid,
  type AdimRow,
  type VisitWindow,
} from '../../src/endpoints/index.ts';
import { readTable } from '../../src/study/index.ts';

const windows: VisitWindow[] = [
  { n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null },
  { n: 1, label: 'Week 1', phase: 'POST', target: 7, lo: 3, hi: 14 },
  { n: 2, label: 'Month 1', phase: 'POST', target: 30, lo: 21, hi: 60 },
  { n: 3, label: 'Month 3', phase: 'POST', target: 90, lo: 61, hi: 135 },
];
const subjects = readTable('adsl', 'USUBJID,TRTSDT,ABLDT,DTHDT\nS1,2024-01-01,2024-01-01,2024-02-15\n').rows;
const params = readTable('params', 'PARAMCD,PARAM\nNK,NK cells\n').rows;
const immune = readTable(
  'immune',
  'USUBJID,SPECID,ADT,ATPT,PARAMCD,AVALC,QCFL\n' +
    'S1,P1,2023-12-30,PRE,NK,100,Y\nS1,P2,2024-01-07,,NK,50,N\nS1,P3,2024-01-19,,NK,60,Y\n',
).rows;

describe('visitGrid', () => {
  it('tells received, QC failed, out of window and after death apart', () => {
    const { rows, issues } = deriveAdim(immune, subjects, params, { windows });
    // Day 19 lies between Week 1 (to day 14) and Month 1 (from day 21); it is 12 days off the target of Week 1, 11 off that of Month 1.
    expect(visitGrid(rows, subjects, windows, 'NK').map((cell) => cell.status)).toEqual([
      'received',
      'QC failed',
      'out of window',
      'after death',
    ]);
    expect(issues.map((entry) => [entry.code, entry.level])).toEqual([['OUT_OF_WINDOW', 'warning']]);
  });
});

describe('deriveAdim', () => {
  it('refuses unknown subjects and parameters, and says who has no baseline', () => {
    const stray = immune.map((row, i) =>
      i === 0 ? { ...row, USUBJID: 'S9' } : i === 1 ? { ...row, PARAMCD: 'XX' } : row,
    );
    const codes = deriveAdim(stray, subjects, params, { windows }).issues.map((entry) => entry.code);
    expect(codes).toEqual(['BAD_INPUT', 'UNKNOWN_PARAM', 'OUT_OF_WINDOW', 'NO_BASELINE']);
  });
});

describe('correlationMatrix', () => {
  it('has every pair once with its n', () => {
    const { rows } = deriveAdim(immune, subjects, params, { windows });
    const course = immuneCourse(rows, ['S1'], ['NK', 'CD8', 'CD4'], windows);
    expect(correlationMatrix(course, 0, 'AVAL').map(({ x, y, n, pBH }) => [x, y, n, pBH])).toEqual([
      ['NK', 'CD8', 0, null],
      ['NK', 'CD4', 0, null],
      ['CD8', 'CD4', 0, null],
    ]);
  });

  it("has intervals of the study's level", () => {
    const values = { A: [1, 2, 3, 4, 5, 6], B: [2, 1, 4, 3, 6, 5] };
    const course = {
      ...immuneCourse([], ['1', '2', '3', '4', '5', '6'], ['A', 'B'], windows),
      rowOf: (parameter: string, _: number, subject: string) =>
        ({ AVAL: values[parameter as 'A' | 'B'][Number(subject) - 1] }) as AdimRow,
    };
    // rho = 1 - 6 * 6 / (6 * 35); tanh(atanh(rho) -+ z sqrt((1 + rho^2 / 2) / 3)) with z of 0.95 and 0.975
    const rho = 1 - 36 / 210;
    const limits = (z: number) =>
      [-1, 1].map((sign) => Math.tanh(Math.atanh(rho) + sign * z * Math.sqrt((1 + (rho * rho) / 2) / 3)));
    for (const [options, z] of [
      [{ conf: 0.9 }, 1.6448536269514722],
      [{}, 1.959963984540054],
    ] as const) {
      const [cell] = correlationMatrix(course, 0, 'AVAL', options);
      expect(cell.rho).toBeCloseTo(rho, 12);
      expect(cell.low).toBeCloseTo(limits(z)[0], 12);
      expect(cell.high).toBeCloseTo(limits(z)[1], 12);
    }
  });
});
