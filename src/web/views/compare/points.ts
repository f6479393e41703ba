// Courses of patients out of the tables, as points to draw. Pure; takes values and intervals as they stand, computes none.
import { numberOf, textOf, type Row } from '../../api/rows.ts';

export interface CoursePoint {
  readonly subject: string;
  readonly visit: string;
  /** AVISITN; order along the axis. */
  readonly at: number;
  /** Name of the analysis visit. */
  readonly label: string;
  readonly value: number;
  /** 95 % limits of counting, where the table has them. */
  readonly low: number | null;
  readonly high: number | null;
  readonly belowQuantification: boolean;
}

export interface Course {
  readonly subject: string;
  readonly points: readonly CoursePoint[];
}

/** Parameter codes of the table of values by visit, those with any value first, otherwise in its order. */
export function parametersOf(rows: readonly Row[]): readonly string[] {
  const codes = [...new Set(rows.map((row) => textOf(row['PARAMCD'])))].filter((code) => code !== '');
  const known = new Set(
    rows.filter((row) => (numberOf(row['n']) ?? 0) > 0).map((row) => textOf(row['PARAMCD'])),
  );
  return [...codes.filter((code) => known.has(code)), ...codes.filter((code) => !known.has(code))];
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
    const point: CoursePoint = {
      subject,
      visit: textOf(row['VISIT']),
      at,
      label: textOf(row['AVISIT']),
      value,
      low: numberOf(limit?.['ciLow']),
      high: numberOf(limit?.['ciHigh']),
      belowQuantification: row['BLQFL'] === 'Y',
    };
    courses.set(subject, [...(courses.get(subject) ?? []), point]);
  }
  return [...courses].map(([subject, points]) => ({
    subject,
    points: points.toSorted((a, b) => a.at - b.at),
  }));
}
