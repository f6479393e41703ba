// What the report is made of: the tables of one study, as plain data. It sees no events; densities of gates arrive binned.
// Invariant: everything that is not there is null or an empty list, and its section is left out or says why.
import type { OutcomeTables } from '../analysis/index.ts';
import type { ClinicalResult } from '../clinical/index.ts';
import type {
  AdimRow,
  CorrelationCell,
  CourseAnalysis,
  GridCell,
  MeasuredPair,
  Missingness,
  Overview,
  PatientChange,
  VisitComparison,
  VisitDescription,
  VisitWindow,
} from '../endpoints/index.ts';
import type { Issue } from '../errors.ts';
import type { QualityRow } from '../qc/index.ts';
import type { ParameterRecord, SubjectRecord } from '../study/index.ts';
import type { SampleGates } from './gates/model.ts';

export interface ReportInput {
  readonly study: { readonly id: string; readonly title: string };
  /** Name and version of the program. */
  readonly software: string;
  /** When the report was made, ISO 8601 UTC, handed in from outside; null leaves it out and keeps the bytes the same. */
  readonly generatedUtc: string | null;
  readonly subjects: readonly SubjectRecord[];
  readonly immune: ImmuneSide | null;
  readonly clinical: ClinicalResult | null;
  /** Every tube of the manifest. */
  readonly samples: readonly SampleLine[];
  /** Gates to be drawn: samples of one subject a panel, in order of panel and visit; those that cannot be drawn say why. */
  readonly gates: readonly SampleGates[];
  /** Samples of each panel by principal components, where there are enough. */
  readonly overviews: readonly { readonly panel: string; readonly overview: Overview }[];
  readonly outcome: OutcomeTables | null;
  readonly issues: readonly Issue[];
}

/** The immune tables of a study over its analysis set. */
export interface ImmuneSide {
  /** Level of the intervals of comparisons, courses, changes and correlations; those of a value alone are of 95 %. */
  readonly conf: number;
  readonly adim: readonly AdimRow[];
  /** In the order in which tables list them. */
  readonly parameters: readonly ParameterRecord[];
  /** PARAMCDs that are shown in full, in this order; the others are folded away. */
  readonly key: readonly string[];
  readonly subjects: readonly string[];
  /** Analysis visits; the first is the baseline. */
  readonly windows: readonly VisitWindow[];
  readonly descriptions: readonly VisitDescription[];
  readonly comparisons: readonly VisitComparison[];
  /** What the comparisons are made of; values below detection, which ADIM substitutes, make none, but for a parameter compared by difference. */
  readonly pairs: readonly MeasuredPair[];
  readonly courses: readonly CourseAnalysis[];
  readonly missingness: readonly Missingness[];
  /** Why each value of each parameter is there or not. */
  readonly grid: readonly (GridCell & { readonly PARAMCD: string })[];
  /** Each patient's change from baseline against what chance and gating could have done. */
  readonly changes: readonly PatientChange[];
  /** Spearman between parameters, on the ratio to baseline, or on the difference from it where there is no ratio. */
  readonly correlations: readonly CorrelationCell[];
  /** Where values come from that were counted in files of this study. */
  readonly origins: readonly ValueOrigin[];
}

/** What one value of one specimen was counted from. */
export interface ValueOrigin {
  readonly SPECID: string;
  readonly PARAMCD: string;
  /** Interval of the value from counting, in its unit. */
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  /** Interval of the value while its cuts move within their placement error; null where no cut is known to be uncertain. */
  readonly gatingLow: number | null;
  readonly gatingHigh: number | null;
  /** Both together. */
  readonly totalLow: number | null;
  readonly totalHigh: number | null;
  readonly status: string;
  readonly populations: readonly CountedPopulation[];
}

export interface CountedPopulation {
  readonly sample: string;
  readonly path: string;
  /** Events. */
  readonly count: number | null;
  readonly parentCount: number | null;
  /** How the gate was found; null when it was not. */
  readonly method: string | null;
  readonly status: string;
}

/** One tube of the manifest and what became of it. */
export interface SampleLine {
  readonly sample: string;
  readonly subject: string;
  readonly visit: string;
  readonly panel: string;
  readonly role: string;
  readonly state: 'gated' | 'refused' | 'notGated';
  /** Why it is not gated. */
  readonly reason: string | null;
  /** Values of it are kept out of the analysis. */
  readonly failed: boolean;
  /** All events. */
  readonly events: number | null;
  readonly fileSha256: string | null;
  /** Of the gates that were counted with. */
  readonly strategySha256: string | null;
  readonly resultId: string | null;
  readonly quality: readonly QualityRow[];
}
