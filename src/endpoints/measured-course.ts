// The course of values as measured, for tables that hold visits against each other (populations.md section 4: nothing is imputed there).
// A limit that is a number of events differs from tube to tube, so half of it would move with the acquisition and not with the patient.
import { changeFrom, type AdimRow } from './adim.ts';
import type { ImmuneCourse } from './immune-tables.ts';
import { parseMeasured } from './value.ts';

export interface MeasuredCourse {
  readonly course: ImmuneCourse;
  /** Parameter and visit of which more than half of the values were below detection: no value of it is in the course. */
  readonly isMostlyBelow: (parameter: string, visit: number) => boolean;
}

/**
 * The same course for other parameters. For these, a value below quantification is the number that was measured, and one below detection,
 * or made of substituted ones, is missing; a visit where that is so of more than half has no values at all. Changes and ratios are those of
 * what was measured at both visits.
 */
export function measuredCourse(
  course: ImmuneCourse,
  parameters: ReadonlySet<string>,
  byDifference: ReadonlySet<string> = new Set(),
): MeasuredCourse {
  const rowOf = (parameter: string, visit: number, subject: string): AdimRow | null => {
    const row = course.rowOf(parameter, visit, subject);
    return row?.BLQFL === 'Y' && parameters.has(parameter) ? { ...row, AVAL: measured(row) } : row;
  };
  const mostlyBelow = new Set<string>();
  const key = (parameter: string, visit: number): string => JSON.stringify([parameter, visit]);
  for (const parameter of parameters)
    for (const { n } of course.visits) {
      const values = course.subjects.filter((subject) => course.rowOf(parameter, n, subject) !== null);
      const lost = values.filter((subject) => rowOf(parameter, n, subject)?.AVAL == null);
      if (lost.length > values.length / 2) mostlyBelow.add(key(parameter, n));
    }
  return {
    course: {
      ...course,
      rowOf: (parameter, visit, subject) => {
        const at = (n: number) => (mostlyBelow.has(key(parameter, n)) ? null : rowOf(parameter, n, subject));
        const row = at(visit);
        return row === null || !parameters.has(parameter)
          ? row
          : changed(row, at(course.visits[0].n)?.AVAL ?? null, byDifference.has(parameter));
      },
    },
    isMostlyBelow: (parameter, visit) => mostlyBelow.has(key(parameter, visit)),
  };
}

/** Both values of a subject, at baseline and at a later visit. */
export interface MeasuredPair {
  readonly PARAMCD: string;
  readonly AVISITN: number;
  readonly USUBJID: string;
  readonly base: number;
  readonly value: number;
}

/** The pairs that comparisons with baseline are made of, of every parameter at every later visit. */
export function measuredPairs({ parameters, subjects, visits, rowOf }: ImmuneCourse): MeasuredPair[] {
  const [baseline, ...posts] = visits;
  return parameters.flatMap((PARAMCD) =>
    posts.flatMap(({ n: AVISITN }) =>
      subjects.flatMap((USUBJID): MeasuredPair[] => {
        const base = rowOf(PARAMCD, baseline.n, USUBJID)?.AVAL ?? null;
        const value = rowOf(PARAMCD, AVISITN, USUBJID)?.AVAL ?? null;
        return base === null || value === null ? [] : [{ PARAMCD, AVISITN, USUBJID, base, value }];
      }),
    ),
  );
}

/** As ADIM has it, from another baseline value; on rows after baseline only. */
function changed(row: AdimRow, base: number | null, byDifference: boolean): AdimRow {
  if (row.CHG === null) return row;
  return {
    ...row,
    BASE: base,
    ...(row.AVAL === null || base === null
      ? { CHG: null, PCHG: null, R2BASE: null }
      : changeFrom(base, row.AVAL, byDifference)),
  };
}

function measured({ AVALC }: AdimRow): number | null {
  const { AVAL, BLQFL } = parseMeasured(AVALC, null, null);
  return BLQFL === 'Y' ? null : AVAL;
}
