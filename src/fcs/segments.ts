// The optional segments beside TEXT and DATA: supplemental TEXT, whose keywords are merged after those of TEXT, and
// ANALYSIS, which is only checked. Neither can make a file unreadable: an unusable one is told and ignored.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { Header, OffsetPair } from './header.ts';
import type { ByteSource, FcsLimits } from './model.ts';
import { wholeNumber } from './numbers.ts';
import { readBytes } from './source.ts';
import { addKeyword, readText, tellRepeated, type TextOptions } from './text.ts';

type Keywords = ReadonlyMap<string, string>;

export interface SegmentContext {
  readonly source: ByteSource;
  /** First byte of the data set in the source; offsets count from here. */
  readonly base: number;
  /** Bytes of the data set. */
  readonly available: number;
  readonly text: OffsetPair;
  /** DATA as located, `end` inclusive. */
  readonly data: OffsetPair;
  readonly limits: FcsLimits;
}

/** Merges supplemental TEXT into `keywords`. Returns its offsets when it was used. */
export function mergeSupplementalText(
  keywords: Map<string, string>,
  context: SegmentContext,
  options: TextOptions,
  findings: Issue[],
): OffsetPair | null {
  const pair = pairFromText(keywords, '$BEGINSTEXT', '$ENDSTEXT');
  if (pair === null) return null;
  if (pair !== 'unreadable' && pair.begin === context.text.begin) {
    findings.push(issue('I_FCS_STEXT_IS_TEXT', undefined, '$BEGINSTEXT'));
    return null;
  }
  const bytes =
    pair === 'unreadable' || overlaps(pair, context.data)
      ? null
      : segmentBytes(pair, context, context.limits.textBytes);
  const segment = bytes === null ? null : keywordsOf(bytes, options);
  if (pair === 'unreadable' || segment === null) {
    findings.push(issue('W_STEXT_INVALID', undefined, '$BEGINSTEXT'));
    return null;
  }
  findings.push(...segment.findings);
  const repeated = new Set<string>();
  for (const [name, value] of segment.keywords) addKeyword(keywords, name, value, repeated);
  tellRepeated(repeated, findings);
  return pair;
}

/** Checks ANALYSIS (HEADER's pair, else the one in TEXT). Returns its offsets when it is usable. */
export function checkAnalysis(
  keywords: Keywords,
  header: Header,
  context: SegmentContext,
  options: TextOptions,
  findings: Issue[],
): OffsetPair | null {
  const pair = header.analysis ?? pairFromText(keywords, '$BEGINANALYSIS', '$ENDANALYSIS');
  if (pair === null) return null;
  if (pair !== 'unreadable') {
    const bytes = segmentBytes(pair, context, analysisSample);
    if (bytes !== null && keywordsOf(bytes, options) !== null) return pair;
  }
  findings.push(issue('W_ANALYSIS_INVALID', undefined, '$BEGINANALYSIS'));
  return null;
}

/** The beginning of ANALYSIS is enough to see whether it holds keywords. */
const analysisSample = 4096;

/** Two offset keywords; null when absent or both 0. */
function pairFromText(
  keywords: Keywords,
  beginName: string,
  endName: string,
): OffsetPair | 'unreadable' | null {
  const begin = wholeNumber(keywords.get(beginName) ?? '0');
  const end = wholeNumber(keywords.get(endName) ?? '0');
  if (begin === null || end === null) return 'unreadable';
  return begin === 0 && end === 0 ? null : { begin, end };
}

function segmentBytes(pair: OffsetPair, context: SegmentContext, most: number): Uint8Array | null {
  if (pair.begin < 58 || pair.end < pair.begin || pair.end >= context.available) return null;
  const end = Math.min(pair.end + 1, pair.begin + most);
  return readBytes(context.source, context.base + pair.begin, context.base + end);
}

/** Keywords of a segment, or null where the bytes are not of that form. */
function keywordsOf(bytes: Uint8Array, options: TextOptions): ReturnType<typeof readText> | null {
  const isWordCharacter = /[\dA-Za-z]/.test(String.fromCharCode(bytes[0]));
  if (isWordCharacter || bytes[0] === 0 || bytes[0] > 126) return null;
  try {
    return readText(bytes, options);
  } catch (error) {
    if (error instanceof ImmunogateError) return null;
    throw error;
  }
}

function overlaps(a: OffsetPair, b: OffsetPair): boolean {
  return a.begin <= b.end && b.begin <= a.end;
}
