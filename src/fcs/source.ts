// Byte sources that need no platform: memory. Files are in node.ts.
import { ImmunogateError } from '../errors.ts';
import type { ByteSource } from './model.ts';

/** Bytes in memory as a source. The bytes are not copied; do not change them while reading. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    byteLength: bytes.byteLength,
    read(start, end, into) {
      if (start < 0 || end > bytes.byteLength || start > end) {
        throw new ImmunogateError(
          'E_FILE_UNREADABLE',
          `Bytes ${start} to ${end} are not in the ${bytes.byteLength} bytes given.`,
        );
      }
      into.set(bytes.subarray(start, end));
    },
  };
}

/** The bytes [start, end) in an array of their own. The caller has checked the range against `byteLength` and a limit. */
export function readBytes(source: ByteSource, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  source.read(start, end, bytes);
  return bytes;
}
