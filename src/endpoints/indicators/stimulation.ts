// What a stimulus did: percent positive in the stimulated tube minus the unstimulated one (populations.md section 4), for NK function.
// Invariant: the raw difference is kept; only `reported` turns a negative one into 0.
import { newcombeDifference } from './counting.ts';
import {
  notEvaluable,
  requireNotNegative,
  requireWithin,
  type Indicator,
  type Measured,
} from './indicator.ts';

/** Events of one tube: positive for the read-out (CD107a, IFN-γ), and of the whole parent (NK cells). */
export interface TubeResponse {
  readonly positive: Measured;
  readonly parent: Measured;
}

export interface StimulationOptions {
  readonly conf?: number;
  /** Fewest parent events in each tube to be OK; 1,000 unless told. */
  readonly parentFull?: number;
  /** Fewest to be evaluable, then LOWN; 300 unless told. */
  readonly parentEvaluable?: number;
}

/** `value` and its interval are the raw difference in percentage points. */
export interface StimulatedResponse extends Indicator {
  /** The difference with a negative one as 0, in percentage points. */
  readonly reported: number | null;
  readonly stimulatedPercent: number | null;
  readonly backgroundPercent: number | null;
  /** Stimulated over background; null with its reason where the background is zero. */
  readonly index: number | null;
  readonly indexReason: string | null;
  /** The lower limit is above 0 and the index at least 2; a background of zero cannot fail the second. Null when NE. */
  readonly responder: boolean | null;
}

const RESPONDER_INDEX = 2;

/** Δ = p1 − p0 in percentage points with the Newcombe-Wilson interval. */
export function stimulatedMinusBackground(
  stimulated: TubeResponse,
  unstimulated: TubeResponse,
  options: StimulationOptions = {},
): StimulatedResponse {
  const { conf = 0.95, parentFull = 1000, parentEvaluable = 300 } = options;
  for (const { positive, parent } of [stimulated, unstimulated]) {
    requireNotNegative({ positive, parent });
    requireWithin(positive, parent);
  }
  const { positive: x1, parent: n1 } = stimulated;
  const { positive: x0, parent: n0 } = unstimulated;
  if (x1 === null || n1 === null) return nothing('The stimulated tube was not evaluable.');
  if (x0 === null || n0 === null) return nothing('The unstimulated tube was not evaluable.');
  const fewest = Math.min(n1, n0);
  if (fewest === 0 || fewest < parentEvaluable) {
    return nothing(`A tube has ${fewest} parent events; ${parentEvaluable} are needed.`);
  }
  const { difference, low, high } = newcombeDifference(x1, n1, x0, n0, conf);
  const [p1, p0] = [x1 / n1, x0 / n0];
  return {
    value: 100 * difference,
    ciLow: 100 * low,
    ciHigh: 100 * high,
    status: fewest < parentFull ? 'LOWN' : 'OK',
    reason: null,
    reported: 100 * Math.max(0, difference),
    stimulatedPercent: 100 * p1,
    backgroundPercent: 100 * p0,
    index: p0 > 0 ? p1 / p0 : null,
    indexReason: p0 > 0 ? null : 'The background is zero.',
    responder: low > 0 && p1 >= RESPONDER_INDEX * p0,
  };
}

function nothing(reason: string): StimulatedResponse {
  return {
    ...notEvaluable(reason),
    reported: null,
    stimulatedPercent: null,
    backgroundPercent: null,
    index: null,
    indexReason: reason,
    responder: null,
  };
}
