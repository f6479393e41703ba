// Exact statistics, second half: from summed histograms to the codes that hold the wanted ranks, a second look at the few values
// of those codes, and the finished rows. Percentiles are type 7 (linear interpolation between order statistics: R's and NumPy's default).
import { exp, log, selectKth } from '../math/index.ts';
import type { ValueSource } from './bind.ts';
import { createClassReader, type RowBlock } from './class-reader.ts';
import type { ChannelStatistic } from './model.ts';
import type { Program } from './program.ts';
import {
  CODES,
  collect,
  COUNT,
  FIELDS,
  ORIGIN,
  PRODUCT,
  PRODUCT_SCALE,
  refine,
  SQUARES,
  SUBCODES,
  SUM,
  subcodeOf,
} from './statistics.kernel.ts';
import type { StatisticsPart } from './statistics.ts';

/** Wanted percentiles: 5, 15.87 (mean - 1 SD of a normal), 50, 84.13, 95. */
const PROBABILITIES = [0.05, 0.15865525393145707, 0.5, 0.841344746068543, 0.95] as const;
/** More values than this are not collected at once: their codes are first divided further. */
const MOST_COLLECTED = 4_000_000;

/** Where the order statistics lie: which (class, channel, code) triples a second look has to bring back. Plain data. */
export interface WantedValues {
  /** wanted[(c * channels + j) * CODES + code] = 0, or 1 + key of the triple. */
  readonly wanted: Int32Array;
  readonly keys: number;
  /** Values the triples hold in all. */
  readonly values: number;
  readonly words: number;
  readonly classWords: Int32Array;
}

interface Rank {
  readonly code: number;
  /** Values of the population below the code. */
  readonly below: number;
  readonly rank: number;
}

/** The code that holds the value of each rank (0-based, ascending) of a population's summed histogram. */
function locate(histogram: Float64Array, ranks: readonly number[]): Rank[] {
  const found: Rank[] = [];
  let below = 0;
  let code = 0;
  for (const rank of ranks) {
    while (below + histogram[code] <= rank) below += histogram[code++];
    found.push({ code, below, rank });
  }
  return found;
}

/** Ranks k and k + 1 for every wanted percentile of n values, ascending and without repeats. */
function wantedRanks(n: number): number[] {
  const ranks = PROBABILITIES.flatMap((p) => {
    const k = Math.floor((n - 1) * p);
    return [k, Math.min(k + 1, n - 1)];
  });
  return [...new Set(ranks)].sort((a, b) => a - b);
}

/** Classes of each population of the program (empty where it is not evaluable). */
function classesOf(program: Program, classWords: Int32Array): number[][] {
  const count = program.words === 0 ? 0 : classWords.length / program.words;
  return program.bitOf.map((bit, p) => {
    if (bit === null || !program.evaluable[p]) return [];
    const members: number[] = [];
    for (let c = 0; c < count; c++)
      if ((classWords[c * program.words + bit.word] & bit.bit) !== 0) members.push(c);
    return members;
  });
}

function summedHistogram(part: StatisticsPart, members: readonly number[], j: number): Float64Array {
  const sum = new Float64Array(CODES);
  for (const c of members) {
    const h = (c * part.channels.length + j) * CODES;
    for (let code = 0; code < CODES; code++) sum[code] += part.histograms[h + code];
  }
  return sum;
}

function total(histogram: Float64Array): number {
  let n = 0;
  for (let code = 0; code < CODES; code++) n += histogram[code];
  return n;
}

/** Finds the triples whose values are needed for exact percentiles. */
export function wantedValues(program: Program, part: StatisticsPart): WantedValues {
  const wanted = new Int32Array(part.histograms.length);
  let keys = 0;
  let values = 0;
  for (const members of classesOf(program, part.classWords)) {
    for (let j = 0; j < part.channels.length; j++) {
      const histogram = summedHistogram(part, members, j);
      const n = total(histogram);
      if (n === 0) continue;
      for (const { code } of locate(histogram, wantedRanks(n))) {
        for (const c of members) {
          const at = (c * part.channels.length + j) * CODES + code;
          if (wanted[at] !== 0 || part.histograms[at] === 0) continue;
          wanted[at] = ++keys;
          values += part.histograms[at];
        }
      }
    }
  }
  return { wanted, keys, values, words: program.words, classWords: part.classWords };
}

// ---- second look ---------------------------------------------------------------------------------------------------

/** Values brought back, with the key of their triple. */
export interface CollectedValues {
  readonly values: Float64Array;
  readonly keys: Int32Array;
}

export interface SecondLook {
  add(block: RowBlock, ids: Uint16Array): void;
  result(): CollectedValues;
}

/** Whether the wanted values are so many that their codes must be divided before they are collected. */
export function needsRefinement(wanted: WantedValues): boolean {
  return wanted.values > MOST_COLLECTED;
}

