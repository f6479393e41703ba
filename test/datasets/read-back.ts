// One reader for each format, made of other people's parsers where there are any: bytes back to cells in the types of the table.
import { parse } from 'csv-parse/sync';
import { strFromU8, unzipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import { SaxesParser } from 'saxes';
import type { TableFormat } from '../../src/datasets/formats.ts';
import type { Cell, Dataset, VariableType } from '../../src/datasets/model.ts';
import { readXpt } from '../../src/datasets/xpt.ts';

/** Cells of the first table of a file. Where a format has no such type (CSV, XPT, Excel), `table` says what was meant. */
export async function readBack(bytes: Uint8Array, format: TableFormat, table: Dataset): Promise<Cell[][]> {
  const types = table.variables.map(({ type }) => type);
  switch (format) {
    case 'csv': {
      const records: string[][] = parse(strFromU8(bytes));
      return records.slice(1).map((record) => record.map((text, i) => fromText(text, types[i])));
    }
    case 'xpt':
      return readXpt(bytes)[0].rows.map((row) =>
        row.map((cell, i) => (types[i] === 'boolean' && cell !== null ? cell === 1 : cell)),
      );
    case 'dataset-json':
      return (JSON.parse(strFromU8(bytes)) as { rows: Cell[][] }).rows;
    case 'parquet': {
      const file = Uint8Array.from(bytes).buffer;
      const records = await parquetReadObjects({ file });
      return records.map((record) => table.variables.map(({ name }) => fromParquet(record[name])));
    }
    case 'xlsx':
      return sheetCells(bytes, 1)
        .slice(1)
        .map((row) => types.map((type, i) => fromSheet(row[i] ?? null, type)));
  }
}

function fromText(text: string, type: VariableType): Cell {
  if (text === '') return null;
  if (type === 'integer' || type === 'float') return Number(text);
  return type === 'boolean' ? text === 'true' : text;
}

function fromParquet(value: unknown): Cell {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  return value as Cell;
}

function fromSheet(value: Cell, type: VariableType): Cell {
  if (type !== 'date' || value === null) return value;
  return new Date((Number(value) - 25569) * 86_400_000).toISOString().slice(0, 10);
}

/** Cells of a sheet by the attributes that Excel goes by: `t` and the place; dates are their serial numbers. */
export function sheetCells(bytes: Uint8Array, sheet: number): Cell[][] {
  const rows: Cell[][] = [];
  let place = { row: 0, column: 0 };
  let type = '';
  let text = '';
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'row') rows[Number(attributes['r']) - 1] = [];
    if (name !== 'c') return;
    const [, letters, digits] = /^([A-Z]+)(\d+)$/.exec(attributes['r']) ?? [];
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    place = { row: Number(digits) - 1, column };
    type = attributes['t'] ?? 'n';
    text = '';
  });
  parser.on('text', (piece) => (text += piece));
  parser.on('closetag', ({ name }) => {
    if (name !== 'c') return;
    rows[place.row][place.column] =
      type === 'inlineStr' ? unescaped(text) : type === 'b' ? text === '1' : Number(text);
  });
  parser.write(strFromU8(unzipSync(bytes)[`xl/worksheets/sheet${sheet}.xml`])).close();
  return rows;
}

function unescaped(text: string): string {
  return text.replace(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
