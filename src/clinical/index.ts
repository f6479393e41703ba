// clinical/: response, time to event and adverse events of a trial. Row 5: never sees an event of a flow file.
export type {
  NonTargetResponse,
  OverallResponse,
  RecistOptions,
  TargetResponse,
  TimePoint,
} from './recist.ts';
export { overallResponse, recistTimePoints } from './recist.ts';
export type { Assessment, Best, BestResponse, BestResponseOptions } from './best-response.ts';
export { bestResponse, responseOrder } from './best-response.ts';
export type {
  Censoring,
  ProgressionInput,
  ProgressionOptions,
  SurvivalInput,
  TimeToEvent,
} from './time-to-event.ts';
export { pfsSensitivity, progressionTime, survivalTime } from './time-to-event.ts';
export type { AdrsRow, AssessmentRow, ResponseConfig, Responses, SubjectResponse } from './adrs.ts';
export { adrsRows, deriveResponses, responseNumber } from './adrs.ts';
export type { Rate, ResponseTable, WaterfallBar } from './response-table.ts';
export { rate, responseTable, waterfall } from './response-table.ts';
export type { AdslRow, PopulationLine } from './adsl.ts';
export { deriveAdsl, populationTable } from './adsl.ts';
export type { AdtteRow, TteConfig, TteParameter, TteTable } from './adtte.ts';
export { deriveAdtte, durationOfResponse, tteLabels, tteTable } from './adtte.ts';
export type { AdaeOptions, AdaeRow } from './adae.ts';
export { deriveAdae, imputeStart } from './adae.ts';
export type { AeLine, AeOverview, AeTermRow } from './ae-tables.ts';
export { aeByTerm, aeOverview } from './ae-tables.ts';
export type { ChangeVariable, ImmuneChange, LandmarkCox, ResponderRow } from './immune-outcome.ts';
export { compareResponders, correlateWithTumour, fewestForArea, landmarkCox } from './immune-outcome.ts';
export type { AeOverviewRow, LandmarkRow, PopulationRow, RateRow, TteRow } from './tidy.ts';
export { aeOverviewRows, landmarkRow, populationRows, responseRows, tteRows } from './tidy.ts';
export type { ClinicalConfig, ClinicalInput, ClinicalResult } from './derive.ts';
export { deriveClinical } from './derive.ts';
export type { LocalProgression } from './local-progression.ts';
export { localProgression } from './local-progression.ts';
export type { LocalProgressionRow, SensitivityRow } from './supportive.ts';
export { localProgressionRows, sensitivityRows } from './supportive.ts';
