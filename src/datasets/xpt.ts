// Datasets as SAS transport files of version 5 and back (statistics section 22; layout in `xport.ts`).
// Rule for numbers: every double with 16^-65 <= |x| < 16^63 and zero is held exactly and comes back as the same bits; others are refused.
// Invariant: what does not fit (names, labels, texts, numbers, letters) is refused with its place, never cut or replaced.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { daysFromIso, isoFromDays } from '../study/index.ts';
import { sasEpoch } from './calendar.ts';
import { fitsIbm } from './ibm-float.ts';
import { requireDataset, variable, type Cell, type Dataset, type Variable } from './model.ts';
import { readXport } from './xport-read.ts';
import { writeXport } from './xport-write.ts';
import type { XportFormat, XportMember, XportVariable } from './xport.ts';

export interface XptOptions {
  /** ISO time without zone, `YYYY-MM-DDThh:mm:ss`; SAS keeps two digits of the year. Default 1970-01-01T00:00:00, so that bytes repeat. */
  readonly created?: string;
  /** `ascii` (default, what authorities ask for) refuses every letter beyond 0x20 to 0x7E; `utf-8` writes UTF-8 bytes and refuses NUL only. */
  readonly text?: 'ascii' | 'utf-8';
}

/**
 * One file, one member a table. Dates are SAS days with DATE9. (or the variable's own format), booleans 1 and 0, missing numbers `.`, missing
 * texts blank. Trailing blanks of a text are not kept: SAS pads with them. Throws E_FORMAT_LIMIT with the first of `xptIssues`.
 */
export function xptBytes(datasets: readonly Dataset[], options: XptOptions = {}): Uint8Array {
  for (const dataset of datasets) requireDataset(dataset);
  const [first] = datasets.flatMap((dataset) => xptIssues(dataset, options));
  if (first) throw new ImmunogateError(first.code, first.message, { place: first.place });
  const time = sasTime(options.created ?? '1970-01-01T00:00:00');
  const made = { version: '6.06', system: 'bsd4.2', created: time, modified: time };
  return writeXport({ ...made, members: datasets.map((dataset) => ({ ...made, ...memberOf(dataset) })) });
}

/** Everything of a sound table that version 5 cannot hold; empty when it can be written. */
export function xptIssues(dataset: Dataset, { text = 'ascii' }: XptOptions = {}): readonly Issue[] {
  const found: Issue[] = [];
  const say = (message: string, place: string) =>
    found.push(issue('E_FORMAT_LIMIT', `${place}: ${message}`, place));
  const letters = text === 'ascii' ? notAscii : notUtf8;
  const label = (value: string, place: string) => {
    if (byteLength(value) > 40) say('the label is longer than 40 bytes.', place);
    if (letters.test(value)) say('the label has a letter that is not allowed.', place);
  };
  if (!xptName.test(dataset.name)) say('the name is not 1 to 8 of A-Z, 0-9, _.', dataset.name);
  label(dataset.label, dataset.name);
  if (dataset.variables.length > 9999) say('there are more than 9999 variables.', dataset.name);
  const names = new Set<string>();
  dataset.variables.forEach((column, index) => {
    const name = nameOf(column);
    const place = `${dataset.name}.${column.name}`;
    if (!xptName.test(name)) say(`the name ${name} is not 1 to 8 of A-Z, 0-9, _.`, place);
    if (names.has(name)) say(`the name ${name} is used twice.`, place);
    names.add(name);
    label(column.label, place);
    if (column.format !== null && parseFormat(column.format) === null)
      say(`${column.format} is not a SAS format.`, place);
    if (column.length !== null && column.length > 200)
      say(`a length of ${column.length} bytes is above 200.`, place);
    const at = dataset.rows.findIndex((row) => !cellFits(row[index], column, letters));
    if (at >= 0) say(`row ${at + 1} holds ${cellFault(column)}.`, place);
  });
  if (found.length === 0 && endsInDoubt(dataset))
    say('the last row is blank and cannot be told from padding.', dataset.name);
  return found;
}

function cellFits(value: Cell, column: Variable, letters: RegExp): boolean {
  if (typeof value === 'number') return fitsIbm(value);
  if (typeof value !== 'string' || column.type !== 'text') return true;
  return (
    !letters.test(value) &&
    !value.includes(memberMark) &&
    value.trim() !== '' &&
    byteLength(trimmedEnd(value)) <= Math.min(column.length ?? 200, 200)
  );
}

function cellFault({ type, length }: Variable): string {
  if (type !== 'text') return 'a number outside 5.4e-79 to 7.2e75';
  return `a text that is blank, longer than ${Math.min(length ?? 200, 200)} bytes, or has letters that are not allowed`;
}

const xptName = /^[A-Z_][A-Z0-9_]{0,7}$/;
const notAscii = /[^\x20-\x7e]/;
const notUtf8 = /\0/;

/** A reader finds the next member by these letters at the start of a record; a text must not forge one. */
const memberMark = 'HEADER RECORD*******MEMBER';

