// From an endpoint value back to where it was counted: samples, populations, their gates, the edits on them (reliability A-1).
import { ImmunogateError } from '../errors.ts';
import type { Cell, Dataset } from '../datasets/index.ts';
import { strategyText } from '../results/index.ts';
import { withResults } from './results-reading.ts';
import type { ValueProvenance } from './schema.ts';
import type { WireStrategy } from './shapes/sample.ts';
import { tableOf } from './tables.ts';
import type { StudyFolder } from './workspace.ts';

interface Asked {
  readonly subject: string;
  readonly visit: string;
  readonly parameter: string;
}

/** The first endpoint row of a subject, visit and parameter. Throws E_NOT_FOUND. */
export function provenanceOfValue(study: StudyFolder, { subject, visit, parameter }: Asked): ValueProvenance {
  const endpoints = tableOf(study, 'endpoints');
  const row = endpoints.rows
    .map((cells) => recordOf(endpoints, cells))
    .find((one) => one['subject'] === subject && one['paramcd'] === parameter && isVisit(one, visit));
  if (row === undefined) throw new ImmunogateError('E_NOT_FOUND', 'There is no such value in the last run.');
  const samples = listOf(row['samples']);
  const paths = pathsBehind(row);
  const inForce = [...study.log.state().overrides.values()].filter(({ undone }) => undone === null);
  const sources = withResults(study, (results) =>
    samples.flatMap((sample) => {
      const resultId = results.items.get(sample)?.resultId ?? null;
      if (resultId === null) return [];
      const result = results.result(resultId);
      const wire = JSON.parse(strategyText(result.strategy)) as WireStrategy;
      const populations = result.populations
        .filter(({ path }) => paths.has(path))
        .flatMap((population) => {
          const drawn = wire.populations.find(({ path }) => path === population.path);
          if (drawn === undefined) return [];
          const overrides = inForce.filter((one) => one.sample === sample && one.path === population.path);
          return [{ row: { ...population }, gate: drawn.gate, fit: drawn.fit, overrides }];
        });
      return [{ sample, resultId, fileSha256: result.fileSha256, populations }];
    }),
  );
  const text = (name: string): string => (row[name] === null ? '' : String(row[name]));
  const value = row['value'];
  return {
    subject,
    visit,
    parameter,
    label: text('param').includes(`(${text('unit')})`) ? text('param') : `${text('param')} (${text('unit')})`,
    value: typeof value === 'number' ? value : null,
    reason: row['reason'] === null ? null : text('reason'),
    formula: formulaOf(row),
    sources,
  };
}

/** Of all population columns: a long list goes on in the second. */
export function pathsBehind(row: Readonly<Record<string, Cell>>): ReadonlySet<string> {
  return new Set(['populations', 'populations2'].flatMap((name) => listOf(row[name] ?? null)));
}

/** A visit by its id, or by its number where tables show numbers. */
function isVisit(row: Readonly<Record<string, Cell>>, visit: string): boolean {
  return row['visit'] === visit || String(row['visitNumber']) === visit;
}

/** Which numbers the value was made of; how, the label says. */
function formulaOf(row: Readonly<Record<string, Cell>>): string {
  const part = (name: string, what: string) => (row[name] === null ? [] : [`${String(row[name])} ${what}`]);
  return [
    ...part('events', 'events of the population'),
    ...part('parentEvents', 'events of its parent, divisor or beads'),
    ...part('platform', ''),
  ]
    .map((text) => text.trim())
    .join('; ');
}

function recordOf({ variables }: Dataset, cells: readonly Cell[]): Readonly<Record<string, Cell>> {
  return Object.fromEntries(variables.map(({ name }, i) => [name, cells[i]]));
}

function listOf(cell: Cell): string[] {
  return typeof cell === 'string' ? cell.split('; ') : [];
}
