// What every immune indicator of this folder is: a value with its interval, a status, and a reason in words where there is no value.
// Invariant: three things never mix. Zero is a value (status ND at most); not evaluable is NE with null; below a limit is ND or BLQ.
import { ImmunogateError } from '../../errors.ts';

/**
 * From best to worst (populations.md section 4): `OK`; `LOWN` few events, value and interval are shown; `BLQ` below the limit of
 * quantification; `ND` below the limit of detection; `NE` not evaluable.
 */
export type IndicatorStatus = 'OK' | 'LOWN' | 'BLQ' | 'ND' | 'NE';

/** One derived number. Units stand at the function that makes it; the interval has the same unit as the value. */
export interface Indicator {
  readonly value: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly status: IndicatorStatus;
  /** In words, whenever `value` is null; null otherwise. */
  readonly reason: string | null;
}

/** A number that was measured, or null where its population or instrument gave none (not evaluable, never zero). */
export type Measured = number | null;

const order: readonly IndicatorStatus[] = ['OK', 'LOWN', 'BLQ', 'ND', 'NE'];

export function worstStatus(...statuses: readonly IndicatorStatus[]): IndicatorStatus {
  return order[Math.max(0, ...statuses.map((status) => order.indexOf(status)))];
}

/** No value, and why. */
export function notEvaluable(reason: string): Indicator {
  return { value: null, ciLow: null, ciHigh: null, status: 'NE', reason };
}

/** Throws BAD_INPUT unless the number is null or finite and at least 0 (events, volumes, concentrations, coefficients of variation). */
export function requireNotNegative(numbers: Readonly<Record<string, Measured>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === null || (Number.isFinite(value) && value >= 0)) continue;
    throw new ImmunogateError('BAD_INPUT', `${name} is ${String(value)}; a number of at least 0 is needed.`, {
      place: name,
    });
  }
}

/** Throws BAD_INPUT unless the part lies within the whole, which holds for every population and its parent. */
export function requireWithin(
  part: Measured,
  whole: Measured,
  names: string = 'events and parent events',
): void {
  if (part === null || whole === null || part <= whole) return;
  throw new ImmunogateError(
    'BAD_INPUT',
    `A part is larger than its whole: ${names} are ${part} and ${whole}.`,
  );
}
