// Uncertainty from gating beside that from counting: arithmetic by hand, and a reason wherever there is no interval.
import { describe, expect, it } from 'vitest';
import type { Fit, Gate, GatingStrategy, PlacedCut, StrategyPopulation } from '../../src/gating/index.ts';
import {
  errorOfMoves,
  populationRows,
  uncertaintyRows,
  type UncertaintyRow,
} from '../../src/results/index.ts';

const range: Gate = { kind: 'rectangle', dims: [], min: [], max: [] };
const z = 1.959963984540054;

/** A parent P and its child c; the cuts are the parent's and the child's own. */
function rowOf(
  fit: Fit,
  {
    counts = [20, 100],
    cuts = [],
    moves = [],
    gate = range,
  }: {
    readonly counts?: readonly [number | null, number];
    readonly cuts?: readonly PlacedCut[];
    /** Of the parent, of the child. */
    readonly moves?: readonly NonNullable<StrategyPopulation['moves']>[];
    readonly gate?: Gate;
  } = {},
): UncertaintyRow {
  const strategy: GatingStrategy = {
    template: { id: 't', version: '1' },
    matrices: {},
    cuts,
    populations: [
      { id: 'P', path: 'P', parent: null, gate: range, fit: { status: 'explicit' }, moves: moves[0] ?? [] },
      {
        ...{ id: 'c', path: 'P/c', parent: 'P', fit, moves: moves[1] ?? [] },
        gate: fit.status === 'notEvaluable' ? null : gate,
      },
    ],
  };
  return uncertaintyRows(strategy, populationRows(strategy, [counts[1], counts[0]], 1000))[1];
}
const fitted = (evidence: Record<string, number | null>): Fit => ({
  status: 'fitted',
  method: 'tail',
  evidence,
});
const cut = (name: string, error: number | null, below = 0, above = 0) => ({ name, error, below, above });
const logit = (p: number) => Math.log(p / (1 - p));

