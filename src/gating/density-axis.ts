// The axes of densities: one axis a dimension and sample, so that every plot of a marker has the same one. Its ends follow a bounded sample
// of all events, the top of scale of the channel, and the gates drawn on it.
// Invariant: an axis is a pure function of file and strategy; min < max.
import type { Channel } from '../events/index.ts';
import { sortAscending } from '../math/index.ts';
import { axisTicks, compileForward, type AxisTick } from '../signal/index.ts';
import type { Dimension, GatingStrategy, GeometricGate } from './model.ts';

/** One axis in scale coordinates: bin b is [min + b * w, min + (b + 1) * w) with w = (max - min) / bins. */
export interface DensityAxis {
  readonly dimension: Dimension;
  /** Marker and channel, `CD3 · FL1-A`. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly bins: number;
  readonly ticks: readonly AxisTick[];
}

/** So much of the lowest events may lie below an axis: compensation throws single events far below zero. */
const CUT_BELOW = 0.0005;
const MARGIN = 0.03;
/** Gates may widen an axis by this part at either end. */
const MOST_WIDENING = 0.25;

/** The axis of a dimension. `values`: scaled values of sampled events; they are sorted in place. */
export function densityAxis(
  dimension: Dimension,
  values: Float64Array,
  channels: readonly Channel[],
  strategy: GatingStrategy,
  bins: number,
): DensityAxis {
  const channel =
    dimension.source.kind === 'channel' ? channelOf(channels, dimension.source.channel) : undefined;
  const top = topOfScale(dimension, channel);
  const [low, high] = spread(values, top);
  const span = high - low;
  const reach = gateReach(strategy, dimension);
  const linear = dimension.transform === null || dimension.transform.scale.kind === 'linear';
  const fromZero = linear && low >= 0 && low < 0.5 * high;
  const begin = fromZero ? 0 : low - MARGIN * span;
  const end = high + MARGIN * span;
  const min = Math.max(Math.min(begin, reach.low - MARGIN * span), begin - MOST_WIDENING * span);
  const max = Math.min(Math.max(end, reach.high + MARGIN * span), end + MOST_WIDENING * span);
  return {
    dimension,
    label: labelOf(dimension, channel),
    min,
    max,
    bins,
    ticks: axisTicks(dimension.transform, min, max),
  };
}

function channelOf(channels: readonly Channel[], name: string): Channel | undefined {
  return channels.find((channel) => channel.name === name);
}

function topOfScale({ transform }: Dimension, channel: Channel | undefined): number {
  const range = channel?.range ?? null;
  if (range === null) return Number.POSITIVE_INFINITY;
  return transform === null ? range : compileForward(transform)(range);
}

/** Ends of the finite values, without the lowest few and what lies beyond the top of scale; 0 to the top where there are none. */
function spread(values: Float64Array, top: number): readonly [number, number] {
  const finite = sortAscending(values.filter(Number.isFinite));
  const most = Number.isFinite(top) ? top : 1;
  if (finite.length === 0) return [Math.min(0, most), most > 0 ? most : 1];
  const low = finite[Math.floor(CUT_BELOW * (finite.length - 1))];
  const high = Math.min(finite[finite.length - 1], top);
  return high > low ? [low, high] : [low - 0.5 * (Math.abs(low) || 1), low + 0.5 * (Math.abs(low) || 1)];
}

/** Ends of everything that gates of the strategy draw on a dimension; (Infinity, -Infinity) when nothing. */
function gateReach(
  strategy: GatingStrategy,
  dimension: Dimension,
): { readonly low: number; readonly high: number } {
  const key = JSON.stringify(dimension);
  const places = strategy.populations.flatMap(({ gate }) =>
    gate === null || gate.kind === 'boolean'
      ? []
      : gate.dims.flatMap((dim, d) => (JSON.stringify(dim) === key ? placesOf(gate, d) : [])),
  );
  const finite = places.filter(Number.isFinite);
  return {
    low: finite.reduce((least, v) => Math.min(least, v), Number.POSITIVE_INFINITY),
    high: finite.reduce((most, v) => Math.max(most, v), Number.NEGATIVE_INFINITY),
  };
}

function placesOf(gate: GeometricGate, d: number): readonly number[] {
  switch (gate.kind) {
    case 'rectangle':
      return [gate.min[d], gate.max[d]];
    case 'quadrant':
      return gate.dividers[d];
    case 'polygon':
      return gate.vertices.map((vertex) => vertex[d]);
    case 'ellipsoid': {
      const n = gate.dims.length;
      const radius = Math.sqrt(Math.max(0, gate.covariance[d * n + d] * gate.distanceSquare));
      return [gate.mean[d] - radius, gate.mean[d] + radius];
    }
  }
}

function labelOf({ source }: Dimension, channel: Channel | undefined): string {
  if (source.kind === 'ratio') return `${source.numerator} / ${source.denominator}`;
  const marker = channel?.marker ?? channel?.stain ?? null;
  return marker === null || marker === source.channel ? source.channel : `${marker} · ${source.channel}`;
}
