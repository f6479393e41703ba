// study/: who, when, and the clinical tables of a study. Row 2: imports events, stats, math and errors only.
export {
  DAYS_PER_MONTH,
  addDays,
  daysBetween,
  daysFromIso,
  earliest,
  hoursBetween,
  isIsoDate,
  isIsoDateTime,
  isPartialIsoDate,
  isoFromDays,
  latest,
  studyDay,
} from './dates.ts';
export type {
  AdverseEventRecord,
  BloodCountRecord,
  ColumnKind,
  ImmuneRecord,
  LesionRecord,
  LocalRecord,
  ManifestRecord,
  ParameterRecord,
  RecordOf,
  SampleRole,
  SubjectRecord,
  TableName,
} from './tables.ts';
export { sampleRoles, tableKeys, tables } from './tables.ts';
export type { TableReading } from './read-tables.ts';
export { readTable } from './read-tables.ts';
export type { StudyDefinition } from './schema.ts';
export { parseDefinition, type ParsedDefinition } from './definition.ts';
export type { Sample, Study } from './model.ts';
export { buildStudy, tubeName, type BuiltStudy, type TableTexts } from './build.ts';
