// Excel workbooks: sheets, the dictionary, cell types and styles, limits; the zip as another unzipper sees it.
import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { variable, type Cell, type Dataset } from '../../src/datasets/model.ts';
import { xlsxBytes, xlsxIssues } from '../../src/datasets/xlsx.ts';
import { sheetCells } from './read-back.ts';

function table(name: string, rows: readonly (readonly Cell[])[]): Dataset {
  const variables = [
    variable('T', 'Text', 'text'),
    variable('D', 'Date', 'date'),
    variable('N', 'Number', 'float'),
  ];
  return { name, label: 'L', class: 'TEST', keys: [], variables, rows };
}

const text = (bytes: Uint8Array, path: string) => strFromU8(unzipSync(bytes)[path]);

describe('a workbook', () => {
  const bytes = xlsxBytes([table('ONE', [['=1+1', '2024-02-29', 0.1]]), table('TWO & <3>', [])]);

  it('has one sheet a table and the dictionary last', () => {
    const names = [...text(bytes, 'xl/workbook.xml').matchAll(/<sheet name="([^"]*)"/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(['ONE', 'TWO &amp; &lt;3&gt;', 'DEFINE']);
    expect(sheetCells(bytes, 3).map((row) => row.slice(0, 5))).toEqual([
      ['DATASET', 'VARNUM', 'VARIABLE', 'LABEL', 'TYPE'],
      ['ONE', 1, 'T', 'Text', 'text'],
      ['ONE', 2, 'D', 'Date', 'date'],
      ['ONE', 3, 'N', 'Number', 'float'],
      ['TWO & <3>', 1, 'T', 'Text', 'text'],
      ['TWO & <3>', 2, 'D', 'Date', 'date'],
      ['TWO & <3>', 3, 'N', 'Number', 'float'],
    ]);
  });

  it('keeps a formula as text, a date as a styled day number, a number as it is', () => {
    const sheet = text(bytes, 'xl/worksheets/sheet1.xml');
    expect(sheet).toContain('<c r="A2" s="0" t="inlineStr"><is><t xml:space="preserve">=1+1</t></is></c>');
    expect(sheet).toContain('<c r="B2" s="1"><v>45351</v></c>');
    expect(sheet).toContain('<c r="C2"><v>0.1</v></c>');
    expect(sheet).not.toContain('<f>');
    expect(text(bytes, 'xl/styles.xml')).toContain('formatCode="yyyy\\-mm\\-dd"');
  });

  it('is well-formed XML in every part, and every part is declared', () => {
    const parts = Object.keys(unzipSync(bytes));
    expect(parts).toHaveLength(8);
    for (const part of parts) {
      const parser = new SaxesParser({ xmlns: true });
      parser.on('error', (error) => expect.fail(`${part}: ${error.message}`));
      parser.write(text(bytes, part)).close();
    }
    const declared = text(bytes, '[Content_Types].xml');
    expect(
      parts
        .filter((part) => part.startsWith('xl/') && !part.endsWith('.rels'))
        .every((part) => declared.includes(`"/${part}"`)),
    ).toBe(true);
  });

  it('has no time of its own: every entry is of 1980-01-01', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let entries = 0;
    for (let at = 0; at + 4 < bytes.length; at++) {
      if (view.getUint32(at, true) !== 0x02014b50) continue;
      expect(view.getUint16(at + 14, true)).toBe((1 << 5) | 1);
      entries++;
    }
    expect(entries).toBe(8);
  });
});

describe('columns beyond Z', () => {
  it('are AA, AZ, BA, ZZ, AAA', () => {
    const variables = Array.from({ length: 703 }, (_, i) => variable(`V${i}`, '', 'integer'));
    const bytes = xlsxBytes([{ ...table('WIDE', []), variables, rows: [variables.map((_, i) => i)] }]);
    const sheet = text(bytes, 'xl/worksheets/sheet1.xml');
    for (const [name, value] of [
      ['Z2', 25],
      ['AA2', 26],
      ['AZ2', 51],
      ['BA2', 52],
      ['ZZ2', 701],
      ['AAA2', 702],
    ]) {
      expect(sheet).toContain(`<c r="${name}"><v>${value}</v></c>`);
    }
  });
});

describe('what a sheet cannot hold', () => {
  it.each([
    ['a name of 32 letters', table('x'.repeat(32), [])],
    ['a name with a slash', table('a/b', [])],
    ['a name with a bracket', table('a[b', [])],
    ['a name that ends in an apostrophe', table("a'", [])],
    ['a date before March 1900', table('T', [[null, '1900-02-28', null]])],
    ['a text of 32,768 letters', table('T', [['x'.repeat(32_768), null, null]])],
  ])('%s is refused', (_, dataset) => {
    expect(xlsxIssues(dataset).map(({ code }) => code)).toEqual(['E_FORMAT_LIMIT']);
    expect(() => xlsxBytes([dataset])).toThrow(expect.objectContaining({ code: 'E_FORMAT_LIMIT' }));
  });

  it('two tables of one name are refused, whatever their case', () => {
    expect(() => xlsxBytes([table('A', []), table('a', [])])).toThrow(
      expect.objectContaining({ code: 'BAD_INPUT' }),
    );
    expect(() => xlsxBytes([table('Define', [])])).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});
