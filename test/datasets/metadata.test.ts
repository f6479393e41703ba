// The metadata of the clinical data sets against the specification and the truth tables; the dictionary; the manifest.
import { describe, expect, it } from 'vitest';
import { issue } from '../../src/errors.ts';
import { adae, adim, adrs, adsl, adtte } from '../../src/datasets/adam.ts';
import { csvText } from '../../src/datasets/csv.ts';
import { dataDictionary, datasetListing, defineJson } from '../../src/datasets/define.ts';
import { writeDataset } from '../../src/datasets/formats.ts';
import { manifestJson, type ManifestInput } from '../../src/datasets/manifest.ts';
import { datasetOf, type Cell, type DatasetDefinition } from '../../src/datasets/model.ts';
import { cp, lb } from '../../src/datasets/sdtm.ts';
import { readXpt, xptBytes, xptIssues } from '../../src/datasets/xpt.ts';
import { statsTruth, truthTable } from './truth.ts';

const definitions: readonly DatasetDefinition[] = [adsl, adim, adtte, adrs, adae, cp, lb];

describe.each(definitions.map((definition) => [definition.name, definition] as const))(
  '%s',
  (_, definition) => {
    it('fits SAS transport files and every other format, empty', () => {
      const empty = datasetOf(definition, []);
      expect(xptIssues(empty)).toEqual([]);
      for (const format of ['csv', 'xpt', 'dataset-json', 'parquet', 'xlsx'] as const) {
        expect(writeDataset(empty, format).length).toBeGreaterThan(0);
      }
    });

    it('says of every variable where it comes from, of derived ones how, of texts how long', () => {
      for (const { name, label, origin, derivation, type, length, codelist } of definition.variables) {
        expect(label, name).toMatch(/^\S.*\S$/);
        expect(origin, name).not.toBeNull();
        if (origin === 'Derived') expect(derivation, name).not.toBeNull();
        if (type === 'text') expect(length, name).toBeGreaterThan(0);
        for (const value of codelist ?? []) expect(value.length, name).toBeLessThanOrEqual(length ?? 0);
      }
    });
  },
);

/** Statistics section 4, as printed there. */
const specified: readonly (readonly [DatasetDefinition, string])[] = [
  [
    adsl,
    'STUDYID USUBJID SUBJID AGE AGEGR1 SEX REGIMEN ENRLFL SAFFL FASFL EVALFL TRTSDT TRTEDT ABLDT NACTDT DTHDT DTHFL LSTALVDT DCUTDT EOSSTT NTARGET NABLES',
  ],
  [
    adim,
    'STUDYID USUBJID ASEQ PARAMN PARAMCD PARAM PARAMTYP SPECID VISIT VISITNUM ATPT ADT ADY ADYA AVISITN AVISIT AWTARGET AWTDIFF AWLO AWHI AVAL AVALC BLQFL ALQFL DTYPE ABLFL BASE CHG PCHG R2BASE QCFL ANL01FL',
  ],
  [adtte, 'STUDYID USUBJID LESID PARAMCD PARAM STARTDT ADT AVALDAY AVAL AVALU CNSR EVNTDESC CNSDTDSC SRCDOM'],
  [
    adae,
    'STUDYID USUBJID AESEQ AEBODSYS AEDECOD AETOXGR AESER AEREL AESTDTC ASTDT ASTDTF AEENDTC AENDT ASTDY TRTEMFL AOCCFL AOCCSFL AOCCPFL AOCCIFL',
  ],
];

describe('variables of the specification', () => {
  it.each(specified.map(([definition, names]) => [definition.name, definition, names] as const))(
    '%s has them in order',
    (_, definition, names) => {
      expect(definition.variables.map(({ name }) => name).join(' ')).toBe(names);
    },
  );
});

function records(path: string): Record<string, Cell>[] {
  const { variables, rows } = truthTable(path, 'T');
  return rows.map((row) => Object.fromEntries(variables.map(({ name }, index) => [name, row[index]])));
}

describe.skipIf(statsTruth === null)('the truth tables', () => {
  const response = (trial: string) =>
    records(`trial-${trial}/expected/adrs_timepoint.csv`).map(({ OVRLRESP, ...rest }) => ({
      ...rest,
      PARAMCD: 'OVRLRESP',
      AVALC: OVRLRESP,
    }));
  const tables = ['a', 'b'].flatMap((trial) => [
    [`trial-${trial} ADIM`, adim, () => records(`trial-${trial}/expected/adim.csv`)] as const,
    [`trial-${trial} ADTTE`, adtte, () => records(`trial-${trial}/expected/adtte.csv`)] as const,
    [`trial-${trial} ADAE`, adae, () => records(`trial-${trial}/expected/adae.csv`)] as const,
    [`trial-${trial} ADRS`, adrs, () => response(trial)] as const,
  ]);

  it.each(tables)(
    '%s agrees with types, code lists and keys, and comes back from a transport file',
    (_, definition, rows) => {
      const dataset = datasetOf(definition, rows());
      expect(dataset.rows.length).toBeGreaterThan(10);
      expect(readXpt(xptBytes([dataset]))[0].rows).toEqual(dataset.rows);
    },
  );
});

