// Intensities: median of compensated linear values against the FMO tube, its change by a stimulus, and PD-1 occupancy
// (populations.md section 4). Invariant: medians are linear, never transformed; only `deltaY` is on the asinh(x/150) scale.
import { asinh } from '../../math/index.ts';
import { ImmunogateError } from '../../errors.ts';
import {
  notEvaluable,
  requireNotNegative,
  worstStatus,
  type Indicator,
  type IndicatorStatus,
  type Measured,
} from './indicator.ts';

/** Median of the gated cells in the stained and in the FMO tube (linear units; may be negative), and how many cells there were. */
export interface MedianPair {
  readonly median: Measured;
  readonly fmoMedian: Measured;
  readonly events: Measured;
  readonly fmoEvents: Measured;
}

/** `value` is MdFI − MdFI_FMO in linear units; its interval needs the spread of the cells (measures/median-error.ts). */
export interface IntensityShift extends Indicator {
  /** MdFI/MdFI_FMO; null with its reason where the FMO median is 20 or less: use `deltaY`. */
  readonly fold: number | null;
  readonly foldReason: string | null;
  /** asinh(MdFI/150) − asinh(MdFI_FMO/150), without unit. */
  readonly deltaY: number | null;
}

const MEDIAN_EVENTS = 50;
const MEDIAN_EVENTS_FULL = 100;
/** A blank is a part of the difference only: below these it is not evaluable, below `MEDIAN_EVENTS` it is LOWN. */
const BLANK_EVENTS = 20;
const FOLD_FMO_ABOVE = 20;
/** Cofactor of the y scale at a top of scale of 262,144 (populations.md section 0). */
const COFACTOR = 150;

/** ΔMdFI, fold and Δy. NE below 50 stained or 20 FMO events, LOWN below 100 or 50. `cofactor` is that of the y scale, 150 unless the top of scale differs. */
export function deltaMdfi(
  { median, fmoMedian, events, fmoEvents }: MedianPair,
  options: { readonly cofactor?: number } = {},
): IntensityShift {
  const { cofactor = COFACTOR } = options;
  requireFinite({ median, fmoMedian });
  const stained = medianStatus(events);
  if (stained === 'NE') return noShift(fewEvents(events));
  if (median === null) return noShift('The median was not evaluable.');
  if (fmoMedian === null) return noShift('The FMO tube has no median.');
  const blank = blankStatus(fmoEvents);
  if (blank === 'NE') return noShift(fewBlankEvents(fmoEvents));
  const status = worstStatus(stained, blank);
  const foldable = fmoMedian > FOLD_FMO_ABOVE;
  return {
    ...known(median - fmoMedian, status),
    fold: foldable ? median / fmoMedian : null,
    foldReason: foldable ? null : `The FMO median is not above ${FOLD_FMO_ABOVE}.`,
    deltaY: asinh(median / cofactor) - asinh(fmoMedian / cofactor),
  };
}

/** ΔMdFI stimulated over ΔMdFI unstimulated, without unit; NE unless the unstimulated one is above 0. */
export function activationIndex(stimulated: IntensityShift, unstimulated: IntensityShift): Indicator {
  if (stimulated.value === null) return notEvaluable(`Stimulated: ${stimulated.reason ?? 'not evaluable.'}`);
  if (unstimulated.value === null) {
    return notEvaluable(`Unstimulated: ${unstimulated.reason ?? 'not evaluable.'}`);
  }
  if (unstimulated.value <= 0) return notEvaluable('The unstimulated shift over FMO is not above 0.');
  return known(stimulated.value / unstimulated.value, worstStatus(stimulated.status, unstimulated.status));
}

/** iMdFI in linear units: fraction positive [0, 1] times the median of the positive cells; 0 where nothing is positive. */
export function integratedMdfi(
  positiveFraction: Measured,
  positive: Pick<MedianPair, 'median' | 'events'>,
): Indicator {
  requireNotNegative({ positiveFraction, events: positive.events });
  if (positiveFraction !== null && positiveFraction > 1) {
    throw new ImmunogateError('BAD_INPUT', `The fraction ${positiveFraction} is above 1.`);
  }
  requireFinite({ median: positive.median });
  if (positiveFraction === null) return notEvaluable('The fraction of positive cells was not evaluable.');
  if (positiveFraction === 0 && positive.events === 0) return known(0, 'ND');
  const status = medianStatus(positive.events);
  if (status === 'NE') return notEvaluable(fewEvents(positive.events));
  if (positive.median === null) return notEvaluable('The median was not evaluable.');
  return known(positiveFraction * positive.median, status);
}

