// Visits against each other where limits are numbers of events: what was measured enters, nothing is put in its place. Six subjects
// without any change, whose limit moves with the acquisition alone; expected values by hand.
import { describe, expect, it } from 'vitest';
import { deriveImmune } from '../../src/endpoints/index.ts';
import { recordsOf, subjects, windows } from './six-subjects.ts';

const parameters = [{ PARAMCD: 'RARE', PARAM: 'Rare', dec: 1 }];

/** Texts and limits of the six subjects at both visits. */
function derive(
  before: readonly string[],
  after: readonly string[],
  limits: readonly [number, number],
  limitedByEvents: readonly string[],
) {
  const records = recordsOf('RARE', [before, after], limits);
  const result = deriveImmune(records, subjects, parameters, {
    windows,
    limitedByEvents: new Set(limitedByEvents),
  });
  const [comparison] = result.comparisons;
  return { ...result, comparison };
}

const same = ['3', '4', '5', '6', '7', '8'];

describe('a limit that doubles while nothing else changes', () => {
  it('is no change where the limit is a number of events', () => {
    const { comparison, adim } = derive(same, same, [10, 20], ['RARE']);
    expect(comparison).toMatchObject({ nPairs: 6, medianBase: 5.5, medianPost: 5.5 });
    expect(comparison.logT?.gmr).toBeCloseTo(1, 12);
    expect(comparison.wilcoxon.pExact).toBe(1);
    // ADIM itself keeps the rule of the study: half the limit, and the measured text
    expect(adim.map(({ AVAL, AVALC, BLQFL }) => [AVAL, AVALC, BLQFL]).slice(0, 2)).toEqual([
      [5, '3', 'Y'],
      [10, '3', 'Y'],
    ]);
  });
  it('is none in ratios to baseline, which outcome and correlations take', () => {
    const { measured, course } = derive(same, same, [10, 20], ['RARE']);
    expect(subjects.map(({ USUBJID }) => measured.rowOf('RARE', 1, USUBJID)?.R2BASE)).toEqual([
      1, 1, 1, 1, 1, 1,
    ]);
    expect(measured.rowOf('RARE', 1, '1')).toMatchObject({ BASE: 3, CHG: 0, PCHG: 0 });
    expect(measured.rowOf('RARE', 0, '1')).toMatchObject({ AVAL: 3, CHG: null, R2BASE: null });
    // by the rule of the study half the limits are held against each other
    expect(course.rowOf('RARE', 1, '1')?.R2BASE).toBe(2);
  });
  it('is one where it is the limit of an assay, as the study says', () => {
    expect(derive(same, same, [10, 20], []).comparison.logT?.gmr).toBeCloseTo(2, 12);
  });
});

describe('values below detection', () => {
  it('make no pair', () => {
    const { comparison, course, measured } = derive(
      same,
      ['6', '8', '<9', '12', '<9', '16'],
      [1, 1],
      ['RARE'],
    );
    expect(comparison.nPairs).toBe(4);
    expect(comparison.logT?.gmr).toBeCloseTo(2, 12);
    expect(comparison.warnings).not.toContain('MANY_BLQ');
    // the tables by visit show what stands for them
    expect(course.rowOf('RARE', 1, '3')?.AVAL).toBe(4.5);
    expect(measured.rowOf('RARE', 1, '3')).toMatchObject({ AVAL: null, CHG: null, R2BASE: null });
  });
  it.each([
    ['half of a visit still compares the others', 3, 3, false],
    ['more than half of a visit leaves it out, and says so', 4, 0, true],
  ])('of %s', (_, below, nPairs, said) => {
    const after = same.map((text, s) => (s < below ? '<9' : text));
    const { comparison, descriptions } = derive(same, after, [1, 1], ['RARE']);
    expect(comparison.nPairs).toBe(nPairs);
    expect(comparison.warnings.includes('MANY_BLQ')).toBe(said);
    if (said) expect([comparison.pBH, comparison.medianPost]).toEqual([null, null]);
    expect(descriptions.find(({ AVISITN, VARIABLE }) => AVISITN === 1 && VARIABLE === 'AVAL')?.n).toBe(6);
  });
});
