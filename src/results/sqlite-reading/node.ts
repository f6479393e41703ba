// Reading a results store without owning it: what a server shows while a run writes. Readers are never blocked and never block (reliability C-5).
// Invariant: nothing is written, and no lock is taken.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { Issue } from '../../errors.ts';
import type { AuditEntry } from '../audit.ts';
import { decodeBody, type ItemRecord, type ResultBody } from '../store.ts';
import { entryOf, type AuditRow } from '../sqlite/node.ts';
import { translated } from '../sqlite-errors/node.ts';

export interface StoreReader {
  /** Items of the newest run, by sample. */
  latestItems(): ReadonlyMap<string, ItemRecord>;
  result(resultId: string): ResultBody | null;
  audit(): readonly AuditEntry[];
  close(): void;
}

/** Null where there is no store yet. Throws E_STORE_CORRUPT and the like as opening does. */
export function readSqliteStore(path: string): StoreReader | null {
  if (!existsSync(path)) return null;
  const db = translated(() => {
    const opened = new Database(path, { fileMustExist: true, timeout: 5000 });
    opened.pragma('query_only = ON');
    return opened;
  });
  return {
    latestItems: () =>
      new Map(
        translated(() =>
          db
            .prepare<[], Omit<ItemRecord, 'issues'> & { issues: string }>(
              'SELECT sample, state, resultId, issues FROM items WHERE run = (SELECT max(run) FROM runs)',
            )
            .all(),
        ).map((row) => [row.sample, { ...row, issues: JSON.parse(row.issues) as readonly Issue[] }]),
      ),
    result(resultId) {
      const row = translated(() =>
        db.prepare<[string], { body: string }>('SELECT body FROM results WHERE resultId = ?').get(resultId),
      );
      return row === undefined ? null : decodeBody(row.body);
    },
    audit: () =>
      translated(() => db.prepare<[], AuditRow>('SELECT * FROM audit ORDER BY seq').all()).map(entryOf),
    close: () => db.close(),
  };
}
