// Where DATA is and how many events it holds (reliability 2.2). HEADER and TEXT each give a pair of offsets; a pair counts
// only if it leaves exactly one self-consistent reading with $TOT and the width of an event. Offsets here are as in the
// standard: from the first byte of the data set, `end` inclusive.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { HEADER_BYTES, type OffsetPair } from './header.ts';
import type { FcsVersion } from './model.ts';

export interface DataQuestion {
  readonly version: FcsVersion;
  readonly header: OffsetPair | null;
  /** $BEGINDATA and $ENDDATA; null unless both are given and not both 0. */
  readonly fromText: OffsetPair | null;
  readonly text: OffsetPair;
  /** $TOT, null when missing. */
  readonly total: number | null;
  readonly eventBytes: number;
  /** Bytes of the data set: nothing at or beyond this position exists. */
  readonly available: number;
  /** The width of an event is a guess that the size of DATA must confirm ($PnB 10 in 16 bits). */
  readonly widthMustBeProven: boolean;
  readonly isAscii: boolean;
  readonly offsets: 'header' | 'text' | undefined;
  readonly onTotMismatch: 'reject' | 'useData';
}

export interface DataPlace {
  readonly begin: number;
  readonly eventCount: number;
}

interface Candidate extends OffsetPair {
  readonly from: 'HEADER' | 'TEXT';
}

/** One way a pair can relate to $TOT; the first three are readable, best first. */
type Fit = 'fits' | 'oneLong' | 'noEnd' | 'beyondFile' | 'otherLength' | 'overlaps';

/** Finds DATA or refuses the file; repairs that the bytes prove are told in `findings`. */
export function locateData(question: DataQuestion, findings: Issue[]): DataPlace {
  const candidates = candidatePairs(question, findings);
  if (candidates.length === 0 && question.total !== 0) {
    throw new ImmunogateError(
      'E_FCS_KEYWORD_MISSING',
      'Neither HEADER nor TEXT says where DATA is ($BEGINDATA, $ENDDATA).',
      {
        place: '$BEGINDATA',
      },
    );
  }
  if (question.total === 0 && candidates.every((pair) => lengthOf(pair) <= 1)) {
    findings.push(issue('W_ZERO_EVENTS', undefined, '$TOT'));
    return { begin: question.text.end + 1, eventCount: 0 };
  }
  const place =
    question.total === null
      ? bySize(question, candidates, findings)
      : byTotal(question, question.total, candidates, findings);
  tellAbsentPairs(question, place, findings);
  if (place.eventCount === 0) findings.push(issue('W_ZERO_EVENTS', undefined, '$TOT'));
  return place;
}

function candidatePairs(question: DataQuestion, findings: Issue[]): Candidate[] {
  const { header, fromText, available } = question;
  const candidates: Candidate[] = [];
  if (fromText !== null) candidates.push({ from: 'TEXT', ...fromText });
  if (header !== null) {
    if (header.end === 99_999_999 && header.end >= available) {
      findings.push(issue('W_HEADER_DATA_99999999', undefined, 'HEADER'));
    } else if (header.begin > 0 && header.end === 0) {
      findings.push(issue('W_HEADER_SPLIT_OFFSET', undefined, 'HEADER'));
    } else {
      candidates.push({ from: 'HEADER', ...header });
    }
  }
  if (question.version === '2.0') candidates.reverse();
  return chosenPairs(question, candidates, findings);
}

function chosenPairs(question: DataQuestion, candidates: Candidate[], findings: Issue[]): Candidate[] {
  if (question.offsets === undefined || candidates.length < 2 || samePair(candidates[0], candidates[1]))
    return candidates;
  findings.push(
    issue(
      'W_OVERRIDE_USED',
      `The offsets of ${question.offsets.toUpperCase()} were used for DATA, as chosen.`,
      'offsets',
    ),
  );
  return candidates.filter((pair) => pair.from.toLowerCase() === question.offsets);
}

