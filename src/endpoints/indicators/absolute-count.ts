// Cells per µL of blood: from counting beads, from the volume the instrument drew, from a blood count, or bridged from another tube
// (populations.md section 4). Every way is events / acquired blood volume; it differs in what gives the volume and its error.
// Invariant: one platform a parameter for the whole trial; `platform` is carried so that a reader can see a mixture.
import { lognormalInterval, poissonInterval } from './counting.ts';
import {
  notEvaluable,
  requireNotNegative,
  requireWithin,
  worstStatus,
  type Measured,
  type Indicator,
  type IndicatorStatus,
} from './indicator.ts';
import {
  countStatus,
  defaultLimits,
  limitsPerMicrolitre,
  type EventLimits,
  type ValueLimits,
} from './limits.ts';

/** `beads` in the tube or added; `volume` by $VOL; `lymphocyte` and `panLeuco` use a blood count; `bridged` another tube's count. */
export type CountPlatform = 'beads' | 'volume' | 'lymphocyte' | 'panLeuco' | 'bridged';

/** A concentration in cells/µL blood. */
export interface AbsoluteCount extends Indicator {
  readonly platform: CountPlatform;
  /** Events of the population. */
  readonly events: Measured;
  /** Coefficient of variation as a fraction; null without events or value. */
  readonly cv: number | null;
  /** Blood that was looked at, in µL; for bridged and dual-platform counts its equivalent, parent events / parent concentration. */
  readonly acquiredMicrolitres: number | null;
  /** Limits in cells/µL; null where not evaluable. */
  readonly limits: ValueLimits | null;
}

export interface CountOptions {
  /** Two-sided confidence level, 0.95 unless told. */
  readonly conf?: number;
  readonly limits?: EventLimits;
  /** Pipetting error as a fraction, 0.03 unless told. */
  readonly pipettingCv?: number;
  /** Error of the bead lot (beads) or of the measured volume ($VOL) as a fraction, 0.02 unless told. */
  readonly referenceCv?: number;
}

/** Fewer beads than these give no count. */
const BEADS_NEEDED = 1000;
/** Fewer events than these divide nothing. */
export const DENOMINATOR_NEEDED = 50;

/** Where the beads come from: a lot of beads per tube, or a suspension (beads/µL, µL) added to the blood. Volumes in µL. */
export type BeadSource =
  | { readonly kind: 'tube'; readonly beadsPerTube: Measured; readonly bloodMicrolitres: Measured }
  | {
      readonly kind: 'suspension';
      readonly beadsPerMicrolitre: Measured;
      readonly beadMicrolitres: Measured;
      readonly bloodMicrolitres: Measured;
    };

/**
 * Single platform, cells/µL: C = (Npop/Nbead)·(Btube/Vblood), CV² = 1/Npop + 1/Nbead + CVpip² + CVlot². Population and beads must come
 * from the same time mask, beads without a singlet gate. NE below 1,000 beads or when lot or volume is not known.
 */
export function countByBeads(
  events: Measured,
  beadEvents: Measured,
  source: BeadSource,
  options: CountOptions = {},
): AbsoluteCount {
  const { pipettingCv = 0.03, referenceCv = 0.02 } = options;
  requireNotNegative({ events, beadEvents, pipettingCv, referenceCv });
  const perMicrolitre = beadsPerMicrolitreBlood(source);
  if (events === null) return noCount('beads', events, 'The population was not evaluable.');
  if (beadEvents === null) return noCount('beads', events, 'The beads were not evaluable.');
  if (beadEvents < BEADS_NEEDED) {
    return noCount('beads', events, `There are ${beadEvents} beads; ${BEADS_NEEDED} are needed.`);
  }
  if (perMicrolitre === null) {
    return noCount('beads', events, 'The bead count or the blood volume of the tube is not given.');
  }
  const volumeVariance = 1 / beadEvents + pipettingCv * pipettingCv + referenceCv * referenceCv;
  return inVolume('beads', events, beadEvents / perMicrolitre, volumeVariance, options);
}

