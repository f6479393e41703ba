// Figures of change where the baseline is about 0, as of a drug that is bound before it was given: no part of it can be said, and what
// can be said of other parameters stays legible. Numbers by hand.
import { describe, expect, it } from 'vitest';
import { deriveImmune, measuredPairs } from '../../../src/endpoints/index.ts';
import {
  heatMapFigure,
  immuneView,
  parametersWithValues,
  ratioForest,
  shiftForest,
} from '../../../src/report/index.ts';
import { recordsOf, subjects, windows } from '../../endpoints/six-subjects.ts';
import { elements } from '../drawing.ts';

/** Before and after. Occupancy has a median below 0 before, bound drug one of 0.35, cells one of 100. */
const values: Readonly<Record<string, readonly (readonly number[])[]>> = {
  OCC: [
    [-0.6, -0.2, 0.3, -0.4, 0.1, -0.5],
    [90, 91, 92, 93, 94, 95],
  ],
  BOUND: [
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    [40, 41, 42, 43, 44, 45],
  ],
  CELLS: [
    [95, 97, 99, 101, 103, 105],
    [135, 137, 139, 141, 143, 145],
  ],
};
const parameters = Object.keys(values).map((PARAMCD) => ({ PARAMCD, PARAM: `${PARAMCD} (%)`, dec: 1 }));
const records = Object.entries(values).flatMap(([PARAMCD, visits]) =>
  recordsOf(
    PARAMCD,
    visits.map((own) => own.map(String)),
  ),
);

function viewOf(byDifference: readonly string[]) {
  const { adim, course, measured, descriptions, comparisons, analyses, missingness } = deriveImmune(
    records,
    subjects,
    parameters,
    { windows, byDifference: new Set(byDifference) },
  );
  return immuneView({
    ...{ conf: 0.95, adim, parameters, key: [], subjects: course.subjects, windows, descriptions },
    ...{ comparisons, courses: analyses, missingness, grid: [], changes: [], correlations: [], origins: [] },
    pairs: measuredPairs(measured),
  });
}

describe('a baseline of about 0', () => {
  const immune = viewOf([]);
  const views = parametersWithValues(immune);
  const rows = elements(shiftForest(immune, views, windows[1]).marks).filter(({ tag }) => tag === 'a');
  const drawn = (code: string, tag: string) => {
    const row = rows[views.findIndex(({ PARAMCD }) => PARAMCD === code)];
    return elements(row.children).filter((one) => one.tag === tag);
  };

  it('draws no rise as a fall, and says it in the unit of the parameter', () => {
    const { data } = shiftForest(immune, views, windows[1]);
    const [shift] = data.rows.filter(([code]) => code === 'OCC').map((row) => Number(row[3]));
    expect(shift).toBeGreaterThan(90);
    expect([...drawn('OCC', 'line'), ...drawn('OCC', 'path'), ...drawn('OCC', 'rect')]).toEqual([]);
  });

  it('ends what lies beyond the axis in an arrow, and leaves the axis to the others', () => {
    expect(drawn('BOUND', 'path')).toHaveLength(1);
    // 40 of 100 on an axis to 40 or little more: the mark is far from the middle of 206 to 422
    const [mark] = drawn('CELLS', 'line');
    expect(Number(mark.attributes['x1'])).toBeGreaterThan(360);
  });

  it('marks a shift beyond the axis that has no interval', () => {
    const bare = {
      ...immune,
      comparisons: immune.comparisons.map((cell) => ({
        ...cell,
        hodgesLehmann: { ...cell.hodgesLehmann, ciLow: null, ciHigh: null },
      })),
    };
    const all = elements(shiftForest(bare, views, windows[1]).marks).filter(({ tag }) => tag === 'a');
    const row = all[views.findIndex(({ PARAMCD }) => PARAMCD === 'BOUND')];
    expect(elements(row.children).filter(({ tag }) => tag === 'path')).toHaveLength(1);
  });

  it.each([0.42, 0.43, 0.47, 0.49])('has no arrow at the farthest end of all, a fall to %f', (ciLow) => {
    const fall = {
      ...immune,
      comparisons: immune.comparisons.map((cell) => ({
        ...cell,
        logT: cell.logT === null ? null : { ...cell.logT, gmr: 0.6, ciLow, ciHigh: 0.8 },
      })),
    };
    const marks = elements(ratioForest(fall, views, windows[1]).marks);
    const rows = marks.filter(({ tag }) => tag === 'a');
    expect(rows.flatMap((row) => elements(row.children)).filter(({ tag }) => tag === 'path')).toEqual([]);
  });

  it('has no ratio of those that happen to be above 0', () => {
    const found = heatMapFigure(immune, views).data.rows.map(([code, , n, value]) => [code, n, value]);
    expect(found[0]).toEqual(['OCC', 0, null]);
    expect(found[1].slice(0, 2)).toEqual(['BOUND', 6]);
    expect(found[2].slice(0, 2)).toEqual(['CELLS', 6]);
  });

  it('is no part of anything where the parameter is compared by difference, whatever its values happen to be', () => {
    const plain = viewOf(['BOUND']);
    const at = views.findIndex(({ PARAMCD }) => PARAMCD === 'BOUND');
    expect(heatMapFigure(plain, views).data.rows[at].slice(2, 4)).toEqual([0, null]);
    expect(heatMapFigure(immune, views).data.rows[at][2]).toBe(6);
    const figure = shiftForest(plain, views, windows[1]);
    const row = elements(figure.marks).filter(({ tag }) => tag === 'a')[at];
    expect(elements(row.children).filter(({ tag }) => ['path', 'line', 'rect'].includes(tag))).toEqual([]);
    // 42.15 in points, as before
    expect(Number(figure.data.rows[at][3])).toBeCloseTo(42.15, 9);
    expect(ratioForest(plain, views, windows[1]).data.rows[at].slice(2, 6)).toEqual(Array(4).fill(null));
    expect(ratioForest(immune, views, windows[1]).data.rows[at][2]).toBeGreaterThan(100);
  });
});
