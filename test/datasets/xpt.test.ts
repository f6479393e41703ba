// SAS transport files: the bytes of haven and of SAS, what is refused, several members, and damaged files.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { datasetOf, variable, type Cell, type Dataset, type Variable } from '../../src/datasets/model.ts';
import { readXport } from '../../src/datasets/xport-read.ts';
import { writeXport } from '../../src/datasets/xport-write.ts';
import type { XportFile } from '../../src/datasets/xport.ts';
import { readXpt, xptBytes, xptIssues } from '../../src/datasets/xpt.ts';
import { selection, statsTruth, truthBytes, truthJson, truthTable } from './truth.ts';

const truthFiles = [
  ['trial-a/xpt/adtte.xpt', 60, 12],
  ['trial-a/xpt/adim.xpt', 329, 13],
  ['trial-b/xpt/adtte.xpt', 60, 12],
  ['trial-b/xpt/adim.xpt', 261, 13],
  ['public/cdisc-pilot-adtte.xpt', 254, 26],
] as const;

const latin = new TextDecoder('latin1');

describe.skipIf(statsTruth === null)('files of haven and SAS', () => {
  it.each(truthFiles)(
    '%s: %d rows of %d variables are read and written back byte for byte',
    (path, rows, columns) => {
      const bytes = truthBytes(path);
      const file = readXport(bytes);
      expect(file.members.map((member) => [member.rows.length, member.variables.length])).toEqual([
        [rows, columns],
      ]);
      expect(writeXport(file)).toEqual(bytes);
    },
  );

  /** The labels that the reference script set; all other labels are the names. */
  function labelled(table: Dataset, labels: Record<string, string>, dateFormat: string): Dataset {
    const variables = table.variables.map((column) => ({
      ...column,
      label: labels[column.name] ?? column.name,
      format: column.type === 'date' ? dateFormat : null,
    }));
    return { ...table, variables };
  }

  /** haven writes the time of its run; everything else must follow from the table. */
  function written(path: string): string {
    const time = latin.decode(truthBytes(path).subarray(144, 160));
    expect(time).toMatch(/^\d\dNOV26:\d\d:\d\d:\d\d$/);
    return `2026-11-${time.slice(0, 2)}T${time.slice(8)}`;
  }

  it.each(['a', 'b'])('trial %s: adtte.csv becomes the bytes of haven', (trial) => {
    const whole = truthTable(`trial-${trial}/expected/adtte.csv`, 'ADTTE');
    const columns = whole.variables.map(({ name }) => name);
    const table = labelled(
      selection(whole, columns, ({ PARAMCD }) => PARAMCD !== 'LTPL'),
      { AVAL: 'Analysis Value', CNSR: 'Censor', EVNTDESC: 'Event or Censoring Description' },
      'DATE9.',
    );
    const path = `trial-${trial}/xpt/adtte.xpt`;
    expect(xptBytes([table], { created: written(path) })).toEqual(truthBytes(path));
  });

  it.each(['a', 'b'])('trial %s: adim.csv becomes the bytes of haven', (trial) => {
    const columns = 'USUBJID PARAMCD AVISIT AVISITN ADT ADY AVAL AVALC BASE CHG PCHG ABLFL ANL01FL'.split(
      ' ',
    );
    const wanted = new Set<Cell>(['CD4', 'PDC', 'CD4CD8R']);
    const whole = truthTable(`trial-${trial}/expected/adim.csv`, 'ADIM');
    const table = labelled(
      selection(whole, columns, ({ PARAMCD }) => wanted.has(PARAMCD)),
      { AVAL: 'Analysis Value' },
      'DATE.',
    );
    const path = `trial-${trial}/xpt/adim.xpt`;
    expect(xptBytes([table], { created: written(path) })).toEqual(truthBytes(path));
  });

  it('the CDISC pilot file holds the rows of its Dataset-JSON', () => {
    const json = truthJson<{ columns: { name: string }[]; rows: Cell[][] }>('public/cdisc-pilot-adtte.json');
    const [table] = readXpt(truthBytes('public/cdisc-pilot-adtte.xpt'));
    expect(table.variables.map(({ name }) => name)).toEqual(json.columns.map(({ name }) => name));
    expect(table.rows).toEqual(json.rows);
  });
});