function byTotal(
  question: DataQuestion,
  total: number,
  candidates: readonly Candidate[],
  findings: Issue[],
): DataPlace {
  const fits = candidates.map((pair) => fitWithTotal(pair, question, total * question.eventBytes));
  for (const fit of ['fits', 'oneLong', 'noEnd'] as const) {
    const found = candidates.filter((_, i) => fits[i] === fit);
    if (found.length === 0) continue;
    accept(found, candidates, findings);
    if (fit === 'oneLong') findings.push(issue('W_DATA_END_OFF_BY_ONE', undefined, 'DATA'));
    if (fit === 'noEnd') findings.push(issue('W_DATA_END_UNUSABLE', undefined, 'DATA'));
    return { begin: found[0].begin, eventCount: total };
  }
  const otherLength = candidates.filter((_, i) => fits[i] === 'otherLength');
  if (
    question.onTotMismatch === 'useData' &&
    otherLength.length > 0 &&
    !question.widthMustBeProven &&
    !question.isAscii
  ) {
    findings.push(
      issue('W_OVERRIDE_USED', 'The size of DATA was used instead of $TOT, as chosen.', 'onTotMismatch'),
    );
    return bySize(question, otherLength, findings);
  }
  throw refusal(question, total, candidates, fits);
}

function fitWithTotal(pair: Candidate, question: DataQuestion, need: number): Fit {
  const length = lengthOf(pair);
  if (overlapsText(pair, question.text, need)) return 'overlaps';
  const isThere = pair.begin + need <= question.available;
  if (length === need) return isThere ? 'fits' : 'beyondFile';
  if (length === need + 1 && isThere) return 'oneLong';
  if (pair.end === pair.begin && isThere) return 'noEnd';
  return pair.end >= question.available ? 'beyondFile' : 'otherLength';
}

/** Two pairs of equal rank must begin at the same byte; a pair left aside is told. */
function accept(found: readonly Candidate[], candidates: readonly Candidate[], findings: Issue[]): void {
  if (found.length === 2 && found[0].begin !== found[1].begin) {
    const [a, b] = found;
    throw new ImmunogateError(
      'E_FCS_OFFSET_AMBIGUOUS',
      `${a.from} places DATA at byte ${a.begin} and ${b.from} at byte ${b.begin}; both fit and give different values. Choose with "offsets".`,
    );
  }
  if (candidates.length === 2 && !samePair(candidates[0], candidates[1])) {
    const [a, b] = candidates;
    const used = found[0];
    const message = `${a.from} gives bytes ${a.begin} to ${a.end} for DATA, ${b.from} ${b.begin} to ${b.end}; ${used.from} was used.`;
    findings.push(issue('W_OFFSET_DISCREPANCY', message, 'DATA'));
  }
}

function refusal(
  question: DataQuestion,
  total: number,
  candidates: readonly Candidate[],
  fits: readonly Fit[],
): ImmunogateError {
  const need = total * question.eventBytes;
  const rightLength = candidates.find((pair, i) => fits[i] === 'beyondFile' && lengthOf(pair) === need);
  if (rightLength !== undefined) return truncated(rightLength.end, question.available);
  const pair = candidates.find((_, i) => fits[i] === 'otherLength');
  if (pair !== undefined) {
    if (question.widthMustBeProven) return packed();
    if (question.isAscii) {
      return new ImmunogateError(
        'E_FCS_UNSUPPORTED',
        'The ASCII data does not have the fixed widths that $PnB gives; free-format ASCII is not supported.',
      );
    }
    return new ImmunogateError(
      'E_FCS_TOT_MISMATCH',
      `$TOT is ${total}, which needs ${need} bytes at ${question.eventBytes} bytes an event, but DATA has ${Math.max(0, lengthOf(pair))}. Export the file again, or choose "onTotMismatch".`,
      { place: '$TOT' },
    );
  }
  const beyond = candidates.find((_, i) => fits[i] === 'beyondFile');
  if (beyond !== undefined)
    return question.widthMustBeProven ? packed() : truncated(beyond.end, question.available);
  return overlapping(candidates[0]);
}

