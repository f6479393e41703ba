// HEADER and TEXT of a file to be written (FCS 3.1 sections 3.1, 3.2). Offsets are found by repetition, because their digits
// are part of TEXT; beyond byte 99,999,999 HEADER says 0 and TEXT alone locates DATA.
import { ImmunogateError } from '../errors.ts';
import { HEADER_BYTES } from './header.ts';
import type { FcsVersion } from './model.ts';

/**
 * The bytes before DATA. `keywords` must not hold offsets; empty values are left out, because FCS cannot say them.
 * The delimiter is one that no keyword or value holds, so nothing needs escaping, unless `delimiter` asks for a certain one.
 */
export function composeHead(
  version: FcsVersion,
  keywords: ReadonlyMap<string, string>,
  dataBytes: number,
  delimiter: string = freeDelimiter(keywords),
): Uint8Array {
  let begin = 0;
  for (;;) {
    const end = dataBytes === 0 ? 0 : begin + dataBytes - 1;
    const text = composeText(keywords, dataBytes === 0 ? 0 : begin, end, delimiter);
    const after = HEADER_BYTES + text.length;
    if (after === begin) return withHeader(version, text, begin, end, dataBytes);
    begin = after;
  }
}

function composeText(
  keywords: ReadonlyMap<string, string>,
  begin: number,
  end: number,
  delimiter: string,
): Uint8Array {
  const pairs: (readonly [string, string])[] = [
    ['$BEGINANALYSIS', '0'],
    ['$ENDANALYSIS', '0'],
    ['$BEGINSTEXT', '0'],
    ['$ENDSTEXT', '0'],
    ['$BEGINDATA', String(begin)],
    ['$ENDDATA', String(end)],
    ['$NEXTDATA', '0'],
    ...[...keywords].filter(([name, value]) => name !== '' && value !== ''),
  ];
  const escaped = (text: string): string => text.replaceAll(delimiter, delimiter + delimiter);
  for (const [name, value] of pairs) {
    if (!name.startsWith(delimiter) && !value.startsWith(delimiter)) continue;
    throw new ImmunogateError(
      'E_FCS_KEYWORD_INVALID',
      'A keyword or value begins with the delimiter, which FCS cannot write. Choose another.',
    );
  }
  return new TextEncoder().encode(
    delimiter +
      pairs.map(([name, value]) => `${escaped(name)}${delimiter}${escaped(value)}${delimiter}`).join(''),
  );
}

function withHeader(
  version: FcsVersion,
  text: Uint8Array,
  begin: number,
  end: number,
  dataBytes: number,
): Uint8Array {
  const textEnd = begin - 1;
  if (textEnd > 99_999_999)
    throw new ImmunogateError('E_FCS_LIMIT', 'TEXT would end beyond byte 99,999,999.');
  const inHeader = dataBytes > 0 && end <= 99_999_999;
  const offsets = [HEADER_BYTES, textEnd, inHeader ? begin : 0, inHeader ? end : 0, 0, 0];
  const header = `FCS${version}    ${offsets.map((offset) => String(offset).padStart(8)).join('')}`;
  const head = new Uint8Array(HEADER_BYTES + text.length);
  head.set(new TextEncoder().encode(header));
  head.set(text, HEADER_BYTES);
  return head;
}

function freeDelimiter(keywords: ReadonlyMap<string, string>): string {
  const candidates = [
    '|',
    '/',
    '\f',
    '\x1e',
    '!',
    '\\',
    ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1)),
  ];
  const all = [...keywords].flat().join('');
  const free = candidates.find((candidate) => !all.includes(candidate));
  if (free === undefined)
    throw new ImmunogateError(
      'E_FCS_KEYWORD_INVALID',
      'The keywords use every character that could delimit them.',
    );
  return free;
}
