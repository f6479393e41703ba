// What a drag makes of a gate: by hand calculation, and the invariants for any drag.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GeometricGate } from '../../../src/gating/index.ts';
import {
  contains,
  dragGate,
  gripAt,
  insertVertex,
  removeVertex,
  type Grip,
} from '../../../src/web/plot/gate-drag.ts';
import { handlesOf, outlineOf, type Point } from '../../../src/web/plot/gate-shape.ts';
import { ellipse, frame, placement, polygon, quadrant, rectangle } from '../gates.ts';

const body: Grip = { kind: 'body' };
const handle = (id: string): Grip => ({ kind: 'handle', id });
const unit = { x: 40, y: 40 };

describe('dragging', () => {
  const cases: readonly (readonly [string, GeometricGate, Grip, Point, Point, object])[] = [
    [
      'a rectangle; open sides stay open',
      rectangle,
      body,
      [3, 4],
      [4, 2],
      { min: [3, 1], max: [7, Infinity] },
    ],
    ['a side', rectangle, handle('max:x'), [6, 5], [8, 9], { min: [2, 3], max: [8, Infinity] }],
    ['a side, no further than the other', rectangle, handle('min:x'), [2, 5], [9, 5], { min: [6, 3] }],
    [
      'a corner of a polygon',
      polygon,
      handle('vertex:2'),
      [5, 4],
      [6, 7],
      {
        vertices: [
          [1, 1],
          [5, 1],
          [6, 7],
        ],
      },
    ],
    ['an ellipse', ellipse, body, [5, 5], [6, 4], { mean: [6, 4], covariance: [4, 0, 0, 1] }],
    // long half axis 4 becomes 6: variance 36 / 4
    [
      'the long axis of an ellipse',
      ellipse,
      handle('radius:0'),
      [9, 5],
      [11, 5],
      { covariance: [9, 0, 0, 1] },
    ],
    // turned by a quarter: the long axis, now 4 along y
    ['an ellipse, turned', ellipse, handle('radius:0'), [9, 5], [5, 9], { covariance: [1, 0, 0, 4] }],
    [
      'the far end of the short axis',
      ellipse,
      handle('radius:3'),
      [5, 3],
      [5, 2],
      { covariance: [4, 0, 0, 2.25] },
    ],
    ['one cut', quadrant, handle('cut:y:0'), [9, 6], [2, 7], { dividers: [[4], [7]] }],
    ['the crossing of the cuts', quadrant, handle('cut:xy'), [4, 6], [1, 2], { dividers: [[1], [2]] }],
    [
      'a cut, no further than its neighbour',
      { ...quadrant, dividers: [[2, 4], [6]] },
      handle('cut:x:0'),
      [2, 5],
      [9, 5],
      { dividers: [[4, 4], [6]] },
    ],
  ];
  it.each(cases)('%s', (_, gate, grip, from, to, expected) => {
    const moved = dragGate(gate, placement, grip, from, to);
    for (const [name, value] of Object.entries(expected)) {
      const got = (moved as unknown as Record<string, unknown>)[name];
      expect(flat(got)).toHaveLength(flat(value).length);
      flat(got).forEach((number, i) => expect(number).toBeCloseTo(flat(value)[i], 12));
    }
  });

  it('leaves the end of an ellipse axis where the pointer is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 9.5, noNaN: true }),
        fc.double({ min: 5.5, max: 9.5, noNaN: true }),
        (x, y) => {
          const moved = dragGate(ellipse, placement, handle('radius:1'), [5, 7], [x, y]);
          const ends = handlesOf(moved, placement, frame).map(({ at }) => Math.hypot(at[0] - x, at[1] - y));
          expect(Math.min(...ends)).toBeLessThan(1e-9);
        },
      ),
    );
  });

  it('keeps limits in order whatever is dragged where', () => {
    const place = fc.tuple(fc.integer({ min: -20, max: 30 }), fc.integer({ min: -20, max: 30 }));
    fc.assert(
      fc.property(fc.constantFrom('min:x', 'max:x', 'min:y'), place, (id, to) => {
        const moved = dragGate(rectangle, placement, handle(id), [0, 0], to);
        expect(moved.kind === 'rectangle' && moved.min.every((low, d) => low <= moved.max[d])).toBe(true);
      }),
    );
  });
});

describe('taking hold', () => {
  it.each([
    ['a corner within nine pixels', polygon, [5.2, 4.1], handle('vertex:2')],
    ['the inside', polygon, [4, 2], body],
    ['nothing outside', polygon, [2, 4], null],
    ['a side anywhere along it', rectangle, [6.1, 8.7], handle('max:x')],
    ['a cut anywhere along it', quadrant, [4.1, 1], handle('cut:x:0')],
    ['the crossing before the cuts', quadrant, [4.05, 6.05], handle('cut:xy')],
    ['no body of a quadrant cell', quadrant, [8, 2], null],
  ] as const)('%s', (_, gate, at, expected) => {
    expect(gripAt(gate, placement, frame, at, unit)).toEqual(expected);
  });

  it('sees the inside of an outline as even-odd', () => {
    const outline = outlineOf(polygon, placement, frame);
    expect([contains(outline, [4.9, 1.1]), contains(outline, [1.1, 3])]).toEqual([true, false]);
  });
});

describe('corners', () => {
  it('are added on the nearest side', () => {
    expect(insertVertex(polygon, placement, [3, 1.2], unit)).toMatchObject({
      vertices: [
        [1, 1],
        [3, 1.2],
        [5, 1],
        [5, 4],
      ],
    });
  });
  it('are taken away, down to a triangle', () => {
    const four = insertVertex(polygon, placement, [3, 1.2], unit);
    const three = removeVertex(four, 'vertex:1');
    expect(three).toEqual(polygon);
    expect(removeVertex(three, 'vertex:0')).toBe(three);
  });
});

function flat(value: unknown): number[] {
  return (value as readonly (number | readonly number[])[]).flat();
}
