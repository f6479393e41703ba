// Concentrations in blood: by beads where the manifest gives them, else by the volume drawn where it gives all that was in the tube, else
// by the white count; panels of separated cells are bridged unless their own tube has a volume.
// Invariant: the way depends on the tube as the manifest plans it, never on what came out of it: one that fails is not replaced by another.
import { log } from '../../math/index.ts';
import { daysBetween, hoursBetween, type BloodCountRecord } from '../../study/index.ts';
import {
  countByBeads,
  countByBridge,
  countByLeukocytes,
  countByLymphocytes,
  doubletFactor,
  type AbsoluteCount,
  type BloodCount,
} from '../indicators/absolute-count.ts';
import { gatingError, gatingInterval, joined, type LogError } from './gating-error.ts';
import { notEvaluable } from '../indicators/indicator.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import type { Draw, Measurement, Source, Tube } from './endpoint.ts';
import { countOf, sourceOf, stainedTube } from './tubes.ts';
import { isCountedByVolume, unrecordedFactor, volumeCount } from './volume.ts';

/** A count and where it comes from. */
export interface CountFound {
  readonly count: AbsoluteCount;
  readonly parentEvents: number | null;
  readonly sources: readonly Source[];
  readonly gating: LogError | null;
  /** ln of how many times more there may be for cells in pairs (docs/decisions/0018) or not recorded; 0 where a blood count says how many there are. */
  readonly hidden: number;
}

/** All leukocytes of a tube, by the ids that templates use. */
const leukocytes = 'leuk|leukSize|leuk_size|WBC';

/** Cells per microlitre of populations of one tube, added. */
export function countInTube(draw: Draw, tube: Tube, ids: readonly string[]): CountFound {
  const found = countOf(tube, ids);
  const { beadsPerTube, bloodMicrolitres } = tube.sample;
  if (beadsPerTube !== null) {
    const beads = countOf(tube, ['beads']);
    const source = { kind: 'tube', beadsPerTube, bloodMicrolitres } as const;
    const count = countByBeads(found.events, beads.events, source);
    return {
      count: withReason(count, found.reason ?? beads.reason),
      parentEvents: beads.events,
      sources: [sourceOf(tube, found.paths, beads.paths)],
      gating: gatingError(tube.result, found.paths),
      hidden: hiddenInPairs(tube),
    };
  }
  if (isCountedByVolume(tube)) {
    return {
      count: withReason(volumeCount(tube, found.events, found.paths), found.reason),
      parentEvents: null,
      sources: [sourceOf(tube, found.paths)],
      gating: gatingError(tube.result, found.paths),
      hidden: hiddenInPairs(tube) + unrecordedFactor(tube),
    };
  }
  const white = countOf(tube, [leukocytes]);
  const { bloodCountCv } = draw;
  const count = countByLeukocytes(found.events, white.events, bloodCountOf(draw, tube), { bloodCountCv });
  return {
    count: withReason(count, found.reason ?? white.reason),
    parentEvents: white.events,
    sources: [sourceOf(tube, found.paths, white.paths)],
    gating: gatingError(tube.result, found.paths, white.paths),
    hidden: 0,
  };
}

function hiddenInPairs(tube: Tube): number {
  const [before, after, single] = [['nomargin'], ['singS'], [leukocytes]].map(
    (ids) => countOf(tube, ids).events,
  );
  if (before === null || after === null || single === null) return 0;
  return log(doubletFactor(Math.max(0, before - after), single));
}

function withReason(count: AbsoluteCount, reason: string | null): AbsoluteCount {
  return count.value === null && reason !== null ? { ...count, reason } : count;
}

export function measureCount(draw: Draw, tube: Tube, parameter: ImmuneParameter): Measurement {
  return ofCount(countInTube(draw, tube, parameter.populations), tube);
}

