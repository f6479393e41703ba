// Unevenness of beads by hand: shares in equal stretches of a made-up run.
import { describe, expect, it } from 'vitest';
import { unevenness } from '../../src/qc/index.ts';

/** `stretches` stretches of 4000 events; `every[s]`: one event of so many is a bead in stretch s. */
function run(every: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: every.length * 4000 }, (_, e) =>
    e % every[Math.floor(e / 4000)] === 0 ? 1 : 0,
  );
}

describe('unevenness of beads', () => {
  it('is 0 where every stretch has the same share', () => {
    expect(unevenness(run([10, 10, 10, 10, 10]), null)).toBe(0);
  });

  it('is the standard deviation of the shares over their mean', () => {
    // shares 1/5, 1/10, 1/10, 1/10, 1/10, 1/20 of 2600 beads: 6 stretches of 4000 events
    // mean 0.65 / 6 = 0.108333; deviations 0.091667, 4 of -0.008333, -0.058333: sum of squares 0.0120833; SD 0.0491596
    expect(unevenness(run([5, 10, 10, 10, 10, 20]), null)).toBeCloseTo(0.0491596 / 0.1083333, 5);
  });

  it('leaves out what is not in the stable part', () => {
    const beads = run([10, 10, 2, 10, 10, 10]);
    const stable = Uint8Array.from(beads, (_, e) => (e >= 8000 && e < 12000 ? 0 : 1));
    const kept = beads.map((bead, e) => bead * stable[e]);
    expect(unevenness(kept, stable)).toBeCloseTo(0, 12);
    expect(unevenness(beads, null)).toBeGreaterThan(0.5);
  });

  it.each([
    [0, 'there are no beads'],
    [1999, '1999 beads among the events looked at are too few; 2000 are needed'],
  ])('cannot be told from %i beads', (count, reason) => {
    const beads = Uint8Array.from({ length: 20_000 }, (_, e) => (e < count ? 1 : 0));
    expect(unevenness(beads, null)).toBe(reason);
  });
});
