// Limits of blank, detection and quantification, the status they give, and what a table prints for it (populations.md section 4).
// Invariant: the measured value is never deleted; a status only says how it may be listed and summarised.
import { formatFixed, mean, standardDeviation, wilson } from '../../stats/index.ts';
import {
  notEvaluable,
  requireNotNegative,
  requireWithin,
  worstStatus,
  type Indicator,
  type IndicatorStatus,
  type Measured,
} from './indicator.ts';

/** Limits in events. `lob` is null where no blanks were measured. */
export interface EventLimits {
  readonly lob: number | null;
  readonly lod: number;
  readonly lloq: number;
}

/** Limits in the unit of the value they belong to: cells/µL or percent. */
export interface ValueLimits {
  readonly lod: number;
  readonly lloq: number;
}

/** Twenty events to detect, fifty to quantify (CV 14 %): the floor under every measured limit. */
export const defaultLimits: EventLimits = { lob: null, lod: 20, lloq: 50 };

/** From this many events on a population is `OK`: the rule for primary parameters (CV 10 %). */
const FULL_EVENTS = 100;
/** Percent of a parent: fewest parent events to be evaluable, and to be `OK`. */
const PARENT_EVALUABLE = 100;
const PARENT_FULL = 500;
const ONE_SIDED_95 = 1.645;

/**
 * Limits in events from blanks (FMO or gate-shuffled) and low samples, each scaled to the acquired volume of the sample:
 * LOB = mean + 1.645 SD of the blanks, LOD = max(20, LOB + 1.645 SD of the low samples), LLOQ = max(50, 3 LOB).
 * With fewer than two blanks or two low samples an SD is unknown and the floors stand, `lob` null.
 */
export function limitsFromBlanks(
  blankEvents: readonly number[],
  lowSampleEvents: readonly number[],
): EventLimits {
  for (const events of [...blankEvents, ...lowSampleEvents]) requireNotNegative({ events });
  const average = mean(blankEvents);
  const blankSd = standardDeviation(blankEvents);
  const lowSd = standardDeviation(lowSampleEvents);
  if (average === null || blankSd === null || lowSd === null) return defaultLimits;
  const lob = average + ONE_SIDED_95 * blankSd;
  return {
    lob,
    lod: Math.max(defaultLimits.lod, lob + ONE_SIDED_95 * lowSd),
    lloq: Math.max(defaultLimits.lloq, 3 * lob),
  };
}

/** Limits in cells/µL; the volume is the acquired blood in µL, > 0. */
export function limitsPerMicrolitre(limits: EventLimits, acquiredMicrolitres: number): ValueLimits {
  return { lod: limits.lod / acquiredMicrolitres, lloq: limits.lloq / acquiredMicrolitres };
}

/** Status of a number of events; null events are not evaluable. */
export function countStatus(events: Measured, limits: EventLimits = defaultLimits): IndicatorStatus {
  requireNotNegative({ events });
  if (events === null) return 'NE';
  if (events < limits.lod) return 'ND';
  if (events < limits.lloq) return 'BLQ';
  return events < FULL_EVENTS ? 'LOWN' : 'OK';
}

/** Status that the size of the parent allows a percentage: NE below 100 events, LOWN below 500. */
export function parentStatus(parentEvents: Measured): IndicatorStatus {
  requireNotNegative({ parentEvents });
  if (parentEvents === null || parentEvents < PARENT_EVALUABLE) return 'NE';
  return parentEvents < PARENT_FULL ? 'LOWN' : 'OK';
}

/** A percentage of a parent, with its limits in percent where it is evaluable. */
export interface Percentage extends Indicator {
  readonly limits: ValueLimits | null;
}

/**
 * 100·events/parent in percent with the Wilson interval: Treg of CD4, CD8ACT, M-MDSC of CD14+, LOX-1 of neutrophils, …
 * The weaker of the parent's and the events' status holds, so that no event at all of a large parent is ND with the value 0.
 */
export function percentage(
  events: Measured,
  parentEvents: Measured,
  options: { readonly limits?: EventLimits; readonly conf?: number } = {},
): Percentage {
  const { limits = defaultLimits, conf = 0.95 } = options;
  const status = worstStatus(countStatus(events, limits), parentStatus(parentEvents));
  requireWithin(events, parentEvents);
  if (events === null) return { ...notEvaluable('The population was not evaluable.'), limits: null };
  if (parentEvents === null) return { ...notEvaluable('The parent was not evaluable.'), limits: null };
  if (status === 'NE') {
    const reason = `The parent has ${parentEvents} events; ${PARENT_EVALUABLE} are needed.`;
    return { ...notEvaluable(reason), limits: null };
  }
  const { low, high } = wilson(events, parentEvents, conf);
  return {
    value: (100 * events) / parentEvents,
    ciLow: 100 * low,
    ciHigh: 100 * high,
    status,
    reason: null,
    limits: { lod: (100 * limits.lod) / parentEvents, lloq: (100 * limits.lloq) / parentEvents },
  };
}

/** How one value appears. Unit as the value. */
export interface Reported {
  /** The number with its decimals, "<LLOQ", "<LOD" or "NE". */
  readonly listed: string;
  /** What enters geometric summaries: LLOQ/2 for BLQ, LOD/2 for ND, null for NE. */
  readonly summary: number | null;
  /** What enters the sensitivity analysis: as `summary`, but a BLQ value as measured. */
  readonly sensitivity: number | null;
  /** Upper limit of what may have been missed; null unless ND. */
  readonly upperBound: number | null;
}

/** `limits` are those of the value; without them a value below a limit has no substitute and its summary is null. */
export function reported(indicator: Indicator, limits: ValueLimits | null, decimals = 1): Reported {
  const { value, status, ciHigh } = indicator;
  switch (status) {
    case 'OK':
    case 'LOWN': {
      const listed = formatFixed(value, decimals);
      return { listed, summary: value, sensitivity: value, upperBound: null };
    }
    case 'BLQ': {
      const summary = limits === null ? null : limits.lloq / 2;
      return { listed: '<LLOQ', summary, sensitivity: value, upperBound: null };
    }
    case 'ND': {
      const summary = limits === null ? null : limits.lod / 2;
      return { listed: '<LOD', summary, sensitivity: summary, upperBound: ciHigh };
    }
    case 'NE':
      return { listed: 'NE', summary: null, sensitivity: null, upperBound: null };
  }
}

/** Whether two visits may stand in a paired change table: both at least LOWN, nothing substituted. */
export function pairable(earlier: IndicatorStatus, later: IndicatorStatus): boolean {
  return [earlier, later].every((status) => status === 'OK' || status === 'LOWN');
}