const columns: readonly Variable[] = [
  variable('ID', 'Identifier', 'text', { length: 10 }),
  variable('N', 'Number', 'float', { format: '8.2' }),
  variable('DT', 'Date', 'date'),
  variable('OK', 'Flag', 'boolean'),
];
const definition = { name: 'T', label: 'A table', class: 'TEST', keys: ['ID'], variables: columns };
const small = datasetOf(definition, [
  { ID: 'one', N: 1.5, DT: '2024-02-29', OK: true },
  { ID: 'two', N: null, DT: null, OK: null },
  { ID: 'three', N: -0.1, DT: '1959-12-31', OK: false },
]);

describe('a table', () => {
  const [back] = readXpt(xptBytes([small]));
  it('comes back with names, labels, formats and cells; booleans are 1 and 0', () => {
    expect(
      back.variables.map(({ name, label, type, length, format }) => [name, label, type, length, format]),
    ).toEqual([
      ['ID', 'Identifier', 'text', 10, null],
      ['N', 'Number', 'float', null, '8.2'],
      ['DT', 'Date', 'date', null, 'DATE9.'],
      ['OK', 'Flag', 'float', null, null],
    ]);
    expect(back.rows).toEqual([
      ['one', 1.5, '2024-02-29', 1],
      ['two', null, null, null],
      ['three', -0.1, '1959-12-31', 0],
    ]);
  });

  it('is a whole number of records, padded with blanks', () => {
    const bytes = xptBytes([small]);
    expect(bytes.length % 80).toBe(0);
    expect(latin.decode(bytes.subarray(-40))).toBe(' '.repeat(40));
  });

  it('trailing blanks of a text are padding to SAS', () => {
    const padded = datasetOf(definition, [{ ID: ' x  ' }]);
    expect(readXpt(xptBytes([padded]))[0].rows[0][0]).toBe(' x');
  });

  it('several tables share one file', () => {
    const empty = { ...small, name: 'EMPTY', rows: [] };
    const both = readXpt(xptBytes([small, empty, { ...small, name: 'THIRD' }]));
    expect(both.map(({ name, rows }) => [name, rows.length])).toEqual([
      ['T', 3],
      ['EMPTY', 0],
      ['THIRD', 3],
    ]);
    expect(both[2].rows).toEqual(back.rows);
  });

  it('carries the time that is handed in', () => {
    expect(latin.decode(xptBytes([small], { created: '2026-01-09T10:20:30' }).subarray(144, 160))).toBe(
      '09JAN26:10:20:30',
    );
    expect(() => xptBytes([small], { created: 'today' })).toThrow(ImmunogateError);
    expect(() => xptBytes([small], { created: '2026-13-09T10:20:30' })).toThrow(ImmunogateError);
  });

  it('writes UTF-8 only when asked to', () => {
    const micro = datasetOf(definition, [{ ID: 'µL 😀' }]);
    expect(() => xptBytes([micro])).toThrow(/letters that are not allowed/);
    expect(readXpt(xptBytes([micro], { text: 'utf-8' }))[0].rows[0][0]).toBe('µL 😀');
  });
});

/** One text or number column `V` with one cell. */
function one(column: Partial<Variable>, value: Cell): Dataset {
  const variables = [{ ...variable('V', '', 'text'), ...column }, variable('K', '', 'integer')];
  return { name: 'T', label: '', class: 'TEST', keys: [], variables, rows: [[value, 1]] };
}

