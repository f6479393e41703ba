// endpoints/: measured immune values to ADIM and its tables. Row 5: never sees an event.
export type { BlqRule, MeasuredValue } from './value.ts';
export { parseMeasured, substitute } from './value.ts';
export type { Anchor, VisitWindow } from './windows.ts';
export { distanceToTarget, isPre, windowOf } from './windows.ts';
export type { AdimConfig, AdimRow, Ratio } from './adim.ts';
export { deriveAdim } from './adim.ts';
export type {
  CourseAnalysis,
  GeeContrast,
  ImmuneCourse,
  Missingness,
  VisitComparison,
  VisitDescription,
} from './immune-tables.ts';
export {
  analyseCourse,
  compareWithBaseline,
  describeByVisit,
  immuneCourse,
  missingness,
  signedRankP,
} from './immune-tables.ts';
export { measuredPairs, type MeasuredPair } from './measured-course.ts';
export type { CorrelationCell } from './correlation-matrix.ts';
export { correlationMatrix } from './correlation-matrix.ts';
export type { GridCell, VisitStatus } from './visit-grid.ts';
export { visitGrid } from './visit-grid.ts';
export type { ComparisonRow, CourseRow, DescriptionRow, WideListing } from './tidy.ts';
export { comparisonRows, courseRows, descriptionRows, wideListing } from './tidy.ts';
export type { ImmuneConfig, ImmuneResult } from './derive.ts';
export { deriveImmune } from './derive.ts';
export type { Indicator, IndicatorStatus, Measured } from './indicators/indicator.ts';
export { worstStatus } from './indicators/indicator.ts';
export type { DifferenceOfFractions } from './indicators/counting.ts';
export {
  eventsToAcquire,
  lognormalInterval,
  newcombeDifference,
  poissonCv,
  poissonInterval,
} from './indicators/counting.ts';
export type { EventLimits, Percentage, Reported, ValueLimits } from './indicators/limits.ts';
export {
  countStatus,
  defaultLimits,
  limitsFromBlanks,
  limitsPerMicrolitre,
  pairable,
  parentStatus,
  percentage,
  reported,
} from './indicators/limits.ts';
export type {
  AbsoluteCount,
  BeadSource,
  BloodCount,
  CountOptions,
  CountPlatform,
  DualOptions,
} from './indicators/absolute-count.ts';
export {
  countByBeads,
  countByBridge,
  countByLeukocytes,
  countByLymphocytes,
  doubletFactor,
} from './indicators/absolute-count.ts';
export { countByVolume, type DrawnVolume } from './indicators/volume-count.ts';
export type { CbcCells, CbcIndices } from './indicators/ratios.ts';
export { cbcIndices, concentrationRatio, eventRatio, mdscTotal, naiveToMemory } from './indicators/ratios.ts';
export type { StimulatedResponse, StimulationOptions, TubeResponse } from './indicators/stimulation.ts';
export { stimulatedMinusBackground } from './indicators/stimulation.ts';
export type { FreePd1, IntensityShift, MedianPair, OccupancyMedians } from './indicators/intensity.ts';
export {
  activationIndex,
  deltaMdfi,
  freePd1,
  integratedMdfi,
  receptorOccupancy,
} from './indicators/intensity.ts';
export type { ImmuneParameter, ParameterKind, ParameterUnit } from './indicators/paramcd.ts';
export {
  comparedByDifference,
  immuneParameter,
  immuneParameters,
  primaryParameters,
} from './indicators/paramcd.ts';
export type { PatientChange } from './patient-changes.ts';
export { patientChanges } from './patient-changes.ts';
export type { Acquisition, Draw, EndpointRow, Source, Tube, TubeResult } from './measures/endpoint.ts';
export { parameterText } from './measures/endpoint.ts';
export type { LogError } from './measures/gating-error.ts';
export { gatingError, gatingInterval, joined } from './measures/gating-error.ts';
export type { Limits } from './measures/combined-interval.ts';
export { combinedInterval } from './measures/combined-interval.ts';
export { deriveEndpoints, drawsOf, plannedParameters } from './measures/derive.ts';
export { analysisParameters, immuneRecords, type RecordOptions } from './measures/records.ts';
export { flowOf, isCountedByVolume, isPlausibleFlow, keptInTube } from './measures/volume.ts';
export { neededStatistic } from './measures/intensities.ts';
export type { Component, Overview, OverviewSample, SamplePlace } from './overview.ts';
export { loadingsText, overviewText, sampleOverview } from './overview.ts';
