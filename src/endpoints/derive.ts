// The immune side of a study in one step: input tables and the study's options to ADIM and its tables.
// Invariant: tables use the full analysis set; ADIM holds every source row.
import type { Issue } from '../errors.ts';
import type { ImmuneRecord, ParameterRecord, SubjectRecord } from '../study/index.ts';
import { deriveAdim, type AdimConfig, type AdimRow } from './adim.ts';
import {
  analyseCourse,
  compareWithBaseline,
  describeByVisit,
  immuneCourse,
  missingness,
  type CourseAnalysis,
  type ImmuneCourse,
  type Missingness,
  type VisitComparison,
  type VisitDescription,
} from './immune-tables.ts';
import { measuredCourse } from './measured-course.ts';

export interface ImmuneConfig extends AdimConfig {
  readonly conf?: number;
  /** Parameters whose limits are numbers of events: visits are compared by what was measured. Default none: by `blqRule`, as ADIM. */
  readonly limitedByEvents?: ReadonlySet<string>;
}

export interface ImmuneResult {
  readonly adim: readonly AdimRow[];
  readonly course: ImmuneCourse;
  /** The same as measured, for whatever holds visits against each other (measured-course.ts). */
  readonly measured: ImmuneCourse;
  readonly descriptions: readonly VisitDescription[];
  readonly comparisons: readonly VisitComparison[];
  readonly analyses: readonly CourseAnalysis[];
  readonly missingness: readonly Missingness[];
  readonly issues: readonly Issue[];
}

/** Needs at least the baseline window. A subject with a blank FASFL counts as analysed when treatment was started. */
export function deriveImmune(
  records: readonly ImmuneRecord[],
  subjects: readonly SubjectRecord[],
  parameters: readonly ParameterRecord[],
  config: ImmuneConfig,
): ImmuneResult {
  const { conf = 0.95, byDifference = new Set<string>() } = config;
  const { rows, issues } = deriveAdim(records, subjects, parameters, config);
  const analysed = subjects.filter(({ FASFL, TRTSDT }) => FASFL === 'Y' || (FASFL === '' && TRTSDT !== null));
  const course = immuneCourse(
    rows,
    analysed.map((subject) => subject.USUBJID),
    parameters.map((parameter) => parameter.PARAMCD),
    config.windows,
  );
  const paired = measuredCourse(course, config.limitedByEvents ?? new Set(), byDifference);
  return {
    adim: rows,
    course,
    measured: paired.course,
    descriptions: describeByVisit(course, { conf }),
    comparisons: compareWithBaseline(paired.course, {
      conf,
      byDifference,
      isMostlyBelow: paired.isMostlyBelow,
    }),
    analyses: analyseCourse(paired.course, { conf, byDifference }),
    missingness: missingness(course),
    issues,
  };
}
