// Datasets as CDISC Dataset-JSON 1.1: one object with the attributes in the order of the standard, rows as arrays; and its NDJSON form, where
// the first line is that object without rows and every further line is one row.
// Invariant: numbers are shortest round-trip text, missing is null, dates are ISO texts whose target is an integer.
import { keySequence } from './define.ts';
import { plainNumber, requireDataset, type Cell, type Dataset, type Variable } from './model.ts';

/** Attributes that the standard leaves to the sender; those that are not given are left out. */
export interface DatasetJsonOptions {
  /** ISO time `YYYY-MM-DDThh:mm:ss`, with or without zone. Default 1970-01-01T00:00:00, so that bytes repeat. */
  readonly created?: string;
  /** `float` (default) writes JSON numbers; `decimal` writes floats as texts with data type decimal. Both are exact. */
  readonly floats?: 'float' | 'decimal';
  readonly fileOid?: string;
  readonly lastModified?: string;
  readonly originator?: string;
  readonly sourceSystem?: { readonly name: string; readonly version: string };
  readonly studyOid?: string;
  readonly metaDataVersionOid?: string;
  readonly metaDataRef?: string;
}

/** One line of JSON, without a final line feed, as the standard's own examples. */
export function datasetJson(dataset: Dataset, options: DatasetJsonOptions = {}): string {
  requireDataset(dataset);
  return JSON.stringify({ ...attributes(dataset, options), rows: rowsOf(dataset, options) });
}

/** Newline-delimited: attributes, then one row a line; every line ends in LF. */
export function datasetNdjson(dataset: Dataset, options: DatasetJsonOptions = {}): string {
  requireDataset(dataset);
  const lines = [attributes(dataset, options), ...rowsOf(dataset, options)];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** JSON.stringify keeps this order and drops what is undefined. */
function attributes(dataset: Dataset, options: DatasetJsonOptions): object {
  return {
    datasetJSONCreationDateTime: options.created ?? '1970-01-01T00:00:00',
    datasetJSONVersion: '1.1.0',
    fileOID: options.fileOid,
    dbLastModifiedDateTime: options.lastModified,
    originator: options.originator,
    sourceSystem: options.sourceSystem,
    studyOID: options.studyOid,
    metaDataVersionOID: options.metaDataVersionOid,
    metaDataRef: options.metaDataRef,
    itemGroupOID: `IG.${dataset.name}`,
    records: dataset.rows.length,
    name: dataset.name,
    label: dataset.label,
    columns: dataset.variables.map((column, index) => ({
      itemOID: `IT.${dataset.name}.${column.name}`,
      name: column.name,
      label: column.label,
      ...typeOf(column, dataset, index, options),
      keySequence: keySequence(dataset, column) ?? undefined,
    })),
  };
}

function typeOf(column: Variable, dataset: Dataset, index: number, { floats }: DatasetJsonOptions): object {
  const displayFormat = column.format ?? undefined;
  switch (column.type) {
    case 'text':
      return { dataType: 'string', length: column.length ?? longestText(dataset, index) };
    case 'integer':
      return { dataType: 'integer' };
    case 'float':
      return floats === 'decimal'
        ? { dataType: 'decimal', targetDataType: 'decimal', displayFormat }
        : { dataType: 'float', displayFormat };
    case 'date':
      return { dataType: 'date', targetDataType: 'integer', displayFormat: displayFormat ?? 'DATE9.' };
    case 'boolean':
      return { dataType: 'boolean' };
  }
}

function rowsOf({ rows, variables }: Dataset, { floats }: DatasetJsonOptions): Cell[][] {
  const asText = variables.map(({ type }) => floats === 'decimal' && type === 'float');
  return rows.map((row) =>
    row.map((value, index) =>
      asText[index] && typeof value === 'number' ? String(plainNumber(value)) : value,
    ),
  );
}

/** Characters, at least 1. */
function longestText({ rows }: Dataset, index: number): number {
  return rows.reduce((most, row) => {
    const value = row[index];
    return typeof value === 'string' ? Math.max(most, value.length) : most;
  }, 1);
}
