// The placement error of cuts, held to what is known: formulas worked by hand, and the scatter of cuts over repeated simulated tubes.
import { describe, expect, it } from 'vitest';
import { labelChannels } from '../../src/events/index.ts';
import { fitPlan } from '../../src/gating/index.ts';
import { quantileError } from '../../src/gating/methods/contract.ts';
import { valleyError } from '../../src/gating/methods/cut-error.ts';
import { createRandom } from '../../src/math/index.ts';
import { bindTemplate, parseTemplate } from '../../src/template/index.ts';

type Draw = (random: ReturnType<typeof createRandom>) => number;

/** Events on the y axis in a linear channel, so that the scale is the identity; returns the evidence of one population. */
function placed(rule: string, draw: Draw, n: number, seed: string): Record<string, number> {
  const random = createRandom(seed);
  const table = {
    count: n,
    channels: labelChannels([{ name: 'A-A', stain: 'CD3', range: 262144 }]),
    columns: [Float64Array.from({ length: n }, () => draw(random))],
  };
  const { template } = parseTemplate(
    `immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\npopulations:\n  - { id: x, parent: root, on: { marker: CD3, scale: linear }, place: ${rule} }\n`,
  );
  const bound = template === null ? null : bindTemplate(template, table.channels, { spillover: null });
  if (bound?.plan == null) throw new Error(JSON.stringify(bound?.issues));
  const [{ fit }] = fitPlan(bound.plan, { table, spillover: null }, { seed }).strategy.populations;
  if (fit.status !== 'fitted') throw new Error(JSON.stringify(fit));
  return fit.evidence as Record<string, number>;
}

/** Two normals of SD 0.5 around 2 and 2 + distance, halves. */
const two =
  (distance: number): Draw =>
  (random) =>
    2 + (random.next() < 0.5 ? 0 : distance) + 0.5 * random.normal();
/** A negative smear with a tail of positives: nothing lies between. */
const continuum: Draw = (random) =>
  random.next() < 0.8 ? 2 + 0.4 * random.normal() : 2.6 + 0.8 * Math.abs(random.normal());

/** A double exponential. */
const laplace: Draw = (random) => (random.next() < 0.5 ? 1 : -1) * Math.log(1 - random.next());

describe('the formula', () => {
  it('of a quantile: values 0 to 9999, q = 0.5', () => {
    // sqrt(0.25 / 10000) = 0.005 to either side: ranks 4949.505 and 5049.495 of 9999
    expect(
      quantileError(
        Float64Array.from({ length: 10_000 }, (_, i) => i),
        0.5,
      ),
    ).toBeCloseTo(0.005 * 9999, 6);
  });
  it('of a valley between two single events', () => {
    // both at 3 bandwidths: se = h sqrt(2 z^2 k^2) / (2 (z^2 - 1) k) = h z / (sqrt 2 (z^2 - 1))
    expect(valleyError(Float64Array.of(-3, 3), 0, 1)).toBeCloseTo(3 / (Math.SQRT2 * 8), 12);
  });
  it('of a valley is none where the density bends downward', () => {
    expect(valleyError(Float64Array.of(0, 0.1, -0.1), 0, 1)).toBeNull();
  });
});

describe('cuts over repeated tubes', () => {
  const tubes = 60;
  it.each([
    // by symmetry the valley lies half way
    ['valley', 'a shallow valley', two(2), 1500, 3],
    ['valley', 'an empty valley', two(5), 1500, 4.5],
    // the point of the standard normal below which 99 % lie
    ['{ quantile: { q: 0.99 } }', 'a quantile', (random) => random.normal(), 3000, 2.326348],
    ['kmeans', 'two clusters', two(2.4), 1000, null],
    ['tail', 'a tail', continuum, 1500, null],
    ['{ background: { beyond: 0.01 } }', 'a background', laplace, 2000, null],
  ])('%s in %s: the error is the scatter, and 95 % limits hold the truth', (rule, _, draw, n, known) => {
    const found = Array.from({ length: tubes }, (__, t) => placed(rule, draw, n, `tube ${t}`));
    const mean = found.reduce((sum, { cut }) => sum + cut, 0) / tubes;
    const scatter = Math.sqrt(
      found.reduce((sum, { cut }) => sum + (cut - mean) * (cut - mean), 0) / (tubes - 1),
    );
    const said = found.reduce((sum, { cutSe }) => sum + cutSe, 0) / tubes;
    // the scatter of 60 cuts is itself known to 9 %
    expect(said / scatter).toBeGreaterThan(0.7);
    expect(said / scatter).toBeLessThan(1.4);
    const truth = known ?? mean;
    const held = found.filter(({ cut, cutSe }) => Math.abs(cut - truth) <= 1.96 * cutSe).length;
    expect(held / tubes).toBeGreaterThanOrEqual(0.83);
  });

  it('an empty valley has the error of any point in the gap', () => {
    const apart: Draw = (random) => (random.next() < 0.88 ? 2 : 22) + 0.5 * random.normal();
    const found = placed('valley', apart, 2000, 'gap');
    expect(Math.abs(found['cut'] - 12)).toBeLessThan(1);
    // nobody lies within eight bandwidths of the cut; the gap reaches from some 3.5 to some 20.5
    expect(found['cutSe']).toBeGreaterThan(14 / (2 * 1.96));
    expect(found['cutSe']).toBeLessThan(19 / (2 * 1.96));
  });
  it('a fixed cut has no error', () => {
    expect(placed('{ fixed: 3 }', two(2), 500, 'fixed')).toMatchObject({ cutSe: 0 });
  });
  it('is the same twice', () => {
    expect(placed('tail', continuum, 1000, 'same')).toEqual(placed('tail', continuum, 1000, 'same'));
  });
});
