// The truth files of ../shared/reference/stats as tests want them: JSON documents, CSV tables with typed cells, bytes.
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { variable, type Cell, type Dataset, type VariableType } from '../../src/datasets/model.ts';
import { sharedData } from '../shared-data.ts';

export const statsTruth = sharedData('reference', 'stats');

export function truthBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(`${statsTruth}/${path}`));
}

export function truthText(path: string): string {
  return readFileSync(`${statsTruth}/${path}`, 'utf8');
}

export function truthJson<T>(path: string): T {
  return JSON.parse(truthText(path)) as T;
}

const integers = new Set(
  'ASEQ PARAMN ADY ADYA AVISITN AWTARGET AWTDIFF AWLO AWHI AVALDAY CNSR AESEQ AETOXGR ASTDY'.split(' '),
);
const floats = new Set(
  'VISITNUM AVAL BASE CHG PCHG R2BASE SLD BASESLD NADIR PCHGBASE CHGNADIR PCHGNADIR'.split(' '),
);
const dates = new Set('STARTDT ADT ASTDT AENDT BORDT CBORDT'.split(' '));

/** A CSV of the trials as a Dataset; types follow from the names, empty cells are missing, labels are the names. */
export function truthTable(path: string, name: string): Dataset {
  const [header, ...records]: string[][] = parse(truthText(path));
  const types = header.map((column): VariableType => {
    if (integers.has(column)) return 'integer';
    if (floats.has(column)) return 'float';
    return dates.has(column) ? 'date' : 'text';
  });
  const rows = records.map((record) =>
    record.map((value, index): Cell => {
      if (value === '') return null;
      return types[index] === 'integer' || types[index] === 'float' ? Number(value) : value;
    }),
  );
  const variables = header.map((column, index) => variable(column, column, types[index]));
  return { name, label: '', class: 'TEST', keys: [], variables, rows };
}

/** Some columns and rows of a table, in the order of `columns`. */
export function selection(
  table: Dataset,
  columns: readonly string[],
  keep: (row: Record<string, Cell>) => boolean,
): Dataset {
  const indices = columns.map((column) => table.variables.findIndex(({ name }) => name === column));
  if (indices.includes(-1)) throw new Error(`one of ${columns.join(', ')} is not in ${table.name}`);
  const rows = table.rows
    .filter((row) => keep(Object.fromEntries(table.variables.map(({ name }, index) => [name, row[index]]))))
    .map((row) => indices.map((index) => row[index]));
  return { ...table, variables: indices.map((index) => table.variables[index]), rows };
}
