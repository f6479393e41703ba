// How far gating itself moves a value: the placement errors of the cuts on the way to its population (results/uncertainty.ts).
// Invariant: without the error of a population's own cut there is no interval, which is not the same as a narrow one; cuts above it count
// where their errors are known.
import { exp, log } from '../../math/index.ts';
import type { TubeResult } from './endpoint.ts';

/** Errors of ln(value), downwards and upwards, both at least 0. */
export interface LogError {
  readonly down: number;
  readonly up: number;
}

/**
 * Error of the events of populations added, as multiples of an ancestor: its id, or null for all events. Steps on the way to each
 * population are independent; populations move apart from each other.
 */
export function gatingError(
  result: Pick<TubeResult, 'populations' | 'uncertainty'> | null,
  paths: readonly string[],
  ancestor: string | null,
): LogError | null {
  if (result === null) return null;
  const rows = paths.map((path) => result.populations.find((row) => row.path === path) ?? null);
  const errors = paths.map((path) => chainError(result.uncertainty, path, ancestor));
  const total = rows.reduce((sum, row) => sum + (row?.count ?? 0), 0);
  if (total === 0 || errors.includes(null)) return null;
  if (errors.length === 1) return errors[0];
  const side = (of: (error: LogError) => number): number =>
    Math.sqrt(
      errors.reduce((sum, error, at) => {
        const moved = error === null ? 0 : ((rows[at]?.count ?? 0) / total) * of(error);
        return sum + moved * moved;
      }, 0),
    );
  return { down: side(({ down }) => down), up: side(({ up }) => up) };
}

function chainError(rows: TubeResult['uncertainty'], path: string, ancestor: string | null): LogError | null {
  const steps = path.split('/');
  const first = ancestor === null ? 0 : steps.lastIndexOf(ancestor) + 1;
  let [down, up, known] = [0, 0, false];
  for (let length = first + 1; length <= steps.length; length++) {
    const step = steps.slice(0, length).join('/');
    const row = rows.find((entry) => entry.path === step);
    if (row === undefined || row.gateLow === null || row.gateHigh === null || !row.fractionOfParent) continue;
    known = length === steps.length;
    // a cut that could take everything away has no lower end on this scale; half is as far as it is followed
    const lower = log(row.fractionOfParent / Math.max(row.gateLow, row.fractionOfParent / 2));
    const higher = log(row.gateHigh / row.fractionOfParent);
    down += lower * lower;
    up += higher * higher;
  }
  return known ? { down: Math.sqrt(down), up: Math.sqrt(up) } : null;
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
