// Edits on a strategy before they are saved: what is drawn, what is sent, what a quadrant set does together.
import { describe, expect, it } from 'vitest';
import type { Preview, WireStrategy } from '../../../src/server/index.ts';
import { fromWire, toWire } from '../../../src/web/api/wire-gate.ts';
import {
  addEdit,
  countOf,
  gatesOn,
  populationsOf,
  wireEdits,
  withEdits,
} from '../../../src/web/views/review/edits.ts';
import { plot, polygon, quadrant, rectangle } from '../gates.ts';

const explicit = { status: 'explicit' } as const;
const strategy: WireStrategy = {
  template: { id: 't', version: '1' },
  matrices: {},
  populations: [
    { id: 'cells', path: 'cells', parent: null, gate: toWire(rectangle), fit: explicit },
    {
      id: 'debris',
      path: 'debris',
      parent: null,
      gate: null,
      fit: { status: 'notEvaluable', reason: 'few' },
    },
    { id: 'pp', path: 'cells/pp', parent: 'cells', gate: { ...quadrant, cell: [1, 1] }, fit: explicit },
    { id: 'pm', path: 'cells/pm', parent: 'cells', gate: quadrant, fit: explicit },
  ],
};
const populations = populationsOf({ strategy, populations: [] });

describe('the tree', () => {
  it('is read depth first, siblings in their order', () => {
    expect(populations.map(({ path, depth }) => [path, depth])).toEqual([
      ['cells', 0],
      ['cells/pp', 1],
      ['cells/pm', 1],
      ['debris', 0],
    ]);
  });
  it('is empty when the sample was refused', () => {
    expect(populationsOf({ strategy: null, populations: [] })).toEqual([]);
  });
});

describe('open sides', () => {
  it('are texts on the wire and infinities here', () => {
    expect(JSON.parse(JSON.stringify(toWire(rectangle)))).toMatchObject({
      min: [2, 3],
      max: [6, 'Infinity'],
    });
    expect(fromWire(toWire(rectangle))).toEqual(rectangle);
  });
});

describe('edits', () => {
  const moved = { ...quadrant, dividers: [[5], [6]] };
  it('move every cell of a quadrant set, each keeping its cell', () => {
    const after = withEdits(populations, addEdit(new Map(), 'cells/pm', moved));
    expect(
      after.map(({ gate }) => (gate?.kind === 'quadrant' ? [gate.dividers[0][0], gate.cell[1]] : null)),
    ).toEqual([null, [5, 1], [5, 0], null]);
  });
  it('of one set are kept once: the newest', () => {
    const first = addEdit(new Map(), 'cells/pp', { ...moved, cell: [1, 1] });
    const second = addEdit(first, 'cells/pm', { ...moved, dividers: [[7], [6]] });
    expect([...second.keys()]).toEqual(['cells/pm']);
    expect(wireEdits(second)).toEqual([{ path: 'cells/pm', gate: { ...moved, dividers: [[7], [6]] } }]);
  });
  it('of other gates stand beside each other', () => {
    expect([...addEdit(addEdit(new Map(), 'cells', rectangle), 'cells/pm', moved).keys()]).toEqual([
      'cells',
      'cells/pm',
    ]);
  });
  it('change nothing else', () => {
    expect(withEdits(populations, new Map())).toBe(populations);
  });
});

describe('gates on a plot', () => {
  it('are the children of one population that have a place there', () => {
    const named = (parent: string | null): string[] =>
      gatesOn(populations, parent, plot).map(({ population }) => population.id);
    expect([named(null), named('cells'), named('cells/pp')]).toEqual([['cells'], ['pp', 'pm'], []]);
    expect(gatesOn([{ ...populations[0], gate: polygon }], null, { x: plot.x, y: null })).toEqual([]);
  });
});

describe('counts', () => {
  it('come from the preview where it changes them, with what they were', () => {
    const change = { path: 'cells', before: 10, after: 12, fractionBefore: 0.5, fractionAfter: 0.6 };
    const preview = { populations: [change] } as unknown as Preview;
    expect(countOf(populations[0], preview)).toEqual({
      count: 12,
      fraction: 0.6,
      before: { count: 10, fraction: 0.5 },
    });
    expect(countOf(populations[3], preview)).toEqual({ count: null, fraction: null, before: null });
  });
});
