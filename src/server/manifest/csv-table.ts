// A CSV table as the study folder holds it, for editing: every column and cell as text, so that what is not edited stays as it was.
// Invariant: read(write(t)) equals t. Cells of input tables are exact; they are not made safe for spreadsheets, because they are read again.
import { parse } from 'csv-parse/sync';

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Throws when the text is not CSV; the checked reading of the study says so better, so do that first. */
export function readCsv(text: string): CsvTable {
  const [columns = [], ...rows] = parse(text, { bom: true, skip_empty_lines: true });
  return { columns, rows };
}

export function writeCsv({ columns, rows }: CsvTable): string {
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
