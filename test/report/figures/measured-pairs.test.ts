// Figures of change where limits are numbers of events: they show the pairs of the test, not what stands for values below detection.
// Six subjects that double, two of them below detection afterwards; numbers by hand.
import { describe, expect, it } from 'vitest';
import { deriveImmune, measuredPairs } from '../../../src/endpoints/index.ts';
import { heatMapFigure, immuneView, pairedFigure, parametersWithValues } from '../../../src/report/index.ts';
import { recordsOf, subjects, windows } from '../../endpoints/six-subjects.ts';

const parameters = [{ PARAMCD: 'RARE', PARAM: 'Rare (cells/uL)', dec: 1 }];
const records = recordsOf(
  'RARE',
  [
    ['3', '4', '5', '6', '7', '8'],
    ['6', '8', '<9', '12', '<9', '16'],
  ],
  [1, 1],
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