export function measureDualCount(draw: Draw, tube: Tube, parameter: ImmuneParameter): Measurement {
  const found = countOf(tube, parameter.populations);
  const parent = countOf(tube, [parameter.denominator ?? '']);
  const { bloodCountCv } = draw;
  const count = countByLymphocytes(found.events, parent.events, bloodCountOf(draw, tube), { bloodCountCv });
  return ofCount(
    {
      count: withReason(count, found.reason ?? parent.reason),
      parentEvents: parent.events,
      sources: [sourceOf(tube, found.paths, parent.paths)],
      gating: gatingError(tube.result, found.paths, parent.paths),
      hidden: 0,
    },
    tube,
  );
}

export function measureBridgedCount(draw: Draw, tube: Tube, parameter: ImmuneParameter): Measurement {
  return ofCount(bridgedCount(draw, tube, parameter.populations, parameter.denominator ?? ''), tube);
}

/** A population of a tube without beads: by the volume drawn where the manifest has it, else by the count of its anchor in P1. */
export function bridgedCount(draw: Draw, tube: Tube, ids: readonly string[], anchor: string): CountFound {
  if (isCountedByVolume(tube)) return countInTube(draw, tube, ids);
  const found = countOf(tube, ids);
  const parent = countOf(tube, [anchorNames(anchor)]);
  const other = stainedTube(draw, 'P1');
  if (other === null) {
    const reason = `There is no P1 tube to take the count of ${anchor} from.`;
    return nothing(reason, parent.events, [sourceOf(tube, found.paths, parent.paths)]);
  }
  const reference = countInTube(draw, other, [anchor]);
  return {
    count: withReason(
      countByBridge(found.events, parent.events, reference.count),
      found.reason ?? parent.reason,
    ),
    parentEvents: parent.events,
    sources: [sourceOf(tube, found.paths, parent.paths), ...reference.sources],
    gating: joined(gatingError(tube.result, found.paths, parent.paths), reference.gating),
    hidden: reference.hidden,
  };
}

/** NK function panels gate all NK cells under an id of their own, because a stimulus takes their CD16 away. */
export function anchorNames(anchor: string): string {
  return anchor === 'NK' ? 'NK|NKall' : anchor;
}

function nothing(reason: string, parentEvents: number | null, sources: readonly Source[]): CountFound {
  const none = { events: null, cv: null, acquiredMicrolitres: null, limits: null };
  const count = { ...notEvaluable(reason), platform: 'bridged', ...none } as const;
  return { count, parentEvents, sources, gating: null, hidden: 0 };
}

export function ofCount(
  { count, parentEvents, sources, gating, hidden }: CountFound,
  tube: Tube,
): Measurement {
  // a limit, not a scatter: it adds to the other errors as it is
  const error = gating === null ? null : { ...gating, up: gating.up + hidden };
  return {
    indicator: count,
    collectedAt: tube.sample.collectedAt,
    sources,
    events: count.events,
    parentEvents,
    limits: count.limits,
    platform: count.platform,
    gating: gatingInterval(count.value, error),
  };
}

/** The blood count nearest in time to a tube, as the count formulas want it. */
export function bloodCountOf({ bloodCounts }: Draw, { sample }: Tube): BloodCount {
  const nearest = nearestBloodCount(bloodCounts, sample.collectedAt);
  if (nearest === null) return { wbc: null, lymphocytePercent: null, hoursApart: null };
  const { WBC, LYM, collected_at } = nearest;
  const hours = hoursBetween(collected_at, sample.collectedAt);
  return {
    wbc: WBC,
    lymphocytePercent: WBC === null || LYM === null || WBC === 0 || LYM > WBC ? null : (100 * LYM) / WBC,
    hoursApart: hours === null ? daysApart(collected_at, sample.collectedAt) * 24 : Math.abs(hours),
  };
}

function nearestBloodCount(counts: readonly BloodCountRecord[], at: string): BloodCountRecord | null {
  let nearest: BloodCountRecord | null = null;
  let distance = Infinity;
  for (const count of counts) {
    const hours = hoursBetween(count.collected_at, at);
    const far = hours === null ? 24 * daysApart(count.collected_at, at) : Math.abs(hours);
    if (far < distance) [nearest, distance] = [count, far];
  }
  return nearest;
}

function daysApart(a: string, b: string): number {
  return Math.abs(daysBetween(a, b));
}
