// Dataset-JSON 1.1: the standard's own example byte for byte, the reference script's, and the rules of the published schema.
import { describe, expect, it } from 'vitest';
import { adae, adim, adrs, adsl, adtte } from '../../src/datasets/adam.ts';
import { datasetJson, datasetNdjson } from '../../src/datasets/dataset-json.ts';
import { datasetOf, variable, type Cell, type Dataset, type Variable } from '../../src/datasets/model.ts';
import { readXpt } from '../../src/datasets/xpt.ts';
import { complaints, type Schema } from './json-schema.ts';
import { statsTruth, truthBytes, truthJson, truthTable, truthText } from './truth.ts';

interface Document {
  readonly label: string;
  readonly columns: readonly {
    readonly name: string;
    readonly label: string;
    readonly dataType: string;
    readonly length?: number;
    readonly displayFormat?: string;
    readonly keySequence?: number;
  }[];
  readonly rows: readonly (readonly Cell[])[];
  readonly [attribute: string]: unknown;
}

function keysOf({ columns }: Document): string[] {
  const keyed = columns.filter(({ keySequence }) => keySequence !== undefined);
  return keyed.sort((a, b) => Number(a.keySequence) - Number(b.keySequence)).map(({ name }) => name);
}

function variablesOf({ columns }: Document): Variable[] {
  return columns.map(({ name, label, dataType, length, displayFormat }) => {
    const type = dataType === 'string' ? 'text' : (dataType as 'integer' | 'float' | 'date');
    return variable(name, label, type, { length: length ?? null, format: displayFormat ?? null });
  });
}

describe.skipIf(statsTruth === null)('examples of others', () => {
  it('the CDISC pilot ADTTE is written byte for byte, its rows read from the file of SAS', () => {
    const text = truthText('public/cdisc-pilot-adtte.json');
    const document = JSON.parse(text) as Document;
    const [{ rows }] = readXpt(truthBytes('public/cdisc-pilot-adtte.xpt'));
    const dataset: Dataset = {
      name: 'ADTTE',
      label: document.label,
      class: 'BASIC DATA STRUCTURE',
      keys: keysOf(document),
      variables: variablesOf(document),
      rows,
    };
    const written = datasetJson(dataset, {
      created: '2024-11-11T15:09:14',
      fileOid: 'www.cdisc.org/StudyMSGv1/1/Define-XML_2.1.0/2024-11-11/adtte',
      lastModified: '2022-04-16T20:09:03',
      originator: 'CDISC ADaM MSG Team',
      sourceSystem: { name: 'SAS on X64_10PRO', version: '9.0401M7' },
      studyOid: 'TDF_ADaM.ADaMIG.1.1',
      metaDataVersionOid: 'MDV.TDF_ADaM.ADaMIG.1.1',
      metaDataRef: 'define.xml',
    });
    expect(written).toBe(text);
  });

  it.each(['a', 'b'])('trial %s: adtte.csv becomes the Dataset-JSON of the reference script', (trial) => {
    const truth = truthJson<Document>(`trial-${trial}/expected/adtte.dataset.json`);
    const table = truthTable(`trial-${trial}/expected/adtte.csv`, 'ADTTE');
    const indices = truth.columns.map(({ name }) =>
      table.variables.findIndex((column) => column.name === name),
    );
    const isLesion = table.variables.findIndex(({ name }) => name === 'LESID');
    const dataset: Dataset = {
      ...table,
      label: truth.label,
      keys: keysOf(truth),
      variables: variablesOf(truth),
      rows: table.rows
        .filter((row) => row[isLesion] === null)
        .map((row) => indices.map((index) => row[index])),
    };
    const written = datasetJson(dataset, {
      created: '2026-01-01T00:00:00',
      fileOid: String(truth['fileOID']),
      originator: 'reference script',
      studyOid: String(truth['studyOID']),
      metaDataVersionOid: String(truth['metaDataVersionOID']),
    });
    expect(written).toBe(JSON.stringify(truth));
  });
});

