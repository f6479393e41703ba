// Recounts over kept events against the slow reference: every way in which gates hang together, every kind of gate moved a little, far and to nowhere.
import { describe, expect, it } from 'vitest';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import type { Dimension, Gate, GatingStrategy } from '../../src/gating/model.ts';
import { planRecount } from '../../src/gating/recount-plan.ts';
import { evaluateStrategy } from '../../src/gating/reference.ts';
import { retainEvents } from '../../src/gating/retained.ts';
import { bloodFile } from '../engine/blood.ts';

const asinh = { scale: { kind: 'asinhCofactor', cofactor: 150 }, boundMin: null, boundMax: null } as const;
const linear = (channel: string): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform: null,
});
const colour = (channel: string): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'file' },
  transform: asinh,
});
const ratio: Dimension = {
  source: { kind: 'ratio', numerator: 'PE-A', denominator: 'FITC-A', A: 1, B: 0, C: 0 },
  compensation: { kind: 'file' },
  transform: null,
};
const [fsc, ssc, fitc, pe] = [linear('FSC-A'), linear('SSC-A'), colour('FITC-A'), colour('PE-A')];

/** Parents, gates; a population is known by its last segment. */
const drawn: readonly (readonly [path: string, gate: Gate | null])[] = [
  ['Time', { kind: 'rectangle', dims: [linear('Time')], min: [100], max: [Infinity] }],
  [
    'Time/Cells',
    {
      kind: 'polygon',
      dims: [fsc, ssc],
      vertices: [
        [55_000, 5_000],
        [100_000, 0],
        [98_000, 50_000],
        [60_000, 55_000],
      ],
    },
  ],
  [
    'Time/Round',
    {
      kind: 'ellipsoid',
      dims: [fsc, ssc],
      mean: [80_000, 30_000],
      covariance: [60_000_000, 0, 0, 50_000_000],
      distanceSquare: 4,
    },
  ],
  ['Time/Cells/T', { kind: 'quadrant', set: 'q', dims: [fitc, pe], dividers: [[3], [3]], cell: [1, 0] }],
  ['Time/Cells/TT', { kind: 'quadrant', set: 'q', dims: [fitc, pe], dividers: [[3], [3]], cell: [1, 1] }],
  ['Time/Cells/TT/High', { kind: 'rectangle', dims: [pe], min: [4.2], max: [Infinity] }],
  ['Time/Cells/Rich', { kind: 'rectangle', dims: [ratio], min: [0.2], max: [1] }],
  ['Time/Cells/Lost', null],
  ['Time/Cells/Lost/Below', { kind: 'rectangle', dims: [pe], min: [0], max: [1] }],
  [
    'Time/Cells/Both',
    {
      kind: 'boolean',
      operator: 'and',
      operands: [
        { population: 'Time/Round', complement: false },
        { population: 'Time/Cells/TT/High', complement: true },
      ],
    },
  ],
  [
    'Time/Either',
    {
      kind: 'boolean',
      operator: 'or',
      operands: [
        { population: 'Time/Cells/T', complement: false },
        { population: 'Time/Round', complement: false },
      ],
    },
  ],
  [
    'Time/Cells/Other',
    {
      kind: 'boolean',
      operator: 'not',
      operands: [{ population: 'Time/Cells/TT', complement: false }],
    },
  ],
  [
    'Time/Cells/Other/Dim',
    { kind: 'rectangle', dims: [fitc, fsc], min: [-Infinity, 70_000], max: [2, Infinity] },
  ],
];

const strategy: GatingStrategy = {
  template: { id: 'kept', version: '1' },
  matrices: {},
  populations: drawn.map(([path, gate]) => ({
    id: path.slice(path.lastIndexOf('/') + 1),
    path,
    parent: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null,
    gate,
    fit: gate === null ? { status: 'notEvaluable', reason: 'no cut' } : { status: 'explicit' },
  })),
};

