// fcs/: bytes to events and back. Everything that other folders may use; files on disk are in node.ts.
export { defaultLimits } from './model.ts';
export type {
  Amplification,
  ByteSource,
  DataLayout,
  DatasetSummary,
  EventBlock,
  FcsFile,
  FcsLimits,
  FcsVersion,
  Field,
  Parameter,
  ReadOptions,
  Scaling,
} from './model.ts';
export { memorySource } from './source.ts';
export { readFcs, requireAllowed } from './read.ts';
export { channelsOf } from './channels.ts';
export { isTimeParameter } from './parameters.ts';
export { openEventBlocks, type BlockOptions, type EventBlocks } from './blocks.ts';
export { openValueCheck, type ValueCheck } from './values.ts';
export { checkCrc } from './crc.ts';
export { readEvents, type EventReadOptions, type EventsRead } from './events.ts';
export { openValueHash, type Hash, type ValueHash } from './value-hash.ts';
export { inspectFcs, type Inspection, type InspectOptions } from './inspect.ts';
export { writeFcs, fcsBytes, type ByteSink, type WriteOptions } from './write.ts';
export { composeHead } from './compose.ts';
export { writeDeidentified, type DeidentifyReport } from './deidentify.ts';
