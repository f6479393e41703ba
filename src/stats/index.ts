// stats/: statistics of a small trial, pure functions of numbers. Row 1: imports math and errors only.
export type { Maybe, StatisticResult, IntervalOptions } from './result.ts';
export type { Tails } from './special.ts';
export { betaTails, gammaTails, logBeta, logChoose, logGamma } from './special.ts';
export {
  betaCdf,
  betaQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  chiSquareUpper,
  fCdf,
  fUpper,
  normalCdf,
  normalDensity,
  normalQuantile,
  normalTwoSided,
  normalUpper,
  tCdf,
  tQuantile,
  tTwoSided,
  tUpper,
} from './distributions.ts';
export {
  binomialCdf,
  binomialPmf,
  binomialQuantile,
  binomialUpper,
  rankSumCdf,
  rankSumQuantile,
  signedRankCdf,
  signedRankQuantile,
} from './discrete.ts';
export { noncentralTCdf, noncentralityInterval } from './noncentral-t.ts';
export { studentisedRangeUpper } from './studentised-range.ts';
export { brentRoot, monotoneRoot } from './roots.ts';
export type { Descriptive, DescriptiveOptions } from './descriptive.ts';
export { describe, mean, median, standardDeviation } from './descriptive.ts';
export { midranks, snappedDifferences } from './ranks.ts';
export type { Adjustment } from './multiplicity.ts';
export { adjustPValues } from './multiplicity.ts';
export type { BinomialTest, Interval, Proportion } from './proportions.ts';
export { binomialTest, clopperPearson, proportion, wilson } from './proportions.ts';
export type { Correlation } from './correlation.ts';
export { correlate } from './correlation.ts';
export {
  formatCountPercent,
  formatEstimate,
  formatFixed,
  formatInterval,
  formatP,
  withMinus,
  withUnits,
} from './display.ts';
export type { LogRatioT, PairedT } from './paired-t.ts';
export { logRatioT, pairedT } from './paired-t.ts';
export type { HodgesLehmann, SignedRank, ZeroMethod } from './signed-rank.ts';
export { hodgesLehmann, signedRank } from './signed-rank.ts';
export type { SignFlip, SignTest } from './sign-tests.ts';
export { signFlipTest, signTest } from './sign-tests.ts';
export type { PairedComparison } from './paired.ts';
export { comparePaired } from './paired.ts';
export type { KruskalWallis, TwoGroupComparison } from './two-group.ts';
export { compareTwoGroups, kruskalWallis } from './two-group.ts';
export type { FisherTest } from './fisher.ts';
export { fisherExact } from './fisher.ts';
export type { FriedmanResult } from './friedman.ts';
export { friedman } from './friedman.ts';
export type { MixedModelContrast, MixedModelInput, MixedModelResult } from './mixed-model.ts';
export { fitMixedModel } from './mixed-model.ts';
export type { GeeFit, GeeResult } from './gee.ts';
export { fitGee } from './gee.ts';
export type { CensoredLognormal } from './censored-lognormal.ts';
export { censoredLognormal } from './censored-lognormal.ts';
export type { ConfType, KaplanMeier, KmBand, KmOptions, KmTable } from './kaplan-meier.ts';
export { kaplanMeier } from './kaplan-meier.ts';
export { clusterKaplanMeier, type ClusterKm } from './cluster-kaplan-meier.ts';
export type { LogRank, OneSampleLogRank } from './log-rank.ts';
export { logRank, oneSampleLogRank } from './log-rank.ts';
export type { CumulativeIncidence } from './competing-risks.ts';
export { cumulativeIncidence } from './competing-risks.ts';
export type { Ties } from './cox-likelihood.ts';
export type { ChiSquareTest, Covariate, CoxInput, CoxOptions, CoxResult } from './cox.ts';
export { coxRegression } from './cox.ts';
export type { Zph } from './cox-diagnostics.ts';
export type { FirthOptions, FirthResult } from './firth.ts';
export { firthCox } from './firth.ts';