describe('what version 5 cannot hold is refused, never cut', () => {
  it.each<[string, Dataset]>([
    ['name of nine letters', one({ name: 'PCHGNADIR' }, 'x')],
    ['name in lower case', one({ name: 'count' }, 'x')],
    ['name that begins with a digit', one({ name: '1ST' }, 'x')],
    ['table name of nine letters', { ...one({}, 'x'), name: 'ABCDEFGHI' }],
    ['label of 41 letters', one({ label: 'x'.repeat(41) }, 'x')],
    ['label with µ', one({ label: 'cells/µL' }, 'x')],
    ['table label of 41 letters', { ...one({}, 'x'), label: 'x'.repeat(41) }],
    ['text of 201 bytes', one({}, 'x'.repeat(201))],
    ['text above its declared length', one({ length: 3 }, 'four')],
    ['declared length above 200', one({ length: 201 }, 'x')],
    ['text with a line feed', one({}, 'a\nb')],
    ['text of blanks', one({}, '  ')],
    ['text that looks like the next member', one({}, 'HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!')],
    ['number above the range', one({ type: 'float' }, 1e76)],
    ['number below the range', one({ type: 'float' }, 1e-80)],
    ['format that is none', one({ format: 'date9' }, 'x')],
    ['two names that shorten to one', { ...one({ name: 'LONGNAME1', shortName: 'K' }, 'x') }],
  ])('%s', (_, dataset) => {
    expect(xptIssues(dataset).map(({ code }) => code)).toEqual(['E_FORMAT_LIMIT']);
    expect(() => xptBytes([dataset])).toThrow(expect.objectContaining({ code: 'E_FORMAT_LIMIT' }));
  });

  it('the limits themselves are allowed', () => {
    const dataset = one(
      { name: 'ABCDEFG8', label: 'x'.repeat(40), length: 200, format: '$200.' },
      'x'.repeat(200),
    );
    expect(xptIssues(dataset)).toEqual([]);
    expect(readXpt(xptBytes([dataset]))[0].rows).toEqual([['x'.repeat(200), 1]]);
  });

  it('bytes count, not letters', () => {
    expect(xptIssues(one({}, 'µ'.repeat(100)), { text: 'utf-8' })).toEqual([]);
    expect(xptIssues(one({}, 'µ'.repeat(101)), { text: 'utf-8' })).toHaveLength(1);
  });

  it('a blank last row of texts only cannot be told from padding', () => {
    const variables = [variable('A', '', 'text')];
    const table = (rows: Cell[][]) => ({ name: 'T', label: '', class: 'TEST', keys: [], variables, rows });
    expect(xptIssues(table([['x'], [null]]))).toHaveLength(1);
    expect(readXpt(xptBytes([table([[null], ['x']])]))[0].rows).toEqual([[null], ['x']]);
  });

  it('a short name replaces a long one', () => {
    const dataset = one({ name: 'PCHGNADIR', shortName: 'PCHGNAD' }, 'x');
    expect(readXpt(xptBytes([dataset]))[0].variables[0].name).toBe('PCHGNAD');
  });
});

describe('reading what others write', () => {
  const file: XportFile = readXport(xptBytes([small]));
  const [member] = file.members;
  const plain = { name: '', width: 0, decimals: 0 };

  it('special missing values are missing, short numbers are numbers', () => {
    const short = {
      ...member,
      variables: [{ ...member.variables[1], length: 3, format: plain }],
      rows: [[100], [null], [0.5]],
    };
    const bytes = writeXport({ ...file, members: [short] });
    const at = bytes.length - 80;
    bytes[at + 3] = 'A'.charCodeAt(0);
    expect(readXpt(bytes)[0].rows).toEqual([[100], [null], [0.5]]);
    expect(() => writeXport({ ...file, members: [{ ...short, rows: [[0.1]] }] })).toThrow(RangeError);
  });

  it('a date format over a number with hours stays a number', () => {
    const times = { ...member, variables: [member.variables[2]], rows: [[21915.5]] };
    const [table] = readXpt(writeXport({ ...file, members: [times] }));
    expect([table.variables[0].type, table.rows[0][0]]).toEqual(['float', 21915.5]);
  });

  it('bytes that are not UTF-8 are Latin-1', () => {
    const bytes = xptBytes([datasetOf(definition, [{ ID: 'QL' }])]);
    bytes[bytes.lastIndexOf('Q'.charCodeAt(0))] = 0xb5;
    expect(readXpt(bytes)[0].rows[0][0]).toBe('µL');
  });
});

describe('damaged files', () => {
  const bytes = xptBytes([small]);
  const dataStart = bytes.length - 160;

  it('cut before the data ends them: refused with a place', () => {
    for (let size = 0; size < dataStart; size++) {
      if (size === 240) continue;
      expect(() => readXpt(bytes.subarray(0, size)), `${size} bytes`).toThrow(
        expect.objectContaining({ code: 'E_XPT_INVALID' }),
      );
    }
    expect(readXpt(bytes.subarray(0, 240))).toEqual([]);
  });

  it('cut inside a row: refused', () => {
    expect(() => readXpt(bytes.subarray(0, dataStart + 40))).toThrow(/last row is incomplete/);
  });

  it('version 8 is named', () => {
    const eight = Uint8Array.from(bytes);
    eight.set(new TextEncoder().encode('LIBV8   '), 20);
    expect(() => readXpt(eight)).toThrow(/version 8/);
  });

  it('any changed byte gives a table or a refusal, nothing else', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (changes) => {
          const broken = Uint8Array.from(bytes);
          for (const [at, value] of changes) broken[at] = value;
          try {
            for (const { variables, rows } of readXpt(broken))
              for (const row of rows) expect(row).toHaveLength(variables.length);
          } catch (error) {
            expect(error).toBeInstanceOf(ImmunogateError);
            refused++;
          }
        },
      ),
      { numRuns: 1500, seed: 3 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});
