// Data sets: a file may hold several, chained by $NEXTDATA (FCS 3.1 section 3.2.20). The offset counts from the first byte
// of the data set that names it, so a valid chain only goes forward and the walk ends.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { hasSignature, HEADER_BYTES, readHeader, type Header } from './header.ts';
import type { ByteSource, DatasetSummary, FcsLimits, ReadOptions } from './model.ts';
import { wholeNumber } from './numbers.ts';
import { readBytes } from './source.ts';
import { readText, type TextOptions, type TextSegment } from './text.ts';

/** HEADER and primary TEXT of one data set beginning at byte `base` of the source. */
export interface DatasetHead {
  readonly base: number;
  readonly header: Header;
  /** TEXT as read: `end` may be one less than HEADER says (W_TEXT_END_OVERLAP). */
  readonly text: { readonly begin: number; readonly end: number };
  readonly keywords: Map<string, string>;
  readonly findings: readonly Issue[];
}

/** Bytes read at once: most files have HEADER and TEXT in them. */
const headBytes = 8192;

export function readDatasetHead(
  source: ByteSource,
  base: number,
  limits: FcsLimits,
  options: TextOptions,
): DatasetHead {
  const available = source.byteLength - base;
  const head = readBytes(source, base, base + Math.min(headBytes, available));
  const header = readHeader(head, available);
  const findings: Issue[] = [...header.findings];
  const { begin } = header.text;
  let { end } = header.text;
  if (header.data?.begin === end) {
    end -= 1;
    findings.push(issue('W_TEXT_END_OVERLAP', undefined, 'HEADER'));
  }
  if (end - begin + 1 > limits.textBytes) {
    throw new ImmunogateError(
      'E_FCS_LIMIT',
      `TEXT has ${end - begin + 1} bytes; more than ${limits.textBytes} (limit "textBytes").`,
    );
  }
  const bytes =
    end < head.length ? head.subarray(begin, end + 1) : readBytes(source, base + begin, base + end + 1);
  let segment: TextSegment = readText(bytes, options);
  if (header.data === null && wholeNumber(segment.keywords.get('$BEGINDATA') ?? '') === end) {
    end -= 1;
    segment = readText(bytes.subarray(0, -1), options);
    findings.push(issue('W_TEXT_END_OVERLAP', undefined, '$BEGINDATA'));
  }
  findings.push(...segment.findings);
  return { base, header, text: { begin, end }, keywords: segment.keywords, findings };
}

/** All data sets of the source, the first given. Stops with a warning where $NEXTDATA leads nowhere. */
export function walkDatasets(
  source: ByteSource,
  first: DatasetHead,
  limits: FcsLimits,
  options: TextOptions,
  findings: Issue[],
): { readonly summaries: readonly DatasetSummary[]; readonly heads: ReadonlyMap<number, DatasetHead> } {
  const summaries: DatasetSummary[] = [];
  const heads = new Map<number, DatasetHead>();
  let head: DatasetHead | null = first;
  let base = first.base;
  while (head !== null) {
    const number: number = summaries.length + 1;
    if (number > limits.datasets) {
      throw new ImmunogateError(
        'E_FCS_LIMIT',
        `The file has more than ${limits.datasets} data sets (limit "datasets").`,
      );
    }
    heads.set(number, head);
    summaries.push({
      number,
      offset: base,
      version: head.header.version,
      eventCount: wholeNumber(head.keywords.get('$TOT') ?? ''),
    });
    const next: number | null = nextOffset(source, head, findings);
    if (next === null) break;
    base = next;
    head = readableHead(source, base, limits, options);
    if (head === null) {
      const version = String.fromCharCode(...readBytes(source, base + 3, base + 6));
      summaries.push({ number: number + 1, offset: base, version, eventCount: null });
    }
  }
  return { summaries, heads };
}

/** The data set that is to be read: the only one, or the one chosen. */
export function chooseDataset(
  summaries: readonly DatasetSummary[],
  options: ReadOptions,
  findings: Issue[],
): DatasetSummary {
  if (options.dataset === undefined) {
    if (summaries.length === 1) return summaries[0];
    const list = summaries
      .map((s) => `${s.number}: FCS ${s.version}, ${s.eventCount ?? 'unknown number of'} events`)
      .join('; ');
    throw new ImmunogateError(
      'E_FCS_MULTIPLE_DATASETS',
      `The file holds ${summaries.length} data sets (${list}). Choose one with "dataset".`,
    );
  }
  const chosen = summaries.find((summary) => summary.number === options.dataset);
  if (chosen === undefined) {
    throw new ImmunogateError(
      'E_FCS_DATASET_MISSING',
      `Data set ${options.dataset} was asked for; the file has ${summaries.length}.`,
    );
  }
  if (summaries.length > 1)
    findings.push(
      issue(
        'W_OVERRIDE_USED',
        `Data set ${chosen.number} of ${summaries.length} was read, as chosen.`,
        'dataset',
      ),
    );
  return chosen;
}

function nextOffset(source: ByteSource, head: DatasetHead, findings: Issue[]): number | null {
  const value = head.keywords.get('$NEXTDATA');
  if (value === undefined) {
    findings.push(issue('I_FCS_NEXTDATA_MISSING', undefined, '$NEXTDATA'));
    return null;
  }
  const step = wholeNumber(value);
  if (step === 0) return null;
  const next = head.base + (step ?? 0);
  const isThere = step !== null && step >= HEADER_BYTES && next + HEADER_BYTES <= source.byteLength;
  if (isThere && hasSignature(readBytes(source, next, next + 6))) return next;
  findings.push(issue('W_NEXTDATA_INVALID', undefined, '$NEXTDATA'));
  return null;
}

/** HEADER and TEXT of a further data set; null where they are damaged (choosing it then says how). */
function readableHead(
  source: ByteSource,
  base: number,
  limits: FcsLimits,
  options: TextOptions,
): DatasetHead | null {
  try {
    return readDatasetHead(source, base, limits, options);
  } catch (error) {
    if (error instanceof ImmunogateError) return null;
    throw error;
  }
}
