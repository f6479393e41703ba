// Result tables of the last run, from the database that every run leaves. A download is made by the same function from the same rows as the
// command line's, so its bytes are the same.
// Invariant: what is kept of a database is kept for its exact file (size and time of change).
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  fileEndings,
  writeDataset,
  xlsxIssues,
  xptIssues,
  type Cell,
  type Dataset,
  type NamedDataset,
  type TableFormat,
  type Variable,
} from '../datasets/index.ts';
import { ImmunogateError } from '../errors.ts';
import { readDatabase } from '../run/node.ts';
import type { Bytes } from './handler.ts';
import { resultsFolder } from './results-reading.ts';
import type { TablePage, TableSummary } from './schema.ts';
import type { StudyFolder } from './workspace.ts';

const kept = new Map<string, { readonly stamp: string; readonly tables: readonly NamedDataset[] }>();

/** All tables of the last run, in its order; none before the first. */
export function studyTablesOf(study: Pick<StudyFolder, 'folder'>): readonly NamedDataset[] {
  const path = join(resultsFolder(study), 'study.sqlite');
  if (!existsSync(path)) return [];
  const { mtimeNs, size, ino } = statSync(path, { bigint: true });
  const stamp = `${ino} ${size} ${mtimeNs}`;
  const known = kept.get(path);
  if (known?.stamp === stamp) return known.tables;
  const tables = readDatabase(path);
  kept.set(path, { stamp, tables });
  return tables;
}

/** Throws E_NOT_FOUND. */
export function tableOf(study: Pick<StudyFolder, 'folder'>, name: string): Dataset {
  const found = studyTablesOf(study).find(({ file }) => file === name);
  if (found === undefined)
    throw new ImmunogateError('E_NOT_FOUND', 'There is no table of that name; run the study first.');
  return found.dataset;
}

export function summaryOfTable({ file, dataset }: NamedDataset): TableSummary {
  const cannot = new Set<TableFormat>([
    ...(xptIssues(dataset).length > 0 ? (['xpt'] as const) : []),
    ...(xlsxIssues(dataset).length > 0 ? (['xlsx'] as const) : []),
  ]);
  const all = Object.keys(fileEndings) as TableFormat[];
  return {
    table: file,
    label: dataset.label,
    rows: dataset.rows.length,
    keys: [...dataset.keys],
    columns: dataset.variables.map(columnOf),
    formats: all.filter((format) => !cannot.has(format)),
  };
}

function columnOf({ name, label, type, derivation, codelist }: Variable): TableSummary['columns'][number] {
  const values = codelist === null ? '' : `One of ${codelist.join(', ')}.`;
  const help = [derivation ?? '', values]
    .filter((part) => part !== '')
    .map((part) => (part.endsWith('.') ? part : `${part}.`))
    .join(' ');
  return { name, label, type, help };
}

export interface PageRequest {
  readonly offset: number;
  readonly limit: number;
  readonly sort?: string | undefined;
  readonly search?: string | undefined;
  readonly column?: string | undefined;
  readonly equals?: string | undefined;
}

/** Throws E_REQUEST for a column that is not there. */
export function pageOf(name: string, dataset: Dataset, request: PageRequest): TablePage {
  const { offset, limit, sort, search, column, equals } = request;
  const at = (wanted: string): number => {
    const found = dataset.variables.findIndex((variable) => variable.name === wanted);
    if (found < 0) throw new ImmunogateError('E_REQUEST', `The table has no column ${wanted}.`);
    return found;
  };
  const text = search?.toLowerCase() ?? '';
  const only = column === undefined || equals === undefined ? null : { at: at(column), equals };
  const rows = dataset.rows.filter(
    (row) =>
      (only === null || String(row[only.at] ?? '') === only.equals) &&
      (text === '' || row.some((cell) => cell !== null && String(cell).toLowerCase().includes(text))),
  );
  const ordered =
    sort === undefined || sort === '' ? rows : sorted(rows, at(sort.replace(/^-/, '')), sort.startsWith('-'));
  return {
    table: name,
    columns: dataset.variables.map(columnOf),
    total: rows.length,
    offset,
    rows: ordered.slice(offset, offset + limit).map((row) => [...row]),
  };
}

/** Missing values last in either direction; equal ones keep their order. */
function sorted(rows: readonly (readonly Cell[])[], at: number, downwards: boolean): (readonly Cell[])[] {
  const sign = downwards ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[at], b[at]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x < y ? -sign : x > y ? sign : 0;
  });
}

const contentTypes: Readonly<Record<TableFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xpt: 'application/octet-stream',
  'dataset-json': 'application/json; charset=utf-8',
  parquet: 'application/octet-stream',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** A whole table as a file. Throws E_FORMAT_LIMIT where the format would lose something. */
export function fileOfTable(name: string, dataset: Dataset, format: TableFormat): Bytes {
  return {
    bytes: writeDataset(dataset, format),
    type: contentTypes[format],
    name: `${name}${fileEndings[format]}`,
  };
}
