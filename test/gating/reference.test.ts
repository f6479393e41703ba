// The point tests against hand-made cases and exact integer arithmetic; the reference evaluator on a table small enough to do by hand.
import { describe, expect, it } from 'vitest';
import type { EventTable } from '../../src/events/index.ts';
import {
  compileEllipsoid,
  createEvaluator,
  evaluateStrategy,
  insideEllipse,
  insideEllipsoid,
  insideInterval,
  insidePolygon,
  type BooleanGate,
  type Dimension,
  type EllipsoidGate,
  type Gate,
  type GatingStrategy,
  type PolygonGate,
  type StrategyPopulation,
} from '../../src/gating/index.ts';

const inf = Number.POSITIVE_INFINITY;

describe('interval', () => {
  it.each([
    ['inside', 1.5, 1, 2, true],
    ['lower limit belongs', 1, 1, 2, true],
    ['upper limit does not', 2, 1, 2, false],
    ['the last double below the upper limit', 2 - 2 ** -52, 1, 2, true],
    ['empty', 1, 1, 1, false],
    ['open below', -1e300, -inf, 0, true],
    ['open above', 1e300, 0, inf, true],
    ['infinite value, open side', inf, 0, inf, true],
    ['infinite value, closed side', inf, 0, 1, false],
    ['negative zero equals zero', -0, 0, 1, true],
    ['NaN, open on both sides', Number.NaN, -inf, inf, false],
  ])('%s', (_, y, min, max, expected) => {
    expect(insideInterval(y, min, max)).toBe(expected);
  });
});

const polygon = (...points: readonly (readonly [number, number])[]) => ({
  xs: Float64Array.from(points, (p) => p[0]),
  ys: Float64Array.from(points, (p) => p[1]),
});
const square = polygon([0, 0], [4, 0], [4, 4], [0, 4]);
const star = polygon([0, 3], [2, -3], [-3, 1], [3, 1], [-2, -3]);
const notch = polygon([0, 0], [6, 0], [6, 4], [3, 1], [0, 4]);

describe('polygon', () => {
  it.each([
    ['inside', square, 1, 2, true],
    ['outside, left', square, -1, 2, false],
    ['outside, right', square, 5, 2, false],
    ['outside, level with an edge', square, 5, 4, false],
    ['vertex', square, 4, 4, true],
    ['left edge', square, 0, 2, true],
    ['right edge', square, 4, 2, true],
    ['bottom edge', square, 2, 0, true],
    ['top edge', square, 2, 4, true],
    ['one double outside the right edge', square, 4 + 2 ** -50, 2, false],
    ['concave: in the notch', notch, 3, 2, false],
    ['concave: the inner vertex', notch, 3, 1, true],
    ['concave: level with the inner vertex', notch, 1, 1, true],
    ['star: a point of it', star, 0, 2, true],
    ['star: its heart is wound twice, so even-odd is outside', star, 0, 0, false],
    ['star: crossing edges are border', star, 0, 1, true],
    ['NaN', square, Number.NaN, 2, false],
    ['NaN, other axis', square, 2, Number.NaN, false],
    ['infinite', square, inf, 2, false],
    ['negative infinite', square, -inf, 2, false],
    ['collinear polygon: on it', polygon([0, 0], [2, 2], [4, 4]), 3, 3, true],
    ['collinear polygon: beside it', polygon([0, 0], [2, 2], [4, 4]), 3, 2, false],
    ['no vertices', polygon(), 0, 0, false],
  ])('%s', (_, { xs, ys }, x, y, expected) => {
    expect(insidePolygon(x, y, xs, ys)).toBe(expected);
  });

  it('does not change when the first vertex is repeated at the end', () => {
    const closed = polygon([0, 0], [4, 0], [4, 4], [0, 4], [0, 0]);
    for (let x = -1; x <= 5; x += 0.5) {
      for (let y = -1; y <= 5; y += 0.5) {
        expect(insidePolygon(x, y, closed.xs, closed.ys)).toBe(insidePolygon(x, y, square.xs, square.ys));
      }
    }
  });

  it('decides as exact arithmetic does, on and next to edges, from any first vertex and in both directions', () => {
    const random = generator(20);
    let border = 0;
    let inside = 0;
    const rounds = 3000;
    for (let round = 0; round < rounds; round++) {
      const n = 3 + Math.floor(random() * 5);
      const points = Array.from({ length: n }, () => [1 + random(), 1 + random()] as [number, number]);
      // a point computed to lie on an edge, which rounding puts on it or to either side
      const i = Math.floor(random() * n);
      const [ax, ay] = points[i];
      const [bx, by] = points[(i + 1) % n];
      const t = Math.floor(random() * 8) / 8;
      const point: [number, number] = [ax + (bx - ax) * t, ay + (by - ay) * t];
      const expected = exactly(point, points);
      if (expected.border) border++;
      if (expected.inside) inside++;
      for (let first = 0; first < n; first++) {
        const turned = [...points.slice(first), ...points.slice(0, first)];
        for (const drawn of [turned, [...turned].reverse()]) {
          const { xs, ys } = polygon(...drawn);
          expect(insidePolygon(point[0], point[1], xs, ys)).toBe(expected.inside);
        }
      }
    }
    // the cases are worth something only when all three happen often
    expect(border).toBeGreaterThan(rounds / 20);
    expect(inside - border).toBeGreaterThan(rounds / 20);
    expect(rounds - inside).toBeGreaterThan(rounds / 20);
  });
});

