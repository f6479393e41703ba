// What the tables of a bundle hold, in the manner of Define-XML: a list of tables, a list of variables (the data dictionary), and both as JSON.
// Invariant: the lists are Datasets themselves, so any writer can write them beside the data.
import { datasetOf, variable, type Dataset, type DatasetDefinition, type Variable } from './model.ts';

const datasetVariables = [
  variable('DATASET', 'Dataset Name', 'text'),
  variable('LABEL', 'Dataset Label', 'text'),
  variable('CLASS', 'Dataset Class', 'text'),
  variable('KEYS', 'Key Variables in Sort Order', 'text'),
  variable('NVARS', 'Number of Variables', 'integer'),
  variable('NROWS', 'Number of Rows', 'integer'),
];

const dictionaryVariables = [
  variable('DATASET', 'Dataset Name', 'text'),
  variable('VARNUM', 'Position of the Variable', 'integer'),
  variable('VARIABLE', 'Variable Name', 'text'),
  variable('LABEL', 'Variable Label', 'text'),
  variable('TYPE', 'Data Type', 'text'),
  variable('LENGTH', 'Largest Length of a Text (Bytes)', 'integer'),
  variable('FORMAT', 'SAS Display Format', 'text'),
  variable('KEYSEQ', 'Place in the Key', 'integer'),
  variable('ORIGIN', 'Origin', 'text'),
  variable('CODELIST', 'Permitted Values', 'text'),
  variable('DERIV', 'Derivation', 'text'),
  variable('SHORTNAM', 'Name in SAS Transport Files', 'text'),
  variable('NOTE', 'Note', 'text'),
];

const csvNote =
  'In CSV, a text that begins with = + - @, tab, CR or NUL (or their full-width forms) has a leading apostrophe.';

/** One row a table, in the order given. */
export function datasetListing(datasets: readonly Dataset[]): Dataset {
  const definition = {
    name: 'DATASETS',
    label: 'Tables of This Bundle',
    class: 'METADATA',
    keys: ['DATASET'],
    variables: datasetVariables,
  };
  return datasetOf(
    definition,
    datasets.map((dataset) => ({
      DATASET: dataset.name,
      LABEL: dataset.label,
      CLASS: dataset.class,
      KEYS: dataset.keys.join(' '),
      NVARS: dataset.variables.length,
      NROWS: dataset.rows.length,
    })),
  );
}

/** The data dictionary: one row a variable. Its note says what CSV does to texts (reliability S-7). */
export function dataDictionary(datasets: readonly DatasetDefinition[]): Dataset {
  const definition = {
    name: 'DEFINE',
    label: 'Variables of the Tables',
    class: 'METADATA',
    keys: ['DATASET', 'VARIABLE'],
    variables: dictionaryVariables,
  };
  return datasetOf(
    definition,
    datasets.flatMap((dataset) =>
      dataset.variables.map((column, index) => ({
        DATASET: dataset.name,
        VARNUM: index + 1,
        VARIABLE: column.name,
        LABEL: column.label,
        TYPE: column.type,
        LENGTH: column.length,
        FORMAT: column.format,
        KEYSEQ: keySequence(dataset, column),
        ORIGIN: column.origin,
        CODELIST: column.codelist?.join('; '),
        DERIV: column.derivation,
        SHORTNAM: column.shortName,
        NOTE: column.type === 'text' ? csvNote : null,
      })),
    ),
  );
}

/** The same as one JSON document, two spaces deep, ending in LF. Row counts are left to the manifest. */
export function defineJson(datasets: readonly DatasetDefinition[]): string {
  const document = {
    datasets: datasets.map(({ name, label, class: structure, keys, variables }) => ({
      name,
      label,
      class: structure,
      keys,
      variables: variables.map(
        ({ name, label, type, length, format, origin, codelist, derivation, shortName }) => ({
          name,
          label,
          type,
          length,
          format,
          origin,
          codelist,
          derivation,
          shortName,
        }),
      ),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** 1-based place of a variable in the key of its table, null outside the key. */
export function keySequence(dataset: DatasetDefinition, { name }: Variable): number | null {
  const index = dataset.keys.indexOf(name);
  return index < 0 ? null : index + 1;
}
