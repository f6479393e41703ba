// Principal components as a figure: one mark a sample at its scores, outliers ringed and named.
import { describe, expect, it } from 'vitest';
import type { Overview } from '../../../src/endpoints/index.ts';
import { overviewFigure, type SampleLine } from '../../../src/report/index.ts';
import { elements, textsOf } from '../drawing.ts';

const tube = (sample: string, subject: string, visit: string): SampleLine => ({
  sample,
  subject,
  visit,
  panel: 'P1',
  role: 'stained',
  state: 'gated',
  reason: null,
  failed: false,
  events: 1,
  fileSha256: null,
  strategySha256: null,
  resultId: null,
  quality: [],
});

const place = (sample: string, scores: readonly number[], reason: string | null = null) => ({
  sample,
  scores,
  distance: 1,
  residual: 0,
  outlier: reason !== null,
  reason,
});

const overview: Overview = {
  samples: [place('a0', [-1, 1]), place('a1', [1, 1]), place('b0', [3, -2], 'fraction T')],
  components: [
    { explained: 0.625, loadings: [1, 0] },
    { explained: 0.25, loadings: [0, 1] },
  ],
  features: ['fraction T', 'median CD3'],
  cutoff: 3,
};

describe('samples at a glance', () => {
  const { marks, data, n } = overviewFigure('P1', overview, [
    tube('a0', 'A', 'V0'),
    tube('a1', 'A', 'V1'),
    tube('b0', 'B', 'V0'),
  ]);

  it('stand at their scores: twice the distance of scores is twice the distance on paper', () => {
    const dots = elements(marks)
      .filter(({ tag }) => tag === 'a')
      .map(
        (link) =>
          elements(link.children).filter(
            ({ tag, attributes }) => tag === 'circle' && attributes['r'] === 4,
          )[0].attributes,
      );
    const [a0, a1, b0] = dots.map(({ cx, cy }) => ({ x: Number(cx), y: Number(cy) }));
    expect(b0.x - a0.x).toBeCloseTo(2 * (a1.x - a0.x), 6);
    expect(a1.y).toBe(a0.y);
    expect(b0.y).toBeGreaterThan(a0.y);
    // colour is the visit
    expect(dots[0]['fill']).toBe(dots[2]['fill']);
    expect(dots[0]['fill']).not.toBe(dots[1]['fill']);
  });

  it('say how much the axes explain, and name outliers alone', () => {
    const texts = textsOf(marks);
    expect(texts).toContain('PC1 (62.5 % of the variance), robust SD');
    expect(texts).toContain('PC2 (25.0 % of the variance), robust SD');
    expect(texts).toContain('b0');
    expect(texts).not.toContain('a0');
    expect(n).toBe('3 samples, 2 features; 1 outlier');
    expect(data.rows.map((row) => row.at(-1))).toEqual([null, null, 'fraction T']);
  });
});
