// Lists of places against the reference, gate by gate and event by event, on values that gates are awkward about.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/index.ts';
import {
  createEvaluator,
  evaluateStrategy,
  type BooleanGate,
  type Dimension,
  type GeometricGate,
  type StrategyPopulation,
} from '../../src/gating/index.ts';
import { allPlaces, maskOf, placesByLogic, placesInside, valuesAt } from '../../src/gating/inside.ts';

const names = ['A', 'B', 'C'];
const dim = (channel: string): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform: null,
});
const random = createRandom('inside');
const count = 600;
const odd = [NaN, Infinity, -Infinity, 0, -0, 1, -1];
const column = () =>
  Float64Array.from({ length: count }, () =>
    random.next() < 0.15 ? odd[random.integer(odd.length)] : Math.round(random.normal() * 8) / 8,
  );
const columns = names.map(column);
const table = {
  count,
  channels: names.map(
    (name) => ({ name, stain: null, marker: null, kind: 'fluorescence', pulse: 'A', range: 262144 }) as never,
  ),
  columns,
};
const evaluator = createEvaluator(table, null, {});
const limit = () => (random.next() < 0.25 ? Infinity : Math.abs(2 * random.normal()));

function gateOf(kind: GeometricGate['kind']): GeometricGate {
  switch (kind) {
    case 'rectangle':
      return { kind, dims: names.map(dim), min: names.map(() => -limit()), max: names.map(limit) };
    case 'quadrant': {
      const cell = names.map(() => [0, 1, null][random.integer(3)]);
      return { kind, set: 'Q', dims: names.map(dim), dividers: names.map(() => [random.normal()]), cell };
    }
    case 'polygon': {
      const vertices = Array.from({ length: 5 }, () => [random.normal() * 2, random.normal() * 2] as const);
      return { kind, dims: [dim('A'), dim('B')], vertices };
    }
    case 'ellipsoid':
      return {
        kind,
        dims: names.map(dim),
        mean: names.map(() => random.normal() / 2),
        covariance: [1, 0.3, 0, 0.3, 2, 0.1, 0, 0.1, 0.5],
        distanceSquare: 2 * random.next(),
      };
  }
}

describe('places inside a gate', () => {
  const within = allPlaces(count).filter((e) => e % 3 !== 0);
  const parent = maskOf(within, count);
  it.each(['rectangle', 'quadrant', 'polygon', 'ellipsoid'] as const)('%s, as the reference says', (kind) => {
    let [some, none] = [0, 0];
    for (let round = 0; round < 40; round++) {
      const gate = gateOf(kind);
      const on = gate.dims.map((axis) => evaluator.column(axis));
      const places = placesInside(gate, on, within);
      expect(maskOf(places, count)).toEqual(evaluator.membership(gate, parent));
      if (places.length > 0) some++;
      if (places.length < within.length) none++;
    }
    expect(Math.min(some, none)).toBeGreaterThan(10);
  });

  it.each(['and', 'or', 'not'] as const)('%s, as the reference says', (operator) => {
    const geometric = (path: string): StrategyPopulation => ({
      id: path,
      path,
      parent: null,
      gate: gateOf('polygon'),
      fit: { status: 'explicit' },
    });
    for (let round = 0; round < 20; round++) {
      const operands = (operator === 'not' ? ['p'] : ['p', 'q', 'r']).map((population) => ({
        population,
        complement: random.next() < 0.5,
      }));
      const gate: BooleanGate = { kind: 'boolean', operator, operands };
      const logic: StrategyPopulation = { ...geometric('r/x'), parent: 'r', gate };
      const populations = [geometric('p'), geometric('q'), geometric('r'), logic];
      const masks = evaluateStrategy(
        { template: { id: 't', version: '1' }, matrices: {}, populations },
        table,
        null,
      );
      const of = (path: string) => masks.get(path) ?? new Uint8Array(0);
      const inside = allPlaces(count).filter((e) => of('r')[e] === 1);
      const places = placesByLogic(
        gate,
        operands.map(({ population }) => of(population)),
        inside,
      );
      expect(maskOf(places, count)).toEqual(of('r/x'));
    }
  });

  it('have their values in their order', () => {
    const values = Float64Array.of(5, 6, 7, 8);
    expect(valuesAt(values, Uint32Array.of(1, 3))).toEqual(Float64Array.of(6, 8));
    expect(valuesAt(values, allPlaces(4))).toBe(values);
  });
});
