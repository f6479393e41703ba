// endpoints/: measured immune values to ADIM and its tables. Row 5: never sees an event.
export type { BlqRule, MeasuredValue } from './value.ts';
export { parseMeasured, substitute } from './value.ts';
export type { Anchor, VisitWindow } from './windows.ts';
export { distanceToTarget, isPre, windowOf } from './windows.ts';
export type { AdimConfig, AdimRow, Ratio } from './adim.ts';
export { deriveAdim } from './adim.ts';
export type {
  CourseAnalysis,
  ImmuneCourse,
  Missingness,
  VisitComparison,
  VisitDescription,
} from './immune-tables.ts';
export {
  analyseCourse,
  compareWithBaseline,
  describeByVisit,
  immuneCourse,
  missingness,
} from './immune-tables.ts';
export type { CorrelationCell } from './correlation-matrix.ts';
export { correlationMatrix } from './correlation-matrix.ts';
export type { GridCell, VisitStatus } from './visit-grid.ts';
export { visitGrid } from './visit-grid.ts';
export type { ComparisonRow, CourseRow, DescriptionRow, WideListing } from './tidy.ts';
export { comparisonRows, courseRows, descriptionRows, wideListing } from './tidy.ts';
export type { ImmuneConfig, ImmuneResult } from './derive.ts';
export { deriveImmune } from './derive.ts';