/** The gate, moved by a part of its width; 100 widths are nowhere. */
function moved(gate: Gate, by: number): Gate {
  switch (gate.kind) {
    case 'boolean':
      return gate;
    case 'rectangle': {
      const step = gate.dims.map(({ transform, source }) =>
        transform !== null ? by : source.kind === 'ratio' ? by / 10 : by * 20_000,
      );
      return {
        ...gate,
        min: gate.min.map((value, d) => value + step[d]),
        max: gate.max.map((value, d) => value + step[d]),
      };
    }
    case 'polygon':
      return { ...gate, vertices: gate.vertices.map(([x, y]) => [x + by * 20_000, y - by * 3_000] as const) };
    case 'ellipsoid':
      return { ...gate, mean: gate.mean.map((value) => value + by * 10_000) };
    case 'quadrant':
      return { ...gate, dividers: gate.dividers.map((cuts) => cuts.map((cut) => cut + by)) };
  }
}

function withGates(paths: readonly string[], by: number): GatingStrategy {
  return {
    ...strategy,
    populations: strategy.populations.map((population) =>
      paths.includes(population.path) && population.gate !== null
        ? { ...population, gate: moved(population.gate, by) }
        : population,
    ),
  };
}

// more than one chunk of kept events, and a last block that is not full
const bytes = bloodFile(31, 40_011);
const source = memorySource(bytes);
const file = readFcs(source);
const { table } = readEvents(source, file, { scaling: 'scaled' });
const evaluable = new Set(
  strategy.populations.map(({ path }) => path).filter((path) => !path.includes('Lost')),
);

function reference(of: GatingStrategy): ReadonlyMap<string, number> {
  const members = evaluateStrategy(of, table, file.spillover);
  return new Map([...members].map(([path, inside]) => [path, inside.reduce((sum, bit) => sum + bit, 0)]));
}

const sets: readonly (readonly string[])[] = [
  ['Time'],
  ['Time/Cells'],
  ['Time/Round'],
  ['Time/Cells/T', 'Time/Cells/TT'],
  ['Time/Cells/TT/High'],
  ['Time/Cells/Rich'],
  ['Time/Cells/Other/Dim'],
  ['Time/Cells', 'Time/Cells/TT/High'],
  ['Time/Cells/Lost/Below'],
];

describe('a recount over kept events', () => {
  it.each(sets.map((paths) => [paths.join(' and '), paths] as const))(
    'agrees with the reference for %s',
    (_, paths) => {
      const plan = planRecount(strategy, paths);
      const kept = retainEvents(source, file, strategy, plan, Infinity);
      for (const by of [0, 0.01, -0.2, 0.7, 100]) {
        const changed = withGates(paths, by);
        const expected = reference(changed);
        expect([by, [...(kept?.count(changed) ?? [])]]).toEqual([
          by,
          plan.touched.map((path) => [path, evaluable.has(path) ? expected.get(path) : null]),
        ]);
      }
    },
  );

  it('keeps only the events of the population above, and what the gates below ask for', () => {
    const plan = planRecount(strategy, ['Time/Cells/TT/High']);
    expect(plan.within).toBe('Time/Cells');
    expect(plan.touched).toEqual(['Time/Cells/TT/High', 'Time/Cells/Both']);
    expect([...plan.fixed].sort()).toEqual(['Time/Cells/TT', 'Time/Round']);
    expect(plan.variables).toEqual([{ kind: 'channel', channel: 'PE-A', compensation: { kind: 'file' } }]);
    const kept = retainEvents(source, file, strategy, plan, Infinity);
    expect(kept?.events).toBe(reference(strategy).get('Time/Cells'));
  });

  it('keeps nothing that is larger than allowed', () => {
    expect(retainEvents(source, file, strategy, planRecount(strategy, ['Time']), 1_000_000)).toBeNull();
  });

  it('refuses a population that is not there', () => {
    expect(() => planRecount(strategy, ['Nobody'])).toThrow('There is no population Nobody');
  });
});
