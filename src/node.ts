// The public API on Node: the pure part, and files, threads and the store.
export * from './index.ts';
export { openFile, type FileSource } from './fcs/node.ts';
export { openFileWriter, openSqliteStore, sha256, writeFileWhole, type FileWriter } from './results/node.ts';
export {
  reproduceSamples,
  runStudy,
  type Reproduction,
  type ReproduceRequest,
  type RunProgress,
  type RunReport,
  type RunRequest,
} from './run/node.ts';
export {
  gateFiles,
  openStore,
  type GateReport,
  type GateRequest,
  type Progress,
  type RequestedSample,
  type SampleGroup,
} from './engine/node.ts';
