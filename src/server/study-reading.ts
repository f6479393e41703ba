// A study folder as the server shows it: also one that cannot be run yet, with what is missing. Reads the same files as the command line.
// Invariant: nothing is kept between calls, so an edit by hand is seen at once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImmunogateError, type Issue } from '../errors.ts';
import { loadStudy, pathUnder } from '../run/node.ts';
import { parseDefinition, type Study, type StudyDefinition } from '../study/index.ts';
import { readCsv, type CsvTable } from './manifest/csv-table.ts';
import type { SampleRow } from './schema.ts';

export type StudyTable = keyof StudyDefinition['tables'];

/** Tables that a study may have, with their names in `study/` and the usual file of each. */
export const studyTables = {
  samples: { table: 'samples', file: 'samples.csv' },
  subjects: { table: 'adsl', file: 'adsl.csv' },
  cbc: { table: 'cbc', file: 'cbc.csv' },
  tumour: { table: 'tumour', file: 'tumour.csv' },
  local: { table: 'local', file: 'local.csv' },
  ae: { table: 'ae', file: 'ae.csv' },
  immune: { table: 'immune', file: 'immune.csv' },
} as const satisfies Partial<Record<StudyTable, { readonly table: string; readonly file: string }>>;

export interface StudyReading {
  readonly folder: string;
  /** Text of study.yaml. */
  readonly description: string;
  readonly definition: StudyDefinition | null;
  /** null: it cannot be run, see the errors among the issues. */
  readonly study: Study | null;
  readonly issues: readonly Issue[];
  /** Rows of samples.csv with a sample's name, as text; empty without the table. */
  readonly rows: readonly SampleRow[];
}

export function readStudy(folder: string): StudyReading {
  const description = readFileSync(join(folder, 'study.yaml'), 'utf8');
  const { definition } = parseDefinition(description);
  const { study, issues } = loadStudy(folder);
  return {
    folder,
    description,
    definition,
    study,
    issues,
    rows: rowsOf(tableText(folder, definition, 'samples')),
  };
}

/** Name of a table's file below the folder. */
export function tableFile(definition: StudyDefinition | null, table: keyof typeof studyTables): string {
  return definition?.tables[table] ?? studyTables[table].file;
}

/** Text of a table, null when it is not there. */
export function tableText(
  folder: string,
  definition: StudyDefinition | null,
  table: keyof typeof studyTables,
): string | null {
  const path = pathUnder(folder, tableFile(definition, table));
  return path === null ? null : readFileSync(path, 'utf8');
}

/** Whether the file of a row is in the folder. */
export function fileOf(folder: string, row: Pick<SampleRow, 'file'>): string | null {
  return row.file === '' ? null : pathUnder(folder, row.file);
}

function rowsOf(text: string | null): SampleRow[] {
  if (text === null) return [];
  const table = csvOrNull(text);
  return table === null ? [] : sampleRows(table);
}

/** A table that is not CSV has no rows; the issues of the study say why. */
export function csvOrNull(text: string): CsvTable | null {
  try {
    return readCsv(text);
  } catch {
    return null;
  }
}

const rowColumns = [
  'sample',
  'file',
  'subject',
  'visit',
  'panel',
  'role',
  'stimulus',
  'omitted',
  'collected_at',
  'beads_per_tube',
  'bead_lot',
  'blood_volume_ul',
  'total_volume_ul',
  'batch',
  'cytometer',
] as const;

/** Rows by column name; a sample without a name has that of its file, as when the study is run. */
export function sampleRows({ columns, rows }: CsvTable): SampleRow[] {
  const at = new Map(columns.map((name, i) => [name, i]));
  return rows.map((row) => {
    const cell = (name: string): string => row[at.get(name) ?? -1] ?? '';
    const record = Object.fromEntries(rowColumns.map((name) => [name, cell(name)])) as unknown as SampleRow;
    return record.sample === '' ? { ...record, sample: nameOf(record.file) } : record;
  });
}

/** samples.csv from rows; columns that the server does not know cannot be there, because the study refuses them. */
export function sampleTable(rows: readonly SampleRow[]): CsvTable {
  return { columns: rowColumns, rows: rows.map((row) => rowColumns.map((name) => row[name] ?? '')) };
}

function nameOf(file: string): string {
  const name = file.replace(/^.*[\\/]/, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** Throws E_CONFLICT with what keeps the study from running. */
export function requireStudy(reading: StudyReading): Study {
  if (reading.study !== null) return reading.study;
  const [first] = reading.issues.filter(({ level }) => level === 'error');
  throw new ImmunogateError(
    'E_CONFLICT',
    `The study is not complete: ${first?.message ?? 'something is missing.'}`,
  );
}
