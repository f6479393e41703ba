// An overview of samples that nobody asked a question of: principal components over what was gated and measured in each, so that a batch
// or a tube that went wrong stands apart. Tables in, tables out; it looks at no event. For exploration: no value is changed by it.
// Invariant: the same samples give the same numbers in whatever order they come; signs of components are fixed.
import { PCA } from 'ml-pca';
import { asinh, log, median, robustSpread } from '../math/index.ts';
import { csvCell, headerLine, type SampleResult } from '../results/index.ts';
import { chiSquareQuantile } from '../stats/index.ts';

/** What is looked at of a sample. All samples of one overview were gated by the same template. */
export type OverviewSample = Pick<SampleResult, 'sample' | 'populations' | 'statistics'>;

export interface Overview {
  /** By name, in order of code units. */
  readonly samples: readonly SamplePlace[];
  readonly components: readonly Component[];
  /** What samples are compared by: `fraction <path>` (logit) and `median <channel>` (asinh(x / 150)). */
  readonly features: readonly string[];
  /** Distances above it are outliers. */
  readonly cutoff: number;
}

export interface SamplePlace {
  readonly sample: string;
  /** One a component, in robust SD of the features. */
  readonly scores: readonly number[];
  /** Distance from the middle of the samples in robust SD of each component. */
  readonly distance: number;
  /** Distance from the space of the components, in robust SD of the samples' own. */
  readonly residual: number;
  readonly outlier: boolean;
  /** Of an outlier: the feature that is furthest from the others. */
  readonly reason: string | null;
}

export interface Component {
  /** Fraction of the variance. */
  readonly explained: number;
  /** One a feature; the largest in size is positive. */
  readonly loadings: readonly number[];
}

const FEWEST_SAMPLES = 6;
const MOST_COMPONENTS = 10;
/** Components are taken until they explain this much. */
const EXPLAINED = 0.8;
/** Part of the samples that a feature may be missing in. */
const MOST_MISSING = 0.2;
/** An outlier lies beyond this quantile of the chi-square distribution, or this many robust SD off the components. */
const LEVEL = 0.999;
const MOST_RESIDUAL = 5;
/** Channels are described in the first of these populations that all samples have. */
const describedIn = ['leuk', 'live', 'singS', 'nomargin', 'time_ok'] as const;

/** The overview of samples of one template; in words why there is none. */
export function sampleOverview(samples: readonly OverviewSample[]): Overview | string {
  if (samples.length < FEWEST_SAMPLES)
    return `${samples.length} samples are too few for an overview; ${FEWEST_SAMPLES} are needed`;
  const ordered = [...samples].sort((a, b) => (a.sample < b.sample ? -1 : a.sample > b.sample ? 1 : 0));
  const columns = featuresOf(ordered).flatMap(standardised);
  if (columns.length < 2) return 'fewer than two features differ between the samples';
  const rows = ordered.map((_, s) => columns.map(({ values }) => values[s]));

  const pca = new PCA(rows, { method: 'SVD', center: true, scale: false });
  const explained = pca.getExplainedVariance();
  const wanted = componentsFor(explained, samples.length);
  const vectors = pca.getEigenvectors();
  const components = Array.from({ length: wanted }, (_, k): Component => {
    const loadings = columns.map((_, f) => vectors.get(f, k));
    const largest = loadings.reduce((most, x) => (Math.abs(x) > Math.abs(most) ? x : most), 0);
    return { explained: explained[k], loadings: loadings.map((x) => (largest < 0 ? 0 - x : x)) };
  });

  const means = columns.map(({ values }) => values.reduce((sum, x) => sum + x, 0) / rows.length);
  const centred = rows.map((row) => row.map((x, f) => x - means[f]));
  const scores = centred.map((row) => components.map(({ loadings }) => dot(row, loadings)));
  const off = centred.map((row, s) => Math.sqrt(Math.max(0, dot(row, row) - dot(scores[s], scores[s]))));
  const robust = components.map((_, k) => robustScale(scores.map((score) => score[k])));
  const residuals = robustly(off);
  const cutoff = Math.sqrt(chiSquareQuantile(LEVEL, wanted));
  return {
    samples: ordered.map(({ sample }, s) => {
      const inward = scores[s].map((score, k) => (score - robust[k].middle) / robust[k].spread);
      const distance = Math.sqrt(dot(inward, inward));
      const outlier = distance > cutoff || residuals[s] > MOST_RESIDUAL;
      const reason = outlier ? furthest(rows[s], columns) : null;
      return { sample, scores: scores[s], distance, residual: residuals[s], outlier, reason };
    }),
    components,
    features: columns.map(({ name }) => name),
    cutoff,
  };
}