/**
 * How many times more cells there may be than were counted, because a pair of cells is no single cell: (1 + d)/(1 − d), d being the share of
 * pairs among single leukocytes and pairs. `lostEvents` are those that the singlet gates took out: taken as pairs one and all, so
 * that this is a limit and no correction. Pairs are drawn by frequency, so it holds for every population of the tube.
 */
export function doubletFactor(lostEvents: number, singleLeukocytes: number): number {
  requireNotNegative({ lostEvents, singleLeukocytes });
  if (singleLeukocytes === 0) return 1;
  const d = lostEvents / (lostEvents + singleLeukocytes);
  return (1 + d) / (1 - d);
}

/** A blood count of the same draw. `wbc` in 10⁹/L; `lymphocytePercent` of leukocytes; `hoursApart` from it to the tube, null if not recorded. */
export interface BloodCount {
  readonly wbc: Measured;
  readonly lymphocytePercent: Measured;
  readonly hoursApart: number | null;
}

export interface DualOptions extends CountOptions {
  /** Error of the blood count as a fraction, 0 unless told: the interval then holds the sampling of events alone. */
  readonly bloodCountCv?: number;
  /** Fraction of the lymphocyte gate that are lymphocytes, 1 unless told. */
  readonly purity?: number;
}

const HOURS_APART_ALLOWED = 6;

/** Dual platform by lymphocytes, cells/µL: C = WBC·1000·Lym%·(Npop/NLymph)/purity; `parentEvents` are those of the lymphocyte gate. */
export function countByLymphocytes(
  events: Measured,
  parentEvents: Measured,
  blood: BloodCount,
  options: DualOptions = {},
): AbsoluteCount {
  const { purity = 1 } = options;
  requireNotNegative({ lymphocytePercent: blood.lymphocytePercent, purity });
  requireWithin(blood.lymphocytePercent, 100, 'the lymphocyte percentage and 100');
  requireWithin(purity, 1, 'purity and 1');
  const { wbc, lymphocytePercent } = blood;
  const known = wbc !== null && lymphocytePercent !== null && purity > 0;
  const perMicrolitre = known ? (wbc * 1000 * (lymphocytePercent / 100)) / purity : null;
  return dual('lymphocyte', events, parentEvents, perMicrolitre, blood, options);
}

/** Dual platform by all leukocytes (PanLeuco), cells/µL: C = WBC·1000·(Npop/Nleuk); `parentEvents` are those of the leukocyte gate. */
export function countByLeukocytes(
  events: Measured,
  parentEvents: Measured,
  blood: BloodCount,
  options: Omit<DualOptions, 'purity'> = {},
): AbsoluteCount {
  const perMicrolitre = blood.wbc === null ? null : blood.wbc * 1000;
  return dual('panLeuco', events, parentEvents, perMicrolitre, blood, options);
}

/**
 * Bridged, cells/µL: C = C(anchor)·(Npop/Nanchor), the population being part of the anchor in a tube without beads.
 * The two event counts are nested, so CV² = 1/Npop − 1/Nanchor + CV(anchor)². NE where the anchor was not detected in its own tube.
 */
export function countByBridge(
  events: Measured,
  anchorEvents: Measured,
  anchor: AbsoluteCount,
  options: CountOptions = {},
): AbsoluteCount {
  if (anchor.value === null) {
    return noCount('bridged', events, `The anchor has no count: ${anchor.reason ?? 'it was not evaluable.'}`);
  }
  if (anchor.status === 'ND' || anchor.value === 0 || anchor.cv === null) {
    return noCount('bridged', events, 'The anchor is below its limit of detection.');
  }
  const cv2 = anchor.cv * anchor.cv;
  return nested('bridged', events, anchorEvents, anchor.value, cv2, anchor.status, options);
}

