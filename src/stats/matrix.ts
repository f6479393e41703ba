// Small dense matrices (rows of numbers) for models with a handful of coefficients.
// Invariant: a matrix that is not positive definite gives null, never numbers made of rounding errors.
import { log, symmetricEigen as eigenOf } from '../math/index.ts';

export type Matrix = number[][];

export function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
}

export function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += a[i] * b[i];
  return total;
}

/** m v. */
export function timesVector(m: readonly (readonly number[])[], v: readonly number[]): number[] {
  return m.map((row) => dot(row, v));
}

/** a b. */
export function multiply(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): Matrix {
  const columns = transpose(b);
  return a.map((row) => columns.map((column) => dot(row, column)));
}

export function transpose(m: readonly (readonly number[])[]): Matrix {
  return m.length === 0 ? [] : m[0].map((_, j) => m.map((row) => row[j]));
}

/** a' m b for vectors a and b. */
export function bilinear(
  a: readonly number[],
  m: readonly (readonly number[])[],
  b: readonly number[],
): number {
  return dot(a, timesVector(m, b));
}

export function trace(m: readonly (readonly number[])[]): number {
  let total = 0;
  for (let i = 0; i < m.length; i += 1) total += m[i][i];
  return total;
}

/** tr(a b). */
export function traceOfProduct(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) for (let j = 0; j < b.length; j += 1) total += a[i][j] * b[j][i];
  return total;
}

/** target += scale · a b'. */
export function addOuter(target: Matrix, a: readonly number[], b: readonly number[], scale = 1): void {
  for (let i = 0; i < a.length; i += 1)
    for (let j = 0; j < b.length; j += 1) target[i][j] += scale * a[i] * b[j];
}

/** target += scale · m. */
export function addScaled(target: Matrix, m: readonly (readonly number[])[], scale = 1): void {
  for (let i = 0; i < m.length; i += 1)
    for (let j = 0; j < m[i].length; j += 1) target[i][j] += scale * m[i][j];
}

export interface PositiveDefinite {
  readonly inverse: Matrix;
  readonly logDeterminant: number;
}

/**
 * Inverse and log determinant of a symmetric positive definite matrix by Cholesky; null when a pivot falls below 1e-12
 * of its diagonal (collinear or constant columns).
 */
export function invert(m: readonly (readonly number[])[]): PositiveDefinite | null {
  const n = m.length;
  const factor = zeros(n, n);
  let logDeterminant = 0;
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let value = m[i][j];
      for (let k = 0; k < j; k += 1) value -= factor[i][k] * factor[j][k];
      if (i === j) {
        if (!(value > 1e-12 * Math.abs(m[j][j]))) return null;
        factor[j][j] = Math.sqrt(value);
        logDeterminant += log(value);
      } else {
        factor[i][j] = value / factor[j][j];
      }
    }
  }
  const inverse = zeros(n, n);
  for (let column = 0; column < n; column += 1) {
    const y = new Array<number>(n).fill(0);
    for (let i = column; i < n; i += 1) {
      let value = i === column ? 1 : 0;
      for (let k = column; k < i; k += 1) value -= factor[i][k] * y[k];
      y[i] = value / factor[i][i];
    }
    for (let i = n - 1; i >= 0; i -= 1) {
      let value = y[i];
      for (let k = i + 1; k < n; k += 1) value -= factor[k][i] * inverse[k][column];
      inverse[i][column] = value / factor[i][i];
    }
  }
  return { inverse, logDeterminant };
}

export interface Eigen {
  /** Descending. */
  readonly values: readonly number[];
  /** vectors[k] belongs to values[k]. */
  readonly vectors: readonly (readonly number[])[];
}

/** Eigenvalues and unit eigenvectors of a symmetric matrix. */
export function symmetricEigen(m: readonly (readonly number[])[]): Eigen {
  const n = m.length;
  const { values, vectors } = eigenOf(Float64Array.from(m.flat()), n);
  return {
    values: Array.from(values),
    vectors: Array.from({ length: n }, (_, k) => Array.from({ length: n }, (_row, r) => vectors[r * n + k])),
  };
}

/** v' m⁻ v and the rank of m, with the generalised inverse that drops eigenvalues below `relative` of the largest. */
export function generalisedQuadratic(
  m: readonly (readonly number[])[],
  v: readonly number[],
  relative = 1.5e-8,
): { value: number; rank: number } {
  const { values, vectors } = symmetricEigen(m);
  const limit = relative * Math.max(0, values[0] ?? 0);
  let value = 0;
  let rank = 0;
  values.forEach((eigenvalue, k) => {
    if (!(eigenvalue > limit)) return;
    const part = dot(vectors[k], v);
    value += (part * part) / eigenvalue;
    rank += 1;
  });
  return { value, rank };
}
