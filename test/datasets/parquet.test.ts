// Parquet: the schema that other tools see, which follows from the metadata and not from the values.
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { variable, type Dataset } from '../../src/datasets/model.ts';
import { parquetBytes } from '../../src/datasets/parquet.ts';

const table: Dataset = {
  name: 'T',
  label: 'A table',
  class: 'TEST',
  keys: ['I'],
  variables: [
    variable('T', 'Text', 'text'),
    variable('I', 'Integer', 'integer'),
    variable('F', 'Float', 'float'),
    variable('D', 'Date', 'date'),
    variable('B', 'Boolean', 'boolean'),
  ],
  rows: [['x', 1, 2, '2024-02-29', true]],
};

function metadata(dataset: Dataset) {
  return parquetMetadata(Uint8Array.from(parquetBytes(dataset)).buffer);
}

describe('the schema', () => {
  it.each([
    ['a full table', table],
    ['an empty table', { ...table, rows: [] }],
    ['a table of missing values', { ...table, rows: [[null, null, null, null, null]] }],
  ])('of %s is typed and nullable', (_, dataset) => {
    const columns = metadata(dataset).schema.slice(1);
    expect(
      columns.map(({ name, type, converted_type: meaning, repetition_type: repetition }) => [
        name,
        type,
        meaning,
        repetition,
      ]),
    ).toEqual([
      ['T', 'BYTE_ARRAY', 'UTF8', 'OPTIONAL'],
      ['I', 'INT64', undefined, 'OPTIONAL'],
      ['F', 'DOUBLE', undefined, 'OPTIONAL'],
      ['D', 'INT32', 'DATE', 'OPTIONAL'],
      ['B', 'BOOLEAN', undefined, 'OPTIONAL'],
    ]);
  });

  it('carries label and definition', () => {
    const pairs = metadata(table).key_value_metadata ?? [];
    const found = Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? '']));
    expect(found['label']).toBe('A table');
    expect(JSON.parse(found['define'])).toMatchObject({ datasets: [{ name: 'T', keys: ['I'] }] });
  });

  it('counts rows', () => {
    expect(Number(metadata(table).num_rows)).toBe(1);
    expect(Number(metadata({ ...table, rows: [] }).num_rows)).toBe(0);
  });
});
