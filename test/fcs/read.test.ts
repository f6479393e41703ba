// readFcs on small files made by hand: the ordinary file, then the catalogue of reliability section 2 row by row. Each case
// says what must come out: a code of refusal, or the warnings.
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { memorySource, readEvents, readFcs, type ByteSource, type ReadOptions } from '../../src/fcs/index.ts';
import { buildFcs, defaultRows, floats, type Plan } from './build.ts';

function read(bytes: Uint8Array, options: ReadOptions = {}) {
  const source = memorySource(bytes);
  const file = readFcs(source, options);
  const { table, findings } = readEvents(source, file, { scaling: 'raw' });
  const warnings = [...file.findings, ...findings]
    .filter(({ level }) => level === 'warning')
    .map(({ code }) => code);
  const rows = Array.from({ length: table.count }, (_, e) => table.columns.map((column) => column[e]));
  return { file, table, warnings, rows };
}

function refusal(bytes: Uint8Array, options: ReadOptions = {}): string {
  try {
    read(bytes, options);
    return 'read';
  } catch (error) {
    if (error instanceof ImmunogateError) return error.code;
    throw error;
  }
}

describe('an ordinary file', () => {
  it('gives its keywords, parameters and events, and no warning', () => {
    const { file, table, warnings, rows } = read(
      buildFcs({ set: { $P2S: 'CD3', $P1G: '2', $TIMESTEP: '0.01', $VOL: '1500.5', $DATE: '03-FEB-2021' } }),
    );
    expect(file.version).toBe('3.1');
    expect(file.parameters.map(({ name }) => name)).toEqual(['FSC-A', 'PE-A', 'Time']);
    expect(file.parameters[1]).toMatchObject({
      number: 2,
      stain: 'CD3',
      bits: 32,
      range: 262144,
      gain: null,
      amplification: null,
    });
    expect(file.parameters[0].gain).toBe(2);
    expect(file.timestep).toBe(0.01);
    expect(file.volumeNanolitres).toBe(1500.5);
    expect(file.keywords.get('$MODE')).toBe('L');
    expect(file.data).toMatchObject({ eventCount: 3, eventBytes: 12, littleEndian: true, byteOrder: null });
    expect(rows).toEqual(defaultRows);
    expect(table.columns.every((column) => column instanceof Float32Array)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('reads only the head of the file for HEADER and TEXT', () => {
    const data = new Uint8Array(12 * 100_000);
    const bytes = buildFcs({ data, set: { $TOT: '100000' } });
    let read = 0;
    const source: ByteSource = {
      byteLength: bytes.length,
      read(start, end, into) {
        read += end - start;
        into.set(bytes.subarray(start, end));
      },
    };
    expect(readFcs(source).data.eventCount).toBe(100_000);
    expect(read).toBeLessThanOrEqual(8192);
  });
});

interface Case {
  readonly what: string;
  readonly plan: Plan;
  /** A refusal `E_...`, or the warnings in the order found; [] = accepted. */
  readonly expect: string | readonly string[];
  readonly options?: ReadOptions;
}

const int = (bits: string): Record<string, string> => ({
  $DATATYPE: 'I',
  $P1B: bits,
  $P2B: bits,
  $P3B: bits,
});
const uint16 = (values: readonly number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
const nine16 = { data: uint16([1, 2, 3, 4, 5, 6, 7, 8, 9]), set: int('16') };
const ascii = (text: string): Plan => ({
  data: Buffer.from(text),
  set: { $DATATYPE: 'A', $P1B: '4', $P2B: '3', $P3B: '5', $TOT: '2' },
});
const nothing = new Uint8Array(0);

const cases: Readonly<Record<string, readonly Case[]>> = {
  'HEADER (2.1)': [
    {
      what: 'DATA offsets blank',
      plan: { header: () => ({ db: '', de: '' }) },
      expect: ['W_HEADER_DATA_ZERO'],
    },
    { what: 'ANALYSIS 0,-1', plan: { header: () => ({ ae: -1 }) }, expect: ['W_HEADER_NEGATIVE_OFFSET'] },
    {
      what: 'TEXT offsets blank',
      plan: { header: () => ({ tb: '', te: '' }) },
      expect: 'E_FCS_HEADER_OFFSET',
    },
    {
      what: 'an offset in hexadecimal',
      plan: { header: () => ({ te: '0x200' }) },
      expect: 'E_FCS_HEADER_OFFSET',
    },
    { what: 'TEXT begins inside HEADER', plan: { header: () => ({ tb: 57 }) }, expect: 'E_FCS_TEXT_RANGE' },
    { what: 'TEXT of one byte', plan: { header: ({ tb }) => ({ te: tb }) }, expect: 'E_FCS_TEXT_RANGE' },
    { what: 'version 4.0', plan: { version: '4.0' }, expect: 'E_FCS_VERSION' },
    { what: 'version 3.2', plan: { version: '3.2' }, expect: [] },
    {
      what: 'TEXT ends on DATA by $BEGINDATA alone',
      plan: { header: ({ te }) => ({ te: te + 1, db: 0, de: 0 }) },
      expect: ['W_TEXT_END_OVERLAP', 'W_HEADER_DATA_ZERO'],
    },
  ],
  'where DATA is (2.2)': [
    {
      what: 'HEADER end 99999999',
      plan: { header: () => ({ de: 99999999 }) },
      expect: ['W_HEADER_DATA_99999999'],
    },
    {
      what: 'HEADER begin without end',
      plan: { header: () => ({ de: 0 }) },
      expect: ['W_HEADER_SPLIT_OFFSET'],
    },
    {
      what: 'HEADER stale, past the file',
      plan: { header: ({ db, de }) => ({ db: db + 5000, de: de + 5000 }) },
      expect: ['W_OFFSET_DISCREPANCY'],
    },
    {
      what: 'TEXT pair of the right length inside TEXT',
      plan: { offsets: ({ db, de }) => [String(db - 40), String(de - 40)] },
      expect: ['W_OFFSET_DISCREPANCY'],
    },
    {
      what: 'both fit at different begins',
      plan: { gap: 8, header: ({ db, de }) => ({ db: db - 4, de: de - 4 }) },
      expect: 'E_FCS_OFFSET_AMBIGUOUS',
    },
    {
      what: 'both fit, HEADER chosen',
      plan: { gap: 8, header: ({ db, de }) => ({ db: db - 4, de: de - 4 }) },
      options: { offsets: 'text' },
      expect: ['W_OVERRIDE_USED'],
    },
    {
      what: 'exclusive end',
      plan: {
        header: ({ after }) => ({ de: after }),
        offsets: ({ db, after }) => [String(db), String(after)],
      },
      expect: ['W_DATA_END_OFF_BY_ONE'],
    },
    {
      what: 'exclusive end past the file',
      plan: {
        tail: '',
        header: ({ after }) => ({ de: after }),
        offsets: ({ db, after }) => [String(db), String(after)],
      },
      expect: ['W_DATA_END_OFF_BY_ONE'],
    },
    {
      what: 'begin and end both one too far, past the file',
      plan: {
        tail: '',
        header: ({ db, after }) => ({ db: db + 1, de: after }),
        offsets: ({ db, after }) => [String(db + 1), String(after)],
      },
      expect: 'E_FCS_TRUNCATED',
    },
    {
      what: 'end equals begin',
      plan: { header: ({ db }) => ({ de: db }), offsets: ({ db }) => [String(db), String(db)] },
      expect: ['W_DATA_END_UNUSABLE'],
    },
    {
      what: 'DATA over TEXT',
      plan: { header: () => ({ db: 60, de: 95 }), offsets: () => ['60', '95'] },
      expect: 'E_FCS_SEGMENT_OVERLAP',
    },
    {
      what: 'DATA over HEADER',
      plan: { header: () => ({ db: 10, de: 45 }), offsets: () => ['10', '45'] },
      expect: 'E_FCS_SEGMENT_OVERLAP',
    },
    {
      what: 'no offsets in TEXT',
      plan: { set: { $BEGINDATA: null, $ENDDATA: null } },
      expect: ['W_MISSING_DATA_OFFSETS'],
    },
    { what: 'offsets in TEXT 0', plan: { offsets: () => ['0', '0'] }, expect: ['W_MISSING_DATA_OFFSETS'] },
    {
      what: 'no offsets in TEXT, FCS 2.0',
      plan: { version: '2.0', set: { $BEGINDATA: null, $ENDDATA: null } },
      expect: [],
    },
    {
      what: 'no pair anywhere',
      plan: { set: { $BEGINDATA: null, $ENDDATA: null }, header: () => ({ db: 0, de: 0 }) },
      expect: 'E_FCS_KEYWORD_MISSING',
    },
    ...['-5', '5.0', '0x200', '1e3', '٣٠٠', '9007199254740993', ''].map((value) => ({
      what: `$ENDDATA ${JSON.stringify(value)}`,
      plan: {
        offsets: ({ db }: { db: number }) => [String(db), value] as const,
        delimiter: '|',
        extra: [['$COM', 'x']] as const,
      },
      expect: 'E_FCS_OFFSET_INVALID',
    })),
    {
      what: 'offsets padded',
      plan: { offsets: ({ db, de }) => [String(db).padStart(20, '0'), `${de}   `] },
      expect: [],
    },
    { what: '$TOT too small', plan: { set: { $TOT: '2' } }, expect: 'E_FCS_TOT_MISMATCH' },
    {
      what: '$TOT too small, data chosen',
      plan: { set: { $TOT: '2' } },
      options: { onTotMismatch: 'useData' },
      expect: ['W_OVERRIDE_USED'],
    },
    { what: '$TOT missing', plan: { set: { $TOT: null } }, expect: ['W_TOT_MISSING'] },
    { what: '$TOT missing, FCS 2.0', plan: { version: '2.0', set: { $TOT: null } }, expect: [] },
    {
      what: '$TOT missing, a spare byte',
      plan: { set: { $TOT: null }, data: new Uint8Array([...floats(defaultRows), 0]) },
      expect: ['W_TOT_MISSING', 'W_DATA_END_OFF_BY_ONE'],
    },
    {
      what: '$TOT missing, spare bytes',
      plan: { set: { $TOT: null }, data: new Uint8Array([...floats(defaultRows), 0, 0]) },
      expect: 'E_FCS_DATA_LENGTH',
    },
    { what: '$TOT 10^12', plan: { set: { $TOT: '1000000000000' } }, expect: 'E_FCS_TOT_MISMATCH' },
    {
      what: '$TOT 0',
      plan: { set: { $TOT: '0' }, data: nothing, offsets: () => ['0', '0'] },
      expect: ['W_ZERO_EVENTS'],
    },
    { what: '$TOT 0 with data', plan: { set: { $TOT: '0' } }, expect: 'E_FCS_TOT_MISMATCH' },
  ],
  'TEXT (2.3)': [
    { what: 'an escaped delimiter', plan: { set: { $SYS: 'a||b' } }, expect: [] },
    { what: 'an empty value', plan: { set: { $OP: '', $SRC: 'x' } }, expect: ['W_TEXT_EMPTY_VALUE'] },
    {
      what: 'an empty value read as an escape, as chosen',
      plan: {
        extra: [
          ['$OP', ''],
          ['$COM', 'x'],
        ],
      },
      options: { textReading: 'escaped' },
      expect: ['W_OVERRIDE_USED'],
    },
    {
      what: 'a keyword twice with one value',
      plan: { extra: [['$TOT', '3 ']] },
      expect: ['W_DUPLICATE_KEYWORD'],
    },
    {
      what: '$P1R twice, in another case',
      plan: { extra: [['$p1r', '1024']] },
      expect: 'E_FCS_DUPLICATE_KEYWORD',
    },
    {
      what: 'a comment twice',
      plan: {
        extra: [
          ['$COM', 'a'],
          ['$COM', 'b'],
        ],
      },
      expect: ['W_DUPLICATE_KEYWORD'],
    },
    {
      what: 'a thousand comments: one warning',
      plan: { extra: Array.from({ length: 1000 }, (_, i) => ['$COM', String(i)] as const) },
      expect: ['W_DUPLICATE_KEYWORD'],
    },
    {
      what: 'a bidirectional override',
      plan: { extra: [['$COM', Buffer.from('\u202e', 'utf8').toString('latin1')]] },
      expect: ['W_TEXT_CONTROL_CHARACTER'],
    },
    {
      what: 'a byte order mark in a value',
      plan: { extra: [['$COM', 'ï»¿x']] },
      expect: ['W_TEXT_CONTROL_CHARACTER'],
    },
    { what: 'tabs and line ends in a value', plan: { extra: [['$COM', 'a\tb\r\nc']] }, expect: [] },
    { what: 'not UTF-8', plan: { extra: [['$COM', '\xb5l']] }, expect: ['W_TEXT_NOT_UTF8'] },
    { what: 'delimiter 0', plan: { delimiter: '\0' }, expect: ['W_TEXT_DELIMITER'] },
    { what: 'too many keywords', plan: {}, options: { limits: { keywords: 10 } }, expect: 'E_FCS_LIMIT' },
    { what: 'too long a TEXT', plan: {}, options: { limits: { textBytes: 100 } }, expect: 'E_FCS_LIMIT' },
  ],
  'structure (2.4)': [
    ...['abc', '-3', '4.5', '+4', '1e3', '0', ''].map((value) => ({
      what: `$PAR ${JSON.stringify(value)}`,
      plan: { set: { $PAR: value, $COM: 'x' } },
      expect: 'E_FCS_KEYWORD_INVALID',
    })),
    { what: '$PAR 10^9', plan: { set: { $PAR: '1000000000' } }, expect: 'E_FCS_LIMIT' },
    {
      what: 'parameters numbered from 0',
      plan: { set: { $P3B: null, $P0B: '32' } },
      expect: 'E_FCS_KEYWORD_MISSING',
    },
    {
      what: 'keywords beyond $PAR',
      plan: { set: { $P4N: 'Ghost' } },
      expect: ['W_EXTRA_PARAMETER_KEYWORDS'],
    },
    { what: '$MODE U', plan: { set: { $MODE: 'U' } }, expect: 'E_FCS_UNSUPPORTED' },
    { what: '$MODE l', plan: { set: { $MODE: 'l' } }, expect: ['W_KEYWORD_CASE'] },
    { what: '$MODE missing', plan: { set: { $MODE: null } }, expect: ['W_MODE_MISSING'] },
    { what: '$MODE missing, FCS 3.2', plan: { version: '3.2', set: { $MODE: null } }, expect: [] },
    { what: '$DATATYPE f', plan: { set: { $DATATYPE: 'f' } }, expect: ['W_KEYWORD_CASE'] },
    { what: '$DATATYPE missing', plan: { set: { $DATATYPE: null } }, expect: 'E_FCS_KEYWORD_MISSING' },
    {
      what: '$DATATYPE A, free format',
      plan: { set: { $DATATYPE: 'A', $P1B: '*' } },
      expect: 'E_FCS_UNSUPPORTED',
    },
    { what: '$DATATYPE A, fixed widths', plan: ascii('  12-33 1.50 133  4  500'), expect: [] },
    {
      what: '$DATATYPE A, not the fixed widths',
      plan: ascii('12 -33 1.50 133 4'),
      expect: 'E_FCS_UNSUPPORTED',
    },
    {
      what: '$DATATYPE A, not a number',
      plan: ascii('  12-33 1.50 1e3  4  500'),
      expect: 'E_FCS_LAYOUT_INCONSISTENT',
    },
    {
      what: '$BYTEORD with a repeated entry',
      plan: { set: { $BYTEORD: '1,1,2,2' } },
      expect: 'E_FCS_KEYWORD_INVALID',
    },
    { what: '$BYTEORD of two for 32 bits', plan: { set: { $BYTEORD: '1,2' } }, expect: ['W_BYTEORD_LENGTH'] },
    {
      what: '$BYTEORD of three for 32 bits',
      plan: { set: { $BYTEORD: '1,2,3' } },
      expect: 'E_FCS_LAYOUT_INCONSISTENT',
    },
    {
      what: '$BYTEORD of one for 32 bits',
      plan: { set: { $BYTEORD: '1' } },
      expect: 'E_FCS_LAYOUT_INCONSISTENT',
    },
    {
      what: 'a mixed order of four for 16 bits',
      plan: { ...nine16, set: { ...nine16.set, $BYTEORD: '3,4,1,2' } },
      expect: 'E_FCS_LAYOUT_INCONSISTENT',
    },
    { what: 'F of 16 bits', plan: { set: { $P2B: '16' } }, expect: 'E_FCS_LAYOUT_INCONSISTENT' },
    { what: 'D of 32 bits', plan: { set: { $DATATYPE: 'D' } }, expect: 'E_FCS_LAYOUT_INCONSISTENT' },
    {
      what: '$P1DATATYPE D of 32 bits, FCS 3.2',
      plan: { version: '3.2', set: { $P1DATATYPE: 'D' } },
      expect: 'E_FCS_LAYOUT_INCONSISTENT',
    },
    { what: '$PnB missing', plan: { set: { $P2B: null } }, expect: 'E_FCS_KEYWORD_MISSING' },
    { what: '12-bit integers, FCS 3.1', plan: { ...nine16, set: int('12') }, expect: 'E_FCS_UNSUPPORTED' },
    {
      what: '12-bit integers stored in 16, FCS 3.0',
      plan: {
        ...nine16,
        version: '3.0',
        set: { ...int('12'), $BYTEORD: '1,2', $P1R: '4096', $P2R: '4096', $P3R: '4096' },
      },
      expect: ['W_PNB_FROM_BYTEORD'],
    },
    { what: '72-bit integers', plan: { ...nine16, set: int('72') }, expect: 'E_FCS_UNSUPPORTED' },
    {
      what: 'integers without $PnR',
      plan: { ...nine16, set: { ...int('16'), $P2R: null } },
      expect: 'E_FCS_KEYWORD_MISSING',
    },
    {
      what: 'integers with $PnR NA',
      plan: { ...nine16, set: { ...int('16'), $P2R: 'NA' } },
      expect: 'E_FCS_KEYWORD_INVALID',
    },
    {
      what: 'integers with $PnR 0',
      plan: { ...nine16, set: { ...int('16'), $P2R: '0' } },
      expect: ['W_PNR_INVALID'],
    },
    ...['NA', '0', '-5', '9'.repeat(400), '3.5e38'].map((value) => ({
      what: `floats with $PnR ${value.slice(0, 9)}`,
      plan: { set: { $P1R: value } },
      expect: ['W_PNR_INVALID'],
    })),
    { what: 'floats without $PnR', plan: { set: { $P1R: null } }, expect: ['W_PNR_INVALID'] },
    { what: '$PnE log on floats', plan: { set: { $P1E: '4,1' } }, expect: ['W_PNE_ON_FLOAT'] },
    { what: '$PnE missing on floats', plan: { set: { $P1E: null } }, expect: [] },
    {
      what: '$PnE missing on integers',
      plan: { ...nine16, set: { ...int('16'), $P1E: null } },
      expect: ['W_PNE_MISSING'],
    },
    {
      what: '$PnE not a pair on integers',
      plan: { ...nine16, set: { ...int('16'), $P1E: '4' } },
      expect: 'E_FCS_KEYWORD_INVALID',
    },
    { what: '$PnG 0', plan: { set: { $P1G: '0' } }, expect: ['W_PNG_INVALID'] },
    { what: '$PnG in hexadecimal', plan: { set: { $P1G: '0x2' } }, expect: ['W_PNG_INVALID'] },
    { what: '$TIMESTEP xxxx', plan: { set: { $TIMESTEP: 'xxxx' } }, expect: ['W_TIMESTEP_INVALID'] },
    { what: '$PnN blank', plan: { set: { $P2N: '  ' } }, expect: ['W_PNN_MISSING'] },
    { what: '$PnN twice', plan: { set: { $P2N: 'FSC-A' } }, expect: ['W_DUPLICATE_PARAMETER_NAME'] },
    ...['31-FEB-20', '19-10-2020', '2020-01-02', '1-FOO-2020', '00-JAN-2020'].map((value) => ({
      what: `$DATE ${value}`,
      plan: { set: { $DATE: value } },
      expect: ['W_DATE_INVALID'],
    })),
    ...['03-Feb-06', '29-FEB-2020', '2013-Jul-19'].map((value) => ({
      what: `$DATE ${value}`,
      plan: { set: { $DATE: value } },
      expect: [],
    })),
  ],
  'values and segments (2.5)': [
    {
      what: 'NaN',
      plan: {
        data: floats([
          [1, NaN, 0],
          [1, Infinity, 1],
          [1, 2, 2],
        ]),
      },
      expect: ['W_NON_FINITE_VALUES'],
    },
    {
      what: 'one zero event at the end',
      plan: {
        data: floats([
          [1, 2, 0],
          [3, 4, 0],
          [0, 0, 0],
        ]),
      },
      expect: [],
    },
    {
      what: 'two zero events at the end',
      plan: {
        data: floats([
          [1, 2, 0],
          [0, 0, 0],
          [0, 0, 0],
        ]),
      },
      expect: ['W_ZERO_FILLED_TAIL'],
    },
    {
      what: 'negative Time',
      plan: {
        data: floats([
          [1, 2, -1],
          [3, 4, 5],
          [5, 6, 7],
        ]),
      },
      expect: ['W_TIME_NOT_MONOTONE'],
    },
    { what: '$NEXTDATA missing', plan: { set: { $NEXTDATA: null } }, expect: [] },
    { what: '$NEXTDATA not a number', plan: { set: { $NEXTDATA: '1e3' } }, expect: ['W_NEXTDATA_INVALID'] },
    { what: '$NEXTDATA to DATA', plan: { set: { $NEXTDATA: '400' } }, expect: ['W_NEXTDATA_INVALID'] },
    {
      what: 'supplemental TEXT outside',
      plan: { set: { $BEGINSTEXT: '90000', $ENDSTEXT: '90100' } },
      expect: ['W_STEXT_INVALID'],
    },
    {
      what: 'ANALYSIS reversed',
      plan: { set: { $BEGINANALYSIS: '300', $ENDANALYSIS: '200' } },
      expect: ['W_ANALYSIS_INVALID'],
    },
    { what: 'a CRC word that is wrong', plan: { tail: '00012345' }, expect: ['W_CRC_MISMATCH'] },
    { what: 'bytes after the end', plan: { tail: '00000000 and more' }, expect: [] },
    {
      what: 'a file beyond the limit',
      plan: {},
      options: { limits: { fileBytes: 100 } },
      expect: 'E_FCS_LIMIT',
    },
    {
      what: 'more events than the limit',
      plan: {},
      options: { limits: { events: 2 } },
      expect: 'E_FCS_LIMIT',
    },
    {
      what: 'a warning in strict mode',
      plan: { set: { $P1G: '0' } },
      options: { strict: true },
      expect: 'E_STRICT',
    },
    {
      what: 'an allowed warning in strict mode',
      plan: { set: { $P1G: '0' } },
      options: { strict: true, allowedWarnings: ['W_PNG_INVALID'] },
      expect: ['W_PNG_INVALID'],
    },
    {
      what: 'info in strict mode',
      plan: { set: { $NEXTDATA: null } },
      options: { strict: true },
      expect: [],
    },
  ],
};

for (const [section, list] of Object.entries(cases)) {
  describe(section, () => {
    it.each(list.map((c) => [c.what, c] as const))('%s', (_, { plan, options, expect: expected }) => {
      const bytes = buildFcs(plan);
      if (typeof expected === 'string') {
        expect(refusal(bytes, options)).toBe(expected);
        return;
      }
      const { warnings, rows } = read(bytes, options);
      expect(warnings).toEqual(expected);
      // Whatever was repaired, the values are those stored.
      if (plan.data === undefined && plan.set?.['$PAR'] === undefined) expect(rows).toEqual(defaultRows);
    });
  });
}

describe('container', () => {
  it.each([
    ['nothing', '', 'E_FCS_EMPTY'],
    ['a cut HEADER', 'FCS3.1    ', 'E_FCS_HEADER_SHORT'],
    ['gzip', '\x1f\x8b\x08', 'E_INPUT_COMPRESSED'],
    ['zip', 'PK\x03\x04', 'E_INPUT_COMPRESSED'],
    ['bzip2', 'BZh91AY', 'E_INPUT_COMPRESSED'],
    ['xz', '\xfd7zXZ\0', 'E_INPUT_COMPRESSED'],
    ['zstd', '\x28\xb5\x2f\xfd', 'E_INPUT_COMPRESSED'],
    ['lower case', `fcs3.1${' '.repeat(60)}`, 'E_FCS_NOT_FCS'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\n', 'E_FCS_NOT_FCS'],
    ['a byte order mark', '\xef\xbb\xbfFCS3.1', 'E_FCS_NOT_FCS'],
    ['UTF-16', '\xff\xfeF\0C\0S\0', 'E_FCS_NOT_FCS'],
    ['CSV', 'FSC-A,SSC-A\n1,2\n', 'E_FCS_NOT_FCS'],
  ])('%s', (_, text, code) => {
    expect(refusal(Buffer.from(text, 'latin1'))).toBe(code);
  });
});

describe('messages', () => {
  it('never quote other keyword values, and cut and escape structural ones', () => {
    const secret = 'Mueller, Anna 1961-03-04';
    for (const set of [
      { $TOT: `9\x1b[31m${'9'.repeat(60)}` },
      { $P1E: 'x' },
      { $P1G: 'x' },
      { $DATE: secret },
      { $SPILLOVER: secret },
      { $TIMESTEP: secret },
    ]) {
      try {
        const { file } = read(buildFcs({ set: { ...set, $SMNO: secret }, extra: [['$SMNO', `${secret}!`]] }));
        for (const finding of file.findings) expect(finding.message).not.toContain('Mueller');
      } catch (error) {
        if (!(error instanceof ImmunogateError)) throw error;
        expect(error.message).not.toContain('Mueller');
        expect(error.message).not.toContain('\x1b');
        expect(error.message.length).toBeLessThan(200);
      }
    }
  });
});

describe('hostile values', () => {
  const long = 200_000;
  const values = ['0', '1', ' ', ',', '1.', '1e', '-', '0,', '1-'].flatMap((unit) => [
    unit.repeat(long / unit.length),
    `${unit.repeat(long / unit.length)}x`,
  ]);
  const names = [
    '$TOT',
    '$PAR',
    '$P1B',
    '$P1R',
    '$P1E',
    '$P1G',
    '$P1N',
    '$BYTEORD',
    '$DATATYPE',
    '$MODE',
    '$DATE',
    '$TIMESTEP',
    '$VOL',
    '$SPILLOVER',
    'SPILL',
    '$NEXTDATA',
    '$BEGINSTEXT',
    '$ENDDATA',
  ];
  it.each(names)('%s of 200,000 characters ends at once', (name) => {
    for (const base of [{}, nine16.set]) {
      for (const value of values) {
        const bytes = buildFcs({ data: nine16.data, set: { ...base, [name]: value } });
        const start = performance.now();
        refusal(bytes);
        expect(performance.now() - start).toBeLessThan(1000);
      }
    }
  });
  it('a TEXT of delimiters only ends at once', () => {
    const bytes = buildFcs({ extra: Array.from({ length: 200_000 }, () => ['', ''] as const) });
    const start = performance.now();
    refusal(bytes);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('fixed-width ASCII', () => {
  it('gives its numbers', () => {
    expect(read(buildFcs(ascii('  12-33 1.50 133  4  500'))).rows).toEqual([
      [12, -33, 1.5],
      [133, 4, 500],
    ]);
  });
});

describe('names', () => {
  it('makes names unique and leaves none empty', () => {
    const { file } = read(buildFcs({ set: { $P2N: 'FSC-A', $P3N: null } }));
    expect(file.parameters.map(({ name }) => name)).toEqual(['FSC-A', 'FSC-A#2', 'P3']);
  });
  it('keeps hostile keyword names as data', () => {
    const { file } = read(
      buildFcs({
        extra: [
          ['__proto__', 'polluted'],
          ['constructor', 'x'],
        ],
      }),
    );
    expect(file.keywords.get('__PROTO__')).toBe('polluted');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('data sets', () => {
  const chain = (count: number): Uint8Array => {
    const one = buildFcs({ set: { $NEXTDATA: '9999' } });
    const step = buildFcs({ set: { $NEXTDATA: String(one.length).padStart(4, '0') } });
    const last = buildFcs({
      set: { $NEXTDATA: '0000' },
      data: floats([
        [9, 8, 7],
        [6, 5, 8],
        [3, 2, 9],
      ]),
    });
    return new Uint8Array(Buffer.concat([...Array.from({ length: count - 1 }, () => step), last]));
  };
  it('refuses to choose, and lists what there is', () => {
    expect(refusal(chain(3))).toBe('E_FCS_MULTIPLE_DATASETS');
    expect(() => readFcs(memorySource(chain(3)))).toThrow(
      '1: FCS 3.1, 3 events; 2: FCS 3.1, 3 events; 3: FCS 3.1, 3 events',
    );
  });
  it('reads the one chosen', () => {
    const { rows, warnings, file } = read(chain(3), { dataset: 3 });
    expect(rows).toEqual([
      [9, 8, 7],
      [6, 5, 8],
      [3, 2, 9],
    ]);
    expect(warnings).toEqual(['W_OVERRIDE_USED']);
    expect(file.dataset).toBe(3);
    expect(read(chain(3), { dataset: 1 }).rows).toEqual(defaultRows);
  });
  it('knows which are not there, and when there are too many', () => {
    expect(refusal(chain(3), { dataset: 4 })).toBe('E_FCS_DATASET_MISSING');
    expect(refusal(chain(65), { dataset: 1 })).toBe('E_FCS_LIMIT');
    expect(read(chain(64), { dataset: 64 }).rows[0]).toEqual([9, 8, 7]);
  });
});

it.each(['0', '-12', 'many', ''])('an acquired volume of "%s" is none', (volume) => {
  expect(read(buildFcs({ set: { $VOL: volume } })).file.volumeNanolitres).toBeNull();
});

describe('supplemental TEXT', () => {
  it('adds its keywords after those of TEXT', () => {
    const stext = '|$OP|somebody|$P2S|CD4|$COM|late|';
    const plan = (begin: number): Plan => ({
      set: {
        $BEGINSTEXT: String(begin).padStart(6),
        $ENDSTEXT: String(begin + stext.length - 1).padStart(6),
        $COM: 'early',
      },
      tail: stext,
    });
    const length = buildFcs(plan(0)).length;
    const { file, warnings } = read(buildFcs(plan(length - stext.length)));
    expect(file.keywords.get('$OP')).toBe('somebody');
    expect(file.keywords.get('$COM')).toBe('early');
    expect(file.parameters[1].stain).toBe('CD4');
    expect(warnings).toEqual(['W_DUPLICATE_KEYWORD']);
  });
});
