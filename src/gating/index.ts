// gating/: gates, how they are placed, and what they count.
export type * from './model.ts';
export {
  insideEllipse,
  insideEllipsoid,
  insideInterval,
  insidePolygon,
  type Ellipsoid,
} from './geometry.kernel.ts';
export { withDimensions } from './dimensions.ts';
export { compileEllipsoid, isPositiveDefinite, polygonColumns } from './geometry.ts';
export { createEvaluator, evaluateStrategy, type Evaluator } from './reference.ts';
export type { FitSample } from './fit-events.ts';
export { fitPlan, type PlanFit } from './fit.ts';
export type { FitOptions } from './place.ts';
export {
  MOST_JUMP,
  nothingShared,
  type SharedCuts,
  type SharedFile,
  type SharedSource,
} from './shared-cuts.ts';
export { cutPool, drawForPool, surveyTube, type PoolDraw, type SharedNeeds } from './survey.ts';
export { gateDistance } from './gate-distance.ts';
export { applyOverride, withoutOverride, type GateOverride } from './override.ts';
export { referenceOf } from './methods/contract.ts';
export { methodNames, prepareMethod } from './methods/registry.ts';
export {
  countingSteps,
  countPopulations,
  createRangeCounter,
  type BlockMembership,
  type CountOptions,
  type CountResult,
  type EventRange,
  type RangeResult,
  type RangeTask,
  type StatisticsChannel,
} from './count.ts';
export { SEGMENT_EVENTS } from './statistics.ts';
export { compileProgram, type Program } from './program.ts';
export { binDensities, gateView, type Density, type DensityOptions, type DensityView } from './density.ts';
export type { DensityAxis } from './density-axis.ts';
export { affectedBy, neededFor } from './needed.ts';
export { planRecount, type RecountPlan } from './recount-plan.ts';
export { retainEvents, type RetainedEvents } from './retained.ts';
