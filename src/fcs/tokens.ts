// TEXT split into its tokens, as bytes: between delimiters, of which a doubled one may be an escape. Comes before text.ts pairs them up;
// nothing is decoded here, so every offset is a byte offset.

export interface Tokens {
  /** Token t is bytes [starts[t], ends[t]), or `unescaped.get(t)` where it held escaped delimiters. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly unescaped: ReadonlyMap<number, Uint8Array>;
  readonly terminated: boolean;
  /** One delimiter too many after the last one (escaped reading only). */
  readonly strayDelimiter: boolean;
  readonly hasDoubled: boolean;
}

/**
 * Splits at delimiters; `escaping`: a doubled one belongs to the token. Padding after the last delimiter is not a token. Ends after
 * `maxTokens` + 1 tokens.
 */
export function tokenise(bytes: Uint8Array, delimiter: number, escaping: boolean, maxTokens: number): Tokens {
  const length = contentEnd(bytes, delimiter);
  const terminated = length > 0 && bytes[length - 1] === delimiter;
  const starts: number[] = [];
  const ends: number[] = [];
  const unescaped = new Map<number, Uint8Array>();
  let hasDoubled = false;
  let strayDelimiter = false;
  let start = 1;
  let escapes = 0;
  for (let i = 1; i < length && starts.length <= maxTokens; i++) {
    if (bytes[i] !== delimiter) continue;
    const doubled = i + 1 < length && bytes[i + 1] === delimiter;
    if (doubled) hasDoubled = true;
    if (doubled && escaping) {
      if (i + 2 < length) {
        escapes++;
        i++;
        continue;
      }
      strayDelimiter = true; // "value//" at the very end: the value ends and one delimiter is left over
      push(i);
      start = length;
      break;
    }
    push(i);
  }
  if (start < length) push(length);
  return { starts, ends, unescaped, terminated, strayDelimiter, hasDoubled };

  function push(end: number): void {
    if (escapes > 0) unescaped.set(starts.length, withoutEscapes(bytes.subarray(start, end), delimiter));
    starts.push(start);
    ends.push(end);
    start = end + 1;
    escapes = 0;
  }
}

/** Where TEXT really ends: spaces, tabs, CR, LF and NUL after the last delimiter (or value) do not count. */
function contentEnd(bytes: Uint8Array, delimiter: number): number {
  let end = bytes.length;
  while (end > 1 && bytes[end - 1] !== delimiter && isPadding(bytes[end - 1])) end--;
  return end;
}

function isPadding(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a || byte === 0;
}

function withoutEscapes(token: Uint8Array, delimiter: number): Uint8Array {
  const out = new Uint8Array(token.length);
  let n = 0;
  for (let i = 0; i < token.length; i++) {
    out[n++] = token[i];
    if (token[i] === delimiter) i++;
  }
  return out.subarray(0, n);
}
