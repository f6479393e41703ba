// The table at the end of `gate`: what a scientist looks at first. Populations down, a few samples across.
import type { PopulationRow, SampleResult } from '../results/index.ts';
import { grouped, printable } from './text.ts';

/** Lines of text; not evaluable is `n/e`, a fallback gate is marked `*`, a percentage without a denominator is `-`. */
export function summaryLines(results: readonly SampleResult[]): string[] {
  if (results.length === 0) return [];
  const paths = [...new Set(results.flatMap(({ populations }) => populations.map(({ path }) => path)))];
  const columns = results.map(({ sample, populations }) => {
    const rows = new Map(populations.map((row) => [row.path, row]));
    return [shortened(printable(sample), 28), ...paths.map((path) => cell(rows.get(path)))];
  });
  const names = [
    '',
    ...paths.map(
      (path) => `${'  '.repeat(path.split('/').length - 1)}${printable(path.replace(/^.*\//, ''))}`,
    ),
  ];
  const width = Math.max(...names.map((name) => name.length));
  const widths = columns.map((column) => Math.max(...column.map((text) => text.length)));
  const lines = names.map((name, line) =>
    [name.padEnd(width), ...columns.map((column, c) => column[line].padStart(widths[c]))]
      .join('   ')
      .trimEnd(),
  );
  const marked = columns.some((column) => column.some((text) => text.endsWith('*')));
  return marked ? [...lines, '', '* placed by a fallback method; see issues.csv'] : lines;
}

function cell(row: PopulationRow | undefined): string {
  if (row === undefined) return '';
  if (row.count === null) return 'n/e        ';
  const percent = row.fractionOfParent === null ? '-' : `${(100 * row.fractionOfParent).toFixed(2)} %`;
  return `${grouped(row.count)} ${percent.padStart(9)}${row.status === 'fallback' ? ' *' : '  '}`;
}

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
