// A table as Apache Parquet: one nullable column a variable, typed by the metadata and not by the values, so an empty table has the same
// schema as a full one. integer = INT64, float = DOUBLE, text = UTF-8, date = DATE (INT32 days since 1970-01-01), boolean = BOOLEAN.
// Invariant: bytes depend on the Dataset alone; all values are exact.
import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import { daysFromIso } from '../study/index.ts';
import { defineJson } from './define.ts';
import { plainNumber, requireDataset, type Cell, type Dataset, type Variable } from './model.ts';

/** The file; its key-value metadata hold the label of the table and, as `define`, the JSON of `defineJson`. */
export function parquetBytes(dataset: Dataset): Uint8Array {
  requireDataset(dataset);
  const { variables, rows, label } = dataset;
  const schema: SchemaElement[] = [
    { name: 'root', num_children: variables.length },
    ...variables.map(element),
  ];
  const columnData = variables.map(({ name, type }, index) => ({
    name,
    data: rows.map((row) => stored(row[index], type)),
  }));
  const kvMetadata = [
    { key: 'label', value: label },
    { key: 'define', value: defineJson([dataset]) },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, schema, kvMetadata, createdBy: 'immunogate' }));
}

/** The library takes no type DATE, only the stored type with its meaning. */
function element({ name, type }: Variable): SchemaElement {
  const base = { name, repetition_type: 'OPTIONAL' } as const;
  switch (type) {
    case 'text':
      return { ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
    case 'integer':
      return { ...base, type: 'INT64' };
    case 'float':
      return { ...base, type: 'DOUBLE' };
    case 'date':
      return { ...base, type: 'INT32', converted_type: 'DATE' };
    case 'boolean':
      return { ...base, type: 'BOOLEAN' };
  }
}

function stored(value: Cell, type: Variable['type']): Cell | bigint {
  if (typeof value === 'number') return type === 'integer' ? BigInt(value) : plainNumber(value);
  return typeof value === 'string' && type === 'date' ? daysFromIso(value) : value;
}
