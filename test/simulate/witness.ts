// Independent means for the simulator's tests: the panel tables as the specification prints them, and compensation by plain
// Gaussian elimination. Nothing here comes from src/simulate.
import { readFileSync } from 'node:fs';
import type { SimulatedTube } from '../../src/simulate/index.ts';
import { sharedData } from '../shared-data.ts';

export interface SpecifiedCell {
  readonly id: string;
  readonly shares: readonly number[];
  readonly cls: string;
  readonly levels: Readonly<Record<string, readonly [mean: number, sd: number]>>;
}

export const specification = sharedData('spec', 'populations.md');

/** The table of section 5.`number` of populations.md; a cell without a level is left out. */
export function specifiedTable(number: number): SpecifiedCell[] {
  const text = readFileSync(specification!, 'utf8');
  const begin = text.indexOf(`**5.${number} `);
  const lines = text.slice(begin, text.indexOf('**5.', begin + 4)).split('\n');
  const rows = lines
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const [head, ...body] = rows;
  const cls = head.indexOf('cls');
  return body.map((row) => ({
    id: row[0],
    shares: row.slice(1, cls).map(Number),
    cls: row[cls],
    levels: Object.fromEntries(
      head.flatMap((marker, at) => {
        if (at <= cls || row[at] === '.') return [];
        const [mean, sd] = row[at].split('/').map(Number);
        return [[marker, [mean, sd] as const]];
      }),
    ),
  }));
}

/** Background of the classes, as section 5.1 prints it. */
export const background: Readonly<Record<string, readonly [number, number]>> = {
  L: [0.35, 0.45],
  M: [0.75, 0.45],
  D: [0.7, 0.45],
  N: [0.7, 0.45],
  E: [1.7, 0.4],
  A: [0.45, 0.45],
  K: [1.6, 0.5],
};

/** Compensated colours, one column a detector in panel order: raw values times the inverse of the written matrix. */
export function compensated({ events, spillover }: SimulatedTube): Float64Array[] {
  const n = spillover.detectors.length;
  const inverse = invert(spillover.matrix, n);
  const raw = events.columns.slice(6, 6 + n);
  return Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: events.count }, (_, e) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += raw[i][e] * inverse[i * n + j];
      return sum;
    }),
  );
}

function invert(matrix: Float64Array, n: number): Float64Array {
  const a = Array.from({ length: n }, (_, i) => [
    ...matrix.slice(i * n, (i + 1) * n),
    ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)),
  ]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c; r < n; r++) if (Math.abs(a[r][c]) > Math.abs(a[pivot][c])) pivot = r;
    [a[c], a[pivot]] = [a[pivot], a[c]];
    const p = a[c][c];
    a[c] = a[c].map((value) => value / p);
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const f = a[r][c];
      a[r] = a[r].map((value, at) => value - f * a[c][at]);
    }
  }
  return Float64Array.from(a.flatMap((row) => row.slice(n)));
}

/** Positions of the events with a label. */
export function eventsOf({ labels }: SimulatedTube, label: string): number[] {
  const code = labels.names.indexOf(label);
  return [...labels.codes.keys()].filter((e) => labels.codes[e] === code);
}

export function meanAndSd(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd };
}

/** Mean of 150 sinh(Y) for normal Y: sinh of the mean, times exp(variance / 2). */
export function meanLight(mean: number, sd: number): number {
  return 150 * Math.sinh(mean) * Math.exp((sd * sd) / 2);
}
