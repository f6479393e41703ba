// math/: numbers that are the same bits on every platform. Leaf row: imports nothing of the house.
export { exp, expm1 } from './exponential.ts';
export { log, log10, log1p, log2 } from './logarithm.ts';
export { pow, pow10 } from './power.ts';
export { asinh, atanh, cosh, sinh, tanh } from './hyperbolic.ts';
export { atan, atan2, cos, sin } from './trigonometric.ts';
export type { Random } from './random.ts';
export { createRandom } from './random.ts';
export { mean, sum } from './sums.ts';
export type { QuantileType } from './selection.ts';
export { median, quantile, quantileSorted, robustSpread, selectKth } from './selection.ts';
export { invert, pseudoInverse, reciprocalCondition, symmetricEigen, transpose } from './linear.ts';
export { kmeans, type Clusters } from './clustering.ts';
export type { Density, DensityOptions, Landmark } from './density.ts';
export { findPeaks, halfSampleMode, kernelDensity, silvermanBandwidth, valleyBetween } from './density.ts';
export { createMemory, instantiate } from './webassembly.ts';
export { sortAscending } from './sorting.ts';