function dual(
  platform: CountPlatform,
  events: Measured,
  parentEvents: Measured,
  parentPerMicrolitre: number | null,
  blood: BloodCount,
  options: DualOptions,
): AbsoluteCount {
  const { bloodCountCv = 0 } = options;
  requireNotNegative({ wbc: blood.wbc, hoursApart: blood.hoursApart, bloodCountCv });
  if (!parentPerMicrolitre) return noCount(platform, events, 'The blood count is missing or zero.');
  if (blood.hoursApart !== null && blood.hoursApart > HOURS_APART_ALLOWED) {
    const reason = `The blood count lies ${blood.hoursApart} h from the tube; ${HOURS_APART_ALLOWED} h are allowed.`;
    return noCount(platform, events, reason);
  }
  const cv2 = bloodCountCv * bloodCountCv;
  return nested(platform, events, parentEvents, parentPerMicrolitre, cv2, 'OK', options);
}

/** Part of a parent whose concentration (cells/µL) is known from elsewhere; the parent's own counting error is taken back out. */
function nested(
  platform: CountPlatform,
  events: Measured,
  parentEvents: Measured,
  parentPerMicrolitre: number,
  parentVariance: number,
  parentState: IndicatorStatus,
  options: CountOptions,
): AbsoluteCount {
  requireNotNegative({ events, parentEvents });
  requireWithin(events, parentEvents);
  if (events === null) return noCount(platform, events, 'The population was not evaluable.');
  if (parentEvents === null) return noCount(platform, events, 'The reference population was not evaluable.');
  if (parentEvents < DENOMINATOR_NEEDED) {
    const reason = `The reference population has ${parentEvents} events; ${DENOMINATOR_NEEDED} are needed.`;
    return noCount(platform, events, reason);
  }
  const acquired = parentEvents / parentPerMicrolitre;
  const count = inVolume(platform, events, acquired, parentVariance - 1 / parentEvents, options);
  return { ...count, status: worstStatus(count.status, parentState) };
}

/**
 * Events in a known volume (µL, > 0) whose relative variance is `volumeVariance`. Below the limit of detection the interval is the exact
 * Poisson one over the volume: the lognormal one does not exist at zero events.
 */
export function inVolume(
  platform: CountPlatform,
  events: number,
  acquiredMicrolitres: number,
  volumeVariance: number,
  options: CountOptions,
): AbsoluteCount {
  const { conf = 0.95, limits = defaultLimits } = options;
  const status = countStatus(events, limits);
  const value = events / acquiredMicrolitres;
  const cv = events > 0 ? Math.sqrt(Math.max(0, 1 / events + volumeVariance)) : null;
  const poisson = poissonInterval(events, conf);
  const { low, high } =
    cv === null || status === 'ND'
      ? { low: poisson.low / acquiredMicrolitres, high: poisson.high / acquiredMicrolitres }
      : lognormalInterval(value, cv, conf);
  return {
    value,
    ciLow: low,
    ciHigh: high,
    status,
    reason: null,
    platform,
    events,
    cv,
    acquiredMicrolitres,
    limits: limitsPerMicrolitre(limits, acquiredMicrolitres),
  };
}

/** Beads that stand for one µL of blood; null when a part is missing or zero. */
function beadsPerMicrolitreBlood(source: BeadSource): number | null {
  switch (source.kind) {
    case 'tube': {
      const { beadsPerTube, bloodMicrolitres } = source;
      requireNotNegative({ beadsPerTube, bloodMicrolitres });
      return beadsPerTube && bloodMicrolitres ? beadsPerTube / bloodMicrolitres : null;
    }
    case 'suspension': {
      const { beadsPerMicrolitre, beadMicrolitres, bloodMicrolitres } = source;
      requireNotNegative({ beadsPerMicrolitre, beadMicrolitres, bloodMicrolitres });
      if (!beadsPerMicrolitre || !beadMicrolitres || !bloodMicrolitres) return null;
      return (beadsPerMicrolitre * beadMicrolitres) / bloodMicrolitres;
    }
  }
}

export function noCount(platform: CountPlatform, events: Measured, reason: string): AbsoluteCount {
  return { ...notEvaluable(reason), platform, events, cv: null, acquiredMicrolitres: null, limits: null };
}
