// A grid never changes an answer: whatever a cell calls inside or outside, a plain point-in-polygon test agrees.
import { describe, expect, it } from 'vitest';
import { floatOfKey, INFINITE, keyOf, NEGATIVE, smallestOfKey } from '../../src/gating/count.kernel.ts';
import { ellipseGrid, polygonGrid, type GateAxis, type Grid } from '../../src/gating/grid.ts';

/** A small generator of its own, so that the test does not lean on the code under test. */
function generator(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const scales: Record<string, { forward: (x: number) => number; inverse: (y: number) => number }> = {
  linear: { forward: (x) => x, inverse: (y) => y },
  asinh: { forward: (x) => Math.asinh(x / 150), inverse: (y) => 150 * Math.sinh(y) },
  log: { forward: (x) => Math.log10(x), inverse: (y) => Math.pow(10, y) },
};

function contains(vertices: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = vertices.length - 1; i < vertices.length; j = i++) {
    const [xi, yi] = vertices[i];
    const [xj, yj] = vertices[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

function stateAt(grid: Grid, x: number, y: number): number {
  return grid.states[grid.cellX[keyOf(x)] + 128 * grid.cellY[keyOf(y)]];
}

function axis(scale: keyof typeof scales, values: readonly number[]): GateAxis {
  return { ...scales[scale], low: Math.min(...values), high: Math.max(...values) };
}

describe('keys', () => {
  it('ascend with the value on both sides of zero', () => {
    const positive = [0, 0.01, 0.1, 1, 15, 100, 262143, 1e6, 6e7, 1e9, Number.POSITIVE_INFINITY].map(keyOf);
    expect(positive).toEqual([...positive].sort((a, b) => a - b));
    const negative = [-0.01, -1, -100, -262143, -1e9, Number.NEGATIVE_INFINITY].map(keyOf);
    expect(negative).toEqual([...negative].sort((a, b) => a - b));
    expect(Math.min(...negative)).toBeGreaterThanOrEqual(NEGATIVE);
    expect(keyOf(Number.NaN)).toBeGreaterThan(INFINITE);
    expect(keyOf(Number.MAX_VALUE)).toBe(INFINITE);
  });

  it('bound the values that have them, also those that rounding to float32 moves into the next key', () => {
    const random = generator(3);
    const edges = [1, 2 ** -126, 2 ** -133, 2 ** -149, 128, 100, 262144, 3e38].flatMap((edge) =>
      [-1e-7, -3e-8, -1e-9, -1e-16, 0, 1e-16, 1e-9, 3e-8, 1e-7].map((part) => edge * (1 + part)),
    );
    const values = Array.from({ length: 20_000 }, () => 10 ** (random() * 80 - 44));
    for (const x of [...edges, ...values].filter((v) => keyOf(v) < INFINITE)) {
      const key = keyOf(x);
      expect(keyOf(-x)).toBe(key + NEGATIVE);
      expect(smallestOfKey(key)).toBeLessThanOrEqual(x);
      expect(floatOfKey(key + 1)).toBeGreaterThan(x);
    }
  });
});

describe.each(['linear', 'asinh', 'log'])('polygon grid on a %s scale', (scale) => {
  it('agrees with the plain test wherever it is certain, and is rarely uncertain', () => {
    const random = generator(7);
    const { forward, inverse } = scales[scale];
    let certain = 0;
    let tests = 0;
    for (let trial = 0; trial < 30; trial++) {
      const count = 3 + Math.floor(random() * 9);
      const top = scale === 'linear' ? 200000 : 6;
      const vertices = Array.from(
        { length: count },
        () => [random() * top - top / 10, random() * top - top / 10] as const,
      );
      const xs = vertices.map(([x]) => x);
      const ys = vertices.map(([, y]) => y);
      const grid = polygonGrid(axis(scale, xs), axis(scale, ys), vertices, (x, y) =>
        contains(vertices, x, y),
      );
      for (let k = 0; k < 5000; k++) {
        const u = inverse(random() * top * 1.3 - top * 0.15);
        const v = inverse(random() * top * 1.3 - top * 0.15);
        const state = stateAt(grid, u, v);
        tests++;
        if (state === 2) continue;
        certain++;
        expect(state === 1, `trial ${trial}: ${u}, ${v}`).toBe(contains(vertices, forward(u), forward(v)));
      }
    }
    expect(certain / tests).toBeGreaterThan(0.95);
  });
});

it('leaves values that are not finite to the exact test', () => {
  const square = [
    [-10, -10],
    [10, -10],
    [10, 10],
    [-10, 10],
  ] as const;
  const side: GateAxis = { ...scales['linear'], low: -10, high: 10 };
  const grid = polygonGrid(side, side, square, (x, y) => contains(square, x, y));
  for (const far of [1e39, -1e39, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(stateAt(grid, far, 0)).toBe(2);
    expect(stateAt(grid, 0, far)).toBe(2);
  }
  for (const far of [1e12, -1e12]) expect([stateAt(grid, far, 0), stateAt(grid, 0, far)]).toEqual([0, 0]);
  expect(stateAt(grid, 0, 0)).toBe(1);
  expect(stateAt(grid, 1000, 0)).toBe(0);
});

it('is not deceived by values that rounding to float32 carries over the edge of a gate', () => {
  for (const edge of [1, 100, 128, 4096, 65_536.5, 262_144]) {
    const square = [
      [edge, edge],
      [3 * edge, edge],
      [3 * edge, 3 * edge],
      [edge, 3 * edge],
    ] as const;
    const side: GateAxis = { ...scales['linear'], low: edge, high: 3 * edge };
    const grid = polygonGrid(side, side, square, (x, y) => contains(square, x, y));
    for (const part of [-1e-6, -5e-8, -3e-8, -1e-12, 1e-12, 3e-8, 1e-6]) {
      for (const x of [edge * (1 + part), 3 * edge * (1 + part), 2 * edge]) {
        const state = stateAt(grid, x, 2 * edge);
        if (state !== 2) expect(state === 1, `${edge}: ${x}`).toBe(contains(square, x, 2 * edge));
      }
    }
  }
});

it('keeps gates that reach beyond the gridded part open to the exact test there', () => {
  const huge = [
    [-1e9, -1e9],
    [1e9, -1e9],
    [1e9, 1e9],
    [-1e9, 1e9],
  ] as const;
  const side: GateAxis = { ...scales['linear'], low: -1e9, high: 1e9 };
  const grid = polygonGrid(side, side, huge, (x, y) => contains(huge, x, y));
  for (const x of [0, 1e5, -1e6, 3e6, 6e7]) expect(stateAt(grid, x, 0)).not.toBe(0);
});

it('ellipse grids agree with the quadratic form', () => {
  const random = generator(11);
  const { forward, inverse } = scales['asinh'];
  for (let trial = 0; trial < 20; trial++) {
    const [cx, cy, a, b] = [random() * 5, random() * 5, 0.2 + random(), 0.2 + random()];
    const norm = (dx: number, dy: number) => Math.sqrt((dx / a) ** 2 + (dy / b) ** 2);
    const distance = (x: number, y: number) => norm(x - cx, y - cy);
    const x: GateAxis = { ...scales['asinh'], low: cx - 2 * a, high: cx + 2 * a };
    const y: GateAxis = { ...scales['asinh'], low: cy - 2 * b, high: cy + 2 * b };
    const grid = ellipseGrid(x, y, distance, norm, 2);
    let inside = 0;
    for (let k = 0; k < 4000; k++) {
      const u = inverse(random() * 8 - 1);
      const v = inverse(random() * 8 - 1);
      const state = stateAt(grid, u, v);
      if (state === 2) continue;
      inside += state;
      expect(state === 1).toBe(distance(forward(u), forward(v)) <= 2);
    }
    expect(inside).toBeGreaterThan(0);
  }
});
