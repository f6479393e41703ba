// Folders for runs of the main job in tests, and their tables read back with a parser that is not ours.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

export function temporaryFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `immunogate-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Rows of a CSV by column name, all cells as text. */
export function readRows(folder: string, file: string): Record<string, string>[] {
  return parse<Record<string, string>>(readFileSync(join(folder, file), 'utf8'), { columns: true });
}

/** Numbers where the text is one, so that tables of text can be compared with tables of numbers. */
export function asNumbers(rows: readonly Record<string, string>[]): Record<string, string | number>[] {
  const numeric = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, text]) => [name, numeric.test(text) ? Number(text) : text]),
    ),
  );
}
