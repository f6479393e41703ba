// The report of one synthetic trial of the shared reference, from its input tables through our derivations.
import { deriveClinical } from '../../src/clinical/index.ts';
import {
  correlationMatrix,
  deriveImmune,
  measuredPairs,
  patientChanges,
  visitGrid,
} from '../../src/endpoints/index.ts';
import { immuneView, type ImmuneSide, type ReportInput } from '../../src/report/index.ts';
import { trialConfig, trialTable, type Trial } from '../stats/trials.ts';

export function trialReport(trial: Trial): ReportInput {
  const config = trialConfig(trial);
  const subjects = trialTable(trial, 'adsl');
  const parameters = trialTable(trial, 'params');
  const { adim, course, measured, descriptions, comparisons, analyses, missingness } = deriveImmune(
    trialTable(trial, 'immune'),
    subjects,
    parameters,
    config,
  );
  const immune: ImmuneSide = {
    conf: 0.95,
    adim,
    parameters,
    key: parameters.slice(0, 4).map(({ PARAMCD }) => PARAMCD),
    subjects: course.subjects,
    windows: config.windows,
    descriptions,
    comparisons,
    pairs: measuredPairs(measured),
    courses: analyses,
    missingness,
    grid: parameters.flatMap(({ PARAMCD }) =>
      visitGrid(adim, subjects, config.windows, PARAMCD, config.anchor).map((cell) => ({ PARAMCD, ...cell })),
    ),
    changes: patientChanges(adim, [], config.windows),
    correlations: correlationMatrix(course, config.windows[1].n, 'R2BASE'),
    origins: [],
  };
  const clinical = deriveClinical(
    {
      subjects,
      lesions: trialTable(trial, 'tumour'),
      local: trialTable(trial, 'local'),
      adverseEvents: trialTable(trial, 'ae'),
    },
    config,
  );
  return {
    study: { id: 'SYNA', title: `Synthetic ${trial}` },
    software: 'immunogate test',
    generatedUtc: null,
    subjects,
    immune,
    clinical,
    samples: [],
    gates: [],
    overviews: [],
    outcome: null,
    issues: [],
  };
}

export function immuneOf({ immune }: ReportInput) {
  if (immune === null) throw new Error('this report has no immune side');
  return immuneView(immune);
}

export function clinicalOf({ clinical }: ReportInput) {
  if (clinical === null) throw new Error('this report has no clinical side');
  return clinical;
}
