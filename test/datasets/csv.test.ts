// CSV: the truth tables byte for byte, RFC 4180 through another parser, and formulas.
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { csvText } from '../../src/datasets/csv.ts';
import { datasetOf, variable, type Cell } from '../../src/datasets/model.ts';
import { statsTruth, truthTable, truthText } from './truth.ts';

const files = ['a', 'b'].flatMap((trial) =>
  ['adim', 'adtte', 'adae', 'adrs_timepoint', 'adrs_bor'].map(
    (table) => `trial-${trial}/expected/${table}.csv`,
  ),
);

describe.skipIf(statsTruth === null)('tables written by R', () => {
  it.each(files)('%s is written byte for byte', (path) => {
    expect(csvText(truthTable(path, 'T'))).toBe(truthText(path));
  });
});

function table(values: readonly Cell[], type: 'text' | 'float' = 'text') {
  const definition = {
    name: 'T',
    label: '',
    class: 'TEST',
    keys: [],
    variables: [variable('N', '', 'integer'), variable('V', '', type)],
  };
  return datasetOf(
    definition,
    values.map((V, N) => ({ N, V })),
  );
}

function readBack(text: string): string[] {
  const records: string[][] = parse(text);
  return records.slice(1).map(([, value]) => value);
}

describe('texts', () => {
  const awkward = [
    'a,b',
    'say "x"',
    'two\nlines',
    'cr\rlf\r\n',
    ' spaces ',
    'µ ≥ 5 ½ 😀 日本',
    "it's",
    'NA',
    'null',
    '007',
  ];
  it('come back through a strict reader', () => expect(readBack(csvText(table(awkward)))).toEqual(awkward));

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tx',
    '\rx',
    '\0x',
    '=cmd|" /C calc"!A0',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff201',
  ])('a formula %j gets an apostrophe', (formula) =>
    expect(readBack(csvText(table([formula])))).toEqual([`'${formula}`]),
  );

  it('is UTF-8 with LF and a header, and ends in LF', () => {
    expect(csvText(table(['x', null]))).toBe('N,V\n0,x\n1,\n');
  });
});

describe('numbers', () => {
  const numbers = [-1, -0.1, 0.1 + 0.2, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, 2 ** 53, 100, -1e-300];
  it('come back exactly and never get an apostrophe', () => {
    expect(readBack(csvText(table(numbers, 'float'))).map(Number)).toEqual(numbers);
  });
  it('-0 is 0', () => expect(csvText(table([-0], 'float'))).toBe('N,V\n0,0\n'));
});
