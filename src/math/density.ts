// One-dimensional densities and their landmarks: kernel estimate on a grid, peaks, valleys, half-sample mode.
// The methods that place gates read cuts off these. Invariant: deterministic; ties go to the lowest index; values that are not finite are left out.
import { exp } from './exponential.ts';
import { pow } from './power.ts';
import { quantile, quantileSorted } from './selection.ts';
import { mean, sum } from './sums.ts';

/** A density on an even grid: `y[i]` (per unit of x, integral 1 over the whole line) at `x[i]`; `bandwidth` = SD of the Gaussian kernel. */
export interface Density {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly bandwidth: number;
}

export interface DensityOptions {
  /** Factor on Silverman's bandwidth. */
  readonly adjust?: number;
  /** SD of the kernel; null = Silverman's times `adjust`. */
  readonly bandwidth?: number | null;
  /** First grid point; null = least value - 3 bandwidths. Values outside the grid still count where their kernels reach in. */
  readonly from?: number | null;
  /** Last grid point; null = greatest value + 3 bandwidths. */
  readonly to?: number | null;
  /** Grid points, at least 2. The spacing should be at most half a bandwidth. */
  readonly points?: number;
}

/** Kernels are cut off here: beyond 8 SD a Gaussian is below 1e-14 of its top. */
const REACH = 8;

/**
 * Gaussian kernel density: linear binning on the grid, then the kernel summed over the bins (Wand and Jones 1995, appendix D). Binning errs
 * by about (spacing / bandwidth)^2 / 12 of the curvature. No finite value: y is 0 everywhere. Throws RangeError when the range is empty or narrower than a bandwidth.
 */
export function kernelDensity(values: ArrayLike<number>, options: DensityOptions = {}): Density {
  const { adjust = 1, points = 512 } = options;
  const finite = finiteOf(values);
  const bandwidth = options.bandwidth ?? adjust * silvermanBandwidth(finite);
  const from = options.from ?? least(finite) - 3 * bandwidth;
  const to = options.to ?? greatest(finite) + 3 * bandwidth;
  const step = (to - from) / (points - 1);
  if (!(points >= 2 && bandwidth > 0 && to - from >= bandwidth && to - from < Infinity)) {
    throw new RangeError(`kernelDensity: range ${from} to ${to}, ${points} points, bandwidth ${bandwidth}`);
  }
  const reach = Math.ceil((REACH * bandwidth) / step);
  const bins = binLinearly(finite, from - reach * step, step, points + 2 * reach);
  const kernel = new Float64Array(reach + 1);
  const scale = 1 / (Math.max(1, finite.length) * bandwidth * 2.5066282746310002);
  for (let j = 0; j <= reach; j++) {
    const z = (j * step) / bandwidth;
    kernel[j] = z > REACH ? 0 : scale * exp(-0.5 * z * z);
  }
  const x = new Float64Array(points);
  const y = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    x[i] = from + i * step;
    let total = kernel[0] * bins[i + reach];
    for (let j = 1; j <= reach; j++) total += kernel[j] * (bins[i + reach - j] + bins[i + reach + j]);
    y[i] = total;
  }
  return { x, y, bandwidth };
}

function finiteOf(values: ArrayLike<number>): Float64Array {
  const finite = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    finite[n] = values[i];
    n += Number(values[i] - values[i] === 0);
  }
  return finite.subarray(0, n);
}

/** Each value shared between the two bins around it by nearness; values outside the bins are left out. */
function binLinearly(values: Float64Array, first: number, step: number, count: number): Float64Array {
  const bins = new Float64Array(count);
  for (const value of values) {
    const position = (value - first) / step;
    const bin = Math.floor(position);
    if (bin < 0 || bin >= count - 1) continue;
    const share = position - bin;
    bins[bin] += 1 - share;
    bins[bin + 1] += share;
  }
  return bins;
}

/**
 * Silverman's rule of thumb as in R's bw.nrd0: 0.9 min(SD, IQR / 1.34) n^(-1/5); where that is 0, SD, then |first value|, then 1 takes the
 * place of the spread. Finite values only.
 */
