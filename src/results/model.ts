// The waist of the house: what one gated sample is, on its way from events (left) to tables (right). Plain data; a SampleResult is a pure
// function of (file bytes, data set, protocol, reading options, numeric core) and holds no clock, path, host or user: those are in Execution.
import type { Issue } from '../errors.ts';
import type { ChannelStatistic, GatingStrategy } from '../gating/index.ts';
import type { QualityRow } from '../qc/index.ts';

/** Raised with every change that alters a number; part of every resultId (reliability V-4). */
export const numericCoreVersion = '3';

/**
 * `ok`: a gate that was drawn or placed by its first method; `fallback`: by a later one, or by pooled tubes; `edited`: moved by a person,
 * whose reason is the row's; `notEvaluable`: no gate, so no count.
 */
export type PopulationStatus = 'ok' | 'fallback' | 'edited' | 'notEvaluable';

/**
 * One population of one sample. Counts are events; fractions and the Wilson 95 % limits of `fractionOfParent` lie in [0, 1].
 * A null number has its `reason` in words: not evaluable, or a parent without events. `parent` is null under all events.
 */
export interface PopulationRow {
  readonly population: string;
  readonly path: string;
  readonly parent: string | null;
  readonly count: number | null;
  readonly parentCount: number | null;
  readonly fractionOfParent: number | null;
  readonly fractionOfTotal: number | null;
  readonly status: PopulationStatus;
  readonly reason: string | null;
  /** How the gate was found: `explicit`, `manual`, or the name of the method; null when there is none. */
  readonly method: string | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

/** Statistics of one population in one channel, in linear compensated units; all null when n = 0. */
export interface StatisticRow extends ChannelStatistic {
  readonly population: string;
  readonly marker: string | null;
}

/** What the result was made from, as far as it decides numbers (reliability A-1). */
export interface Provenance {
  readonly file: {
    readonly sha256: string;
    /** Over the decoded values, whatever their form in the file: equal where a copy holds the same events. */
    readonly dataSha256: string;
    readonly bytes: number;
    readonly fcsVersion: string;
    readonly dataset: number;
    readonly datasets: number;
    readonly events: number;
    readonly parameters: number;
  };
  readonly protocol: ProtocolIdentity;
  /** Other files whose events gave cuts: control tubes and pooled visits, by the name that the template gives them. */
  readonly shared?: readonly { readonly source: string; readonly sample: string; readonly sha256: string }[];
  /** Every compensation that the gates use, with the hash of its matrix: `file` or the id of a protocol matrix. */
  readonly compensation: readonly { readonly source: string; readonly sha256: string | null }[];
  /** SHA-256 of the canonical JSON of the strategy: all gates, dimensions, transforms and matrices. */
  readonly strategySha256: string;
  /** Seed of the methods' random numbers. */
  readonly seed: string;
  /** Reading options chosen by a person, `{}` when none. */
  readonly readOptions: Readonly<Record<string, unknown>>;
  readonly numericCore: string;
}

/** Which protocol: `sha256` is over its canonical JSON, so layout and comments of a document do not matter. */
export interface ProtocolIdentity {
  readonly kind: 'template' | 'strategy';
  readonly id: string;
  readonly version: string;
  readonly sha256: string;
}

/** One gated sample. `resultId` names the content, not the sample: equal files under two names share it. */
export interface SampleResult {
  readonly sample: string;
  readonly resultId: string;
  readonly fileSha256: string;
  readonly dataset: number;
  readonly eventCount: number;
  /** `count`: populations and statistics are there; `fit`: the strategy only, for review. */
  readonly phase: 'count' | 'fit';
  readonly strategy: GatingStrategy;
  /** In the order of the strategy. */
  readonly populations: readonly PopulationRow[];
  readonly statistics: readonly StatisticRow[];
  /** Is the sample fit for use: one row a check, none in phase `fit`. */
  readonly quality: readonly QualityRow[];
  readonly issues: readonly Issue[];
  readonly provenance: Provenance;
}

/** When and on what a result was computed. Never part of a comparison or a table body. */
export interface Execution {
  /** ISO 8601, UTC. */
  readonly startedUtc: string;
  /** Monotonic. */
  readonly durationSeconds: number;
  readonly software: string;
  readonly node: string;
  readonly platform: string;
}
