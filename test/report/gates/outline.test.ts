// Outlines and plots of gates against hand calculations.
import { describe, expect, it } from 'vitest';
import {
  buildReport,
  gatingFigures,
  outlineOf,
  sampleGates,
  visitGridFigures,
  type GatesInput,
  type PlotAxis,
  type Strategy,
} from '../../../src/report/index.ts';
import { elements, pointsOf, textsOf } from '../drawing.ts';
import { emptyReport } from '../empty-report.ts';

type Gate = NonNullable<Strategy['populations'][number]['gate']>;

const axis = (label: string, bins = 4): PlotAxis => ({
  label,
  min: 0,
  max: 4,
  bins,
  ticks: [{ at: 2, label: '2' }],
});
const [x, y] = [axis('CD3'), axis('CD19')];
const dim = (channel: string): Gate extends { dims: readonly (infer D)[] } ? D : never =>
  ({ source: { kind: 'channel', channel }, compensation: { kind: 'none' }, transform: null }) as never;
const dims = [dim('A'), dim('B')] as const;

describe('an outline', () => {
  const cases: readonly { readonly name: string; readonly gate: Gate; readonly wanted: unknown }[] = [
    {
      name: 'of a rectangle with an open side ends at the edge',
      gate: { kind: 'rectangle', dims, min: [1, -Infinity], max: [Infinity, 3] },
      wanted: {
        kind: 'area',
        points: [
          [1, 0],
          [4, 0],
          [4, 3],
          [1, 3],
        ],
      },
    },
    {
      name: 'of a range is a range',
      gate: { kind: 'rectangle', dims: [dims[0]], min: [1.5], max: [Infinity] },
      wanted: { kind: 'range', from: 1.5, to: 4 },
    },
    {
      name: 'of a polygon ends at the edge without turning a side: they cross 4 at 3/8 of their length',
      gate: {
        kind: 'polygon',
        dims,
        vertices: [
          [1, 1],
          [3, 1],
          [2, 9],
        ],
      },
      wanted: {
        kind: 'area',
        points: [
          [1.375, 4],
          [1, 1],
          [3, 1],
          [2.625, 4],
        ],
      },
    },
    {
      name: 'of a half-plane below x + y = 3 that reaches far beyond the plot is the triangle in it',
      gate: {
        kind: 'polygon',
        dims,
        vertices: [
          [103, -100],
          [3, -200],
          [-197, 0],
          [-97, 100],
        ],
      },
      wanted: {
        kind: 'area',
        points: [
          [0, 0],
          [0, 3],
          [3, 0],
        ],
      },
    },
    {
      name: 'of a polygon beyond the plot is none',
      gate: {
        kind: 'polygon',
        dims,
        vertices: [
          [5, 5],
          [6, 5],
          [6, 6],
        ],
      },
      wanted: null,
    },
    {
      name: 'of a quadrant is its cell: above 2, from 1 to 3',
      gate: { kind: 'quadrant', set: 'q', dims, dividers: [[2], [1, 3]], cell: [1, 1] },
      wanted: {
        kind: 'area',
        points: [
          [2, 1],
          [4, 1],
          [4, 3],
          [2, 3],
        ],
      },
    },
    {
      name: 'of a cell that leaves one dimension open spans it',
      gate: { kind: 'quadrant', set: 'q', dims, dividers: [[2], [1]], cell: [null, 0] },
      wanted: {
        kind: 'area',
        points: [
          [0, 0],
          [4, 0],
          [4, 1],
          [0, 1],
        ],
      },
    },
  ];
  it.each(cases)('$name', ({ gate, wanted }) => {
    const outline = outlineOf(gate, x, y);
    expect(
      outline?.kind === 'area'
        ? { ...outline, points: outline.points.map((point) => point.map((at) => Number(at.toFixed(9)))) }
        : outline,
    ).toEqual(wanted);
  });

  it('of a logical population is none', () => {
    expect(
      outlineOf(
        { kind: 'boolean', operator: 'not', operands: [{ population: 'P', complement: false }] },
        x,
        y,
      ),
    ).toBeNull();
  });

  it('of an ellipse lies on it: (p - m)′ C⁻¹ (p - m) = d²', () => {
    // C = [[0.5, 0.3], [0.3, 0.4]], determinant 0.11, inverse [[0.4, -0.3], [-0.3, 0.5]] / 0.11
    const outline = outlineOf(
      { kind: 'ellipsoid', dims, mean: [2, 2], covariance: [0.5, 0.3, 0.3, 0.4], distanceSquare: 2.25 },
      x,
      y,
    );
    if (outline?.kind !== 'area') throw new Error('no area');
    expect(outline.points).toHaveLength(60);
    for (const [u, v] of outline.points) {
      const [a, b] = [u - 2, v - 2];
      expect((0.4 * a * a - 0.6 * a * b + 0.5 * b * b) / 0.11).toBeCloseTo(2.25, 9);
    }
  });
});

