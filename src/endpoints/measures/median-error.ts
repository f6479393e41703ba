// How far a median moves by chance and by gating, from the spread of its population: near the middle of a population its density is that of
// a normal of the same robust SD, whatever its tails are.
import type { MedianFound } from './tubes.ts';
import type { Limits } from './combined-interval.ts';
import { gatingError } from './gating-error.ts';
import type { Tube } from './endpoint.ts';

/** Half widths at 95 %, in the unit of the median; null = not known. */
export interface MedianError {
  readonly counting: number | null;
  readonly gating: number | null;
}

const Z95 = 1.959963984540054;
/** 1 / density of the standard normal in its middle, over 2: sqrt(pi / 2). */
const HALF_OVER_DENSITY = 1.2533141373155003;

/**
 * Counting: the order statistics at n/2 +- 1.96 sqrt(n)/2 lie 1.96 x 1.2533 SD / sqrt(n) from the median. Gating: a share d of the cells
 * that comes or goes on one side of it moves it by d/2 of the ranks, 1.2533 d SD; on both sides by less.
 */
export function medianError(tube: Tube, { robustSd, n, paths }: MedianFound): MedianError {
  if (robustSd === null || n === null || n === 0) return { counting: null, gating: null };
  const error = gatingError(tube.result, paths);
  return {
    counting: (Z95 * HALF_OVER_DENSITY * robustSd) / Math.sqrt(n),
    gating: error === null ? null : HALF_OVER_DENSITY * robustSd * Math.max(error.down, error.up),
  };
}

/** Of a difference of two medians. */
export function differenceError(a: MedianError, b: MedianError): MedianError {
  const both = (x: number | null, y: number | null) =>
    x === null || y === null ? null : Math.sqrt(x * x + y * y);
  return { counting: both(a.counting, b.counting), gating: both(a.gating, b.gating) };
}

/** Squares of half widths: of what is divided, of what divides, and what both have in common. */
interface Spread {
  readonly above: number;
  readonly below: number;
  readonly shared: number;
}

/**
 * Limits of above/below, two normal estimates that may share an error: Fieller (1954), J. R. Statist. Soc. B 16:175. Null where `below` is
 * not clear of zero, for then the limits enclose no interval.
 */
export function quotientLimits(above: number, below: number, spread: Spread): Limits | null {
  const a = below * below - spread.below;
  if (!(a > 0)) return null;
  const b = above * below - spread.shared;
  const root = Math.sqrt(Math.max(0, b * b - a * (above * above - spread.above)));
  return { low: (b - root) / a, high: (b + root) / a };
}

/** Errors of a quotient of two differences of medians, each (median - blank); blanks that are one tube move both. */
export interface ShiftErrors {
  readonly median: MedianError;
  readonly blank: MedianError;
}

/** Counting and gating limits of above/below; null where an error is not known. */
export function shiftQuotientLimits(
  [above, below]: readonly [number, number],
  [top, bottom]: readonly [ShiftErrors, ShiftErrors],
  sameBlank: boolean,
): { readonly counting: Limits | null; readonly gating: Limits | null } {
  const of = (kind: keyof MedianError): Limits | null => {
    const halves = [top.median[kind], top.blank[kind], bottom.median[kind], bottom.blank[kind]];
    const [m1, n1, m0, n0] = halves.map((half) => (half === null ? NaN : half * half));
    if (halves.includes(null)) return null;
    return quotientLimits(above, below, { above: m1 + n1, below: m0 + n0, shared: sameBlank ? n0 : 0 });
  };
  return { counting: of('counting'), gating: of('gating') };
}

export function around(value: number | null, half: number | null): Limits | null {
  return value === null || half === null ? null : { low: value - half, high: value + half };
}
