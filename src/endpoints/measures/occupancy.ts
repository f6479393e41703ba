// PD-1 under a drug that masks it: its occupancy, from the tube as drawn, a tube saturated with drug, and a tube without anti-IgG4; and the
// cells that bear it, from the saturated tube alone.
// Invariants: all three medians are of the same kind of cells, chosen by markers that the drug does not change. Cells above one cut in IgG4
// or PD-1 are not: the tube as drawn is dimmer, leaves out more of its dim cells, and its occupancy comes out high
// (docs/decisions/0022). PD-1+ cells of all visits are seen by one reagent: no value is by the PD-1 clone where another is by
// anti-IgG4 (docs/decisions/0023).
import { receptorOccupancy } from '../indicators/intensity.ts';
import { notEvaluable } from '../indicators/indicator.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import type { Limits } from './combined-interval.ts';
import type { Draw, Measurement, Tube } from './endpoint.ts';
import { measurePercent } from './fractions.ts';
import { markerOf, namesOf } from './intensities.ts';
import { medianError, shiftQuotientLimits } from './median-error.ts';
import { blankTube, medianOf, sourceOf, stimulatedTube, type MedianFound } from './tubes.ts';

/** Without a saturated tube there is no value: what the tube as drawn shows before the drug and under it is not comparable. */
export function measureSaturatedPercent(draw: Draw, tube: Tube, parameter: ImmuneParameter): Measurement {
  const saturated = stimulatedTube(draw, tube.sample.panel);
  if (saturated !== null) return measurePercent(saturated, parameter);
  const indicator = notEvaluable(noSaturatedTube);
  return { indicator, collectedAt: tube.sample.collectedAt, sources: [sourceOf(tube)] };
}

const noSaturatedTube = 'There is no tube saturated with drug.';

export function measureOccupancy(
  draw: Draw,
  tube: Tube,
  parameter: ImmuneParameter,
  baseline: Draw | null,
): Measurement {
  const marker = markerOf(parameter);
  const collectedAt = tube.sample.collectedAt;
  const read = (of: Tube): Read => ({ of, found: medianOf(of, namesOf(parameter), marker) });
  const drawn = read(tube);
  const saturatedTube = stimulatedTube(draw, tube.sample.panel);
  const blank = blankTube(draw, baseline, tube, marker);
  const sourcesOf = (sides: readonly Read[]) => sides.map(({ of, found }) => sourceOf(of, found.paths));
  const events = drawn.found.events;
  if (saturatedTube === null) {
    const indicator = notEvaluable(noSaturatedTube);
    return { indicator, collectedAt, sources: sourcesOf([drawn]), events };
  }
  if (blank === null) {
    const indicator = notEvaluable(`There is no FMO tube without ${marker}.`);
    return { indicator, collectedAt, sources: sourcesOf([drawn, read(saturatedTube)]), events };
  }
  const [saturated, negative] = [read(saturatedTube), read(blank)];
  const sides = [drawn, saturated, negative];
  const occupancy = receptorOccupancy({
    bound: drawn.found.median,
    boundNegative: negative.found.median,
    saturated: saturated.found.median,
    saturatedNegative: negative.found.median,
    events: { bound: events, saturated: saturated.found.events, negative: negative.found.events },
  });
  const refused = sides.find(({ of }) => of.result === null);
  const limits = limitsOf(drawn, saturated, negative);
  const isKnown = occupancy.value !== null;
  return {
    indicator: {
      ...occupancy,
      ciLow: isKnown ? (limits.counting?.low ?? null) : null,
      ciHigh: isKnown ? (limits.counting?.high ?? null) : null,
      reason: refused === undefined ? occupancy.reason : (refused.of.reason ?? occupancy.reason),
    },
    gating: isKnown ? limits.gating : null,
    collectedAt,
    sources: sourcesOf(sides),
    events,
  };
}

/** One tube and the median of the cells in it. */
interface Read {
  readonly of: Tube;
  readonly found: MedianFound;
}

/** In per cent, by Fieller; both differences have the negative in common. */
function limitsOf(
  drawn: Read,
  saturated: Read,
  negative: Read,
): { readonly counting: Limits | null; readonly gating: Limits | null } {
  const errorOf = ({ of, found }: Read) => medianError(of, found);
  const blank = errorOf(negative);
  const shift = ({ found }: Read): number => (found.median ?? NaN) - (negative.found.median ?? NaN);
  const { counting, gating } = shiftQuotientLimits(
    [shift(drawn), shift(saturated)],
    [
      { median: errorOf(drawn), blank },
      { median: errorOf(saturated), blank },
    ],
    true,
  );
  const percent = (of: Limits | null) => (of === null ? null : { low: 100 * of.low, high: 100 * of.high });
  return { counting: percent(counting), gating: percent(gating) };
}
