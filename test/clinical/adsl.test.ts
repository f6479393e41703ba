import { describe, expect, it } from 'vitest';
import {
  adrsRows,
  deriveAdsl,
  deriveAdtte,
  deriveResponses,
  durationOfResponse,
  pfsSensitivity,
  populationTable,
} from '../../src/clinical/index.ts';
import { recistTimePoints } from '../../src/clinical/recist.ts';
import { adae, adim, adrs, adsl, adtte } from '../../src/datasets/adam.ts';
import { datasetOf } from '../../src/datasets/model.ts';
import { deriveAdae } from '../../src/clinical/adae.ts';
import { deriveAdim } from '../../src/endpoints/index.ts';
import { readTable, type LesionRecord } from '../../src/study/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { trialConfig, trialTable } from '../stats/trials.ts';

const subjects = readTable(
  'adsl',
  'STUDYID,USUBJID,AGE,SEX,REGIMEN,TRTSDT,ABLDT,DTHDT,LSTALVDT,NACTDT,DCUTDT\n' +
    'X,X-01,64,F,A,2024-01-01,2024-01-01,,2025-06-01,,2025-12-31\n' +
    'X,X-02,65,M,B,2024-01-01,2024-01-01,2024-12-31,2024-12-31,2024-05-01,2025-12-31\n' +
    'X,X-03,,M,B,,,,,,2025-12-31\n',
).rows;
const lesions = readTable(
  'tumour',
  'USUBJID,LESID,LESTYPE,NODE,VISITNUM,VISIT,ADT,DIAM,STATE\n' +
    'X-01,T1,TARGET,N,0,B,2023-12-20,50,\nX-01,T2,TARGET,N,0,B,2023-12-20,50,\n' +
    'X-01,T1,TARGET,N,1,V1,2024-02-26,30,\nX-01,T2,TARGET,N,1,V1,2024-02-26,30,\n' +
    'X-01,T1,TARGET,N,2,V2,2024-04-22,20,\nX-01,T2,TARGET,N,2,V2,2024-04-22,30,\n' +
    'X-01,T1,TARGET,N,3,V3,2024-08-12,50,\nX-01,T2,TARGET,N,3,V3,2024-08-12,50,\n' +
    'X-02,T1,TARGET,N,0,B,2023-12-20,50,\nX-02,T1,TARGET,N,1,V1,2024-02-26,50,\n',
).rows;
const responses = deriveResponses(subjects, lesions);

describe('deriveAdsl', () => {
  const rows = deriveAdsl(subjects, responses.subjects, lesions, []);
  it('flags the sets; a subject without treatment is enrolled only', () => {
    expect(rows.map(({ ENRLFL, SAFFL, FASFL, EVALFL }) => ENRLFL + SAFFL + FASFL + EVALFL)).toEqual([
      'YYYY',
      'YYYY',
      'YNNN',
    ]);
    expect(rows.map(({ SUBJID, AGEGR1, EOSSTT, NTARGET }) => [SUBJID, AGEGR1, EOSSTT, NTARGET])).toEqual([
      ['01', '<65', 'ONGOING', 2],
      ['02', '>=65', 'DISCONTINUED', 1],
      ['03', '', 'ONGOING', 0],
    ]);
    expect(responses.issues.map((entry) => entry.code)).toEqual(['BAD_INPUT']);
  });

  it('counts T-POP', () => {
    const table = populationTable(rows);
    expect(table.find((line) => line.level === 'EVALFL')).toMatchObject({ n: 2 });
    expect(table.find((line) => line.characteristic === 'Sex' && line.level === 'M')).toMatchObject({ n: 2 });
    expect(table.find((line) => line.characteristic === 'Age (years)')?.description?.mean).toBe(64.5);
  });
});

describe('durationOfResponse', () => {
  it('runs from the confirmed response to progression', () => {
    const [only, ...none] = durationOfResponse(subjects, responses.subjects, responses.assessments);
    // 2024-02-26 to 2024-08-12 is 168 days later, start counting as day 1.
    expect(only).toMatchObject({ USUBJID: 'X-01', STARTDT: '2024-02-26', AVALDAY: 169, CNSR: 0 });
    expect(none).toEqual([]);
  });
});

describe('PFS sensitivity set', () => {
  it('treats new therapy before death as censoring, nothing or an event', () => {
    const times = pfsSensitivity.map(({ options }) => {
      const { rows } = deriveAdtte(subjects.slice(1, 2), responses.assessments, [], { pfs: options });
      return [rows[0].ADT, rows[0].CNSR];
    });
    expect(times).toEqual([
      ['2024-02-26', 2],
      ['2024-02-26', 3],
      ['2024-02-26', 2],
      ['2024-12-31', 0],
      ['2024-05-01', 0],
    ]);
  });
});

describe('ablated target lesions', () => {
  const rows = (rule: string): LesionRecord[] =>
    lesions
      .filter((row) => row.USUBJID === 'X-01')
      .map((row) => (row.LESID === 'T2' ? { ...row, ABLRULE: rule as 'zero' } : row));
  it('count as recorded, as 0 mm after baseline, or not at all', () => {
    const sums = (rule: string): unknown =>
      recistTimePoints(rows(rule)).map(({ BASESLD, SLD }) => [BASESLD, SLD]);
    expect(sums('')).toEqual([
      [100, 60],
      [100, 50],
      [100, 100],
    ]);
    expect(sums('zero')).toEqual([
      [100, 30],
      [100, 20],
      [100, 50],
    ]);
    expect(sums('exclude')).toEqual([
      [50, 30],
      [50, 20],
      [50, 50],
    ]);
  });
});

describe.skipIf(!truthPresent)('rows fit the declared data sets (needs ../shared)', () => {
  it('ADSL, ADIM, ADTTE, ADRS and ADAE of trial-a: no undeclared column, codes and lengths as declared', () => {
    const source = trialTable('trial-a', 'adsl');
    const tumour = trialTable('trial-a', 'tumour');
    const local = trialTable('trial-a', 'local');
    const found = deriveResponses(source, tumour);
    const sets = [
      datasetOf(
        adsl,
        deriveAdsl(source, found.subjects, tumour, local).map((row) => ({ ...row })),
      ),
      datasetOf(
        adim,
        deriveAdim(
          trialTable('trial-a', 'immune'),
          source,
          trialTable('trial-a', 'params'),
          trialConfig('trial-a'),
        ).rows.map((row) => ({ ...row })),
      ),
      datasetOf(
        adtte,
        deriveAdtte(source, found.assessments, local).rows.map((row) => ({ ...row })),
      ),
      datasetOf(
        adrs,
        adrsRows(found, source).map((row) => ({ ...row })),
      ),
      datasetOf(
        adae,
        deriveAdae(trialTable('trial-a', 'ae'), source).rows.map((row) => ({ ...row })),
      ),
    ];
    expect(sets.map((set) => set.rows.length > 19)).toEqual([true, true, true, true, true]);
  });
});
