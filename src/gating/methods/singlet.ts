// S: singlets along a robust line of height (or width) on area. Doublets have twice the area of a cell but little more height, so
// they fall below the line. The gate is the wedge of relative residuals between two multiples of their robust SD.
import { z } from 'zod';
import { exp, median, robustSpread } from '../../math/index.ts';
import { everyNth, valuesAt } from '../inside.ts';
import type { GatingMethod } from './contract.ts';

const params = z.strictObject({
  /** Limits of the relative residual in robust SD. */
  lower: z.number().negative().default(-3),
  upper: z.number().positive().default(4),
});

const PI = 3.141592653589793;
const FEWEST = 50;
/** Events that show the line at most, evenly chosen: they give its spread to one part in a hundred. */
const MOST = 20_000;
/** Steps of reweighting; the weights settle within a few. */
const STEPS = 12;
/** Tuning constant of Tukey's biweight, 95 % efficient at the normal. */
const TUKEY = 4.685;

export const singlet: GatingMethod<z.infer<typeof params>> = {
  name: 'singlet',
  dims: 2,
  params,
  fit(input, { lower, upper }) {
    const [areas, heights] = input.columns;
    const events = usable(areas, heights);
    if (events.length < FEWEST) {
      return {
        status: 'rejected',
        reason: `only ${events.length} events with positive area and height`,
        evidence: { events: events.length },
      };
    }
    const some = everyNth(events, MOST).places;
    const line = robustLine(valuesAt(areas, some), valuesAt(heights, some));
    const evidence = {
      slope: line.slope,
      intercept: line.intercept,
      relativeSpread: line.spread,
      events: events.length,
    };
    if (!(line.spread > 0 && line.slope > 0))
      return { status: 'rejected', reason: 'height does not rise with area', evidence };
    const largest = largestOf(areas, events);
    const low = 1 + lower * line.spread;
    const high = 1 + upper * line.spread;
    const share = shareOutside(some, input.columns, { line, lower, upper });
    const at = (a: number) => Math.max(line.intercept + line.slope * a, 0);
    // from just left of the smallest event that the line can explain to beyond the largest
    const begin = line.intercept < 0 ? -line.intercept / line.slope : 0;
    const end = 1.1 * largest;
    return {
      status: 'fitted',
      gate: {
        kind: 'polygon',
        dims: [input.dims[0], input.dims[1]],
        vertices: [
          [begin, at(begin) * Math.max(low, 0)],
          [end, at(end) * Math.max(low, 0)],
          [end, at(end) * high],
          [begin, at(begin) * high],
        ],
      },
      cut: null,
      evidence: { ...evidence, ...share },
    };
  },
};

/**
 * Doublets lie below the line, so as many single cells are lost below the lower limit as lie beyond its mirror above the line; and twice as
 * many beyond the upper limit as lie there, at most. `shareError`: the spread is known to 1.17 / sqrt(2 n) of itself, at a normal's density there.
 */
function shareOutside(
  events: Uint32Array,
  [areas, heights]: readonly Float64Array[],
  { line, lower, upper }: { readonly line: Line; readonly lower: number; readonly upper: number },
): { readonly missedShare: number; readonly foreignShare: number; readonly shareError: number } {
  let [inside, beyond, mirrored] = [0, 0, 0];
  for (const e of events) {
    const at = line.intercept + line.slope * areas[e];
    const residual = at > 0 ? (heights[e] - at) / (at * line.spread) : Infinity;
    if (residual >= lower && residual <= upper) inside++;
    if (residual > -lower) mirrored++;
    if (residual > upper) beyond++;
  }
  const density = exp(-0.5 * lower * lower) / Math.sqrt(2 * PI);
  return {
    missedShare: inside === 0 ? 0 : (mirrored + beyond) / inside,
    foreignShare: 0,
    shareError: (-lower * density * 1.17) / Math.sqrt(2 * events.length),
  };
}

interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Robust SD of the relative residual (height - line) / line. */
  readonly spread: number;
}

/** Iteratively reweighted least squares of height on area with Tukey weights of relative residuals; starts at the median ratio. */
function robustLine(area: Float64Array, height: Float64Array): Line {
  let line: Line = { slope: median(quotients(height, area)), intercept: 0, spread: 0 };
  const residuals = new Float64Array(area.length);
  for (let step = 0; step < STEPS; step++) {
    relativeResiduals(area, height, line, residuals);
    const spread = robustSpread(residuals, 0);
    line = { ...line, spread };
    if (!(spread > 0)) break;
    const [w0, wx, wy, wxx, wxy] = weightedSums(area, height, residuals, line);
    const determinant = w0 * wxx - wx * wx;
    if (!(determinant > 0)) break;
    const slope = (w0 * wxy - wx * wy) / determinant;
    line = { slope, intercept: (wy - slope * wx) / w0, spread };
  }
  return line;
}

/** (height - line) / line of each event; 1 where the line is not above zero. */
function relativeResiduals(area: Float64Array, height: Float64Array, line: Line, out: Float64Array): void {
  const { slope, intercept } = line;
  for (let e = 0; e < area.length; e++) {
    const on = intercept + slope * area[e];
    out[e] = on > 0 ? (height[e] - on) / on : 1;
  }
}

/** Sums of w, w x, w y, w x^2, w x y. Weights fall with the relative residual and with the square of the line, because the spread grows along it. */
function weightedSums(
  area: Float64Array,
  height: Float64Array,
  residuals: Float64Array,
  { slope, intercept, spread }: Line,
): Float64Array {
  let w0 = 0;
  let wx = 0;
  let wy = 0;
  let wxx = 0;
  let wxy = 0;
  for (let e = 0; e < area.length; e++) {
    const u = residuals[e] / (TUKEY * spread);
    if (Math.abs(u) >= 1) continue;
    const on = intercept + slope * area[e];
    const w = ((1 - u * u) * (1 - u * u)) / (on * on);
    w0 += w;
    wx += w * area[e];
    wy += w * height[e];
    wxx += w * area[e] * area[e];
    wxy += w * area[e] * height[e];
  }
  return Float64Array.of(w0, wx, wy, wxx, wxy);
}

/** Events with positive, finite area and height. */
function usable(areas: Float64Array, heights: Float64Array): Uint32Array {
  const events = new Uint32Array(areas.length);
  let n = 0;
  for (let e = 0; e < areas.length; e++) {
    events[n] = e;
    n += Number(areas[e] > 0 && heights[e] > 0 && areas[e] < Infinity && heights[e] < Infinity);
  }
  return events.subarray(0, n);
}

function largestOf(column: Float64Array, events: Uint32Array): number {
  let most = 0;
  for (let i = 0; i < events.length; i++) most = Math.max(most, column[events[i]]);
  return most;
}

function quotients(above: Float64Array, below: Float64Array): Float64Array {
  const values = new Float64Array(above.length);
  for (let i = 0; i < values.length; i++) values[i] = above[i] / below[i];
  return values;
}
