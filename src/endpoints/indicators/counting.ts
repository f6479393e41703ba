// Counting statistics of rare cells: how sure a number of events is, and how many to acquire (populations.md section 4).
// Pure arithmetic under every indicator of this folder; fractions lie in [0, 1], intervals are two-sided.
import { ImmunogateError } from '../../errors.ts';
import { exp } from '../../math/index.ts';
import { chiSquareQuantile, normalQuantile, wilson, type Interval } from '../../stats/index.ts';
import { requireNotNegative, requireWithin } from './indicator.ts';

/** Coefficient of variation 1/√k of k Poisson events, as a fraction; null for no events. */
export function poissonCv(events: number): number | null {
  requireNotNegative({ events });
  return events > 0 ? 1 / Math.sqrt(events) : null;
}

/** Fewest events to acquire so that a population of this frequency (0 < fraction ≤ 1) is expected to have `wanted` events. */
export function eventsToAcquire(wanted: number, fraction: number): number {
  requireNotNegative({ wanted });
  if (!(fraction > 0 && fraction <= 1)) {
    throw new ImmunogateError(
      'BAD_INPUT',
      `The frequency ${fraction} is not a fraction above 0 and up to 1.`,
    );
  }
  // The shrinkage keeps a quotient that is whole on paper from being raised by its last binary digit.
  return Math.ceil((wanted / fraction) * (1 - 1e-14));
}

/** Exact interval of a Poisson mean after `events` events, in events: Garwood (1936), Biometrika 28:437. */
export function poissonInterval(events: number, conf = 0.95): Interval {
  requireNotNegative({ events });
  const half = (1 - conf) / 2;
  return {
    low: events === 0 ? 0 : chiSquareQuantile(half, 2 * events) / 2,
    high: chiSquareQuantile(1 - half, 2 * events + 2) / 2,
  };
}

/** value·exp(±z·cv) of a positive value; z = 1.96 at 95 %. */
export function lognormalInterval(value: number, cv: number, conf = 0.95): Interval {
  const factor = exp(normalQuantile(1 - (1 - conf) / 2) * cv);
  return { low: value / factor, high: value * factor };
}

/** A difference of two fractions with its interval, both in [-1, 1]. */
export interface DifferenceOfFractions extends Interval {
  readonly difference: number;
}

/** x1/n1 − x0/n0 of independent samples, n1 and n0 > 0: Newcombe (1998) method 10, Statist. Med. 17:873, from two Wilson intervals. */
export function newcombeDifference(
  x1: number,
  n1: number,
  x0: number,
  n0: number,
  conf = 0.95,
): DifferenceOfFractions {
  requireNotNegative({ x1, n1, x0, n0 });
  requireWithin(x1, n1);
  requireWithin(x0, n0);
  if (n1 === 0 || n0 === 0) throw new ImmunogateError('BAD_INPUT', 'A fraction of no events has no value.');
  const [p1, p0] = [x1 / n1, x0 / n0];
  const [first, second] = [wilson(x1, n1, conf), wilson(x0, n0, conf)];
  const difference = p1 - p0;
  return {
    difference,
    low: difference - length(p1 - first.low, second.high - p0),
    high: difference + length(first.high - p1, p0 - second.low),
  };
}

function length(a: number, b: number): number {
  return Math.sqrt(a * a + b * b);
}
