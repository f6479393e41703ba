// K(k): a cut between adjacent centres of one-dimensional k-means, for markers whose populations overlap too much for a valley
// (populations specification, section 0). k-means parts anything, one population too: centres that are too close are refused.
import { z } from 'zod';
import { kmeans as cluster, quantileSorted } from '../../math/index.ts';
import { countBelow, cutGate, evenly, sortedFinite, type GatingMethod } from './contract.ts';

const params = z.strictObject({
  k: z.union([z.literal(2), z.literal(3)]).default(2),
  /** Of three clusters: the cut between the two lower or the two upper ones. */
  side: z.enum(['lower', 'upper']).default('upper'),
  /** Only events in [from, to] (scale units) take part. */
  from: z.number().nullable().default(null),
  to: z.number().nullable().default(null),
  /** The cut must lie in [cutFrom, cutTo], scale units. */
  cutFrom: z.number().nullable().default(null),
  cutTo: z.number().nullable().default(null),
  /** Least distance of the two centres over the sum of their SD; halves of one normal are 1.32 apart, of a uniform 1.73. */
  minSeparation: z.number().positive().default(2),
  /** Fewest events on each side. */
  minEvents: z.number().int().min(1).default(20),
});

/** Points that take part at most: even ranks of the sorted values. */
const MOST = 20_000;
/** Levels of the outermost starting centres; the others lie evenly between. The best end is taken. */
const STARTS = [0.25, 0.1, 0.02, 0.002] as const;

export const kmeans: GatingMethod<z.infer<typeof params>> = {
  name: 'kmeans',
  dims: 1,
  params,
  scatterRate: 0.5,
  fit(input, { k, side, from, to, cutFrom, cutTo, minSeparation, minEvents }) {
    // values that are not numbers would never let the clusters settle
    const values = sortedFinite(input.columns[0], from ?? undefined, to ?? undefined);
    const rejected = (reason: string, evidence = {}) =>
      ({ status: 'rejected', reason, evidence: { events: values.length, ...evidence } }) as const;
    if (values.length < k * minEvents) return rejected(`only ${values.length} events to part`);
    if (values[0] === values[values.length - 1]) return rejected('all events have the same value');
    const clusters = STARTS.map((start) => clustersFrom(evenly(values, MOST), k, start)).reduce(
      (best, other) => (other.error < best.error ? other : best),
    );
    const at = side === 'lower' ? 0 : k - 2;
    const [low, high] = clusters.groups.slice(at, at + 2);
    const spread = low.sd + high.sd;
    const separation = (high.centre - low.centre) / spread;
    if (!(separation >= minSeparation))
      return rejected(`the clusters are not apart (${separation.toFixed(2)} SD)`, {
        centreLow: low.centre,
        centreHigh: high.centre,
      });
    const cut = spread > 0 ? low.centre + low.sd * separation : (low.centre + high.centre) / 2;
    const below = countBelow(values, cut);
    const evidence = {
      cut,
      centreLow: low.centre,
      centreHigh: high.centre,
      separation: spread > 0 ? separation : null,
      eventsBelow: below,
      eventsAbove: values.length - below,
    };
    if (below < minEvents || values.length - below < minEvents)
      return rejected(`fewer than ${minEvents} events on one side of the cut`, evidence);
    if (cut < (cutFrom ?? -Infinity) || cut > (cutTo ?? Infinity))
      return rejected(`the cut at ${cut.toFixed(2)} is not where it was asked for`, evidence);
    return { status: 'fitted', gate: cutGate(input, cut), cut, evidence };
  },
};

interface Clusters {
  /** Ascending. */
  readonly groups: readonly { readonly centre: number; readonly sd: number }[];
  /** Sum of squared distances to the own centre. */
  readonly error: number;
}

function clustersFrom(sorted: Float64Array, k: number, start: number): Clusters {
  const initialization = Array.from({ length: k }, (_, c) => [
    quantileSorted(sorted, start + ((1 - 2 * start) * c) / (k - 1)),
  ]);
  const { centres, labels } = cluster([sorted], initialization);
  const squares = new Float64Array(k);
  const counts = new Float64Array(k);
  sorted.forEach((value, e) => {
    const c = labels[e];
    counts[c]++;
    squares[c] += (value - centres[c][0]) * (value - centres[c][0]);
  });
  const groups = centres
    .map(([centre], c) => ({ centre, sd: Math.sqrt(squares[c] / Math.max(1, counts[c])) }))
    .sort((a, b) => a.centre - b.centre);
  return { groups, error: squares.reduce((sum, square) => sum + square, 0) };
}