describe('uncertainty', () => {
  it('adds gating and counting as squares', () => {
    // the cut rises by 0.1 at a slope of 0.5; 0.02 of ln(events) lie below the cut and belong to it
    const row = rowOf(fitted({ cutSe: 0.1 }), { cuts: [cut('c', 0.1, 0.04)], moves: [[], [[0, 0.5]]] });
    expect(row).toMatchObject({ fractionOfParent: 0.2, cutSe: 0.1, cutSe2: null, reason: null });
    expect(Math.log(0.2 / (row.gateLow ?? 0))).toBeCloseTo(Math.log1p(z * 0.05), 10);
    expect(logit(row.gateHigh ?? 0) - logit(0.2)).toBeCloseTo(Math.log1p(z * 0.05 + 0.02) / 0.8, 10);
    // Wilson of 20 / 100: 0.13336 to 0.28883 (Newcombe 1998, method 3)
    expect(row.ciLow).toBeCloseTo(0.13336, 4);
    expect(row.ciHigh).toBeCloseTo(0.28883, 4);
    expect(row.totalLow).toBeCloseTo(0.2 - Math.hypot(0.2 - (row.gateLow ?? 0), 0.2 - 0.13336), 4);
    expect(row.totalHigh).toBeCloseTo(0.2 + Math.hypot((row.gateHigh ?? 0) - 0.2, 0.28883 - 0.2), 4);
    // 20 events: counting errs by 1 / sqrt(20)
    expect(Math.log((row.countHigh ?? 0) / 20)).toBeCloseTo(
      Math.hypot(z / Math.sqrt(20), Math.log1p(z * 0.05 + 0.02)),
      10,
    );
  });
  it('has the cuts of the parent in a count, and in a fraction only what they move more in one than in the other', () => {
    const cuts = [cut('P', 0.2), cut('c', 0.1)];
    const alike = rowOf(fitted({ cutSe: 0.1 }), {
      cuts,
      moves: [
        [[0, 0.5]],
        [
          [0, 0.5],
          [1, 0.3],
        ],
      ],
    });
    expect(logit(alike.gateHigh ?? 0) - logit(0.2)).toBeCloseTo(Math.log1p(z * 0.03) / 0.8, 10);
    expect(Math.log((alike.countHigh ?? 0) / 20)).toBeCloseTo(
      Math.hypot(z / Math.sqrt(20), Math.log1p(Math.hypot(z * 0.1, z * 0.03))),
      10,
    );
    const apart = rowOf(fitted({ cutSe: 0.1 }), { cuts, moves: [[[0, 0.5]], [[0, -0.5]]] });
    expect(logit(apart.gateHigh ?? 0) - logit(0.2)).toBeCloseTo(Math.log1p(z * 0.2) / 0.8, 10);
  });
  it('reaches to either side as far as cells may have slid, and turns for a population below the cut', () => {
    const cuts = [cut('c', 0, 0.1, 0.3)];
    const above = rowOf(fitted({ cutSe: 0 }), { cuts, moves: [[], [[0, 0.4]]] });
    expect(logit(above.gateHigh ?? 0) - logit(0.2)).toBeCloseTo(Math.log1p(0.04) / 0.8, 10);
    expect(Math.log(0.2 / (above.gateLow ?? 0))).toBeCloseTo(Math.log1p(0.12), 10);
    const below = rowOf(fitted({ cutSe: 0 }), { cuts, moves: [[], [[0, -0.4]]] });
    expect(logit(below.gateHigh ?? 0) - logit(0.2)).toBeCloseTo(Math.log1p(0.12) / 0.8, 10);
  });
  it('stays within 0 and 1', () => {
    const wide = { cuts: [cut('c', 5)], moves: [[], [[0, 3]]] } as const;
    const row = rowOf(fitted({ cutSe: 5 }), { ...wide, counts: [98, 100] });
    expect(row.gateLow).toBeGreaterThanOrEqual(0);
    expect(row.totalLow).toBeGreaterThanOrEqual(0);
    expect(row.gateHigh).toBeLessThanOrEqual(1);
    expect(row.totalHigh).toBe(1);
  });
  it('lets a fraction near 1 fall by its error and no further', () => {
    // 111 of 112 whose cut moves 2 % of them: 0.97 at the least, where the logit of the error would say 0.92
    const row = rowOf(fitted({ cutSe: 0.1 }), {
      counts: [111, 112],
      cuts: [cut('c', 0.1)],
      moves: [[], [[0, 0.2 / z]]],
    });
    expect(row.gateLow).toBeCloseTo(111 / 112 / 1.02, 10);
    expect(row.gateHigh).toBeGreaterThan(111 / 112);
    expect(row.gateHigh).toBeLessThan(1);
  });
  it('adds and divides populations cut by cut', () => {
    const move = (name: string, placed: number) => ({ cut: name, placed, lower: 0, upper: 0 });
    const parts = [
      { moves: [move('a', 0.1), move('b', 0.2)], share: 0.75 },
      { moves: [move('a', -0.1)], share: 0.25 },
      { moves: [move('b', 0.1)], share: -1 },
    ];
    // a: 0.075 - 0.025; b: 0.15 - 0.1
    expect(errorOfMoves(parts).up).toBeCloseTo(Math.log1p(Math.hypot(0.05, 0.05)), 12);
    // a cut that could bring a hundred times as many
    expect(errorOfMoves([{ moves: [move('a', 100)], share: 1 }]).up).toBeCloseTo(Math.log(101), 12);
    expect(errorOfMoves([])).toEqual({ down: 0, up: 0 });
  });
  it('has both cuts of a quadrant', () => {
    const cell: Gate = { kind: 'quadrant', set: 'q', dims: [], dividers: [], cell: [1, 0] };
    expect(rowOf(fitted({ 'x.cutSe': 0.1, 'y.cutSe': 0.2 }), { gate: cell })).toMatchObject({
      ...{ cutSe: 0.1, cutSe2: 0.2, reason: null },
    });
    expect(rowOf(fitted({ 'x.cutSe': 0.1, 'y.cutSe': null }), { gate: cell }).reason).toMatch(/not|no/);
    expect(
      rowOf(fitted({ 'x.cutSe': 0.1, 'y.cutSe': null }), { gate: { ...cell, cell: [1, null] } }).reason,
    ).toBeNull();
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
    expect([row.gateLow, row.gateHigh, row.totalLow, row.totalHigh, row.countLow, row.countHigh]).toEqual(
      new Array(6).fill(null),
    );
    expect(row.reason).toMatch(words);
    expect(row.ciLow).not.toBeNull();
  });
  it('of logic is that of its operands, and says which of them has none', () => {
    const is: Gate = {
      ...{ kind: 'boolean', operator: 'not' },
      operands: [{ population: 'a', complement: false }],
    };
    const of = (fit: Fit) => {
      const strategy: GatingStrategy = {
        ...{ template: { id: 't', version: '1' }, matrices: {}, cuts: [cut('a', 0.1)] },
        populations: [
          { id: 'a', path: 'a', parent: null, gate: range, fit, moves: [[0, 1]] },
          { id: 'b', path: 'b', parent: null, gate: is, fit: { status: 'explicit' }, moves: [[0, -0.5]] },
        ],
      };
      return uncertaintyRows(strategy, populationRows(strategy, [400, 600], 1000))[1];
    };
    expect(logit(of(fitted({ cutSe: 0.1 })).gateHigh ?? 0) - logit(0.6)).toBeCloseTo(
      Math.log1p(z * 0.05) / 0.4,
      10,
    );
    expect(of(fitted({ cutSe: null }))).toMatchObject({ gateLow: null });
    expect(of(fitted({ cutSe: null })).reason).toMatch(/^a: no placement error/);
  });
  it('keeps a population that is not evaluable apart from one without events', () => {
    expect(rowOf({ status: 'notEvaluable', reason: 'few' }, { counts: [null, 100] })).toMatchObject({
      ...{ reason: 'few', ciLow: null },
    });
    expect(rowOf(fitted({ cutSe: 0 }), { counts: [0, 0] })).toMatchObject({
      ...{ reason: 'the parent has no events', gateLow: null },
    });
  });
});
