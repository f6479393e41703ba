// What is written reads back: same values, same keywords, and (through npm fcs) for another reader too.
import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  composeHead,
  fcsBytes,
  inspectFcs,
  memorySource,
  readEvents,
  readFcs,
  type Scaling,
} from '../../src/fcs/index.ts';
import type { EventTable } from '../../src/events/index.ts';
import { sharedData } from '../shared-data.ts';
import { sha256 } from './malformed-driver.ts';

const channel = (name: string) =>
  ({ name, stain: null, marker: null, kind: 'fluorescence', pulse: null, range: null }) as const;
const small: EventTable = {
  count: 3,
  channels: [{ ...channel('A'), stain: 'CD3 / ε', range: 1023.5 }, channel('B')],
  columns: [Float32Array.of(1.5, -0, 1e-40), Float64Array.of(0.1, 2 ** 53, -1e300)],
};

function readBack(bytes: Uint8Array, scaling: Scaling = 'raw') {
  const source = memorySource(bytes);
  const file = readFcs(source);
  return { file, ...readEvents(source, file, { scaling }) };
}

describe('a table of its own', () => {
  it('comes back exactly as doubles', () => {
    const { file, table, findings } = readBack(fcsBytes(small));
    table.columns.forEach((column, c) => expect([...column]).toEqual([...small.columns[c]]));
    expect(file.version).toBe('3.1');
    expect(file.parameters.map(({ name, stain, range }) => [name, stain, range])).toEqual([
      ['A', 'CD3 / ε', 1024],
      ['B', null, 2 ** 53],
    ]);
    expect([...file.findings, ...findings].map(({ code }) => code)).toEqual(['I_FCS_CRC_ABSENT']);
  });
  it('F rounds to 32 bits', () => {
    const { table } = readBack(
      fcsBytes({ ...small, columns: [small.columns[0], Float64Array.of(0.1, 5, 6)] }, { dataType: 'F' }),
    );
    expect([...table.columns[1]]).toEqual([Math.fround(0.1), 5, 6]);
  });
  it('the same with a chosen delimiter that values hold', () => {
    const keywords = new Map([
      ['$COM', 'a/b//c'],
      ['NOTE', 'ends with /'],
    ]);
    const { file, table } = readBack(fcsBytes(small, { delimiter: '/', keywords }));
    expect(file.keywords.get('$COM')).toBe('a/b//c');
    expect(file.keywords.get('NOTE')).toBe('ends with /');
    expect(file.parameters[0].stain).toBe('CD3 / ε');
    expect([...table.columns[0]]).toEqual([...small.columns[0]]);
    expect(() => fcsBytes(small, { delimiter: '/', keywords: new Map([['X', '/x']]) })).toThrow(
      'begins with the delimiter',
    );
  });
  it('a subset by positions or by flags', () => {
    expect([...readBack(fcsBytes(small, { events: Uint32Array.of(2, 0) })).table.columns[1]]).toEqual([
      -1e300, 0.1,
    ]);
    expect([...readBack(fcsBytes(small, { events: Uint8Array.of(0, 1, 1) })).table.columns[1]]).toEqual([
      2 ** 53,
      -1e300,
    ]);
    expect(readBack(fcsBytes(small, { events: new Uint32Array(0) })).table.count).toBe(0);
    expect(() => fcsBytes(small, { events: Uint32Array.of(3) })).toThrow(RangeError);
  });
  it('a spillover of its own', () => {
    const spillover = { detectors: ['A', 'B'], matrix: Float64Array.of(1, 0.1, 1e-7, 1) };
    expect(readBack(fcsBytes(small, { spillover })).file.spillover).toEqual(spillover);
    expect(
      readBack(fcsBytes(small, { spillover: { ...spillover, detectors: ['A', 'C'] } })).file.spillover,
    ).toBeNull();
  });
});

describe('offsets', () => {
  it.each([
    [99_999_999 - 400, true],
    [100_000_000, false],
    [5e9, false],
  ])('DATA of %d bytes', (dataBytes, inHeader) => {
    const head = new TextDecoder('latin1').decode(composeHead('3.1', new Map([['$TOT', '1']]), dataBytes));
    const begin = head.length;
    const text = new Map(
      [...head.slice(59).matchAll(/([^|]+)\|([^|]*)\|/g)].map(([, name, value]) => [name, value]),
    );
    expect(text.get('$BEGINDATA')).toBe(String(begin));
    expect(text.get('$ENDDATA')).toBe(String(begin + dataBytes - 1));
    expect([head.slice(26, 34).trim(), head.slice(34, 42).trim()]).toEqual(
      inHeader ? [String(begin), String(begin + dataBytes - 1)] : ['0', '0'],
    );
    expect(Number(head.slice(18, 26))).toBe(begin - 1);
  });
});

