// The nouns of an FCS file. `FcsFile` is what HEADER and TEXT alone say: no event has been read yet.
// The invariant: whoever holds an FcsFile may read `data` without a further check of offsets or widths.
import type { Issue } from '../errors.ts';
import type { Spillover } from '../events/index.ts';

/**
 * Random access to bytes: memory, a file, a part of one. `read` fills `into` with the bytes [start, end) and throws
 * ImmunogateError(E_FILE_UNREADABLE) when they are not there; `into.byteLength >= end - start`. Positions are plain doubles (files over 4 GiB work).
 */
export interface ByteSource {
  readonly byteLength: number;
  read(start: number, end: number, into: Uint8Array): void;
}

/** How one field of an event is stored. `bytes` is its width; `mask` keeps the low bits of an integer (null = all). `A` = fixed-width ASCII. */
export interface Field {
  readonly type: 'I' | 'F' | 'D' | 'A';
  readonly bytes: number;
  readonly mask: number | null;
}

/** One parameter ($Pn...). `number` is 1-based as in the standard; everything outside fcs/ uses 0-based positions. */
export interface Parameter {
  readonly number: number;
  /** $PnN, made unique (`name#2`), `P<n>` where missing. */
  readonly name: string;
  /** $PnS as written, null when absent or blank. */
  readonly stain: string | null;
  /** $PnB in bits. */
  readonly bits: number;
  /** $PnR as a number, null when missing or not usable. */
  readonly range: number | null;
  /** $PnG, null when absent or not positive. */
  readonly gain: number | null;
  /** $PnE for integer data: value = 10^(decades * x / range) * offset. Null = linear. */
  readonly amplification: { readonly decades: number; readonly offset: number } | null;
  readonly field: Field;
}

/** Where and how the events lie: event `e` occupies bytes [begin + e * eventBytes, begin + (e + 1) * eventBytes). */
export interface DataLayout {
  readonly begin: number;
  readonly eventCount: number;
  readonly eventBytes: number;
  readonly littleEndian: boolean;
  /** For byte orders such as 3,4,1,2: position in file of each byte from least significant; null for plain orders. */
  readonly byteOrder: readonly number[] | null;
  readonly fields: readonly Field[];
}

/** One line per data set of the file, for choosing among several. */
export interface DatasetSummary {
  readonly number: number;
  readonly offset: number;
  readonly version: string;
  readonly eventCount: number | null;
}

/** HEADER + TEXT (+ supplemental TEXT) of one data set. Keywords: upper-cased names, values exact, in file order. */
export interface FcsFile {
  readonly version: '2.0' | '3.0' | '3.1' | '3.2';
  readonly keywords: ReadonlyMap<string, string>;
  readonly parameters: readonly Parameter[];
  readonly data: DataLayout;
  readonly spillover: Spillover | null;
  /** Seconds per unit of Time, null when absent or not usable. */
  readonly timestep: number | null;
  /** $VOL in nanolitres, null when absent. */
  readonly volumeNanolitres: number | null;
  readonly dataset: number;
  readonly datasets: readonly DatasetSummary[];
  /** What HEADER and TEXT showed; findings about values come from reading the events. */
  readonly findings: readonly Issue[];
}

/**
 * How stored numbers become detector values (reliability R-8: a named, later step; never in the reader itself).
 * `raw` as stored; `scaled` = log decoding by $PnE for integers, else value / $PnG for linear parameters; Time stays raw.
 */
export type Scaling = 'raw' | 'scaled';

/**
 * A run of consecutive events, row by row: value of event `first + i` in parameter `p` is `rows[i * stride + p]`.
 * `rows` is reused by the reader for the next block. Float32Array when every field is F or an integer of at most 24 bits and
 * nothing is scaled, otherwise Float64Array.
 */
export interface EventBlock {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
  readonly rows: Float32Array | Float64Array;
}