/** Brings back the wanted values of the blocks it is given. `steps` = narrowed steps of each key, empty for all. */
export function createSecondLook(
  sources: readonly ValueSource[],
  wanted: WantedValues,
  steps: Uint8Array,
  blockEvents: number,
): SecondLook {
  const reader = createClassReader(sources, blockEvents);
  const classes = wanted.classWords.length / wanted.words;
  let values = new Float64Array(65_536);
  let keys = new Int32Array(65_536);
  let m = 0;
  return {
    add(block, ids) {
      reader.forEach(block, ids, 0, block.count, classes, (column, events, from, to, c, j) => {
        if (m + to - from > values.length) {
          const larger = new Float64Array(values.length * 2);
          larger.set(values);
          values = larger;
          const largerKeys = new Int32Array(keys.length * 2);
          largerKeys.set(keys);
          keys = largerKeys;
        }
        const at = (c * sources.length + j) * CODES;
        m = collect(column, events, from, to, wanted.wanted, at, steps, values, keys, m);
      });
    },
    result: () => ({ values: values.slice(0, m), keys: keys.slice(0, m) }),
  };
}

export interface Refinement {
  add(block: RowBlock, ids: Uint16Array): void;
  /** Counts of the finer steps: counts[key * SUBCODES + step]. */
  readonly counts: Int32Array;
}

export function createRefinement(
  sources: readonly ValueSource[],
  wanted: WantedValues,
  blockEvents: number,
): Refinement {
  const reader = createClassReader(sources, blockEvents);
  const classes = wanted.classWords.length / wanted.words;
  const counts = new Int32Array(wanted.keys * SUBCODES);
  return {
    add(block, ids) {
      reader.forEach(block, ids, 0, block.count, classes, (column, events, from, to, c, j) => {
        refine(column, events, from, to, wanted.wanted, (c * sources.length + j) * CODES, counts);
      });
    },
    counts,
  };
}

// ---- results -------------------------------------------------------------------------------------------------------

/** The statistics of every population (strategy order) in every channel, from all values that the second look brought back. */
export function finishStatistics(
  program: Program,
  part: StatisticsPart,
  wanted: WantedValues,
  collected: readonly CollectedValues[],
  refinement: Int32Array | null,
): ChannelStatistic[] {
  const byKey = groupByKey(wanted.keys, collected);
  const rows: ChannelStatistic[] = [];
  const members = classesOf(program, part.classWords);
  program.strategy.populations.forEach((population, p) => {
    if (!program.evaluable[p]) return;
    part.channels.forEach((channel, j) => {
      const moments = momentsOf(part.segments, members[p], j, part.channels.length);
      const histogram = summedHistogram(part, members[p], j);
      const value = orderStatistics(part, wanted, byKey, refinement, members[p], j, histogram, moments.n);
      const [p05, low, median, high, p95] = PROBABILITIES.map((q) => percentile(value, moments.n, q));
      const sd = moments.n > 1 ? Math.sqrt(moments.squares / (moments.n - 1)) : null;
      rows.push({
        path: population.path,
        channel,
        n: moments.n,
        mean: moments.n > 0 ? moments.mean : null,
        median,
        geometricMean: moments.n > 0 && !Number.isNaN(moments.logs) ? exp(moments.logs / moments.n) : null,
        robustSd: low === null || high === null ? null : (high - low) / 2,
        cv: sd === null || !(moments.mean > 0) ? null : (100 * sd) / moments.mean,
        p05,
        p95,
      });
    });
  });
  return rows;
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  readonly squares: number;
  readonly logs: number;
}

const LOG_STEP = 460.51701859880916; // ln(10^200)

/** Merges running sums over segments, then classes, by the pairwise update of Chan, Golub and LeVeque (1979). */
function momentsOf(
  segments: readonly Float64Array[],
  members: readonly number[],
  j: number,
  channels: number,
): Moments {
  let n = 0;
  let mean = 0;
  let squares = 0;
  let logs = 0;
  for (const sums of segments) {
    for (const c of members) {
      const s = (c * channels + j) * FIELDS;
      const count = s < sums.length ? sums[s + COUNT] : 0;
      if (count === 0) continue;
      const offset = sums[s + SUM] / count;
      const delta = sums[s + ORIGIN] + offset - mean;
      const together = n + count;
      mean += (delta * count) / together;
      squares += sums[s + SQUARES] - sums[s + SUM] * offset + (delta * delta * n * count) / together;
      logs += log(sums[s + PRODUCT]) + sums[s + PRODUCT_SCALE] * LOG_STEP;
      n = together;
    }
  }
  return { n, mean, squares: Math.max(squares, 0), logs };
}

/** Values grouped by key: those of key k are values[starts[k]] up to values[starts[k + 1]]. */
function groupByKey(
  keys: number,
  collected: readonly CollectedValues[],
): { starts: Int32Array; values: Float64Array } {
  const starts = new Int32Array(keys + 1);
  for (const part of collected) for (const key of part.keys) starts[key + 1]++;
  for (let k = 0; k < keys; k++) starts[k + 1] += starts[k];
  const values = new Float64Array(starts[keys]);
  const at = starts.slice();
  for (const part of collected) {
    for (let i = 0; i < part.keys.length; i++) values[at[part.keys[i]]++] = part.values[i];
  }
  return { starts, values };
}