/** 100 events; `B` is the upper half of them, 25; `N` needs what is not there. */
function input(visit: string): GatesInput {
  const row = { parent: null, parentCount: 100, fractionOfTotal: 0.25, ciLow: 0.2, ciHigh: 0.3 };
  const populations = [
    {
      ...row,
      population: 'B',
      path: 'B',
      count: 25,
      fractionOfParent: 0.25,
      status: 'ok' as const,
      reason: null,
      method: 'valley',
    },
    {
      ...row,
      population: 'F',
      path: 'F',
      count: 3,
      fractionOfParent: 0.03,
      status: 'fallback' as const,
      reason: 'no valley',
      method: 'quantile',
    },
  ];
  const strategy = {
    template: { id: 't', version: '1' },
    matrices: {},
    populations: [
      {
        id: 'B',
        path: 'B',
        parent: null,
        gate: { kind: 'rectangle', dims, min: [0, 2], max: [4, 4] },
        fit: { status: 'fitted', method: 'valley', evidence: {} },
      },
      {
        id: 'F',
        path: 'F',
        parent: null,
        gate: { kind: 'rectangle', dims: [dims[0]], min: [3], max: [4] },
        fit: { status: 'fallback', method: 'quantile', reason: 'no valley', evidence: {} },
      },
    ],
  } as unknown as Strategy;
  const wide = { dimension: dims[0], ...axis('CD3 · A', 4) };
  const counts = [10, 20, 30, 15, 0, 0, 0, 0, 5, 5, 5, 0, 0, 0, 0, 10];
  return {
    sample: `S_${visit}`,
    subject: 'S',
    visit,
    panel: 'P1',
    events: 100,
    strategySha256: null,
    resultId: null,
    strategy,
    populations,
    densities: {
      sample: `S_${visit}`,
      template: { id: 't', version: '1' },
      plots: [
        {
          gates: ['B'],
          density: {
            population: null,
            events: 100,
            shown: 100,
            x: wide as never,
            y: { ...wide, label: 'CD19 · B' } as never,
            counts,
            dots: null,
          },
        },
        {
          gates: ['F'],
          density: {
            population: null,
            events: 100,
            shown: 100,
            x: { ...wide, bins: 4 } as never,
            y: null,
            counts: [50, 27, 20, 3],
            dots: null,
          },
        },
      ],
    },
  };
}

