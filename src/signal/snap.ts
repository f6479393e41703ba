// Makes the result of an iteration rise with its input in the last bit too, so that one linear limit stands exactly for one scaled limit:
// the result is a whole multiple of a small step, and which one is decided, where rounding could sway it, by the inverse.
// Invariant: x1 <= x2 gives snap(x1) <= snap(x2), as long as the errors of `approximate` and of the inverse stay below 1/5 step together.

/** Smallest step, 2^-48 = 3.6e-15: some ten times the error of the functions in this folder, far below what moves an event (1e-6). */
const STEP = 3.552713678800501e-15;
const SURE = 0.3;

/**
 * The multiple of the step nearest to the true f(x), given an `approximate` f(x) and the inverse of f. The step is 2^-48 for
 * |f(x)| < 2 and sixteen times larger for every factor of sixteen beyond. NaN and infinities pass through.
 */
export function snap(x: number, approximate: number, inverse: (y: number) => number): number {
  const size = Math.abs(approximate);
  let step = STEP;
  if (!(size < 2)) {
    if (!(size < Infinity)) return approximate;
    for (let limit = 2; size >= limit; limit *= 16) step *= 16;
  }
  const position = approximate / step;
  const nearest = Math.floor(position + 0.5);
  const offset = position - nearest;
  if (offset > SURE) return (x >= inverse((nearest + 0.5) * step) ? nearest + 1 : nearest) * step;
  if (offset < -SURE) return (x >= inverse((nearest - 0.5) * step) ? nearest : nearest - 1) * step;
  return nearest * step;
}
