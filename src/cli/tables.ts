// immunogate tables: the tables of a finished run in another format, from its study.sqlite.
import { join } from 'node:path';
import type { TableFormat } from '../datasets/index.ts';
import { exportTables, readDatabase } from '../run/node.ts';
import { exitCodes } from './exit.ts';
import { printable } from './text.ts';

/** Writes `DIR/tables/`; returns the exit code. */
export function exportStudyTables(folder: string, format: TableFormat): number {
  const { files, issues } = exportTables(folder, readDatabase(join(folder, 'study.sqlite')), format);
  for (const { code, message } of issues) console.error(`${code}: ${printable(message)}`);
  process.stdout.write(`${files.length} ${format} files in ${printable(join(folder, 'tables'))}.\n`);
  return issues.length === 0 ? exitCodes.done : exitCodes.someRefused;
}
