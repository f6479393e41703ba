// What a cut moves, held to the slow reference: every population counted again with the cut elsewhere, by signs and shares that follow from
// how the populations are made, and by overlaps that are known because the events are drawn from known peaks.
import { describe, expect, it } from 'vitest';
import { labelChannels } from '../../src/events/index.ts';
import {
  evaluateStrategy,
  fitPlan,
  type Gate,
  type GatingStrategy,
  type StrategyPopulation,
} from '../../src/gating/index.ts';
import { overlapAt, peaksBeside } from '../../src/gating/cut-overlap.ts';
import { parseStrategy, strategyText } from '../../src/results/index.ts';
import { createRandom, log } from '../../src/math/index.ts';
import { bindTemplate, parseTemplate } from '../../src/template/index.ts';

/** Linear axes CD3, CD4 and CD8, so that scales are identities. */
function placed(populations: string, columns: readonly Float64Array[]) {
  const channels = labelChannels(
    ['CD3', 'CD4', 'CD8'].map((stain, k) => ({ name: `D${k}-A`, stain, range: 262144 })),
  );
  const { template, issues } = parseTemplate(
    `immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\nscales: { plain: linear }\npopulations:\n${populations}`,
  );
  const bound = template === null ? null : bindTemplate(template, channels, { spillover: null });
  if (bound?.plan == null) throw new Error(JSON.stringify([issues, bound?.issues]));
  const table = { count: columns[0].length, channels, columns };
  const { strategy } = fitPlan(bound.plan, { table, spillover: null }, { seed: 's' });
  return { strategy, table };
}

const tree = `
  - { id: T, parent: root, on: { marker: CD3, scale: linear }, place: { quantile: { q: 0.6, minEvents: 20 } } }
  - parent: T
    quadrant: [{ marker: CD4, scale: linear }, { marker: CD8, scale: linear }]
    cuts: [[{ quantile: { q: 0.5, minEvents: 20 } }], [{ quantile: { q: 0.3, minEvents: 20 } }]]
    cells: { pp: '++', mm: '--', p4: '+*' }
  - { id: low, parent: root, on: { marker: CD4, scale: linear }, keep: below, place: { quantile: { q: 0.4, minEvents: 20 } } }
  - { id: rest, parent: T, is: not pp }
  - { id: both, parent: root, is: T and low }
  - { id: deep, parent: rest, on: { marker: CD8, scale: linear }, gate: { range: [-0.5, 0.8] } }
`;

function drawn(n: number): readonly Float64Array[] {
  const random = createRandom('leverage');
  const shared = Float64Array.from({ length: n }, () => random.normal());
  return [0.2, 0.5, -0.3].map((part) => shared.map((x) => part * x + random.normal()));
}

/** Every gate with the cut of that name moved by `by`. */
function moved(strategy: GatingStrategy, name: string, by: number): GatingStrategy {
  const quadrant = /^(.*)\/([^/]*)\/([01])$/.exec(name);
  const shifted = ({ path, parent, gate }: StrategyPopulation): Gate | null => {
    if (gate?.kind === 'quadrant' && quadrant !== null && parent === quadrant[1]) {
      const dividers = gate.dividers.map((cuts, d) => (d === Number(quadrant[3]) ? [cuts[0] + by] : cuts));
      return { ...gate, dividers };
    }
    if (gate?.kind !== 'rectangle' || path !== name) return gate;
    return { ...gate, min: gate.min.map((x) => x + by), max: gate.max.map((x) => x + by) };
  };
  return {
    ...strategy,
    populations: strategy.populations.map((population) => ({ ...population, gate: shifted(population) })),
  };
}

describe('the leverage of cuts', () => {
  const { strategy, table } = placed(tree, drawn(700));
  const eventsOf = (of: GatingStrategy) =>
    new Map(
      [...evaluateStrategy(of, table, null)].map(([path, mask]) => [
        path,
        mask === null ? 0 : mask.reduce((sum, is) => sum + is, 0),
      ]),
    );
  const now = eventsOf(strategy);

  it('is that of counting again with the cut lower and higher', () => {
    expect(strategy.cuts?.length).toBe(4);
    strategy.cuts?.forEach(({ name, error }, number) => {
      // so few events that the placement error decides how far the cut is moved
      const half = 1.959963984540054 * (error ?? 0);
      const [lower, higher] = [-half, half].map((by) => eventsOf(moved(strategy, name, by)));
      for (const { path, moves = [] } of strategy.populations) {
        const change = (lower.get(path) ?? 0) - (higher.get(path) ?? 0);
        const slope = moves.find(([cut]) => cut === number)?.[1] ?? 0;
        expect(slope * 2 * half * (now.get(path) ?? 0), `${name} ${path}`).toBeCloseTo(change, 0.5);
      }
    });
  });
  it('reaches children, logic, and the other side with the other sign', () => {
    const slopeOf = (path: string, cut: string) => {
      const number = strategy.cuts?.findIndex(({ name }) => name === cut) ?? -1;
      const { moves = [] } = strategy.populations.find((population) => population.path === path) ?? {};
      return moves.find(([at]) => at === number)?.[1] ?? 0;
    };
    for (const path of ['T', 'T/pp', 'T/rest', 'both']) expect(slopeOf(path, 'T')).toBeGreaterThan(0);
    expect(slopeOf('low', 'T')).toBe(0);
    expect(slopeOf('low', 'low')).toBeLessThan(0);
    const cell = strategy.populations.find(({ path }) => path === 'T/pp')?.gate;
    const set = cell?.kind === 'quadrant' ? cell.set : '';
    expect(slopeOf('T/pp', `T/${set}/0`)).toBeGreaterThan(0);
    expect(slopeOf('T/mm', `T/${set}/0`)).toBeLessThan(0);
    expect(slopeOf('T/rest', `T/${set}/0`)).toBeLessThan(0);
    expect(slopeOf('T/p4', `T/${set}/1`)).toBe(0);
  });
  it('is read back from the document of the strategy', async () => {
    expect(await parseStrategy(strategyText(strategy))).toEqual(strategy);
  });
  it('counts a cut that two gates make of the same events once', () => {
    const twice = placed(
      `
  - { id: T, parent: root, on: { marker: CD3, scale: linear }, place: { quantile: { q: 0.6, minEvents: 20 } } }
  - { id: N, parent: root, on: { marker: CD3, scale: linear }, keep: below, place: { quantile: { q: 0.6, minEvents: 20 } } }
`,
      drawn(700),
    ).strategy;
    expect(twice.cuts?.map(({ name }) => name)).toEqual(['T']);
    const [[above], [below]] = twice.populations.map(({ moves = [] }) => moves);
    expect([above[0], below[0]]).toEqual([0, 0]);
    // 280 events above, 420 below: what one gains the other loses
    expect(above[1] * 280).toBeCloseTo(-below[1] * 420, 0.5);
  });
  it('leaves a survey without', () => {
    expect(placed(tree, drawn(700)).strategy).toEqual(strategy);
  });
});

