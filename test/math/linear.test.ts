import { describe, expect, it } from 'vitest';
import {
  invert,
  pseudoInverse,
  reciprocalCondition,
  symmetricEigen,
  transpose,
} from '../../src/math/index.ts';
import { qrFactor } from '../../src/math/linear.ts';
import { truth, worstRelative } from './truth.ts';

const array = (values: readonly number[]): Float64Array => Float64Array.from(values);
const none = new Float64Array();

/** rows x columns times columns x others. */
function multiply(
  a: Float64Array,
  b: Float64Array,
  rows: number,
  columns: number,
  others: number,
): Float64Array {
  const out = new Float64Array(rows * others);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < columns; k++)
      for (let j = 0; j < others; j++) out[i * others + j] += a[i * columns + k] * b[k * others + j];
  return out;
}

describe('square matrices', () => {
  it.each(truth.matrices)('$name: invert and condition agree with numpy', (m) => {
    const a = array(m.a);
    const tolerance = 1e-15 * m.condition * m.n;
    const inverse = invert(a, m.n) ?? none;
    expect(worstRelative(inverse, m.inverse)).toBeLessThan(tolerance);
    expect(worstRelative(multiply(inverse, array(m.b), m.n, m.n, 1), m.x)).toBeLessThan(tolerance);
    expect(Math.abs(reciprocalCondition(a, inverse, m.n, m.n) * m.condition - 1)).toBeLessThan(1e-8);
    expect([...a]).toEqual(m.a);
  });

  it('says when a matrix is singular or not finite', () => {
    const singular = array([1, 2, 2, 4]);
    expect(invert(singular, 2)).toBeNull();
    expect(invert(array([1, NaN, 0, 1]), 2)).toBeNull();
    expect(reciprocalCondition(singular, array([Infinity, 0, 0, 0]), 2, 2)).toBe(0);
  });
});

describe('least squares', () => {
  const { rows, columns, a, b, x, pseudoInverse: pinv } = truth.leastSquares;

  it('agrees with numpy', () => {
    const pseudo = pseudoInverse(array(a), rows, columns) ?? none;
    expect(worstRelative(multiply(pseudo, array(b), columns, rows, 1), x)).toBeLessThan(1e-13);
    expect(worstRelative(pseudo, pinv)).toBeLessThan(1e-13);
  });

  it('factors into orthonormal Q and upper triangular R', () => {
    const { q, r } = qrFactor(array(a), rows, columns);
    expect(worstRelative(multiply(q, r, rows, columns, columns), a)).toBeLessThan(1e-14);
    const identity = Float64Array.from({ length: columns * columns }, (_, i) =>
      i % (columns + 1) === 0 ? 1 : 0,
    );
    expect(
      worstRelative(multiply(transpose(q, rows, columns), q, columns, rows, columns), identity),
    ).toBeLessThan(1e-14);
    for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) expect(r[i * columns + j]).toBe(0);
  });

  it('says when a column is zero, and refuses wide matrices', () => {
    expect(pseudoInverse(array([1, 0, 2, 0, 3, 0]), 3, 2)).toBeNull();
    expect(() => qrFactor(array([1, 2]), 1, 2)).toThrow(RangeError);
  });
});

describe('symmetric matrices', () => {
  const { n, a, values, firstVector } = truth.symmetric;

  it('have the eigenvalues and vectors of numpy', () => {
    const eigen = symmetricEigen(array(a), n);
    expect(worstRelative(eigen.values, values)).toBeLessThan(1e-14);
    expect(
      worstRelative(
        Float64Array.from({ length: n }, (_, r) => eigen.vectors[r * n]),
        firstVector,
      ),
    ).toBeLessThan(1e-13);
  });

  it('rebuild from their vectors', () => {
    const { values: lambda, vectors } = symmetricEigen(array(a), n);
    const scaled = vectors.map((v, i) => v * lambda[i % n]);
    expect(worstRelative(multiply(scaled, transpose(vectors, n, n), n, n, n), a)).toBeLessThan(1e-14);
  });

  it('of one element, of zeros', () => {
    expect([...symmetricEigen(array([5]), 1).values]).toEqual([5]);
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
  });
});
