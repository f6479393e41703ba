// The nouns of an FCS file. `FcsFile` is what HEADER and TEXT alone say: no event has been read yet.
// The invariant: whoever holds an FcsFile may read `data` without a further check of offsets or widths.
import type { Issue, IssueCode } from '../errors.ts';
import type { Spillover } from '../events/index.ts';

/**
 * Random access to bytes: memory, a file, a part of one. `read` fills `into` with the bytes [start, end) and throws
 * ImmunogateError(E_FILE_UNREADABLE) when they are not there; `into.byteLength >= end - start`. Positions are plain doubles (files over 4 GiB work).
 */
export interface ByteSource {
  readonly byteLength: number;
  read(start: number, end: number, into: Uint8Array): void;
}

export type FcsVersion = '2.0' | '3.0' | '3.1' | '3.2';

/**
 * How one field of an event is stored. `bytes` is its width. An integer keeps its `usedBits` low bits ($PnR rounded up
 * to a power of two); null = all. `A` = ASCII characters of fixed width.
 */
export interface Field {
  readonly type: 'I' | 'F' | 'D' | 'A';
  readonly bytes: number;
  readonly usedBits: number | null;
}

/** $PnE of an integer parameter with f1 > 0: value = 10^(decades * x / range) * offset. */
export interface Amplification {
  readonly decades: number;
  readonly offset: number;
}

/** One parameter ($Pn...). `number` is 1-based as in the standard; everything outside fcs/ uses 0-based positions. */
export interface Parameter {
  readonly number: number;
  /** $PnN, made unique (`name#2`), `P<n>` where missing. */
  readonly name: string;
  /** $PnS as written, null when absent or blank. */
  readonly stain: string | null;
  /** $PnB in bits (characters for ASCII data). */
  readonly bits: number;
  /** $PnR as a number, null when missing or not usable. */
  readonly range: number | null;
  /** $PnG, null when absent or not positive. */
  readonly gain: number | null;
  /** Null = linear; always null for floating-point fields. */
  readonly amplification: Amplification | null;
  readonly field: Field;
}

/** Where and how the events lie: event `e` occupies bytes [begin + e * eventBytes, begin + (e + 1) * eventBytes) of the source. */
export interface DataLayout {
  readonly begin: number;
  readonly eventCount: number;
  readonly eventBytes: number;
  readonly littleEndian: boolean;
  /** For byte orders such as 3,4,1,2: position within the field of each byte, least significant first; null for plain orders. */
  readonly byteOrder: readonly number[] | null;
  readonly fields: readonly Field[];
}

/** One line per data set of the file, for choosing among several. `number` counts from 1, `offset` is its first byte. */
export interface DatasetSummary {
  readonly number: number;
  readonly offset: number;
  readonly version: string;
  readonly eventCount: number | null;
}

/** HEADER + TEXT (+ supplemental TEXT) of one data set. Keywords: upper-cased names, values exact, in file order. */
export interface FcsFile {
  readonly version: FcsVersion;
  readonly keywords: ReadonlyMap<string, string>;
  readonly parameters: readonly Parameter[];
  readonly data: DataLayout;
  readonly spillover: Spillover | null;
  /** Seconds per unit of Time, null when absent or not usable. */
  readonly timestep: number | null;
  /** $VOL in nanolitres, null when absent or not usable. */
  readonly volumeNanolitres: number | null;
  readonly dataset: number;
  readonly datasets: readonly DatasetSummary[];
  /** Bytes [begin, end) of the source from HEADER to the last segment of this data set; a CRC word may follow. */
  readonly extent: { readonly begin: number; readonly end: number };
  /** What HEADER and TEXT showed; findings about values come from reading the events. */
  readonly findings: readonly Issue[];
}

/** Upper bounds (reliability section 3). A file beyond one is refused with E_FCS_LIMIT naming it. */
export interface FcsLimits {
  readonly fileBytes: number;
  readonly textBytes: number;
  readonly keywords: number;
  readonly parameters: number;
  readonly events: number;
  readonly datasets: number;
}

/** The sizes beyond which a file is refused with E_FCS_LIMIT unless reading options say otherwise (reliability section 3). */
export const defaultLimits: FcsLimits = {
  fileBytes: 64 * 1024 * 1024 * 1024,
  textBytes: 64 * 1024 * 1024,
  keywords: 100_000,
  parameters: 4096,
  events: 1e9,
  datasets: 64,
};

/** Choices a person may make about one file (reliability R-3); each that changes the reading adds W_OVERRIDE_USED. */
export interface ReadOptions {
  /** Which data set of several, from 1. Without it a file of several is refused. */
  readonly dataset?: number;
  /** `useData`: the size of DATA counts, not $TOT. Default `reject`. */
  readonly onTotMismatch?: 'reject' | 'useData';
  /** Which pair of DATA offsets counts when HEADER and TEXT differ. */
  readonly offsets?: 'header' | 'text';
  /** Whether a doubled delimiter is an escape or an empty value. Default: the reading with more standard keywords. */
  readonly textReading?: 'escaped' | 'literal';
  /** Refuse with E_STRICT on any warning not in `allowedWarnings`. */
  readonly strict?: boolean;
  readonly allowedWarnings?: readonly IssueCode[];
  readonly limits?: Partial<FcsLimits>;
}

/**
 * How stored numbers become detector values (reliability R-8: a named, later step; never in the reader itself).
 * `raw` as stored; `scaled` = log decoding by $PnE for integers, else value / $PnG for linear parameters; Time stays raw.
 */
export type Scaling = 'raw' | 'scaled';

/**
 * A run of consecutive events, row by row: value of event `first + i` in parameter `p` is `rows[i * stride + p]`, 0 <= i < count.
 * `rows` is reused by the reader for the next block. Float32Array when every field is F or an integer of at most 24 bits and
 * nothing is scaled, otherwise Float64Array.
 */
export interface EventBlock {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  readonly rows: Float32Array | Float64Array;
}
