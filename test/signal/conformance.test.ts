// One suite for every scale: each must meet the whole contract.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { createRandom } from '../../src/math/index.ts';
import {
  compileForward,
  compileInverse,
  createScaleTable,
  forward,
  inverse,
  lowestInputAtLeast,
  transformColumn,
  type ScaleFunction,
} from '../../src/signal/index.ts';
import { sharedData } from '../shared-data.ts';
import { neighbour, scales, transform, truthCases } from './scales.ts';

describe('agreement with FlowUtils, FlowKit and numpy', () => {
  it.each(truthCases.map((c) => ({ ...c, name: JSON.stringify(c.scale) })))('$name', ({ scale, x, y }) => {
    const f = compileForward(transform(scale));
    // logicle and hyperlog are rounded to 2^-48 of the scale's unit; biex counts 4,096 channels
    const tolerance =
      scale.kind === 'biex' ? 1e-12 * scale.channels : scale.kind === 'asinhCofactor' ? 1e-13 : 4e-15;
    expect(x.length).toBeGreaterThan(40);
    for (let i = 0; i < x.length; i++)
      expect(Math.abs(f(x[i]) - y[i]), `x = ${x[i]}`).toBeLessThan(tolerance);
  });

  const table = sharedData(
    'data/flowjo/xforms/tr_biex_l256_w-7.943282_n1.000000_m4.418540_r262144.000029.csv',
  );
  it.skipIf(table === null)('biex is the table FlowJo wrote, to its six digits', () => {
    const rows = readFileSync(table ?? '', 'utf8')
      .trim()
      .split('\n')
      .slice(1);
    const values = rows.map((row) => Number(row.split(',')[1]));
    expect(values.length).toBe(4096);
    const biex = transform({
      kind: 'biex',
      T: 262144.000029,
      neg: 1,
      width: -7.943282,
      pos: 4.41854,
      channels: 4096,
    });
    values.forEach((value, channel) => {
      expect(Math.abs(inverse(biex, channel) - value), `channel ${channel}`).toBeLessThanOrEqual(
        5.0001e-6 * Math.abs(value) + 1e-9,
      );
    });
  });
});

