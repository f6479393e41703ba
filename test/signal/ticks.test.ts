// Ticks against hand calculations: where 10^k falls on a scale is known, and which labels have room is counted by hand.
import { describe, expect, it } from 'vitest';
import { axisTicks, forward, type Transform } from '../../src/signal/index.ts';

const plain = { boundMin: null, boundMax: null };
const labelled = (transform: Transform | null, min: number, max: number) =>
  axisTicks(transform, min, max).flatMap(({ label, value }) => (label === '' ? [] : [[label, value]]));

describe('ticks of an axis', () => {
  it('steps evenly in linear units, with letters for thousands and millions', () => {
    expect(labelled(null, 0, 262144)).toEqual([
      ['0', 0],
      ['50K', 50_000],
      ['100K', 100_000],
      ['150K', 150_000],
      ['200K', 200_000],
      ['250K', 250_000],
    ]);
    expect(labelled(null, 0, 5e6).map(([label]) => label)).toEqual(['0', '1M', '2M', '3M', '4M', '5M']);
    expect(labelled(null, -0.2, 1).map(([label]) => label)).toEqual([
      '−0.2',
      '0',
      '0.2',
      '0.4',
      '0.6',
      '0.8',
      '1',
    ]);
  });

  it('steps in linear units on a linear scale that has coordinates of its own', () => {
    const fraction: Transform = { scale: { kind: 'linear', T: 1000, A: 0 }, ...plain };
    const ticks = axisTicks(fraction, 0, 1).filter(({ label }) => label !== '');
    expect(ticks.map(({ label, at }) => [label, at])).toEqual([
      ['0', 0],
      ['200', 0.2],
      ['400', 0.4],
      ['600', 0.6],
      ['800', 0.8],
      ['1K', 1],
    ]);
  });

  it('has decades with eight minor ticks each on a logarithmic scale, and no zero', () => {
    const log: Transform = { scale: { kind: 'log', T: 10_000, M: 4 }, ...plain };
    const ticks = axisTicks(log, 0, 1);
    expect(ticks.filter(({ label }) => label !== '').map(({ label, at }) => [label, at])).toEqual([
      ['10⁰', 0],
      ['10¹', 0.25],
      ['10²', 0.5],
      ['10³', 0.75],
      ['10⁴', 1],
    ]);
    expect(ticks).toHaveLength(5 + 4 * 8);
  });

  it('leaves out the powers that a logicle squeezes against zero, and mirrors the rest', () => {
    const logicle: Transform = { scale: { kind: 'logicle', T: 262144, W: 1, M: 4.5, A: 0 }, ...plain };
    const words = labelled(logicle, forward(logicle, -2000), 1).map(([label]) => label);
    expect(words).toEqual(['−10³', '0', '10³', '10⁴', '10⁵']);
  });

  it.each([[null], [{ scale: { kind: 'asinhCofactor', cofactor: 150 }, ...plain }]] as const)(
    'ascends within the axis, and is empty for an axis without length (%o)',
    (transform) => {
      const ticks = axisTicks(transform, -3, 8).map(({ at }) => at);
      expect(ticks.length).toBeGreaterThan(3);
      expect(ticks).toEqual(ticks.filter((at) => at >= -3 && at <= 8).sort((a, b) => a - b));
      expect(axisTicks(transform, 2, 2)).toEqual([]);
    },
  );
});
