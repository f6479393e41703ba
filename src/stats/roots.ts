// Root finding for quantiles, profile limits and variance ratios.
// Invariant: a root is returned only inside a bracket with a change of sign; without one the answer is null.

/** Root of `f` in [low, high] by Brent's method (Brent 1973, chapter 4); null when the ends have the same sign. */
export function brentRoot(
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-15,
  maxIterations = 200,
): number | null {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa * fb < 0)) return null;
  let c = a;
  let fc = fa;
  let step = b - a;
  let previous = step;
  for (let k = 0; k < maxIterations; k += 1) {
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const tiny = 4.5e-16 * Math.abs(b) + 0.5 * tolerance;
    const middle = 0.5 * (c - b);
    if (Math.abs(middle) <= tiny || fb === 0) return b;
    if (Math.abs(previous) >= tiny && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * middle * s;
        q = 1 - s;
      } else {
        const r = fb / fc;
        const t = fa / fc;
        p = s * (2 * middle * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (2 * p < Math.min(3 * middle * q - Math.abs(tiny * q), Math.abs(previous * q))) {
        previous = step;
        step = p / q;
      } else {
        step = middle;
        previous = middle;
      }
    } else {
      step = middle;
      previous = middle;
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > tiny ? step : middle > 0 ? tiny : -tiny;
    fb = f(b);
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = b - a;
      previous = step;
    }
  }
  return b;
}

/** Root of a monotone `f`, looked for on both sides of `start` in growing steps; null when 200 steps find no change of sign. */
export function monotoneRoot(
  f: (x: number) => number,
  start: number,
  firstStep: number,
  tolerance = 1e-15,
): number | null {
  let low = start;
  let high = start;
  const sign = f(start) > 0;
  let step = firstStep;
  for (let k = 0; k < 200; k += 1) {
    const nextLow = start - step;
    if (f(nextLow) > 0 !== sign) return brentRoot(f, nextLow, low, tolerance);
    const nextHigh = start + step;
    if (f(nextHigh) > 0 !== sign) return brentRoot(f, high, nextHigh, tolerance);
    low = nextLow;
    high = nextHigh;
    step *= 1.6;
  }
  return null;
}
