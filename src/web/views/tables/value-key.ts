// Which endpoint value a row of a table speaks of, if any: subject, visit and parameter, whatever the table calls them. Pure.
import { textOf, type Cell } from '../../api/rows.ts';

export interface ValueKey {
  readonly subject: string;
  readonly visit: string;
  readonly parameter: string;
}

const names = {
  subject: ['subject', 'USUBJID'],
  visit: ['visit', 'VISIT', 'AVISIT'],
  parameter: ['paramcd', 'PARAMCD'],
} as const;

/** Null where the table has no such columns or the row leaves one empty. */
export function valueKey(columns: readonly string[], row: readonly Cell[]): ValueKey | null {
  const find = (wanted: readonly string[]): string => {
    const name = wanted.find((one) => columns.includes(one));
    return name === undefined ? '' : textOf(row[columns.indexOf(name)]);
  };
  const key = { subject: find(names.subject), visit: find(names.visit), parameter: find(names.parameter) };
  return Object.values(key).includes('') ? null : key;
}
