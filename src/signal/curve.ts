// The two curved Gating-ML scales that have no closed form, logicle and hyperlog, in one shape.
// With t the distance from the zero point x1 both are linear = rise * (e^(b t) - 1) + pull(t): a sum of two rising parts, odd about x1,
// convex for t >= 0. Invariant: Newton's steps from above never overshoot, so the root is always found.
import { exp, expm1, log, log1p } from '../math/index.ts';
import { snap } from './snap.ts';

/** A scale without bounds: y = forward(x), x = inverse(y), both rising over all of their range. */
export interface Curve {
  readonly forward: (x: number) => number;
  readonly inverse: (y: number) => number;
}

export interface CurveParameters {
  readonly T: number;
  readonly W: number;
  readonly M: number;
  readonly A: number;
}

const LN10 = 2.302585092994046;

/**
 * Logicle of Moore and Parks 2012 (Gating-ML 2.0 section 6.4), x -> y with y(T) = 1.
 * B(x1 + t) = a e^(b x1) (e^(b t) - 1) + c e^(-d x1) (1 - e^(-d t)): the biexponential of the paper written about its zero, where it
 * needs no series and loses no digits.
 */
export function logicle({ T, W, M, A }: CurveParameters): Curve {
  const b = (M + A) * LN10;
  const w = W / (M + A);
  const x2 = A / (M + A);
  const x1 = x2 + w;
  const x0 = x2 + 2 * w;
  const d = logicleD(b, w);
  // all relative to a: c / a, then a from B(1) = T
  const c = exp(x0 * (b + d));
  const rise = exp(b * x1);
  const pull = c * exp(-d * x1);
  const a = T / (rise * expm1(b * (1 - x1)) - pull * expm1(-d * (1 - x1)));
  return oddCurve(x1, a * rise, b, a * pull, d);
}

/** d of the logicle (and of the biexponential): the root of 2 (ln d - ln b) + w (b + d) in (0, b], by bisection to the last bit; b itself for w = 0. */
export function logicleD(b: number, w: number): number {
  if (w === 0) return b;
  const excess = (d: number): number => 2 * log(d / b) + w * (b + d);
  let low = 0;
  let high = b;
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return middle;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
}

/**
 * Hyperlog of Bagwell 2005 in the Gating-ML 2.0 form (section 6.5), x -> y with y(T) = 1.
 * EH(x1 + t) = a e^(b x1) (e^(b t) - 1) + c t.
 */
export function hyperlog({ T, W, M, A }: CurveParameters): Curve {
  const b = (M + A) * LN10;
  const w = W / (M + A);
  const x2 = A / (M + A);
  const x1 = x2 + w;
  const x0 = x2 + 2 * w;
  const c = exp(b * x0) / w;
  const rise = exp(b * x1);
  const a = T / (rise * expm1(b * (1 - x1)) + c * (1 - x1));
  return oddCurve(x1, a * rise, b, a * c, 0);
}

/** linear(t) = rise (e^(b t) - 1) + pull (1 - e^(-d t)), or + pull t when d = 0, mirrored about x1 for values below zero. */
function oddCurve(x1: number, rise: number, b: number, pull: number, d: number): Curve {
  const startSlope = rise * b + (d > 0 ? pull * d : pull);
  function inverse(y: number): number {
    const t = Math.abs(y - x1);
    const value = rise * expm1(b * t) + (d > 0 ? -pull * expm1(-d * t) : pull * t);
    return y < x1 ? -value : value;
  }
  function forward(x: number): number {
    const target = Math.abs(x);
    if (!(target < 1e290)) return farForward(x);
    // Both are at or above the root: the exponential part alone, and the tangent at zero (the curve is convex).
    let t = Math.min(log1p(target / rise) / b, target / startSlope);
    for (let i = 0; i < 40; i++) {
      // Plain exponentials: what cancels here is of the size of one rounding in t, which is all that is asked.
      const growth = rise * exp(b * t);
      const decay = d > 0 ? pull * exp(-d * t) : 0;
      const excess = growth - rise + (d > 0 ? pull - decay : pull * t) - target;
      const slope = b * growth + (d > 0 ? d * decay : pull);
      // Halley's step: cubic, and still from above where the curve is convex and rising.
      const newton = excess / slope;
      const step = newton / (1 - (0.5 * newton * (b * b * growth - d * d * decay)) / slope);
      t -= step;
      if (!(Math.abs(step) > 1e-7)) break; // what is left is of the order of its cube
    }
    return snap(x, x < 0 ? x1 - t : x1 + t, inverse);
  }
  /** Where products could overflow the exponential part is all there is. */
  function farForward(x: number): number {
    const t = (log(Math.abs(x)) - log(rise)) / b;
    return snap(x, x < 0 ? x1 - t : x1 + t, inverse);
  }
  return { forward, inverse };
}
