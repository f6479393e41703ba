// gating/: gates, how they are placed, and what they count.
export type * from './model.ts';
export {
  insideEllipse,
  insideEllipsoid,
  insideInterval,
  insidePolygon,
  type Ellipsoid,
} from './geometry.kernel.ts';
export { compileEllipsoid, isPositiveDefinite, polygonColumns } from './geometry.ts';
export { createEvaluator, evaluateStrategy, type Evaluator } from './reference.ts';
