// Gates that a person moved: what is replaced, what stays beside it, how far it went (by hand), and what is refused.
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import {
  applyOverride,
  gateDistance,
  withoutOverride,
  type Dimension,
  type GateOverride,
  type GatingStrategy,
  type GeometricGate,
} from '../../src/gating/index.ts';
import { decodeStrategy, parseOverride, parseStrategy, strategyText } from '../../src/results/index.ts';

const dim = (channel: string): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform: { scale: { kind: 'asinhCofactor', cofactor: 150 }, boundMin: null, boundMax: null },
});
const range = (min: number, max: number, channel = 'A'): GeometricGate => ({
  kind: 'rectangle',
  dims: [dim(channel)],
  min: [min],
  max: [max],
});
const polygon = (...vertices: [number, number][]): GeometricGate => ({
  kind: 'polygon',
  dims: [dim('A'), dim('B')],
  vertices,
});
const cell = (x: number, y: number, at: readonly [number, number]): GeometricGate => ({
  kind: 'quadrant',
  set: 'q',
  dims: [dim('A'), dim('B')],
  dividers: [[x], [y]],
  cell: at,
});
const fitted = { status: 'fitted', method: 'valley', evidence: { cut: 2 } } as const;
const strategy: GatingStrategy = {
  template: { id: 't', version: '1' },
  matrices: {},
  populations: [
    { id: 'T', path: 'T', parent: null, gate: range(2, Infinity), fit: fitted },
    { id: 'a', path: 'T/a', parent: 'T', gate: cell(1, 2, [1, 0]), fit: fitted },
    { id: 'b', path: 'T/b', parent: 'T', gate: cell(1, 2, [0, 1]), fit: fitted },
    { id: 'n', path: 'n', parent: null, gate: null, fit: { status: 'notEvaluable', reason: 'few' } },
    {
      id: 'not',
      path: 'not',
      parent: null,
      gate: { kind: 'boolean', operator: 'not', operands: [{ population: 'T', complement: false }] },
      fit: { status: 'explicit' },
    },
  ],
};
const edit = (path: string, gate: GeometricGate, reason = 'debris'): GateOverride => ({
  path,
  gate,
  author: 'R. Viewer',
  utc: '2026-03-01T10:00:00.000Z',
  reason,
});
const at = ({ populations }: GatingStrategy, path: string) => {
  const found = populations.find((population) => population.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
};

describe('applyOverride', () => {
  it('takes axes whose keys are in another order, as other programs write them', () => {
    const gate = range(1, 3);
    const [{ source, compensation, transform }] = gate.dims;
    const turned = { ...gate, dims: [{ transform, compensation, source }] } as GeometricGate;
    expect(applyOverride(strategy, edit('T', turned)).populations.find(({ id }) => id === 'T')?.gate).toEqual(
      gate,
    );
  });

  it('replaces one gate, and keeps what the template placed, who changed it and how far', () => {
    const moved = applyOverride(strategy, edit('T', range(2.4, Infinity)));
    const { gate, fit } = at(moved, 'T');
    expect(gate).toEqual(range(2.4, Infinity));
    expect(fit).toMatchObject({
      status: 'edited',
      author: 'R. Viewer',
      utc: '2026-03-01T10:00:00.000Z',
      reason: 'debris',
      placed: { gate: range(2, Infinity), fit: fitted },
    });
    expect(fit.status === 'edited' ? fit.distance : null).toBeCloseTo(0.4, 12);
    expect(moved.populations.filter(({ path }) => path !== 'T')).toEqual(
      strategy.populations.filter(({ path }) => path !== 'T'),
    );
  });
  it('measures a second edit from what the template placed', () => {
    const twice = applyOverride(
      applyOverride(strategy, edit('T', range(2.4, Infinity))),
      edit('T', range(1.9, Infinity), 'no'),
    );
    const { fit } = at(twice, 'T');
    expect(fit).toMatchObject({ reason: 'no', placed: { gate: range(2, Infinity), fit: fitted } });
    expect(fit.status === 'edited' ? fit.distance : null).toBeCloseTo(0.1, 12);
  });
  it('moves all cells of a quadrant together', () => {
    const moved = applyOverride(strategy, edit('T/a', cell(1.5, 2, [1, 0])));
    expect(at(moved, 'T/a').gate).toEqual(cell(1.5, 2, [1, 0]));
    expect(at(moved, 'T/b').gate).toEqual(cell(1.5, 2, [0, 1]));
    for (const path of ['T/a', 'T/b'])
      expect(at(moved, path).fit).toMatchObject({ status: 'edited', distance: 0.5 });
    expect(withoutOverride(moved, 'T/b')).toEqual(strategy);
  });
  it('draws a gate where none could be placed, and takes it back', () => {
    const drawn = applyOverride(strategy, edit('n', range(1, 2)));
    expect(at(drawn, 'n')).toMatchObject({ gate: range(1, 2), fit: { status: 'edited', distance: null } });
    expect(withoutOverride(drawn, 'n')).toEqual(strategy);
  });
  it.each([
    ['an unknown population', edit('X', range(1, 2)), /no such population/],
    ['another kind', edit('T', polygon([0, 0], [1, 0], [0, 1])), /is a rectangle, not a polygon/],
    ['other axes', edit('T', range(1, Infinity, 'B')), /axes/],
    ['another cell', edit('T/a', cell(1, 2, [1, 1])), /cells/],
    ['logic', edit('not', range(1, 2)), /no coordinates/],
    ['no reason', edit('T', range(1, Infinity), '  '), /reason/],
  ])('refuses %s', (_, given, words) => {
    const act = () => applyOverride(strategy, given);
    expect(act).toThrow(words);
    expect(act).toThrow(ImmunogateError);
  });
  it('survives its document', async () => {
    const moved = applyOverride(strategy, edit('T', range(2.4, Infinity)));
    expect(await parseStrategy(strategyText(moved))).toEqual(moved);
    expect(decodeStrategy(JSON.parse(strategyText(moved)) as GatingStrategy)).toEqual(moved);
  });
});

describe('an edit from outside', () => {
  it('is read with its open sides', async () => {
    const wire = {
      ...edit('T', range(1, 2)),
      gate: { kind: 'rectangle', dims: [dim('A')], min: [1], max: ['Infinity'] },
    };
    expect(await parseOverride(wire)).toEqual(edit('T', range(1, Infinity)));
  });
  it.each([
    ['no author', { ...edit('T', range(1, 2)), author: '' }],
    ['a time that is none', { ...edit('T', range(1, 2)), utc: 'yesterday' }],
    ['a word too many', { ...edit('T', range(1, 2)), approved: true }],
    ['logic', { ...edit('T', range(1, 2)), gate: at(strategy, 'not').gate }],
    ['nothing', null],
  ])('with %s is refused', async (_, value) => {
    await expect(parseOverride(value)).rejects.toMatchObject({ code: 'E_EDIT_INVALID' });
  });
});

describe('gateDistance', () => {
  const square = polygon([0, 0], [4, 0], [4, 4], [0, 4]);
  const ellipse = (x: number, variance: number): GeometricGate => ({
    kind: 'ellipsoid',
    dims: [dim('A'), dim('B')],
    mean: [x, 0],
    covariance: [variance, 0, 0, 1],
    distanceSquare: 4,
  });
  it.each([
    ['one limit', range(1, 5), range(1.5, 5), 0.5],
    ['both limits', range(1, 5), range(1.5, 4), 1],
    ['an opened side', range(1, 5), range(1, Infinity), null],
    ['open sides that stay', range(1, Infinity), range(2, Infinity), 1],
    ['one vertex outward', square, polygon([0, 0], [4, 0], [4, 4], [-3, 4]), 3],
    ['a vertex more on an edge', square, polygon([0, 0], [2, 0], [4, 0], [4, 4], [0, 4]), 0],
    ['the whole to the side', square, polygon([1, 0], [5, 0], [5, 4], [1, 4]), 1],
    // half-widths 2 * 1 and 2 * 1.5
    ['a wider ellipse', ellipse(0, 1), ellipse(0, 2.25), 1],
    ['a shifted ellipse', ellipse(0, 1), ellipse(0.7, 1), 0.7],
    ['another kind', square, range(1, 2), null],
  ])('of %s', (_, a, b, expected) => {
    const found = gateDistance(a, b);
    if (expected === null || found === null) expect(found).toBe(expected);
    else expect(found).toBeCloseTo(expected, 12);
    expect(gateDistance(b, a)).toBe(found);
  });
});
