// The registry of table formats: one contract, one line each. Whoever exports asks for a format by name and gets bytes.
// Invariant: the same Dataset and options give the same bytes on every run, machine and time zone.
import { csvText } from './csv.ts';
import { datasetJson } from './dataset-json.ts';
import type { Dataset } from './model.ts';
import { parquetBytes } from './parquet.ts';
import { xlsxBytes } from './xlsx.ts';
import { xptBytes } from './xpt.ts';

export const tableFormats = ['csv', 'xpt', 'dataset-json', 'parquet', 'xlsx'] as const;
export type TableFormat = (typeof tableFormats)[number];

/** Ending of a file name, with its dot. */
export const fileEndings: Readonly<Record<TableFormat, string>> = {
  csv: '.csv',
  xpt: '.xpt',
  'dataset-json': '.json',
  parquet: '.parquet',
  xlsx: '.xlsx',
};

export interface WriteOptions {
  /** ISO time `YYYY-MM-DDThh:mm:ss` for the formats that carry one (XPT, Dataset-JSON). Default 1970-01-01T00:00:00. */
  readonly created?: string;
}

/**
 * One table as one file. Throws BAD_INPUT or DUPLICATE_KEY for a table that breaks its own metadata, E_FORMAT_LIMIT for one that the
 * format cannot hold without loss.
 */
export function writeDataset(dataset: Dataset, format: TableFormat, options: WriteOptions = {}): Uint8Array {
  switch (format) {
    case 'csv':
      return encoder.encode(csvText(dataset));
    case 'xpt':
      return xptBytes([dataset], options);
    case 'dataset-json':
      return encoder.encode(datasetJson(dataset, options));
    case 'parquet':
      return parquetBytes(dataset);
    case 'xlsx':
      return xlsxBytes([dataset]);
  }
}

const encoder = new TextEncoder();
