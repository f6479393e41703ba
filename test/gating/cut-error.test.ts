// The placement error of cuts, held to what is known: formulas worked by hand, the scatter of cuts over repeated simulated tubes, and what
// a cut's error does to a population: nothing in an empty valley, much in a continuum.
import { describe, expect, it } from 'vitest';
import { labelChannels } from '../../src/events/index.ts';
import { fitPlan } from '../../src/gating/index.ts';
import { fractionShift } from '../../src/gating/cut-shift.ts';
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

/** 4000 events of two axes around 0, half of them `distance` higher on the second; evidence of the only population. */
function onTwo(distance: number, rule: string): Record<string, number> {
  const random = createRandom('two axes');
  const column = (shift: (e: number) => number) =>
    Float64Array.from({ length: 4000 }, (_, e) => shift(e) + 0.5 * random.normal());
  const columns = [column(() => 0), column((e) => (e % 2) * distance)];
  const channels = labelChannels(
    ['CD127', 'CD25'].map((stain, k) => ({ name: `D${k}-A`, stain, range: 262144 })),
  );
  const { template } = parseTemplate(
    `immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\npopulations:\n  - { id: x, parent: root, on: [{ marker: CD127, scale: linear }, { marker: CD25, scale: linear }], place: ${rule} }\n`,
  );
  const bound = template === null ? null : bindTemplate(template, channels, { spillover: null });
  if (bound?.plan == null) throw new Error(JSON.stringify(bound?.issues));
  const sample = { table: { count: 4000, channels, columns }, spillover: null };
  const [{ fit }] = fitPlan(bound.plan, sample, { seed: 's' }).strategy.populations;
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

describe('the shift of a fraction', () => {
  const dim = {
    source: { kind: 'channel', channel: 'A' },
    compensation: { kind: 'none' },
    transform: null,
  } as const;
  const column = Float64Array.from({ length: 100 }, (_, i) => i);
  it('counts the events between the cut and its limits', () => {
    const gate = { kind: 'rectangle', dims: [dim], min: [50], max: [Infinity] } as const;
    // 50 +- 1.96 * 2.5 = 45.1 and 54.9: 46 to 49 are gained, 50 to 54 are lost
    expect(fractionShift(gate, [column], [2.5])).toEqual({ down: 0.05, up: 0.04 });
  });
  it('adds the cuts of a quadrant as squares', () => {
    const gate = {
      kind: 'quadrant',
      set: 'q',
      dims: [dim, dim],
      dividers: [[50], [50]],
      cell: [1, 1],
    } as const;
    // the second axis equals the first: events that leave by one cut are 5, none are gained while the other cut holds them out
    const shift = fractionShift(gate, [column, column], [2.5, 2.5]);
    expect(shift?.down).toBeCloseTo(Math.sqrt(2) * 0.05, 12);
    expect(shift?.up).toBe(0);
  });
  it.each([
    ['a cut whose error is not known', [null], column],
    ['no events', [1], new Float64Array(0)],
  ])('is not known for %s', (_, errors, values) => {
    expect(
      fractionShift({ kind: 'rectangle', dims: [dim], min: [50], max: [Infinity] }, [values], errors),
    ).toBeNull();
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

  it('a cut in an empty valley moves next to nobody, a tail in a continuum many', () => {
    const empty = placed('valley', two(5), 5000, 'empty');
    expect(Math.max(empty['fractionDown'], empty['fractionUp'])).toBeLessThan(0.0005);
    const smear = placed('tail', continuum, 5000, 'smear');
    expect(smear['fractionDown'] + smear['fractionUp']).toBeGreaterThan(0.02);
  });
  it('a cut on a score of two axes has its error in units of the score, and moves who lies beside the line', () => {
    // the score y - x of two normals of SD 0.5 each has SD 0.7071; its halves are 5 apart: nobody lies at the cut
    const apart = onTwo(5, '{ oblique: { a: -1, b: 1, then: valley } }');
    expect(apart['cut']).toBeGreaterThan(2);
    expect(apart['cut']).toBeLessThan(3);
    expect(Math.max(apart['fractionDown'], apart['fractionUp'])).toBeLessThan(0.002);
    const tail = onTwo(1.5, '{ oblique: { a: -1, b: 1, then: tail, k: 2 } }');
    expect(tail['cutSe']).toBeGreaterThan(0.05);
    expect(tail['fractionDown']).toBeGreaterThan(0.005);
  });
  it('a fixed cut has no error', () => {
    expect(placed('{ fixed: 3 }', two(2), 500, 'fixed')).toMatchObject({
      cutSe: 0,
      fractionDown: 0,
      fractionUp: 0,
    });
  });
  it('is the same twice', () => {
    expect(placed('tail', continuum, 1000, 'same')).toEqual(placed('tail', continuum, 1000, 'same'));
  });
});
