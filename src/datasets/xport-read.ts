// SAS transport files, version 5, from bytes to members; the layout is in xport.ts. Invariant: nothing beyond the file is read.
import { ImmunogateError } from '../errors.ts';
import { isMissing, readIbm } from './ibm-float.ts';
import {
  blank,
  headerStart,
  recordBytes,
  roundUp,
  type XportFile,
  type XportMember,
  type XportVariable,
} from './xport.ts';

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
    if (bytes[at] === 0x48 && latin(bytes, at, at + 48) === headerStart('MEMBER  ')) return at;
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
  if (latin(bytes, at, at + 48) !== headerStart(kind))
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