describe('the overlap at a cut', () => {
  it('is nothing where no event lies at the cut, and never reaches beyond the other peak', () => {
    expect(overlapAt(Float64Array.of(0, 10), 5, { low: 0, high: 10 })).toEqual({ below: 0, above: 0 });
    const flat = Float64Array.from({ length: 4800 }, (_, i) => (i + 0.5) / 480);
    const { below, above } = overlapAt(flat, 2, { low: 0, high: 10 });
    expect(below).toBeLessThanOrEqual(2);
    expect(Math.min(below, above)).toBeGreaterThan(0);
    expect(above).toBeLessThanOrEqual(8);
  });
  it('is at least nothing, whatever the events', () => {
    const random = createRandom('any');
    for (let i = 0; i < 300; i++) {
      const values = Float64Array.from(
        { length: 40 },
        () => 3 * random.next() + (random.next() < 0.5 ? 0 : 2),
      );
      const { below, above } = overlapAt(values, 2 + random.next(), { low: 1, high: 4 });
      expect(Math.min(below, above)).toBeGreaterThanOrEqual(0);
    }
  });
  // a twentieth of the upper cells is laid evenly between their peak and the lower one, which is what skewed levels do
  it.each([
    ['two normals', { slid: 0, ratio: 1, apart: 4, skew: 1 }],
    ['two normals that nearly touch', { slid: 0, ratio: 1, apart: 3, skew: 1 }],
    ['normals one to four', { slid: 0, ratio: 4, apart: 5, skew: 1 }],
    ['a lower peak whose far half is three times as wide', { slid: 0, ratio: 1, apart: 4, skew: 3 }],
    ['cells that slid', { slid: 0.05, ratio: 1, apart: 8, skew: 1 }],
    ['cells that slid towards four times as many', { slid: 0.05, ratio: 4, apart: 8, skew: 1 }],
  ])('finds the cells beyond the cut of %s', (_, { slid, ratio, apart, skew }) => {
    const random = createRandom(`overlap ${slid} ${ratio} ${apart} ${skew}`);
    const upper = Float64Array.from({ length: 60_000 }, () =>
      random.next() < slid ? apart * random.next() : apart + random.normal(),
    );
    const lower = Float64Array.from({ length: 60_000 * ratio }, () => {
      const z = random.normal();
      return z < 0 ? skew * z : z;
    });
    const all = Float64Array.from([...upper, ...lower]);
    // where the density is least
    const cut = apart / 2 + (slid === 0 ? log(ratio) / apart : 0);
    const { below, above } = overlapAt(all, cut, { low: 0, high: apart });
    const density = all.filter((x) => Math.abs(x - cut) <= 0.1).length / 0.2;
    const missed = upper.filter((x) => x < cut).length;
    const gained = lower.filter((x) => x >= cut).length;
    // of cells that slid half is counted to either side, because whose they are cannot be seen
    expect((below * density) / missed).toBeGreaterThan(slid === 0 ? 0.6 : 0.4);
    expect((below * density) / missed).toBeLessThan(slid === 0 ? 2.5 : 0.7);
    if (slid === 0) expect((above * density) / gained).toBeGreaterThan(0.6);
    if (slid === 0) expect((above * density) / gained).toBeLessThan(2.5);
  });
  it('takes the peaks that the method saw, and the middle of a side that it did not look at', () => {
    const values = Float64Array.from({ length: 100 }, (_, i) => i);
    expect(peaksBeside(values, 50, { peakLow: 20, peakHigh: 70 })).toEqual({ low: 20, high: 70 });
    expect(peaksBeside(values, 50, { peak: 30 })).toEqual({ low: 30, high: 75 });
    expect(peaksBeside(values, 50, {})).toEqual({ low: 24.5, high: 75 });
    expect(peaksBeside(new Float64Array(0), 50, {})).toBeNull();
  });
});
