// Uncertainty from gating beside that from counting: arithmetic by hand, and a reason wherever there is no interval.
import { describe, expect, it } from 'vitest';
import type { Fit, GatingStrategy } from '../../src/gating/index.ts';
import { populationRows, uncertaintyRows, type UncertaintyRow } from '../../src/results/index.ts';

function rowOf(fit: Fit, counts: readonly [number | null, number] = [20, 100]): UncertaintyRow {
  const gate = { kind: 'rectangle', dims: [], min: [], max: [] } as const;
  const strategy: GatingStrategy = {
    template: { id: 't', version: '1' },
    matrices: {},
    populations: [
      { id: 'P', path: 'P', parent: null, gate, fit: { status: 'explicit' } },
      { id: 'c', path: 'P/c', parent: 'P', gate: fit.status === 'notEvaluable' ? null : gate, fit },
    ],
  };
  return uncertaintyRows(strategy, populationRows(strategy, [counts[1], counts[0]], 1000))[1];
}
const fitted = (evidence: Record<string, number | null>): Fit => ({
  status: 'fitted',
  method: 'tail',
  evidence,
});

describe('uncertainty', () => {
  it('adds gating and counting as squares', () => {
    const row = rowOf(fitted({ cutSe: 0.1, fractionDown: 0.03, fractionUp: 0.05 }));
    expect(row).toMatchObject({ fractionOfParent: 0.2, cutSe: 0.1, cutSe2: null, reason: null });
    expect(row.gateLow).toBeCloseTo(0.17, 12);
    expect(row.gateHigh).toBeCloseTo(0.25, 12);
    // Wilson of 20 / 100: 0.13336 to 0.28883 (Newcombe 1998, method 3)
    expect(row.ciLow).toBeCloseTo(0.13336, 4);
    expect(row.ciHigh).toBeCloseTo(0.28883, 4);
    expect(row.totalLow).toBeCloseTo(0.2 - Math.hypot(0.03, 0.2 - 0.13336), 4);
    expect(row.totalHigh).toBeCloseTo(0.2 + Math.hypot(0.05, 0.28883 - 0.2), 4);
  });
  it('stays within 0 and 1', () => {
    const row = rowOf(fitted({ fractionDown: 0.5, fractionUp: 0.9 }));
    expect([row.gateLow, row.gateHigh, row.totalLow, row.totalHigh]).toEqual([0, 1, 0, 1]);
  });
  it('has both cuts of a quadrant', () => {
    expect(rowOf(fitted({ 'x.cutSe': 0.1, 'y.cutSe': 0.2, fractionDown: 0, fractionUp: 0 }))).toMatchObject({
      cutSe: 0.1,
      cutSe2: 0.2,
    });
  });
  it.each([
    ['a given gate', { status: 'explicit' }, /given/],
    ['a method without an error', fitted({ cutSe: null }), /no placement error is known for tail/],
    [
      'an edit',
      {
        status: 'edited',
        author: 'a',
        utc: '2026-01-01T00:00:00Z',
        reason: 'r',
        distance: 0,
        placed: { gate: null, fit: { status: 'notEvaluable', reason: 'x' } },
      },
      /moved by a person/,
    ],
  ] as [string, Fit, RegExp][])('says why %s has none', (_, fit, words) => {
    const row = rowOf(fit);
    expect([row.gateLow, row.gateHigh, row.totalLow, row.totalHigh]).toEqual([null, null, null, null]);
    expect(row.reason).toMatch(words);
    expect(row.ciLow).not.toBeNull();
  });
  it('keeps a population that is not evaluable apart from one without events', () => {
    expect(rowOf({ status: 'notEvaluable', reason: 'few' }, [null, 100])).toMatchObject({
      reason: 'few',
      ciLow: null,
    });
    expect(rowOf(fitted({ fractionDown: 0, fractionUp: 0 }), [0, 0])).toMatchObject({
      reason: 'the parent has no events',
      gateLow: null,
    });
  });
});
