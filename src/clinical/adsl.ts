// ADSL: one row a subject with the analysis sets (statistics.md sections 1 and 4), and the disposition table T-POP.
// Invariant: a set flag is Y or N on every row; EVALFL needs a best response other than NE and MISSING.
import { describe, type Descriptive } from '../stats/index.ts';
import type { LesionRecord, LocalRecord, SubjectRecord } from '../study/index.ts';
import type { SubjectResponse } from './adrs.ts';
import { rate } from './response-table.ts';

export interface AdslRow {
  readonly STUDYID: string;
  readonly USUBJID: string;
  readonly SUBJID: string;
  readonly AGE: number | null;
  readonly AGEGR1: '<65' | '>=65' | '';
  readonly SEX: string;
  readonly REGIMEN: string;
  readonly ENRLFL: 'Y' | 'N';
  readonly SAFFL: 'Y' | 'N';
  readonly FASFL: 'Y' | 'N';
  readonly EVALFL: 'Y' | 'N';
  readonly TRTSDT: string | null;
  readonly TRTEDT: string | null;
  readonly ABLDT: string | null;
  readonly NACTDT: string | null;
  readonly DTHDT: string | null;
  readonly DTHFL: 'Y' | '';
  readonly LSTALVDT: string | null;
  readonly DCUTDT: string | null;
  /** DISCONTINUED when dead by the cut-off, otherwise ONGOING. */
  readonly EOSSTT: 'DISCONTINUED' | 'ONGOING';
  /** Target lesions at baseline, and lesions with a row in `local`. */
  readonly NTARGET: number;
  readonly NABLES: number;
}

/** Flags that adsl leaves blank follow from the dates: enrolled by being listed, treated by having a first treatment day. */
export function deriveAdsl(
  subjects: readonly SubjectRecord[],
  responses: readonly SubjectResponse[],
  lesions: readonly LesionRecord[],
  local: readonly LocalRecord[],
): AdslRow[] {
  const bestOf = new Map(responses.map((response) => [response.USUBJID, response.BOR]));
  return subjects.map((subject) => {
    const { USUBJID, AGE, DTHDT, DCUTDT } = subject;
    const treated = subject.TRTSDT === null ? 'N' : 'Y';
    const FASFL = subject.FASFL === '' ? treated : subject.FASFL;
    const best = bestOf.get(USUBJID) ?? 'MISSING';
    const dead = DTHDT !== null && (DCUTDT === null || DTHDT <= DCUTDT);
    const targets = lesions.filter(
      (row) => row.USUBJID === USUBJID && row.VISITNUM === 0 && row.LESTYPE === 'TARGET',
    );
    const ablated = new Set(local.filter((row) => row.USUBJID === USUBJID).map((row) => row.LESID));
    return {
      STUDYID: subject.STUDYID,
      USUBJID,
      SUBJID: USUBJID.slice(USUBJID.lastIndexOf('-') + 1),
      AGE,
      AGEGR1: AGE === null ? '' : AGE < 65 ? '<65' : '>=65',
      SEX: subject.SEX,
      REGIMEN: subject.REGIMEN,
      ENRLFL: subject.ENRLFL === 'N' ? 'N' : 'Y',
      SAFFL: subject.SAFFL === '' ? treated : subject.SAFFL,
      FASFL,
      EVALFL: FASFL === 'Y' && best !== 'NE' && best !== 'MISSING' ? 'Y' : 'N',
      TRTSDT: subject.TRTSDT,
      TRTEDT: subject.TRTEDT,
      ABLDT: subject.ABLDT,
      NACTDT: subject.NACTDT,
      DTHDT,
      DTHFL: DTHDT === null ? '' : 'Y',
      LSTALVDT: subject.LSTALVDT,
      DCUTDT,
      EOSSTT: dead ? 'DISCONTINUED' : 'ONGOING',
      NTARGET: new Set(targets.map((row) => row.LESID)).size,
      NABLES: ablated.size,
    };
  });
}

/** A line of T-POP: a level with n and per cent of all subjects, or a number with its description. */
export interface PopulationLine {
  readonly characteristic: string;
  readonly level: string;
  readonly n: number;
  readonly pct: number | null;
  readonly description: Descriptive | null;
}

/** T-POP: sets, age, age group, sex, regimen, deaths. Levels in code-point order. */
export function populationTable(rows: readonly AdslRow[]): PopulationLine[] {
  const N = rows.length;
  const count = (characteristic: string, level: string, n: number): PopulationLine => ({
    characteristic,
    level,
    n,
    pct: rate(n, N).pct,
    description: null,
  });
  const sets = (['ENRLFL', 'SAFFL', 'FASFL', 'EVALFL'] as const).map((flag) =>
    count('Analysis set', flag, rows.filter((row) => row[flag] === 'Y').length),
  );
  const levels = (characteristic: string, of: (row: AdslRow) => string): PopulationLine[] =>
    [...new Set(rows.map(of))]
      .sort()
      .map((level) => count(characteristic, level, rows.filter((row) => of(row) === level).length));
  const number = (characteristic: string, values: readonly (number | null)[]): PopulationLine => {
    const description = describe(values);
    return { characteristic, level: '', n: description.n, pct: null, description };
  };
  return [
    ...sets,
    number(
      'Age (years)',
      rows.map((row) => row.AGE),
    ),
    ...levels('Age group', (row) => row.AGEGR1),
    ...levels('Sex', (row) => row.SEX),
    ...levels('Regimen', (row) => row.REGIMEN),
    number(
      'Target lesions',
      rows.map((row) => row.NTARGET),
    ),
    number(
      'Ablated lesions',
      rows.map((row) => row.NABLES),
    ),
    count('Death', 'Y', rows.filter((row) => row.DTHFL === 'Y').length),
  ];
}
