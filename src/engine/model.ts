// The nouns of a run: which files, which protocol, which tasks. Plain data, because it crosses threads; bytes of events never do.
import type { Issue } from '../errors.ts';
import type { ReadOptions } from '../fcs/index.ts';
import type {
  GateOverride,
  GatingStrategy,
  Pool,
  RangeResult,
  RangeTask,
  SharedCuts,
  SharedSource,
} from '../gating/index.ts';
import type { Measured, QualityCheck } from '../qc/index.ts';
import type { Execution, OutputRecord, SampleResult } from '../results/index.ts';
import type { CompensationMatrix } from '../signal/index.ts';
import type { GatingTemplate } from '../template/index.ts';

/** What is applied to a sample: rules that are fitted to it, or gates that are explicit already. */
export type Protocol =
  | {
      readonly kind: 'template';
      readonly template: GatingTemplate;
      /** A matrix that counts instead of each file's own spillover. */
      readonly matrix?: CompensationMatrix;
    }
  | { readonly kind: 'strategy'; readonly strategy: GatingStrategy };

/** One file under one protocol. `sample` is unique in its run. */
export interface SampleJob {
  readonly sample: string;
  readonly path: string;
  /** Size of the file when the run was planned; sizes deadlines and memory, never results. */
  readonly bytes: number;
  /** Position in the run's protocols. */
  readonly protocol: number;
  readonly readOptions: ReadOptions;
  /** Cuts from control tubes and pools that its gates look at; null = none do. */
  readonly shared: SharedCuts | null;
  /** Gates that a person moved, put onto the placed ones in this order; default none. */
  readonly overrides?: readonly GateOverride[];
  /** `fit`: stop after the gates are placed. */
  readonly phase: 'fit' | 'count';
  /** Where to write each event's membership; null = nowhere. */
  readonly membership: MembershipRequest | null;
  /** Describe the channels of every population (statistics.csv), not only count it. */
  readonly statistics: boolean;
  /** Gate it even where the store holds the result. */
  readonly recompute: boolean;
}

export interface MembershipRequest {
  readonly format: 'csv' | 'parquet';
  readonly path: string;
}

/** Which subject, batch and visit a sample is of, as far as its cuts are pooled with others'. Control tubes belong to no group. */
export interface SampleGroup {
  readonly subject?: string;
  readonly batch?: string;
  readonly baseline?: boolean;
}

/** Tubes that are looked at for cuts of others, under the template of those. */
export interface Survey {
  readonly protocol: number;
  /** One control tube, or the tubes of a pool in order of sample ids. */
  readonly tubes: readonly Pick<SampleJob, 'sample' | 'path' | 'bytes' | 'readOptions'>[];
  readonly look:
    | {
        readonly kind: 'control';
        /** What others call it. */
        readonly names: readonly string[];
        /** A file of the same panel that says what channels are of which the control does not. */
        readonly like: Pick<SampleJob, 'path' | 'readOptions'>;
      }
    | { readonly kind: 'pool'; readonly pool: Pool };
}

/** What a survey found on its tubes, or why it could not be made this time: a deadline, a thread that died, a defect. */
export type SurveyOutcome = SharedSource | { readonly kind: 'failed'; readonly issue: Issue };

/** How one sample ended. `known`: the store holds this very result already. */
export type SampleOutcome =
  | {
      readonly kind: 'done';
      readonly result: SampleResult;
      readonly execution: Execution;
      readonly outputs: readonly OutputRecord[];
    }
  | { readonly kind: 'known'; readonly resultId: string }
  | { readonly kind: 'refused'; readonly issues: readonly Issue[] };

/** One piece of work for one thread. A big file is hashed, checked, fitted and counted in several of them. */
export type EngineTask =
  | { readonly kind: 'gate'; readonly job: SampleJob }
  | { readonly kind: 'hash'; readonly job: SampleJob }
  | { readonly kind: 'values'; readonly job: SampleJob }
  | { readonly kind: 'place'; readonly job: SampleJob; readonly fileSha256: string }
  | { readonly kind: 'survey'; readonly survey: Survey }
  | {
      readonly kind: 'range';
      readonly job: SampleJob;
      readonly strategy: GatingStrategy;
      readonly task: RangeTask;
    };

export type TaskResult =
  | { readonly kind: 'gate'; readonly outcome: SampleOutcome }
  | { readonly kind: 'hash'; readonly fileSha256: string }
  /** Findings about the values of events and the CRC word, and the hash of the values (fcs/value-hash.ts). */
  | { readonly kind: 'values'; readonly findings: readonly Issue[]; readonly dataSha256: string }
  | { readonly kind: 'place'; readonly placed: PlacedGates }
  | { readonly kind: 'survey'; readonly source: SharedSource }
  | { readonly kind: 'range'; readonly result: RangeResult }
  | { readonly kind: 'refused'; readonly issues: readonly Issue[] }
  /** Not the sample's fault, or perhaps not: memory, a full disk. A value, because errors lose their code between threads. */
  | { readonly kind: 'failed'; readonly issue: Issue };

/** The end of FIT: explicit gates for one sample. */
export interface PlacedGates {
  readonly strategy: GatingStrategy;
  readonly issues: readonly Issue[];
  /** What the sample will be judged by, and the numbers for it that only events can give. */
  readonly quality: { readonly checks: readonly QualityCheck[]; readonly measured: readonly Measured[] };
}

/** What every task of a run shares; given to each thread once. */
export interface TaskContext {
  readonly protocols: readonly Protocol[];
  /** Results that the store held when the run began. */
  readonly known: ReadonlySet<string>;
  /** Name and version of the program. */
  readonly software: string;
}

/** Whoever performs tasks: this thread, or a pool of them. */
export interface Executor {
  /** Processor time of this process so far, all threads; a deadline counts it, where it is known. */
  readonly cpuMilliseconds?: () => number;
  /** Tasks at once. */
  readonly threads: number;
  /**
   * Rejects with ImmunogateError: E_WORKER_CRASHED or E_OUT_OF_MEMORY when the thread died, E_CANCELLED when `signal` ended it
   * (at once where there are threads), or what cannot be stored at all.
   */
  run(task: EngineTask, signal: AbortSignal, options?: TaskOptions): Promise<TaskResult>;
  close(): Promise<void>;
}

export interface TaskOptions {
  /** Which thread, from 0: rounds on one range are quicker where the thread still holds it. Default any that is free. */
  readonly thread?: number;
}

/** Where a run stands; `events` of finished samples only. Never part of a result. */
export interface Progress {
  readonly samples: number;
  readonly done: number;
  readonly refused: number;
  /** Of `done`: taken from the store. */
  readonly reused: number;
  readonly events: number;
  readonly seconds: number;
  /** Seconds to go as the bytes so far suggest; null until the first sample has ended. */
  readonly secondsLeft: number | null;
}
