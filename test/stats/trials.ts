// The two synthetic trials of the shared reference: inputs through our readers, expected tables as rows of text.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { readTable, type RecordOf, type TableName } from '../../src/study/index.ts';
import type { VisitWindow } from '../../src/endpoints/index.ts';
import { sharedData } from '../shared-data.ts';

export const trials = ['trial-a', 'trial-b'] as const;
export type Trial = (typeof trials)[number];

export interface TrialConfig {
  readonly anchor: 'ABLDT' | 'TRTSDT';
  readonly windowTie: 'later' | 'earlier';
  readonly blqRule: 'half' | 'sqrt2';
  readonly windows: VisitWindow[];
  readonly ratios: { code: string; num: string; den: string }[];
  readonly landmarkDay: number;
  readonly teaeWindowDays: number;
}

export function trialText(trial: Trial, ...path: string[]): string {
  const file = sharedData('reference', 'stats', trial, ...path);
  if (file === null) throw new Error('the shared reference folder is absent');
  return readFileSync(file, 'utf8');
}

export function trialTable<T extends TableName>(trial: Trial, table: T): readonly RecordOf<T>[] {
  const { rows, issues } = readTable(table, trialText(trial, 'input', `${table}.csv`));
  if (issues.length > 0) throw new Error(JSON.stringify(issues.slice(0, 3)));
  return rows;
}

export function trialConfig(trial: Trial): TrialConfig {
  return JSON.parse(trialText(trial, 'input', 'config.json')) as TrialConfig;
}

export function expectedRows(trial: Trial, file: string): Record<string, string>[] {
  return parse<Record<string, string>>(trialText(trial, 'expected', file), { columns: true });
}

export function expectedJson<T>(trial: Trial, file: string): T {
  return JSON.parse(trialText(trial, 'expected', file)) as T;
}

/** Compares every cell of an expected CSV with our rows: numbers to 1e-9, everything else as text; missing is empty. */
export function compareTable(
  expected: readonly Record<string, string>[],
  actual: readonly object[],
  cellOf: (row: Record<string, unknown>, column: string, index: number) => unknown = (row, column) =>
    row[column],
): { compared: number; misses: string[] } {
  const misses: string[] = [];
  let compared = 0;
  if (expected.length !== actual.length) misses.push(`want ${expected.length} rows, got ${actual.length}`);
  expected.forEach((want, i) => {
    for (const [column, text] of Object.entries(want)) {
      compared += 1;
      const got = cellOf((actual[i] ?? {}) as Record<string, unknown>, column, i);
      const fits =
        typeof got === 'number'
          ? text !== '' && Math.abs(got - Number(text)) <= Math.max(1e-12, 1e-9 * Math.abs(Number(text)))
          : (got ?? (column in (actual[i] ?? {}) ? '' : undefined)) === text;
      if (!fits) misses.push(`row ${i + 1} ${column}: want "${text}", got ${String(got)}`);
    }
  });
  return { compared, misses };
}
