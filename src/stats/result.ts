// What every statistical result of this folder carries, and the two input habits they share.
// Invariant: an undefined statistic is null with a warning code beside it; NaN never leaves this folder.
import type { IssueCode } from '../errors.ts';

/** The accountable head of a result: how it was made, from how many values, and what to think of first. */
export interface StatisticResult {
  readonly method: string;
  readonly options: Readonly<Record<string, string | number | boolean | null>>;
  readonly nUsed: number;
  readonly nDropped: number;
  readonly warnings: readonly IssueCode[];
}

/** A value, or null where it is missing. */
export type Maybe = number | null;

/** Interval options; `conf` is the two-sided confidence level, 0.95 unless told. */
export interface IntervalOptions {
  readonly conf?: number;
}

/** The values that are there, in order; null, undefined and what is not finite are missing. */
export function present(values: readonly (number | null | undefined)[]): number[] {
  const out: number[] = [];
  for (const value of values) if (isPresent(value)) out.push(value);
  return out;
}

export function isPresent(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}
