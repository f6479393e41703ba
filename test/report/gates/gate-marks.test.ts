// Names of gates: on a histogram none is cut by a line of a range while there is a place without, and each is at its own gate; those of
// quadrants stand in the corners of the plot.
import { describe, expect, it } from 'vitest';
import { sampleAnchor } from '../../../src/report/anchors.ts';
import { gateMarks } from '../../../src/report/gates/gate-marks.ts';
import type { DrawnGate } from '../../../src/report/gates/model.ts';
import { textWidth } from '../../../src/report/lettering.ts';
import { elements } from '../drawing.ts';

const area = { left: 0, right: 158, top: 0, bottom: 158 };
const gate = (population: string, from: number, to: number): DrawnGate => ({
  population,
  path: population,
  outline: { kind: 'range', from, to },
  count: 10,
  fractionOfParent: 0.667,
  status: 'ok',
  method: 'valley',
});

interface Row {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly y: number;
}

/** Rows of text as drawn, without the halo behind each. */
function rowsOf(gates: readonly DrawnGate[], y: ((value: number) => number) | null = null): Row[] {
  const marks = gateMarks(gates, area, (value) => value, y, sampleAnchor('S'));
  return elements(marks).flatMap(({ tag, attributes, children }) => {
    if (tag !== 'text' || attributes['aria-hidden'] === 'true') return [];
    const text = children.filter((child) => typeof child === 'string').join('');
    const [x, y] = [Number(attributes['x']), Number(attributes['y'])];
    return [{ text, left: x - textWidth(text, 10) / 2, right: x + textWidth(text, 10) / 2, y }];
  });
}

describe('the name of a range', () => {
  it.each([
    ['a wide one', [gate('leuk', 60, 158)], ['leuk 66.7 %']],
    ['a narrow one, in two rows', [gate('Gran1', 108, 158)], ['Gran1', '66.7 %']],
    ['one that is narrower than its name, beside it', [gate('granular', 140, 158)], ['granular 66.7 %']],
    [
      'two with a gap',
      [gate('SSClow', 0, 90), gate('Gran1', 108, 158)],
      ['SSClow 66.7 %', 'Gran1', '66.7 %'],
    ],
    ['two with one cut', [gate('neg', 0, 79), gate('pos', 79, 158)], ['neg 66.7 %', 'pos 66.7 %']],
  ])('of %s is not cut by a line', (_, gates, wanted) => {
    const rows = rowsOf(gates);
    expect(rows.map(({ text }) => text)).toEqual(wanted);
    const lines = gates.flatMap(({ outline }) =>
      outline.kind === 'range' ? [outline.from, outline.to] : [],
    );
    for (const { left, right } of rows) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(158);
      expect(lines.filter((line) => line > left && line < right)).toEqual([]);
    }
  });

  it('stays at its gate where no place is free, and off the names of others', () => {
    const rows = rowsOf([gate('first_long', 60, 76), gate('second_long', 82, 98)]);
    expect(rows).toHaveLength(2);
    const [a, b] = rows;
    expect(Math.abs(a.y - b.y) >= 11 || a.right <= b.left || b.right <= a.left).toBe(true);
  });
});

describe('the names of quadrants', () => {
  const quadrant = (population: string, [x0, x1]: number[], [y0, y1]: number[]): DrawnGate => ({
    ...gate(population, 0, 0),
    outline: {
      kind: 'area',
      points: [
        [x0, y0],
        [x1, y0],
        [x1, y1],
        [x0, y1],
      ],
    },
  });
  const [low, high] = [
    [0, 79],
    [79, 158],
  ];
  const rows = rowsOf(
    // heights as on a page: 0 is the top
    [
      quadrant('CM', low, low),
      quadrant('N', high, low),
      quadrant('EM', low, high),
      quadrant('CD8TEMRA', high, high),
    ],
    (value) => value,
  );
  const of = (text: string) => rows.filter((row) => row.text.startsWith(text));

  it('stand in the corners, each along the borders that its quadrant has', () => {
    for (const [text, left, top] of [
      ['CM', true, true],
      ['N', false, true],
      ['EM', true, false],
      ['CD8TEMRA', false, false],
    ] as const) {
      const [row] = of(text);
      expect(left ? row.left : 158 - row.right).toBeLessThan(6);
      expect(top ? row.y : 158 - row.y).toBeLessThan(20);
    }
  });

  it('are in two rows where one is too narrow, name and share together', () => {
    expect(rows.map(({ text }) => text)).toEqual([
      'CM 66.7 %',
      'N 66.7 %',
      'EM 66.7 %',
      'CD8TEMRA',
      '66.7 %',
    ]);
  });
});
