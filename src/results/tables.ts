// The tables of one run as CSV text (architecture section 6): RFC 4180, LF, numbers as shortest round-trip text, an empty cell for a
// missing value. The invariant: a text depends on the results alone, so the same results give the same bytes everywhere.
import type { Issue } from '../errors.ts';
import type { QualityRow } from '../qc/index.ts';
import type { UncertaintyRow } from './uncertainty.ts';
import type { PopulationRow, StatisticRow } from './model.ts';

export const populationColumns = [
  'sample',
  'population',
  'path',
  'parent',
  'count',
  'parentCount',
  'fractionOfParent',
  'fractionOfTotal',
  'status',
  'reason',
  'method',
  'ciLow',
  'ciHigh',
] as const;

export const statisticColumns = [
  'sample',
  'population',
  'path',
  'channel',
  'marker',
  'median',
  'mean',
  'geometricMean',
  'robustSd',
  'cv',
  'p05',
  'p95',
  'n',
] as const;

export const qualityColumns = [
  'sample',
  'check',
  'value',
  'unit',
  'low',
  'high',
  'verdict',
  'reason',
] as const;

export const uncertaintyColumns = [
  'sample',
  'population',
  'path',
  'fractionOfParent',
  'ciLow',
  'ciHigh',
  'gateLow',
  'gateHigh',
  'totalLow',
  'totalHigh',
  'countLow',
  'countHigh',
  'cutSe',
  'cutSe2',
  'reason',
] as const;

export const issueColumns = ['sample', 'level', 'code', 'place', 'message'] as const;

/** Lines of populations.csv for one sample, without the header; each ends in LF. */
export function populationLines(sample: string, rows: readonly PopulationRow[]): string {
  return lines(rows, populationColumns, (row, column) => (column === 'sample' ? sample : row[column]));
}

/** Lines of statistics.csv for one sample, as `populationLines`. */
export function statisticLines(sample: string, rows: readonly StatisticRow[]): string {
  return lines(rows, statisticColumns, (row, column) => (column === 'sample' ? sample : row[column]));
}

/** Lines of quality.csv for one sample, as `populationLines`. */
export function qualityLines(sample: string, rows: readonly QualityRow[]): string {
  return lines(rows, qualityColumns, (row, column) => (column === 'sample' ? sample : row[column]));
}

/** Lines of uncertainty.csv for one sample, as `populationLines`. */
export function uncertaintyLines(sample: string, rows: readonly UncertaintyRow[]): string {
  return lines(rows, uncertaintyColumns, (row, column) => (column === 'sample' ? sample : row[column]));
}

/** `sample` is empty for an issue that concerns the whole run. */
export function issueLines(sample: string, issues: readonly Issue[]): string {
  return lines(issues, issueColumns, (row, column) => (column === 'sample' ? sample : row[column]));
}

export function headerLine(columns: readonly string[]): string {
  return `${columns.map(csvCell).join(',')}\n`;
}

function lines<Row, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
  cell: (row: Row, column: Column) => string | number | null,
): string {
  return rows.map((row) => `${columns.map((column) => csvCell(cell(row, column))).join(',')}\n`).join('');
}

/**
 * One cell. Text that a spreadsheet would run as a formula gets a leading apostrophe (reliability S-7); numbers are never altered.
 * NaN and infinities have no place in a table: they throw.
 */
export function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('A table cell is not a finite number.');
    return String(value === 0 ? 0 : value);
  }
  const text = formulaStart.test(value) ? `'${value}` : value;
  return mustQuote.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const formulaStart = /^[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/;
const mustQuote = /[",\r\n]|^\s|\s$/;
