// Exploration: the events of one gated population in k clusters that nobody named. Centres are found on a bounded, even selection, then
// every event gets its nearest. Nothing of it enters a result; it shows whether a population hides more than one kind of cell.
import { ImmunogateError } from '../errors.ts';
import type { EventTable } from '../events/index.ts';
import type { ByteSource, FcsFile } from '../fcs/index.ts';
import {
  createEvaluator,
  evaluateStrategy,
  neededFor,
  type Dimension,
  type GatingStrategy,
} from '../gating/index.ts';
import type { GatingTemplate } from '../template/index.ts';
import { readFitSample, readRanges } from './fit-sample.ts';
import { placeGates } from './steps.ts';

export interface ClusterOptions {
  /** Id or path of the population. */
  readonly population: string;
  /** Markers, scatter words or channels, as templates name axes; scales are those of the template. */
  readonly channels: readonly string[];
  readonly clusters: number;
  /** Chooses the random starts. */
  readonly seed: number;
}

export interface Clustering {
  /** Path of the population. */
  readonly population: string;
  /** Largest first; `centre` in scale units of each channel. Events and all shares are over the whole file. */
  readonly clusters: readonly { readonly events: number; readonly centre: readonly number[] }[];
  readonly channels: readonly string[];
}

/** Clusters at most, events that centres are found on, random starts that the best is taken of, and events of the file in memory at once. */
const MOST_CLUSTERS = 255;
const STUDIED = 20_000;
const STARTS = 5;
const CHUNK = 65_536;

/** The id of the population that holds the events whose values are all numbers; no template may use it. */
const clusteredId = 'clustered_events';

/**
 * Clusters a population. `onEvent` gets every event of it in file order: its position from 0 and its cluster from 1. Throws E_CHANNEL_MISSING
 * and what binding and gating throw; E_PROTOCOL_INVALID for a population that does not exist or is not evaluable; TOO_FEW for fewer than ten
 * events a cluster.
 */
export async function clusterPopulation(
  source: ByteSource,
  file: FcsFile,
  template: GatingTemplate,
  options: ClusterOptions,
  onEvent: (event: number, cluster: number) => void,
): Promise<Clustering> {
  const { strategy, path, dims } = placed(source, file, template, options);
  if (options.clusters > MOST_CLUSTERS)
    throw new ImmunogateError('E_INPUT_LIMIT', `At most ${MOST_CLUSTERS} clusters can be asked for.`);
  const sample = readFitSample(source, file);
  const studied = evenly(pointsOf(sample.table, file, strategy, path, dims), STUDIED);
  if (studied.length < 10 * options.clusters)
    throw new ImmunogateError(
      'TOO_FEW',
      `${options.population} has ${studied.length} events to find ${options.clusters} clusters in; ten a cluster are needed.`,
    );
  const scale = dims.map((_, d) => spreadOf(studied.map(({ values }) => values[d])));
  const found = await centresOf(
    studied.map(({ values }) => values.map((value, d) => value / scale[d])),
    options,
  );
  const centres = found.map((centre) => centre.map((value, d) => value * scale[d]));

  const counts = centres.map(() => 0);
  for (let first = 0; first < file.data.eventCount; first += CHUNK) {
    const table = readChunk(source, file, first);
    for (const { event, values } of pointsOf(table, file, strategy, path, dims)) {
      const cluster = nearest(values, centres, scale);
      counts[cluster]++;
      onEvent(first + event, cluster + 1);
    }
  }
  return {
    population: path.slice(0, path.lastIndexOf('/')),
    clusters: centres.map((centre, c) => ({ events: counts[c], centre })),
    channels: options.channels,
  };
}

/** Gates the file, with one more population below the wanted one: its axes are those of the clusters, and values that are no numbers are outside. */
function placed(
  source: ByteSource,
  file: FcsFile,
  template: GatingTemplate,
  { population, channels }: ClusterOptions,
) {
  const open: [null, null] = [null, null];
  const entry = {
    id: clusteredId,
    parent: population,
    on: [...channels],
    gate: { rectangle: channels.map(() => open) },
  };
  const extended = { ...template, populations: [...template.populations, entry] };
  const { strategy } = placeGates({ kind: 'template', template: extended }, source, file, {
    seed: 'cluster',
    shared: null,
  });
  const found = strategy.populations.filter(({ id }) => id === clusteredId);
  const [one] = found;
  if (found.length !== 1 || one.gate?.kind !== 'rectangle')
    throw new ImmunogateError(
      'E_PROTOCOL_INVALID',
      found.length > 1
        ? `${population} occurs under several parents; write its path.`
        : `${population} could not be evaluated in this file.`,
    );
  return { strategy: neededFor(strategy, [one.path]), path: one.path, dims: one.gate.dims };
}

interface Point {
  /** Place in its table. */
  readonly event: number;
  /** Scale units of each axis. */
  readonly values: readonly number[];
}

function pointsOf(
  table: EventTable,
  { spillover }: FcsFile,
  strategy: GatingStrategy,
  path: string,
  dims: readonly Dimension[],
): Point[] {
  const inside = evaluateStrategy(strategy, table, spillover).get(path);
  const evaluator = createEvaluator(table, spillover, strategy.matrices);
  const columns = dims.map((dim) => evaluator.column(dim));
  const points: Point[] = [];
  for (let event = 0; event < table.count; event++) {
    if (inside?.[event] !== 1) continue;
    const values = columns.map((column) => column[event]);
    if (values.every(Number.isFinite)) points.push({ event, values });
  }
  return points;
}

function readChunk(source: ByteSource, file: FcsFile, first: number): EventTable {
  return readRanges(source, file, [{ first, end: Math.min(first + CHUNK, file.data.eventCount) }]);
}

/** Centres of the best of several starts, the largest cluster first. */
async function centresOf(data: number[][], { clusters, seed }: ClusterOptions): Promise<number[][]> {
  // loaded here, because it is a good part of the start-up of commands that never cluster
  const { kmeans } = await import('ml-kmeans');
  const tries = Array.from({ length: STARTS }, (_, start) => {
    const { clusters: labels, centroids } = kmeans(data, clusters, {
      initialization: 'kmeans++',
      seed: seed * STARTS + start,
    });
    const sizes = centroids.map(() => 0);
    let within = 0;
    labels.forEach((label, e) => {
      sizes[label]++;
      within += squareDistance(data[e], centroids[label]);
    });
    return { within, sizes, centroids };
  });
  const best = tries.reduce((least, one) => (one.within < least.within ? one : least));
  return best.centroids
    .map((centroid, c) => ({ centroid, size: best.sizes[c] }))
    .sort((a, b) => b.size - a.size)
    .map(({ centroid }) => centroid);
}

function squareDistance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, d) => sum + (x - b[d]) * (x - b[d]), 0);
}

/** Position of the nearest centre, the first of equals. */
function nearest(
  values: readonly number[],
  centres: readonly (readonly number[])[],
  scale: readonly number[],
): number {
  let [best, least] = [0, Infinity];
  centres.forEach((centre, c) => {
    let distance = 0;
    for (let d = 0; d < values.length; d++) {
      const step = (values[d] - centre[d]) / scale[d];
      distance += step * step;
    }
    if (distance < least) [best, least] = [c, distance];
  });
  return best;
}

/** Standard deviation; 1 where all values are equal. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / values.length;
  return variance > 0 ? Math.sqrt(variance) : 1;
}

function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.floor(((i + 0.5) * items.length) / most)]);
}
