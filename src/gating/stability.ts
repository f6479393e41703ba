// Where an acquisition was stable: bins of consecutive events are held against all bins, by their rate and by the mean rank of their
// values in every channel. A clog, a bubble or a swapped tube stands out; a slow drift does not, and is reported instead.
// Ranks make it independent of scales, and their spread in a steady stream is known: 1 / sqrt(12 n) for n events.
import { log, median, robustSpread } from '../math/index.ts';

/** The events of a file in their order, all or an even selection; columns have `time.length` values. */
export interface Acquisition {
  /** On the scale of the Time axis. */
  readonly time: Float64Array;
  /** Position in the file of the event at each place, ascending; null = the columns hold the whole file. */
  readonly positions: Float64Array | null;
  /** Light channels, in any units. */
  readonly signals: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
}

export interface StabilityOptions {
  /** Fewest events in a bin. */
  readonly binEvents: number;
  /** Bins at most; more events make larger bins. */
  readonly mostBins: number;
  /** A bin further than this many robust SD (1.4826 MAD) from the median of the bins is unstable. */
  readonly mads: number;
  /** Stable stretches of fewer bins between unstable ones are not believed. */
  readonly consecutive: number;
}

/** A half-open stretch of time; the ends of the acquisition are open. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Stability {
  /** In order of time, apart from each other. */
  readonly unstable: readonly Stretch[];
  readonly bins: number;
  /** Events in a bin. */
  readonly binEvents: number;
  readonly unstableBins: number;
  /** Of the unstable bins: those whose rate stands out, and those of the channel that stands out most often. */
  readonly rateBins: number;
  readonly channel: string | null;
  readonly channelBins: number;
  /** The channel whose mean rank differs most between the first and the last third of the stable bins, and by how much, in [-1, 1]. */
  readonly driftChannel: string | null;
  readonly drift: number;
}

/** Fewest bins that can be held against each other. */
const FEWEST_BINS = 10;
/** Ticks of Time that a bin must span, so that its duration means something. */
const FEWEST_TICKS = 8;
/** Time may step back by this part of the run (several lasers, buffers written out of order); more is a new beginning. */
const BACK_STEP = 0.01;
/** Events of a bin that are ranked; quantiles that they are ranked among (one less than a power of 2), and values that those are taken from. */
const RANKED = 128;
const QUANTILES = 31;
const REFERENCE = 1024;

/** Finds the unstable stretches, or says in words why it cannot. */
export function findUnstable(acquisition: Acquisition, options: StabilityOptions): Stability | string {
  const clock = readClock(acquisition.time);
  if (typeof clock === 'string') return clock;
  const count = acquisition.time.length;
  const enough = Math.max(options.binEvents, Math.ceil(count / options.mostBins));
  const ticking = Math.ceil((count * FEWEST_TICKS * clock.tick) / clock.span);
  const size = Math.max(enough, ticking);
  const bins = Math.floor(count / size);
  if (bins < FEWEST_BINS)
    return count < FEWEST_BINS * enough
      ? `${count} events are too few to hold parts of the run against each other; ${FEWEST_BINS * enough} are needed`
      : 'Time is too coarse: it takes fewer values than are needed to tell parts of the run apart';
  // as equal as whole events allow
  const starts = Array.from({ length: bins + 1 }, (_, b) => Math.floor((b * count) / bins));
  const edges = edgesOf(starts, acquisition.time);

  const slow = outlying(slownessOf(starts, edges, acquisition.positions), 1 / Math.sqrt(size), options.mads);
  const bad = Uint8Array.from(slow);
  const ranked = Math.min(size, RANKED);
  const noise = 1 / Math.sqrt(12 * ranked);
  const means = acquisition.signals.map(({ values }) => meanRanks(values, starts, ranked));
  const outlier = means.map((ranks) => outlying(ranks, noise, options.mads));
  for (const flags of outlier) flags.forEach((flag, b) => (bad[b] |= flag));
  absorb(bad, options.consecutive);

  const total = (flags: Uint8Array) => flags.reduce((sum, flag) => sum + flag, 0);
  const often = outlier.map(total);
  const worst = often.reduce((most, bins, s) => (bins > often[most] ? s : most), 0);
  const drifts = means.map((ranks) => driftOf(ranks, bad));
  const drifted = drifts.reduce((most, d, s) => (Math.abs(d) > Math.abs(drifts[most]) ? s : most), 0);
  return {
    unstable: stretches(bad, edges),
    bins,
    binEvents: size,
    unstableBins: total(bad),
    rateBins: total(slow),
    channel: (often[worst] ?? 0) > 0 ? acquisition.signals[worst].name : null,
    channelBins: often[worst] ?? 0,
    driftChannel: acquisition.signals[drifted]?.name ?? null,
    drift: drifts[drifted] ?? 0,
  };
}

