// The course of values as measured, for tables that hold visits against each other (populations.md section 4: nothing is imputed there).
// A limit that is a number of events differs from tube to tube, so half of it would move with the acquisition and not with the patient.
import type { AdimRow } from './adim.ts';
import type { ImmuneCourse } from './immune-tables.ts';
import { parseMeasured } from './value.ts';

export interface MeasuredCourse {
  readonly course: ImmuneCourse;
  /** Parameter and visit of which more than half of the values were below detection: no value of it is in the course. */
  readonly isMostlyBelow: (parameter: string, visit: number) => boolean;
}

/**
 * The same course for other parameters. For these, a value below quantification is the number that was measured, and one below detection,
 * or made of substituted ones, is missing; a visit where that is so of more than half has no values at all.
 */
export function measuredCourse(course: ImmuneCourse, parameters: ReadonlySet<string>): MeasuredCourse {
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
      rowOf: (parameter, visit, subject) =>
        mostlyBelow.has(key(parameter, visit)) ? null : rowOf(parameter, visit, subject),
    },
    isMostlyBelow: (parameter, visit) => mostlyBelow.has(key(parameter, visit)),
  };
}

function measured({ AVALC }: AdimRow): number | null {
  const { AVAL, BLQFL } = parseMeasured(AVALC, null, null);
  return BLQFL === 'Y' ? null : AVAL;
}
