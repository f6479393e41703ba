// readFcs: bytes to FcsFile. Reads HEADER and TEXT (and supplemental TEXT, the start of ANALYSIS), decides where DATA is and
// how it is coded, and says everything that is odd about it. No event is read; nothing is allocated by a number that was not
// checked against the size of the file first (reliability R-5).
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { chooseDataset, readDatasetHead, walkDatasets, type DatasetHead } from './datasets.ts';
import { readEventForm, invalid } from './fields.ts';
import type { OffsetPair } from './header.ts';
import { locateData } from './layout.ts';
import {
  defaultLimits,
  type ByteSource,
  type DatasetSummary,
  type FcsFile,
  type FcsLimits,
  type ReadOptions,
} from './model.ts';
import { decimalNumber, isPadded, quote, wholeNumber } from './numbers.ts';
import { readParameters } from './parameters.ts';
import { checkAnalysis, mergeSupplementalText, type SegmentContext } from './segments.ts';
import { readSpillover } from './spillover.ts';
import type { TextOptions } from './text.ts';

type Keywords = ReadonlyMap<string, string>;

/**
 * What HEADER and TEXT of a file say. Ends in exactly one of three ways for any bytes (reliability section 1): findings of
 * level info only; findings with warnings; or a throw of ImmunogateError with a code `E_...` saying what to do next.
 */
export function readFcs(source: ByteSource, options: ReadOptions = {}): FcsFile {
  const limits = { ...defaultLimits, ...options.limits };
  if (source.byteLength > limits.fileBytes) {
    throw new ImmunogateError(
      'E_FCS_LIMIT',
      `The file has ${source.byteLength} bytes; more than ${limits.fileBytes} (limit "fileBytes").`,
    );
  }
  const textOptions: TextOptions = { reading: options.textReading, maxKeywords: limits.keywords };
  const chain: Issue[] = [];
  const first = readDatasetHead(source, 0, limits, textOptions);
  const { summaries, heads } = walkDatasets(source, first, limits, textOptions, chain);
  const chosen = chooseDataset(summaries, options, chain);
  const head = heads.get(chosen.number) ?? readDatasetHead(source, chosen.offset, limits, textOptions);
  const file = readDataset({ source, head, chosen, summaries, chain, limits, options, textOptions });
  requireAllowed(file.findings, options);
  return file;
}

/** Strict mode (reliability R-4): refuses with E_STRICT on the first warning that is not in `allowedWarnings`. */
export function requireAllowed(
  findings: readonly Issue[],
  options: Pick<ReadOptions, 'strict' | 'allowedWarnings'>,
): void {
  if (options.strict !== true) return;
  const refused = findings.find(
    (finding) => finding.level === 'warning' && options.allowedWarnings?.includes(finding.code) !== true,
  );
  if (refused !== undefined) {
    throw new ImmunogateError(
      'E_STRICT',
      `Strict reading does not allow ${refused.code}: ${refused.message}`,
      { place: refused.place },
    );
  }
}

interface DatasetTask {
  readonly source: ByteSource;
  readonly head: DatasetHead;
  readonly chosen: DatasetSummary;
  readonly summaries: readonly DatasetSummary[];
  readonly chain: readonly Issue[];
  readonly limits: FcsLimits;
  readonly options: ReadOptions;
  readonly textOptions: TextOptions;
}

function readDataset(task: DatasetTask): FcsFile {
  const { source, head, chosen, summaries, limits, options } = task;
  const { base, header, keywords } = head;
  const findings: Issue[] = [...head.findings, ...task.chain];
  const version = header.version;
  const available = (summaries[chosen.number]?.offset ?? source.byteLength) - base;
  const form = readEventForm(keywords, version, limits.parameters, findings);
  const place = locateData(
    {
      version,
      header: header.data,
      fromText: dataOffsets(keywords, version, findings),
      text: head.text,
      total: totalEvents(keywords),
      eventBytes: form.eventBytes,
      available,
      widthMustBeProven: form.widthFromByteOrder,
      isAscii: form.isAscii,
      offsets: options.offsets,
      onTotMismatch: options.onTotMismatch ?? 'reject',
    },
    findings,
  );
  if (place.eventCount > limits.events) {
    throw new ImmunogateError(
      'E_FCS_LIMIT',
      `The file has ${place.eventCount} events; more than ${limits.events} (limit "events").`,
      { place: '$TOT' },
    );
  }
  const data = { begin: place.begin, end: place.begin + place.eventCount * form.eventBytes - 1 };
  const context: SegmentContext = { source, base, available, text: head.text, data, limits };
  const supplemental = mergeSupplementalText(keywords, context, task.textOptions, findings);
  const analysis = checkAnalysis(keywords, header, context, task.textOptions, findings);
  const parameters = readParameters(form, keywords, version, findings);
  const spillover = readSpillover(keywords, parameters, findings);
  tellPaddedNumbers(keywords, findings);
  checkDate(keywords, findings);
  const end = base + lastByte([head.text, data, supplemental, analysis]) + 1;
  if (base + available > end + 8) {
    findings.push(issue('I_FCS_TRAILING_BYTES', `${base + available - end} bytes follow the last segment.`));
  }
  return {
    version,
    keywords,
    parameters,
    data: {
      begin: base + place.begin,
      eventCount: place.eventCount,
      eventBytes: form.eventBytes,
      littleEndian: form.littleEndian,
      byteOrder: form.byteOrder,
      fields: form.fields,
    },
    spillover,
    timestep: timestepOf(keywords, findings),
    volumeNanolitres: positive(keywords.get('$VOL')),
    dataset: chosen.number,
    datasets: summaries,
    extent: { begin: base, end },
    findings,
  };
}

