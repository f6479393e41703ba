// One contract over all formats: what goes in comes out, missing stays missing, and the bytes repeat.
// Numbers come back as the same bits in every format; XPT holds zero and 16^-65 <= |x| < 16^63 so, and refuses the rest.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileEndings, tableFormats, writeDataset, type TableFormat } from '../../src/datasets/formats.ts';
import { fitsIbm } from '../../src/datasets/ibm-float.ts';
import { datasetOf, variable, type Cell, type Dataset, type VariableType } from '../../src/datasets/model.ts';
import { readBack } from './read-back.ts';
import { statsTruth, truthTable } from './truth.ts';

const row = { N: 0, T: 'text', I: 7, F: 0.1, D: '2024-02-29', B: true };
const types: readonly (readonly [keyof typeof row, VariableType])[] = [
  ['N', 'integer'],
  ['T', 'text'],
  ['I', 'integer'],
  ['F', 'float'],
  ['D', 'date'],
  ['B', 'boolean'],
];
const definition = {
  name: 'MIX',
  label: 'All types',
  class: 'TEST',
  keys: ['N'],
  variables: types.map(([name, type]) => variable(name, `Label of ${name}`, type)),
};

/** A table whose rows differ from `row` in one column. */
function column(name: keyof typeof row, values: readonly Cell[]): Dataset {
  return datasetOf(
    definition,
    values.map((value, N) => ({ ...row, [name]: value, N })),
  );
}

const numbers = [
  0,
  1,
  -1,
  0.1,
  0.1 + 0.2,
  1 / 3,
  -118.625,
  1e-5,
  2 ** 53,
  123456789.123456,
  5e-70,
  1e60,
  2 ** -260,
  (2 - 2 ** -52) * 2 ** 251,
];
const beyondIbm = [5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, -1e300];
const texts = [
  'x',
  "it's",
  'a,b',
  'say "hi"',
  'NA',
  'null',
  'true',
  '007',
  '1e5',
  ' leading',
  'constructor',
  '__proto__',
  '<b>&amp;</b>',
  '_x000D_',
  '%s',
];
const unicode = ['µ ≥ ½', '日本語', '😀 👩‍🔬', 'e\u0301', 'Ωmega', '\u200bzero width', 'a\ufeffbom'];

/** Which formats cannot hold a kind of value: they refuse it, as the second list shows. */
const cases: readonly (readonly [what: string, table: Dataset, refusing: readonly TableFormat[]])[] = [
  ['numbers', column('F', numbers), []],
  ['numbers beyond IBM doubles', column('F', beyondIbm), ['xpt']],
  [
    'whole numbers',
    column('I', [0, 1, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]),
    [],
  ],
  [
    'dates',
    column('D', ['1900-03-01', '1959-12-31', '1960-01-01', '1970-01-01', '2000-02-29', '9999-12-31']),
    [],
  ],
  ['dates before Excel', column('D', ['1582-10-15', '0001-01-01']), ['xlsx']],
  ['booleans', column('B', [true, false]), []],
  ['texts', column('T', texts), []],
  ['Unicode', column('T', unicode), ['xpt']],
  [
    'line ends and control letters',
    column('T', ['a\nb', 'c\r\nd', 'e\rf', 'g\th', 'i\u0001j\u001fk', 'l\ufffem']),
    ['xpt'],
  ],
  ['a text of 200 bytes', column('T', ['y'.repeat(200)]), []],
  ['a text of 201 bytes', column('T', ['y'.repeat(201)]), ['xpt']],
  ['a text of 40,000 letters', column('T', ['z'.repeat(40_000)]), ['xpt', 'xlsx']],
  ['missing values', datasetOf(definition, [row, { N: 1 }, { ...row, N: 2, F: null }]), []],
  ['only missing values', datasetOf({ ...definition, keys: [] }, [{}, {}]), []],
  ['one row', datasetOf(definition, [row]), []],
  ['no rows', datasetOf(definition, []), []],
];

