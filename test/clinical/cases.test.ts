import { describe, expect, it } from 'vitest';
import { deriveAdae } from '../../src/clinical/adae.ts';
import { bestResponse, type Assessment } from '../../src/clinical/best-response.ts';
import { recistTimePoints } from '../../src/clinical/recist.ts';
import {
  progressionTime,
  survivalTime,
  type ProgressionInput,
  type SurvivalInput,
} from '../../src/clinical/time-to-event.ts';
import type { AdverseEventRecord, LesionRecord, SubjectRecord } from '../../src/study/index.ts';
import { compareWithTruth, truthCases, truthPresent, type TruthCase } from '../stats/truth.ts';

interface Family {
  readonly name: string;
  readonly floor: number;
  readonly compute: (truth: TruthCase) => unknown;
}

const families: Family[] = [
  {
    name: 'recist-timepoint',
    floor: 494,
    compute: ({ input }) => ({ timepoints: recistTimePoints(input['lesions'] as LesionRecord[]) }),
  },
  {
    name: 'recist-bor',
    floor: 76,
    compute: ({ input, options }) => {
      const { start, lastDate, adt, response } = input as {
        start: string;
        lastDate: string | null;
        adt: string | string[];
        response: string | string[];
      };
      const responses = [response].flat() as Assessment['OVRLRESP'][];
      const assessments = [adt].flat().map((ADT, i): Assessment => ({ ADT, OVRLRESP: responses[i] }));
      const rules = { ...options, lastDate };
      return {
        bor: bestResponse(assessments, start, false, rules),
        confirmedBor: bestResponse(assessments, start, true, rules),
      };
    },
  },
  {
    name: 'tte-pfs',
    floor: 95,
    compute: ({ input, options }) => progressionTime(input as unknown as ProgressionInput, options),
  },
  {
    name: 'tte-os',
    floor: 25,
    compute: ({ input, options }) => survivalTime(input as unknown as SurvivalInput, options),
  },
  {
    name: 'ae-derivation',
    floor: 56,
    compute: ({ input, options }) => {
      const { AESTDTC, AEENDTC, TRTSDT, TRTEDT } = input as Record<string, string>;
      const event = { USUBJID: 'S1', AESEQ: 1, AEBODSYS: 'SOC', AEDECOD: 'PT', AETOXGR: 1, AESTDTC, AEENDTC };
      const subject = { USUBJID: 'S1', TRTSDT, TRTEDT };
      return deriveAdae([event as AdverseEventRecord], [subject as SubjectRecord], options).rows[0];
    },
  },
];

for (const family of families) {
  describe.skipIf(!truthPresent)(`${family.name}, typed by hand (needs ../shared)`, () => {
    let compared = 0;
    for (const truth of truthCases(family.name)) {
      it(truth.id, () => {
        const report = compareWithTruth(truth.expected, family.compute(truth));
        compared += report.compared;
        expect(report.misses).toEqual([]);
      });
    }
    it('ran every comparison', () => {
      if (process.env['SHOW_COUNTS']) console.log(family.name, compared);
      expect(compared).toBeGreaterThanOrEqual(family.floor);
    });
  });
}
