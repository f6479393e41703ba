// $BYTEORD: how the bytes of one value are ordered (FCS 3.1 section 3.2.3). Plain orders are taken as endianness for
// fields of any width; a mixed order such as 3,4,1,2 (legal up to FCS 3.0) only for fields of exactly its length.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { quote } from './numbers.ts';

export interface ByteOrder {
  readonly littleEndian: boolean;
  /** Position of each byte within the field, least significant first; null for plain orders. */
  readonly positions: readonly number[] | null;
}

/** The entries of $BYTEORD, a permutation of 1..n. Refuses anything else. */
export function byteOrderEntries(value: string): number[] {
  const entries = value.split(',', 9).map((part) => (/^\s*\d\s*$/.test(part) ? Number(part) : 0));
  const sorted = [...entries].sort((a, b) => a - b);
  if (entries.length > 8 || sorted.some((entry, i) => entry !== i + 1)) {
    throw new ImmunogateError(
      'E_FCS_KEYWORD_INVALID',
      `$BYTEORD is ${quote(value)}; expected an order of bytes such as 1,2,3,4.`,
      {
        place: '$BYTEORD',
      },
    );
  }
  return entries;
}

/** What the entries mean for fields of the given widths in bytes (ASCII fields left out). */
export function byteOrderFor(
  entries: readonly number[],
  widths: readonly number[],
  findings: Issue[],
): ByteOrder {
  const n = entries.length;
  const wide = widths.filter((width) => width > 1);
  const matches = wide.every((width) => width === n);
  const ascending = entries.every((entry, i) => entry === i + 1);
  const descending = entries.every((entry, i) => entry === n - i);
  if (!ascending && !descending) {
    if (!matches) throw inconsistent(entries, wide);
    const positions = entries.map((_, byte) => entries.indexOf(byte + 1));
    return { littleEndian: true, positions };
  }
  if (!matches && n !== 4) {
    if (n !== 2 && n !== 8) throw inconsistent(entries, wide);
    findings.push(
      issue(
        'W_BYTEORD_LENGTH',
        `$BYTEORD has ${n} entries for fields of ${wide.join(', ').slice(0, 40)} bytes.`,
        '$BYTEORD',
      ),
    );
  }
  return { littleEndian: ascending, positions: null };
}

function inconsistent(entries: readonly number[], widths: readonly number[]): ImmunogateError {
  return new ImmunogateError(
    'E_FCS_LAYOUT_INCONSISTENT',
    `$BYTEORD ${entries.join(',')} does not fit fields of ${[...new Set(widths)].join(' and ')} bytes.`,
    { place: '$BYTEORD' },
  );
}
