// Rows to CSV text as the house writes it: UTF-8, LF, empty = missing, quotes only where needed (RFC 4180).
export type Cell = string | number | null;

/** Header and rows; ends with a line feed. */
export function csvText(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\n`).join('');
}

function cellText(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
