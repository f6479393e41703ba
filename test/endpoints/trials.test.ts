import { beforeAll, describe, expect, it } from 'vitest';
import {
  analyseCourse,
  compareWithBaseline,
  deriveAdim,
  describeByVisit,
  immuneCourse,
  missingness,
  type AdimRow,
  type ImmuneCourse,
} from '../../src/endpoints/index.ts';
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
  describe.skipIf(!truthPresent)(`${trial}, immune (needs ../shared)`, () => {
    let adim: AdimRow[] = [];
    let course: ImmuneCourse;
    beforeAll(() => {
      const config = trialConfig(trial);
      const subjects = trialTable(trial, 'adsl');
      const parameters = trialTable(trial, 'params');
      const derived = deriveAdim(trialTable(trial, 'immune'), subjects, parameters, config);
      expect(derived.issues.filter((issue) => issue.level === 'error')).toEqual([]);
      adim = derived.rows;
      course = immuneCourse(
        adim,
        subjects.map((subject) => subject.USUBJID),
        parameters.map((parameter) => parameter.PARAMCD),
        config.windows,
      );
    });

    it('adim.csv, every cell', () => {
      const report = compareTable(expectedRows(trial, 'adim.csv'), adim);
      expect(report.misses.slice(0, 10)).toEqual([]);
      expect(report.compared).toBeGreaterThan(36_000);
    });

    it('immune_descriptive.csv, every cell', () => {
      const two = describeByVisit(course);
      const others = {
        Type6: describeByVisit(course, { quantileType: 6 }),
        Type7: describeByVisit(course, { quantileType: 7 }),
      };
      const report = compareTable(expectedRows(trial, 'immune_descriptive.csv'), two, (row, column, i) => {
        const typed = /^(q[13])(Type[67])$/.exec(column);
        return typed === null
          ? (row[column] ?? '')
          : (others[typed[2] as 'Type6'][i][typed[1] as 'q1'] ?? '');
      });
      expect(report.misses.slice(0, 10)).toEqual([]);
      expect(report.compared).toBeGreaterThan(3_500);
    });

    it('immune_missingness.csv, every cell', () => {
      const report = compareTable(expectedRows(trial, 'immune_missingness.csv'), missingness(course));
      expect(report.misses).toEqual([]);
      expect(report.compared).toBeGreaterThan(450);
    });

    it('immune_paired.json', () => {
      const { rows } = expectedJson<{ rows: { sign: Record<string, unknown> }[] }>(
        trial,
        'immune_paired.json',
      );
      // The limits of the sign test are one-entry objects in the truth; the value is meant.
      const plain = rows.map((row) => ({
        ...row,
        sign: Object.fromEntries(
          Object.entries(row.sign).map(([name, value]) => [
            name,
            name.startsWith('ci') && value !== null && typeof value === 'object'
              ? Object.values(value)[0]
              : value,
          ]),
        ),
      }));
      const report = compareWithTruth(plain, compareWithBaseline(course), {
        at: (path) => (path.includes('dzCi') ? 1e-7 : undefined),
      });
      expect(report.misses.slice(0, 20)).toEqual([]);
      expect(report.compared).toBeGreaterThan(3_500);
    });

    it('immune_friedman.json', () => {
      const { params } = expectedJson<{ params: Record<string, unknown> }>(trial, 'immune_friedman.json');
      // The truth ranks raw binary differences in its pairwise tests (see test/stats/friedman.test.ts).
      const found = analyseCourse(course, { snapDifferences: false });
      const report = compareWithTruth(
        params,
        Object.fromEntries(found.map((entry) => [entry.PARAMCD, entry.friedman])),
        {
          at: (path) => (path.includes('nemenyi.p') ? 1e-7 : undefined),
        },
      );
      expect(report.misses.slice(0, 20)).toEqual([]);
      expect(report.compared).toBeGreaterThan(1_000);
    });

    it('immune_lmm.json', () => {
      const { params } = expectedJson<{ params: Record<string, { error?: string }> }>(
        trial,
        'immune_lmm.json',
      );
      let compared = 0;
      for (const entry of analyseCourse(course)) {
        const want = params[entry.PARAMCD];
        if (want.error !== undefined) {
          expect(entry.modelWarning).toBe(want.error);
          continue;
        }
        const report = compareWithTruth(want, entry.model, {
          relative: 1e-5,
          absolute: 1e-9,
          at: (path) => (/(^|\.)(df2|df(Satterthwaite|Kr))$/.test(path) ? 1e-3 : undefined),
        });
        expect(report.misses.map((miss) => `${entry.PARAMCD} ${miss}`)).toEqual([]);
        compared += report.compared;
      }
      expect(compared).toBeGreaterThan(900);
    });
  });
}
