// What a recount changed: counts of populations and immune values, before and after, from the stored results and tables alone.
// Invariant: an effect is the difference of two finished runs; it is recorded with the end of the second and never worked out again.
import type { Cell } from '../../datasets/index.ts';
import type { SampleEffect } from '../study-log.ts';
import { withResults, type ResultsReading } from '../results-reading.ts';
import { tableOf } from '../tables.ts';
import type { StudyFolder } from '../workspace.ts';

interface Value {
  /** Of which it was made. */
  readonly samples: readonly string[];
  readonly parameter: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number | null;
}

/** How a study stood before a run. */
export interface Standing {
  readonly results: ReadonlyMap<string, string | null>;
  readonly values: ReadonlyMap<string, Value>;
}

export function standingOf(study: StudyFolder): Standing {
  const results = withResults(
    study,
    ({ items }) => new Map([...items].map(([sample, { resultId }]) => [sample, resultId])),
  );
  return { results, values: valuesOf(study) };
}

/** Effects on the samples whose result is another one than before, in order of their ids. */
export function effectsSince(study: StudyFolder, before: Standing): SampleEffect[] {
  const values = valuesOf(study);
  return withResults(study, (results) =>
    [...results.items]
      .filter(([sample, { resultId }]) => resultId !== (before.results.get(sample) ?? null))
      .map(([sample, { resultId }]) => ({
        sample,
        populations: populationsChanged(results, before.results.get(sample) ?? null, resultId),
        endpoints: valuesChanged(before.values, values, sample),
      }))
      .sort((a, b) => (a.sample < b.sample ? -1 : 1)),
  );
}

function populationsChanged(
  results: ResultsReading,
  before: string | null,
  after: string | null,
): SampleEffect['populations'] {
  const counts = (resultId: string | null) =>
    new Map(
      (resultId === null ? [] : results.result(resultId).populations).map(({ path, count }) => [path, count]),
    );
  const [was, is] = [counts(before), counts(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((path) => {
    const change = { path, before: was.get(path) ?? null, after: is.get(path) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

function valuesChanged(
  before: Standing['values'],
  after: Standing['values'],
  sample: string,
): SampleEffect['endpoints'] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const of = [is, was].find((one) => one?.samples.includes(sample) === true);
    if (of === undefined || was?.value === is?.value) return [];
    const { parameter, label, unit } = of;
    return [{ parameter, label, unit, before: was?.value ?? null, after: is?.value ?? null }];
  });
}

/** Rows of the table of immune values; none before the first run. */
function valuesOf(study: StudyFolder): ReadonlyMap<string, Value> {
  const table = tableOrNull(study);
  if (table === null) return new Map();
  const at = (name: string): number => table.variables.findIndex((variable) => variable.name === name);
  const columns = ['subject', 'visit', 'panel', 'paramcd', 'param', 'unit', 'value', 'samples'].map(at);
  return new Map(
    table.rows.map((row) => {
      const [subject, visit, panel, parameter, label, unit, value, samples] = columns.map(
        (c) => row[c] ?? null,
      );
      const text = (cell: Cell): string => (cell === null ? '' : String(cell));
      return [
        JSON.stringify([subject, visit, panel, parameter]),
        {
          samples: text(samples).split('; '),
          parameter: text(parameter),
          label: text(label),
          unit: text(unit),
          value: typeof value === 'number' ? value : null,
        },
      ];
    }),
  );
}

function tableOrNull(study: StudyFolder): ReturnType<typeof tableOf> | null {
  try {
    return tableOf(study, 'endpoints');
  } catch {
    return null;
  }
}
