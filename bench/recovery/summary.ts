// All tubes of a run as one row a population, and as two tables in Markdown: what the gates find, and what counts and changes are worth.
import { median, quantile } from '../../src/math/index.ts';
import type { CountScore, Score } from './score.ts';

export interface TubeScores {
  readonly sample: string;
  readonly subject: string;
  readonly visit: string;
  readonly stimulus: string | null;
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
  /** Median where a cell that slid still is what it was. */
  readonly descentF1: number;
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
  /** Without the limit for cells that hide in pairs. */
  readonly coverageWithoutPairs: number | null;
  readonly coverageByCounting: number | null;
  readonly widthByCounting: number | null;
  readonly ccc: number | null;
  /** Coverage by counting and agreement where the labelled events are counted instead of the gated ones. */
  readonly coverageOfTruth: number | null;
  readonly cccOfTruth: number | null;
  /** Agreement of change by gated events with change by labelled events of the same tubes. */
  readonly cccOfGating: number | null;
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
        descentF1: medianOf(enough.map(({ score }) => f1Of({ ...score, ...score.descent }))),
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
        coverageWithoutPairs: meanOrNull(
          counts.map(({ coveredWithoutPairs }) => Number(coveredWithoutPairs)),
        ),
        coverageByCounting: meanOrNull(counts.map(({ countingCovered }) => Number(countingCovered))),
        widthByCounting: meanOrNull(counts.map(({ countingWidth }) => countingWidth)),
        coverageOfTruth: meanOrNull(perfect.map(({ covered }) => Number(covered))),
        ccc: concordance(all, byGates, inBlood),
        cccOfTruth: concordance(all, byLabels, inBlood),
        cccOfGating: concordance(all, byGates, byLabels),
      },
    ];
  });
}

export function f1Of({ truth, gated, both }: Score): number {
  return gated === null || truth + gated === 0 ? 0 : (2 * both) / (truth + gated);
}

type Counted = (count: CountScore) => number | null;
const byGates: Counted = ({ counted }) => counted;
const byLabels: Counted = ({ perfect }) => perfect?.counted ?? null;
const inBlood: Counted = ({ truth }) => truth;

/** Lin's concordance of two changes from the first visit of the same stimulus, in cells per microlitre; null below three of them. */
function concordance(
  all: readonly (TubeScores & { readonly score: Score })[],
  one: Counted,
  other: Counted,
): number | null {
  const changes = all.flatMap(({ subject, visit, stimulus, score: { count } }): [number, number][] => {
    if (visit === 'V0' || count === null) return [];
    const isBaseline = (tube: TubeScores) =>
      tube.subject === subject && tube.visit === 'V0' && tube.stimulus === stimulus;
    const baseline = all.find(isBaseline)?.score.count;
    const [x, y] = [one, other].map((counted) => {
      const [now, before] = [counted(count), baseline ? counted(baseline) : null];
      return now === null || before === null ? null : now - before;
    });
    return x === null || y === null ? [] : [[x, y]];
  });
  if (changes.length < 3) return null;
  const [mx, my] = [meanOf(changes.map(([x]) => x)), meanOf(changes.map(([, y]) => y))];
  const moment = (f: (x: number, y: number) => number) => meanOf(changes.map(([x, y]) => f(x - mx, y - my)));
  const [xx, yy, xy] = [moment((x) => x * x), moment((_, y) => y * y), moment((x, y) => x * y)];
  return (2 * xy) / (xx + yy + (mx - my) * (mx - my));
}

interface Column {
  readonly head: string;
  readonly cell: (row: SummaryRow) => string;
}

/** Where nothing slides, descent is what cells show. */
const byDescent: Column = { head: 'F1 by descent', cell: ({ descentF1 }) => three(descentF1) };

const population: Column = { head: 'population', cell: (row) => row.population };

const columnsOfCells = (isSkewed: boolean): readonly Column[] => [
  population,
  { head: 'tubes', cell: ({ tubes }) => String(tubes) },
  { head: 'F1 median', cell: ({ f1 }) => three(f1.median) },
  { head: 'F1 10 %', cell: ({ f1 }) => three(f1.low) },
  { head: 'F1 least', cell: ({ f1 }) => three(f1.min) },
  { head: 'best cut', cell: ({ best }) => three(best) },
  ...(isSkewed ? [byDescent] : []),
  { head: 'precision', cell: ({ precision }) => three(precision) },
  { head: 'recall', cell: ({ recall }) => three(recall) },
  { head: 'events', cell: ({ eventBias }) => percent(eventBias) },
  { head: 'n.e.', cell: ({ notEvaluable }) => String(notEvaluable) },
  { head: 'fallback', cell: ({ fallbacks }) => String(fallbacks) },
  { head: 'worst tube', cell: ({ worst }) => worst },
];

const columnsOfCounts: readonly Column[] = [
  population,
  { head: 'count', cell: ({ countBias }) => percent(countBias) },
  { head: 'coverage', cell: ({ coverage }) => whole(coverage) },
  { head: 'width', cell: ({ width }) => whole(width) },
  { head: 'without pairs', cell: ({ coverageWithoutPairs }) => whole(coverageWithoutPairs) },
  { head: 'counting alone', cell: ({ coverageByCounting }) => whole(coverageByCounting) },
  { head: 'width alone', cell: ({ widthByCounting }) => whole(widthByCounting) },
  { head: 'of truth', cell: ({ coverageOfTruth }) => whole(coverageOfTruth) },
  { head: 'CCC', cell: ({ ccc }) => three(ccc) },
  { head: 'CCC of truth', cell: ({ cccOfTruth }) => three(cccOfTruth) },
  { head: 'CCC of gating', cell: ({ cccOfGating }) => three(cccOfGating) },
];

export function markdown(rows: readonly SummaryRow[], variant: 'normal' | 'skewed'): string {
  const counted = rows.filter(({ countBias }) => countBias !== null);
  return [
    tableOf(columnsOfCells(variant === 'skewed'), rows),
    ...(counted.length === 0 ? [] : [tableOf(columnsOfCounts, counted)]),
  ].join('\n\n');
}

function tableOf(columns: readonly Column[], rows: readonly SummaryRow[]): string {
  const rule = columns.map(({ head }) => (head === 'population' || head === 'worst tube' ? '---' : '--:'));
  const lines = rows.map((row) => columns.map(({ cell }) => cell(row)));
  return [columns.map(({ head }) => head), rule, ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function percent(x: number | null): string {
  return x === null ? '' : `${x < 0 ? '−' : '+'}${Math.abs(100 * x).toFixed(1)} %`;
}

function whole(x: number | null): string {
  return x === null ? '' : `${(100 * x).toFixed(0)} %`;
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
