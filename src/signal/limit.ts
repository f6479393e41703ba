// A limit on a scale carried back to linear values, once, so that no event need be transformed for a rectangle or a range.
// Invariant: for every x that is not NaN, forward(x) >= limit exactly when x >= lowestInputAtLeast(transform, limit).
import { compileForward, compileInverse } from './scale.ts';
import type { Transform } from './model.ts';

const VALUE = new Float64Array(1);
const BITS = new BigInt64Array(VALUE.buffer);

/**
 * The smallest double t with forward(t) >= limit, by bisection over doubles under our own forward function. A rectangle [min, max) on y
 * is then t_min <= x < t_max, and NaN is never inside. -Infinity when every value passes (limit at or below boundMin, or below the scale);
 * +Infinity when no finite value does (limit above boundMax). Where boundMax clips, x = +Infinity does not pass either: ask `boundMax` first.
 * A NaN limit gives NaN, which no comparison passes.
 */
export function lowestInputAtLeast(transform: Transform, limit: number): number {
  if (Number.isNaN(limit)) return NaN;
  const f = compileForward(transform);
  // f may be NaN below its domain (a logarithm): that does not pass.
  const passes = (place: bigint): boolean => f(doubleAt(place)) >= limit;
  if (f(-Infinity) >= limit) return -Infinity;
  if (!(f(Number.MAX_VALUE) >= limit)) return Infinity;
  if (f(-Number.MAX_VALUE) >= limit) return -Number.MAX_VALUE;
  // Leap from the inverse's guess until the crossing is enclosed: fails at `low`, passes at `high`.
  const first = placeOf(-Number.MAX_VALUE);
  const last = placeOf(Number.MAX_VALUE);
  const guess = compileInverse(transform)(limit);
  const start = placeOf(Number.isFinite(guess) ? guess : 0);
  let low = start;
  let high = start;
  let leap = 1024n;
  if (passes(start)) {
    do {
      high = low;
      low = low - leap < first ? first : low - leap;
      leap *= 16n;
    } while (passes(low));
  } else {
    do {
      low = high;
      high = high + leap > last ? last : high + leap;
      leap *= 16n;
    } while (!passes(high));
  }
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return doubleAt(high);
}

/** Doubles counted in rising order: 0 (and -0) at 0, the next above at 1, the next below at -1. */
function placeOf(x: number): bigint {
  VALUE[0] = x;
  return BITS[0] >= 0n ? BITS[0] : -(BITS[0] & 0x7fffffffffffffffn);
}

function doubleAt(place: bigint): number {
  BITS[0] = place >= 0n ? place : -place;
  return place >= 0n ? VALUE[0] : -VALUE[0];
}