describe('gates of a sample', () => {
  it('add up neighbouring bins without losing an event', () => {
    const one = input('V0');
    const fine = Array.from({ length: 256 }, (_, i) => (i % 7 === 0 ? 2 : 0));
    const density = {
      ...one.densities.plots[1].density,
      x: { ...one.densities.plots[1].density.x, bins: 256 },
      counts: fine,
    };
    const { plots } = sampleGates({
      ...one,
      densities: { ...one.densities, plots: [{ gates: ['F'], density }] },
    });
    expect(plots[0].x.bins).toBe(64);
    // bins 0..3 hold i = 0 only (2 events); bins 4..7 hold i = 7 (2); the whole holds 37 × 2
    expect(plots[0].counts.slice(0, 2)).toEqual([2, 2]);
    expect(plots[0].counts.reduce((sum, n) => sum + n, 0)).toBe(74);
  });

  it('are drawn with their share, dashed where a fallback placed them', () => {
    const [figure] = gatingFigures(sampleGates(input('V0')));
    const texts = textsOf(figure.marks);
    expect(texts).toContain('All events: 100');
    expect(texts).toContain('B 25.0 %');
    expect(texts.some((text) => text.endsWith('3.00 %'))).toBe(true);
    const outlines = elements(figure.marks).filter(
      ({ tag, attributes }) => tag === 'path' && attributes['stroke-width'] === 1.5,
    );
    expect(outlines.map(({ attributes }) => attributes['stroke-dasharray'] ?? null)).toEqual([null, '4 2']);
    // the rectangle covers the whole width and the upper half of a plot of 158 pixels at (46, 22)
    expect(pointsOf(outlines[0].attributes['d'])).toEqual([
      { x: 46, y: 101 },
      { x: 204, y: 101 },
      { x: 204, y: 22 },
      { x: 46, y: 22 },
    ]);
    expect(figure.data.rows).toEqual([
      ['S_V0', 'V0', 'B', 25, 100, 0.25, 'ok', 'valley'],
      ['S_V0', 'V0', 'F', 3, 100, 0.03, 'fallback', 'quantile'],
    ]);
  });

  it('stand beside each other at all visits, and a plot that one visit lacks says so', () => {
    const [first, second] = [sampleGates(input('V0')), sampleGates(input('V1'))];
    const [figure] = visitGridFigures([first, { ...second, plots: second.plots.slice(0, 1) }]);
    const texts = textsOf(figure.marks);
    expect(texts.slice(0, 2)).toEqual(['V0', 'V1']);
    expect(texts.filter((text) => text === 'not evaluable')).toHaveLength(1);
    expect(figure.data.rows.map((row) => row[0])).toEqual(['S_V0', 'S_V0', 'S_V1']);
  });

  it('of a visit whose file has changed are not drawn, and the figure says why', () => {
    const [first, second] = [sampleGates(input('V0')), sampleGates(input('V1'))];
    const gone = { ...first, unavailable: 'The file has changed since it was gated.', plots: [] };
    const [figure] = visitGridFigures([gone, second]);
    expect(figure.n).toContain('S_V0 is not drawn: The file has changed since it was gated.');
    expect(textsOf(figure.marks).filter((text) => text === 'not drawn')).toHaveLength(2);
    const { html, figures } = buildReport({ ...emptyReport, gates: [gone, second] });
    expect(html).toContain('Gates of panel P1 that are not drawn.');
    expect(html).toContain('The file has changed since it was gated.');
    // the strategy is shown on the next sample that can be drawn
    expect(figures[0].n).toContain('S_V1');
    const none = buildReport({ ...emptyReport, gates: [gone] });
    expect(none.html).toContain('Gates of panel P1 that are not drawn.');
    expect(none.figures).toEqual([]);
  });

  it('of unstable acquisition are red bands of Time, under the name of what is left', () => {
    const one = input('V0');
    const stable = { status: 'fitted', method: 'stable', evidence: {} };
    const stretch = (id: string, from: number, to: number) => ({
      ...{ id, path: id, parent: null, fit: stable },
      gate: { kind: 'rectangle', dims: [dims[0]], min: [from], max: [to] },
    });
    const strategy = {
      ...one.strategy,
      populations: [
        stretch('time_bad1', 0.5, 1),
        stretch('time_bad2', 3, Infinity),
        {
          ...{ id: 'time_ok', path: 'time_ok', parent: null, fit: stable },
          gate: {
            kind: 'boolean',
            operator: 'and',
            operands: [
              { population: 'time_bad1', complement: true },
              { population: 'time_bad2', complement: true },
            ],
          },
        },
      ],
    } as unknown as Strategy;
    const time = { ...one.populations[0], population: 'time_ok', path: 'time_ok', count: 62 };
    const gates = sampleGates({
      ...one,
      strategy,
      populations: [{ ...time, fractionOfParent: 0.62, method: 'stable' }],
      densities: {
        ...one.densities,
        plots: [{ gates: ['time_bad1', 'time_bad2'], density: one.densities.plots[1].density }],
      },
    });
    expect(gates.plots[0].gates).toMatchObject([
      {
        path: 'time_ok',
        count: 62,
        outline: {
          kind: 'without',
          stretches: [
            { from: 0.5, to: 1 },
            { from: 3, to: 4 },
          ],
        },
      },
    ]);
    const [figure] = gatingFigures(gates);
    expect(textsOf(figure.marks)).toContain('time_ok 62.0 %');
    const bands = elements(figure.marks).filter(
      ({ tag, attributes }) => tag === 'rect' && attributes['fill'] === 'var(--red)',
    );
    // the axis from 0 to 4 is 158 pixels from 46 on
    expect(bands.map(({ attributes }) => [attributes['x'], attributes['width']])).toEqual([
      [46 + 158 / 8, 158 / 8],
      [46 + (3 * 158) / 4, 158 / 4],
    ]);
    // a visit without bad stretches has a plain range of the same name: one row of the grid
    const whole = {
      ...gates,
      visit: 'V1',
      plots: [
        {
          ...gates.plots[0],
          gates: [{ ...gates.plots[0].gates[0], outline: { kind: 'range' as const, from: 0, to: 4 } }],
        },
      ],
    };
    expect(textsOf(visitGridFigures([whole, gates])[0].marks)).not.toContain('not evaluable');
  });

  it('are one step when a visit has a gate more on the same plot', () => {
    const [first, second] = [sampleGates(input('V0')), sampleGates(input('V1'))];
    const more = second.plots.map((plot) => ({
      ...plot,
      gates: [...plot.gates, { ...plot.gates[0], population: 'U', path: 'U' }],
    }));
    const [figure] = visitGridFigures([first, { ...second, plots: more }]);
    expect(textsOf(figure.marks)).not.toContain('not evaluable');
    expect(figure.data.rows.filter(([sample]) => sample === 'S_V1').map((row) => row[2])).toEqual([
      'B',
      'U',
      'F',
      'U',
    ]);
  });

  it('of a population without events are empty plots', () => {
    const one = sampleGates(input('V0'));
    const empty = {
      ...one,
      plots: one.plots.map((plot) => ({ ...plot, events: 0, counts: plot.counts.map(() => 0) })),
    };
    expect(textsOf(gatingFigures(empty)[0].marks).filter((text) => text === 'no events')).toHaveLength(2);
  });
});
