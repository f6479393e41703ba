// ADAE: adverse events with imputed start dates, treatment emergence and first-occurrence flags (statistics.md section 17).
// Invariant: an imputed date says so in ASTDTF, and never passes a complete end date. Events of subjects who were never treated stay, because
// they count where the denominator is everybody enrolled; they are not treatment-emergent.
import { issue, type Issue } from '../errors.ts';
import { addDays, isIsoDate, studyDay, type AdverseEventRecord, type SubjectRecord } from '../study/index.ts';

export interface AdaeRow {
  readonly STUDYID: string;
  readonly USUBJID: string;
  readonly AESEQ: number;
  readonly AEBODSYS: string;
  readonly AEDECOD: string;
  readonly AETOXGR: number | null;
  readonly AESER: string;
  readonly AEREL: string;
  readonly AESTDTC: string;
  /** Null where nothing of the date is known and there is no treatment to take it from. */
  readonly ASTDT: string | null;
  /** Highest imputed part of the start date: D, M, Y or blank. */
  readonly ASTDTF: 'D' | 'M' | 'Y' | '';
  readonly AEENDTC: string;
  readonly AENDT: string | null;
  readonly ASTDY: number | null;
  readonly TRTEMFL: 'Y' | 'N';
  /** First treatment-emergent event of the subject, of its SOC, of its SOC and PT, and at its worst grade. */
  readonly AOCCFL: 'Y' | '';
  readonly AOCCSFL: 'Y' | '';
  readonly AOCCPFL: 'Y' | '';
  readonly AOCCIFL: 'Y' | '';
}

export interface AdaeOptions {
  /** Days after the last dose in which an event is still treatment-emergent (90 for immune-related ones). */
  readonly windowDays?: number;
}

/** Start date of a full, partial or blank ISO text, given the first treatment day and a complete end date, or null where there is none. */
export function imputeStart(
  text: string,
  treatmentStart: string | null,
  end: string | null,
): Pick<AdaeRow, 'ASTDT' | 'ASTDTF'> {
  if (text.length >= 10) return { ASTDT: text.slice(0, 10), ASTDTF: '' };
  const precision = text.length >= 7 ? 7 : text.length >= 4 ? 4 : 0;
  const known = text.slice(0, precision);
  if (treatmentStart === null && precision === 0) return { ASTDT: null, ASTDTF: '' };
  const date =
    treatmentStart?.startsWith(known) === true
      ? treatmentStart
      : `${known}${precision === 7 ? '-01' : '-01-01'}`;
  const ASTDTF = precision === 7 ? 'D' : precision === 4 ? 'M' : 'Y';
  return { ASTDT: end !== null && date > end ? end : date, ASTDTF };
}

export function deriveAdae(
  events: readonly AdverseEventRecord[],
  subjects: readonly SubjectRecord[],
  options: AdaeOptions = {},
): { rows: AdaeRow[]; issues: Issue[] } {
  const { windowDays = 30 } = options;
  const subjectOf = new Map(subjects.map((subject) => [subject.USUBJID, subject]));
  const issues: Issue[] = [];
  const dated: AdaeRow[] = [];
  for (const event of events) {
    const place = `${event.USUBJID} AE ${event.AESEQ}`;
    const subject = subjectOf.get(event.USUBJID);
    if (subject === undefined) {
      issues.push(issue('BAD_INPUT', 'The subject is not in adsl.', place));
      continue;
    }
    const start = subject.TRTSDT;
    if (event.AETOXGR !== null && (event.AETOXGR < 1 || event.AETOXGR > 5)) {
      issues.push(issue('BAD_INPUT', `The grade ${event.AETOXGR} is not 1 to 5.`, place));
    }
    const AENDT = isIsoDate(event.AEENDTC) ? event.AEENDTC : null;
    const begin = imputeStart(event.AESTDTC, start, AENDT);
    if (begin.ASTDTF !== '') issues.push(issue('IMPUTED_DATE', undefined, place));
    const last = subject.TRTEDT === null ? null : addDays(subject.TRTEDT, windowDays);
    const emergent =
      start !== null &&
      begin.ASTDT !== null &&
      begin.ASTDT >= start &&
      (last === null || begin.ASTDT <= last);
    dated.push({
      STUDYID: event.STUDYID,
      USUBJID: event.USUBJID,
      AESEQ: event.AESEQ,
      AEBODSYS: event.AEBODSYS,
      AEDECOD: event.AEDECOD,
      AETOXGR: event.AETOXGR,
      AESER: event.AESER,
      AEREL: event.AEREL,
      AESTDTC: event.AESTDTC,
      ...begin,
      AEENDTC: event.AEENDTC,
      AENDT,
      ASTDY: studyDay(begin.ASTDT, start),
      TRTEMFL: emergent ? 'Y' : 'N',
      AOCCFL: '',
      AOCCSFL: '',
      AOCCPFL: '',
      AOCCIFL: '',
    });
  }
  dated.sort((a, b) => compareText(a.USUBJID, b.USUBJID) || a.AESEQ - b.AESEQ);
  return { rows: flagged(dated), issues };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A missing grade ranks below grade 1. */
function gradeRank(row: AdaeRow): number {
  return row.AETOXGR ?? 0;
}

function flagged(rows: readonly AdaeRow[]): AdaeRow[] {
  const emergent = rows
    .filter((row) => row.TRTEMFL === 'Y')
    .sort(
      (a, b) =>
        compareText(a.USUBJID, b.USUBJID) || compareText(a.ASTDT ?? '', b.ASTDT ?? '') || a.AESEQ - b.AESEQ,
    );
  const worst = new Map<string, number>();
  for (const row of emergent) worst.set(row.USUBJID, Math.max(worst.get(row.USUBJID) ?? -1, gradeRank(row)));
  const firsts = (keyOf: (row: AdaeRow) => string, from: readonly AdaeRow[]): Set<AdaeRow> => {
    const seen = new Set<string>();
    return new Set(
      from.filter((row) => {
        const key = keyOf(row);
        if (seen.has(key)) return false;
        seen.add(key);
        return true;
      }),
    );
  };
  const subject = firsts((row) => row.USUBJID, emergent);
  const soc = firsts((row) => JSON.stringify([row.USUBJID, row.AEBODSYS]), emergent);
  const term = firsts((row) => JSON.stringify([row.USUBJID, row.AEBODSYS, row.AEDECOD]), emergent);
  const atWorst = firsts(
    (row) => row.USUBJID,
    emergent.filter((row) => gradeRank(row) === worst.get(row.USUBJID)),
  );
  const flag = (set: ReadonlySet<AdaeRow>, row: AdaeRow): 'Y' | '' => (set.has(row) ? 'Y' : '');
  return rows.map((row) => ({
    ...row,
    AOCCFL: flag(subject, row),
    AOCCSFL: flag(soc, row),
    AOCCPFL: flag(term, row),
    AOCCIFL: flag(atWorst, row),
  }));
}
