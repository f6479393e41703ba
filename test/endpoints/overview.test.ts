// Overviews of made-up samples: components against another algorithm (Jacobi rotations of the covariance), outliers that were put in,
// and none where none was.
import { describe, expect, it } from 'vitest';
import { loadingsText, overviewText, sampleOverview, type Overview } from '../../src/endpoints/index.ts';
import { createRandom, exp, sinh, symmetricEigen } from '../../src/math/index.ts';
import type { PopulationRow, StatisticRow } from '../../src/results/index.ts';

interface Made {
  /** Added to the y of a channel's median in one sample. */
  readonly shifted?: { readonly sample: number; readonly channel: string; readonly by: number };
  /** Added to the y of every channel from this sample on. */
  readonly batch?: { readonly from: number; readonly by: number };
}

const ids = ['T', 'B', 'NK', 'Mono', 'Gran'];
const channels = ['FITC-A', 'PE-A', 'APC-A', 'PE-Cy7-A'];

/** Samples whose fractions move together by subject and whose medians move on their own. */
function samples(count: number, { shifted, batch }: Made = {}) {
  const random = createRandom('overview');
  return Array.from({ length: count }, (_, s) => {
    const subject = random.normal();
    const populations = ids.map((id, p): PopulationRow => {
      const odds = exp(-1 + 0.4 * (p % 2 === 0 ? subject : 0 - subject) + 0.1 * random.normal());
      const count = Math.round((10_000 * odds) / (1 + odds));
      return {
        ...{ population: id, path: `leuk/${id}`, parent: 'leuk', count, parentCount: 10_000 },
        ...{ fractionOfParent: count / 10_000, fractionOfTotal: null, status: 'ok', reason: null },
        ...{ method: 'explicit', ciLow: null, ciHigh: null },
      };
    });
    const statistics = channels.map((channel): StatisticRow => {
      const own = shifted?.sample === s && shifted.channel === channel ? shifted.by : 0;
      const common = batch !== undefined && s >= batch.from ? batch.by : 0;
      const median = 150 * sinh(2 + 0.1 * random.normal() + own + common);
      return {
        ...{ path: 'leuk', population: 'leuk', channel, marker: null, n: 10_000, median, mean: median },
        ...{ geometricMean: null, robustSd: null, cv: null, p05: null, p95: null },
      };
    });
    return { sample: `s${String(s).padStart(2, '0')}`, populations, statistics };
  });
}

function overview(made: ReturnType<typeof samples>): Overview {
  const found = sampleOverview(made);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

describe('the overview of samples', () => {
  const good = overview(samples(40));

  it('compares by logits of fractions and by medians of channels', () => {
    expect(good.features).toEqual([
      ...['B', 'Gran', 'Mono', 'NK', 'T'].map((id) => `fraction leuk/${id}`),
      ...['APC-A', 'FITC-A', 'PE-A', 'PE-Cy7-A'].map((name) => `median ${name}`),
    ]);
  });

  it('has the components that Jacobi rotations of the covariance give', () => {
    // covariance of the features, rebuilt from scores and loadings of a full set of components is not at hand: take the features anew
    const made = samples(40);
    const feature = (name: string) =>
      made.map(({ populations, statistics }) => {
        const count = populations.find(({ path }) => name === `fraction ${path}`)?.count;
        const median = statistics.find(({ channel }) => name === `median ${channel}`)?.median;
        return count == null
          ? Math.asinh((median ?? NaN) / 150)
          : Math.log((count + 0.5) / (10_000.5 - count));
      });
    const middle = (values: number[]) => {
      const sorted = [...values].sort((a, b) => a - b);
      return (sorted[19] + sorted[20]) / 2;
    };
    const columns = good.features.map(feature).map((values) => {
      const centre = middle(values);
      const spread = 1.4826 * middle(values.map((value) => Math.abs(value - centre)));
      const scaled = values.map((value) => (value - centre) / spread);
      const mean = scaled.reduce((sum, x) => sum + x, 0) / 40;
      return scaled.map((x) => x - mean);
    });
    const p = columns.length;
    const covariance = Float64Array.from(
      columns.flatMap((a) => columns.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0) / 39)),
    );
    const { values, vectors } = symmetricEigen(covariance, p);
    const total = values.reduce((sum, x) => sum + x, 0);
    good.components.forEach(({ explained, loadings }, k) => {
      expect(explained).toBeCloseTo(values[k] / total, 9);
      loadings.forEach((loading, f) => expect(loading).toBeCloseTo(vectors[f * p + k], 7));
    });
    // the subject moves five features together
    expect(good.components[0].explained).toBeGreaterThan(0.5);
  });

  it('finds no outlier where there is none', () => {
    expect(good.samples.filter(({ outlier }) => outlier)).toEqual([]);
  });

  it.each([
    ['PE-A', 1.5, 'above'],
    ['APC-A', -1.5, 'below'],
  ] as const)('finds the one sample whose %s is off, and says so', (channel, by, side) => {
    const found = overview(samples(40, { shifted: { sample: 17, channel, by } }));
    const outliers = found.samples.filter(({ outlier }) => outlier);
    expect(outliers.map(({ sample }) => sample)).toEqual(['s17']);
    expect(outliers[0].reason).toMatch(`median ${channel} is `);
    expect(outliers[0].reason).toMatch(side);
  });

  it('shows a batch on a component', () => {
    const found = overview(samples(40, { batch: { from: 20, by: 1 } }));
    // one of the first two components parts the batches without overlap
    const parted = [0, 1].some((k) => {
      const [first, second] = [found.samples.slice(0, 20), found.samples.slice(20)];
      const range = (part: Overview['samples']) => part.map(({ scores }) => scores[k]).sort((a, b) => a - b);
      const [a, b] = [range(first), range(second)];
      return a[19] < b[0] || b[19] < a[0];
    });
    expect(parted).toBe(true);
  });

  it('does not depend on the order of samples', () => {
    expect(overview([...samples(40)].reverse())).toEqual(good);
  });

  it('bears a population that a few samples lack, and leaves out one that many lack', () => {
    const lacking = (every: number) =>
      samples(40).map((one, s) => ({
        ...one,
        populations: one.populations.map((row) =>
          row.population === 'NK' && s % every === 0 ? { ...row, count: null } : row,
        ),
      }));
    expect(overview(lacking(10)).features).toContain('fraction leuk/NK');
    expect(overview(lacking(3)).features).not.toContain('fraction leuk/NK');
  });

  it('says why there is none', () => {
    expect(sampleOverview(samples(5))).toMatch(/5 samples are too few/);
    const [one] = samples(1);
    const same = Array.from({ length: 8 }, (_, s) => ({ ...one, sample: `s${s}` }));
    expect(sampleOverview(same)).toMatch(/fewer than two features differ/);
  });

  it('is written as two tables', () => {
    const [header, first] = overviewText(good).split('\n');
    expect(header).toMatch(/^sample,outlier,distance,residual,reason,PC1,PC2/);
    expect(first).toMatch(/^s00,N,[\d.]+,-?[\d.]+,,-?[\d.]+/);
    const lines = loadingsText(good).trimEnd().split('\n');
    expect(lines).toHaveLength(2 + good.features.length);
    expect(lines[1]).toMatch(/^explained,0\.\d+/);
  });
});