describe.each(tableFormats)('%s', (format) => {
  it.each(cases)('%s', async (_, table, refusing) => {
    if (refusing.includes(format)) {
      expect(() => writeDataset(table, format)).toThrow(expect.objectContaining({ code: 'E_FORMAT_LIMIT' }));
      return;
    }
    const bytes = writeDataset(table, format);
    const cells = await readBack(bytes, format, table);
    expect(cells).toEqual(table.rows);
    expect(writeDataset(table, format)).toEqual(bytes);
  });

  it('-0 becomes 0', async () => {
    const table = { ...column('F', [-0]), keys: [] };
    const [[, , , value]] = await readBack(writeDataset(table, format), format, table);
    expect(Object.is(value, 0)).toBe(true);
  });

  it('any double, bit by bit', async () => {
    const double = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((x) => format !== 'xpt' || fitsIbm(x));
    await fc.assert(
      fc.asyncProperty(fc.array(double, { maxLength: 40 }), async (values) => {
        const table = column('F', values);
        const cells = await readBack(writeDataset(table, format), format, table);
        const back = cells.map((cell) => cell[3]);
        expect(back).toEqual(values.map((value) => value + 0 || 0));
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('a thousand rows over the first row group', async () => {
    const table = column(
      'F',
      Array.from({ length: 1203 }, (_, i) => (i % 7 === 0 ? null : i / 7)),
    );
    expect(await readBack(writeDataset(table, format), format, table)).toEqual(table.rows);
  });

  it.each([
    ['a number that is not finite', [[0, 'x', 1, NaN, null, null]], 'BAD_INPUT'],
    ['a fraction among whole numbers', [[0, 'x', 1.5, 1, null, null]], 'BAD_INPUT'],
    ['a number among texts', [[0, 5, 1, 1, null, null]], 'BAD_INPUT'],
    ['a date that is none', [[0, 'x', 1, 1, '2023-02-29', null]], 'BAD_INPUT'],
    ['half of a surrogate pair', [[0, '\ud800', 1, 1, null, null]], 'BAD_INPUT'],
    ['an empty text', [[0, '', 1, 1, null, null]], 'BAD_INPUT'],
    ['a short row', [[0, 'x']], 'BAD_INPUT'],
    [
      'a key that occurs twice',
      [
        [0, 'x', 1, 1, null, null],
        [0, 'y', 2, 2, null, null],
      ],
      'DUPLICATE_KEY',
    ],
  ] as const)('refuses %s', (_, rows, code) => {
    expect(() => writeDataset({ ...definition, rows }, format)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a table without variables', () => {
    expect(() => writeDataset({ ...definition, keys: [], variables: [], rows: [] }, format)).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
  });

  it.skipIf(statsTruth === null)('the immune table of a trial', async () => {
    const table = truthTable('trial-a/expected/adim.csv', 'ADIM');
    expect(table.rows.length).toBeGreaterThan(1000);
    expect(await readBack(writeDataset(table, format), format, table)).toEqual(table.rows);
  });

  it('has a file ending', () => expect(fileEndings[format]).toMatch(/^\.[a-z]+$/));
});

describe('the same bytes', () => {
  const script = `
    import { createHash } from 'node:crypto';
    import { tableFormats, writeDataset } from './src/datasets/formats.ts';
    import { variable } from './src/datasets/model.ts';
    const table = { name: 'T', label: 'L', class: 'C', keys: [], rows: [['x', 0.1, '2024-03-31'], [null, null, null]],
      variables: [variable('A', 'a', 'text'), variable('B', 'b', 'float'), variable('C', 'c', 'date')] };
    console.log(tableFormats.map((f) => createHash('sha256').update(writeDataset(table, f)).digest('hex')).join());`;
  const run = (env: Record<string, string>) =>
    execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    }).trim();

  it('in any time zone and language', () => {
    const here = run({ TZ: 'UTC', LANG: 'C' });
    expect(here.split(',')).toHaveLength(5);
    expect(run({ TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8' })).toBe(here);
    expect(run({ TZ: 'America/St_Johns', LANG: 'de_DE.UTF-8' })).toBe(here);
  });

  it('a second later', async () => {
    const hash = () =>
      tableFormats.map((format) =>
        createHash('sha256').update(writeDataset(cases[0][1], format)).digest('hex'),
      );
    const first = hash();
    await new Promise((resolve) => setTimeout(resolve, 2100));
    expect(hash()).toEqual(first);
  });

  it('and other bytes for another time, where a format has one', () => {
    const differing = tableFormats.filter((format) => {
      const [a, b] = ['2026-01-01T00:00:00', '2026-01-02T00:00:00'].map((created) =>
        writeDataset(cases[0][1], format, { created }),
      );
      return Buffer.compare(a, b) !== 0;
    });
    expect(differing).toEqual(['xpt', 'dataset-json']);
  });
});
