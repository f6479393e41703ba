// Exact percentiles, first half: which codes of the summed histograms hold the wanted ranks, so that only their values need a second
// look. Percentiles are type 7 (linear interpolation between order statistics: R's and NumPy's default).
import type { ClassValues } from './class-values.ts';
import type { Program } from './program.ts';
import { codeOf, CODES, SUBCODES, subcodeOf } from './statistics.kernel.ts';
import type { StatisticsPart } from './statistics.ts';

/** Wanted percentiles: 5, 15.87 (mean - 1 SD of a normal), 50, 84.13, 95. */
export const PROBABILITIES = [0.05, 0.15865525393145707, 0.5, 0.841344746068543, 0.95] as const;

/** Where the order statistics lie: which (class, channel, code) triples a second look has to bring back. Plain data. */
export interface WantedValues {
  /** Row of each class in `wanted`; -1 = its values are at hand. */
  readonly rows: Int32Array;
  /** wanted[(row * channels + j) * CODES + code] = 0, or 1 + key of the triple. */
  readonly wanted: Int32Array;
  readonly keys: number;
  /** Values the triples hold in all. */
  readonly values: number;
  readonly words: number;
  readonly classWords: Int32Array;
}

export interface Rank {
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

/** The codes [from, to) of each histogram that hold anything: a class lies close together in most channels. Pairs, one a histogram. */
function spansOf(histograms: ClassValues['histograms']): Int32Array {
  const spans = new Int32Array((2 * histograms.length) / CODES);
  for (let h = 0; 2 * h < spans.length; h++) {
    let from = h * CODES;
    let to = from + CODES;
    while (from < to && histograms[from] === 0) from++;
    while (to > from && histograms[to - 1] === 0) to--;
    spans[2 * h] = from - h * CODES;
    spans[2 * h + 1] = to - h * CODES;
  }
  return spans;
}

/** Sums the histograms of some classes, and the values that are held, into `sum`, which is emptied first; returns the number of values. */
function sumHistograms(
  { values: { rows, histograms, starts, held }, channels }: StatisticsPart,
  spans: Int32Array,
  members: readonly number[],
  j: number,
  sum: Float64Array,
): number {
  sum.fill(0);
  let n = 0;
  for (const c of members) {
    if (rows[c] < 0) {
      for (let e = starts[c]; e < starts[c + 1]; e++) {
        const x = held[e * channels.length + j];
        if (x - x !== 0) continue;
        sum[codeOf(x)]++;
        n++;
      }
      continue;
    }
    const h = rows[c] * channels.length + j;
    const to = spans[2 * h + 1];
    for (let code = spans[2 * h]; code < to; code++) {
      const values = histograms[h * CODES + code];
      sum[code] += values;
      n += values;
    }
  }
  return n;
}

/** For each population and channel (groups[p][j]) the wanted ranks, those of one code together; `members` = classes of each population. */
export interface RankTable {
  readonly members: readonly (readonly number[])[];
  readonly groups: readonly (readonly (readonly (readonly Rank[])[])[])[];
}

/** Locates every wanted rank in the summed histograms. */
export function locateRanks(program: Program, part: StatisticsPart): RankTable {
  const members = classesOf(program, part.classWords);
  const spans = spansOf(part.values.histograms);
  const histogram = new Float64Array(CODES);
  const groups = members.map((classes) =>
    part.channels.map((_, j) => {
      const n = sumHistograms(part, spans, classes, j, histogram);
      return n === 0 ? [] : groupByCode(locate(histogram, wantedRanks(n)));
    }),
  );
  return { members, groups };
}

/** Finds the triples whose values are needed for exact percentiles. */
export function wantedValues(part: StatisticsPart, ranks: RankTable, words: number): WantedValues {
  const { rows, histograms } = part.values;
  const wanted = new Int32Array(histograms.length);
  let keys = 0;
  let values = 0;
  ranks.groups.forEach((channels, p) => {
    channels.forEach((groups, j) => {
      for (const [{ code }] of groups) {
        for (const c of ranks.members[p]) {
          if (rows[c] < 0) continue;
          const at = (rows[c] * part.channels.length + j) * CODES + code;
          if (wanted[at] !== 0 || histograms[at] === 0) continue;
          wanted[at] = ++keys;
          values += histograms[at];
        }
      }
    });
  });
  return { rows, wanted, keys, values, words, classWords: part.classWords };
}

/** Keys of the triples of one code in some classes of channel j. */
export function keysOf(
  wanted: WantedValues,
  members: readonly number[],
  channels: number,
  j: number,
  code: number,
): number[] {
  const keys: number[] = [];
  for (const c of members) {
    const row = wanted.rows[c];
    const key = row < 0 ? 0 : wanted.wanted[(row * channels + j) * CODES + code];
    if (key > 0) keys.push(key - 1);
  }
  return keys;
}

/** The held values of some classes in channel j that have the code of a group: one list for each group. */
export function heldValues(
  { values: { rows, starts, held }, channels }: StatisticsPart,
  members: readonly number[],
  j: number,
  groups: readonly (readonly Rank[])[],
): readonly (readonly number[])[] {
  const found = groups.map((): number[] => []);
  groups.forEach(([{ code }], g) => (groupOf[code] = g + 1));
  for (const c of members) {
    if (rows[c] >= 0) continue;
    for (let e = starts[c]; e < starts[c + 1]; e++) {
      const x = held[e * channels.length + j];
      if (x - x !== 0) continue;
      const group = groupOf[codeOf(x)];
      if (group > 0) found[group - 1].push(x);
    }
  }
  for (const [{ code }] of groups) groupOf[code] = 0;
  return found;
}

/** 1 + the group of each code, while values are looked through. */
const groupOf = new Uint8Array(CODES);

function groupByCode(ranks: readonly Rank[]): Rank[][] {
  const groups: Rank[][] = [];
  for (const rank of ranks) {
    const last = groups.at(-1);
    if (last !== undefined && last[0].code === rank.code) last.push(rank);
    else groups.push([rank]);
  }
  return groups;
}

export function locateStep(
  steps: Float64Array,
  rank: number,
  below: number,
): { readonly step: number; readonly lower: number } {
  let lower = below;
  let step = 0;
  while (lower + steps[step] <= rank) lower += steps[step++];
  return { step, lower };
}

/** How many values have each finer step of a code: those of some keys, and some that are at hand. */
export function stepCounts(
  keys: readonly number[],
  refinement: Int32Array,
  held: readonly number[],
): Float64Array {
  const steps = new Float64Array(SUBCODES);
  for (const x of held) steps[subcodeOf(x)]++;
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
  part: StatisticsPart,
  ranks: RankTable,
  wanted: WantedValues,
  refinement: Int32Array,
): Uint8Array {
  const narrowed = new Uint8Array(wanted.keys * SUBCODES);
  ranks.groups.forEach((byChannel, p) => {
    byChannel.forEach((groups, j) => {
      const members = ranks.members[p];
      const held = heldValues(part, members, j, groups);
      groups.forEach((group, g) => {
        const keys = keysOf(wanted, members, part.channels.length, j, group[0].code);
        const kept = wantedSteps(stepCounts(keys, refinement, held[g]), group);
        for (const key of keys)
          for (let step = 0; step < SUBCODES; step++) narrowed[key * SUBCODES + step] |= kept[step];
      });
    });
  });
  return narrowed;
}
