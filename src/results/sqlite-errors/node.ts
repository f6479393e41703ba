// What SQLite says, as codes of ours.
import Database from 'better-sqlite3';
import { ImmunogateError } from '../../errors.ts';

/** Runs it; what SQLite throws comes out under our codes. */
export function translated<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw translate(error);
  }
}

/** SQLite's own code; null for what is no error of SQLite. */
export function sqliteCode(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null;
}

/** E_DISK_FULL, E_STORE_LOCKED, E_STORE_CORRUPT, E_OUTPUT_UNWRITABLE; anything else as it is. */
export function translate(error: unknown): unknown {
  const code = sqliteCode(error);
  if (code === null || error instanceof ImmunogateError) return error;
  const options = { cause: error };
  if (code === 'SQLITE_FULL') {
    return new ImmunogateError(
      'E_DISK_FULL',
      'The store cannot grow: no space is left. Free some and run again.',
      options,
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new ImmunogateError('E_STORE_LOCKED', undefined, options);
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new ImmunogateError(
      'E_STORE_CORRUPT',
      `The store cannot be read (${code}). Keep it for inspection and choose another --out.`,
      options,
    );
  }
  if (
    code.startsWith('SQLITE_IOERR') ||
    code.startsWith('SQLITE_CANTOPEN') ||
    code.startsWith('SQLITE_READONLY')
  ) {
    return new ImmunogateError('E_OUTPUT_UNWRITABLE', `The store cannot be written (${code}).`, options);
  }
  return error;
}
