// How far gating itself moves a value: the cuts on the way to its populations, each with the error of its place and the cells that reach
// through it (results/uncertainty.ts). A cut that moves what is divided and what divides moves the quotient by the difference.
// Invariant: without the error of a population's own cut there is no interval, which is not the same as a narrow one; cuts above it count
// where their errors are known.
import { exp } from '../../math/index.ts';
import { errorOfMoves, fractionLimits, type LogError } from '../../results/index.ts';
import type { TubeResult } from './endpoint.ts';

export type { LogError };

/** Error of the events of some populations added, as multiples of those of others added (none: as they are). */
export function gatingError(
  result: Pick<TubeResult, 'populations' | 'uncertainty'> | null,
  paths: readonly string[],
  divisors: readonly string[] = [],
): LogError | null {
  if (result === null) return null;
  const countOf = (path: string) => result.populations.find((row) => row.path === path)?.count ?? 0;
  const shares = (sum: readonly string[], sign: number) => {
    const total = sum.reduce((events, path) => events + countOf(path), 0);
    return sum.map((path) => ({
      moves: result.uncertainty.find((row) => row.path === path)?.moves ?? [],
      share: total === 0 ? 0 : (sign * countOf(path)) / total,
    }));
  };
  const isKnown = (path: string) =>
    result.uncertainty.some((row) => row.path === path && row.gateLow !== null);
  const isAncestor = (path: string) => paths.every((own) => own.startsWith(`${path}/`));
  if (!paths.some((path) => countOf(path) > 0)) return null;
  if (!paths.every(isKnown)) return null;
  if (!divisors.every((path) => isKnown(path) || isAncestor(path))) return null;
  return errorOfMoves([...shares(paths, 1), ...shares(divisors, -1)]);
}

/** Both errors together, for products and quotients; null where either is not known. */
export function joined(a: LogError | null, b: LogError | null): LogError | null {
  if (a === null || b === null) return null;
  const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);
  return { down: length(a.down, b.down), up: length(a.up, b.up) };
}

/** What divides by it moves the other way. */
export function inverted(error: LogError | null): LogError | null {
  return error === null ? null : { down: error.up, up: error.down };
}

/** The interval of a value; null where the value or its error is not there. */
export function gatingInterval(
  value: number | null,
  error: LogError | null,
): { readonly low: number; readonly high: number } | null {
  if (value === null || value <= 0 || error === null) return null;
  return { low: value * exp(-error.down), high: value * exp(error.up) };
}

/** The interval of a percentage of a parent, never above 100; null where the value or its error is not there. */
export function percentInterval(
  value: number | null,
  error: LogError | null,
): { readonly low: number; readonly high: number } | null {
  if (value === null || value <= 0 || error === null) return null;
  const { low, high } = fractionLimits(value / 100, error);
  return { low: 100 * low, high: 100 * high };
}

/**
 * The interval of 100·(p1 − p0), percentage points, from the errors of two fractions in [0, 1] that do not move together; null where one
 * of the errors is not known. A cut that both tubes share would move them together and the difference less: it is never too narrow.
 */
export function differenceInterval(
  [p1, p0]: readonly [number, number],
  [e1, e0]: readonly [LogError | null, LogError | null],
): { readonly low: number; readonly high: number } | null {
  if (e1 === null || e0 === null) return null;
  const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);
  const [down1, up1] = [p1 * (1 - exp(-e1.down)), p1 * (exp(e1.up) - 1)];
  const [down0, up0] = [p0 * (1 - exp(-e0.down)), p0 * (exp(e0.up) - 1)];
  return { low: 100 * (p1 - p0 - length(down1, up0)), high: 100 * (p1 - p0 + length(up1, down0)) };
}
