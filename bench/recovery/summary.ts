// All tubes of a run as one row a population, and as a table in Markdown.
import { median, quantile } from '../../src/math/index.ts';
import type { CountScore, Score } from './score.ts';

export interface TubeScores {
  readonly sample: string;
  readonly subject: string;
  readonly visit: string;
  readonly scores: readonly Score[];
}

/** Fewer true events than these say little about a gate. */
export const enoughEvents = 50;

export interface SummaryRow {
  readonly population: string;
  /** Tubes with at least 50 true events, and how many of those were not evaluable or placed by a fallback. */
  readonly tubes: number;
  readonly notEvaluable: number;
  readonly fallbacks: number;
  /** Over those tubes; not evaluable counts as 0. */
  readonly f1: { readonly median: number; readonly low: number; readonly min: number };
  /** Median over the tubes of the F1 that the best cuts reach; null = not drawn by cuts. */
  readonly best: number | null;
  readonly precision: number;
  readonly recall: number;
  readonly worst: string;
  /** Gated over true events of all those tubes, minus 1. */
  readonly eventBias: number;
  /** Mean of counted over true cells per microlitre, minus 1; part of the intervals that hold the truth; agreement of change from baseline. */
  readonly countBias: number | null;
  readonly coverage: number | null;
  /** Mean width of those intervals over the count; the last two with counting error alone. */
  readonly width: number | null;
  readonly coverageByCounting: number | null;
  readonly widthByCounting: number | null;
  readonly ccc: number | null;
  /** The last two where the labelled events are counted instead of the gated ones. */
  readonly coverageOfTruth: number | null;
  readonly cccOfTruth: number | null;
}

export function summarise(tubes: readonly TubeScores[]): SummaryRow[] {
  const ids = [...new Set(tubes.flatMap(({ scores }) => scores.map(({ population }) => population)))];
  return ids.flatMap((population) => {
    const all = tubes.flatMap((tube) =>
      tube.scores.filter((score) => score.population === population).map((score) => ({ ...tube, score })),
    );
    const enough = all.filter(({ score }) => score.truth >= enoughEvents);
    if (enough.length === 0) return [];
    const f1 = enough.map(({ score }) => f1Of(score));
    const worst = enough[f1.indexOf(Math.min(...f1))];
    const counts = enough.flatMap(({ score }) => score.count ?? []);
    const perfect = counts.flatMap((count) => count.perfect ?? []);
    const total = (part: (score: Score) => number) => enough.reduce((sum, { score }) => sum + part(score), 0);
    return [
      {
        population,
        tubes: enough.length,
        notEvaluable: enough.filter(({ score }) => score.gated === null).length,
        fallbacks: enough.filter(({ score }) => score.fallback).length,
        f1: {
          median: median(Float64Array.from(f1)),
          low: quantile(Float64Array.from(f1), 0.1),
          min: Math.min(...f1),
        },
        best: medianOrNull(enough.flatMap(({ score }) => score.best ?? [])),
        precision: medianOf(enough.map(({ score }) => ratio(score.both, score.gated ?? 0))),
        recall: medianOf(
          enough.map(({ score }) => ratio(score.gated === null ? 0 : score.both, score.truth)),
        ),
        worst: worst.sample,
        eventBias: total(({ gated }) => gated ?? 0) / total(({ truth }) => truth) - 1,
        countBias:
          counts.length === 0 ? null : meanOf(counts.map(({ counted, truth }) => counted / truth)) - 1,
        coverage: meanOrNull(counts.map(({ covered }) => Number(covered))),
        width: meanOrNull(counts.map(({ width }) => width)),
        coverageByCounting: meanOrNull(counts.map(({ countingCovered }) => Number(countingCovered))),
        widthByCounting: meanOrNull(counts.map(({ countingWidth }) => countingWidth)),
        ccc: concordance(all, ({ counted }) => counted),
        coverageOfTruth: meanOrNull(perfect.map(({ covered }) => Number(covered))),
        cccOfTruth: concordance(all, ({ perfect }) => perfect?.counted ?? null),
      },
    ];
  });
}

export function f1Of({ truth, gated, both }: Score): number {
  return gated === null || truth + gated === 0 ? 0 : (2 * both) / (truth + gated);
}

/** Lin's concordance of counted and true change from the first visit, both in cells per microlitre; null below three changes. */
function concordance(
  all: readonly (TubeScores & { readonly score: Score })[],
  countedOf: (count: CountScore) => number | null,
): number | null {
  const changes = all.flatMap(({ subject, visit, score }): [number, number][] => {
    const baseline = all.find((other) => other.subject === subject && other.visit === 'V0')?.score.count;
    if (visit === 'V0' || !baseline || score.count === null) return [];
    const [now, before] = [countedOf(score.count), countedOf(baseline)];
    return now === null || before === null ? [] : [[now - before, score.count.truth - baseline.truth]];
  });
  if (changes.length < 3) return null;
  const [mx, my] = [meanOf(changes.map(([x]) => x)), meanOf(changes.map(([, y]) => y))];
  const moment = (f: (x: number, y: number) => number) => meanOf(changes.map(([x, y]) => f(x - mx, y - my)));
  const [xx, yy, xy] = [moment((x) => x * x), moment((_, y) => y * y), moment((x, y) => x * y)];
  return (2 * xy) / (xx + yy + (mx - my) * (mx - my));
}

const heads = [
  ...['population', 'tubes', 'F1 median', 'F1 10 %', 'F1 least', 'best cut', 'precision', 'recall', 'events'],
  ...[
    'count',
    'coverage',
    'width',
    'counting alone',
    'width alone',
    'of truth',
    'CCC',
    'CCC of truth',
    'n.e.',
    'fallback',
    'worst tube',
  ],
];

export function markdown(rows: readonly SummaryRow[]): string {
  const percent = (x: number | null) =>
    x === null ? '' : `${x < 0 ? '−' : '+'}${Math.abs(100 * x).toFixed(1)} %`;
  const whole = (x: number | null) => (x === null ? '' : `${(100 * x).toFixed(0)} %`);
  const lines = rows.map((row) => [
    ...[row.population, String(row.tubes), three(row.f1.median), three(row.f1.low), three(row.f1.min)],
    ...[
      three(row.best),
      three(row.precision),
      three(row.recall),
      percent(row.eventBias),
      percent(row.countBias),
    ],
    ...[row.coverage, row.width, row.coverageByCounting, row.widthByCounting, row.coverageOfTruth].map(whole),
    ...[three(row.ccc), three(row.cccOfTruth)],
    ...[String(row.notEvaluable), String(row.fallbacks), row.worst],
  ]);
  const rule = heads.map((_, column) => (column === 0 || column === heads.length - 1 ? '---' : '--:'));
  return [heads, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function three(x: number | null): string {
  return x === null ? '' : x.toFixed(3);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : meanOf(values);
}

function medianOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianOf(values);
}

function medianOf(values: readonly number[]): number {
  return median(Float64Array.from(values));
}
