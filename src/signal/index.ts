// signal/: detector values to gateable columns.
export type { CompensationMatrix, ScaleFunction, Transform, Unmixing } from './model.ts';
export { compensateColumns, createUnmixing, spilloverMatrix, unmixingIssues } from './compensation.ts';
export { compileForward, compileInverse, forward, inverse, transformColumn } from './scale.ts';
export { lowestInputAtLeast } from './limit.ts';
export { axisTicks, type AxisTick } from './ticks.ts';
export { createScaleTable, type ColumnScaler } from './scale-table.ts';
export { parseSpilloverTable, type SpilloverTableResult } from './spillover-table.ts';
