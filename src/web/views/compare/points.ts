// Courses of patients out of the tables, as points to draw. Pure; takes values and intervals as they stand, computes none.
import { withUnits } from '../../../stats/index.ts';
import { numberOf, textOf, type Row } from '../../api/rows.ts';

export interface CoursePoint {
  readonly subject: string;
  readonly visit: string;
  /** AVISITN; order along the axis. */
  readonly at: number;
  /** Name of the analysis visit. */
  readonly label: string;
  readonly value: number;
  /** 95 % limits where the table has them: of counting and gating together, of counting where gating has none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly belowQuantification: boolean;
}

export interface Course {
  readonly subject: string;
  readonly points: readonly CoursePoint[];
}

/** A parameter by its code, and in words with its unit. */
export interface NamedParameter {
  readonly code: string;
  readonly name: string;
}

/** Parameters of the table of values by visit, those with any value first, otherwise in its order. */
export function parametersOf(rows: readonly Row[]): readonly NamedParameter[] {
  const names = new Map(rows.map((row) => [textOf(row['PARAMCD']), withUnits(textOf(row['PARAM']))]));
  const known = new Set(
    rows.filter((row) => (numberOf(row['n']) ?? 0) > 0).map((row) => textOf(row['PARAMCD'])),
  );
  const all = [...names].flatMap(([code, name]) => (code === '' ? [] : [{ code, name: name || code }]));
  return [...all.filter(({ code }) => known.has(code)), ...all.filter(({ code }) => !known.has(code))];
}

/** The analysed rows of ADIM (ANL01FL = Y) with a value, by subject; intervals from the endpoints of the same specimen. */
export function coursesOf(adim: readonly Row[], endpoints: readonly Row[]): readonly Course[] {
  const limits = new Map(endpoints.map((row) => [textOf(row['specimen']), row]));
  const courses = new Map<string, CoursePoint[]>();
  for (const row of adim) {
    const [value, at] = [numberOf(row['AVAL']), numberOf(row['AVISITN'])];
    if (row['ANL01FL'] !== 'Y' || value === null || at === null) continue;
    const subject = textOf(row['USUBJID']);
    const limit = limits.get(textOf(row['SPECID']));
    const combined = numberOf(limit?.['totalLow']) !== null;
    const point: CoursePoint = {
      subject,
      visit: textOf(row['VISIT']),
      at,
      label: textOf(row['AVISIT']),
      value,
      low: numberOf(limit?.[combined ? 'totalLow' : 'ciLow']),
      high: numberOf(limit?.[combined ? 'totalHigh' : 'ciHigh']),
      belowQuantification: row['BLQFL'] === 'Y',
    };
    courses.set(subject, [...(courses.get(subject) ?? []), point]);
  }
  return [...courses].map(([subject, points]) => ({
    subject,
    points: points.toSorted((a, b) => a.at - b.at),
  }));
}
