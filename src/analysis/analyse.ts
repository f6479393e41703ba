// Study and gated samples to StudyResults in one step. Pure; the same input gives the same numbers.
import {
  aeOverviewRows,
  compareResponders,
  correlateWithTumour,
  deriveClinical,
  landmarkCox,
  landmarkRow,
  populationRows,
  responseRows,
  tteRows,
  type ChangeVariable,
  type ClinicalResult,
  type ImmuneChange,
} from '../clinical/index.ts';
import {
  analysisParameters,
  comparedByDifference,
  comparisonRows,
  correlationMatrix,
  courseRows,
  deriveEndpoints,
  deriveImmune,
  descriptionRows,
  drawsOf,
  immuneRecords,
  measuredPairs,
  patientChanges,
  plannedParameters,
  visitGrid,
  type EndpointRow,
  type ImmuneCourse,
  type ImmuneResult,
  type Tube,
  type VisitWindow,
} from '../endpoints/index.ts';
import { issue, type Issue } from '../errors.ts';
import type { ImmuneRecord, ParameterRecord, Study } from '../study/index.ts';
import { checkAbsent } from './checks/absent.ts';
import { checkAcquisition, checkPlatforms } from './checks/acquisition.ts';
import { checkBloodCounts } from './checks/blood-counts.ts';
import { checkFiles, type FileFacts } from './checks/files.ts';
import { checkIdentities } from './checks/identity.ts';
import { checkManifest } from './checks/manifest.ts';
import { checkQuality } from './checks/quality.ts';
import { checkReport, keyParameters } from './checks/report.ts';
import { condensed } from './condense.ts';
import type { GatedSample, ImmuneTables, OutcomeTables, StudyResults } from './model.ts';

export interface AnalysisOptions {
  /** What the files say of themselves. */
  readonly facts?: readonly FileFacts[];
  /** What was found before, by reading the study. */
  readonly findings?: readonly Issue[];
}

export function analyseStudy(
  given: Study,
  samples: readonly GatedSample[],
  options: AnalysisOptions = {},
): StudyResults {
  const { facts = [], findings = [] } = options;
  const blood = checkBloodCounts(given.bloodCounts);
  const study = { ...given, bloodCounts: blood.counts };
  const files = checkFiles(samples, facts);
  const quality = checkQuality(samples, given.definition.qualityFailures);
  const failed = new Set([...files.failed, ...quality.failed]);
  const { definition, subjects } = study;
  const planned = plannedParameters(panelsOf(study), study.bloodCounts.length > 0);
  const factOf = new Map(facts.map((fact) => [fact.sample, fact]));
  const tubes = samples.map((gated) => tubeOf(gated, factOf.get(gated.sample.sample) ?? null));
  const endpoints = deriveEndpoints(drawsOf(tubes, study.bloodCounts, definition), planned);
  const said: Issue[] = [
    ...checkManifest(study),
    ...blood.issues,
    ...files.issues,
    ...quality.issues,
    ...checkAcquisition(tubes, study.bloodCounts),
    ...checkPlatforms(endpoints),
    ...checkAbsent(endpoints),
    ...checkIdentities(samples),
  ];
  const isFailed = (row: EndpointRow): boolean => row.sources.some(({ sample }) => failed.has(sample));
  const { records, parameters, own } = immuneInput(
    study,
    endpoints,
    analysisParameters(planned),
    isFailed,
    said,
  );
  said.push(...checkReport(given, parameters));
  const immune = deriveImmune(records, subjects, parameters, {
    ...definition,
    windows: windowsOf(study),
    limitedByEvents: own,
    byDifference: comparedByDifference,
  });
  const clinical = deriveClinical(
    {
      subjects,
      lesions: study.lesions,
      local: study.local,
      adverseEvents: study.adverseEvents,
    },
    definition,
  );
  const tables = immuneTables(study, immune, parameters, endpoints);
  return {
    study: given,
    samples,
    failedSamples: samples.map(({ sample: { sample } }) => sample).filter((sample) => failed.has(sample)),
    endpoints,
    immune: tables,
    clinical,
    outcome: outcomeTables(study, immune.measured, clinical),
    tidy: {
      population: populationRows(clinical.population),
      descriptions: descriptionRows(immune.descriptions),
      comparisons: comparisonRows(immune.comparisons).map((row) => ({
        ...row,
        phase: phaseOf(study, row.AVISITN),
      })),
      courses: courseRows(immune.analyses),
      timeToEvent: tteRows(clinical.timeToEvent),
      response: responseRows(clinical.response),
      adverseEvents: aeOverviewRows(clinical.aeOverview),
    },
    findings: [...findings, ...condensed([...said, ...worthSaying(immune), ...clinical.issues])],
  };
}

function tubeOf(gated: GatedSample, fact: FileFacts | null): Tube {
  const { sample, state, resultId, populations, statistics, uncertainty, kept, reason } = gated;
  return {
    sample,
    result:
      state === 'gated' && resultId !== null ? { resultId, populations, statistics, uncertainty } : null,
    reason,
    acquisition: fact === null ? null : { ...fact, kept },
  };
}

/** A parameter that a subject has no value of lacks no baseline: it lacks everything, which the tables of missingness show. */
function worthSaying({ adim, issues }: ImmuneResult): Issue[] {
  const valued = new Set(
    adim.filter(({ AVAL }) => AVAL !== null).map(({ USUBJID, PARAMCD }) => `${USUBJID} ${PARAMCD}`),
  );
  return issues.filter(({ code, place }) => code !== 'NO_BASELINE' || valued.has(place ?? ''));
}

