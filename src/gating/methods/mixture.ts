// P: one component of a two-dimensional Gaussian mixture, the one whose centre lies nearest to a stated target, as the ellipse that
// holds a stated part of it (populations specification, section 0). Expectation maximisation from fixed starts (McLachlan and Peel
// 2000, section 3.2): the same events give the same ellipse, whatever their order.
import { z } from 'zod';
import { exp, kmeans as cluster, log } from '../../math/index.ts';
import type { GatingMethod } from './contract.ts';

const params = z.strictObject({
  /** Number of components. */
  k: z.number().int().min(1).max(8),
  /** Target: where the population should be, scale units of the two axes. */
  x: z.number(),
  y: z.number(),
  /** Farthest acceptable distance of the centre from the target, scale units. */
  within: z.number().positive().default(1.5),
  /** Part of the component inside the ellipse. */
  level: z.number().gt(0).lt(1).default(0.95),
  /** Fewest events (responsibilities summed) of the component. */
  minEvents: z.number().int().min(5).default(20),
});

/** Points that take part at most: even ranks in order of the first axis, then the second. */
const MOST = 20_000;
const STEPS = 300;
/** Steps end when the log likelihood of an event rises by less. */
const SETTLED = 1e-7;
/** Least variance of a component over that of all events: keeps a component from closing in on equal events. */
const LEAST_VARIANCE = 1e-4;

interface Component {
  readonly weight: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly xy: number;
  readonly yy: number;
}

type Points = readonly (readonly [number, number])[];

export const mixture: GatingMethod<z.infer<typeof params>> = {
  name: 'mixture',
  dims: 2,
  params,
  fit(input, { k, x, y, within, level, minEvents }) {
    const points = selection(input.columns[0], input.columns[1]);
    const rejected = (reason: string, evidence = {}) =>
      ({ status: 'rejected', reason, evidence: { events: points.length, ...evidence } }) as const;
    if (points.length < k * minEvents) return rejected(`only ${points.length} events for ${k} components`);
    const all = weighted(points, () => 1);
    if (!(all.xx > 0 && all.yy > 0)) return rejected('the events have no spread');
    const components = maximise(points, start(points, k, all), all);
    const distance = (c: Component) => Math.sqrt((c.x - x) * (c.x - x) + (c.y - y) * (c.y - y));
    const nearest = components.reduce((best, c) => (distance(c) < distance(best) ? c : best));
    const evidence = {
      components: k,
      weight: nearest.weight,
      centreX: nearest.x,
      centreY: nearest.y,
      distance: distance(nearest),
      takingPart: points.length,
    };
    if (!(distance(nearest) <= within))
      return rejected(`no component lies within ${within} of the target`, evidence);
    if (!(nearest.weight * points.length >= minEvents))
      return rejected(`the component has fewer than ${minEvents} events`, evidence);
    if (!(nearest.xx * nearest.yy - nearest.xy * nearest.xy > 0))
      return rejected('the component is a line', evidence);
    const share = shareOutside(points, nearest, level);
    return {
      status: 'fitted',
      gate: {
        kind: 'ellipsoid',
        dims: input.dims,
        mean: [nearest.x, nearest.y],
        covariance: [nearest.xx, nearest.xy, nearest.xy, nearest.yy],
        // quantile of chi square with two degrees of freedom
        distanceSquare: -2 * log(1 - level),
      },
      cut: null,
      evidence: { ...evidence, ...share },
    };
  },
};

/**
 * What the ellipse leaves of its component, and what of the others is inside it, as shares of the events inside. `shareError`: a shift of
 * the centre changes nothing at first order, and the spread of n events is known to 1 / (2 sqrt(n)) of itself.
 */
function shareOutside(
  points: Points,
  { weight, x, y, xx, xy, yy }: Component,
  level: number,
): { readonly missedShare: number; readonly foreignShare: number; readonly shareError: number } {
  const square = -2 * log(1 - level);
  const determinant = xx * yy - xy * xy;
  let inside = 0;
  for (const [px, py] of points) {
    const [dx, dy] = [px - x, py - y];
    if (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy <= square * determinant) inside++;
  }
  const own = weight * points.length;
  return {
    missedShare: inside === 0 ? 0 : ((1 - level) * own) / inside,
    foreignShare: inside === 0 ? 0 : Math.max(0, inside - level * own) / inside,
    shareError: (square * (1 - level)) / (2 * level * Math.sqrt(own)),
  };
}

/** Finite points, a bounded number of them, in an order that does not depend on that of the events. */
function selection(xs: Float64Array, ys: Float64Array): Points {
  const order = Uint32Array.from({ length: xs.length }, (_, e) => e)
    .filter((e) => Number.isFinite(xs[e]) && Number.isFinite(ys[e]))
    .sort((a, b) => xs[a] - xs[b] || ys[a] - ys[b]);
  const count = Math.min(order.length, MOST);
  return Array.from({ length: count }, (_, i) => {
    const e = order[Math.floor(((i + 0.5) * order.length) / count)];
    return [xs[e], ys[e]] as const;
  });
}

