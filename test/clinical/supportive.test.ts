// Supportive efficacy tables: each rule of progression-free survival on subjects whose times are counted by hand.
import { describe, expect, it } from 'vitest';
import { deriveClinical } from '../../src/clinical/index.ts';
import { readTable } from '../../src/study/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { trialConfig, trialTable, trials } from '../stats/trials.ts';

const subjects = readTable(
  'adsl',
  `USUBJID,TRTSDT,FASFL,SAFFL,NACTDT,DCUTDT,DTHDT
GAP,2024-01-01,Y,Y,,2026-01-01,2024-08-01
NEW,2024-01-01,Y,Y,2024-03-01,2026-01-01,2024-05-01
OUT,2024-01-01,N,Y,,2026-01-01,2024-02-01
`,
).rows;
// a stable assessment of each on 10 February (day 41), so that death in August comes after a gap, and that in May does not
const lesions = readTable(
  'tumour',
  `USUBJID,LESID,LESTYPE,NODE,VISITNUM,VISIT,ADT,DIAM,STATE
${['GAP', 'NEW']
  .flatMap((name) => [
    `${name},T1,TARGET,N,0,Base,2023-12-20,40,PRESENT`,
    `${name},T1,TARGET,N,1,W6,2024-02-10,40,PRESENT`,
  ])
  .join('\n')}
`,
).rows;

describe('the sensitivity of progression-free survival', () => {
  const { sensitivity, localProgression } = deriveClinical({
    subjects,
    lesions,
    local: [],
    adverseEvents: [],
  });
  const of = (analysis: string) => sensitivity.find((row) => row.analysis === analysis);

  it('counts the events that each rule lets count, of the full analysis set', () => {
    // main: one after a gap of 173 days, one after new therapy: both censored on day 41
    expect(of('main')).toMatchObject({ PARAMCD: 'PFS', N: 2, events: 0, median: null });
    // death on 1 May is 81 days after the last assessment
    expect(of('new therapy ignored')).toMatchObject({ N: 2, events: 1 });
    expect(of('missed assessments ignored')).toMatchObject({ N: 2, events: 1 });
    expect(of('both ignored')).toMatchObject({ N: 2, events: 2 });
    expect(of('new therapy as event')).toMatchObject({ N: 2, events: 1 });
    // 31 + 29 + 31 + 30 + 1 = day 122 and day 214 of 2024; the first step falls to 1/2, a flat stretch to the second
    expect(of('both ignored')?.median).toBeCloseTo((122 + 214) / 2 / 30.4375, 12);
    expect(of('both ignored')?.s6).toBe(0.5);
  });

  it('counts no new therapy that is not after the start', () => {
    const { rows } = readTable(
      'adsl',
      'USUBJID,TRTSDT,FASFL,SAFFL,NACTDT,DCUTDT,DTHDT\nA,2024-01-10,Y,Y,2024-01-02,2026-01-01,2024-03-10\n',
    );
    const found = deriveClinical({ subjects: rows, lesions: [], local: [], adverseEvents: [] });
    expect(found.sensitivity.slice(0, 5).map(({ events }) => events)).toEqual([1, 1, 1, 1, 1]);
    expect(found.issues.map(({ place }) => place)).toEqual(['A NACTDT']);
  });

  it('has a row for the duration of response where nobody responded, and none for lesions that nobody followed', () => {
    expect(sensitivity.at(-1)).toMatchObject({ PARAMCD: 'DOR', N: 0, events: 0, median: null, s6: null });
    expect(localProgression).toEqual([]);
  });
});

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} (needs ../shared)`, () => {
    const result = truthPresent
      ? deriveClinical(
          {
            subjects: trialTable(trial, 'adsl'),
            lesions: trialTable(trial, 'tumour'),
            local: trialTable(trial, 'local'),
            adverseEvents: [],
          },
          trialConfig(trial),
        )
      : null;
    it('has the main analysis in its first row, and durations of the confirmed responders', () => {
      const pfs = result?.timeToEvent.find(({ PARAMCD }) => PARAMCD === 'PFS');
      const [main] = result?.sensitivity ?? [];
      expect([main.median, main.medianLow, main.medianHigh]).toEqual(pfs?.medianMonths);
      const responders = result?.responses.subjects.filter(({ COBJRESP }) => COBJRESP === 'Y') ?? [];
      expect(result?.sensitivity.at(-1)?.N).toBe(responders.length);
    });
  });
}
