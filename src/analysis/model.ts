// What a study comes to: everything that tables, report and server show, as plain data. Row 6: joins endpoints and clinical.
// Invariant: a pure function of the study and its gated samples; every endpoint row names the samples and populations behind it.
import type {
  AeOverviewRow,
  ChangeVariable,
  ClinicalResult,
  LandmarkRow,
  PopulationRow as SubjectLine,
  RateRow,
  ResponderRow,
  TteRow,
} from '../clinical/index.ts';
import type {
  AdimRow,
  ComparisonRow,
  CorrelationCell,
  CourseAnalysis,
  CourseRow,
  DescriptionRow,
  EndpointRow,
  GridCell,
  MeasuredPair,
  Missingness,
  PatientChange,
  VisitComparison,
  VisitDescription,
  VisitWindow,
} from '../endpoints/index.ts';
import type { Issue } from '../errors.ts';
import type { QualityRow } from '../qc/index.ts';
import type { KeptTime, PopulationRow, StatisticRow, UncertaintyRow } from '../results/index.ts';
import type { ParameterRecord, Sample, Study } from '../study/index.ts';

/** One tube of the manifest and what became of it. */
export interface GatedSample {
  readonly sample: Sample;
  /** `gated`; `refused`: the file or the binding of its template failed; `notGated`: its panel has no template. */
  readonly state: 'gated' | 'refused' | 'notGated';
  /** Why it is not gated, in words. */
  readonly reason: string | null;
  readonly resultId: string | null;
  readonly fileSha256: string | null;
  /** Of the gates that were counted with. */
  readonly strategySha256: string | null;
  readonly eventCount: number | null;
  readonly populations: readonly PopulationRow[];
  /** The medians that endpoints are made of; all others are in statistics.csv and in the store. */
  readonly statistics: readonly StatisticRow[];
  readonly uncertainty: readonly UncertaintyRow[];
  /** What gates on Time left of the run; none where it is not counted by volume or the file does not say how long it ran. */
  readonly kept: readonly KeptTime[];
  readonly quality: readonly QualityRow[];
  readonly issues: readonly Issue[];
}

/** The immune side: ADIM and its tables, over the full analysis set. */
export interface ImmuneTables {
  /** Level of the intervals of comparisons, courses, changes and correlations; those of a value alone are of 95 %. */
  readonly conf: number;
  readonly adim: readonly AdimRow[];
  /** PARAMCD, label and decimals, in the order of PARAMN. */
  readonly parameters: readonly ParameterRecord[];
  /** PARAMCDs that a report shows in full, in its order; the others it folds away. */
  readonly key: readonly string[];
  /** The subjects that tables count, and the windows; the first is the baseline. */
  readonly subjects: readonly string[];
  readonly windows: readonly VisitWindow[];
  readonly descriptions: readonly VisitDescription[];
  readonly comparisons: readonly VisitComparison[];
  /** What the comparisons are made of. */
  readonly pairs: readonly MeasuredPair[];
  readonly courses: readonly CourseAnalysis[];
  readonly missingness: readonly Missingness[];
  readonly changes: readonly PatientChange[];
  /** Why each value is there or not, by parameter. */
  readonly grid: readonly (GridCell & { readonly PARAMCD: string })[];
  /** Spearman between parameters at the landmark visit, on the ratio to baseline, or on the difference from it where there is no ratio. */
  readonly correlations: readonly CorrelationCell[];
}

/** Immune change against outcome. */
export interface OutcomeTables {
  /** Level of all its intervals. */
  readonly conf: number;
  /** The visit whose values enter, null where none lies before the landmark. */
  readonly visit: VisitWindow | null;
  readonly landmark: readonly LandmarkRow[];
  readonly responders: readonly ResponderRow[];
  readonly tumour: readonly {
    readonly PARAMCD: string;
    readonly variable: ChangeVariable;
    readonly n: number;
    readonly rho: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly p: number | null;
  }[];
}

/** Flat rows with the columns of statistics.md section 19. */
export interface TidyTables {
  readonly population: readonly SubjectLine[];
  readonly descriptions: readonly DescriptionRow[];
  readonly comparisons: readonly (ComparisonRow & { readonly phase: VisitWindow['phase'] })[];
  readonly courses: readonly CourseRow[];
  readonly timeToEvent: readonly TteRow[];
  readonly response: readonly RateRow[];
  readonly adverseEvents: readonly AeOverviewRow[];
}

export interface StudyResults {
  readonly study: Study;
  /** In the order of the study's samples. */
  readonly samples: readonly GatedSample[];
  /** Names of samples whose values are kept out of the analysis (QCFL = N); the findings say why. */
  readonly failedSamples: readonly string[];
  readonly endpoints: readonly EndpointRow[];
  readonly immune: ImmuneTables;
  readonly clinical: ClinicalResult;
  readonly outcome: OutcomeTables;
  readonly tidy: TidyTables;
  /** What concerns the study rather than one sample; one entry a problem. */
  readonly findings: readonly Issue[];
}
