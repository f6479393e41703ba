// De-identification: a new HEADER and TEXT with an allow-list of keywords before the very bytes of DATA, and a search of the result for
// what was dropped (reliability P-1 to P-4). It supports de-identification under these rules; whether data is de-identified is the user's
// determination. Invariant: nothing of the old TEXT, ANALYSIS, OTHER or trailing bytes is copied unless its keyword is on the list.
import { ImmunogateError } from '../errors.ts';
import { composeHead } from './compose.ts';
import type { ByteSource, FcsFile } from './model.ts';
import { latin1 } from './text-decoding.ts';
import type { ByteSink } from './write.ts';

export interface DeidentifyReport {
  /** Names of the keywords that were dropped, in order of code units; never their values. */
  readonly dropped: readonly string[];
  /** Bytes of DATA that were copied unchanged. */
  readonly dataBytes: number;
}

/**
 * Writes the chosen data set of `file` without what identifies people: structure, per-parameter keywords, spillover and a few of the
 * instrument stay; of dates the year alone, as `ACQUISITION YEAR`. Throws E_IDENTITY_FOUND when a dropped value, or the shape of
 * an e-mail address, a long number or a date, is in what was written: the caller then discards the output.
 */
export function writeDeidentified(source: ByteSource, file: FcsFile, sink: ByteSink): DeidentifyReport {
  const kept = new Map<string, string>();
  const dropped = new Map<string, string>();
  for (const [name, value] of file.keywords) (isKept(name) ? kept : dropped).set(name, value);
  for (const name of written) dropped.delete(name);
  const year = yearOf(file.keywords.get('$DATE') ?? file.keywords.get('$BEGINDATETIME') ?? '');
  const keywords = new Map([...kept, ...structureOf(file)]);
  if (year !== null) keywords.set('ACQUISITION YEAR', year);
  checkKept(kept, dropped);

  const { begin, eventCount, eventBytes } = file.data;
  const dataBytes = eventCount * eventBytes;
  const search = openSearch([...dropped].flatMap(([name, value]) => (isInstrumentWord(name) ? [] : [value])));
  const put = (chunk: Uint8Array): void => {
    search(chunk);
    sink(chunk);
  };
  put(composeHead(file.version, keywords, dataBytes));
  const buffer = new Uint8Array(Math.min(dataBytes, 1 << 20));
  for (let at = 0; at < dataBytes; at += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, dataBytes - at));
    source.read(begin + at, begin + at + part.length, part);
    put(part);
  }
  sink(new TextEncoder().encode('00000000'));
  return { dropped: [...dropped.keys()].sort(), dataBytes };
}

/** Keywords that composeHead and structureOf say anew; dropping their old values loses nothing. */
const written: readonly string[] = ['DATA', 'STEXT', 'ANALYSIS']
  .flatMap((segment) => [`$BEGIN${segment}`, `$END${segment}`])
  .concat('$NEXTDATA', '$PAR', '$TOT', '$MODE', '$BYTEORD', '$DATATYPE');

function isKept(name: string): boolean {
  return (
    /^\$P\d+([BENRGVLOFTDS]|DATATYPE|TYPE|DET|TAG|ANALYTE|FEATURE|CALIBRATION)$/.test(name) ||
    /^\$?SPILL(OVER)?$|^\$COMP$|^\$?DFC\d+TO\d+$/.test(name) ||
    /^\$(CYT|TIMESTEP|TR|VOL|ABRT|LOST|UNICODE|WELLID)$/.test(name)
  );
}

/** What decides decoding, as it was understood: repairs of the reader are written out. */
function structureOf({ data, keywords, parameters }: FcsFile): ReadonlyMap<string, string> {
  const plain = data.littleEndian ? '1,2,3,4' : '4,3,2,1';
  const mixed = new Set(data.fields.map(({ type }) => type)).size > 1;
  const widths = data.fields.map(({ type, bytes }) => (type === 'A' ? bytes : 8 * bytes));
  return new Map([
    ['$BYTEORD', data.byteOrder === null ? plain : (keywords.get('$BYTEORD') ?? plain)],
    ['$DATATYPE', mixed ? (keywords.get('$DATATYPE') ?? 'F') : data.fields[0].type],
    ['$MODE', 'L'],
    ['$PAR', String(parameters.length)],
    ['$TOT', String(data.eventCount)],
    ...widths.map((width, p) => [`$P${p + 1}B`, String(width)] as const),
  ]);
}

function yearOf(date: string): string | null {
  return /(?:^|\D)((?:19|20)\d\d)(?:\D|$)/.exec(date)?.[1] ?? null;
}

// ---- the search ----------------------------------------------------------------------------------------------------

const shapes: readonly (readonly [string, RegExp])[] = [
  ['an e-mail address', /[\w.+-]+@[\w-]+\.\w/],
  ['a long number', /\d{7}/],
  [
    'a date',
    /\b(\d{1,2}[-./]([A-Za-z]{3}|\d{1,2})[-./](19|20)\d\d|(19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}-[A-Za-z]{3}-\d\d)\b/,
  ],
];

/** Text that people write themselves. */
function isFreeText(name: string): boolean {
  return /^\$P\d+(N|S|DET|TAG|ANALYTE|FEATURE|TYPE)$|^\$(CYT|WELLID|TR)$/.test(name);
}

/** Keywords of vendors about a parameter, laser or threshold: they repeat names of channels, and name no person. */
function isInstrumentWord(name: string): boolean {
  return /(^|[@#$_])P\d+([A-Z_]|$)|^CH\d+|LASER|THRESHOLD/.test(name);
}

function checkKept(kept: ReadonlyMap<string, string>, dropped: ReadonlyMap<string, string>): void {
  const needles = [...dropped]
    .filter(([name, value]) => !isInstrumentWord(name) && value.trim().length >= 4)
    .map(([, value]) => value.trim().toLowerCase());
  for (const [name, value] of kept) {
    if (!isFreeText(name)) continue;
    const text = value.toLowerCase();
    if (needles.some((needle) => text.includes(needle)))
      throw found(`${name} holds a value of a dropped keyword`);
    const shape = shapes.find(([, pattern]) => pattern.test(value));
    if (shape !== undefined) throw found(`${name} looks like ${shape[0]}`);
  }
}

/** Dropped values of at least 8 characters, in UTF-8, Latin-1 and UTF-16: shorter ones occur in measured values by chance. */
function openSearch(values: readonly string[]): (chunk: Uint8Array) => void {
  const needles = new Set(
    values
      .map((value) => value.trim())
      .filter((value) => value.length >= 8 && /[A-Za-z]|[1-9].*[1-9]/.test(value))
      .flatMap((value) => {
        const units = Array.from({ length: value.length }, (_, i) => value.charCodeAt(i));
        return [
          value,
          latin1(new TextEncoder().encode(value)),
          latin1(Uint8Array.from(units.flatMap((unit) => [unit & 255, unit >> 8]))),
          latin1(Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 255]))),
        ];
      }),
  );
  const longest = Math.max(0, ...[...needles].map((needle) => needle.length));
  let tail = '';
  return (chunk) => {
    const text = tail + latin1(chunk);
    for (const needle of needles)
      if (text.includes(needle)) throw found('the output holds a value of a dropped keyword');
    tail = longest > 1 ? text.slice(1 - longest) : '';
  };
}

function found(what: string): ImmunogateError {
  return new ImmunogateError(
    'E_IDENTITY_FOUND',
    `Nothing was written: ${what}. Rename it in the original, or leave the file out.`,
  );
}
