// Bytes of TEXT to characters: UTF-8 if every token is valid UTF-8, otherwise Latin-1 for all of them (FCS 3.0 and older
// writers used whatever code page they had). Called by text.ts after the split, so offsets are always byte offsets.

/** Token t is `unescaped.get(t)` if there, else bytes [starts[t], ends[t]). */
export function decodeTokens(
  bytes: Uint8Array,
  starts: readonly number[],
  ends: readonly number[],
  unescaped: ReadonlyMap<number, Uint8Array>,
): { readonly texts: string[]; readonly isUtf8: boolean } {
  const tokenBytes = (t: number): Uint8Array => unescaped.get(t) ?? bytes.subarray(starts[t], ends[t]);
  if (isAscii(bytes)) {
    const all = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const texts = starts.map((start, t) => {
      const own = unescaped.get(t);
      return own === undefined ? all.slice(start, ends[t]) : latin1(own);
    });
    return { texts, isUtf8: true };
  }
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return { texts: starts.map((_, t) => utf8.decode(tokenBytes(t))), isUtf8: true };
  } catch {
    return { texts: starts.map((_, t) => latin1(tokenBytes(t))), isUtf8: false };
  }
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] > 127) return false;
  return true;
}

/** True Latin-1: byte = code point. (TextDecoder('latin1') is windows-1252 and differs from 0x80 to 0x9F.) */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}