export function silvermanBandwidth(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return 1;
  const centre = mean(values);
  const sd = n > 1 ? Math.sqrt(sum(squaredDifferences(values, centre)) / (n - 1)) : 0;
  const sorted = isAscending(values) ? values : null;
  const at = (p: number) => (sorted === null ? quantile(values, p) : quantileSorted(sorted, p));
  const iqr = at(0.75) - at(0.25);
  const spread = Math.min(sd, iqr / 1.34) || sd || Math.abs(values[0]) || 1;
  return 0.9 * spread * pow(n, -0.2);
}

function squaredDifferences(values: Float64Array, centre: number): Float64Array {
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = (values[i] - centre) * (values[i] - centre);
  return squares;
}

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] < values[i - 1]) return false;
  return true;
}

function least(values: Float64Array): number {
  let low = values.length === 0 ? 0 : values[0];
  for (let i = 1; i < values.length; i++) if (values[i] < low) low = values[i];
  return low;
}
function greatest(values: Float64Array): number {
  let high = values.length === 0 ? 1 : values[0];
  for (let i = 1; i < values.length; i++) if (values[i] > high) high = values[i];
  return high;
}

/** A point of a density curve: `index` on its grid, position, height. */
export interface Landmark {
  readonly index: number;
  readonly x: number;
  readonly height: number;
}

/**
 * Local maxima, left to right, at least `minHeightFraction` of the highest one. A flat top counts once, at its middle; the two ends of
 * the grid are not peaks (the curve may go on rising beyond).
 */
export function findPeaks(density: Density, minHeightFraction = 0): readonly Landmark[] {
  const { y } = density;
  const peaks: Landmark[] = [];
  for (let i = 1; i < y.length - 1; i++) {
    if (!(y[i] > y[i - 1])) continue;
    let end = i;
    while (end < y.length - 1 && y[end + 1] === y[i]) end++;
    if (end < y.length - 1 && y[end + 1] < y[i]) peaks.push(landmark(density, (i + end) >> 1));
    i = end;
  }
  const highest = peaks.reduce((top, peak) => Math.max(top, peak.height), 0);
  return peaks.filter((peak) => peak.height >= minHeightFraction * highest);
}

/** Lowest point strictly between two peaks, `left.index < right.index`; of a flat bottom (the first one) the middle. Null when nothing lies between. */
export function valleyBetween(density: Density, left: Landmark, right: Landmark): Landmark | null {
  const { y } = density;
  if (right.index - left.index < 2) return null;
  let lowest = left.index + 1;
  for (let i = lowest + 1; i < right.index; i++) if (y[i] < y[lowest]) lowest = i;
  let end = lowest;
  while (end + 1 < right.index && y[end + 1] === y[lowest]) end++;
  return landmark(density, (lowest + end) >> 1);
}

function landmark({ x, y }: Density, index: number): Landmark {
  return { index, x: x[index], height: y[index] };
}

/**
 * Half-sample mode (Robertson and Cryer 1974; Bickel and Fruehwirth 2006): the shortest half of the shortest half ... of ascending
 * finite values; NaN for none. Of equally short halves the first is taken, of three evenly spaced values the middle one.
 */
export function halfSampleMode(sorted: ArrayLike<number>): number {
  let first = 0;
  let n = sorted.length;
  if (n === 0) return NaN;
  while (n > 3) {
    const half = (n + 1) >> 1;
    let best = first;
    for (let i = first + 1; i + half <= first + n; i++) {
      if (sorted[i + half - 1] - sorted[i] < sorted[best + half - 1] - sorted[best]) best = i;
    }
    first = best;
    n = half;
  }
  if (n === 1) return sorted[first];
  if (n === 2) return sorted[first] / 2 + sorted[first + 1] / 2;
  const left = sorted[first + 1] - sorted[first];
  const right = sorted[first + 2] - sorted[first + 1];
  if (left === right) return sorted[first + 1];
  return left < right
    ? sorted[first] / 2 + sorted[first + 1] / 2
    : sorted[first + 1] / 2 + sorted[first + 2] / 2;
}
