// qc/: is this sample fit for use? Checks, what they found, and the verdict.
export type { Measured, QualityCheck, QualityMeasure, QualityRow, Verdict, Window } from './model.ts';
export {
  hintedResidual,
  reviewCompensation,
  type Colours,
  type CompensationHint,
  type CompensationReview,
} from './compensation.ts';
export { unevenness } from './evenness.ts';
export { judgeQuality, reasonsOf, verdictOf, worstFirst, type QualityEvidence } from './judge.ts';
export { usualChecks, withChecks, type CheckedPopulation } from './usual.ts';
