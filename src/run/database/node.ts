// study.sqlite: every table of a study as a table of one database, to be asked in SQL, and with its metadata to be written in any format.
// Invariant: made anew and whole each time, in a fixed order, so that the same tables give the same file.
import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Cell, Dataset, DatasetDefinition, NamedDataset, VariableType } from '../../datasets/index.ts';
import { ImmunogateError } from '../../errors.ts';
import { syncFolder, unwritable } from '../../results/node.ts';

const columnTypes: Readonly<Record<VariableType, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  float: 'REAL',
  date: 'TEXT',
  boolean: 'INTEGER',
};

/** Writes the database beside its name and moves it there. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE. */
export function writeDatabase(path: string, tables: readonly NamedDataset[]): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const db = new Database(temporary);
    try {
      db.pragma('journal_mode = OFF');
      db.pragma('synchronous = OFF');
      db.transaction(() => {
        db.exec(
          'CREATE TABLE datasets (place INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE, definition TEXT NOT NULL) STRICT',
        );
        const register = db.prepare('INSERT INTO datasets (place, file, definition) VALUES (?, ?, ?)');
        tables.forEach(({ file, dataset }, place) => {
          const { rows, ...definition } = dataset;
          register.run(place, file, JSON.stringify(definition));
          createTable(db, file, definition);
          const marks = definition.variables.map(() => '?').join(', ');
          const insert = db.prepare(`INSERT INTO ${quoted(file)} VALUES (${marks})`);
          for (const row of rows) insert.run(row.map(stored));
        });
      })();
    } finally {
      db.close();
    }
    const descriptor = openSync(temporary, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause instanceof Database.SqliteError && cause.code !== 'SQLITE_FULL'
      ? new ImmunogateError('E_OUTPUT_UNWRITABLE', `Cannot write the database (${cause.code}).`, { cause })
      : unwritable('write', cause);
  }
}

/** Column names of one table may differ in case alone, which SQLite does not tell apart; those get their number. */
function createTable(db: Database.Database, file: string, { variables }: DatasetDefinition): void {
  const seen = new Set<string>();
  const columns = variables.map(({ name, type }, at) => {
    const lower = name.toLowerCase();
    const unique = seen.has(lower) ? `${name}_${at + 1}` : name;
    seen.add(lower);
    return `${quoted(unique)} ${columnTypes[type]}`;
  });
  db.exec(`CREATE TABLE ${quoted(file)} (${columns.join(', ')}) STRICT`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function stored(value: Cell): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

/** All tables of a database that `writeDatabase` made, in their order. Throws E_STORE_CORRUPT for anything else. */
export function readDatabase(path: string): NamedDataset[] {
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    const entries = db
      .prepare<[], { file: string; definition: string }>(
        'SELECT file, definition FROM datasets ORDER BY place',
      )
      .all();
    const open = db;
    return entries.map(({ file, definition }) => {
      const described = JSON.parse(definition) as DatasetDefinition;
      const rows = open
        .prepare(`SELECT * FROM ${quoted(file)} ORDER BY rowid`)
        .raw()
        .all() as Cell[][];
      const dataset: Dataset = {
        ...described,
        rows: rows.map((row) =>
          row.map((value, at) =>
            described.variables[at].type === 'boolean' && value !== null ? value === 1 : value,
          ),
        ),
      };
      return { file, dataset };
    });
  } catch (cause) {
    throw new ImmunogateError(
      'E_STORE_CORRUPT',
      'study.sqlite is not there or cannot be read; run the study again.',
      {
        cause,
      },
    );
  } finally {
    db?.close();
  }
}