describe('datasetOf', () => {
  it('refuses a field that no variable names', () => {
    expect(() => datasetOf(adsl, [{ USUBJID: 'x', AGEE: 3 }])).toThrow(/no column AGEE/);
  });
  it('refuses a value outside the code list, and two rows of one key', () => {
    expect(() => datasetOf(adsl, [{ USUBJID: 'x', SAFFL: 'yes' }])).toThrow(/one of Y, N/);
    expect(() => datasetOf(adsl, [{ USUBJID: 'x' }, { USUBJID: 'x' }])).toThrow(
      expect.objectContaining({ code: 'DUPLICATE_KEY' }),
    );
  });
  it('takes own fields only, and an empty text as missing', () => {
    const record = Object.create({ USUBJID: 'inherited' }) as Record<string, Cell>;
    record['SEX'] = '';
    expect(datasetOf(adsl, [record]).rows[0].every((cell) => cell === null)).toBe(true);
  });
});

describe('the dictionary', () => {
  const dictionary = dataDictionary(definitions);
  it('has a row a variable, in order', () => {
    expect(dictionary.rows.map(([table, , name]) => `${String(table)}.${String(name)}`)).toEqual(
      definitions.flatMap(({ name, variables }) => variables.map((column) => `${name}.${column.name}`)),
    );
  });
  it('says what CSV does to texts', () => {
    expect(csvText(dictionary)).toContain('has a leading apostrophe');
    const note = dictionary.variables.findIndex(({ name }) => name === 'NOTE');
    const type = dictionary.variables.findIndex(({ name }) => name === 'TYPE');
    expect(dictionary.rows.every((row) => (row[note] !== null) === (row[type] === 'text'))).toBe(true);
  });
  it('can be written in every format', () => {
    for (const format of ['csv', 'dataset-json', 'parquet', 'xpt'] as const)
      expect(writeDataset(dictionary, format).length).toBeGreaterThan(1000);
  });
  it('lists tables with keys and numbers of rows', () => {
    const listing = datasetListing([datasetOf(adsl, [{ STUDYID: 'S', USUBJID: '1' }])]);
    expect(listing.rows).toEqual([
      ['ADSL', 'Subject-Level Analysis Dataset', 'SUBJECT LEVEL ANALYSIS DATASET', 'STUDYID USUBJID', 22, 1],
    ]);
  });
  it('is the same as JSON', () => {
    const document = JSON.parse(defineJson(definitions)) as {
      datasets: { name: string; variables: unknown[] }[];
    };
    expect(document.datasets.map(({ name, variables }) => [name, variables.length])).toEqual(
      definitions.map(({ name, variables }) => [name, variables.length]),
    );
    expect(document.datasets[0].variables[0]).toEqual(adsl.variables[0]);
  });
});

describe('the manifest', () => {
  const input: ManifestInput = {
    toolkit: { version: '0.1.0', numericCore: '1' },
    configSha256: 'c0',
    inputs: [
      { name: 'b.fcs', sha256: 'b0' },
      { name: 'a.fcs', sha256: 'a0' },
    ],
    seed: '17',
    outputs: [
      { file: 'report.html', sha256: 'd0', bytes: 9, dataset: null, rows: null },
      { file: 'adsl.csv', sha256: 'e0', bytes: 5, dataset: 'ADSL', rows: 20 },
    ],
    warnings: [issue('ZERO_VARIANCE'), issue('MANY_BLQ')],
    auditHead: null,
    created: null,
  };

  it('holds what section 22 asks for, sorted', () => {
    const manifest = JSON.parse(manifestJson(input)) as Record<string, Record<string, unknown>[]>;
    expect(manifest).toMatchObject({
      toolkit: { version: '0.1.0', numericCore: '1' },
      configSha256: 'c0',
      seed: '17',
      created: null,
    });
    expect(manifest['inputs'].map(({ name }) => name)).toEqual(['a.fcs', 'b.fcs']);
    expect(manifest['outputs'].map(({ file, rows }) => [file, rows])).toEqual([
      ['adsl.csv', 20],
      ['report.html', null],
    ]);
    expect(manifest['warnings'].map(({ code }) => code)).toEqual(['MANY_BLQ', 'ZERO_VARIANCE']);
  });

  it('is the same text for any order of its lists, and differs by time only where a time is given', () => {
    const turned = {
      ...input,
      inputs: input.inputs.toReversed(),
      outputs: input.outputs.toReversed(),
      warnings: input.warnings.toReversed(),
    };
    expect(manifestJson(turned)).toBe(manifestJson(input));
    const later = manifestJson({ ...input, created: '2026-01-01T00:00:00Z' });
    expect(later.replace('"2026-01-01T00:00:00Z"', 'null')).toBe(manifestJson(input));
  });
});
