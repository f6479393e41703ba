// The layout of SAS transport files, version 5 (SAS TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format"): records of 80
// bytes, big-endian; members as SAS sees them, before `xpt.ts` makes Datasets of them.
//   LIBRARY header | real header × 2 | { MEMBER | DSCRPTR | member header × 2 | NAMESTR header | 140 bytes a variable | OBS | rows } …
// Invariant: what xport-read.ts reads xport-write.ts writes back byte for byte; nothing is cut, only padded.

/** A SAS format: `DATE9.` is { name DATE, width 9, decimals 0 }; no format has an empty name and widths 0. */
export interface XportFormat {
  readonly name: string;
  readonly width: number;
  readonly decimals: number;
}

export interface XportVariable {
  readonly name: string;
  readonly label: string;
  readonly kind: 'numeric' | 'character';
  /** Bytes in a row: 2 to 8 for numbers, 1 to 200 for texts. */
  readonly length: number;
  readonly format: XportFormat;
  readonly informat: XportFormat;
  readonly rightAligned: boolean;
}

/** `created` and `modified` are SAS times `ddMMMyy:hh:mm:ss`; `system` is eight characters, which SAS pads with NULs. */
export interface XportMember {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly version: string;
  readonly system: string;
  readonly created: string;
  readonly modified: string;
  readonly variables: readonly XportVariable[];
  /** Missing numbers and blank texts are null; texts have no trailing blanks. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface XportFile {
  readonly version: string;
  readonly system: string;
  readonly created: string;
  readonly modified: string;
  readonly members: readonly XportMember[];
}

export const recordBytes = 80;
/** What pads texts and records. */
export const blank = 0x20;

/** Bytes in whole records. */
export function roundUp(size: number): number {
  return Math.ceil(size / recordBytes) * recordBytes;
}

/** The first 48 bytes of a header record. */
export function headerStart(kind: string): string {
  return `HEADER RECORD*******${kind}HEADER RECORD!!!!!!!`;
}