const all = { T: 'µ', I: 7, F: -0.1, D: '2024-02-29', B: true };
const mixed = datasetOf(
  {
    name: 'MIX',
    label: 'All types',
    class: 'TEST',
    keys: ['I'],
    variables: [
      variable('T', 'Text', 'text'),
      variable('I', 'Integer', 'integer'),
      variable('F', 'Float', 'float', { format: '8.3' }),
      variable('D', 'Date', 'date'),
      variable('B', 'Boolean', 'boolean'),
    ],
  },
  [all, { ...all, I: -0, T: null, F: 1e21, D: null, B: null }],
);

describe.skipIf(statsTruth === null)('the published schema', () => {
  const schema = statsTruth === null ? {} : truthJson<Schema>('public/dataset-json-1.1.schema.json');
  const check = (text: string) => complaints(JSON.parse(text), schema, schema);

  it('agrees with the example of the standard, and finds faults', () => {
    const text = truthText('public/cdisc-pilot-adtte.json');
    expect(check(text)).toEqual([]);
    expect(check(text.replace('"records"', '"recordz"'))).toEqual(
      ['$ has an extra recordz', '$ lacks records'].reverse(),
    );
    expect(check(text.replace('"dataType":"string"', '"dataType":"text"'))).toHaveLength(1);
    expect(check(text.replace('2024-11-11T15', '2024-11-11 15'))).toHaveLength(1);
  });

  it.each([
    ['every type', datasetJson(mixed)],
    ['floats as decimals', datasetJson(mixed, { floats: 'decimal' })],
    ['no rows', datasetJson({ ...mixed, rows: [] })],
    ...[adsl, adim, adtte, adrs, adae].map((definition) => [
      definition.name,
      datasetJson({ ...definition, rows: [] }),
    ]),
  ])('agrees with %s', (_, text) => {
    expect(check(text)).toEqual([]);
    const order = Object.keys(schema.properties ?? {});
    expect(order.length).toBeGreaterThan(10);
    expect(Object.keys(JSON.parse(text) as object).every((name) => order.includes(name))).toBe(true);
  });
});

describe('types', () => {
  it('are named as in the standard', () => {
    const { columns } = JSON.parse(datasetJson(mixed)) as Document;
    expect(columns).toEqual([
      { itemOID: 'IT.MIX.T', name: 'T', label: 'Text', dataType: 'string', length: 1 },
      { itemOID: 'IT.MIX.I', name: 'I', label: 'Integer', dataType: 'integer', keySequence: 1 },
      { itemOID: 'IT.MIX.F', name: 'F', label: 'Float', dataType: 'float', displayFormat: '8.3' },
      {
        itemOID: 'IT.MIX.D',
        name: 'D',
        label: 'Date',
        dataType: 'date',
        targetDataType: 'integer',
        displayFormat: 'DATE9.',
      },
      { itemOID: 'IT.MIX.B', name: 'B', label: 'Boolean', dataType: 'boolean' },
    ]);
  });

  it('decimals are texts', () => {
    const { columns, rows } = JSON.parse(datasetJson(mixed, { floats: 'decimal' })) as Document;
    expect(columns[2]).toMatchObject({ dataType: 'decimal', targetDataType: 'decimal' });
    expect(rows.map((row) => row[2])).toEqual(['-0.1', '1e+21']);
  });
});

describe('NDJSON', () => {
  it('has the attributes on the first line and a row on every other', () => {
    const lines = datasetNdjson(mixed).split('\n');
    expect(lines.pop()).toBe('');
    const [head, ...rows] = lines.map((line) => JSON.parse(line) as unknown);
    const { rows: wanted, ...attributes } = JSON.parse(datasetJson(mixed)) as Document;
    expect(head).toEqual(attributes);
    expect(rows).toEqual(wanted);
    expect(rows[1]).toEqual([null, 0, 1e21, null, null]);
  });
});
