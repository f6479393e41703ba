// What the valley method is asked for beyond two clear peaks, and cuts whose place the populations specification states.
import { describe, expect, it } from 'vitest';
import type { MethodFit } from '../../../src/gating/methods/contract.ts';
import { prepareMethod } from '../../../src/gating/methods/registry.ts';
import { createRandom } from '../../../src/math/index.ts';
import { compileForward } from '../../../src/signal/index.ts';

const transform = {
  scale: { kind: 'asinhCofactor', cofactor: 150 },
  boundMin: null,
  boundMax: null,
} as const;
const forward = compileForward(transform);

/** Fits a method to normals on y: [fraction, mean, SD] each. */
function fit(
  method: string,
  params: Record<string, unknown>,
  parts: readonly (readonly [number, number, number])[],
  options: { readonly n?: number; readonly seed?: string } = {},
): MethodFit {
  const { n = 20_000, seed = 'valley' } = options;
  const random = createRandom(seed);
  const linear = Float64Array.from({ length: n }, () => {
    let at = random.next();
    const part = parts.find(([share]) => (at -= share) < 0) ?? parts[parts.length - 1];
    return 150 * Math.sinh(part[1] + part[2] * random.normal());
  });
  const ready = prepareMethod(method, params);
  if (typeof ready === 'string') throw new Error(ready);
  const dim = {
    source: { kind: 'channel', channel: 'C' },
    compensation: { kind: 'none' },
    transform,
  } as const;
  return ready.fit(
    {
      dims: [dim],
      columns: [linear.map(forward)],
      linear: [linear],
      forward: [forward],
      keep: 'above',
      reference: null,
    },
    seed,
  );
}

const cutOf = (found: MethodFit): number =>
  found.status === 'fitted' && found.cut !== null ? found.cut : Number.NaN;
const reasonOf = (found: MethodFit): string => (found.status === 'rejected' ? found.reason : '');

// negative, dim, bright: the two highest are negative and bright
const three = [
  [0.5, 0.3, 0.3],
  [0.15, 3, 0.3],
  [0.35, 6, 0.3],
] as const;

describe('of three peaks', () => {
  it.each([
    ['highest', 0.3, 6],
    ['lower', 0.3, 3],
    ['upper', 3, 6],
  ])('%s', (which, low, high) => {
    const found = fit('valley', { which }, three);
    expect(cutOf(found)).toBeGreaterThan(low + 0.9);
    expect(cutOf(found)).toBeLessThan(high - 0.9);
    expect(found.evidence['peaks']).toBe(3);
    expect(Number(found.evidence['peakLow'])).toBeCloseTo(low, 0);
    expect(Number(found.evidence['peakHigh'])).toBeCloseTo(high, 0);
  });
  // the least event is between 2.6 and 6, the two high peaks are at 0.3 and 2.6
  it('deepest: the emptier valley, wherever the peaks are high', () => {
    const close = [
      [0.45, 0.3, 0.5],
      [0.45, 2.6, 0.5],
      [0.1, 6, 0.3],
    ] as const;
    expect(cutOf(fit('valley', { which: 'deepest' }, close))).toBeGreaterThan(4);
    expect(cutOf(fit('valley', { which: 'highest' }, close))).toBeLessThan(2);
  });
  it.each(['lower', 'upper', 'deepest'])('%s: only valleys where the cut was asked for', (which) => {
    for (const [cutFrom, cutTo] of [
      [0.6, 2.8],
      [3.2, 5.8],
    ]) {
      const cut = cutOf(fit('valley', { which, cutFrom, cutTo }, three));
      expect(cut).toBeGreaterThanOrEqual(cutFrom);
      expect(cut).toBeLessThanOrEqual(cutTo);
    }
    expect(reasonOf(fit('valley', { which, cutFrom: 6.5 }, three))).toMatch(/not where/);
  });
  // the same cells at half and at twice the voltage's gain: both peaks move by ln 2, and so must the cut
  it.each([-0.69, 0, 0.69])('a window that counts from a peak moves with the peaks (by %d)', (moved) => {
    const parts = three.map(([share, at, sd]) => [share, at + 4 + moved, sd] as const);
    const window = { which: 'deepest', cutFrom: 3.2, cutTo: 5.5 };
    for (const fromPeak of ['highest', 'lowest'])
      expect(Math.abs(cutOf(fit('valley', { ...window, fromPeak }, parts)) - 8.5 - moved)).toBeLessThan(0.4);
  });
  it.each([-0.69, 0, 0.69])('a window counts from the brightest peak, too (moved by %d)', (moved) => {
    const parts = three.map(([share, at, sd]) => [share, at + 4 + moved, sd] as const);
    const window = { which: 'upper', fromPeak: 'uppermost' };
    const found = fit('valley', { ...window, cutFrom: -2.5, cutTo: -0.5 }, parts);
    expect(Math.abs(cutOf(found) - 8.5 - moved)).toBeLessThan(0.4);
    expect(reasonOf(fit('valley', { ...window, cutFrom: 0.1, cutTo: 2 }, parts))).toMatch(/not where/);
  });
  it('the highest peak is not the lowest on the axis', () => {
    const few = [
      [0.3, 0.5, 0.3],
      [0.7, 4.5, 0.3],
    ] as const;
    const window = { which: 'lower', cutFrom: 1, cutTo: 3 };
    expect(fit('valley', { ...window, fromPeak: 'lowest' }, few).status).toBe('fitted');
    expect(reasonOf(fit('valley', { ...window, fromPeak: 'highest' }, few))).toMatch(/not where/);
    const below = { which: 'lower', cutFrom: -3, cutTo: -1, fromPeak: 'highest' };
    expect(fit('valley', below, few).status).toBe('fitted');
  });
  // hand: 5 SD from either centre, 0.3 + 1.5 and 7 - 1.5: the middle of what is empty is at 3.65
  it('the middle of an empty stretch, not its first point', () => {
    const apart = [
      [0.5, 0.3, 0.3],
      [0.5, 7, 0.3],
    ] as const;
    for (const seed of ['a', 'b', 'c'])
      expect(Math.abs(cutOf(fit('valley', {}, apart, { seed })) - 3.65)).toBeLessThan(0.2);
  });
  it('a peak below the least height does not count', () => {
    const few = [
      [0.7, 0.3, 0.3],
      [0.01, 3, 0.3],
      [0.29, 6, 0.3],
    ] as const;
    expect(fit('valley', { which: 'lower' }, few).evidence['peaks']).toBe(2);
    expect(cutOf(fit('valley', { which: 'lower', minPeak: 0.005 }, few))).toBeLessThan(2.6);
  });
});

