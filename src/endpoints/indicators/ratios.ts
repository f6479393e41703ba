// Ratios and sums: of events in one tube, of concentrations across tubes, of the blood count (populations.md section 4).
// Invariant: a denominator below 50 events or below detection gives NE; a numerator below detection gives ND, and both have no value.
import {
  DENOMINATOR_NEEDED,
  countByBeads,
  type AbsoluteCount,
  type BeadSource,
  type CountOptions,
} from './absolute-count.ts';
import { lognormalInterval } from './counting.ts';
import {
  notEvaluable,
  requireNotNegative,
  worstStatus,
  type Indicator,
  type IndicatorStatus,
  type Measured,
} from './indicator.ts';
import { countStatus, defaultLimits, type EventLimits } from './limits.ts';

/** a/b of two populations of one tube (CD4/CD8, naive:memory), without unit; CI = r·exp(±z·√(1/a + 1/b)). */
export function eventRatio(
  numeratorEvents: Measured,
  denominatorEvents: Measured,
  options: { readonly limits?: EventLimits; readonly conf?: number } = {},
): Indicator {
  const { limits = defaultLimits, conf = 0.95 } = options;
  const top = countStatus(numeratorEvents, limits);
  const bottom = countStatus(denominatorEvents, limits);
  const refusal = refuse(top, bottom, denominatorEvents);
  if (refusal !== null || !numeratorEvents || !denominatorEvents) return refusal ?? belowDetection();
  const cv = Math.sqrt(1 / numeratorEvents + 1 / denominatorEvents);
  return quotient(numeratorEvents, denominatorEvents, cv, worstStatus(top, bottom), conf);
}

/**
 * a/b of two concentrations (CD8/Treg, M-MDSC/CD8), without unit. CV² = CVa² + CVb²; errors that both share, such as one pipetting step,
 * are not taken out, so the interval is never too narrow.
 */
export function concentrationRatio(
  numerator: AbsoluteCount,
  denominator: AbsoluteCount,
  conf = 0.95,
): Indicator {
  const refusal = refuse(numerator.status, denominator.status, denominator.events);
  if (refusal !== null) return refusal;
  if (!numerator.value || !denominator.value || numerator.cv === null || denominator.cv === null) {
    return belowDetection();
  }
  const cv = Math.sqrt(numerator.cv * numerator.cv + denominator.cv * denominator.cv);
  const status = worstStatus(numerator.status, denominator.status);
  return quotient(numerator.value, denominator.value, cv, status, conf);
}

/** Naive over memory of one lineage: N/(CM + EM + TEMRA), without unit; events of one tube. */
export function naiveToMemory(
  events: {
    readonly naive: Measured;
    readonly centralMemory: Measured;
    readonly effectorMemory: Measured;
    readonly temra: Measured;
  },
  options: { readonly limits?: EventLimits; readonly conf?: number } = {},
): Indicator {
  return eventRatio(
    events.naive,
    total([events.centralMemory, events.effectorMemory, events.temra]),
    options,
  );
}

/**
 * MDSC of one bead tube, cells/µL: M-MDSC + LOX-1+ PMN-MDSC + early MDSC. The events are added before they are divided, so that beads and
 * pipetting count once in the CV. Low-density PMN-MDSC have another denominator and have no place here.
 */
export function mdscTotal(
  events: { readonly mmdsc: Measured; readonly pmnx: Measured; readonly emdsc: Measured },
  beadEvents: Measured,
  source: BeadSource,
  options: CountOptions = {},
): AbsoluteCount {
  return countByBeads(total([events.mmdsc, events.pmnx, events.emdsc]), beadEvents, source, options);
}

/** Cells of one blood count, in 10⁹/L. */
export interface CbcCells {
  readonly neutrophils: Measured;
  readonly lymphocytes: Measured;
  readonly monocytes: Measured;
  readonly platelets: Measured;
}

/** NLR, LMR and PLR have no unit; SII is in 10⁹/L. A blood count brings no event numbers, hence no intervals. */
export interface CbcIndices {
  readonly nlr: Indicator;
  readonly lmr: Indicator;
  readonly plr: Indicator;
  readonly sii: Indicator;
}

/** NLR = N/L, LMR = L/M, PLR = P/L, SII = P·N/L; NE where a part is missing or the divisor is zero. */
export function cbcIndices(cells: CbcCells): CbcIndices {
  const { neutrophils, lymphocytes, monocytes, platelets } = cells;
  requireNotNegative({ neutrophils, lymphocytes, monocytes, platelets });
  const plateletsTimesNeutrophils =
    platelets === null || neutrophils === null ? null : platelets * neutrophils;
  return {
    nlr: cbcQuotient(neutrophils, lymphocytes),
    lmr: cbcQuotient(lymphocytes, monocytes),
    plr: cbcQuotient(platelets, lymphocytes),
    sii: cbcQuotient(plateletsTimesNeutrophils, lymphocytes),
  };
}

function cbcQuotient(numerator: Measured, denominator: Measured): Indicator {
  if (numerator === null || denominator === null)
    return notEvaluable('A part of the blood count is missing.');
  if (denominator === 0) return notEvaluable('The divisor of the blood count index is zero.');
  return { value: numerator / denominator, ciLow: null, ciHigh: null, status: 'OK', reason: null };
}

/** The sum, or null where one part was not evaluable: a missing part is not zero. */
function total(parts: readonly Measured[]): Measured {
  let sum = 0;
  for (const part of parts) {
    requireNotNegative({ events: part });
    if (part === null) return null;
    sum += part;
  }
  return sum;
}

function refuse(
  numerator: IndicatorStatus,
  denominator: IndicatorStatus,
  denominatorEvents: Measured,
): Indicator | null {
  if (numerator === 'NE') return notEvaluable('The numerator was not evaluable.');
  if (denominator === 'NE' || denominatorEvents === null) {
    return notEvaluable('The denominator was not evaluable.');
  }
  if (denominator === 'ND') return notEvaluable('The denominator is below its limit of detection.');
  if (denominatorEvents < DENOMINATOR_NEEDED) {
    const reason = `The denominator has ${denominatorEvents} events; ${DENOMINATOR_NEEDED} are needed.`;
    return notEvaluable(reason);
  }
  return numerator === 'ND' ? belowDetection() : null;
}

function belowDetection(): Indicator {
  return { ...notEvaluable('The numerator is below its limit of detection.'), status: 'ND' };
}

function quotient(a: number, b: number, cv: number, status: IndicatorStatus, conf: number): Indicator {
  const value = a / b;
  const { low, high } = lognormalInterval(value, cv, conf);
  return { value, ciLow: low, ciHigh: high, status, reason: null };
}