/** overview.csv: one line a sample. Columns sample, outlier, distance, residual, reason, then PC1, PC2, … */
export function overviewText({ samples, components }: Overview): string {
  const lines = samples.map(({ sample, outlier, distance, residual, reason, scores }) =>
    [sample, outlier ? 'Y' : 'N', distance, residual, reason, ...scores].map(csvCell).join(','),
  );
  const names = components.map((_, k) => `PC${k + 1}`);
  return `${headerLine(['sample', 'outlier', 'distance', 'residual', 'reason', ...names])}${joined(lines)}`;
}

/** overview-loadings.csv: one line a feature, after one with the explained fractions of variance. */
export function loadingsText({ features, components }: Overview): string {
  const lines = [
    ['explained', ...components.map(({ explained }) => explained)],
    ...features.map((feature, f) => [feature, ...components.map(({ loadings }) => loadings[f])]),
  ].map((cells) => cells.map(csvCell).join(','));
  return `${headerLine(['feature', ...components.map((_, k) => `PC${k + 1}`)])}${joined(lines)}`;
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

interface Feature {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

interface Column {
  readonly name: string;
  /** In robust SD from the median of the samples. */
  readonly values: readonly number[];
}

function featuresOf(samples: readonly OverviewSample[]): Feature[] {
  const fractions = samples.map(
    ({ populations }) =>
      new Map(
        populations.flatMap(({ path, parent, count, parentCount }) =>
          parent === null || count === null || parentCount === null || parentCount === 0
            ? []
            : [[`fraction ${path}`, log((count + 0.5) / (parentCount - count + 0.5))] as const],
        ),
      ),
  );
  const has = (id: string) =>
    samples.every(({ statistics }) => statistics.some(({ population }) => population === id));
  const place = describedIn.find(has);
  const medians = samples.map(
    ({ statistics }) =>
      new Map(
        statistics.flatMap(({ population, channel, median: value }) =>
          population === place && value !== null ? [[`median ${channel}`, asinh(value / 150)] as const] : [],
        ),
      ),
  );
  const kinds: readonly ReadonlyMap<string, number>[][] = [fractions, medians];
  return kinds.flatMap((tables) => {
    const names = [...new Set(tables.flatMap((table) => [...table.keys()]))].sort();
    return names.map((name) => ({ name, values: tables.map((table) => table.get(name) ?? null) }));
  });
}

/** A feature that most samples have and that differs between them; what is missing gets the median. */
function standardised({ name, values }: Feature): Column[] {
  const known = values.filter((value) => value !== null);
  if (known.length < (1 - MOST_MISSING) * values.length) return [];
  const { middle, spread } = robustScale(known);
  if (!(spread > 0)) return [];
  return [{ name, values: values.map((value) => (value === null ? 0 : (value - middle) / spread)) }];
}

/** Median and 1.4826 MAD; the standard deviation where more than half of the values are equal. */
function robustScale(values: readonly number[]): { readonly middle: number; readonly spread: number } {
  const middle = median(values);
  const spread = robustSpread(values, middle);
  if (spread > 0 || values.every((value) => value === middle)) return { middle, spread };
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const square = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / Math.max(1, values.length - 1);
  return { middle, spread: Math.sqrt(square) };
}

function robustly(values: readonly number[]): number[] {
  const { middle, spread } = robustScale(values);
  return values.map((value) => (spread > 0 ? (value - middle) / spread : 0));
}

/** As many as explain enough, at least two, at most a third of the samples. */
function componentsFor(explained: readonly number[], samples: number): number {
  let sum = 0;
  let enough = 0;
  while (enough < explained.length && sum < EXPLAINED) sum += explained[enough++];
  return Math.min(Math.max(enough, 2), MOST_COMPONENTS, Math.floor(samples / 3), explained.length);
}

function furthest(row: readonly number[], columns: readonly Column[]): string {
  const most = row.reduce((best, value, f) => (Math.abs(value) > Math.abs(row[best]) ? f : best), 0);
  const side = row[most] < 0 ? 'below' : 'above';
  return `${columns[most].name} is ${Math.abs(row[most]).toFixed(1)} robust SD ${side} the other samples`;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}
