// What a study is once its description and tables are read: who, when, which tube, and the clinical tables beside them. Plain data.
// Invariant: every sample has a subject, a visit and a specimen; a specimen is the blood of one subject drawn at one time.
import type { StudyDefinition } from './schema.ts';
import type {
  AdverseEventRecord,
  BloodCountRecord,
  ImmuneRecord,
  LesionRecord,
  LocalRecord,
  ParameterRecord,
  SampleRole,
  SubjectRecord,
} from './tables.ts';

/** One tube, one FCS file. */
export interface Sample {
  /** Unique, and safe as a file name. */
  readonly sample: string;
  /** Path below the study's folder, as the manifest says it. */
  readonly file: string;
  readonly subject: string;
  readonly visit: string;
  /** Position of the visit in the study's list from 1; null where the list does not have it. */
  readonly visitNumber: number | null;
  /** `subject_visit`; a second draw or a repeated tube of that visit has `_2` behind it, and so on. */
  readonly specimen: string;
  readonly panel: string;
  readonly role: SampleRole;
  readonly stimulus: string | null;
  /** Markers that an FMO tube lacks, in order of code units. */
  readonly omitted: readonly string[];
  /** ISO date, or date and time. */
  readonly collectedAt: string;
  readonly beadsPerTube: number | null;
  readonly beadLot: string | null;
  readonly bloodMicrolitres: number | null;
  /** All that was in the tube when it was acquired; where it is stated and beads are not, cells are counted by the volume drawn. */
  readonly totalMicrolitres: number | null;
  readonly batch: string | null;
  readonly cytometer: string | null;
}

export interface Study {
  readonly id: string;
  readonly title: string;
  readonly definition: StudyDefinition;
  readonly subjects: readonly SubjectRecord[];
  /** In order of subject, visit, panel, sample. */
  readonly samples: readonly Sample[];
  readonly bloodCounts: readonly BloodCountRecord[];
  readonly lesions: readonly LesionRecord[];
  readonly local: readonly LocalRecord[];
  readonly adverseEvents: readonly AdverseEventRecord[];
  /** Immune values that were measured elsewhere. */
  readonly immune: readonly ImmuneRecord[];
  /** Parameters of `immune`. */
  readonly parameters: readonly ParameterRecord[];
}
