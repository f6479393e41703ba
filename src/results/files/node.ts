// Files that appear whole or not at all (reliability C-3): a temporary file in the same folder, fsync, rename, fsync of the folder.
// Any error removes the temporary file; a failed fsync is never retried.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ImmunogateError, systemReason } from '../../errors.ts';

export interface FileWriter {
  /** Bytes, or text as UTF-8, in order. */
  write(chunk: Uint8Array | string): void;
  /** Makes the file appear under its name. Nothing may be written afterwards. Without `durable` the caller calls syncFolder himself. */
  commit(options?: { readonly durable: boolean }): void;
  /** Removes what was written; does nothing after commit. */
  discard(): void;
}

const bufferBytes = 1 << 18;

/** Begins a file. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE, as do the writer's functions; they have then cleaned up. */
export function openFileWriter(path: string): FileWriter {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  let descriptor: number | null = null;
  let pending: Uint8Array[] = [];
  let size = 0;
  const encoder = new TextEncoder();

  function guarded<T>(what: string, run: () => T): T {
    try {
      return run();
    } catch (cause) {
      discard();
      throw unwritable(what, cause);
    }
  }
  function flush(to: number): void {
    const bytes = pending.length === 1 ? pending[0] : Buffer.concat(pending);
    for (let at = 0; at < bytes.byteLength;) at += writeSync(to, bytes, at);
    pending = [];
    size = 0;
  }
  function discard(): void {
    if (descriptor === null) return;
    closeSync(descriptor);
    descriptor = null;
    rmSync(temporary, { force: true });
  }
  descriptor = guarded('create', () => openSync(temporary, 'wx', 0o600));

  return {
    write(chunk) {
      const to = descriptor;
      if (to === null) throw new ImmunogateError('E_INTERNAL', 'A file was written after its end.');
      const bytes = typeof chunk === 'string' ? encoder.encode(chunk) : chunk.slice();
      pending.push(bytes);
      size += bytes.byteLength;
      if (size >= bufferBytes) guarded('write', () => flush(to));
    },
    commit({ durable } = { durable: true }) {
      const to = descriptor;
      if (to === null) throw new ImmunogateError('E_INTERNAL', 'A file was ended twice.');
      guarded('write', () => {
        if (size > 0) flush(to);
        fsyncSync(to);
        renameSync(temporary, path);
      });
      closeSync(to);
      descriptor = null;
      if (durable) syncFolder(folder);
    },
    discard,
  };
}

/** Writes a whole file at once. */
export function writeFileWhole(path: string, content: Uint8Array | string): void {
  const writer = openFileWriter(path);
  writer.write(content);
  writer.commit();
}

/** Makes a folder (and those above it), readable by its owner alone. */
export function makeFolder(path: string): void {
  try {
    makeMissing(resolve(path));
  } catch (cause) {
    throw unwritable('create the folder of', cause);
  }
}

/** Folder by folder: the system's own way to make several at once never ends where it makes none, as below /proc. */
function makeMissing(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeMissing(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    // another process may have been quicker
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
  }
}

/** Removes a file if it is there. Throws E_OUTPUT_UNWRITABLE. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (cause) {
    throw unwritable('remove', cause);
  }
}

/** Removes temporary files that a killed run left in a folder; returns how many. A missing folder has none. */
export function removeOrphans(folder: string): number {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return 0;
  }
  const orphans = names.filter((name) => /^\..+\.[0-9a-f]{12}\.tmp$/.test(name));
  for (const name of orphans) rmSync(join(folder, name), { force: true });
  return orphans.length;
}

/** Makes the names in a folder outlive a power cut: once after many files. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw unwritable('secure', cause);
  }
}

/** A full disk or quota is E_DISK_FULL, anything else E_OUTPUT_UNWRITABLE. Never names the path. */
export function unwritable(what: string, cause: unknown): ImmunogateError {
  if (cause instanceof ImmunogateError) return cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code)
    ? new ImmunogateError(
        'E_DISK_FULL',
        `Cannot ${what} an output file: ${systemReason(cause)}. Free some and run again.`,
        { cause },
      )
    : new ImmunogateError('E_OUTPUT_UNWRITABLE', `Cannot ${what} an output file: ${systemReason(cause)}.`, {
        cause,
      });
}