/** Length of the run and the smallest step of its clock, or what is wrong with Time. */
function readClock(time: Float64Array): { readonly span: number; readonly tick: number } | string {
  let low = Infinity;
  let high = -Infinity;
  let tick = Infinity;
  let back = 0;
  let backAt = 0;
  for (let e = 0; e < time.length; e++) {
    const t = time[e];
    if (!(t - t === 0)) return `Time of event ${e + 1} is not a number`;
    if (high - t > back) {
      back = high - t;
      backAt = e;
    }
    if (t > high && t - high < tick && e > 0) tick = t - high;
    if (t < low) low = t;
    if (t > high) high = t;
  }
  const span = high - low;
  if (!(span > 0)) return 'Time does not advance';
  if (back > BACK_STEP * span)
    return `Time runs back at event ${backAt + 1} of those looked at, so that stretches of time do not tell parts of the file apart`;
  return { span, tick };
}

/** Where each bin begins in time, and the end: never backwards. */
function edgesOf(starts: readonly number[], time: Float64Array): Float64Array {
  const edges = new Float64Array(starts.length);
  let latest = -Infinity;
  starts.forEach((start, b) => {
    latest = Math.max(latest, time[Math.min(start, time.length - 1)]);
    edges[b] = latest;
  });
  return edges;
}

/** ln of the time that an event takes, in each bin. A bin without duration is as fast as the fastest. */
function slownessOf(
  starts: readonly number[],
  edges: Float64Array,
  positions: Float64Array | null,
): Float64Array {
  const at = (start: number) =>
    positions === null ? start : start < positions.length ? positions[start] : positions[start - 1] + 1;
  const slowness = Float64Array.from({ length: starts.length - 1 }, (_, b) => {
    const duration = edges[b + 1] - edges[b];
    return duration > 0 ? log(duration / (at(starts[b + 1]) - at(starts[b]))) : -Infinity;
  });
  const fastest = slowness.reduce((least, s) => (s > -Infinity && s < least ? s : least), Infinity);
  return slowness.map((s) => (s === -Infinity ? fastest : s));
}

/** Mean rank in [0, 1] of `ranked` values of each bin among quantiles of the whole; values that are no numbers have rank 0. */
function meanRanks(values: ArrayLike<number>, starts: readonly number[], ranked: number): Float64Array {
  const quantiles = evenly(evenly(values, REFERENCE).sort(), QUANTILES);
  const means = new Float64Array(starts.length - 1);
  for (let b = 0; b < means.length; b++) {
    const step = (starts[b + 1] - starts[b]) / ranked;
    let sum = 0;
    for (let i = 0; i < ranked; i++) sum += rankIn(quantiles, values[Math.floor(starts[b] + i * step)]);
    means[b] = sum / (quantiles.length * ranked);
  }
  return means;
}

/** `most` values at even places, or all of fewer. */
function evenly(values: ArrayLike<number>, most: number): Float64Array {
  const several = Math.min(values.length, most);
  const taken = new Float64Array(several);
  for (let i = 0; i < several; i++) taken[i] = values[Math.floor(((i + 0.5) * values.length) / several)];
  return taken;
}

/**
 * Of QUANTILES sorted values those below x and half of those equal to it. Both ends are found by halving 31 places five times, without a
 * branch: values of a stream are as good as random, and a branch on them is mispredicted.
 */
function rankIn(sorted: Float64Array, x: number): number {
  let below = 0;
  let upTo = 0;
  for (let half = (QUANTILES + 1) / 2; half >= 1; half /= 2) {
    below += half * Number(sorted[below + half - 1] < x);
    upTo += half * Number(sorted[upTo + half - 1] <= x);
  }
  return (below + upTo) / 2;
}

/** 1 for bins further than `mads` robust SD from the median; the SD is at least that of a steady stream. */
function outlying(values: Float64Array, noise: number, mads: number): Uint8Array {
  const middle = median(values);
  const spread = robustSpread(values, middle);
  const limit = mads * Math.max(spread, noise);
  return Uint8Array.from(values, (value) => (Math.abs(value - middle) > limit ? 1 : 0));
}

/** Stable runs shorter than `fewest` become unstable where unstable bins are on a side of them. */
function absorb(bad: Uint8Array, fewest: number): void {
  if (!bad.includes(1)) return;
  for (let begin = 0; begin < bad.length; begin++) {
    if (bad[begin] === 1) continue;
    let end = begin;
    while (end < bad.length && bad[end] === 0) end++;
    if (end - begin < fewest) bad.fill(1, begin, end);
    begin = end;
  }
}

function stretches(bad: Uint8Array, edges: Float64Array): Stretch[] {
  const found: Stretch[] = [];
  for (let begin = 0; begin < bad.length; begin++) {
    if (bad[begin] === 0) continue;
    let end = begin;
    while (end < bad.length && bad[end] === 1) end++;
    const from = begin === 0 ? -Infinity : edges[begin];
    const to = end === bad.length ? Infinity : edges[end];
    if (from < to) found.push({ from, to });
    begin = end;
  }
  return found;
}

/** Mean rank of the last third of the stable bins less that of the first. */
function driftOf(ranks: Float64Array, bad: Uint8Array): number {
  const stable = ranks.filter((_, b) => bad[b] === 0);
  const third = Math.floor(stable.length / 3);
  if (third === 0) return 0;
  const mean = (part: Float64Array) => part.reduce((sum, rank) => sum + rank, 0) / part.length;
  return mean(stable.subarray(stable.length - third)) - mean(stable.subarray(0, third));
}