/** Rows are counted by the bytes that are not blank: a blank last row shorter than a record would vanish. */
function endsInDoubt({ rows, variables }: Dataset): boolean {
  const last = rows.at(-1);
  return (
    last !== undefined &&
    variables.every(({ type }) => type === 'text') &&
    last.every((cell) => cell === null)
  );
}

function memberOf(dataset: Dataset): Pick<XportMember, 'name' | 'label' | 'type' | 'variables' | 'rows'> {
  const { name, label, variables, rows } = dataset;
  return {
    name,
    label,
    type: '',
    variables: variables.map((column, index) => xportVariable(column, textBytes(dataset, index))),
    rows: rows.map((row) => row.map((cell, index) => xportCell(cell, variables[index]))),
  };
}

function xportVariable(column: Variable, length: number): XportVariable {
  const { label, type, format } = column;
  const numeric = type !== 'text';
  const shown = format === null ? (type === 'date' ? date9 : noFormat) : (parseFormat(format) ?? noFormat);
  return {
    name: nameOf(column),
    label,
    kind: numeric ? 'numeric' : 'character',
    length: numeric ? 8 : length,
    format: shown,
    informat: shown,
    rightAligned: numeric,
  };
}

const noFormat: XportFormat = { name: '', width: 0, decimals: 0 };
const date9: XportFormat = { name: 'DATE', width: 9, decimals: 0 };

function xportCell(value: Cell, { type }: Variable): string | number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return value;
  return type === 'date' ? daysFromIso(value) + sasEpoch : trimmedEnd(value);
}

/** `DATE9.`, `8.2`, `$20.`, `E8601DA.` in parts; null for what is no format. */
function parseFormat(text: string): XportFormat | null {
  const parts = /^((?:\$?[A-Z_][A-Z0-9_]{0,6}(?<=[A-Z_]))|\$?)(\d{0,3})\.(\d{0,2})$/.exec(text);
  if (parts === null) return null;
  return { name: parts[1], width: Number(parts[2]), decimals: Number(parts[3]) };
}

function nameOf({ name, shortName }: Variable): string {
  return shortName ?? name;
}

/** Declared length, or that of the longest text, at least 1. */
function textBytes({ variables, rows }: Dataset, index: number): number {
  const { type, length } = variables[index];
  if (type !== 'text' || length !== null) return length ?? 8;
  return rows.reduce((most, row) => {
    const value = row[index];
    return typeof value === 'string' ? Math.max(most, byteLength(trimmedEnd(value))) : most;
  }, 1);
}

function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end--;
  return text.slice(0, end);
}

const encoder = new TextEncoder();

function byteLength(text: string): number {
  return encoder.encode(text).length;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `2026-11-23T03:37:27` → `23NOV26:03:37:27`. */
function sasTime(iso: string): string {
  const parts = /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)$/.exec(iso);
  const month = months[Number(parts?.[2]) - 1];
  if (parts === null || month === undefined)
    throw new ImmunogateError('BAD_INPUT', `${iso} is not a time YYYY-MM-DDThh:mm:ss.`);
  return `${parts[3]}${month}${parts[1]}:${parts[4]}`;
}

/**
 * The tables of a transport file. Texts become `text`, numbers with a date format `date`, other numbers `float`; every special missing value
 * (`.`, `._`, `.A` to `.Z`) becomes null. Throws E_XPT_INVALID. Keys are not part of the format, so there are none.
 */
export function readXpt(bytes: Uint8Array): readonly Dataset[] {
  return readXport(bytes).members.map((member) => {
    const variables = member.variables.map((column, index) => datasetVariable(member, column, index));
    const rows = member.rows.map((row) =>
      row.map((cell, index) =>
        variables[index].type === 'date' && typeof cell === 'number' ? isoFromDays(cell - sasEpoch) : cell,
      ),
    );
    return { name: member.name, label: member.label, class: '', keys: [], variables, rows };
  });
}

function datasetVariable({ rows }: XportMember, column: XportVariable, index: number): Variable {
  const { name, label, kind, length, format } = column;
  const shown = format.name === '' && format.width === 0 ? null : formatText(format);
  if (kind === 'character') return variable(name, label, 'text', { length, format: shown });
  const days = dateFormats.has(format.name) && rows.every((row) => isDay(row[index]));
  return variable(name, label, days ? 'date' : 'float', { format: shown });
}

function formatText({ name, width, decimals }: XportFormat): string {
  return `${name}${width || ''}.${decimals || ''}`;
}

const dateFormats = new Set([
  'DATE',
  'E8601DA',
  'YYMMDD',
  'YYMMDDD',
  'DDMMYY',
  'MMDDYY',
  'IS8601DA',
  'WORDDATE',
]);

/** A whole day of the years 1 to 9999. */
function isDay(value: string | number | null): boolean {
  if (typeof value !== 'number') return value === null;
  return Number.isInteger(value) && value >= -715509 && value <= 2936549;
}
