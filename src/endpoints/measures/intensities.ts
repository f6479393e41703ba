// Medians, their shift against FMO, and what a stimulus does to it.
import { activationIndex, deltaMdfi, type IntensityShift } from '../indicators/intensity.ts';
import { notEvaluable, type Indicator, type Measured } from '../indicators/indicator.ts';
import type { ImmuneParameter } from '../indicators/paramcd.ts';
import type { Draw, Measurement, Source, Tube } from './endpoint.ts';
import {
  around,
  differenceError,
  medianError,
  shiftQuotientLimits,
  type MedianError,
  type ShiftErrors,
} from './median-error.ts';
import { blankTube, medianOf, sourceOf, stimulatedTube, type MedianFound } from './tubes.ts';

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

export function markerOf({ paramcd }: ImmuneParameter): string {
  return intensityMarkers[paramcd] ?? '';
}

/** Population ids of an intensity parameter as tubes may name them. */
export function namesOf({ populations }: ImmuneParameter): string {
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
const neededPopulations = new Set(['NK', 'NKall', 'Mono', 'cDC2', 'pDC', 'CD8RAn', 'CD8EM']);

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

/** Against the FMO tube of the specimen, else the subject's at baseline, where most controls are stained once. */
export function measureDeltaMdfi(
  draw: Draw,
  tube: Tube,
  parameter: ImmuneParameter,
  baseline: Draw | null,
): Measurement {
  const { shift, errors, sources, events } = shiftOf(draw, tube, parameter, baseline);
  return {
    ...withLimits(shift, differenceError(errors.median, errors.blank)),
    collectedAt: tube.sample.collectedAt,
    sources,
    events,
  };
}

interface ShiftFound {
  readonly shift: IntensityShift;
  readonly errors: ShiftErrors;
  readonly events: Measured;
  readonly sources: readonly Source[];
  /** The FMO tube. */
  readonly blank: Tube | null;
}

const noError: MedianError = { counting: null, gating: null };

function shiftOf(draw: Draw, tube: Tube, parameter: ImmuneParameter, baseline: Draw | null): ShiftFound {
  const marker = markerOf(parameter);
  const names = namesOf(parameter);
  const stained = medianOf(tube, names, marker);
  const fmo = blankTube(draw, baseline, tube, marker);
  const blank = fmo === null ? null : medianOf(fmo, names, marker);
  const shift = deltaMdfi({
    median: stained.median,
    fmoMedian: blank?.median ?? null,
    events: stained.events,
    fmoEvents: blank?.events ?? null,
  });
  return {
    shift:
      shift.value === null
        ? { ...shift, reason: tubeReason(tube, fmo, stained, marker) ?? shift.reason }
        : shift,
    errors: {
      median: medianError(tube, stained),
      blank: fmo === null || blank === null ? noError : medianError(fmo, blank),
    },
    events: stained.events,
    sources: [
      sourceOf(tube, stained.paths),
      ...(fmo === null || blank === null ? [] : [sourceOf(fmo, blank.paths)]),
    ],
    blank: fmo,
  };
}

/** What the tubes know of a shift that is missing; null where the medians say it themselves. */
function tubeReason(tube: Tube, fmo: Tube | null, { events }: MedianFound, marker: string): string | null {
  if (tube.result === null) return tube.reason;
  if (events === null || events < fewestEvents) return null;
  return fmo === null ? `There is no FMO tube without ${marker}.` : fmo.reason;
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
    const reason = 'There is no stimulated tube.';
    return { indicator: notEvaluable(reason), collectedAt, sources: [sourceOf(tube)] };
  }
  const with1 = shiftOf(draw, stimulated, parameter, baseline);
  const with0 = shiftOf(draw, tube, parameter, baseline);
  const index = activationIndex(with1.shift, with0.shift);
  const { counting, gating } = shiftQuotientLimits(
    [with1.shift.value ?? NaN, with0.shift.value ?? NaN],
    [with1.errors, with0.errors],
    with1.blank === with0.blank,
  );
  const isKnown = index.value !== null;
  return {
    indicator: isKnown ? { ...index, ciLow: counting?.low ?? null, ciHigh: counting?.high ?? null } : index,
    gating: isKnown ? gating : null,
    collectedAt,
    sources: [...with1.sources, ...with0.sources],
    events: with1.events,
  };
}
