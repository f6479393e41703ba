// One uploaded file from a stream to blobs/<sha256> (reliability C-8): written under a random name, hashed on the way, made durable, moved.
// Invariant: a blob is whole and named by its content; a request that ends early leaves nothing; the client's name is never a path.
import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ImmunogateError } from '../../errors.ts';
import { makeFolder, syncFolder } from '../../results/node.ts';

export interface UploadLimits {
  readonly fileBytes: number;
  /** No byte for so long ends the upload. */
  readonly stallMilliseconds: number;
  /** Slower than so many bytes a second, once a stall time has passed, ends it too. */
  readonly leastBytesPerSecond: number;
  /** Part of the disk that stays free. */
  readonly keepFree: number;
  /** Bytes of all files of one study (reliability S-11). */
  readonly storeBytes: number;
}

export const defaultUploadLimits: UploadLimits = {
  fileBytes: 2 * 1024 * 1024 * 1024,
  stallMilliseconds: 30_000,
  leastBytesPerSecond: 1024,
  keepFree: 0.05,
  storeBytes: 1024 * 1024 * 1024 * 1024,
};

export interface ReceivedFile {
  readonly sha256: string;
  readonly bytes: number;
  /** These bytes were here before. */
  readonly already: boolean;
}

export interface ReceiveOptions {
  readonly limits: UploadLimits;
  /** Bytes that the request announces, null when it does not. */
  readonly announced: number | null;
  /** Hash that the bytes must have. */
  readonly expected: string | null;
}

/** Throws E_UPLOAD_BROKEN, E_UPLOAD_HASH, E_INPUT_LIMIT, E_DISK_FULL or E_OUTPUT_UNWRITABLE; then nothing is left behind. */
export async function receiveFile(
  folder: string,
  source: Readable,
  { limits, announced, expected }: ReceiveOptions,
): Promise<ReceivedFile> {
  const incoming = join(folder, 'incoming');
  const blobs = join(folder, 'blobs');
  makeFolder(incoming);
  makeFolder(blobs);
  if (announced !== null && announced > limits.fileBytes) throw tooLarge(limits);
  await requireSpace(folder, announced ?? 0, limits);
  const room = limits.storeBytes - (await bytesIn(blobs));
  if ((announced ?? 0) > room) throw storeFull(limits);
  const part = join(incoming, `${randomBytes(12).toString('hex')}.part`);
  try {
    const { sha256, bytes } = await write(part, source, limits, room);
    if (announced !== null && bytes !== announced) throw new ImmunogateError('E_UPLOAD_BROKEN');
    if (expected !== null && expected !== sha256) throw new ImmunogateError('E_UPLOAD_HASH');
    const blob = join(blobs, sha256);
    const already = (await stat(blob).catch(() => null))?.isFile() === true;
    if (already) await rm(part, { force: true });
    else {
      await rename(part, blob);
      syncFolder(blobs);
    }
    return { sha256, bytes, already };
  } catch (error) {
    await rm(part, { force: true });
    throw error instanceof ImmunogateError ? error : translated(error);
  }
}

async function write(
  part: string,
  source: Readable,
  limits: UploadLimits,
  room: number,
): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  const file = await open(part, 'wx', 0o600);
  const started = performance.now();
  let bytes = 0;
  let seen = started;
  // ends the request, not only the wait: a stream that is destroyed rejects the loop below
  const watch = setInterval(
    () => {
      const now = performance.now();
      const stalled = now - seen > limits.stallMilliseconds;
      const slow =
        now - started > limits.stallMilliseconds &&
        bytes / ((now - started) / 1000) < limits.leastBytesPerSecond;
      if (stalled || slow)
        source.destroy(
          new ImmunogateError('E_UPLOAD_BROKEN', 'The upload stood still for too long; nothing was kept.'),
        );
    },
    Math.max(20, limits.stallMilliseconds / 8),
  );
  try {
    // a refused stream is not destroyed: in a form the next part comes through it
    for await (const chunk of source.iterator({ destroyOnReturn: false })) {
      const block = chunk as Buffer;
      bytes += block.byteLength;
      seen = performance.now();
      if (bytes > limits.fileBytes) throw tooLarge(limits);
      if (bytes > room) throw storeFull(limits);
      hash.update(block);
      for (let at = 0; at < block.byteLength;) at += (await file.write(block, at)).bytesWritten;
    }
    await file.sync();
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    clearInterval(watch);
    await file.close();
  }
}

async function requireSpace(folder: string, bytes: number, { keepFree }: UploadLimits): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  if (bavail * bsize - bytes < keepFree * blocks * bsize)
    throw new ImmunogateError(
      'E_DISK_FULL',
      `The disk must keep ${Math.round(100 * keepFree)} % free; this file would take more.`,
    );
}

/** Bytes of the whole files of a study; several uploads at once may pass the quota by what is on its way. */
async function bytesIn(blobs: string): Promise<number> {
  const names = await readdir(blobs);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(blobs, name)).catch(() => null))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function storeFull({ storeBytes }: UploadLimits): ImmunogateError {
  return new ImmunogateError(
    'E_INPUT_LIMIT',
    `The files of a study may have ${sizeOf(storeBytes)} together; this one would be too much.`,
  );
}

function tooLarge({ fileBytes }: UploadLimits): ImmunogateError {
  return new ImmunogateError('E_INPUT_LIMIT', `A file may have ${sizeOf(fileBytes)} at most.`);
}

function sizeOf(bytes: number): string {
  const GiB = 1024 * 1024 * 1024;
  return bytes >= GiB / 10 ? `${Number((bytes / GiB).toPrecision(3))} GiB` : `${bytes} bytes`;
}

function translated(cause: unknown): ImmunogateError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new ImmunogateError('E_DISK_FULL', undefined, { cause });
  if (/^E(ACCES|ROFS|PERM|IO|MFILE)$/.test(code))
    return new ImmunogateError('E_OUTPUT_UNWRITABLE', undefined, { cause });
  return new ImmunogateError('E_UPLOAD_BROKEN', undefined, { cause });
}

/** A client's name as it is shown: base name, no controls, at most 255 characters. Throws E_REQUEST when nothing is left. */
export function shownName(name: string): string {
  const base = name.normalize('NFC').replace(/^.*[\\/]/s, '');
  // controls, marks that turn the direction of text, and halves of characters
  const shown = [...base.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\u2028\u2029]/gu, '')]
    .slice(0, 255)
    .join('')
    .trim();
  if (shown === '' || /^\.+$/.test(shown))
    throw new ImmunogateError('E_REQUEST', 'The file has no usable name.');
  return shown;
}
