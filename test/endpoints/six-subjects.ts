// Six subjects with a draw before treatment and one two weeks after its start, for tables and figures of change.
import type { VisitWindow } from '../../src/endpoints/index.ts';
import type { ImmuneRecord, SubjectRecord } from '../../src/study/index.ts';

export const windows: readonly VisitWindow[] = [
  { n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null },
  { n: 1, label: 'Week 2', phase: 'POST', target: 15, lo: 1, hi: 28 },
];

export const subjects = ['1', '2', '3', '4', '5', '6'].map(
  (USUBJID) =>
    ({ STUDYID: 'S', USUBJID, FASFL: 'Y', TRTSDT: '2024-01-10', ABLDT: '2024-01-10' }) as SubjectRecord,
);

/** `texts`: of the six subjects, before and after; `limits`: LLOQ before and after, of values that are not below it. */
export function recordsOf(
  PARAMCD: string,
  texts: readonly (readonly string[])[],
  limits: readonly (number | null)[] = [null, null],
): ImmuneRecord[] {
  return texts.flatMap((own, visit) =>
    own.map((AVALC, s): ImmuneRecord => {
      const { USUBJID } = subjects[s];
      return {
        ...{ STUDYID: 'S', USUBJID, SPECID: `${USUBJID}-${visit}`, VISIT: `V${visit}`, VISITNUM: visit },
        ...{ ADT: visit === 0 ? '2024-01-08' : '2024-01-24', ATPT: '', PARAMCD, AVALC },
        ...{ LLOQ: AVALC.startsWith('<') ? null : limits[visit], ULOQ: null, QCFL: 'Y' },
      };
    }),
  );
}
