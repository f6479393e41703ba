// Gated tubes and blood counts to endpoint rows: every parameter of populations.md section 6 that the study's panels can give.
// Invariant: a specimen that has the tube has the row, with a value or a reason; rows are in order of specimen and parameter.
import { ImmunogateError } from '../../errors.ts';
import type { BloodCountRecord } from '../../study/index.ts';
import { notEvaluable } from '../indicators/indicator.ts';
import { immuneParameters, type ImmuneParameter } from '../indicators/paramcd.ts';
import { measureBloodCount } from './blood-counts.ts';
import { measureBridgedCount, measureCount, measureDualCount } from './counts.ts';
import { endpointRow, type Draw, type EndpointRow, type Measurement, type Tube } from './endpoint.ts';
import {
  measureConcentrationRatio,
  measureEventRatio,
  measurePercent,
  measureStimulation,
} from './fractions.ts';
import { measureActivation, measureDeltaMdfi, measureMdfi } from './intensities.ts';
import { measureOccupancy, measureSaturatedPercent } from './occupancy.ts';
import { measureQuality } from './quality.ts';
import { sourceOf, stainedTube } from './tubes.ts';

/** The parameters that a study with these panels can give; of the blood count where there is one. */
export function plannedParameters(panels: readonly string[], hasBloodCounts: boolean): ImmuneParameter[] {
  return immuneParameters.filter(({ panel, kind }) => {
    if (panel === 'any') return panels.length > 0;
    if (panel === 'CBC') return hasBloodCounts;
    if (kind === 'dualCount' && !hasBloodCounts) return false;
    return panel.split('+').every((part) => panels.includes(part));
  });
}

/** Tubes and blood counts by specimen, in order of the tubes; blood counts without a tube make a specimen of their own. */
export function drawsOf(
  tubes: readonly Tube[],
  bloodCounts: readonly BloodCountRecord[],
  { bloodCountCv = 0 }: { readonly bloodCountCv?: number } = {},
): Draw[] {
  const draws = new Map<string, Draw & { readonly tubes: Tube[] }>();
  const countsOf = (subject: string, visit: string) =>
    bloodCounts.filter((count) => count.subject === subject && count.visit === visit);
  for (const tube of tubes) {
    const { specimen, subject, visit, visitNumber } = tube.sample;
    const draw = draws.get(specimen);
    if (draw !== undefined) draw.tubes.push(tube);
    else {
      draws.set(specimen, {
        ...{ specimen, subject, visit, visitNumber },
        tubes: [tube],
        bloodCounts: countsOf(subject, visit),
        bloodCountCv,
      });
    }
  }
  const seen = new Set([...draws.values()].map(({ subject, visit }) => `${subject}_${visit}`));
  for (const { subject, visit } of bloodCounts) {
    const specimen = `${subject}_${visit}`;
    if (seen.has(specimen)) continue;
    seen.add(specimen);
    draws.set(specimen, {
      ...{ specimen, subject, visit, visitNumber: null, tubes: [] },
      bloodCounts: countsOf(subject, visit),
      bloodCountCv,
    });
  }
  return [...draws.values()];
}

export function deriveEndpoints(
  draws: readonly Draw[],
  parameters: readonly ImmuneParameter[],
): EndpointRow[] {
  const firstOfSubject = new Map<string, Draw>();
  for (const draw of draws) {
    const first = firstOfSubject.get(draw.subject);
    if (first === undefined || drawnAt(draw) < drawnAt(first)) firstOfSubject.set(draw.subject, draw);
  }
  return draws.flatMap((draw) =>
    parameters.flatMap((parameter) => rowsOf(draw, parameter, firstOfSubject.get(draw.subject) ?? null)),
  );
}

/** When the first tube was taken; what has no tube comes last. */
function drawnAt({ tubes }: Draw): string {
  return tubes.map(({ sample }) => sample.collectedAt).sort()[0] ?? '9999';
}

function rowsOf(draw: Draw, parameter: ImmuneParameter, baseline: Draw | null): EndpointRow[] {
  const { kind, panel } = parameter;
  if (panel === 'CBC') {
    // the repeats of a tube have no second blood count
    if (draw.specimen !== `${draw.subject}_${draw.visit}`) return [];
    return draw.bloodCounts.map((count, at) => {
      const specimen = at === 0 ? draw.specimen : `${draw.specimen}_${at + 1}`;
      return endpointRow({ ...draw, specimen }, parameter, panel, measureBloodCount(count, parameter));
    });
  }
  const panels = panel === 'any' ? panelsOf(draw) : [panel.split('+')[0]];
  return panels.flatMap((own) => {
    const tube = stainedTube(draw, own);
    if (tube === null) return [];
    if (kind === 'quality') {
      const found = measureQuality(tube, parameter);
      return found === null ? [] : [endpointRow(draw, parameter, own, found)];
    }
    return [endpointRow(draw, parameter, own, measured(draw, tube, parameter, baseline))];
  });
}

function panelsOf({ tubes }: Draw): string[] {
  return [...new Set(tubes.map(({ sample }) => sample.panel))];
}

/** A tube that breaks the arithmetic (a part larger than its whole) makes its value not evaluable, and stops nothing. */
function measured(draw: Draw, tube: Tube, parameter: ImmuneParameter, baseline: Draw | null): Measurement {
  try {
    return measure(draw, tube, parameter, baseline);
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    const { collectedAt } = tube.sample;
    return { indicator: notEvaluable(error.message), collectedAt, sources: [sourceOf(tube)] };
  }
}

function measure(draw: Draw, tube: Tube, parameter: ImmuneParameter, baseline: Draw | null): Measurement {
  switch (parameter.kind) {
    case 'count':
      return measureCount(draw, tube, parameter);
    case 'dualCount':
      return measureDualCount(draw, tube, parameter);
    case 'bridgedCount':
      return measureBridgedCount(draw, tube, parameter);
    case 'percent':
      return measurePercent(tube, parameter);
    case 'saturatedPercent':
      return measureSaturatedPercent(draw, tube, parameter);
    case 'eventRatio':
      return measureEventRatio(tube, parameter);
    case 'concentrationRatio':
      return measureConcentrationRatio(draw, tube, parameter);
    case 'stimulation':
      return measureStimulation(draw, tube, parameter);
    case 'mdfi':
      return measureMdfi(tube, parameter);
    case 'deltaMdfi':
      return measureDeltaMdfi(draw, tube, parameter, baseline);
    case 'activationIndex':
      return measureActivation(draw, tube, parameter, baseline);
    case 'occupancy':
      return measureOccupancy(draw, tube, parameter, baseline);
    case 'cbc':
    case 'cbcIndex':
    case 'quality':
      throw new ImmunogateError('E_INTERNAL', `${parameter.paramcd} is not measured on a tube.`);
  }
}
