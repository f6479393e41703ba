// Cuts from control tubes and pools: hand-calculated positions on events whose scaled values are known, and the batch rule's four ways.
import { describe, expect, it } from 'vitest';
import { labelChannels, type EventTable } from '../../src/events/index.ts';
import {
  cutPool,
  drawForPool,
  fitPlan,
  surveyTube,
  type GatingPlan,
  type PlanFit,
  type SharedCuts,
} from '../../src/gating/index.ts';
import type { Dimension } from '../../src/gating/model.ts';
import { planFor } from '../../src/gating/fit.ts';
import { cutDistance } from '../../src/gating/shared-cuts.ts';
import { createRandom } from '../../src/math/index.ts';
import { bindTemplate, parseTemplate } from '../../src/template/index.ts';

/** Tables of CD3 and PD1 whose values are given on asinh(x / 150). */
function table(cd3: readonly number[], pd1: readonly number[]): EventTable {
  const channels = labelChannels(
    ['CD3', 'PD1'].map((stain, k) => ({ name: `D${k}-A`, stain, range: 262144 })),
  );
  const linear = (values: readonly number[]) => Float64Array.from(values, (y) => 150 * Math.sinh(y));
  return { count: cd3.length, channels, columns: [linear(cd3), linear(pd1)] };
}

function planOf(body: string, { channels }: EventTable): GatingPlan {
  const text = `immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\npopulations:\n${body}`;
  const { template, issues } = parseTemplate(text);
  if (template === null) throw new Error(JSON.stringify(issues));
  const { plan, issues: more } = bindTemplate(template, channels, { spillover: null });
  if (plan === null) throw new Error(JSON.stringify(more));
  return plan;
}

function fit(body: string, events: EventTable, shared: SharedCuts): PlanFit {
  return fitPlan(planOf(body, events), { table: events, spillover: null }, { seed: 's', shared });
}

function cutOf({ strategy }: PlanFit, path: string): number | null {
  const gate = strategy.populations.find((population) => population.path === path)?.gate;
  return gate?.kind === 'rectangle' ? gate.min[0] : null;
}
const fitOf = ({ strategy }: PlanFit, path: string) =>
  strategy.populations.find((population) => population.path === path)?.fit;

const nothing: SharedCuts = { tubes: {}, pools: {} };
const cd3 = '  - { id: T, parent: root, on: CD3, gate: { range: [3, ~] } }\n';

