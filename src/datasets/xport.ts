// SAS transport files, version 5, as bytes (SAS TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format"): records of 80
// bytes, big-endian. The layer below `xpt.ts`: members as SAS sees them, before they become Datasets.
//   LIBRARY header | real header × 2 | { MEMBER | DSCRPTR | member header × 2 | NAMESTR header | 140 bytes a variable | OBS | rows } …
// Invariant: what this file reads it writes back byte for byte; nothing is cut, only padded.
import { ImmunogateError } from '../errors.ts';
import { isMissing, readIbm, writeIbm, writeMissing } from './ibm-float.ts';

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

const recordBytes = 80;
const namestrBytes = 140;

/** Throws RangeError where a value has no place in the layout; `xpt.ts` says so in words before it comes to that. */
export function writeXport(file: XportFile): Uint8Array {
  const library =
    headerRecord('LIBRARY ', '0'.repeat(30)) +
    `SAS     SAS     SASLIB  ${fixed(file.version, 8)}${fixed(file.system, 8)}${' '.repeat(24)}${fixed(file.created, 16)}` +
    fixed(file.modified, recordBytes);
  const pieces = [latinBytes(library), ...file.members.flatMap(memberPieces)];
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function memberPieces(member: XportMember): Uint8Array[] {
  const count = String(member.variables.length).padStart(4, '0');
  if (count.length > 4) throw new RangeError('A member has at most 9999 variables.');
  const head =
    headerRecord('MEMBER  ', `${'0'.repeat(17)}1600000000140`) +
    headerRecord('DSCRPTR ', '0'.repeat(30)) +
    `SAS     ${fixed(member.name, 8)}SASDATA ${fixed(member.version, 8)}${fixed(member.system, 8)}${' '.repeat(24)}` +
    fixed(member.created, 16) +
    `${fixed(member.modified, 16)}${' '.repeat(16)}`;
  const labels = new Uint8Array(48).fill(blank);
  putText(labels, 0, 40, member.label);
  putText(labels, 40, 8, member.type);
  return [
    latinBytes(head),
    labels,
    latinBytes(headerRecord('NAMESTR ', `000000${count}${'0'.repeat(20)}`)),
    namestrs(member.variables),
    latinBytes(headerRecord('OBS     ', '0'.repeat(30))),
    observations(member),
  ];
}

function headerRecord(kind: string, digits: string): string {
  return `HEADER RECORD*******${kind}HEADER RECORD!!!!!!!${digits}  `;
}

/** 140 bytes a variable: type, length, number, name, label, format, alignment, informat, place in the row. Padded with blanks. */
function namestrs(variables: readonly XportVariable[]): Uint8Array {
  const bytes = padded(variables.length * namestrBytes);
  const view = new DataView(bytes.buffer);
  let place = 0;
  variables.forEach(({ name, label, kind, length, format, informat, rightAligned }, index) => {
    const at = index * namestrBytes;
    bytes.fill(0, at, at + namestrBytes);
    view.setInt16(at, kind === 'numeric' ? 1 : 2);
    view.setInt16(at + 4, length);
    view.setInt16(at + 6, index + 1);
    putText(bytes, at + 8, 8, name);
    putText(bytes, at + 16, 40, label);
    putText(bytes, at + 56, 8, format.name);
    view.setInt16(at + 64, format.width);
    view.setInt16(at + 66, format.decimals);
    view.setInt16(at + 68, rightAligned ? 1 : 0);
    putText(bytes, at + 72, 8, informat.name);
    view.setInt16(at + 80, informat.width);
    view.setInt16(at + 82, informat.decimals);
    view.setInt32(at + 84, place);
    place += length;
  });
  return bytes;
}

function observations({ variables, rows }: XportMember): Uint8Array {
  const rowBytes = variables.reduce((sum, { length }) => sum + length, 0);
  const bytes = padded(rows.length * rowBytes);
  const number = new DataView(new ArrayBuffer(8));
  let at = 0;
  for (const row of rows) {
    variables.forEach(({ kind, length }, column) => {
      const value = row[column];
      if (kind === 'character') {
        putText(bytes, at, length, typeof value === 'string' ? value : '');
      } else {
        if (typeof value === 'number') writeIbm(number, 0, value);
        else writeMissing(number, 0);
        for (let i = length; i < 8; i++) {
          if (number.getUint8(i) !== 0) throw new RangeError(`${value} does not fit ${length} bytes.`);
        }
        bytes.set(new Uint8Array(number.buffer, 0, length), at);
      }
      at += length;
    });
  }
  return bytes;
}

/** Reads every member. Throws E_XPT_INVALID, saying where, for anything that is not version 5; reads nothing beyond the file. */
export function readXport(bytes: Uint8Array): XportFile {
  const { version, system, created, modified } = libraryHeader(bytes);
  const members: XportMember[] = [];
  let at = 3 * recordBytes;
  while (at < bytes.length && !isBlank(bytes, at, bytes.length)) {
    const { member, end } = readMember(bytes, at);
    members.push(member);
    at = end;
  }
  return { version, system, created, modified, members };
}

function libraryHeader(bytes: Uint8Array): Omit<XportFile, 'members'> {
  if (latin(bytes, 20, 28) === 'LIBV8   ') throw invalid('The file is of version 8, not 5', 20);
  expectHeader(bytes, 0, 'LIBRARY ');
  need(bytes, recordBytes, 2 * recordBytes);
  return {
    version: trimmed(bytes, 104, 112),
    system: trimmed(bytes, 112, 120),
    created: trimmed(bytes, 144, 160),
    modified: trimmed(bytes, 160, 176),
  };
}

function readMember(bytes: Uint8Array, start: number): { member: XportMember; end: number } {
  expectHeader(bytes, start, 'MEMBER  ');
  const descriptorBytes = wholeNumber(bytes, start + 74, start + 78);
  if (descriptorBytes !== 140 && descriptorBytes !== 136)
    throw invalid('Variables are described in neither 140 nor 136 bytes', start + 74);
  expectHeader(bytes, start + 80, 'DSCRPTR ');
  need(bytes, start + 160, 160);
  expectHeader(bytes, start + 320, 'NAMESTR ');
  const count = wholeNumber(bytes, start + 374, start + 378);
  const first = start + 400;
  const namestrEnd = first + roundUp(count * descriptorBytes);
  if (count === 0) throw invalid('A member has no variables', start + 374);
  need(bytes, first, namestrEnd - first);
  const variables = Array.from({ length: count }, (_, index) =>
    readNamestr(bytes, first + index * descriptorBytes),
  );
  expectHeader(bytes, namestrEnd, 'OBS     ');
  const dataStart = namestrEnd + recordBytes;
  const end = memberEnd(bytes, dataStart);
  const member = {
    name: trimmed(bytes, start + 168, start + 176),
    label: trimmed(bytes, start + 272, start + 312),
    type: trimmed(bytes, start + 312, start + 320),
    version: trimmed(bytes, start + 184, start + 192),
    system: trimmed(bytes, start + 192, start + 200),
    created: trimmed(bytes, start + 224, start + 240),
    modified: trimmed(bytes, start + 240, start + 256),
    variables,
    rows: readRows(bytes, dataStart, end, variables),
  };
  return { member, end };
}

function readNamestr(bytes: Uint8Array, at: number): XportVariable {
  const view = viewOf(bytes);
  const type = view.getInt16(at);
  const length = view.getInt16(at + 4);
  if (type !== 1 && type !== 2) throw invalid('A variable is neither a number nor a text', at);
  if (length < 1 || (type === 1 && (length < 2 || length > 8)))
    throw invalid('A variable has an impossible length', at + 4);
  return {
    name: trimmed(bytes, at + 8, at + 16),
    label: trimmed(bytes, at + 16, at + 56),
    kind: type === 1 ? 'numeric' : 'character',
    length,
    format: {
      name: trimmed(bytes, at + 56, at + 64),
      width: view.getInt16(at + 64),
      decimals: view.getInt16(at + 66),
    },
    informat: {
      name: trimmed(bytes, at + 72, at + 80),
      width: view.getInt16(at + 80),
      decimals: view.getInt16(at + 82),
    },
    rightAligned: view.getInt16(at + 68) === 1,
  };
}

/** Where the next member begins, or the end of the file; members begin on a record. */
function memberEnd(bytes: Uint8Array, dataStart: number): number {
  for (let at = dataStart; at + recordBytes <= bytes.length; at += recordBytes) {
    if (
      bytes[at] === 0x48 &&
      latin(bytes, at, at + 48) === 'HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!'
    )
      return at;
  }
  return bytes.length;
}

/** Blanks after the last row are padding. A row shorter than a record that is wholly blank cannot be told from it and is not read. */
function readRows(
  bytes: Uint8Array,
  start: number,
  end: number,
  variables: readonly XportVariable[],
): (string | number | null)[][] {
  const view = viewOf(bytes);
  const number = new DataView(new ArrayBuffer(8));
  const rowBytes = variables.reduce((sum, { length }) => sum + length, 0);
  let count = Math.floor((end - start) / rowBytes);
  const rest = start + count * rowBytes;
  if (!isBlank(bytes, rest, end)) throw invalid('The last row is incomplete', rest);
  const lastRecord = end - recordBytes;
  while (
    count > 0 &&
    start + (count - 1) * rowBytes > lastRecord &&
    isBlank(bytes, start + (count - 1) * rowBytes, end)
  )
    count--;
  let at = start;
  return Array.from({ length: count }, () =>
    variables.map(({ kind, length }) => {
      const from = at;
      at += length;
      if (kind === 'character') return trimmed(bytes, from, at) || null;
      if (length === 8) return isMissing(view, from) ? null : readIbm(view, from);
      const short = new Uint8Array(number.buffer).fill(0);
      short.set(bytes.subarray(from, at));
      return isMissing(number, 0) ? null : readIbm(number, 0);
    }),
  );
}

const blank = 0x20;
const encoder = new TextEncoder();

function padded(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(roundUp(size)).fill(blank);
}

function roundUp(size: number): number {
  return Math.ceil(size / recordBytes) * recordBytes;
}

function putText(bytes: Uint8Array, at: number, width: number, text: string): void {
  const encoded = encoder.encode(text);
  if (encoded.length > width) throw new RangeError(`"${text}" is longer than ${width} bytes.`);
  bytes.fill(blank, at, at + width);
  bytes.set(encoded, at);
}

function fixed(text: string, width: number): string {
  if (text.length > width) throw new RangeError(`"${text}" is longer than ${width} characters.`);
  return text.padEnd(width);
}

function latinBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, to));
}

/** Text without trailing blanks: UTF-8, or Latin-1 where the bytes are not UTF-8. */
function trimmed(bytes: Uint8Array, from: number, to: number): string {
  let end = to;
  while (end > from && bytes[end - 1] === blank) end--;
  const part = bytes.subarray(from, end);
  try {
    return utf8.decode(part);
  } catch {
    return latin1.decode(part);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const latin1 = new TextDecoder('latin1');

function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  const text = latin(bytes, from, to);
  if (!/^\d+$/.test(text)) throw invalid('A count is not a number', from);
  return Number(text);
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at] !== blank) return false;
  return true;
}

function expectHeader(bytes: Uint8Array, at: number, kind: string): void {
  need(bytes, at, recordBytes);
  if (latin(bytes, at, at + 48) !== `HEADER RECORD*******${kind}HEADER RECORD!!!!!!!`)
    throw invalid(`The ${kind.trim()} header is missing`, at);
}

function need(bytes: Uint8Array, at: number, size: number): void {
  if (at + size > bytes.length) throw invalid('The file ends too early', bytes.length);
}

function invalid(message: string, at: number): ImmunogateError {
  return new ImmunogateError('E_XPT_INVALID', `${message} (byte ${at}).`, { place: `byte ${at}` });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