/** Exact value of each wanted rank of one population in one channel. */
function orderStatistics(
  part: StatisticsPart,
  wanted: WantedValues,
  byKey: { starts: Int32Array; values: Float64Array },
  refinement: Int32Array | null,
  members: readonly number[],
  j: number,
  histogram: Float64Array,
  n: number,
): ReadonlyMap<number, number> {
  const value = new Map<number, number>();
  if (n === 0) return value;
  for (const group of groupByCode(locate(histogram, wantedRanks(n)))) {
    const keys = members
      .map((c) => wanted.wanted[(c * part.channels.length + j) * CODES + group[0].code] - 1)
      .filter((key) => key >= 0);
    if (refinement === null) selectRanks(gatherValues(keys, byKey), group, value);
    else selectRefined(keys, byKey, refinement, group, value);
  }
  return value;
}

function groupByCode(ranks: readonly Rank[]): Rank[][] {
  const groups: Rank[][] = [];
  for (const rank of ranks) {
    const last = groups.at(-1);
    if (last !== undefined && last[0].code === rank.code) last.push(rank);
    else groups.push([rank]);
  }
  return groups;
}

function gatherValues(
  keys: readonly number[],
  byKey: { starts: Int32Array; values: Float64Array },
): Float64Array {
  let length = 0;
  for (const key of keys) length += byKey.starts[key + 1] - byKey.starts[key];
  const gathered = new Float64Array(length);
  let at = 0;
  for (const key of keys) {
    const values = byKey.values.subarray(byKey.starts[key], byKey.starts[key + 1]);
    gathered.set(values, at);
    at += values.length;
  }
  return gathered;
}

function selectRanks(values: Float64Array, ranks: readonly Rank[], value: Map<number, number>): void {
  for (const { rank, below } of ranks) value.set(rank, selectKth(values, rank - below));
}

/** As `selectRanks`, where only some finer steps of the code were brought back. */
function selectRefined(
  keys: readonly number[],
  byKey: { starts: Int32Array; values: Float64Array },
  refinement: Int32Array,
  ranks: readonly Rank[],
  value: Map<number, number>,
): void {
  const steps = stepCounts(keys, refinement);
  const values = gatherValues(keys, byKey);
  for (const { rank, below } of ranks) {
    const { step, lower } = locateStep(steps, rank, below);
    value.set(
      rank,
      selectKth(
        values.filter((x) => subcodeOf(x) === step),
        rank - lower,
      ),
    );
  }
}

function locateStep(
  steps: Float64Array,
  rank: number,
  below: number,
): { readonly step: number; readonly lower: number } {
  let lower = below;
  let step = 0;
  while (lower + steps[step] <= rank) lower += steps[step++];
  return { step, lower };
}

function stepCounts(keys: readonly number[], refinement: Int32Array): Float64Array {
  const steps = new Float64Array(SUBCODES);
  for (const key of keys) for (let s = 0; s < SUBCODES; s++) steps[s] += refinement[key * SUBCODES + s];
  return steps;
}

function wantedSteps(steps: Float64Array, ranks: readonly Rank[]): Uint8Array {
  const kept = new Uint8Array(SUBCODES);
  for (const { rank, below } of ranks) kept[locateStep(steps, rank, below).step] = 1;
  return kept;
}

/** Steps of each key that hold a wanted rank of some population. */
export function narrowedSteps(
  program: Program,
  part: StatisticsPart,
  wanted: WantedValues,
  refinement: Int32Array,
): Uint8Array {
  const narrowed = new Uint8Array(wanted.keys * SUBCODES);
  for (const members of classesOf(program, part.classWords)) {
    for (let j = 0; j < part.channels.length; j++) {
      const histogram = summedHistogram(part, members, j);
      const n = total(histogram);
      if (n === 0) continue;
      for (const group of groupByCode(locate(histogram, wantedRanks(n)))) {
        const keys = members
          .map((c) => wanted.wanted[(c * part.channels.length + j) * CODES + group[0].code] - 1)
          .filter((key) => key >= 0);
        const kept = wantedSteps(stepCounts(keys, refinement), group);
        for (const key of keys) for (let s = 0; s < SUBCODES; s++) narrowed[key * SUBCODES + s] |= kept[s];
      }
    }
  }
  return narrowed;
}

function percentile(value: ReadonlyMap<number, number>, n: number, p: number): number | null {
  if (n === 0) return null;
  const h = (n - 1) * p;
  const k = Math.floor(h);
  const low = value.get(k);
  const high = value.get(Math.min(k + 1, n - 1));
  if (low === undefined || high === undefined) return null;
  return low + (h - k) * (high - low);
}