/** Even-odd with border by integers: doubles in [1, 2] are multiples of 2^-52. */
function exactly(point: readonly [number, number], points: readonly (readonly [number, number])[]) {
  const [px, py] = point.map(toInteger);
  const vertices = points.map((p) => p.map(toInteger));
  let odd = false;
  for (let i = 0; i < vertices.length; i++) {
    const [ax, ay] = vertices[i];
    const [bx, by] = vertices[(i + 1) % vertices.length];
    const cross = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
    const within = (px - ax) * (px - bx) <= 0n && (py - ay) * (py - by) <= 0n;
    if (cross === 0n && within) return { inside: true, border: true };
    if (ay > py === by > py) continue;
    // the edge meets the level of the point at ax + (py - ay)(bx - ax)/(by - ay): right of the point?
    const right = (py - ay) * (bx - ax) + (ax - px) * (by - ay);
    if (by > ay ? right > 0n : right < 0n) odd = !odd;
  }
  return { inside: odd, border: false };
}

function toInteger(x: number): bigint {
  return BigInt(x * 2 ** 52);
}

/** Park-Miller; uniform in (0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const dim = (channel: string, extra: Partial<Dimension> = {}): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform: null,
  ...extra,
});
const ellipsoid = (mean: number[], covariance: number[], distanceSquare: number): EllipsoidGate => ({
  kind: 'ellipsoid',
  dims: mean.map((_, d) => dim(`D${d}`)),
  mean,
  covariance,
  distanceSquare,
});

describe('ellipsoid', () => {
  it.each([
    ['circle of radius 5: on it', [0, 0], [1, 0, 0, 1], 25, [3, 4], true],
    ['circle of radius 5: just outside', [0, 0], [1, 0, 0, 1], 25, [3, 4 + 2 ** -50], false],
    ['half-axes 2 and 1: end of the long axis', [0, 0], [4, 0, 0, 1], 1, [2, 0], true],
    ['half-axes 2 and 1: beyond the short axis', [0, 0], [4, 0, 0, 1], 1, [0, 2], false],
    // eigenvalues 8 along (1,1) and 2 along (1,-1): (1,1) reaches 2 * 2^2 / 8 = 1
    ['tilted: end of the long axis', [1, 1], [5, 3, 3, 5], 1, [3, 3], true],
    ['tilted: as far across', [1, 1], [5, 3, 3, 5], 1, [3, -1], false],
    ['centre, distance zero', [1, 2], [1, 0, 0, 1], 0, [1, 2], true],
    ['NaN', [0, 0], [1, 0, 0, 1], 25, [Number.NaN, 0], false],
    ['infinite', [0, 0], [1, 0, 0, 1], 25, [inf, 0], false],
    ['three dimensions: on the sphere', [0, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0, 1], 9, [1, 2, 2], true],
    ['three dimensions: outside', [0, 0, 0], [1, 0, 0, 0, 1, 0, 0, 0, 1], 9, [2, 2, 2], false],
  ] as const)('%s', (_, mean, covariance, distance, point, expected) => {
    const compiled = compileEllipsoid(ellipsoid([...mean], [...covariance], distance), 'here');
    expect(insideEllipsoid(Float64Array.from(point), compiled)).toBe(expected);
    if (point.length === 2) expect(insideEllipse(point[0], point[1], compiled)).toBe(expected);
  });

  it.each([
    ['singular', [0, 0], [1, 1, 1, 1], 1],
    ['a hyperbola', [0, 0], [1, 2, 2, 1], 1],
    ['negative definite', [0, 0], [-1, 0, 0, -1], 1],
    ['negative distance', [0, 0], [1, 0, 0, 1], -1],
    ['wrong size', [0, 0], [1, 0, 0], 1],
    ['not a number', [0, Number.NaN], [1, 0, 0, 1], 1],
  ])('refuses %s', (_, mean, covariance, distance) => {
    expect(() => compileEllipsoid(ellipsoid(mean, covariance, distance), 'here')).toThrow(
      expect.objectContaining({ code: 'E_GATE_INVALID', place: 'here' }),
    );
  });
});

// Six events. Compensated by hand: spill [[1, 0.5], [0.25, 1]], inverse = [[1, -0.5], [-0.25, 1]] / 0.875.
const table: EventTable = {
  count: 6,
  channels: ['A', 'B', 'Time'].map((name) => ({
    name,
    stain: null,
    marker: null,
    kind: 'fluorescence',
    pulse: null,
    range: null,
  })),
  columns: [
    Float32Array.of(0, 10, 20, 30, 40, Number.NaN),
    Float32Array.of(0, 5, 10, 20, 40, 1),
    Float32Array.of(0, 1, 2, 3, 4, 5),
  ],
};
const spillover = { detectors: ['A', 'B'], matrix: Float64Array.of(1, 0.5, 0.25, 1) };

const population = (path: string, gate: Gate | null): StrategyPopulation => {
  const segments = path.split('/');
  return {
    id: segments[segments.length - 1],
    path,
    parent: segments.length === 1 ? null : segments.slice(0, -1).join('/'),
    gate,
    fit: gate === null ? { status: 'notEvaluable', reason: 'no cut' } : { status: 'explicit' },
  };
};
const strategy = (...populations: StrategyPopulation[]): GatingStrategy => ({
  template: { id: 't', version: '1' },
  matrices: {},
  populations,
});
const range = (d: Dimension, min: number, max: number): Gate => ({
  kind: 'rectangle',
  dims: [d],
  min: [min],
  max: [max],
});
const logic = (operator: BooleanGate['operator'], ...operands: string[]): Gate => ({
  kind: 'boolean',
  operator,
  operands: operands.map((o) => ({ population: o.replace('!', ''), complement: o.startsWith('!') })),
});
const members = (strategy_: GatingStrategy, withSpillover = true): Record<string, string> =>
  Object.fromEntries(
    [...evaluateStrategy(strategy_, table, withSpillover ? spillover : null)].map(([p, m]) => [
      p,
      m.join(''),
    ]),
  );

describe('evaluator', () => {
  it('gives linear values: raw, compensated, and ratios', () => {
    const evaluator = createEvaluator(table, spillover, {});
    expect([...evaluator.linear(dim('A'))]).toEqual([0, 10, 20, 30, 40, Number.NaN]);
    const compensated = evaluator.linear(dim('A', { compensation: { kind: 'file' } }));
    // (10 - 0.25 * 5) / 0.875, (40 - 0.25 * 40) / 0.875
    expect(compensated[1]).toBeCloseTo(10, 12);
    expect(compensated[4]).toBeCloseTo(30 / 0.875, 12);
    expect([...evaluator.linear(dim('Time', { compensation: { kind: 'file' } }))]).toEqual([
      0, 1, 2, 3, 4, 5,
    ]);
    const ratio = { kind: 'ratio', numerator: 'A', denominator: 'B', A: 2, B: 10, C: -10 } as const;
    expect([...evaluator.linear({ ...dim('A'), source: ratio })].slice(0, 3)).toEqual([-2, 0, 1]);
  });

  it('clips a transformed value to its bounds', () => {
    const evaluator = createEvaluator(table, null, {});
    const transform = { scale: { kind: 'linear', T: 40, A: 0 }, boundMin: 0.25, boundMax: 0.75 } as const;
    expect([...evaluator.column(dim('A', { transform }))]).toEqual([0.25, 0.25, 0.5, 0.75, 0.75, Number.NaN]);
  });

  it('uses a matrix of the protocol by the names of its fluorochromes', () => {
    const matrices = {
      mine: { fluorochromes: ['FITC', 'PE'], detectors: ['A', 'B'], spill: Float64Array.of(1, 0.5, 0.25, 1) },
    };
    const evaluator = createEvaluator(table, null, matrices);
    const pe = evaluator.linear(dim('PE', { compensation: { kind: 'matrix', id: 'mine' } }));
    expect(pe[4]).toBeCloseTo(20 / 0.875, 12);
  });

  it('refuses what the file does not have', () => {
    const evaluator = createEvaluator(table, null, {});
    const code = (c: string): unknown => expect.objectContaining({ code: c });
    expect(() => evaluator.column(dim('Z'))).toThrow(code('E_CHANNEL_MISSING'));
    expect(() => evaluator.column(dim('A', { compensation: { kind: 'file' } }))).toThrow(
      code('E_COMP_MISSING'),
    );
    expect(() => evaluator.column(dim('A', { compensation: { kind: 'matrix', id: 'x' } }))).toThrow(
      code('E_COMP_MISSING'),
    );
    const asIs = evaluator.column(dim('A', { compensation: { kind: 'file', absent: 'uncompensated' } }));
    expect(asIs[3]).toBe(30);
  });
});

describe('strategy', () => {
  it('applies gates within their parents', () => {
    const triangle: PolygonGate = {
      kind: 'polygon',
      dims: [dim('A'), dim('B')],
      vertices: [
        [0, 0],
        [40, 0],
        [40, 40],
      ],
    };
    expect(
      members(
        strategy(
          population('low', range(dim('A'), 10, 40)),
          population('low/early', range(dim('Time'), 0, 2)),
          population('tri', triangle),
        ),
      ),
    ).toEqual({ low: '011100', 'low/early': '010000', tri: '111110' });
  });

  it('cuts quadrants half-open and ignores dimensions that a cell does not use', () => {
    const cell = (a: number | null, b: number | null): Gate => ({
      kind: 'quadrant',
      set: 'q',
      dims: [dim('A'), dim('B')],
      dividers: [[20], [10, 20]],
      cell: [a, b],
    });
    expect(
      members(
        strategy(
          population('ll', cell(0, 0)),
          population('hm', cell(1, 1)),
          population('hh', cell(1, 2)),
          population('anyLow', cell(null, 0)),
        ),
      ),
    ).toEqual({ ll: '110000', hm: '001000', hh: '000110', anyLow: '110001' });
  });

  it('does logic over populations, complements and parents included', () => {
    expect(
      members(
        strategy(
          population('a', range(dim('A'), 10, inf)),
          population('a/b', range(dim('B'), 0, 20)),
          population('and', logic('and', 'a', '!a/b')),
          population('or', logic('or', 'a/b', '!a')),
          population('not', logic('not', 'a/b')),
          population('notnot', logic('not', '!a/b')),
          population('a/inner', logic('not', 'a/b')),
        ),
      ),
    ).toEqual({
      a: '011110',
      'a/b': '011000',
      and: '000110',
      or: '111001',
      not: '100111',
      notnot: '011000',
      'a/inner': '000110',
    });
  });

  it('finds operands that are defined later, and leaves out what cannot be evaluated', () => {
    expect(
      members(
        strategy(
          population('later', logic('not', 'z')),
          population('none', null),
          population('none/child', range(dim('A'), 0, 1)),
          population('uses', logic('or', 'z', 'none')),
          population('z', range(dim('Time'), 3, inf)),
        ),
      ),
    ).toEqual({ later: '111000', z: '000111' });
  });

  it.each([
    ['a parent that does not exist', [population('x/y', range(dim('A'), 0, 1))]],
    ['an operand that does not exist', [population('x', logic('not', 'y'))]],
    ['a circle', [population('x', logic('not', 'y')), population('y', logic('not', 'x'))]],
  ])('refuses %s', (_, populations) => {
    expect(() => members(strategy(...populations))).toThrow(
      expect.objectContaining({ code: 'E_GATE_INVALID' }),
    );
  });
});