describe.each(scales)('$name', ({ scale, range: [low, high] }) => {
  const plain = transform(scale);
  const f = compileForward(plain);
  const g = compileInverse(plain);
  const random = createRandom(JSON.stringify(scale));
  const ys = Array.from({ length: 400 }, () => low + (high - low) * random.next());

  it('comes back from its inverse to 1e-9', () => {
    for (const y of ys) {
      const x = g(y);
      expect(Math.abs(g(f(x)) - x)).toBeLessThan(1e-9 * Math.max(1, Math.abs(x)));
      expect(Math.abs(f(g(y)) - y)).toBeLessThan(1e-9 * Math.max(1, Math.abs(y)));
      expect(forward(plain, x)).toBe(f(x));
      expect(inverse(plain, y)).toBe(x);
    }
  });

  it('never falls, not even from one double to the next', () => {
    // Where two steps of the result meet is where rounding could turn the order: half a step off, and a little around it.
    for (const y of ys) {
      const here = f(g(y));
      const step = 2 ** (Math.abs(here) < 2 ? -48 : Math.abs(here) < 32 ? -44 : -40);
      const centre = g(here + (random.next() < 0.5 ? 0.5 : -0.5) * step + (random.next() - 0.5) * 0.2 * step);
      let before = -Infinity;
      for (let n = -20; n <= 20; n++) {
        const value = f(neighbour(centre, n));
        expect(value).toBeGreaterThanOrEqual(before);
        before = value;
      }
    }
    const wide = Array.from({ length: 2000 }, (_, i) => (i - 1000) ** 3 / 1000)
      .map(f)
      .filter((y) => !Number.isNaN(y));
    for (let i = 1; i < wide.length; i++) expect(wide[i]).toBeGreaterThanOrEqual(wide[i - 1]);
  });

  it('carries limits back exactly', () => {
    for (const y of [...ys.slice(0, 100), f(g((low + high) / 2)), f(g(low)), f(0)]) {
      const t = lowestInputAtLeast(plain, y);
      if (t === -Infinity) {
        expect(f(-Number.MAX_VALUE)).toBeGreaterThanOrEqual(y);
        continue;
      }
      expect(f(t)).toBeGreaterThanOrEqual(y);
      expect(f(neighbour(t, -1)) >= y).toBe(false);
    }
  });

  it('has its ends and its NaN', () => {
    expect(f(NaN)).toBeNaN();
    expect(g(NaN)).toBeNaN();
    const clips = scale.kind === 'biex';
    expect(f(Infinity)).toBe(clips ? scale.channels : Infinity);
    expect(f(-Infinity)).toBe(clips ? 0 : scale.kind === 'log' ? NaN : -Infinity);
    expect(f(Number.MAX_VALUE)).toBeGreaterThan(high / 2);
    expect(lowestInputAtLeast(plain, NaN)).toBeNaN();
    expect(lowestInputAtLeast(plain, Infinity)).toBeGreaterThan(1e300);
    expect(lowestInputAtLeast(plain, -Infinity)).toBe(scale.kind === 'log' ? 0 : -Infinity);
  });

  it('clips to its bounds, and carries limits back through them', () => {
    const [min, max] = [low + 0.3 * (high - low), low + 0.6 * (high - low)];
    const bounded = transform(scale, min, max);
    const b = compileForward(bounded);
    expect([b(-1e300), b(1e300), b(-Infinity), b(Infinity), b(NaN)]).toEqual([min, max, min, max, NaN]);
    const inside = g((min + max) / 2);
    expect(b(inside)).toBe(f(inside));
    expect(compileForward(transform(scale, min))(1e300)).toBe(f(1e300));
    expect(compileForward(transform(scale, null, max))(inside)).toBe(f(inside));
    expect(compileForward(transform(scale, null, max))(1e300)).toBe(max);
    expect(inverse(bounded, high)).toBe(g(high));
    expect(lowestInputAtLeast(bounded, neighbour(max, 1))).toBe(Infinity);
    const lowest = lowestInputAtLeast(bounded, min);
    expect(b(lowest)).toBe(min);
    expect(lowest).toBe(-Infinity);
    const top = lowestInputAtLeast(bounded, max);
    expect([b(top), b(neighbour(top, -1)) < max]).toEqual([max, true]);
  });

  it('gives the same through its table, to 1e-9', () => {
    const x = Float64Array.from(
      { length: 4000 },
      (_, i) => (i % 2 ? 1 : -1) * Math.exp(random.next() * 25 - 7),
    );
    x.set([0, -0, NaN, Infinity, -Infinity, 1e300, 16777216, -16777216, 5e-324]);
    const exact = new Float64Array(x.length);
    const fast = new Float64Array(x.length);
    transformColumn(plain, x, exact);
    createScaleTable(plain)(x, fast);
    x.forEach((value, i) => {
      const same = Object.is(fast[i], exact[i]) || Math.abs(fast[i] - exact[i]) < 1e-9;
      expect(same, `x = ${value}: ${fast[i]}, exactly ${exact[i]}`).toBe(true);
    });
    const bounded = transform(scale, low, high);
    createScaleTable(bounded)(x, fast);
    fast.forEach((y, i) => expect(y >= low && y <= high).toBe(!Number.isNaN(x[i])));
  });
});

