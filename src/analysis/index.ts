// analysis/: a study and its gated samples to everything that tables, report and server show. Row 6: never sees an event.
export type { GatedSample, ImmuneTables, OutcomeTables, StudyResults, TidyTables } from './model.ts';
export { analyseStudy, type AnalysisOptions } from './analyse.ts';
export type { FileFacts } from './checks/files.ts';