const folder = sharedData('data', 'fcs');
const structural =
  /^\$(BEGIN|END|BYTEORD|DATATYPE|MODE|NEXTDATA|PAR|TOT|P\d+[BRE]$|SPILLOVER|COMP|CS|DFC)|^\$?SPILL(OVER)?$/;

describe.skipIf(folder === null)('real files', () => {
  const names = folder === null ? [] : readdirSync(folder).filter((name) => !/cyan/.test(name));
  it.each(names)('%s keeps values and keywords', (name) => {
    const bytes = readFileSync(`${folder}/${name}`);
    const source = memorySource(bytes);
    const options = /multi|4_datasets|pnb10/.test(name) ? { dataset: 2 } : {};
    const file = readFcs(source, options);
    const { table } = readEvents(source, file, { scaling: 'raw' });
    const written = fcsBytes(table, { from: file });
    const hash = (input: Uint8Array, choice: object) => {
      const record = inspectFcs(memorySource(input), { ...choice, createHash: sha256 });
      return record.result === 'ok' ? record.dataSha256 : record.message;
    };
    expect(hash(written, {})).toBe(hash(bytes, options));
    const back = readBack(written);
    for (const [keyword, value] of file.keywords) {
      if (!structural.test(keyword) && value !== '' && !/^\$P\d+[NS]$/.test(keyword))
        expect(back.file.keywords.get(keyword)).toBe(value);
    }
    expect(
      back.file.parameters.map(({ name, stain, gain, amplification }) => ({
        name,
        stain,
        gain,
        amplification,
      })),
    ).toEqual(
      file.parameters.map(({ name, stain, gain, amplification }) => ({ name, stain, gain, amplification })),
    );
    if (
      file.spillover?.detectors.every((detector) => table.channels.some((c) => c.name === detector)) === true
    )
      expect(back.file.spillover).toEqual(file.spillover);
    expect(
      back.file.findings.filter(
        ({ code }) =>
          /^W_(TEXT|HEADER|DATA|OFFSET|TOT|BYTEORD)/.test(code) && code !== 'W_TEXT_CONTROL_CHARACTER',
      ),
    ).toEqual([]);
  });

  it('scaled values as doubles lose gain and logarithm, and nothing else', () => {
    const source = memorySource(readFileSync(`${folder}/stratedigm_s1400_mixed_bits_log_gain.fcs`));
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'scaled' });
    const back = readBack(fcsBytes(table, { from: file, scaling: 'scaled' }), 'scaled');
    back.table.columns.forEach((column, c) => expect(column).toEqual(Float64Array.from(table.columns[c])));
    expect(() =>
      fcsBytes(readEvents(source, file, { scaling: 'raw' }).table, { from: file, dataType: 'F' }),
    ).toThrow('logarithmic');
  });

  it('chosen channels keep their own keywords under their new numbers', () => {
    const source = memorySource(readFileSync(`${folder}/bd_facscanto2_tbnk_6color.fcs`));
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'raw', channels: [5, 2] });
    const back = readBack(fcsBytes(table, { from: file })).file;
    for (const letter of 'VSN')
      expect(back.keywords.get(`$P1${letter}`)).toBe(file.keywords.get(`$P6${letter}`));
    expect(back.keywords.has('$P3V')).toBe(false);
    expect(back.spillover).toBeNull();
  });

  it('npm fcs reads it the same', () => {
    const Fcs = createRequire(import.meta.url)('fcs') as new (
      options: object,
      bytes: Buffer,
    ) => { dataAsNumbers: number[][] };
    const source = memorySource(readFileSync(`${folder}/bd_lsrii_qc_peacoqc111.fcs`));
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'raw' });
    const witness = new Fcs(
      { dataFormat: 'asNumber', eventsToRead: -1 },
      Buffer.from(fcsBytes(table, { from: file })),
    );
    expect(witness.dataAsNumbers).toHaveLength(table.count);
    expect(
      witness.dataAsNumbers.every((event, e) => event.every((value, c) => value === table.columns[c][e])),
    ).toBe(true);
  });
});
