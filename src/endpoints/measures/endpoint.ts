// What an endpoint row is, and what it is measured on: the tubes of one specimen with their gated results, and its blood count.
// Invariant: a row without a value has its reason, and every row names the samples and population paths behind it.
import type { KeptTime, PopulationRow, StatisticRow, UncertaintyRow } from '../../results/index.ts';
import type { BloodCountRecord, Sample } from '../../study/index.ts';
import type { CountPlatform } from '../indicators/absolute-count.ts';
import type { Indicator, IndicatorStatus, Measured } from '../indicators/indicator.ts';
import type { ValueLimits } from '../indicators/limits.ts';
import type { ImmuneParameter, ParameterUnit } from '../indicators/paramcd.ts';
import { combinedInterval, type Limits } from './combined-interval.ts';

/** One tube of the manifest, and what gating it gave. */
export interface Tube {
  readonly sample: Sample;
  /** null: not gated; `reason` says why. */
  readonly result: TubeResult | null;
  readonly reason: string | null;
  /** null: nothing is known beside the events. */
  readonly acquisition: Acquisition | null;
}

/** What a file says of its acquisition as a whole, and what gates on Time left of it. */
export interface Acquisition {
  /** $VOL, nanolitres. */
  readonly volumeNanolitres: Measured;
  /** From the first event to the last. */
  readonly seconds: Measured;
  /** Events that the instrument saw and did not record ($ABRT and $LOST). */
  readonly unrecorded: number;
  /** All events of the file. */
  readonly recorded: number;
  readonly kept: readonly KeptTime[];
}

export interface TubeResult {
  readonly resultId: string;
  readonly populations: readonly PopulationRow[];
  /** At least those of the populations and markers that `neededStatistic` names. */
  readonly statistics: readonly StatisticRow[];
  /** How far the own cuts of each population may lie from where they are. */
  readonly uncertainty: readonly UncertaintyRow[];
}

/** The tubes of one specimen. */
export interface Draw {
  readonly specimen: string;
  readonly subject: string;
  readonly visit: string;
  readonly visitNumber: number | null;
  readonly tubes: readonly Tube[];
  /** Blood counts of that subject and visit. */
  readonly bloodCounts: readonly BloodCountRecord[];
  /** Error of a blood count as a fraction; 0 where the study states none. */
  readonly bloodCountCv: number;
}

/** Where a number comes from: a sample, its stored result, and the populations that were counted in it. */
export interface Source {
  readonly sample: string;
  readonly resultId: string | null;
  readonly paths: readonly string[];
}

/** One parameter of one specimen. `events`, limits and intervals are in the unit of the value unless said otherwise. */
export interface EndpointRow {
  readonly subject: string;
  readonly visit: string;
  readonly visitNumber: number | null;
  readonly specimen: string;
  /** ISO date, with time where the manifest gives one. */
  readonly collectedAt: string;
  readonly panel: string;
  readonly paramcd: string;
  readonly param: string;
  readonly unit: ParameterUnit;
  readonly value: number | null;
  /** From counting: how far chance alone moves the value. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /**
   * From gating: how far the value moves while its cuts move within what the data leave open, and for a count by beads or volume up to all
   * cells that the singlet gates may have taken out as pairs and, by volume, that the instrument did not record; null where no cut is uncertain or known to be.
   */
  readonly gatingLow: number | null;
  readonly gatingHigh: number | null;
  /** Both together (combined-interval.ts): the interval to be read as that of the value. */
  readonly totalLow: number | null;
  readonly totalHigh: number | null;
  readonly status: IndicatorStatus;
  /** In words, whenever there is no value. */
  readonly reason: string | null;
  /** What enters tables where it is not the value: a negative response to a stimulus is reported as 0. */
  readonly reported: number | null;
  readonly lod: number | null;
  readonly lloq: number | null;
  /** Events of the population, and of what it is a part or a multiple of. */
  readonly events: number | null;
  readonly parentEvents: number | null;
  readonly platform: CountPlatform | null;
  readonly sources: readonly Source[];
}

/** What a measure finds before it is put into a row. */
export interface Measurement {
  readonly indicator: Indicator;
  readonly collectedAt: string;
  readonly sources: readonly Source[];
  readonly events?: Measured;
  readonly parentEvents?: Measured;
  readonly limits?: ValueLimits | null;
  readonly platform?: CountPlatform;
  readonly reported?: Measured;
  readonly gating?: Limits | null;
}

export function endpointRow(
  draw: Draw,
  parameter: ImmuneParameter,
  panel: string,
  found: Measurement,
): EndpointRow {
  const { indicator, gating = null, limits = null } = found;
  const { value, ciLow, ciHigh } = indicator;
  const counting = ciLow === null || ciHigh === null ? null : { low: ciLow, high: ciHigh };
  const total = combinedInterval(value, { counting, gating }, parameter.unit);
  return {
    subject: draw.subject,
    visit: draw.visit,
    visitNumber: draw.visitNumber,
    specimen: draw.specimen,
    collectedAt: found.collectedAt,
    panel,
    paramcd: parameter.paramcd,
    param: parameterText(parameter),
    unit: parameter.unit,
    value,
    ciLow,
    ciHigh,
    gatingLow: gating?.low ?? null,
    gatingHigh: gating?.high ?? null,
    totalLow: total?.low ?? null,
    totalHigh: total?.high ?? null,
    status: indicator.status,
    reason: indicator.reason,
    reported: found.reported === undefined ? value : found.reported,
    lod: limits?.lod ?? null,
    lloq: limits?.lloq ?? null,
    events: found.events ?? null,
    parentEvents: found.parentEvents ?? null,
    platform: found.platform ?? null,
    sources: found.sources,
  };
}

/** `CD4+ T Cells (cells/uL)`; a ratio has no unit. */
export function parameterText({ label, unit }: Pick<ImmuneParameter, 'label' | 'unit'>): string {
  return unit === 'ratio' ? label : `${label} (${unit})`;
}
