// How the metadata of result tables is written: a line a column.
// Invariant: names as in the specification; those of more than eight letters have a short one, so that every table fits SAS files.
import { variable, type DatasetDefinition, type Variable } from './model.ts';

/** A column as `name[/short]: type, label`. Types: t text, i integer, f float, d date. */
export type Column = readonly [name: string, type: 't' | 'i' | 'f' | 'd', label: string, derivation?: string];

const types = { t: 'text', i: 'integer', f: 'float', d: 'date' } as const;

function columns(list: readonly Column[]): Variable[] {
  return list.map(([written, type, label, derivation]) => {
    const [name, short = name] = written.split('/');
    return variable(name, label, types[type], {
      shortName: short.toUpperCase() === name ? null : short.toUpperCase(),
      format: type === 'd' ? 'DATE9.' : null,
      derivation: derivation ?? null,
    });
  });
}

/** A result table with its keys and columns. */
export function table(
  name: string,
  label: string,
  keys: readonly string[],
  list: readonly Column[],
): DatasetDefinition {
  return { name, label, class: 'RESULTS', keys, variables: columns(list) };
}

export const warnings: Column = ['warnings', 't', 'Codes of Warnings'];
