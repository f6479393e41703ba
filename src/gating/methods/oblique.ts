// An oblique cut: a valley, tail or reference quantile of the score a*y1 + b*y2, drawn as the half-plane beyond it (e.g. CD25 - 0.9 CD127
// for regulatory T cells, populations section 2). The polygon reaches far beyond the data, so that it is open in all but name.
import { z } from 'zod';
import type { MethodFit, GatingMethod } from './contract.ts';
import { reference, referenceParams } from './reference.ts';
import { tail, tailParams } from './tail.ts';
import { valley, valleyParams } from './valley.ts';

const score = {
  /** Weights of the first and the second axis. */
  a: z.number(),
  b: z.number(),
  /** Which side of the cut on the score the population is. */
  side: z.enum(['above', 'below']).default('above'),
};
/** The other parameters are those of the method that cuts the score, in units of the score. */
const params = z
  .discriminatedUnion('then', [
    valleyParams.extend({ ...score, then: z.literal('valley') }),
    tailParams.extend({ ...score, then: z.literal('tail') }),
    referenceParams.extend({ ...score, then: z.literal('reference') }),
  ])
  .refine(({ a, b }) => a !== 0 || b !== 0, 'one of a and b must not be zero');
type Params = z.infer<typeof params>;

/** The half-plane reaches this many diagonals of the data beyond it. */
const REACH = 10;

export const oblique: GatingMethod<Params> = {
  name: 'oblique',
  dims: 2,
  params,
  // of a tail; the other cuts have a formula
  scatterRate: 0.5,
  fit(input, given, random) {
    const { a, b, side } = given;
    const scores = scoresOf(input.columns, [a, b]);
    const along = {
      dims: [{ ...input.dims[0], transform: null }],
      columns: [scores],
      // a score has no detector units: its peaks are measured as they are
      linear: [scores],
      forward: [(x: number) => x],
      keep: side,
      reference: input.reference === null ? null : [scoresOf(input.reference, [a, b])],
    };
    const found = cutScore(along, given, random);
    if (found.status === 'rejected' || found.cut === null) return found;
    // a parent without events of its own, cut by a reference, has the extent of the reference
    const box = extent([input.columns, ...(input.reference === null ? [] : [input.reference])]);
    return {
      status: 'fitted',
      gate: {
        kind: 'polygon',
        dims: [input.dims[0], input.dims[1]],
        vertices: halfPlane(side === 'above' ? [a, b, found.cut] : [-a, -b, -found.cut], box),
      },
      cut: null,
      score: { weights: [a, b], keep: side },
      evidence: { then: given.then, ...found.evidence },
    };
  },
};

function scoresOf([u, v]: readonly Float64Array[], [a, b]: readonly [number, number]): Float64Array {
  const scores = new Float64Array(u.length);
  for (let e = 0; e < scores.length; e++) scores[e] = a * u[e] + b * v[e];
  return scores;
}

function cutScore(
  along: Parameters<typeof valley.fit>[0],
  given: Params,
  random: Parameters<typeof valley.fit>[2],
): MethodFit {
  switch (given.then) {
    case 'valley':
      return valley.fit(along, given, random);
    case 'tail':
      return tail.fit(along, given, random);
    case 'reference':
      return reference.fit(along, given, random);
  }
}

interface Extent {
  readonly centre: readonly [number, number];
  readonly radius: number;
}

/** A disc around all finite points of pairs of columns; a cut needs one at least. */
function extent(pairs: readonly (readonly Float64Array[])[]): Extent {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [xs, ys] of pairs)
    for (let e = 0; e < xs.length; e++) {
      if (!(Number.isFinite(xs[e]) && Number.isFinite(ys[e]))) continue;
      left = Math.min(left, xs[e]);
      right = Math.max(right, xs[e]);
      bottom = Math.min(bottom, ys[e]);
      top = Math.max(top, ys[e]);
    }
  const [width, height] = [right - left, top - bottom];
  return {
    centre: [(left + right) / 2, (bottom + top) / 2],
    radius: REACH * Math.sqrt(width * width + height * height),
  };
}

/** a*x + b*y >= cut as a rectangle along the line, from the point of the line nearest to the centre. */
function halfPlane(
  [a, b, cut]: readonly [number, number, number],
  { centre: [x, y], radius }: Extent,
): [number, number][] {
  const length = Math.sqrt(a * a + b * b);
  const [u, v] = [a / length, b / length];
  const away = (cut - a * x - b * y) / length;
  const [px, py] = [x + away * u, y + away * v];
  // deep enough to hold all data even where the cut itself lies far off
  const depth = radius + Math.abs(away);
  return [
    [px + radius * v, py - radius * u],
    [px + radius * v + depth * u, py - radius * u + depth * v],
    [px - radius * v + depth * u, py + radius * u + depth * v],
    [px - radius * v, py + radius * u],
  ];
}
