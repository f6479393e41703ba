import { describe, expect, it } from 'vitest';
import { deriveAdim, parseMeasured, type BlqRule } from '../../src/endpoints/index.ts';
import { describe as describeValues, type Maybe } from '../../src/stats/index.ts';
import type { ImmuneRecord, SubjectRecord } from '../../src/study/index.ts';
import { compareWithTruth, truthCases, truthPresent } from '../stats/truth.ts';
import { trialConfig } from '../stats/trials.ts';

describe.skipIf(!truthPresent)('value-parse, typed by hand (needs ../shared)', () => {
  for (const truth of truthCases('value-parse')) {
    it(truth.id, () => {
      const { AVALC, LLOQ, ULOQ } = truth.input as {
        AVALC: string;
        LLOQ: number | null;
        ULOQ: number | null;
      };
      const found = parseMeasured(AVALC, LLOQ, ULOQ, truth.options?.['blqRule'] as BlqRule);
      expect(compareWithTruth(truth.expected, found)).toEqual({ compared: 3, misses: [] });
    });
  }
});

describe('parseMeasured', () => {
  it('says which texts it could not read; a blank is only missing', () => {
    expect(parseMeasured('CLOTTED', null, null).unparsed).toBe(true);
    expect(parseMeasured('<', 0.5, null).unparsed).toBe(true);
    expect(parseMeasured('  ', null, null).unparsed).toBe(false);
  });
});

describe.skipIf(!truthPresent)('visit-window, typed by hand (needs ../shared)', () => {
  let compared = 0;
  for (const truth of truthCases('visit-window')) {
    it(truth.id, () => {
      const { TRTSDT, ABLDT, records } = truth.input as { TRTSDT: string; ABLDT: string; records: object[] };
      const source = records.map((record) => ({
        STUDYID: 'X',
        USUBJID: 'S1',
        VISIT: 'V',
        VISITNUM: 1,
        PARAMCD: 'NK',
        ULOQ: null,
        ...record,
      })) as unknown as ImmuneRecord[];
      const { rows } = deriveAdim(
        source,
        [{ USUBJID: 'S1', TRTSDT, ABLDT } as SubjectRecord],
        [{ PARAMCD: 'NK', PARAM: 'NK', dec: 0 }],
        {
          windows: trialConfig('trial-a').windows,
          anchor: truth.options?.['anchor'] as 'ABLDT',
          windowTie: truth.options?.['windowTie'] as 'later',
          blqRule: truth.options?.['blqRule'] as BlqRule,
        },
      );
      const report = compareWithTruth(truth.expected, { records: rows });
      compared += report.compared;
      expect(report.misses).toEqual([]);
    });
  }
  it('ran every comparison', () => expect(compared).toBeGreaterThanOrEqual(620));
});

describe.skipIf(!truthPresent)('lloq substitution rules (needs ../shared)', () => {
  for (const truth of truthCases('lloq')) {
    for (const rule of ['half', 'sqrt2', 'lloq', 'zero'] as const) {
      it(`${truth.id}, ${rule}`, () => {
        const lloq = truth.input['lloq'] as number[];
        const values = (truth.input['value'] as Maybe[]).map((value, i) =>
          parseMeasured(value === null ? `<${lloq[i]}` : String(value), lloq[i], null, rule),
        );
        const found = describeValues(values.map((value) => value.AVAL));
        expect(compareWithTruth(truth.expected[rule], found)).toEqual({ compared: 3, misses: [] });
      });
    }
  }
});
