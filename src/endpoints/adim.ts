// ADIM, the immune analysis data set (statistics.md sections 4 to 6): source values and ratios, windowed, with one analysed
// record a subject, parameter and visit, and change from baseline.
// Invariant: no source row is dropped; ANL01FL = Y marks at most one row of a subject × parameter × visit.
import { issue, type Issue } from '../errors.ts';
import type { ImmuneRecord, ParameterRecord, SubjectRecord } from '../study/index.ts';
import { parseMeasured, type BlqRule } from './value.ts';
import {
  distanceToTarget,
  isPre,
  recordDays,
  timePointOrder,
  windowOf,
  type Anchor,
  type VisitWindow,
} from './windows.ts';

export interface Ratio {
  /** PARAMCD of the ratio, of its numerator and of its denominator. */
  readonly code: string;
  readonly num: string;
  readonly den: string;
}

export interface AdimConfig {
  readonly windows: readonly VisitWindow[];
  readonly anchor?: Anchor;
  /** Which of two records equally far from the target is analysed. */
  readonly windowTie?: 'later' | 'earlier';
  readonly blqRule?: BlqRule;
  readonly ratios?: readonly Ratio[];
  /** PARAMCDs whose baseline divides nothing; default none. */
  readonly byDifference?: ReadonlySet<string>;
}

export interface AdimRow {
  readonly STUDYID: string;
  readonly USUBJID: string;
  readonly ASEQ: number;
  readonly PARAMN: number;
  readonly PARAMCD: string;
  readonly PARAM: string;
  readonly PARAMTYP: 'DERIVED' | '';
  readonly SPECID: string;
  readonly VISIT: string;
  readonly VISITNUM: number | null;
  readonly ATPT: string;
  readonly ADT: string;
  readonly ADY: number | null;
  readonly ADYA: number | null;
  readonly AVISITN: number | null;
  readonly AVISIT: string;
  readonly AWTARGET: number | null;
  readonly AWTDIFF: number | null;
  readonly AWLO: number | null;
  readonly AWHI: number | null;
  readonly AVAL: number | null;
  readonly AVALC: string;
  readonly BLQFL: 'Y' | '';
  readonly ALQFL: 'Y' | '';
  readonly DTYPE: 'AVERAGE' | '';
  readonly ABLFL: 'Y' | '';
  readonly BASE: number | null;
  readonly CHG: number | null;
  readonly PCHG: number | null;
  readonly R2BASE: number | null;
  readonly QCFL: string;
  readonly ANL01FL: 'Y' | '';
}