/**
 * Medians of anti-human-IgG4, linear units: as drawn and saturated with drug ex vivo, each with its negative; and how many cells they are
 * of. The cells must be the same kind in all tubes, chosen without IgG4 and PD-1: a cut in brightness leaves out the dimmer cells of the
 * dimmer tube.
 */
export interface OccupancyMedians {
  readonly bound: Measured;
  readonly boundNegative: Measured;
  readonly saturated: Measured;
  readonly saturatedNegative: Measured;
  readonly events: { readonly bound: Measured; readonly saturated: Measured; readonly negative: Measured };
}

/** RO in percent = 100·(bound − neg)/(saturated − neg): exposure to the drug, not its effect. Not clamped to [0, 100]. */
export function receptorOccupancy(medians: OccupancyMedians): Indicator {
  const { bound, boundNegative, saturated, saturatedNegative, events } = medians;
  requireFinite({ bound, boundNegative, saturated, saturatedNegative });
  const stained = [events.bound, events.saturated];
  const few = stained.find((count) => medianStatus(count) === 'NE');
  if (few !== undefined) return notEvaluable(fewEvents(few));
  const blank = blankStatus(events.negative);
  if (blank === 'NE') return notEvaluable(fewBlankEvents(events.negative));
  if (bound === null || boundNegative === null) return notEvaluable('The tube as drawn has no IgG4 median.');
  if (saturated === null || saturatedNegative === null) {
    return notEvaluable('The saturated tube has no IgG4 median.');
  }
  const span = saturated - saturatedNegative;
  if (span <= 0) return notEvaluable('The saturated tube is not brighter than its negative.');
  const status = worstStatus(blank, ...stained.map(medianStatus));
  return known((100 * (bound - boundNegative)) / span, status);
}

/** Percent of the parent that is PD1f and PD1any at one visit. */
export interface FreePd1 {
  readonly free: Measured;
  readonly any: Measured;
}

/** FREE = (PD1f/PD1any at the visit)/(the same at baseline), without unit, 1 = as before drug. */
export function freePd1(visit: FreePd1, baseline: FreePd1): Indicator {
  requireNotNegative({ free: visit.free, any: visit.any });
  requireNotNegative({ baselineFree: baseline.free, baselineAny: baseline.any });
  if (visit.free === null || !visit.any) return notEvaluable('The visit has no PD-1+ cells to compare with.');
  if (!baseline.free || !baseline.any) return notEvaluable('The baseline has no free PD-1+ cells.');
  return known(visit.free / visit.any / (baseline.free / baseline.any), 'OK');
}

function medianStatus(events: Measured): IndicatorStatus {
  requireNotNegative({ events });
  if (events === null || events < MEDIAN_EVENTS) return 'NE';
  return events < MEDIAN_EVENTS_FULL ? 'LOWN' : 'OK';
}

function blankStatus(events: Measured): IndicatorStatus {
  requireNotNegative({ events });
  if (events === null || events < BLANK_EVENTS) return 'NE';
  return events < MEDIAN_EVENTS ? 'LOWN' : 'OK';
}

function fewBlankEvents(events: Measured): string {
  if (events === null) return 'The population was not evaluable in the FMO tube.';
  return `The FMO tube has ${events} events of the population; ${BLANK_EVENTS} are needed.`;
}

function fewEvents(events: Measured): string {
  if (events === null) return 'The population was not evaluable.';
  return `A median of ${events} events is not used; ${MEDIAN_EVENTS} are needed.`;
}

function known(value: number, status: IndicatorStatus): Indicator {
  return { value, ciLow: null, ciHigh: null, status, reason: null };
}

function noShift(reason: string): IntensityShift {
  return { ...notEvaluable(reason), fold: null, foldReason: reason, deltaY: null };
}

function requireFinite(numbers: Readonly<Record<string, Measured>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === null || Number.isFinite(value)) continue;
    throw new ImmunogateError('BAD_INPUT', `${name} is not a finite number.`, { place: name });
  }
}
