// signal/: detector values to gateable columns.
export type { CompensationMatrix, ScaleFunction, Transform, Unmixing } from './model.ts';