/** Derives ADIM. Records of unknown subjects or parameters are errors; everything that leaves a value unused is a warning. */
export function deriveAdim(
  records: readonly ImmuneRecord[],
  subjects: readonly SubjectRecord[],
  parameters: readonly ParameterRecord[],
  config: AdimConfig,
): { rows: AdimRow[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const source = sourceRows(records, subjects, parameters, config, issues);
  const all = [...source, ...ratioRows(source, parameters, config.ratios ?? [])];
  const selected = selectAnalysed(all, config);
  const based = withBaseline(selected, config.byDifference ?? new Set(), issues);
  return { rows: inOrder(based), issues };
}

function sourceRows(
  records: readonly ImmuneRecord[],
  subjects: readonly SubjectRecord[],
  parameters: readonly ParameterRecord[],
  config: AdimConfig,
  issues: Issue[],
): AdimRow[] {
  const { anchor = 'ABLDT', blqRule = 'half', windows } = config;
  const subjectOf = new Map(subjects.map((subject) => [subject.USUBJID, subject]));
  const numberOf = new Map(parameters.map((parameter, i) => [parameter.PARAMCD, i + 1]));
  const rows: AdimRow[] = [];
  for (const record of records) {
    const place = `${record.USUBJID} ${record.SPECID} ${record.PARAMCD}`;
    const subject = subjectOf.get(record.USUBJID);
    const paramn = numberOf.get(record.PARAMCD);
    if (subject === undefined)
      issues.push(issue('BAD_INPUT', `The subject ${record.USUBJID} is not in adsl.`, place));
    if (paramn === undefined)
      issues.push(issue('UNKNOWN_PARAM', `${record.PARAMCD} is not in params.`, place));
    if (subject === undefined || paramn === undefined) continue;
    const measured = parseMeasured(record.AVALC, record.LLOQ, record.ULOQ, blqRule);
    if (measured.unparsed) issues.push(issue('UNPARSED_VALUE', `"${record.AVALC}" is not a number.`, place));
    const days = recordDays(record.ADT, subject, anchor);
    const window = windowOf(days.ADYA, record.ATPT, windows);
    if (window === null)
      issues.push(issue('OUT_OF_WINDOW', `Day ${days.ADYA ?? 'unknown'} lies in no window.`, place));
    rows.push({
      STUDYID: record.STUDYID,
      USUBJID: record.USUBJID,
      ASEQ: 0,
      PARAMN: paramn,
      PARAMCD: record.PARAMCD,
      PARAM: parameters[paramn - 1].PARAM,
      PARAMTYP: '',
      SPECID: record.SPECID,
      VISIT: record.VISIT,
      VISITNUM: record.VISITNUM,
      ATPT: record.ATPT,
      ADT: record.ADT,
      ...days,
      AVISITN: window?.n ?? null,
      AVISIT: window?.label ?? '',
      AWTARGET: window?.target ?? null,
      AWTDIFF: window === null || days.ADYA === null ? null : distanceToTarget(days.ADYA, window.target),
      AWLO: window?.lo ?? null,
      AWHI: window?.hi ?? null,
      AVAL: measured.AVAL,
      AVALC: record.AVALC,
      BLQFL: measured.BLQFL,
      ALQFL: measured.ALQFL,
      DTYPE: '',
      ABLFL: '',
      BASE: null,
      CHG: null,
      PCHG: null,
      R2BASE: null,
      QCFL: record.QCFL,
      ANL01FL: '',
    });
  }
  return rows;
}

/** Ratios of two parameters of the same specimen, before windowing chooses records. */
function ratioRows(
  source: readonly AdimRow[],
  parameters: readonly ParameterRecord[],
  ratios: readonly Ratio[],
): AdimRow[] {
  const rows: AdimRow[] = [];
  for (const ratio of ratios) {
    const paramn = parameters.findIndex((parameter) => parameter.PARAMCD === ratio.code) + 1;
    if (paramn === 0) continue;
    const denominators = new Map(
      source
        .filter((row) => row.PARAMCD === ratio.den)
        .map((row) => [`${row.USUBJID}\u0000${row.SPECID}`, row]),
    );
    for (const top of source) {
      const bottom =
        top.PARAMCD === ratio.num ? denominators.get(`${top.USUBJID}\u0000${top.SPECID}`) : undefined;
      if (bottom === undefined) continue;
      const defined = top.AVAL !== null && bottom.AVAL !== null && bottom.AVAL !== 0;
      rows.push({
        ...top,
        PARAMN: paramn,
        PARAMCD: ratio.code,
        PARAM: parameters[paramn - 1].PARAM,
        PARAMTYP: 'DERIVED',
        AVAL: defined ? (top.AVAL ?? 0) / (bottom.AVAL ?? 1) : null,
        AVALC: '',
        BLQFL: top.BLQFL === 'Y' || bottom.BLQFL === 'Y' ? 'Y' : '',
        ALQFL: '',
        QCFL: top.QCFL === 'N' || bottom.QCFL === 'N' ? 'N' : 'Y',
      });
    }
  }
  return rows;
}

/** Flags the analysed record of each subject × parameter × visit; duplicates of the chosen moment become one AVERAGE row. */
function selectAnalysed(rows: readonly AdimRow[], config: AdimConfig): AdimRow[] {
  const baseline = config.windows.length > 0 ? config.windows[0].n : null;
  const direction = config.windowTie === 'earlier' ? 1 : -1;
  const cells = groupIndices(rows, (row) =>
    row.AVAL === null || row.QCFL === 'N' || row.AVISITN === null
      ? null
      : `${row.USUBJID}\u0000${row.PARAMCD}\u0000${row.AVISITN}`,
  );
  const flagged = new Map<number, AdimRow>();
  const averages: AdimRow[] = [];
  for (const indices of cells.values()) {
    const atBaseline = rows[indices[0]].AVISITN === baseline;
    const [chosen] = [...indices].sort((i, j) => {
      const a = rows[i];
      const b = rows[j];
      const byDate = a.ADT < b.ADT ? -1 : a.ADT > b.ADT ? 1 : 0;
      const byPoint = timePointOrder(a.ATPT) - timePointOrder(b.ATPT);
      return atBaseline
        ? -byDate || -byPoint
        : (a.AWTDIFF ?? 0) - (b.AWTDIFF ?? 0) || direction * byDate || byPoint;
    });
    const same = indices.filter(
      (i) => rows[i].ADT === rows[chosen].ADT && rows[i].ATPT === rows[chosen].ATPT,
    );
    const flags = { ANL01FL: 'Y', ABLFL: atBaseline ? 'Y' : '' } as const;
    if (same.length === 1) flagged.set(chosen, { ...rows[chosen], ...flags });
    else averages.push({ ...averageOf(same.map((i) => rows[i])), ...flags });
  }
  return [...rows.map((row, i) => flagged.get(i) ?? row), ...averages];
}

function averageOf(same: readonly AdimRow[]): AdimRow {
  let total = 0;
  for (const row of same) total += row.AVAL ?? 0;
  return {
    ...same[0],
    AVAL: total / same.length,
    AVALC: '',
    SPECID: '',
    DTYPE: 'AVERAGE',
    BLQFL: same.some((row) => row.BLQFL === 'Y') ? 'Y' : '',
    ALQFL: same.some((row) => row.ALQFL === 'Y') ? 'Y' : '',
  };
}

/** BASE on every row of a subject × parameter, change on its post rows. */
function withBaseline(
  rows: readonly AdimRow[],
  byDifference: ReadonlySet<string>,
  issues: Issue[],
): AdimRow[] {
  const keyOf = (row: AdimRow): string => `${row.USUBJID}\u0000${row.PARAMCD}`;
  const bases = new Map<string, number>();
  for (const row of rows) {
    if (row.ABLFL !== 'Y' || row.AVAL === null) continue;
    if (bases.has(keyOf(row)))
      issues.push(issue('MULTIPLE_BASELINE', undefined, `${row.USUBJID} ${row.PARAMCD}`));
    bases.set(keyOf(row), row.AVAL);
  }
  const without = new Set<string>();
  const out = rows.map((row): AdimRow => {
    const base = bases.get(keyOf(row));
    if (base === undefined) {
      without.add(`${row.USUBJID} ${row.PARAMCD}`);
      return row;
    }
    if (row.AVAL === null || row.ADYA === null || isPre(row.ADYA, row.ATPT)) return { ...row, BASE: base };
    return { ...row, BASE: base, ...changeFrom(base, row.AVAL, byDifference.has(row.PARAMCD)) };
  });
  for (const place of without) issues.push(issue('NO_BASELINE', undefined, place));
  return out;
}

/** Change after baseline; of a parameter that is compared by difference neither percent nor ratio. */
export function changeFrom(
  base: number,
  value: number,
  byDifference: boolean,
): Pick<AdimRow, 'CHG' | 'PCHG' | 'R2BASE'> {
  const change = value - base;
  return {
    CHG: change,
    PCHG: byDifference || base === 0 ? null : (100 * change) / base,
    R2BASE: byDifference || base <= 0 ? null : value / base,
  };
}

function inOrder(rows: readonly AdimRow[]): AdimRow[] {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...rows].sort(
    (a, b) =>
      text(a.USUBJID, b.USUBJID) ||
      a.PARAMN - b.PARAMN ||
      text(a.ADT, b.ADT) ||
      timePointOrder(a.ATPT) - timePointOrder(b.ATPT) ||
      text(a.DTYPE, b.DTYPE) ||
      text(a.SPECID, b.SPECID),
  );
  const counts = new Map<string, number>();
  return sorted.map((row) => {
    const next = (counts.get(row.USUBJID) ?? 0) + 1;
    counts.set(row.USUBJID, next);
    return { ...row, ASEQ: next };
  });
}

function groupIndices<T>(rows: readonly T[], keyOf: (row: T) => string | null): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const key = keyOf(row);
    if (key === null) return;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  return groups;
}
