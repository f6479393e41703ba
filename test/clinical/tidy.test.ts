import { describe, expect, it } from 'vitest';
import {
  aeOverview,
  aeOverviewRows,
  deriveAdae,
  deriveAdsl,
  deriveAdtte,
  deriveResponses,
  landmarkCox,
  landmarkRow,
  populationRows,
  populationTable,
  responseRows,
  responseTable,
  tteRows,
  tteTable,
} from '../../src/clinical/index.ts';
import {
  analyseCourse,
  comparisonRows,
  compareWithBaseline,
  courseRows,
  deriveAdim,
  describeByVisit,
  descriptionRows,
  immuneCourse,
  wideListing,
} from '../../src/endpoints/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { expectedJson, trialConfig, trialTable, trials } from '../stats/trials.ts';

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial}, flat tables carry the truth's numbers (needs ../shared)`, () => {
    const subjects = () => trialTable(trial, 'adsl');
    const clinical = () => {
      const responses = deriveResponses(subjects(), trialTable(trial, 'tumour'));
      return {
        responses,
        adtte: deriveAdtte(subjects(), responses.assessments, trialTable(trial, 'local')).rows,
      };
    };

    it('T-EFF-1', () => {
      type Km = Record<'medianMonths' | 'events', number[]> & { rmst: { rmst: number } };
      const { params } = expectedJson<{ params: Record<string, Km> }>(trial, 'km.json');
      const rows = tteRows((['PFS', 'OS'] as const).map((code) => tteTable(clinical().adtte, code)));
      for (const row of rows) {
        const want = params[row.PARAMCD];
        expect([row.median, row.medianLow, row.medianHigh]).toEqual(want.medianMonths);
        expect(row.events).toBe(want.events);
        expect((row.rmst24 ?? NaN) * 30.4375).toBeCloseTo(want.rmst.rmst, 9);
        const reasons = [...row.censored.matchAll(/: (\d+)/g)].reduce(
          (sum, match) => sum + Number(match[1]),
          0,
        );
        expect(reasons + row.events).toBe(20);
      }
    });

    it('T-EFF-2 and T-AE-1', () => {
      const want = expectedJson<{ dcr: { n: number; ciLow: number } }>(trial, 'response_table.json');
      const rows = responseRows(responseTable(clinical().responses.subjects));
      expect(rows.filter((row) => row.measure.startsWith('BOR ')).reduce((sum, row) => sum + row.n, 0)).toBe(
        20,
      );
      const dcr = rows.find((row) => row.measure === 'DCR');
      expect(dcr?.n).toBe(want.dcr.n);
      expect(dcr?.low).toBeCloseTo(want.dcr.ciLow, 9);
      const overview = expectedJson<Record<string, { n: number; events: number }>>(trial, 'ae_overview.json');
      const ae = aeOverviewRows(aeOverview(deriveAdae(trialTable(trial, 'ae'), subjects()).rows, 20));
      expect(ae.map(({ n, events }) => [n, events])).toEqual(
        Object.values(overview).map(({ n, events }) => [n, events]),
      );
    });

    it('T-EFF-3, T-IMM-1 to 4 and T-POP', () => {
      const config = trialConfig(trial);
      const { rows } = deriveAdim(
        trialTable(trial, 'immune'),
        subjects(),
        trialTable(trial, 'params'),
        config,
      );
      const parameters = trialTable(trial, 'params').map((row) => row.PARAMCD);
      const course = immuneCourse(
        rows,
        subjects().map((row) => row.USUBJID),
        parameters,
        config.windows,
      );
      const paired = expectedJson<{ rows: { wilcoxon: { pExact: number }; pHolm: number }[] }>(
        trial,
        'immune_paired.json',
      );
      const compared = comparisonRows(compareWithBaseline(course));
      expect(compared.map((row) => row.pWilcoxon)).toEqual(paired.rows.map((row) => row.wilcoxon.pExact));
      expect(descriptionRows(describeByVisit(course))).toHaveLength(
        parameters.length * (3 * config.windows.length - 2),
      );
      const flat = courseRows(analyseCourse(course));
      expect(new Set(flat.map((row) => row.PARAMCD)).size).toBe(parameters.length);
      expect(flat.every((row) => row.GMR !== null || row.warnings.includes('NONPOSITIVE'))).toBe(true);
      expect(wideListing(course).rows[0].cells).toHaveLength(parameters.length * config.windows.length);

      type Landmark = { AVISITN: number; firth: { pProfile: number[] | number } };
      const { params } = expectedJson<{ params: Record<string, Landmark> }>(trial, 'landmark_cox.json');
      const changes = rows.filter(
        (row) => row.PARAMCD === 'NK' && row.AVISITN === params['NK'].AVISITN && row.ANL01FL === 'Y',
      );
      const pfs = clinical().adtte.filter((row) => row.PARAMCD === 'PFS');
      const line = landmarkRow('NK', landmarkCox(subjects(), pfs, changes, config.landmarkDay));
      expect(line.firthP).toBeCloseTo([params['NK'].firth.pProfile].flat()[0], 5);

      const adsl = deriveAdsl(
        subjects(),
        clinical().responses.subjects,
        trialTable(trial, 'tumour'),
        trialTable(trial, 'local'),
      );
      const sexes = populationRows(populationTable(adsl)).filter((row) => row.characteristic === 'Sex');
      expect(sexes.reduce((sum, row) => sum + row.n, 0)).toBe(20);
    });
  });
}
