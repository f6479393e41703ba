// The CRC word: eight digits after the last segment (FCS 3.0 section 3.6). Writers disagree on its form (initial value, bit
// order), so a word that matches any common form of CRC-16-CCITT is right; 00000000 means that none was computed.
// Integrity rests on SHA-256; a mismatch is only a warning.
import { issue, type Issue } from '../errors.ts';
import { crc16 } from './crc.kernel.ts';
import type { ByteSource, FcsFile } from './model.ts';
import { wholeNumber } from './numbers.ts';
import { readBytes } from './source.ts';

/** Reads the word and, when it is not zero, the whole data set. */
export function checkCrc(source: ByteSource, file: FcsFile): Issue[] {
  const { begin, end } = file.extent;
  if (file.version === '2.0' || end + 8 > source.byteLength) return [];
  const text = String.fromCharCode(...readBytes(source, end, end + 8));
  const stored = /^[\d ]{8}$/.test(text) ? wholeNumber(text) : null;
  if (stored === null) return [];
  if (stored === 0) return [issue('I_FCS_CRC_ABSENT', undefined, 'CRC')];
  return crcForms(source, begin, end).includes(stored) ? [] : [issue('W_CRC_MISMATCH', undefined, 'CRC')];
}

/** The CRC of bytes [begin, end) in each common form; CytoFLEX writes the third. */
function crcForms(source: ByteSource, begin: number, end: number): number[] {
  const state = Uint16Array.of(0, 0xffff, 0x1d0f, 0, 0xffff);
  const chunk = new Uint8Array(Math.min(1 << 20, end - begin));
  for (let at = begin; at < end; at += chunk.length) {
    const length = Math.min(chunk.length, end - at);
    source.read(at, at + length, chunk);
    crc16(chunk, length, state);
  }
  return [...state, state[4] ^ 0xffff];
}
