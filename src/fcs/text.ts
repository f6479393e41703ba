// TEXT: delimiter, keyword, delimiter, value, delimiter ... (FCS 3.1 section 3.2). Split as bytes first, decoded after.
// A doubled delimiter is an escaped one by the standard and an empty value in many real files: both readings are made and
// the one with more standard keywords wins, the escaped one on a tie (reliability 2.3).
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { isStandardKeyword, isStructuralKeyword } from './keywords.ts';
import { decodeTokens } from './text-decoding.ts';
import { tokenise, type Tokens } from './tokens.ts';

export interface TextSegment {
  /** Upper-cased names, values exact, in file order; of two equal names the first. */
  readonly keywords: Map<string, string>;
  readonly findings: readonly Issue[];
}

export interface TextOptions {
  readonly reading?: 'escaped' | 'literal' | undefined;
  readonly maxKeywords: number;
}

/**
 * Keywords of a TEXT-like segment; `bytes` is exactly the segment. Refuses with E_FCS_TEXT_EMPTY (no keyword),
 * E_FCS_LIMIT (too many) or E_FCS_DUPLICATE_KEYWORD (one that decides decoding occurs twice with different values).
 */
export function readText(bytes: Uint8Array, options: TextOptions): TextSegment {
  const findings: Issue[] = [];
  const delimiter = bytes.length > 0 ? bytes[0] : 0;
  if (delimiter === 0 || delimiter > 126) {
    findings.push(
      issue(
        'W_TEXT_DELIMITER',
        `The TEXT delimiter is byte ${delimiter}; the standard allows 1 to 126.`,
        'TEXT',
      ),
    );
  }
  const reading = chooseReading(bytes, delimiter, options, findings);
  const { texts, terminated, isUtf8 } = reading;
  if (!isUtf8) findings.push(issue('W_TEXT_NOT_UTF8', undefined, 'TEXT'));
  if (texts.length === 0)
    throw new ImmunogateError('E_FCS_TEXT_EMPTY', 'TEXT holds no keywords, only delimiters or nothing.');
  if (!terminated) findings.push(issue('W_TEXT_NO_FINAL_DELIMITER', undefined, 'TEXT'));
  if (texts.length % 2 === 1 || reading.strayDelimiter)
    findings.push(issue('W_TEXT_DANGLING_KEYWORD', undefined, 'TEXT'));
  return { keywords: pairUp(texts, findings), findings };
}

interface Reading {
  readonly texts: readonly string[];
  readonly terminated: boolean;
  readonly strayDelimiter: boolean;
  readonly isUtf8: boolean;
}

function chooseReading(
  bytes: Uint8Array,
  delimiter: number,
  options: TextOptions,
  findings: Issue[],
): Reading {
  const maxTokens = 2 * options.maxKeywords + 1;
  const escaped = decode(bytes, tokenise(bytes, delimiter, true, maxTokens));
  if (!escaped.hasDoubled) return limited(escaped, options.maxKeywords);
  const literal = decode(bytes, tokenise(bytes, delimiter, false, maxTokens));
  const best = standardKeywords(literal) > standardKeywords(escaped) ? literal : escaped;
  if (options.reading === undefined) return limited(best, options.maxKeywords);
  const chosen = options.reading === 'escaped' ? escaped : literal;
  findings.push(
    issue(
      'W_OVERRIDE_USED',
      `Doubled delimiters in TEXT were read as ${options.reading}, as chosen.`,
      'textReading',
    ),
  );
  return limited(chosen, options.maxKeywords);
}

function decode(bytes: Uint8Array, tokens: Tokens): Reading & { readonly hasDoubled: boolean } {
  const { texts, isUtf8 } = decodeTokens(bytes, tokens.starts, tokens.ends, tokens.unescaped);
  const { terminated, strayDelimiter, hasDoubled } = tokens;
  return { texts, isUtf8, terminated, strayDelimiter, hasDoubled };
}

function limited(reading: Reading, maxKeywords: number): Reading {
  if (reading.texts.length > 2 * maxKeywords) {
    throw new ImmunogateError(
      'E_FCS_LIMIT',
      `TEXT holds more than ${maxKeywords} keywords (limit "keywords").`,
    );
  }
  return reading;
}

function standardKeywords(reading: Reading): number {
  let count = 0;
  for (let i = 0; i + 1 < reading.texts.length; i += 2)
    if (isStandardKeyword(keywordName(reading.texts[i]))) count++;
  return count;
}

function pairUp(texts: readonly string[], findings: Issue[]): Map<string, string> {
  const keywords = new Map<string, string>();
  const repeated = new Set<string>();
  let empty = 0;
  let hidden: string | null = null;
  for (let i = 0; i + 1 < texts.length; i += 2) {
    const name = keywordName(texts[i]);
    const value = texts[i + 1];
    if (value === '' || name === '') empty++;
    if (name === '') continue;
    if (hidden === null && (hasHiddenCharacters(name) || hasHiddenCharacters(value))) hidden = name;
    addKeyword(keywords, name, value, repeated);
  }
  if (keywords.size === 0)
    throw new ImmunogateError('E_FCS_TEXT_EMPTY', 'TEXT holds no keywords with values.');
  if (empty > 0)
    findings.push(issue('W_TEXT_EMPTY_VALUE', `TEXT holds ${empty} empty keyword values.`, 'TEXT'));
  if (hidden !== null) findings.push(issue('W_TEXT_CONTROL_CHARACTER', undefined, 'TEXT'));
  tellRepeated(repeated, findings);
  return keywords;
}

/**
 * Adds a pair unless the name is there already: then the first value counts and the name goes into `repeated`. Refuses with
 * E_FCS_DUPLICATE_KEYWORD where a keyword that decides decoding has two values.
 */
export function addKeyword(
  keywords: Map<string, string>,
  name: string,
  value: string,
  repeated: Set<string>,
): void {
  const before = keywords.get(name);
  if (before === undefined) {
    keywords.set(name, value);
    return;
  }
  if (isStructuralKeyword(name) && before.trim() !== value.trim()) {
    throw new ImmunogateError(
      'E_FCS_DUPLICATE_KEYWORD',
      `${name} occurs twice with different values; the file does not say which is right. Export it again.`,
      { place: name },
    );
  }
  repeated.add(name);
}

/** W_DUPLICATE_KEYWORD once for all; names the first structural keyword, because others may name people (reliability R-7). */
export function tellRepeated(repeated: ReadonlySet<string>, findings: Issue[]): void {
  if (repeated.size === 0) return;
  const named = [...repeated].find(isStructuralKeyword);
  const others = named === undefined ? repeated.size : repeated.size - 1;
  const what =
    named === undefined
      ? `${others} keywords`
      : others === 0
        ? named
        : `${named} and ${others} other keywords`;
  findings.push(
    issue('W_DUPLICATE_KEYWORD', `Repeated in TEXT: ${what}; the first value counts.`, named ?? 'TEXT'),
  );
}

/** Keyword names: surrounding white space dropped, a to z upper-cased (ASCII only, reliability R-6). */
function keywordName(text: string): string {
  const trimmed = text.trim();
  return /[a-z]/.test(trimmed) ? trimmed.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : trimmed;
}

/** Control characters other than tab and line ends, bidirectional overrides, zero-width characters. */
function hasHiddenCharacters(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(
    text,
  );
}
