// Exact tests against plain enumeration, intervals against their definition, and costs that must not grow.
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import * as stats from '../../src/stats/index.ts';

const small = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 });
const runs = { seed: 20241, numRuns: 150 };

describe('signedRank', () => {
  it('equals the enumeration of all sign patterns, with zeros and ties', () => {
    fc.assert(
      fc.property(small, (d) => {
        const ranks = stats.midranks(d.map(Math.abs)).filter((_, i) => d[i] !== 0);
        const signs = d.filter((value) => value !== 0);
        const observed = ranks.reduce((sum, rank, i) => (signs[i] > 0 ? sum + rank : sum), 0);
        let greater = 0;
        let less = 0;
        for (let pattern = 0; pattern < 2 ** ranks.length; pattern += 1) {
          const sum = ranks.reduce((total, rank, i) => ((pattern >> i) & 1 ? total + rank : total), 0);
          if (sum >= observed) greater += 1;
          if (sum <= observed) less += 1;
        }
        const all = 2 ** ranks.length;
        const result = stats.signedRank(d);
        expect(result.pExactGreater).toBeCloseTo(greater / all, 12);
        expect(result.pExactLess).toBeCloseTo(less / all, 12);
      }),
      runs,
    );
  });
});

describe('compareTwoGroups', () => {
  it('has the exact p of the enumeration of all splits', () => {
    const group = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(group, group, (x, y) => {
        const ranks = stats.midranks([...x, ...y]);
        const observed = ranks.slice(0, x.length).reduce((sum, rank) => sum + rank, 0);
        const centre = (x.length * (ranks.length + 1)) / 2;
        let extreme = 0;
        let all = 0;
        for (let mask = 0; mask < 2 ** ranks.length; mask += 1) {
          const chosen = ranks.filter((_, i) => (mask >> i) & 1);
          if (chosen.length !== x.length) continue;
          all += 1;
          const sum = chosen.reduce((total, rank) => total + rank, 0);
          if (Math.abs(sum - centre) >= Math.abs(observed - centre)) extreme += 1;
        }
        expect(stats.compareTwoGroups(x, y).mannWhitney?.pExact).toBeCloseTo(extreme / all, 12);
      }),
      runs,
    );
  });
});

describe('signFlipTest', () => {
  it('equals the enumeration of all sign patterns, with zeros and ties', () => {
    fc.assert(
      fc.property(small, (d) => {
        const all = 2 ** d.length;
        const observed = d.reduce((sum, value) => sum + value, 0);
        let [both, greater, less] = [0, 0, 0];
        for (let pattern = 0; pattern < all; pattern += 1) {
          const sum = d.reduce((total, value, i) => total + ((pattern >> i) & 1 ? value : -value), 0);
          if (Math.abs(sum) >= Math.abs(observed)) both += 1;
          if (sum >= observed) greater += 1;
          if (sum <= observed) less += 1;
        }
        const found = stats.signFlipTest(d);
        expect(found?.p).toBeCloseTo(both / all, 12);
        expect(found?.pGreater).toBeCloseTo(greater / all, 12);
        expect(found?.pLess).toBeCloseTo(less / all, 12);
      }),
      runs,
    );
  });
});

