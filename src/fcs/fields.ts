// What one event looks like: $MODE, $DATATYPE, $PAR and, for each parameter, the width and type of its field
// (FCS 3.2 section 3.2). Only what decoding needs; names and scales are in parameters.ts.
// The invariant: every field has a width that the kernels can decode, or the file is refused.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { byteOrderEntries, byteOrderFor } from './byte-order.ts';
import type { FcsVersion, Field } from './model.ts';
import { quote, wholeNumber } from './numbers.ts';

export interface EventForm {
  readonly fields: readonly Field[];
  /** $PnB as written, in bits (characters for ASCII). */
  readonly bits: readonly number[];
  readonly eventBytes: number;
  readonly littleEndian: boolean;
  readonly byteOrder: readonly number[] | null;
  /** True when $BYTEORD, not $PnB, gave a width: then the size of DATA must prove it. */
  readonly widthFromByteOrder: boolean;
  readonly isAscii: boolean;
}

type Keywords = ReadonlyMap<string, string>;
type DataType = Field['type'];

/** Reads the form of an event. `maxParameters` bounds every loop over $PAR. */
export function readEventForm(
  keywords: Keywords,
  version: FcsVersion,
  maxParameters: number,
  findings: Issue[],
): EventForm {
  requireListMode(keywords, version, findings);
  const common = dataType(required(keywords, '$DATATYPE'), '$DATATYPE', findings);
  const entries = byteOrderEntries(required(keywords, '$BYTEORD'));
  const count = parameterCount(keywords, maxParameters);
  const fields: Field[] = [];
  const bits: number[] = [];
  let packed = 0;
  for (let n = 1; n <= count; n++) {
    const own = version === '3.2' ? keywords.get(`$P${n}DATATYPE`) : undefined;
    const type = own === undefined ? common : dataType(own, `$P${n}DATATYPE`, findings);
    const width = fieldBits(keywords, n, type);
    if (type === 'I' && width % 8 !== 0) packed++;
    bits.push(width);
    fields.push(fieldOf(keywords, n, type, width, entries.length, version, findings));
  }
  if (packed > 0) {
    findings.push(
      issue(
        'W_PNB_FROM_BYTEORD',
        `$PnB of ${packed} parameters is not a whole number of bytes; $BYTEORD gives ${entries.length} bytes.`,
        '$PnB',
      ),
    );
  }
  const widths = fields.filter((field) => field.type !== 'A').map((field) => field.bytes);
  const order = byteOrderFor(entries, widths, findings);
  return {
    fields,
    bits,
    eventBytes: fields.reduce((sum, field) => sum + field.bytes, 0),
    littleEndian: order.littleEndian,
    byteOrder: order.positions,
    widthFromByteOrder: packed > 0,
    isAscii: common === 'A',
  };
}

/** The value of a required keyword; refuses the file when it is absent. */
export function required(keywords: Keywords, name: string): string {
  const value = keywords.get(name);
  if (value === undefined) {
    throw new ImmunogateError('E_FCS_KEYWORD_MISSING', `The required keyword ${name} is missing.`, {
      place: name,
    });
  }
  return value;
}

export function invalid(name: string, value: string, expected: string): ImmunogateError {
  return new ImmunogateError('E_FCS_KEYWORD_INVALID', `${name} is ${quote(value)}; expected ${expected}.`, {
    place: name,
  });
}

function unsupported(name: string, what: string): ImmunogateError {
  return new ImmunogateError(
    'E_FCS_UNSUPPORTED',
    `${what} is not supported. Export the data as list mode of F, D or I.`,
    { place: name },
  );
}

function requireListMode(keywords: Keywords, version: FcsVersion, findings: Issue[]): void {
  const value = keywords.get('$MODE');
  if (value === undefined) {
    if (version !== '3.2') findings.push(issue('W_MODE_MISSING', undefined, '$MODE'));
    return;
  }
  const mode = value.trim();
  if (/^[UC]$/i.test(mode)) throw unsupported('$MODE', `$MODE ${mode} (a histogram)`);
  if (!/^L$/i.test(mode)) throw invalid('$MODE', value, 'L');
  if (mode === 'l') findings.push(issue('W_KEYWORD_CASE', '$MODE is in lower case.', '$MODE'));
}

function dataType(value: string, name: string, findings: Issue[]): DataType {
  const letter = value.trim();
  const upper = letter.toUpperCase();
  if (upper !== 'I' && upper !== 'F' && upper !== 'D' && (upper !== 'A' || name !== '$DATATYPE')) {
    throw invalid(name, value, name === '$DATATYPE' ? 'I, F, D or A' : 'I, F or D');
  }
  if (letter !== upper) findings.push(issue('W_KEYWORD_CASE', `${name} is in lower case.`, name));
  return upper;
}

function parameterCount(keywords: Keywords, maxParameters: number): number {
  const value = required(keywords, '$PAR');
  const count = wholeNumber(value);
  if (count === null || count === 0) throw invalid('$PAR', value, 'a whole number of at least 1');
  if (count > maxParameters) {
    throw new ImmunogateError(
      'E_FCS_LIMIT',
      `$PAR is ${count}; more than ${maxParameters} parameters (limit "parameters").`,
      { place: '$PAR' },
    );
  }
  return count;
}

function fieldBits(keywords: Keywords, n: number, type: DataType): number {
  const name = `$P${n}B`;
  const value = required(keywords, name);
  if (value.trim() === '*' && type === 'A') throw unsupported(name, 'Free-format ASCII data');
  const bits = wholeNumber(value);
  if (bits === null || bits === 0) throw invalid(name, value, 'a whole number of at least 1');
  return bits;
}

function fieldOf(
  keywords: Keywords,
  n: number,
  type: DataType,
  bits: number,
  byteOrderLength: number,
  version: FcsVersion,
  findings: Issue[],
): Field {
  switch (type) {
    case 'A':
      return { type, bytes: bits, usedBits: null };
    case 'F':
    case 'D': {
      const expected = type === 'F' ? 32 : 64;
      if (bits === expected) return { type, bytes: expected / 8, usedBits: null };
      throw new ImmunogateError(
        'E_FCS_LAYOUT_INCONSISTENT',
        `$P${n}B is ${bits}, but data of type ${type} has ${expected} bits.`,
        {
          place: `$P${n}B`,
        },
      );
    }
    case 'I': {
      const bytes = bits % 8 === 0 ? bits / 8 : byteOrderLength;
      const storedWider = version === '2.0' || version === '3.0' ? bits <= bytes * 8 : false;
      if (bytes > 8 || (bits % 8 !== 0 && !storedWider))
        throw unsupported(`$P${n}B`, `An integer field of ${bits} bits`);
      return { type, bytes, usedBits: usedBits(keywords, n, bytes * 8, findings) };
    }
  }
}

/** Bits that $PnR leaves of an integer: log2 of the next power of two; null when that is the whole field. */
function usedBits(keywords: Keywords, n: number, fieldBits: number, findings: Issue[]): number | null {
  const name = `$P${n}R`;
  const value = required(keywords, name);
  if (!/^\s*\d+\s*$/.test(value)) throw invalid(name, value, 'a whole number');
  const digits = value.trim().replace(/^0+/, '');
  if (digits === '' || digits === '1') {
    findings.push(issue('W_PNR_INVALID', `${name} is ${quote(value)}; no bit mask was applied.`, name));
    return null;
  }
  if (digits.length > 20) return null;
  const range = BigInt(digits);
  let bits = 0;
  while (1n << BigInt(bits) < range) bits++;
  return bits < fieldBits ? bits : null;
}
