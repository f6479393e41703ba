// Tables as one Excel workbook (Office Open XML, ECMA-376 part 1, section 18): one sheet a table and a last sheet with the data dictionary.
// Written here, because write-excel-file turns texts such as "constructor" into code and drops control characters unseen.
// Invariant: bytes depend on the tables alone (zip times are fixed); texts stay texts, `=` in front or not; numbers keep all digits.
import { strToU8, zipSync, type Zippable } from 'fflate';
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { daysFromIso } from '../study/index.ts';
import { excelEpoch } from './calendar.ts';
import { dataDictionary } from './define.ts';
import { plainNumber, requireDataset, type Cell, type Dataset, type Variable } from './model.ts';

/** The file. Throws E_FORMAT_LIMIT with the first of `xlsxIssues`; two tables of one name are BAD_INPUT. */
export function xlsxBytes(datasets: readonly Dataset[]): Uint8Array {
  for (const dataset of datasets) requireDataset(dataset);
  const sheets = [...datasets, dataDictionary(datasets)];
  const [first] = sheets.flatMap(xlsxIssues);
  if (first) throw new ImmunogateError(first.code, first.message, { place: first.place });
  const names = new Set(sheets.map(({ name }) => name.toLowerCase()));
  if (names.size < sheets.length)
    throw new ImmunogateError('BAD_INPUT', 'Two sheets would have the same name.');
  const files: Record<string, string> = {
    '[Content_Types].xml': contentTypes(sheets.length),
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbook(sheets),
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, index) => ['worksheet', `worksheets/sheet${index + 1}.xml`] as const),
      ['styles', 'styles.xml'],
    ]),
    'xl/styles.xml': styles,
  };
  sheets.forEach((dataset, index) => (files[`xl/worksheets/sheet${index + 1}.xml`] = sheet(dataset)));
  return zipped(files);
}

/** What a sheet cannot hold: names, numbers of rows and columns, lengths of texts, dates before March 1900 (Excel's calendar has a false day). */
export function xlsxIssues({ name, variables, rows }: Dataset): readonly Issue[] {
  const found: Issue[] = [];
  const say = (message: string, place: string) =>
    found.push(issue('E_FORMAT_LIMIT', `${place}: ${message}`, place));
  if (name.length > 31 || /[[\]:*?/\\]|^'|'$/.test(name))
    say('the name is not that of a sheet (31 characters, none of []:*?/\\).', name);
  if (rows.length > 1_048_575 || variables.length > 16_384)
    say('there are more than 1,048,575 rows or 16,384 columns.', name);
  variables.forEach((column, index) => {
    const place = `${name}.${column.name}`;
    const at = rows.findIndex((row) => !cellFits(row[index], column));
    if (at >= 0)
      say(
        `row ${at + 1} holds ${column.type === 'date' ? 'a date before 1900-03-01' : 'a text above 32,767 characters'}.`,
        place,
      );
  });
  return found;
}

function cellFits(value: Cell, { type }: Variable): boolean {
  if (typeof value !== 'string') return true;
  return type === 'date' ? value >= '1900-03-01' : value.length <= 32_767;
}

/** A header row (bold, frozen) and one row a record. */
function sheet({ variables, rows }: Dataset): string {
  const header = variables.map(({ name }, column) => textCell(cellName(0, column), name, 2)).join('');
  const body = rows.map((row, index) => {
    const cells = row.map((value, column) => cell(cellName(index + 1, column), value, variables[column]));
    return `<row r="${index + 2}">${cells.join('')}</row>`;
  });
  return (
    `${xmlHead}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">` +
    `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
    `<sheetData><row r="1">${header}</row>${body.join('')}</sheetData></worksheet>`
  );
}

function cell(at: string, value: Cell, { type }: Variable): string {
  if (value === null) return '';
  if (typeof value === 'number') return `<c r="${at}"><v>${plainNumber(value)}</v></c>`;
  if (typeof value === 'boolean') return `<c r="${at}" t="b"><v>${value ? 1 : 0}</v></c>`;
  return type === 'date'
    ? `<c r="${at}" s="1"><v>${daysFromIso(value) + excelEpoch}</v></c>`
    : textCell(at, value, 0);
}

function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
}

/** `A1`, `B1`, … `AA1`: columns are a number without zero in base 26. */
function cellName(row: number, column: number): string {
  let letters = '';
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / 26)) {
    letters = String.fromCharCode(65 + ((left - 1) % 26)) + letters;
  }
  return `${letters}${row + 1}`;
}

/** XML text; what XML cannot hold, and what looks like it, is written `_xHHHH_` (ECMA-376 part 1, ST_Xstring). */
function escaped(text: string): string {
  return text
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(notXml, (letter) => `_x${letter.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const notXml = /[\0-\x08\x0b-\x1f\ufffe\uffff]/g;

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const officeRelations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

function workbook(sheets: readonly Dataset[]): string {
  const list = sheets.map(
    ({ name }, index) => `<sheet name="${escaped(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `${xmlHead}<workbook xmlns="${main}" xmlns:r="${officeRelations}"><sheets>${list.join('')}</sheets></workbook>`;
}

function relations(targets: readonly (readonly [kind: string, target: string])[]): string {
  const list = targets.map(
    ([kind, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${officeRelations}/${kind}" Target="${target}"/>`,
  );
  return `${xmlHead}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}</Relationships>`;
}

function contentTypes(sheetCount: number): string {
  const kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const parts = Array.from(
    { length: sheetCount },
    (_, index) =>
      `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="${kind}.worksheet+xml"/>`,
  );
  return (
    `${xmlHead}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${kind}.sheet.main+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${kind}.styles+xml"/>${parts.join('')}</Types>`
  );
}

/** Cell styles: 0 plain, 1 date, 2 bold. */
const styles =
  `${xmlHead}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>` +
  `<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
  `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
  `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
  `<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
  `<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
  `<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
  `<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>` +
  `<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/** Every file has the first time that a zip can name, in local time as zip stores it, so that no zone shows. */
function zipped(files: Readonly<Record<string, string>>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, text] of Object.entries(files)) entries[path] = strToU8(text);
  return zipSync(entries, { mtime: new Date(1980, 0, 1, 12), level: 6, os: 0 });
}
