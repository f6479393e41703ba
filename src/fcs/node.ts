// FCS bytes from disk. The one file of this folder that knows the platform. Reads are looped, because the system may return
// fewer bytes than asked for (always near 2^31); the whole file is never loaded.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { ImmunogateError } from '../errors.ts';
import type { ByteSource } from './model.ts';

export interface FileSource extends ByteSource {
  /** Releases the descriptor; reading afterwards throws E_FILE_UNREADABLE. */
  close(): void;
}

const mostAtOnce = 1 << 30;

/** Opens a regular file for reading. Throws E_FILE_UNREADABLE without naming the path (names may identify people). */
export function openFile(path: string): FileSource {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    throw unreadable('The file cannot be opened', cause);
  }
  const stat = fstatSync(descriptor);
  if (!stat.isFile()) {
    closeSync(descriptor);
    throw unreadable('It is not a regular file', undefined);
  }
  let isOpen = true;
  return {
    byteLength: stat.size,
    read(start, end, into) {
      let at = start;
      while (at < end) {
        let got: number;
        try {
          got = isOpen ? readSync(descriptor, into, at - start, Math.min(end - at, mostAtOnce), at) : 0;
        } catch (cause) {
          throw unreadable(`Bytes ${start} to ${end} cannot be read`, cause);
        }
        if (got === 0) throw unreadable(`The file ends at byte ${at}, before byte ${end}`, undefined);
        at += got;
      }
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

function unreadable(what: string, cause: unknown): ImmunogateError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new ImmunogateError('E_FILE_UNREADABLE', `${what}${code}.`, { cause });
}