describe('a control tube', () => {
  const body = `${cd3}  - { id: PD1f, parent: T, on: PD1, place: [{ quantile: { tube: "FMO:PD1", q: 0.995 } }, { fixed: 2 }] }\n`;
  // 1000 T cells at 0.000, 0.001, … 0.999 and as many others far above, which must not count
  const fmo = table(
    Array.from({ length: 2000 }, (_, e) => (e < 1000 ? 5 : 0)),
    Array.from({ length: 2000 }, (_, e) => (e < 1000 ? e / 1000 : 6)),
  );
  const stained = table(
    Array.from({ length: 400 }, () => 5),
    Array.from({ length: 400 }, (_, e) => (e < 300 ? 0.2 : 4)),
  );
  const cuts = surveyTube(
    planOf(body, fmo),
    { table: fmo, spillover: null },
    { names: ['FMO:PD1'], seed: 's' },
  );
  const tubes = {
    'FMO:PD1': { kind: 'surveyed', files: [{ sample: 'S1_FMO', sha256: 'f' }], cuts },
  } as const;

  it('gives its quantile inside the same parent', () => {
    const placed = fit(body, stained, { ...nothing, tubes });
    // position 0.995 * 999 = 994.005 among 0.000 … 0.999
    expect(cutOf(placed, 'T/PD1f')).toBeCloseTo(0.994005, 9);
    expect(fitOf(placed, 'T/PD1f')).toMatchObject({
      status: 'fitted',
      method: 'quantile',
      evidence: { tube: 'FMO:PD1', tubeSample: 'S1_FMO', events: 1000 },
    });
    expect(placed.issues).toEqual([]);
  });
  it('serves a sample with few events of its own', () => {
    const few = table([5, 5, 5], [0.2, 0.3, 4]);
    expect(cutOf(fit(body, few, { ...nothing, tubes }), 'T/PD1f')).toBeCloseTo(0.994005, 9);
  });
  it('gives an unstimulated tail: mode and spread of that tube, not of the stimulated one', () => {
    const rule = `${cd3}  - { id: act, parent: T, on: PD1, place: { tail: { tube: UNST, k: 3 } } }\n`;
    const random = createRandom('unst');
    const unst = table(
      Array.from({ length: 4000 }, () => 5),
      Array.from({ length: 4000 }, () => 3 + 0.4 * random.normal()),
    );
    const survey = surveyTube(
      planOf(rule, unst),
      { table: unst, spillover: null },
      { names: ['UNST'], seed: 's' },
    );
    const placed = fit(rule, stained, {
      ...nothing,
      tubes: { UNST: { kind: 'surveyed', files: [{ sample: 'U', sha256: 'u' }], cuts: survey } },
    });
    // a stained peak at 3 with SD 0.4: 3 + 3 * 0.4; the half-sample mode of 4000 events is good to about a fifth
    expect(Math.abs((cutOf(placed, 'T/act') ?? 0) - 4.2)).toBeLessThan(0.35);
  });
  it.each([
    ['absent', {}, /sample has no FMO:PD1 tube/],
    [
      'unread',
      { 'FMO:PD1': { kind: 'unread', reason: 'S1_FMO could not be read' } },
      /S1_FMO could not be read/,
    ],
    [
      'too small',
      {
        'FMO:PD1': {
          kind: 'surveyed',
          files: [{ sample: 'S1_FMO', sha256: 'f' }],
          cuts: surveyTube(
            planOf(body, stained),
            { table: table([5, 5], [1, 2]), spillover: null },
            { names: ['FMO:PD1'], seed: 's' },
          ),
        },
      },
      /in the FMO:PD1 tube S1_FMO the parent has 2 events, fewer than 200/,
    ],
  ] as const)('that is %s gives way to the next method, in words', (_, given, reason) => {
    const placed = fit(body, stained, { ...nothing, tubes: given });
    expect(cutOf(placed, 'T/PD1f')).toBe(2);
    expect(fitOf(placed, 'T/PD1f')).toMatchObject({
      status: 'fallback',
      method: 'fixed',
      reason: expect.stringMatching(reason) as string,
    });
  });
  it('of its own is looked at as any other', () => {
    const placed = fit(body, fmo, { ...nothing, tubes: { 'FMO:PD1': { kind: 'self' } } });
    expect(cutOf(placed, 'T/PD1f')).toBeCloseTo(0.994005, 9);
  });
});

describe('a survey', () => {
  it('places only what the asked-for populations stand on: parents, operands, references', () => {
    const events = table([5], [1]);
    const plan = planOf(
      `${cd3}  - { id: naive, parent: T, on: PD1, gate: { range: [~, 1] } }
  - { id: other, parent: T, is: not naive }
  - { id: PD1f, parent: other, on: PD1, place: [{ quantile: { tube: "FMO:PD1" } }, { reference: { population: T, q: 0.9 } }] }
  - { id: below, parent: PD1f, on: CD3, place: valley }
  - { id: aside, parent: root, on: CD3, place: valley }
`,
      events,
    );
    const { populations } = planFor(plan, ({ attempts }) => attempts.some(({ tube }) => tube === 'FMO:PD1'));
    expect(populations.map(({ path }) => path)).toEqual(['T', 'T/naive', 'T/other', 'T/other/PD1f']);
  });
});