/** Weighted mean and covariance; `weight` = sum of the weights over the number of points. */
function weighted(points: Points, weight: (e: number) => number): Component {
  let [w, x, y] = [0, 0, 0];
  points.forEach((point, e) => {
    w += weight(e);
    x += weight(e) * point[0];
    y += weight(e) * point[1];
  });
  [x, y] = [x / w, y / w];
  let [xx, xy, yy] = [0, 0, 0];
  points.forEach((point, e) => {
    const [dx, dy] = [point[0] - x, point[1] - y];
    xx += weight(e) * dx * dx;
    xy += weight(e) * dx * dy;
    yy += weight(e) * dy * dy;
  });
  return { weight: w / points.length, x, y, xx: xx / w, xy: xy / w, yy: yy / w };
}

/** Clusters of k-means in units of SD, from points at even ranks along the diagonal of the two axes. */
function start(points: Points, k: number, all: Component): readonly Component[] {
  if (k === 1) return [all];
  const [sx, sy] = [Math.sqrt(all.xx), Math.sqrt(all.yy)];
  const scaled = points.map(([px, py]) => [(px - all.x) / sx, (py - all.y) / sy]);
  const columns = [0, 1].map((d) => Float64Array.from(scaled, (point) => point[d]));
  const { labels } = cluster(columns, farApart(scaled, k));
  return Array.from({ length: k }, (_, c) => weighted(points, (e) => (labels[e] === c ? 1 : 0))).filter(
    ({ weight }) => weight > 0,
  );
}

/** The point nearest the centre, then each time the point farthest from those taken, among a few hundred: rare populations get a start. */
function farApart(scaled: readonly number[][], k: number): number[][] {
  const few = scaled.filter((_, e) => e % Math.max(1, Math.floor(scaled.length / 500)) === 0);
  const square = (p: readonly number[], q: readonly number[]) =>
    (p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]);
  const first = few.reduce((best, p) => (square(p, [0, 0]) < square(best, [0, 0]) ? p : best));
  const taken = [first];
  while (taken.length < k) {
    const gap = (p: readonly number[]) => taken.reduce((least, q) => Math.min(least, square(p, q)), Infinity);
    taken.push(few.reduce((best, p) => (gap(p) > gap(best) ? p : best)));
  }
  return taken;
}

function maximise(points: Points, from: readonly Component[], all: Component): readonly Component[] {
  let components = from.map((c) => kept(c, all));
  const shares = components.map(() => new Float64Array(points.length));
  let before = -Infinity;
  for (let step = 0; step < STEPS; step++) {
    const likelihood = expectation(points, components, shares) / points.length;
    components = shares.map((share) =>
      kept(
        weighted(points, (e) => share[e]),
        all,
      ),
    );
    if (!(likelihood - before > SETTLED)) break;
    before = likelihood;
  }
  return components;
}

/** The component, its variances not below the least. */
function kept(c: Component, all: Component): Component {
  return {
    ...c,
    xx: Math.max(c.xx, LEAST_VARIANCE * all.xx),
    yy: Math.max(c.yy, LEAST_VARIANCE * all.yy),
  };
}

/** Fills in each event's share in each component; returns the log likelihood. */
function expectation(
  points: Points,
  components: readonly Component[],
  shares: readonly Float64Array[],
): number {
  const forms = components.map(({ weight, xx, xy, yy }) => {
    const determinant = Math.max(xx * yy - xy * xy, Number.MIN_VALUE);
    return {
      constant: log(Math.max(weight, Number.MIN_VALUE)) - 0.5 * log(determinant) - LOG_TWO_PI,
      a: yy / determinant,
      b: -xy / determinant,
      d: xx / determinant,
    };
  });
  const terms = new Float64Array(components.length);
  let likelihood = 0;
  for (let e = 0; e < points.length; e++) {
    let largest = -Infinity;
    for (let c = 0; c < terms.length; c++) {
      const [dx, dy] = [points[e][0] - components[c].x, points[e][1] - components[c].y];
      const { constant, a, b, d } = forms[c];
      terms[c] = constant - 0.5 * (a * dx * dx + 2 * b * dx * dy + d * dy * dy);
      largest = Math.max(largest, terms[c]);
    }
    let total = 0;
    for (let c = 0; c < terms.length; c++) total += exp(terms[c] - largest);
    for (let c = 0; c < terms.length; c++) shares[c][e] = exp(terms[c] - largest) / total;
    likelihood += largest + log(total);
  }
  return likelihood;
}

const LOG_TWO_PI = 1.8378770664093453;
