// results/: the waist between events and tables. The store on disk and files written whole are in node.ts.
export { numericCoreVersion } from './model.ts';
export type {
  Execution,
  PopulationRow,
  PopulationStatus,
  ProtocolIdentity,
  Provenance,
  SampleResult,
  StatisticRow,
} from './model.ts';
export { canonicalJson } from './canonical.ts';
export { differencesOf, isOtherForm, type Difference } from './differences.ts';
export { resultIdOf, type Sha256, type WorkIdentity } from './identity.ts';
export { keptOnTheWay, keptTime, type KeptTime, type RunTimes } from './kept-time.ts';
export { populationRows, statisticRows, wilson } from './populations.ts';
export {
  csvCell,
  headerLine,
  issueColumns,
  issueLines,
  populationColumns,
  populationLines,
  qualityColumns,
  qualityLines,
  statisticColumns,
  statisticLines,
  uncertaintyColumns,
  uncertaintyLines,
} from './tables.ts';
export {
  errorOfMoves,
  fractionLimits,
  uncertaintyRows,
  type CutMove,
  type LogError,
  type UncertaintyRow,
} from './uncertainty.ts';
export { decodeStrategy, parseOverride, parseStrategy, strategyText } from './strategy.ts';
export {
  chainStart,
  sealEntry,
  verifyChain,
  type Actor,
  type AuditContext,
  type AuditEntry,
  type AuditEvent,
} from './audit.ts';
export type {
  ItemRecord,
  ItemState,
  OutputRecord,
  ResultBody,
  ResultsStore,
  RunOutcome,
  RunRecord,
  RunStart,
  StoreContext,
} from './store.ts';
export { memoryStore } from './memory.ts';
