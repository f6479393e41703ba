// Taking the bytes of a file away (reliability P-5): for whoever must no longer be in the store. Results, tables and records stay; they name the file by
// its hash. The file itself can be uploaded again.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImmunogateError } from '../../errors.ts';
import type { Actor } from '../../results/index.ts';
import { syncFolder } from '../../results/node.ts';
import { blobName } from '../manifest/manifest.ts';
import type { SideProcess } from '../side/process.ts';
import type { StudyFolder } from '../workspace.ts';

export interface PurgeRequest {
  readonly sha256: string;
  readonly reason: string;
  readonly by: Actor;
}

/** Answers whether the bytes were there. Throws E_NOT_FOUND for a file that was never uploaded. */
export async function purgeFile(
  study: StudyFolder,
  { sha256, reason, by }: PurgeRequest,
  readers: readonly SideProcess[],
): Promise<boolean> {
  if (![...study.log.state().files.values()].some((file) => file.sha256 === sha256))
    throw new ImmunogateError('E_NOT_FOUND', 'No file with that content was uploaded.');
  const path = join(study.folder, blobName(sha256));
  const isThere = (await stat(path).catch(() => null)) !== null;
  await rm(path, { force: true });
  syncFolder(join(study.folder, 'blobs'));
  // an open file lives on; so do events that are kept for recounts
  await Promise.all(readers.map((reader) => reader.run({ kind: 'forget', path }, 10_000)));
  study.log.record(
    { action: 'file purged', sha256 },
    { object: `file ${sha256.slice(0, 12)}`, by, reason, before: { sha256 } },
  );
  return isThere;
}