/** Without $TOT: the number of whole events in the pair, one spare byte allowed. */
function bySize(question: DataQuestion, candidates: readonly Candidate[], findings: Issue[]): DataPlace {
  if (question.widthMustBeProven) throw packed();
  const sized = candidates.map((pair) => {
    const count = Math.floor(Math.max(0, lengthOf(pair)) / question.eventBytes);
    const spare = lengthOf(pair) - count * question.eventBytes;
    return { pair, count, spare };
  });
  const usable = sized.filter(
    ({ pair, count, spare }) =>
      (spare === 0 || spare === 1) &&
      pair.begin + count * question.eventBytes <= question.available &&
      !overlapsText(pair, question.text, 0),
  );
  if (usable.length === 0) throw unusableSize(question, candidates);
  const [first, second] = usable;
  if (second !== undefined && second.count !== first.count) {
    throw new ImmunogateError(
      'E_FCS_OFFSET_AMBIGUOUS',
      'HEADER and TEXT give DATA of two different sizes and $TOT does not decide. Choose with "offsets".',
    );
  }
  accept(
    usable.map(({ pair }) => pair),
    candidates,
    findings,
  );
  if (question.total === null && question.version !== '2.0')
    findings.push(issue('W_TOT_MISSING', undefined, '$TOT'));
  if (first.spare === 1) findings.push(issue('W_DATA_END_OFF_BY_ONE', undefined, 'DATA'));
  return { begin: first.pair.begin, eventCount: first.count };
}

function unusableSize(question: DataQuestion, candidates: readonly Candidate[]): ImmunogateError {
  const apart = candidates.filter((pair) => !overlapsText(pair, question.text, 0));
  if (apart.length === 0) return overlapping(candidates[0]);
  const beyond = apart.find((pair) => pair.end >= question.available);
  if (beyond !== undefined) return truncated(beyond.end, question.available);
  return new ImmunogateError(
    'E_FCS_DATA_LENGTH',
    `DATA has ${lengthOf(apart[0])} bytes, which is not a whole number of events of ${question.eventBytes} bytes.`,
  );
}

function tellAbsentPairs(question: DataQuestion, place: DataPlace, findings: Issue[]): void {
  if (question.header === null && place.begin + place.eventCount * question.eventBytes <= 100_000_000) {
    findings.push(issue('W_HEADER_DATA_ZERO', undefined, 'HEADER'));
  }
  if (question.fromText === null && question.version !== '2.0')
    findings.push(issue('W_MISSING_DATA_OFFSETS', undefined, '$BEGINDATA'));
}

function lengthOf(pair: OffsetPair): number {
  return pair.end - pair.begin + 1;
}

function samePair(a: OffsetPair, b: OffsetPair): boolean {
  return a.begin === b.begin && a.end === b.end;
}

function overlapsText(pair: OffsetPair, text: OffsetPair, need: number): boolean {
  const end = Math.max(pair.begin, pair.end, pair.begin + need - 1);
  return pair.begin < HEADER_BYTES || (pair.begin <= text.end && end >= text.begin);
}

function truncated(end: number, available: number): ImmunogateError {
  return new ImmunogateError(
    'E_FCS_TRUNCATED',
    `DATA should end at byte ${end} but the file has ${available} bytes. The copy is incomplete; transfer it again and compare SHA-256.`,
  );
}

function overlapping(pair: Candidate): ImmunogateError {
  return new ImmunogateError(
    'E_FCS_SEGMENT_OVERLAP',
    `${pair.from} places DATA at bytes ${pair.begin} to ${pair.end}, which overlap HEADER or TEXT.`,
  );
}

function packed(): ImmunogateError {
  return new ImmunogateError(
    'E_FCS_UNSUPPORTED',
    'Fields that are not whole bytes ($PnB) are not supported; export the data again.',
    { place: '$PnB' },
  );
}
