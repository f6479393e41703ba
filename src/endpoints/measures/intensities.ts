// Medians against FMO, their change by a stimulus, and the occupancy of PD-1 by the drug.
import {
  activationIndex,
  deltaMdfi,
  receptorOccupancy,
  type IntensityShift,
} from '../indicators/intensity.ts';
import { notEvaluable, type Indicator, type Measured } from '../indicators/indicator.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import type { Draw, Measurement, Source, Tube } from './endpoint.ts';
import { around, differenceError, medianError, type MedianError } from './median-error.ts';
import { fmoTube, medianOf, sourceOf, stimulatedTube, type MedianFound } from './tubes.ts';

/** The marker of an intensity parameter. */
export const intensityMarkers: Readonly<Record<string, string>> = {
  NKGZMFI: 'GZMB',
  NKPRFMFI: 'PERF',
  MODRMFI: 'HLADR',
  ...Object.fromEntries(
    ['DC', 'PD'].flatMap((cell) =>
      [
        ['80', 'CD80'],
        ['86', 'CD86'],
        ['83', 'CD83'],
        ['40', 'CD40'],
        ['DR', 'HLADR'],
      ].map(([short, marker]) => [`${cell}${short}DMFI`, marker]),
    ),
  ),
  DC86STI: 'CD86',
  DC83STI: 'CD83',
  PD1RO: 'IGG4',
};

function markerOf({ paramcd }: ImmuneParameter): string {
  return intensityMarkers[paramcd] ?? '';
}

/** Population ids of an intensity parameter as tubes may name them. */
function namesOf({ populations }: ImmuneParameter): string {
  return populations.map((id) => (id === 'NK' ? 'NK|NKall' : id)).join('|');
}

/** Whether a statistic is asked for by any intensity; the others need not be kept. */
export function neededStatistic({
  population,
  marker,
}: {
  population: string;
  marker: string | null;
}): boolean {
  return marker !== null && neededMarkers.has(marker) && neededPopulations.has(population);
}

const neededMarkers = new Set(Object.values(intensityMarkers));
const neededPopulations = new Set(['NK', 'NKall', 'Mono', 'cDC2', 'pDC', 'PD1any', 'T']);

const fewestEvents = 50;
const fullEvents = 100;

export function measureMdfi(tube: Tube, parameter: ImmuneParameter): Measurement {
  const found = medianOf(tube, namesOf(parameter), markerOf(parameter));
  return {
    ...withLimits(plainMedian(tube, found, markerOf(parameter)), medianError(tube, found)),
    collectedAt: tube.sample.collectedAt,
    sources: [sourceOf(tube, found.paths)],
    events: found.events,
  };
}

function withLimits(
  indicator: Indicator,
  { counting, gating }: MedianError,
): Pick<Measurement, 'indicator' | 'gating'> {
  const limits = around(indicator.value, counting);
  return {
    indicator: { ...indicator, ciLow: limits?.low ?? null, ciHigh: limits?.high ?? null },
    gating: around(indicator.value, gating),
  };
}

function plainMedian(tube: Tube, { median, events }: MedianFound, marker: string): Indicator {
  if (tube.result === null) return notEvaluable(tube.reason ?? 'The tube was not gated.');
  if (events === null) return notEvaluable('The population was not evaluable.');
  if (events < fewestEvents)
    return notEvaluable(`A median of ${events} events is not used; ${fewestEvents} are needed.`);
  if (median === null) return notEvaluable(`The tube has no median of ${marker}.`);
  return {
    value: median,
    ciLow: null,
    ciHigh: null,
    status: events < fullEvents ? 'LOWN' : 'OK',
    reason: null,
  };
}

/** The FMO tube of the specimen, else the subject's at baseline, where most controls are stained once. */
export function measureDeltaMdfi(
  draw: Draw,
  tube: Tube,
  parameter: ImmuneParameter,
  baseline: Draw | null,
): Measurement {
  const shift = shiftOf(draw, tube, parameter, baseline);
  return {
    ...withLimits(shift.shift, shift.error),
    collectedAt: tube.sample.collectedAt,
    sources: shift.sources,
    events: shift.events,
  };
}

