// Where two results differ, in words that a person finds in the tables.
import { describe, expect, it } from 'vitest';
import { differencesOf, isOtherForm } from '../../src/results/index.ts';

const row = (path: string, count: number | null) => ({ path, count });

describe('differences', () => {
  it.each([
    ['none', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['a number', { n: 1 }, { n: 2 }, [['n', 1, 2]]],
    ['zero and not evaluable', { n: 0 }, { n: null }, [['n', 0, null]]],
    [
      'rows by their path',
      { rows: [row('Cells', 9), row('Cells/T', 4)] },
      { rows: [row('Cells', 9), row('Cells/T', 5)] },
      [['rows.Cells/T.count', 4, 5]],
    ],
    [
      'a row more',
      { rows: [row('Cells', 9)] },
      { rows: [row('Cells', 9), row('B', 1)] },
      [['rows.B', undefined, row('B', 1)]],
    ],
    [
      'two rows of one name',
      { rows: [row('A', 1), row('A', 2)] },
      { rows: [row('A', 1), row('A', 3)] },
      [['rows.A (1).count', 2, 3]],
    ],
    ['a list and a record', { x: [1] }, { x: { 0: 1 } }, [['x', [1], { 0: 1 }]]],
  ])('of %s', (_, before, after, wanted) => {
    const found = differencesOf(before, after).map((one) => [one.place, one.before, one.after]);
    expect(found).toEqual(wanted);
  });

  it.each([
    ['a field of provenance that one lacks', { provenance: {} }, { provenance: { seed: 's' } }, true],
    [
      'a field of provenance with another value',
      { provenance: { seed: 'r' } },
      { provenance: { seed: 's' } },
      false,
    ],
    ['a table that one lacks', {}, { quality: [] }, false],
    ['a number beside a field', { n: 1, provenance: {} }, { n: 2, provenance: { seed: 's' } }, false],
  ])('are a matter of form: %s', (_, before, after, form) => {
    expect(isOtherForm(differencesOf(before, after))).toBe(form);
  });
});
