// The one form of a table on its way out: metadata and rows of plain cells. Everything that is exported (ADaM data sets, tidy result
// tables, the dictionary itself) becomes a Dataset first; every writer takes nothing else.
// Invariant: a Dataset that `requireDataset` lets through holds only cells of the declared type, and `null` is the only missing value.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { isIsoDate } from '../study/index.ts';

/**
 * `text`: well-formed Unicode; `integer`: safe integers; `float`: finite doubles; `date`: ISO 8601 `YYYY-MM-DD`; `boolean`: true, false.
 * Flags of the clinical standards are texts (`Y`), not booleans.
 */
export type VariableType = 'text' | 'integer' | 'float' | 'date' | 'boolean';

/** Where the values come from, in the words of Define-XML. */
export type Origin = 'Collected' | 'Derived' | 'Assigned';

/** `null` is missing. An empty text is missing too: CSV and SAS know no difference, so `datasetOf` makes it null. */
export type Cell = string | number | boolean | null;

/** One column: what it is called, what it may hold, and how its values came about. */
export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: VariableType;
  /** Largest number of UTF-8 bytes of a text; null: as long as the data. Null for all other types. */
  readonly length: number | null;
  /** SAS display format, such as `DATE9.` or `8.2`; null: the usual one of the type. */
  readonly format: string | null;
  readonly origin: Origin | null;
  /** The permitted values, or null when there is no closed list. */
  readonly codelist: readonly string[] | null;
  /** How the value is computed, in words; null when it is taken as it came. */
  readonly derivation: string | null;
  /** Name in formats that allow eight letters, null when `name` fits. */
  readonly shortName: string | null;
}

/** A table without its rows. `keys` are the variables that together name one row, in sort order. */
export interface DatasetDefinition {
  readonly name: string;
  readonly label: string;
  /** Structure in the words of CDISC, e.g. `BASIC DATA STRUCTURE`, or of the table, e.g. `RESULTS`. */
  readonly class: string;
  readonly keys: readonly string[];
  readonly variables: readonly Variable[];
}

export interface Dataset extends DatasetDefinition {
  /** rows[row][variable], each as long as `variables`. */
  readonly rows: readonly (readonly Cell[])[];
}

/** A variable with everything but name, label and type left at "nothing said". */
export function variable(
  name: string,
  label: string,
  type: VariableType,
  rest: Partial<Omit<Variable, 'name' | 'label' | 'type'>> = {},
): Variable {
  return {
    name,
    label,
    type,
    length: null,
    format: null,
    origin: null,
    codelist: null,
    derivation: null,
    shortName: null,
    ...rest,
  };
}

/**
 * Rows by name to a Dataset: own fields only, in the order of the variables; a field that is absent, undefined or an empty text is
 * missing. Fields that no variable names are refused (BAD_INPUT), so that nothing is dropped unseen.
 */
export function datasetOf(
  definition: DatasetDefinition,
  records: readonly Readonly<Record<string, Cell | undefined>>[],
): Dataset {
  const names = new Set(definition.variables.map(({ name }) => name));
  const rows = records.map((record) => {
    for (const field of Object.keys(record)) {
      if (!names.has(field))
        throw new ImmunogateError('BAD_INPUT', `Table ${definition.name} has no column ${field}.`);
    }
    return definition.variables.map(({ name }) => {
      const value = Object.hasOwn(record, name) ? (record[name] ?? null) : null;
      return value === '' ? null : value;
    });
  });
  const dataset = { ...definition, rows };
  requireDataset(dataset);
  return dataset;
}

/** Throws the first problem of `checkDataset`. Every writer calls it before it writes a byte. */
export function requireDataset(dataset: Dataset): void {
  const [first] = checkDataset(dataset);
  if (first) throw new ImmunogateError(first.code, first.message, { place: first.place });
}

/** All ways in which a table breaks its own metadata: names, lengths of rows, types, code lists, keys. Places are `TABLE.VARIABLE`. */
export function checkDataset(dataset: Dataset): readonly Issue[] {
  const { name, variables, rows, keys } = dataset;
  const found: Issue[] = [];
  const say = (message: string, place: string) => found.push(issue('BAD_INPUT', message, place));
  if (name === '') say('A table has no name.', name);
  if (variables.length === 0) say(`Table ${name} has no variables.`, name);
  const names = new Set<string>();
  for (const { name: column } of variables) {
    if (column === '' || names.has(column))
      say(`Table ${name} has an unnamed or repeated variable "${column}".`, name);
    names.add(column);
  }
  for (const key of keys) if (!names.has(key)) say(`Key ${key} of table ${name} is not a variable.`, name);
  rows.forEach((row, index) => {
    if (row.length !== variables.length)
      say(`Row ${index + 1} of table ${name} has ${row.length} cells, not ${variables.length}.`, name);
  });
  if (found.length > 0) return found;
  variables.forEach((column, index) => {
    const place = `${name}.${column.name}`;
    const at = rows.findIndex((row) => !fits(row[index], column));
    if (at >= 0) say(`${place}, row ${at + 1}: ${shown(rows[at][index])} is not ${wanted(column)}.`, place);
  });
  if (keys.length > 0 && found.length === 0) {
    const twice = repeatedKey(dataset);
    if (twice !== null) {
      const message = `Table ${name} holds the key (${keys.join(', ')}) twice; the second is row ${twice + 1}.`;
      found.push(issue('DUPLICATE_KEY', message, name));
    }
  }
  return found;
}

function fits(value: Cell, { type, codelist }: Variable): boolean {
  if (value === null) return true;
  switch (type) {
    case 'text':
      return (
        typeof value === 'string' &&
        value !== '' &&
        !loneSurrogate.test(value) &&
        (codelist === null || codelist.includes(value))
      );
    case 'integer':
      return Number.isSafeInteger(value) && (codelist === null || codelist.includes(String(value)));
    case 'float':
      return Number.isFinite(value);
    case 'date':
      return typeof value === 'string' && isIsoDate(value);
    case 'boolean':
      return typeof value === 'boolean';
  }
}

const loneSurrogate = /\p{Surrogate}/u;

function wanted({ type, codelist }: Variable): string {
  switch (type) {
    case 'text':
      return codelist ? `one of ${codelist.join(', ')}` : 'a text (missing is null, not an empty text)';
    case 'integer':
      return codelist ? `one of ${codelist.join(', ')}` : 'a whole number below 2^53';
    case 'float':
      return 'a finite number';
    case 'date':
      return 'a calendar date YYYY-MM-DD';
    case 'boolean':
      return 'true or false';
  }
}

function shown(value: Cell): string {
  const text = JSON.stringify(typeof value === 'number' ? String(value) : value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Index of the first row whose key occurred before, or null. */
function repeatedKey({ variables, keys, rows }: Dataset): number | null {
  const columns = keys.map((key) => variables.findIndex(({ name }) => name === key));
  const seen = new Set<string>();
  for (let row = 0; row < rows.length; row++) {
    const key = JSON.stringify(columns.map((column) => rows[row][column]));
    if (seen.has(key)) return row;
    seen.add(key);
  }
  return null;
}

/** Missing is null and -0 is 0 in every file (reliability D-5). */
export function plainNumber(value: number): number {
  return value === 0 ? 0 : value;
}