describe('a pool', () => {
  const rule = (pool: string) =>
    `${cd3}  - { id: PD1p, parent: T, on: PD1, place: [valley], pool: ${pool} }\n`;
  /** n T cells, half at `low`, half at `low` + 4, SD 0.4. */
  const visit = (n: number, low: number, seed: string) => {
    const random = createRandom(seed);
    return table(
      Array.from({ length: n }, () => 5),
      Array.from({ length: n }, (_, e) => low + (e % 2) * 4 + 0.4 * random.normal()),
    );
  };
  const pooled = (pool: 'subject' | 'batch-baseline', visits: readonly EventTable[]): SharedCuts => {
    const draws = visits.map((events, v) =>
      drawForPool(
        planOf(rule(pool), events),
        { table: events, spillover: null },
        { pool, tubes: visits.length, seed: `${v}` },
      ),
    );
    const files = visits.map((_, v) => ({ sample: `V${v}`, sha256: `${v}` }));
    return { ...nothing, pools: { [pool]: { kind: 'surveyed', files, cuts: cutPool(draws, 'pool') } } };
  };
  const visits = [visit(2000, 1, 'a'), visit(2000, 1.05, 'b'), visit(2000, 0.95, 'c'), visit(2000, 1, 'd')];

  it('leaves an own cut that agrees, and says what it was held against', () => {
    const placed = fit(rule('subject'), visits[0], pooled('subject', visits));
    // the valley of peaks at 1 and 5 is at 3
    expect(Math.abs((cutOf(placed, 'T/PD1p') ?? 0) - 3)).toBeLessThan(0.3);
    expect(fitOf(placed, 'T/PD1p')).toMatchObject({
      status: 'fitted',
      evidence: { pool: 'subject', used: 'own', pooledTubes: 4, ownCut: cutOf(placed, 'T/PD1p') },
    });
    expect(placed.issues).toEqual([]);
  });
  it('replaces the cut of a visit that jumps by more than half a unit, flagged', () => {
    const jumped = visit(2000, 2.2, 'jump');
    const placed = fit(rule('subject'), jumped, pooled('subject', [...visits, jumped]));
    const found = fitOf(placed, 'T/PD1p');
    expect(found).toMatchObject({
      status: 'fallback',
      method: 'valley',
      evidence: { used: 'pooled', pooledTubes: 4 },
    });
    if (found?.status !== 'fallback') throw new Error('no fallback');
    expect(cutOf(placed, 'T/PD1p')).toBe(found.evidence['pooledCut']);
    // the own valley of 2.2 and 6.2
    expect(Math.abs(Number(found.evidence['ownCut']) - 4.2)).toBeLessThan(0.3);
    expect(placed.issues).toMatchObject([{ code: 'W_CUT_JUMP', place: 'T/PD1p' }]);
  });
  it('serves a visit with fewer than 200 events, which alone is not evaluable', () => {
    const few = visit(100, 1, 'few');
    expect(fitOf(fit(rule('subject'), few, nothing), 'T/PD1p')?.status).toBe('notEvaluable');
    const placed = fit(rule('subject'), few, pooled('subject', [...visits, few]));
    expect(fitOf(placed, 'T/PD1p')).toMatchObject({
      status: 'fallback',
      reason: expect.stringMatching(/100 events, fewer than 200; the cut of 5 pooled tubes/) as string,
    });
    expect(Math.abs((cutOf(placed, 'T/PD1p') ?? 0) - 3)).toBeLessThan(0.3);
  });
  it('of small visits alone has enough together', () => {
    const small = ['e', 'f', 'g'].map((seed) => visit(120, 1, seed));
    expect(cutOf(fit(rule('subject'), small[0], pooled('subject', small)), 'T/PD1p')).not.toBeNull();
    expect(
      fitOf(fit(rule('subject'), small[0], pooled('subject', small.slice(0, 1))), 'T/PD1p'),
    ).toMatchObject({
      status: 'notEvaluable',
      reason: expect.stringMatching(/no pooled cut.*120 events/) as string,
    });
  });
  it('of the baseline fixes the cut of every visit, whatever its own', () => {
    const shared = pooled('batch-baseline', visits.slice(0, 2));
    const cuts = [visits[2], visit(2000, 2.2, 'jump'), visit(50, 1, 'few')].map((events) => {
      const placed = fit(rule('batch-baseline'), events, shared);
      expect(fitOf(placed, 'T/PD1p')).toMatchObject({
        status: 'fitted',
        evidence: { used: 'pooled', pooledTubes: 2 },
      });
      return cutOf(placed, 'T/PD1p');
    });
    expect(new Set(cuts).size).toBe(1);
  });
  it('of the baseline that is not there is said to be missing; the own cut stands as a fallback', () => {
    expect(fitOf(fit(rule('batch-baseline'), visits[0], nothing), 'T/PD1p')).toMatchObject({
      status: 'fallback',
      method: 'valley',
      reason: expect.stringContaining('no pooled cut') as string,
    });
  });
  it('measures the distance of cuts alike on every axis: asinh(x / 150) of their linear values', () => {
    const dim = (transform: Dimension['transform']): Dimension => ({
      source: { kind: 'channel', channel: 'A' },
      compensation: { kind: 'none' },
      transform,
    });
    // ln of the ratio where x is far above 150: ln 2 = 0.693
    expect(cutDistance(60000, 120000, dim(null))).toBeCloseTo(Math.LN2, 5);
    const log = { kind: 'log', T: 262144, M: 4 } as const;
    // a decade is a quarter of four: from 2621.44 to 26214.4, ln 10 less a trace
    expect(cutDistance(0.5, 0.75, dim({ scale: log, boundMin: null, boundMax: null }))).toBeCloseTo(
      Math.LN10,
      2,
    );
    const asinh = { kind: 'asinhCofactor', cofactor: 600 } as const;
    expect(cutDistance(1, 1.75, dim({ scale: asinh, boundMin: null, boundMax: null }))).toBe(0.75);
  });
});
