import { describe, expect, it } from 'vitest';
import * as dist from '../../src/stats/distributions.ts';
import { signedRankCdf, signedRankQuantile } from '../../src/stats/discrete.ts';
import { noncentralTCdf } from '../../src/stats/noncentral-t.ts';
import { studentisedRangeUpper } from '../../src/stats/studentised-range.ts';
import { compareWithTruth, truthCases, truthPresent, type TruthCase } from './truth.ts';

type Numbers = Record<'df' | 'df1' | 'df2' | 'a' | 'b' | 't' | 'k' | 'n', number> &
  Record<'p' | 'x' | 'ncp' | 'q', number[]>;

function compute({ id, input }: TruthCase): Record<string, unknown> {
  const a = input as unknown as Numbers;
  const [family] = id.split('_');
  switch (family) {
    case 'normal':
      return {
        q: a.p.map(dist.normalQuantile),
        cdf: a.x.map(dist.normalCdf),
        upper: a.x.map(dist.normalUpper),
      };
    case 't':
      return {
        q: a.p.map((p) => dist.tQuantile(p, a.df)),
        cdf: a.x.map((x) => dist.tCdf(x, a.df)),
        upper: a.x.map((x) => dist.tUpper(x, a.df)),
      };
    case 'chisq':
      return {
        q: a.p.map((p) => dist.chiSquareQuantile(p, a.df)),
        cdf: a.x.map((x) => dist.chiSquareCdf(x, a.df)),
        upper: a.x.map((x) => dist.chiSquareUpper(x, a.df)),
      };
    case 'f':
      return {
        cdf: a.x.map((x) => dist.fCdf(x, a.df1, a.df2)),
        upper: a.x.map((x) => dist.fUpper(x, a.df1, a.df2)),
      };
    case 'beta':
      return {
        q: a.p.map((p) => dist.betaQuantile(p, a.a, a.b)),
        cdf: a.x.map((x) => dist.betaCdf(x, a.a, a.b)),
      };
    case 'nct':
      return { cdf: a.ncp.map((ncp) => noncentralTCdf(a.t, a.df, ncp)) };
    case 'tukey':
      return { upper: a.q.map((q) => studentisedRangeUpper(q, a.k)) };
    case 'signrank':
      return {
        cdf: Array.from({ length: (a.n * (a.n + 1)) / 2 + 1 }, (_, w) => signedRankCdf(w, a.n)),
        q025: signedRankQuantile(0.025, a.n),
      };
    default:
      throw new Error(`unknown family ${id}`);
  }
}

describe.skipIf(!truthPresent)('distributions against R (needs ../shared)', () => {
  let compared = 0;
  for (const truth of truthCases('distributions')) {
    it(truth.id, () => {
      // R's noncentral t has an absolute error of 1e-12: its 3.0e-14 at ncp 6 is 1.886e-15 by quadrature (ours: 1.887e-15).
      const noncentral = truth.id.startsWith('nct');
      const special = noncentral || truth.id.startsWith('tukey');
      const found = compute(truth);
      // The file's own rule: 1e-10 relative, 1e-7 for tails below 1e-12, for tukey and for noncentral t.
      const misses: string[] = [];
      for (const [name, want] of Object.entries(truth.expected)) {
        const list = Array.isArray(want) ? (want as number[]) : [want as number];
        const got = Array.isArray(found[name]) ? (found[name] as number[]) : [found[name] as number];
        list.forEach((value, i) => {
          const tail = name !== 'q' && Math.abs(value) < 1e-12;
          const report = compareWithTruth(value, got[i], {
            relative: special || tail ? 1e-7 : 1e-10,
            absolute: noncentral ? 1e-12 : 0,
          });
          compared += report.compared;
          misses.push(...report.misses.map((miss) => `${name}[${i}]${miss}`));
        });
      }
      expect(misses).toEqual([]);
    });
  }
  it('ran every comparison', () => expect(compared).toBeGreaterThanOrEqual(540));
});