describe('ripples on one hump', () => {
  it('are not the two highest peaks', () => {
    // a narrow kernel makes ripples on the broad bright population, which holds most events
    for (let k = 0; k < 10; k++) {
      const found = fit(
        'valley',
        { adjust: 0.4 },
        [
          [0.1, 0.5, 0.3],
          [0.9, 4.6, 0.9],
        ],
        { n: 2000, seed: `ripples ${k}` },
      );
      expect(cutOf(found)).toBeGreaterThan(0.9);
      expect(cutOf(found)).toBeLessThan(2.6);
    }
  });
});

describe('limits', () => {
  it('a slope that rises beyond a limit is no peak', () => {
    // between 1 and 4.6 there is the foot of either population, but no peak
    const found = fit('valley', { from: 1, to: 4.6 }, [
      [0.5, 0.35, 0.45],
      [0.5, 5.2, 0.2],
    ]);
    expect(reasonOf(found)).toMatch(/one peak only|valley/);
  });
  it('a cut elsewhere than asked for is refused, with its place', () => {
    const found = fit('valley', { cutFrom: 4.5 }, [
      [0.5, 0.35, 0.45],
      [0.5, 5.2, 0.2],
    ]);
    expect(reasonOf(found)).toMatch(/not where it was asked for/);
    expect(Number(found.evidence['cut'])).toBeLessThan(4.5);
  });
  it('limits closer than the bandwidth are refused', () => {
    const found = fit('valley', { from: 0.3, to: 0.30001, minEvents: 1, adjust: 100 }, [[1, 0.3, 0.45]], {
      n: 2_000_000,
    });
    expect(found.status).toBe('rejected');
  });
});

describe('numbers of the populations specification', () => {
  it('CD3 of lymphocytes: 0.35/0.45 against 5.2/0.20', () => {
    const cut = cutOf(
      fit('valley', {}, [
        [0.3, 0.35, 0.45],
        [0.7, 5.2, 0.2],
      ]),
    );
    // three SD from both
    expect(cut).toBeGreaterThan(0.35 + 3 * 0.45);
    expect(cut).toBeLessThan(5.2 - 3 * 0.2);
  });
  // numpy, 4,000,000 draws of these two normals: mode 132.9 and spread 65.0 linear give 1.69; measured on asinh it would be 2.50
  it('LOX-1 of neutrophils: T(4) is measured on the linear scale', () => {
    const cuts = Array.from({ length: 10 }, (_, k) =>
      cutOf(
        fit(
          'tail',
          { k: 4 },
          [
            [0.95, 0.9, 0.4],
            [0.05, 3.2, 0.45],
          ],
          { seed: `lox ${k}` },
        ),
      ),
    );
    const mean = cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length;
    expect(Math.abs(mean - 1.69)).toBeLessThan(0.15);
  });
  it('PD-1 has no valley: .6/.45, 1.4/.6 and 2.1/.7 are refused', () => {
    const found = fit('valley', {}, [
      [0.4, 0.6, 0.45],
      [0.3, 1.4, 0.6],
      [0.3, 2.1, 0.7],
    ]);
    expect(found.status).toBe('rejected');
  });
});

describe('tail', () => {
  // hand: mean + k SD of the stained peak; the cut of 20,000 events errs by a few hundredths of an SD, not by the tenth of a half-sample mode
  it.each([-3, -2, 2])('T(%d) of a stained peak lies within a tenth of an SD, seed after seed', (k) => {
    const errors = Array.from({ length: 12 }, (_, i) => {
      const found = fit('tail', { k }, [[1, 5, 0.4]], { seed: `tail ${i}` });
      return (cutOf(found) - (5 + k * 0.4)) / 0.4;
    });
    const rms = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(rms).toBeLessThan(0.1);
  });
});
