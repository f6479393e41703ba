// Densities against a count by hand and against the slow reference: each event's scaled values and memberships decide its bin.
import { describe, expect, it } from 'vitest';
import type { Channel, EventTable } from '../../src/events/index.ts';
import { fcsBytes, memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import { binDensities, gateView, type Density, type DensityView } from '../../src/gating/density.ts';
import type { Dimension, GatingStrategy } from '../../src/gating/model.ts';
import { createEvaluator, evaluateStrategy } from '../../src/gating/reference.ts';
import { bloodFile, bloodStrategy } from '../engine/blood.ts';

function opened(bytes: Uint8Array) {
  const source = memorySource(bytes);
  return { source, file: readFcs(source) };
}

function dimension(channel: string, asinh = false, compensated = false): Dimension {
  return {
    source: { kind: 'channel', channel },
    compensation: { kind: compensated ? 'file' : 'none' },
    transform: asinh
      ? { scale: { kind: 'asinhCofactor', cofactor: 150 }, boundMin: null, boundMax: null }
      : null,
  };
}

function tableOf(columns: Readonly<Record<string, readonly number[]>>, range = 100): EventTable {
  const channels = Object.keys(columns).map((name): Channel => ({
    name,
    stain: null,
    marker: null,
    kind: 'fluorescence',
    pulse: 'A',
    range,
  }));
  const values = Object.values(columns).map((column) => Float32Array.from(column));
  return { count: values[0].length, channels, columns: values };
}

const none: GatingStrategy = { template: { id: 't', version: '1' }, matrices: {}, populations: [] };
const [scatter, cd3, cd4] = [0, 1, 2].map((p) => bloodStrategy.populations[p].path);

describe('a density', () => {
  it('counts by hand: four events, one above the axis, one not a number', () => {
    const { source, file } = opened(
      fcsBytes(tableOf({ A: [0, 99, 50, 10, Number.NaN], B: [0, 99, 0, 500, 1] }), {}),
    );
    const view: DensityView = { population: null, x: dimension('A'), y: dimension('B') };
    const [density] = binDensities(source, file, none, [view], { bins: 2 });
    // axes run from 0 to 99 + 3 % and 0 to 100 (the top of scale) + 3 %
    expect([density.x.min, density.y?.min]).toEqual([0, 0]);
    expect(density.x.max).toBeCloseTo(99 * 1.03, 9);
    expect(density.y?.max).toBeCloseTo(103, 9);
    expect(density.counts).toEqual([2, 0, 0, 1]);
    expect([density.events, density.shown]).toEqual([5, 3]);
    expect(density.dots).toEqual([
      [0, 0],
      [99, 99],
      [50, 0],
      [10, 500],
    ]);
  });

  it.each([
    ['a file within the sample that sets the axes', 3_000],
    ['a file beyond it', 70_000],
  ])('agrees with the reference event by event in %s', (_, events) => {
    const { source, file } = opened(bloodFile(7, events));
    const views: DensityView[] = [
      { population: null, x: dimension('FSC-A'), y: dimension('SSC-A') },
      { population: scatter, x: dimension('FITC-A', true, true), y: dimension('PE-A', true, true) },
      { population: cd3, x: dimension('PE-A', true, true), y: dimension('FSC-A') },
      { population: `${cd3}/CD4neg`, x: dimension('PE-A', true), y: null },
      {
        population: cd4,
        x: {
          source: { kind: 'ratio', numerator: 'FITC-A', denominator: 'PE-A', A: 1, B: 0, C: -500 },
          compensation: { kind: 'none' },
          transform: null,
        },
        y: null,
      },
    ];
    const { table } = readEvents(source, file, { scaling: 'scaled' });
    const evaluator = createEvaluator(table, file.spillover, {});
    const members = evaluateStrategy(bloodStrategy, table, file.spillover);
    for (const density of binDensities(source, file, bloodStrategy, views, { bins: 64 })) {
      const inside =
        density.population === null ? new Uint8Array(events).fill(1) : members.get(density.population)!;
      const expected = binned(density, inside, (dim) => evaluator.column(dim));
      expect(density.events).toBe(inside.reduce((sum, bit) => sum + bit, 0));
      expect(density.events).toBeGreaterThan(100);
      expect(density.shown).toBe(expected.reduce((sum, n) => sum + n, 0));
      expect(density.counts).toEqual(expected);
      expect(density.shown / density.events).toBeGreaterThan(0.98);
    }
  });

  it('gives the same axis to every view of a dimension, wide enough for the gates on it', () => {
    const { source, file } = opened(bloodFile(3, 5_000));
    const cd3Dimension = dimension('FITC-A', true, true);
    const far: GatingStrategy = {
      ...bloodStrategy,
      populations: bloodStrategy.populations.map((population) =>
        population.path === cd3
          ? { ...population, gate: { kind: 'rectangle', dims: [cd3Dimension], min: [3], max: [7] } }
          : population,
      ),
    };
    const [all, some] = binDensities(source, file, far, [
      { population: null, x: cd3Dimension, y: null },
      { population: cd3, x: cd3Dimension, y: dimension('PE-A', true, true) },
    ]);
    expect(some.x).toEqual(all.x);
    expect(all.x.max).toBeGreaterThan(7);
    expect(all.x.label).toBe('CD3 · FITC-A');
    expect(all.x.ticks.map(({ label }) => label).filter((label) => label !== '')).toContain('10⁴');
  });

  it('has no events for a population that cannot be evaluated, and a usable axis for an empty file', () => {
    const { source, file } = opened(fcsBytes(tableOf({ A: [], B: [] }), {}));
    const strategy: GatingStrategy = {
      ...none,
      populations: [
        {
          id: 'P',
          path: 'P',
          parent: null,
          gate: null,
          fit: { status: 'notEvaluable', reason: 'few events' },
        },
      ],
    };
    const [density] = binDensities(source, file, strategy, [{ population: 'P', x: dimension('A'), y: null }]);
    expect([density.events, density.shown, density.x.min, density.x.max > 100]).toEqual([0, 0, 0, true]);
  });

  it('names a population that is not there', () => {
    const { source, file } = opened(bloodFile(3, 100));
    const view: DensityView = { population: 'Nobody', x: dimension('FSC-A'), y: null };
    expect(() => binDensities(source, file, bloodStrategy, [view])).toThrow('There is no population Nobody');
  });
});

describe('the view of a gate', () => {
  it('shows the parent on the dimensions of the gate, and nothing for logic', () => {
    expect(gateView(bloodStrategy, cd3)).toEqual({
      population: scatter,
      x: dimension('FITC-A', true, true),
      y: null,
    });
    expect(gateView(bloodStrategy, scatter)?.y).toEqual(dimension('SSC-A'));
    expect(gateView(bloodStrategy, `${cd3}/CD4neg`)).toBeNull();
  });
});

/** The definition: bins are half-open and of equal width between the ends of the axis. */
function binned(density: Density, inside: Uint8Array, columnOf: (dim: Dimension) => Float64Array): number[] {
  const counts = new Array<number>(density.x.bins * (density.y?.bins ?? 1)).fill(0);
  const binOf = (axis: Density['x'], value: number): number =>
    Math.floor(((value - axis.min) * axis.bins) / (axis.max - axis.min));
  const x = columnOf(density.x.dimension);
  const y = density.y === null ? null : columnOf(density.y.dimension);
  inside.forEach((bit, e) => {
    const ix = binOf(density.x, x[e]);
    const iy = y === null || density.y === null ? 0 : binOf(density.y, y[e]);
    const within = ix >= 0 && ix < density.x.bins && iy >= 0 && iy < (density.y?.bins ?? 1);
    if (bit === 1 && within) counts[iy * density.x.bins + ix]++;
  });
  return counts;
}