describe('correlate', () => {
  // cor.test(x, y, method = 'spearman', exact = TRUE) of R 4
  it.each([
    [[66, 29, 5, 37], [9, 100, 18, 16], 0.333333333333333],
    [[25, 12, 40, 22], [19.01, 1.02, 30.03, 30.04], 0.75],
    [[57, 26, 64, 7, 58], [67.01, 45.02, 79.03, 0.04, 46.05], 0.0833333333333333],
    [[67, 4, 76, 50, 17, 48], [36, 38, 97, 77, 2, 96], 0.355555555555556],
    [[99, 88, 12, 4, 29, 48, 10], [56, 7, 64, 28, 57, 91, 9], 0.906349206349206],
    [
      [100, 42, 8, 2, 19, 73, 68, 74],
      [103.01, 57.02, 7.03, 7.04, 11.05, 77.06, 66.07, 93.08],
      0.000396825396825397,
    ],
    [[70, 80, 67, 34, 10, 94, 52, 45, 50], [98, 66, 33, 61, 63, 14, 8, 16, 87], 0.948390652557319],
    [
      [6, 92, 80, 86, 10, 81, 40, 96, 39],
      [4.01, 77.02, 66.03, 80.04, -5.95, 99.06, 60.07, 89.08, 36.09],
      0.00450837742504409,
    ],
  ])('has the exact p of R without ties: %j and %j', (x, y, p) => {
    expect(stats.correlate(x, y).spearman.pExactPermutation).toBeCloseTo(p, 14);
  });

  it('equals the enumeration of all orders, with ties', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })), {
      minLength: 3,
      maxLength: 6,
    });
    fc.assert(
      fc.property(pairs, (rows) => {
        const [x, y] = [0, 1].map((side) => stats.midranks(rows.map((row) => row[side])));
        const found = stats.correlate(x, y).spearman;
        if (found.rho === null) return;
        const distance = (order: readonly number[]): number =>
          Math.abs(order.reduce((sum, j, i) => sum + x[i] * y[j], 0) - (x.length * (x.length + 1) ** 2) / 4);
        const orders = (rest: readonly number[]): number[][] =>
          rest.length === 0
            ? [[]]
            : rest.flatMap((j) => orders(rest.filter((k) => k !== j)).map((o) => [j, ...o]));
        const all = orders(x.map((_, i) => i));
        const observed = distance(x.map((_, i) => i));
        const extreme = all.filter((order) => distance(order) >= observed - 1e-9).length;
        expect(found.pExactPermutation).toBeCloseTo(extreme / all.length, 12);
      }),
      runs,
    );
  });
});

describe('clopperPearson', () => {
  it('leaves exactly 2.5 % beyond each limit', () => {
    for (let n = 1; n <= 30; n += 1) {
      for (let x = 1; x < n; x += 1) {
        const { low, high } = stats.clopperPearson(x, n);
        expect(stats.binomialUpper(x, n, low)).toBeCloseTo(0.025, 12);
        expect(stats.binomialCdf(x, n, high)).toBeCloseTo(0.025, 12);
      }
    }
  });
});

describe('kaplanMeier', () => {
  it('is the share of survivors without censoring, and 1 - S is Aalen-Johansen with one cause', () => {
    const times = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(times, (time) => {
        const { table } = stats.kaplanMeier(
          time,
          time.map(() => 1),
        );
        table.time.forEach((t, i) => {
          expect(table.surv[i]).toBeCloseTo(time.filter((value) => value > t).length / time.length, 12);
        });
        const mixed = time.map((t) => t % 2);
        const curve = stats.kaplanMeier(time, mixed).table.surv;
        stats
          .cumulativeIncidence(time, mixed)
          .cif1.forEach((value, i) => expect(value).toBeCloseTo(1 - curve[i], 12));
      }),
      runs,
    );
  });
});

describe('noncentral t', () => {
  it('joins its series and its integral without a step', () => {
    for (const [t, df] of [
      [9, 3],
      [12, 9],
      [7, 19],
      [20, 1],
    ] as const) {
      const below = stats.noncentralTCdf(t, df, 9);
      const above = stats.noncentralTCdf(t, df, 9 + 1e-9);
      expect(Math.abs(below - above)).toBeLessThan(2e-9);
    }
  });
});

describe('cost', () => {
  it('stays small where the effect is huge against its spread', () => {
    const started = performance.now();
    const result = stats.pairedT([5.00000001, 5.00000002, 5.00000001, 5]);
    // 3 df: the limits are t sqrt(chi² quantile / df) when t is huge: sqrt(0.2157953 / 3), sqrt(9.348404 / 3).
    expect((result.dzCiLow ?? NaN) / (result.dz ?? NaN)).toBeCloseTo(0.268201, 5);
    expect((result.dzCiHigh ?? NaN) / (result.dz ?? NaN)).toBeCloseTo(1.765258, 5);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('stays small for hundreds of values', () => {
    const started = performance.now();
    const many = Array.from({ length: 400 }, (_, i) => ((i * 7919) % 401) / 7 - 20);
    const estimate = stats.hodgesLehmann(many);
    const shift = stats.compareTwoGroups(many, many.slice(0, 300)).hodgesLehmannShift;
    expect(estimate.achieved).toBeCloseTo(0.95, 2);
    expect(shift?.achieved).toBeCloseTo(0.95, 2);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
