// Clinical CSV text to typed records. Pure: text in, records and issues out.
// Invariant: an unknown column, a bad cell or a doubled key is an error issue with its place; nothing is guessed or dropped unseen.
import { parse } from 'csv-parse/sync';
import { issue, type Issue } from '../errors.ts';
import { isIsoDate, isIsoDateTime, isPartialIsoDate } from './dates.ts';
import { tableKeys, tables, type ColumnKind, type RecordOf, type TableName } from './tables.ts';

export interface TableReading<T extends TableName> {
  readonly rows: readonly RecordOf<T>[];
  readonly issues: readonly Issue[];
  /** Positions in `rows` of those that an issue is about. Null: the table as a whole cannot be read, and `rows` must not be used. */
  readonly faulty: ReadonlySet<number> | null;
}

/** Reads one table. Rows that `faulty` names must not be used. */
export function readTable<T extends TableName>(table: T, text: string): TableReading<T> {
  const issues: Issue[] = [];
  const lines = parseCsv(table, text, issues);
  if (lines.length === 0) return { rows: [], issues, faulty: issues.length > 0 ? null : new Set() };
  const header = lines[0];
  const columns: Readonly<Record<string, { kind: ColumnKind; required: boolean; filled: boolean }>> =
    tables[table];
  for (const name of header) {
    if (!Object.hasOwn(columns, name))
      issues.push(issue('BAD_INPUT', `The column ${name} is not known.`, table));
  }
  for (const [name, { required }] of Object.entries(columns)) {
    if (required && !header.includes(name))
      issues.push(issue('BAD_INPUT', `The column ${name} is missing.`, table));
  }
  if (new Set(header).size < header.length) issues.push(issue('BAD_INPUT', 'A column occurs twice.', table));
  const wholeIssues = issues.length;
  const at = new Map(header.map((name, i) => [name, i]));
  // without a column of the key all rows look alike
  const hasKeys = tableKeys[table].every((name) => at.has(name));
  const faulty = new Set<number>();
  const rows: RecordOf<T>[] = [];
  const seen = new Set<string>();
  lines.slice(1).forEach((line, r) => {
    const place = `${table} row ${r + 2}`;
    const before = issues.length;
    const record: Record<string, string | number | null> = {};
    for (const [name, column] of Object.entries(columns)) {
      const index = at.get(name);
      // a column that must be there and is not was said once, and is not said again for every row
      record[name] =
        index === undefined && column.required
          ? null
          : readCell(
              index === undefined ? '' : line[index],
              column.kind,
              column.filled,
              `${place}, ${name}`,
              issues,
            );
    }
    const id = JSON.stringify(tableKeys[table].map((name) => record[name]));
    if (hasKeys && seen.has(id))
      issues.push(issue('DUPLICATE_KEY', `${tableKeys[table].join(', ')} occur twice: ${id}.`, place));
    seen.add(id);
    if (issues.length > before) faulty.add(r);
    rows.push(record as RecordOf<T>);
  });
  return { rows, issues, faulty: wholeIssues > 0 ? null : faulty };
}

function parseCsv(table: TableName, text: string, issues: Issue[]): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (cause) {
    issues.push(
      issue(
        'BAD_INPUT',
        `The CSV cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        table,
      ),
    );
    return [];
  }
}

/** Words outside these lists are unknown responses; elsewhere they are bad input. */
const responseColumns = ['STATE', 'LOCSTAT'];

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

function readCell(
  text: string,
  kind: ColumnKind,
  filled: boolean,
  place: string,
  issues: Issue[],
): string | number | null {
  const value = text.trim();
  const refuse = (what: string): void =>
    void issues.push(issue('BAD_INPUT', `"${value}" is not ${what}.`, place));
  if (value === '' && filled) issues.push(issue('BAD_INPUT', 'A value is missing.', place));
  if (kind === 'text') return value;
  if (kind === 'partialDate') {
    if (!isPartialIsoDate(value)) refuse('a date of the form YYYY, YYYY-MM or YYYY-MM-DD');
    return value;
  }
  if (typeof kind !== 'string') {
    if (!kind.includes(value) && !(value === '' && filled)) {
      const code = responseColumns.some((name) => place.endsWith(`, ${name}`))
        ? 'UNKNOWN_RESPONSE'
        : 'BAD_INPUT';
      const words = kind.filter((word) => word !== '').join(', ');
      issues.push(issue(code, `"${value}" is none of ${words}.`, place));
    }
    return value;
  }
  if (value === '') return null;
  if (kind === 'dateTime') {
    if (!isIsoDateTime(value)) refuse('a date of the form YYYY-MM-DD, or with a time YYYY-MM-DDThh:mm:ss');
    return value;
  }
  if (kind === 'date') {
    if (!isIsoDate(value)) refuse('a date of the form YYYY-MM-DD');
    return value;
  }
  if (!decimal.test(value)) refuse('a number');
  else if (kind === 'integer' && !Number.isInteger(Number(value))) refuse('a whole number');
  else return Number(value);
  return null;
}
