// HEADER, the first 58 bytes of a data set: signature, version, three pairs of offsets (FCS 3.1 section 3.1).
//   0..5 "FCSx.y"   6..9 spaces   10..17 18..25 TEXT   26..33 34..41 DATA   42..49 50..57 ANALYSIS, right-justified ASCII
// Offsets count from the first byte of the data set and name the first and the last byte of a segment.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { FcsVersion } from './model.ts';
import { quote } from './numbers.ts';

export const HEADER_BYTES = 58;

/** A pair of offsets as the standard writes it: `end` is the last byte, inclusive. */
export interface OffsetPair {
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly version: FcsVersion;
  readonly text: OffsetPair;
  /** Null when blank, 0,0 or negative. */
  readonly data: OffsetPair | null;
  readonly analysis: OffsetPair | null;
  readonly findings: readonly Issue[];
}

/** Reads HEADER from the first bytes of a data set (58 or more, fewer if the file is shorter) of `available` bytes. */
export function readHeader(head: Uint8Array, available: number): Header {
  if (available === 0) throw new ImmunogateError('E_FCS_EMPTY', 'The file has no bytes. Transfer it again.');
  refuseForeign(head);
  if (available < HEADER_BYTES) {
    throw new ImmunogateError(
      'E_FCS_HEADER_SHORT',
      `The FCS HEADER needs ${HEADER_BYTES} bytes but there are ${available}. The copy is incomplete; transfer it again.`,
    );
  }
  const version = latin1(head, 3, 6);
  if (!isVersion(version)) {
    throw new ImmunogateError(
      'E_FCS_VERSION',
      `FCS version ${quote(version)} is not one of 2.0, 3.0, 3.1 and 3.2.`,
    );
  }
  const findings: Issue[] = [];
  const text = textPair(head, available);
  const data = optionalPair(head, 26, 'DATA', findings);
  const analysis = optionalPair(head, 42, 'ANALYSIS', findings);
  return { version, text, data, analysis, findings };
}

/** True when the bytes begin with the signature of a known FCS version. */
export function hasSignature(head: Uint8Array): boolean {
  return head.length >= 6 && latin1(head, 0, 3) === 'FCS' && isVersion(latin1(head, 3, 6));
}

function isVersion(text: string): text is FcsVersion {
  return text === '2.0' || text === '3.0' || text === '3.1' || text === '3.2';
}

function textPair(head: Uint8Array, available: number): OffsetPair {
  const begin = offset(head, 10, 'begin of TEXT');
  const end = offset(head, 18, 'end of TEXT');
  if (begin === null || end === null) {
    throw new ImmunogateError('E_FCS_HEADER_OFFSET', 'HEADER bytes 10 to 25 do not say where TEXT is.');
  }
  if (begin < HEADER_BYTES || end <= begin || end >= available) {
    throw new ImmunogateError(
      'E_FCS_TEXT_RANGE',
      `HEADER places TEXT at bytes ${begin} to ${end}, but it must lie after byte ${HEADER_BYTES - 1} and inside the ${available} bytes of the file.`,
    );
  }
  return { begin, end };
}

function optionalPair(head: Uint8Array, at: number, segment: string, findings: Issue[]): OffsetPair | null {
  const begin = offset(head, at, `begin of ${segment}`) ?? 0;
  const end = offset(head, at + 8, `end of ${segment}`) ?? 0;
  if (begin < 0 || end < 0) {
    findings.push(
      issue(
        'W_HEADER_NEGATIVE_OFFSET',
        `HEADER gives ${begin}, ${end} for ${segment}; taken as absent.`,
        'HEADER',
      ),
    );
    return null;
  }
  return begin === 0 && end === 0 ? null : { begin, end };
}

/** Eight characters: a decimal number, possibly negative; null when blank. */
function offset(head: Uint8Array, at: number, what: string): number | null {
  const field = latin1(head, at, at + 8);
  if (/^ *$/.test(field)) return null;
  if (!/^ *-?\d+ *$/.test(field)) {
    throw new ImmunogateError(
      'E_FCS_HEADER_OFFSET',
      `HEADER bytes ${at} to ${at + 7} (${what}) hold ${quote(field)}, not a number.`,
    );
  }
  return Number(field);
}

const compressed: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'gzip'],
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['BZh', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
];

const foreign: readonly (readonly [RegExp, string])[] = [
  [/^version https:\/\/git-lfs/, 'It is a Git LFS pointer; fetch the file itself.'],
  [
    /^\s*<(!doctype|html|\?xml|head)/i,
    'It looks like a web page or XML, perhaps an error page saved under this name.',
  ],
  [/^(\xff\xfe|\xfe\xff)/, 'It begins with a UTF-16 mark; a text program has rewritten it.'],
  [/^\xef\xbb\xbf/, 'It begins with a UTF-8 mark; a text program has rewritten it.'],
  [/^fcs/i, 'The signature must be upper case; the file has been altered.'],
  [/^[\x20-\x7e\r\n\t]*[,;\t][\x20-\x7e\r\n\t]*$/, 'It looks like a table in text form.'],
];

function refuseForeign(head: Uint8Array): void {
  const start = latin1(head, 0, Math.min(head.length, 256));
  if (start.startsWith('FCS')) return;
  for (const [signature, name] of compressed) {
    if (start.startsWith(signature)) {
      throw new ImmunogateError('E_INPUT_COMPRESSED', `The file is compressed (${name}); unpack it first.`);
    }
  }
  const cause =
    foreign.find(([pattern]) => pattern.test(start))?.[1] ?? 'Check that the right file was chosen.';
  throw new ImmunogateError('E_FCS_NOT_FCS', `The file does not begin with "FCS". ${cause}`);
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end && i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}
