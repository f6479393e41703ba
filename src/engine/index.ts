// engine/: study to results. The pure part; files, threads and the store are in node.ts.
export type {
  Executor,
  MembershipRequest,
  Progress,
  Protocol,
  SampleGroup,
  SampleJob,
  SampleOutcome,
} from './model.ts';
export { planSamples, sampleIdOf, type PlannedSample, type SamplePlan } from './plan.ts';
export { describedChannels, labelledChannels, placeGates } from './steps.ts';
export { mostFitEvents, readFitSample } from './fit-sample.ts';
export { underMatrix } from './compensated.ts';
export { protocolIdentity, type ProtocolLocks } from './provenance.ts';
export {
  densitiesText,
  sampleDensities,
  type DensitiesOptions,
  type GatePlot,
  type SampleDensities,
} from './densities.ts';
export { clusterPopulation, type Clustering, type ClusterOptions } from './cluster.ts';