describe('fixed points', () => {
  it.each(scales.filter(({ scale }) => 'T' in scale && scale.kind !== 'biex'))(
    '$name is 1 at the top of scale',
    ({ scale }) => {
      expect(forward(transform(scale), 'T' in scale ? scale.T : NaN)).toBe(1);
    },
  );

  it('are where the standard puts zero', () => {
    // Gating-ML 2.0 section 6: logicle and hyperlog (A + W) / (M + A), asinh A / (M + A), linear A / (T + A)
    const at0 = (scale: ScaleFunction): number => forward(transform(scale), 0);
    expect(at0({ kind: 'logicle', T: 1000, W: 1, M: 4, A: 1 })).toBeCloseTo(2 / 5, 14);
    expect(at0({ kind: 'hyperlog', T: 262144, W: 0.5, M: 4.5, A: 0 })).toBeCloseTo(0.5 / 4.5, 14);
    expect(at0({ kind: 'asinh', T: 1000, M: 4, A: 1 })).toBeCloseTo(1 / 5, 14);
    expect(at0({ kind: 'linear', T: 1000, A: 100 })).toBe(100 / 1100);
    expect(at0({ kind: 'asinhCofactor', cofactor: 150 })).toBe(0);
    expect(forward(transform({ kind: 'log', T: 10000, M: 4 }), 100)).toBe(0.5);
  });

  it('on the templates scale are those of populations.md section 0', () => {
    const y = compileForward(transform({ kind: 'asinhCofactor', cofactor: 150 }));
    for (const [scaled, linear] of [
      [0.35, 54],
      [2, 544],
      [3, 1503],
      [4.2, 5000],
      [5.4, 16605],
      [6.3, 40843],
    ]) {
      expect(y(linear)).toBeCloseTo(scaled, 2);
    }
    expect(y(262144)).toBeCloseTo(8.16, 2);
  });
});

describe('logarithm of what is not positive', () => {
  const log = { kind: 'log', T: 10000, M: 4 } as const;
  it('is -Infinity at zero and NaN below, as in FlowKit and flowCore', () => {
    expect(forward(transform(log), 0)).toBe(-Infinity);
    expect(forward(transform(log), -5)).toBeNaN();
    expect(lowestInputAtLeast(transform(log), -Infinity)).toBe(0);
  });
  it('takes the lower bound where there is one, as on the log axis of FlowJo', () => {
    expect(forward(transform(log, 0), -5)).toBe(0);
    expect(forward(transform(log, 0), 0)).toBe(0);
    expect(lowestInputAtLeast(transform(log, 0), 0)).toBe(-Infinity);
  });
});

describe('parameters the standard forbids', () => {
  it.each([
    { kind: 'linear', T: 0, A: 0 },
    { kind: 'linear', T: 10, A: 11 },
    { kind: 'log', T: 100, M: 0 },
    { kind: 'asinh', T: 100, M: 4, A: 5 },
    { kind: 'asinhCofactor', cofactor: -1 },
    { kind: 'asinhCofactor', cofactor: NaN },
    { kind: 'logicle', T: 262144, W: 2.3, M: 4.5, A: 0 },
    { kind: 'logicle', T: 262144, W: -0.1, M: 4.5, A: 0 },
    { kind: 'logicle', T: Infinity, W: 0.5, M: 4.5, A: 0 },
    { kind: 'logicle', T: 262144, W: 1, M: 4.5, A: 3 },
    { kind: 'hyperlog', T: 262144, W: 0, M: 4.5, A: 0 },
    { kind: 'biex', T: 262144, neg: 0, width: 10, pos: 4.4, channels: 4096 },
    { kind: 'biex', T: 262144, neg: 0, width: -10, pos: 0.3, channels: 4096 },
  ] as const)('are refused: %j', (scale) => {
    let thrown: unknown;
    try {
      compileForward(transform(scale));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ImmunogateError);
    expect((thrown as ImmunogateError).code).toBe('E_GATE_INVALID');
    expect((thrown as ImmunogateError).message).toContain(scale.kind);
  });

  it('and bounds the wrong way round', () => {
    expect(() => compileForward(transform({ kind: 'linear', T: 1, A: 0 }, 2, 1))).toThrow('boundMin');
  });
});