/** $BEGINDATA and $ENDDATA. FCS 2.0 does not define them, so there an unreadable pair is only told. */
function dataOffsets(keywords: Keywords, version: string, findings: Issue[]): OffsetPair | null {
  const values = ['$BEGINDATA', '$ENDDATA'].map((name) => {
    const value = keywords.get(name);
    const offset = value === undefined ? null : wholeNumber(value);
    if (value !== undefined && offset === null) {
      const message = `${name} is ${quote(value)}; an offset must be a plain whole number.`;
      if (version !== '2.0') throw new ImmunogateError('E_FCS_OFFSET_INVALID', message, { place: name });
      findings.push(issue('W_OFFSET_DISCREPANCY', `${message} HEADER decides.`, name));
    }
    return offset;
  });
  const [begin, end] = values;
  return begin === null || end === null || (begin === 0 && end === 0) ? null : { begin, end };
}

function totalEvents(keywords: Keywords): number | null {
  const value = keywords.get('$TOT');
  if (value === undefined) return null;
  const total = wholeNumber(value);
  if (total === null) throw invalid('$TOT', value, 'a whole number');
  return total;
}

function lastByte(segments: readonly (OffsetPair | null)[]): number {
  return Math.max(...segments.map((segment) => segment?.end ?? 0));
}

const wholeNumberKeywords = [
  '$TOT',
  '$PAR',
  '$BEGINDATA',
  '$ENDDATA',
  '$BEGINSTEXT',
  '$ENDSTEXT',
  '$BEGINANALYSIS',
  '$ENDANALYSIS',
  '$NEXTDATA',
];

function tellPaddedNumbers(keywords: Keywords, findings: Issue[]): void {
  const padded = wholeNumberKeywords.filter((name) => {
    const value = keywords.get(name);
    return value !== undefined && wholeNumber(value) !== null && isPadded(value);
  });
  if (padded.length > 0)
    findings.push(
      issue('I_FCS_NUMBER_PADDED', `Padded with spaces or zeros: ${padded.join(', ')}.`, padded[0]),
    );
}

function timestepOf(keywords: Keywords, findings: Issue[]): number | null {
  const value = keywords.get('$TIMESTEP');
  if (value === undefined) return null;
  const seconds = positive(value);
  if (seconds === null) findings.push(issue('W_TIMESTEP_INVALID', undefined, '$TIMESTEP'));
  return seconds;
}

function positive(text: string | undefined): number | null {
  const value = decimalNumber(text ?? '');
  return value !== null && value > 0 ? value : null;
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const daysOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** $DATE is dd-mmm-yy (FCS 2.0), dd-mmm-yyyy, or yyyy-mmm-dd (MACSQuant). */
function checkDate(keywords: Keywords, findings: Issue[]): void {
  const value = keywords.get('$DATE');
  if (value === undefined) return;
  const [, dayFirst, monthA, , monthB, dayLast] =
    /^\s*(?:(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4})|\d{4}-([A-Za-z]{3})-(\d{1,2}))\s*$/.exec(value) ?? [];
  const month = months.indexOf((monthA ?? monthB ?? '').toUpperCase());
  const day = Number(dayFirst ?? dayLast ?? 0);
  if (month < 0 || day < 1 || day > daysOf[month]) findings.push(issue('W_DATE_INVALID', undefined, '$DATE'));
}
