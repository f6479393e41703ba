// What a run is asked for: samples with their protocols, and how to go about it. Plain data.
import type { Issue } from '../errors.ts';
import type { ReadOptions } from '../fcs/index.ts';
import type { GateOverride } from '../gating/index.ts';
import type { MembershipRequest, Progress, Protocol, SampleGroup } from './model.ts';
import type { ProtocolLocks } from './provenance.ts';

/** `protocol` is a position in the request's protocols, default 0. */
export interface RequestedSample {
  readonly sample: string;
  readonly path: string;
  readonly protocol?: number;
  /** How this file is read, besides the options of the request. */
  readonly readOptions?: ReadOptions;
  /**
   * Control tubes by the names that template methods give them (`tube: FMO:PD1`), as sample ids of the same request: `FMO:` and the
   * marker left out, `UNST`, `ISO`, `BASELINE`, … A sample may be its own control. The controls are looked at under the template of
   * this sample, whatever protocol they are gated by themselves.
   */
  readonly controls?: Readonly<Record<string, string>>;
  /** For templates that pool cuts (`pool: subject`); none for control tubes. */
  readonly group?: SampleGroup;
  /** Result that a person locked: see locked.ts. */
  readonly lockedTo?: string;
  /** Gates that a person moved, put onto the placed ones in this order; default none. */
  readonly overrides?: readonly GateOverride[];
}

/** Documents that a request was made from, besides files and protocols. */
export interface InputDocument {
  readonly name: string;
  readonly sha256: string;
}

export interface GateRequest {
  /** Samples with unique ids. */
  readonly samples: readonly RequestedSample[];
  /** Samples that cannot be run at all, with why; they get their rows like any other refusal. */
  readonly refused?: readonly { readonly sample: string; readonly issues: readonly Issue[] }[];
  readonly protocols: readonly Protocol[];
  /** A protocol of a locked name and another content ends the run before it begins; default nothing is locked. */
  readonly locks?: ProtocolLocks;
  /** Folder of the outputs; made when absent. The store is in its `.immunogate/`. */
  readonly out: string;
  /** Name and version of the program, for records. */
  readonly software: string;
  /** Documents that the request was made from, such as a sample manifest; records name them by hash. */
  readonly documents?: readonly InputDocument[];
  readonly phase?: 'fit' | 'count';
  readonly membership?: MembershipRequest['format'] | null;
  /** Describe every population's channels, default true. */
  readonly statistics?: boolean;
  readonly readOptions?: ReadOptions;
  /** Threads; default all that the system offers. */
  readonly workers?: number;
  /** Default half of the machine's memory. */
  readonly memoryBytes?: number;
  /** Gate everything anew and compare with what is stored. */
  readonly recompute?: boolean;
  /** How long to wait for another run on the same folder; default 0. */
  readonly waitMilliseconds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}