interface ShiftFound {
  readonly shift: IntensityShift;
  readonly error: MedianError;
  readonly events: Measured;
  readonly sources: readonly Source[];
}

function shiftOf(draw: Draw, tube: Tube, parameter: ImmuneParameter, baseline: Draw | null): ShiftFound {
  const marker = markerOf(parameter);
  const names = namesOf(parameter);
  const panel = tube.sample.panel;
  const stained = medianOf(tube, names, marker);
  const fmo = fmoTube(draw, panel, marker) ?? (baseline === null ? null : fmoTube(baseline, panel, marker));
  const blank = fmo === null ? null : medianOf(fmo, names, marker);
  const shift = deltaMdfi({
    median: stained.median,
    fmoMedian: blank?.median ?? null,
    events: stained.events,
  });
  const missing = fmo === null ? `There is no FMO tube without ${marker}.` : fmo.reason;
  return {
    shift:
      shift.value === null &&
      shift.status === 'NE' &&
      (stained.events ?? 0) >= fewestEvents &&
      missing !== null
        ? { ...shift, reason: missing }
        : tube.result === null
          ? { ...shift, reason: tube.reason }
          : shift,
    error:
      fmo === null || blank === null
        ? { counting: null, gating: null }
        : differenceError(medianError(tube, stained), medianError(fmo, blank)),
    events: stained.events,
    sources: [
      sourceOf(tube, stained.paths),
      ...(fmo === null || blank === null ? [] : [sourceOf(fmo, blank.paths)]),
    ],
  };
}

export function measureActivation(
  draw: Draw,
  tube: Tube,
  parameter: ImmuneParameter,
  baseline: Draw | null,
): Measurement {
  const collectedAt = tube.sample.collectedAt;
  const stimulated = stimulatedTube(draw, tube.sample.panel);
  if (stimulated === null) {
    const reason = `There is no stimulated tube of ${draw.specimen}.`;
    return { indicator: notEvaluable(reason), collectedAt, sources: [sourceOf(tube)] };
  }
  const with1 = shiftOf(draw, stimulated, parameter, baseline);
  const with0 = shiftOf(draw, tube, parameter, baseline);
  return {
    indicator: activationIndex(with1.shift, with0.shift),
    collectedAt,
    sources: [...with1.sources, ...with0.sources],
    events: with1.events,
  };
}

/** PD-1 occupancy on CD8 T cells that carry PD-1: tube as drawn, tube saturated with drug, and the tube without anti-IgG4. */
export function measureOccupancy(
  draw: Draw,
  tube: Tube,
  parameter: ImmuneParameter,
  baseline: Draw | null,
): Measurement {
  const marker = markerOf(parameter);
  const panel = tube.sample.panel;
  const saturated = stimulatedTube(draw, panel);
  const blank = fmoTube(draw, panel, marker) ?? (baseline === null ? null : fmoTube(baseline, panel, marker));
  const read = (of: Tube | null) => (of === null ? null : medianOf(of, 'PD1any', marker, 'CD8T'));
  const [bound, full, negative] = [tube, saturated, blank].map(read);
  const occupancy = receptorOccupancy({
    bound: bound?.median ?? null,
    boundNegative: negative?.median ?? null,
    saturated: full?.median ?? null,
    saturatedNegative: negative?.median ?? null,
  });
  const few = [bound, full].find((found) => found !== null && (found.events ?? 0) < fewestEvents);
  const reason =
    saturated === null
      ? 'There is no tube saturated with drug.'
      : blank === null
        ? `There is no FMO tube without ${marker}.`
        : null;
  const unfit =
    few === undefined || few === null
      ? null
      : `A median of ${few.events ?? 0} events is not used; ${fewestEvents} are needed.`;
  const why = reason ?? unfit;
  return {
    indicator: why === null ? occupancy : notEvaluable(why),
    collectedAt: tube.sample.collectedAt,
    sources: [
      sourceOf(tube, bound?.paths ?? []),
      ...(saturated === null ? [] : [sourceOf(saturated, full?.paths ?? [])]),
      ...(blank === null ? [] : [sourceOf(blank, negative?.paths ?? [])]),
    ],
    events: bound?.events ?? null,
  };
}
