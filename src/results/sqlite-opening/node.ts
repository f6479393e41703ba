// Opening a store on disk: one owner at a time, a database of the present version that is whole.
// Invariant: ownership is a lock on a second file, so that readers of the first are never blocked (reliability C-5).
import Database from 'better-sqlite3';
import { ImmunogateError } from '../../errors.ts';
import { schema, schemaVersion } from '../sqlite/schema-text.ts';
import { sqliteCode, translate, translated } from '../sqlite-errors/node.ts';

/** The lock of a store's owner, which the kernel releases when its holder dies, however it dies. Throws E_STORE_LOCKED. */
export function takeLock(path: string, waitMilliseconds: number): Database.Database {
  const lock = translated(() => new Database(path, { timeout: waitMilliseconds }));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    if (sqliteCode(cause)?.startsWith('SQLITE_BUSY') !== true) throw translate(cause);
    throw new ImmunogateError(
      'E_STORE_LOCKED',
      'Another run is using this output folder. Wait for it to end, or choose another --out.',
      {
        cause,
      },
    );
  }
}

/** Opens or makes the database of a store. Throws E_STORE_VERSION, E_STORE_CORRUPT. */
export function openDatabase(path: string): Database.Database {
  const db = new Database(path, { timeout: 5000 });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('secure_delete = ON');
  const version = db.pragma('user_version', { simple: true });
  if (version === 0) {
    db.transaction(() => {
      db.exec(schema);
      db.pragma(`user_version = ${schemaVersion}`);
    })();
  } else if (version !== schemaVersion) {
    db.close();
    throw new ImmunogateError(
      'E_STORE_VERSION',
      `The store has version ${String(version)}; this program writes ${schemaVersion}.`,
    );
  } else {
    const check: unknown = db.pragma('integrity_check(1)', { simple: true });
    if (check !== 'ok')
      throw new ImmunogateError('E_STORE_CORRUPT', `The store fails its integrity check: ${String(check)}.`);
  }
  return db;
}
