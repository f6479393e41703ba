// A table as CSV: RFC 4180 quoting, UTF-8, LF, a header line, shortest round-trip numbers, ISO dates, an empty cell for a missing value.
// Invariant: text cells that a spreadsheet would run as a formula get a leading apostrophe (reliability S-7); numbers are never altered.
import { csvCell, headerLine } from '../results/index.ts';
import { requireDataset, type Cell, type Dataset } from './model.ts';

/** The whole file as text; booleans are `true` and `false`. Throws BAD_INPUT or DUPLICATE_KEY for a table that breaks its metadata. */
export function csvText(dataset: Dataset): string {
  requireDataset(dataset);
  const lines = dataset.rows.map((row) => `${row.map(cellText).join(',')}\n`);
  return headerLine(dataset.variables.map(({ name }) => name)) + lines.join('');
}

function cellText(value: Cell): string {
  return csvCell(typeof value === 'boolean' ? String(value) : value);
}
