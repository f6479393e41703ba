// Immune figures against the expected tables of the trials: pairs and shifts, medians, courses, missing values.
import { describe, expect, it } from 'vitest';
import {
  heatMapFigure,
  missingnessFigure,
  pairedFigure,
  parametersWithValues,
  ratioForest,
  shiftForest,
  trajectoriesFigure,
} from '../../../src/report/index.ts';
import { truthPresent } from '../../stats/truth.ts';
import { expectedRows, trials } from '../../stats/trials.ts';
import { elements } from '../drawing.ts';
import { immuneOf, trialReport } from '../trial-report.ts';

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} (needs ../shared)`, () => {
    const immune = truthPresent ? immuneOf(trialReport(trial)) : null!;
    const parameters = truthPresent ? parametersWithValues(immune) : [];
    const adim = truthPresent
      ? expectedRows(trial, 'adim.csv').filter((row) => row['ANL01FL'] === 'Y' && row['AVAL'] !== '')
      : [];
    const at = (parameter: string, visit: number) =>
      adim.filter((row) => row['PARAMCD'] === parameter && row['AVISITN'] === String(visit));

    it('draws every analysed value of the reference, and no other', () => {
      for (const parameter of parameters) {
        const wanted = adim.filter((row) => row['PARAMCD'] === parameter.PARAMCD && row['AVISITN'] !== '');
        const { data, marks } = trajectoriesFigure(immune, parameter);
        const keys = data.rows.map(
          ([subject, visit, , , value]) => `${subject} ${visit} ${Number(value).toPrecision(9)}`,
        );
        expect(keys.sort()).toEqual(
          wanted
            .map((row) => `${row['USUBJID']} ${row['AVISIT']} ${Number(row['AVAL']).toPrecision(9)}`)
            .sort(),
        );
        // one link a value, hollow where below quantification
        const links = elements(marks).filter(({ tag }) => tag === 'a');
        expect(links).toHaveLength(wanted.length);
        const hollow = links.filter((link) =>
          elements(link.children).some(({ attributes }) => attributes['fill'] === 'var(--page)'),
        );
        expect(hollow).toHaveLength(wanted.filter((row) => row['BLQFL'] === 'Y').length);
      }
    });

    it('pairs baseline with each visit as the reference does', () => {
      const [, ...posts] = immune.windows;
      for (const parameter of parameters) {
        const { data } = pairedFigure(immune, parameter);
        for (const visit of posts) {
          const wanted = at(parameter.PARAMCD, visit.n).filter((row) => row['CHG'] !== '');
          const drawn = data.rows.filter(([label]) => label === visit.label);
          expect(drawn.map(([, subject]) => subject).sort()).toEqual(
            wanted.map((row) => row['USUBJID']).sort(),
          );
          for (const [, subject, , , change] of drawn) {
            const row = wanted.find((one) => one['USUBJID'] === subject)!;
            expect(Number(change)).toBeCloseTo(Number(row['CHG']), 9);
          }
        }
      }
    });

    it('colours the median log2 ratio of the reference', () => {
      const { data } = heatMapFigure(immune, parameters);
      for (const [parameter, label, n, value] of data.rows) {
        const visit = immune.windows.find((window) => window.label === label)!;
        const ratios = at(String(parameter), visit.n)
          .map((row) => Number(row['R2BASE'] === '' ? Number.NaN : row['R2BASE']))
          .filter((ratio) => ratio > 0)
          .sort((a, b) => a - b);
        const middle = ratios.length >> 1;
        const log2 = ratios.map(Math.log2);
        const median = ratios.length % 2 === 1 ? log2[middle] : (log2[middle - 1] + log2[middle]) / 2;
        expect(n).toBe(ratios.length);
        if (ratios.length > 0) expect(value).toBeCloseTo(median, 9);
      }
    });

    it('draws whiskers of the forests from limit to limit of the table', () => {
      const [, visit] = immune.windows;
      for (const figure of [shiftForest(immune, parameters, visit), ratioForest(immune, parameters, visit)]) {
        const rows = elements(figure.marks).filter(({ tag }) => tag === 'a');
        expect(rows).toHaveLength(parameters.length);
        const scale = figure.id.startsWith('ratio') ? Math.log : (value: number) => value;
        const column = (name: string) => figure.data.columns.indexOf(name);
        const known = figure.data.rows.flatMap((row, i) => {
          const base = figure.id.startsWith('ratio') ? 1 : Number(row[column('median at baseline')]);
          const ends = [row[column('lower 95 %')], row[column('upper 95 %')]];
          const stroke = elements(rows[i].children).find(({ tag }) => tag === 'line');
          if (stroke === undefined || ends.includes(null) || base === 0) return [];
          return [0, 1].map((end) => ({
            value: scale(
              figure.id.startsWith('ratio') ? Number(ends[end]) : (100 * Number(ends[end])) / base,
            ),
            x: Number(stroke.attributes[end === 0 ? 'x1' : 'x2']),
          }));
        });
        // inside the axis pixels are a straight line of the value: take it from the two ends furthest apart and hold all others to it
        const inside = known.filter(
          ({ x }) => x > 206.01 && x < Math.max(...known.map((one) => one.x)) - 0.01,
        );
        inside.sort((a, b) => a.value - b.value);
        const [first, last] = [inside[0], inside[inside.length - 1]];
        const slope = (last.x - first.x) / (last.value - first.value);
        expect(slope).toBeGreaterThan(0);
        inside.forEach(({ value, x }) => expect(x).toBeCloseTo(first.x + slope * (value - first.value), 4));
        expect(inside.length).toBeGreaterThan(8);
      }
    });

    it('counts received values as the missingness of the reference does', () => {
      const wanted = expectedRows(trial, 'immune_missingness.csv');
      const { data } = missingnessFigure(immune, parameters);
      for (const visit of immune.windows) {
        const drawn = data.rows
          .filter(([, label]) => label === visit.label)
          .reduce((sum, row) => sum + Number(row[2]), 0);
        const values = wanted
          .filter((row) => row['AVISITN'] === String(visit.n))
          .reduce((sum, row) => sum + Number(row['nValue']), 0);
        expect(drawn).toBe(values);
      }
    });
  });
}