/** Panels of which there is a tube: a template alone promises nothing. */
function panelsOf({ samples, definition }: Study): string[] {
  const stained = new Set(samples.map(({ panel }) => panel));
  return Object.keys(definition.panels).filter((panel) => stained.has(panel));
}

function windowsOf({ definition }: Study): readonly VisitWindow[] {
  return definition.windows;
}

function phaseOf({ definition }: Study, n: number): VisitWindow['phase'] {
  return definition.windows.find((window) => window.n === n)?.phase ?? 'POST';
}

/**
 * Values measured elsewhere and values of the files as one input of ADIM. A parameter that both give is taken from elsewhere, and
 * said so; a ratio that the study defines is made by ADIM from its parts.
 */
function immuneInput(
  study: Study,
  endpoints: readonly EndpointRow[],
  planned: readonly ParameterRecord[],
  failed: (row: EndpointRow) => boolean,
  issues: Issue[],
): {
  readonly records: readonly ImmuneRecord[];
  readonly parameters: readonly ParameterRecord[];
  /** Codes of parameters that the files give. */
  readonly own: ReadonlySet<string>;
} {
  const elsewhere = new Set(study.parameters.map(({ PARAMCD }) => PARAMCD));
  const ratios = new Set(study.definition.ratios.map(({ code }) => code));
  const own = planned.filter(({ PARAMCD }) => !elsewhere.has(PARAMCD));
  for (const { PARAMCD } of planned) {
    if (!elsewhere.has(PARAMCD)) continue;
    issues.push(
      issue(
        'W_PLATFORM_MIXED',
        `${PARAMCD} is in the table of immune values and in the files; the table counts.`,
        PARAMCD,
      ),
    );
  }
  const codes = new Set(own.map(({ PARAMCD }) => PARAMCD));
  const rows = endpoints.filter(({ paramcd }) => codes.has(paramcd) && !ratios.has(paramcd));
  return {
    records: [...study.immune, ...immuneRecords(rows, { studyId: study.id, failed })],
    parameters: [...study.parameters, ...own],
    own: codes,
  };
}

function immuneTables(
  study: Study,
  { adim, course, measured, descriptions, comparisons, analyses, missingness }: ImmuneResult,
  parameters: readonly ParameterRecord[],
  endpoints: readonly EndpointRow[],
): ImmuneTables {
  const { definition, subjects } = study;
  const windows = windowsOf(study);
  const analysed = subjects.filter(({ USUBJID }) => course.subjects.includes(USUBJID));
  const landmark = landmarkVisit(study);
  const { conf } = definition;
  return {
    conf,
    adim,
    parameters,
    key: keyParameters(definition.report.parameters ?? null, parameters, adim),
    subjects: course.subjects,
    windows,
    descriptions,
    comparisons,
    pairs: measuredPairs(measured),
    courses: analyses,
    missingness,
    changes: patientChanges(adim, endpoints, windows, conf),
    grid: parameters.flatMap(({ PARAMCD }) =>
      visitGrid(adim, analysed, windows, PARAMCD, definition.anchor).map((cell) => ({ PARAMCD, ...cell })),
    ),
    correlations: landmark === null ? [] : correlationMatrix(measured, landmark.n, variableOf, { conf }),
  };
}

/** What a change is taken as, against outcome and other changes. */
function variableOf(PARAMCD: string): ChangeVariable {
  return comparedByDifference.has(PARAMCD) ? 'CHG' : 'R2BASE';
}

/** The last visit that ends by the landmark day; a covariate may not be younger than the landmark. */
function landmarkVisit(study: Study): VisitWindow | null {
  const { landmarkDay } = study.definition;
  const [, ...posts] = windowsOf(study);
  return posts.filter(({ hi }) => hi !== null && hi <= landmarkDay).at(-1) ?? null;
}

function outcomeTables(study: Study, course: ImmuneCourse, clinical: ClinicalResult): OutcomeTables {
  const visit = landmarkVisit(study);
  const { landmarkDay, conf } = study.definition;
  if (visit === null) return { conf, visit, landmark: [], responders: [], tumour: [] };
  const full = new Set(clinical.adsl.filter(({ FASFL }) => FASFL === 'Y').map(({ USUBJID }) => USUBJID));
  const subjects = study.subjects.filter(({ USUBJID }) => full.has(USUBJID));
  const times = clinical.adtte.filter(({ PARAMCD }) => PARAMCD === 'PFS');
  const responses = clinical.responses.subjects.filter(({ USUBJID }) => full.has(USUBJID));
  const measured = course.parameters.map((PARAMCD) => ({
    PARAMCD,
    options: { conf, variable: variableOf(PARAMCD) },
    changes: course.subjects.flatMap((subject): ImmuneChange[] => {
      const row = course.rowOf(PARAMCD, visit.n, subject);
      return row === null ? [] : [{ USUBJID: subject, R2BASE: row.R2BASE, CHG: row.CHG, ADT: row.ADT }];
    }),
  }));
  return {
    conf,
    visit,
    landmark: measured.flatMap(({ PARAMCD, options, changes }) => {
      const found = landmarkCox(subjects, times, changes, landmarkDay, options);
      return found.cox.n === 0 ? [] : [landmarkRow(PARAMCD, found)];
    }),
    responders: measured.map(({ PARAMCD, options, changes }) =>
      compareResponders(PARAMCD, responses, changes, options),
    ),
    tumour: measured.map(({ PARAMCD, options, changes }) => {
      const { n, spearman } = correlateWithTumour(responses, changes, options);
      return {
        PARAMCD,
        variable: options.variable,
        n,
        rho: spearman.rho,
        low: spearman.ciLow,
        high: spearman.ciHigh,
        p: spearman.pReported,
      };
    }),
  };
}
