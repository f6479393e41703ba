// Results of a study's newest run, read beside whoever writes them. What never changes (a result by its id) is kept for the next request.
// Invariant: a result id names its content, so a kept result is never stale.
import { join } from 'node:path';
import { readStore } from '../engine/node.ts';
import { ImmunogateError } from '../errors.ts';
import type { AuditEntry, ItemRecord, ResultBody } from '../results/index.ts';

import type { StudyFolder } from './workspace.ts';

export function resultsFolder({ folder }: Pick<StudyFolder, 'folder'>): string {
  return join(folder, 'results');
}

export interface ResultsReading {
  /** What became of each sample in the newest run; empty before the first. */
  readonly items: ReadonlyMap<string, ItemRecord>;
  /** Throws E_NOT_FOUND. */
  result(resultId: string): ResultBody;
  audit(): readonly AuditEntry[];
}

const mostKept = 64;
const kept = new Map<string, ResultBody>();

/** Opens the results for as long as `use` runs. */
export function withResults<T>(study: Pick<StudyFolder, 'folder'>, use: (results: ResultsReading) => T): T {
  const reader = readStore(resultsFolder(study));
  try {
    return use({
      items: reader?.latestItems() ?? new Map<string, ItemRecord>(),
      result(resultId) {
        const known = kept.get(resultId);
        if (known !== undefined) return known;
        const read = reader?.result(resultId) ?? null;
        if (read === null) throw new ImmunogateError('E_NOT_FOUND', 'There is no such result.');
        kept.set(resultId, read);
        for (const oldest of kept.keys()) {
          if (kept.size <= mostKept) break;
          kept.delete(oldest);
        }
        return read;
      },
      audit: () => reader?.audit() ?? [],
    });
  } finally {
    reader?.close();
  }
}
