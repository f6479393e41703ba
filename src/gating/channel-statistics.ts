// The finished statistics of every population and channel: moments from the running sums, percentiles from the values that the
// second look brought back.
import { exp, log, selectKth } from '../math/index.ts';
import type { ChannelStatistic } from './model.ts';
import {
  heldValues,
  keysOf,
  locateStep,
  PROBABILITIES,
  stepCounts,
  type Rank,
  type RankTable,
  type WantedValues,
} from './percentiles.ts';
import type { Program } from './program.ts';
import type { CollectedValues } from './second-look.ts';
import {
  COUNT,
  FIELDS,
  ORIGIN,
  PRODUCT,
  PRODUCT_SCALE,
  SQUARES,
  SUM,
  subcodeOf,
} from './statistics.kernel.ts';
import type { StatisticsPart } from './statistics.ts';

/** The statistics of every population (strategy order) in every channel, from all values that the second look brought back. */
export function finishStatistics(
  program: Program,
  part: StatisticsPart,
  ranks: RankTable,
  wanted: WantedValues,
  collected: readonly CollectedValues[],
  refinement: Int32Array | null,
): ChannelStatistic[] {
  const byKey = groupByKey(wanted.keys, collected);
  const rows: ChannelStatistic[] = [];
  const { members } = ranks;
  program.strategy.populations.forEach((population, p) => {
    if (!program.evaluable[p]) return;
    part.channels.forEach((channel, j) => {
      const moments = momentsOf(part.segments, members[p], j, part.channels.length);
      const value = new Map<number, number>();
      const groups = ranks.groups[p][j];
      const held = heldValues(part, members[p], j, groups);
      groups.forEach((group, g) => {
        const keys = keysOf(wanted, members[p], part.channels.length, j, group[0].code);
        const values = gatherValues(keys, byKey, held[g]);
        if (refinement === null) selectRanks(values, group, value);
        else selectRefined(values, stepCounts(keys, refinement, held[g]), group, value);
      });
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

function gatherValues(
  keys: readonly number[],
  byKey: { starts: Int32Array; values: Float64Array },
  held: readonly number[],
): Float64Array {
  let length = held.length;
  for (const key of keys) length += byKey.starts[key + 1] - byKey.starts[key];
  const gathered = new Float64Array(length);
  gathered.set(held);
  let at = held.length;
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
  values: Float64Array,
  steps: Float64Array,
  ranks: readonly Rank[],
  value: Map<number, number>,
): void {
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

function percentile(value: ReadonlyMap<number, number>, n: number, p: number): number | null {
  if (n === 0) return null;
  const h = (n - 1) * p;
  const k = Math.floor(h);
  const low = value.get(k);
  const high = value.get(Math.min(k + 1, n - 1));
  if (low === undefined || high === undefined) return null;
  return low + (h - k) * (high - low);
}
