// FCS bytes from disk. The one file of this folder that knows the platform. Reads are looped, because the system may return
// fewer bytes than asked for (always near 2^31); the whole file is never loaded.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { ImmunogateError, systemReason } from '../errors.ts';
import type { ByteSource } from './model.ts';
import type { Hash } from './value-hash.ts';

export interface FileSource extends ByteSource {
  /** Releases the descriptor; reading afterwards throws E_FILE_UNREADABLE. */
  close(): void;
}

const mostAtOnce = 1 << 30;

/** Opens a regular file for reading. Throws E_FILE_UNREADABLE without naming the path (names may identify people). */
export function openFile(path: string): FileSource {
  const { descriptor, byteLength } = open(path);
  let isOpen = true;
  return {
    byteLength,
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

/** Looks before it opens: opening a pipe would wait for its writer. */
function open(path: string): { readonly descriptor: number; readonly byteLength: number } {
  try {
    const found = statSync(path);
    if (found.isDirectory())
      throw unreadable('It is a folder; name the files in it, such as folder/*.fcs', undefined);
    if (!found.isFile()) throw unreadable('It is not a regular file', undefined);
    const descriptor = openSync(path, 'r');
    return { descriptor, byteLength: fstatSync(descriptor).size };
  } catch (cause) {
    throw cause instanceof ImmunogateError ? cause : unreadable('The file cannot be opened', cause);
  }
}

function unreadable(what: string, cause: unknown): ImmunogateError {
  const why = cause === undefined ? '' : `: ${systemReason(cause)}`;
  return new ImmunogateError('E_FILE_UNREADABLE', `${what}${why}.`, { cause });
}

/** SHA-256 of the platform, as this folder's readers want it. */
export function sha256Hash(): Hash {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}
