// Residuals of hand-made compensated colours: cells bright in A, negative in B, with a known part of A left in B.
import { describe, expect, it } from 'vitest';
import { createRandom, sinh } from '../../src/math/index.ts';
import { reviewCompensation, type Colours } from '../../src/qc/index.ts';

interface Made {
  /** Part of A that is left in B. */
  readonly residual: number;
  /** Part of the bright cells that express B themselves, dimly (y 2.6). */
  readonly coexpressing?: number;
  readonly spill?: number;
  readonly bright?: number;
}

/** 2000 negative cells and 2000 that are bright in A (y 5), with spread on both. */
function colours({ residual, coexpressing = 0, spill = 0.3, bright = 2000 }: Made): Colours {
  const random = createRandom('colours');
  const a = new Float64Array(2000 + bright);
  const b = new Float64Array(2000 + bright);
  for (let e = 0; e < a.length; e++) {
    a[e] = 150 * sinh(e < 2000 ? 0.4 * random.normal() : 5 + 0.25 * random.normal());
    const own = random.next() < coexpressing && e >= 2000 ? 2.6 : 0.3;
    const noise = Math.sqrt(35 * 35 + 4 * Math.abs(a[e]) * 0.3) * random.normal();
    b[e] = 150 * sinh(own + 0.3 * random.normal()) + residual * a[e] + noise;
  }
  return { names: ['A', 'B'], columns: [a, b], tops: [262144, 262144], spill: [1, spill, spill, 1] };
}

describe('the review of a compensation', () => {
  it.each([0.05, 0.03, -0.03, -0.05, 0])('finds a residual of %d', (residual) => {
    const { largest, hints, pairs } = reviewCompensation(colours({ residual }));
    expect(pairs).toBe(1);
    expect(largest).toMatchObject({ source: 'A', receiver: 'B' });
    expect(Math.abs((largest?.residual ?? NaN) - residual)).toBeLessThan(0.008);
    expect(hints).toHaveLength(residual === 0 ? 0 : 1);
  });

  it('does not take dim expression beside a bright marker for a residual', () => {
    for (const coexpressing of [0.3, 0.6, 1])
      expect(reviewCompensation(colours({ residual: 0, coexpressing })).hints).toEqual([]);
  });

  it('does not look where the matrix subtracts next to nothing', () => {
    expect(reviewCompensation(colours({ residual: 0.05, spill: 0.005 }))).toEqual({
      pairs: 0,
      largest: null,
      hints: [],
    });
  });

  it('needs bright cells and negative ones', () => {
    expect(reviewCompensation(colours({ residual: 0.05, bright: 100 })).pairs).toBe(0);
  });
});
