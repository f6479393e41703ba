// study/: who, when, and the clinical tables of a study. Row 2: imports events, stats, math and errors only.
export {
  DAYS_PER_MONTH,
  addDays,
  daysBetween,
  daysFromIso,
  earliest,
  isIsoDate,
  isPartialIsoDate,
  isoFromDays,
  latest,
  studyDay,
} from './dates.ts';
export type {
  AdverseEventRecord,
  ColumnKind,
  ImmuneRecord,
  LesionRecord,
  LocalRecord,
  ParameterRecord,
  RecordOf,
  SubjectRecord,
  TableName,
} from './tables.ts';
export { tableKeys, tables } from './tables.ts';
export type { TableReading } from './read-tables.ts';
export { readTable } from './read-tables.ts';
