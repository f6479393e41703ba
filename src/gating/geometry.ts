// Compiling gates into what the point tests of geometry.kernel.ts take: vertices as columns, inverse covariance, limits.
// Every malformed gate is refused here, once, with E_GATE_INVALID; the tests themselves never fail.
import { ImmunogateError } from '../errors.ts';
import type { Ellipsoid } from './geometry.kernel.ts';
import type { EllipsoidGate, PolygonGate } from './model.ts';

/** Coordinates beyond this are refused: the exact side test multiplies two of them. */
const LARGEST_COORDINATE = 1e140;

/** Vertices of a polygon as two columns. Refused: fewer than three vertices, coordinates that are not finite. */
export function polygonColumns(
  gate: PolygonGate,
  place: string,
): { readonly xs: Float64Array; readonly ys: Float64Array } {
  const { vertices } = gate;
  if (vertices.length < 3)
    throw invalid(`A polygon needs three vertices or more; this one has ${vertices.length}.`, place);
  if (!vertices.every(([x, y]) => Math.abs(x) <= LARGEST_COORDINATE && Math.abs(y) <= LARGEST_COORDINATE)) {
    throw invalid('A vertex of the polygon is not a finite number.', place);
  }
  return { xs: Float64Array.from(vertices, (v) => v[0]), ys: Float64Array.from(vertices, (v) => v[1]) };
}

/**
 * An ellipsoid ready for the point tests. Refused: sizes that do not agree, numbers that are not finite, a negative distance, a
 * covariance that cannot be inverted; in two dimensions also one that is not positive definite (its border would not be an
 * ellipse). In three or more dimensions the formula is taken at its word: the official Gating-ML test `Ellipsoid3D` has an
 * asymmetric, indefinite covariance and a definite answer.
 */
export function compileEllipsoid(gate: EllipsoidGate, place: string): Ellipsoid {
  const n = gate.dims.length;
  const { mean, covariance, distanceSquare } = gate;
  if (n < 2) throw invalid('An ellipsoid needs two dimensions or more.', place);
  if (mean.length !== n || covariance.length !== n * n) {
    throw invalid(`An ellipsoid of ${n} dimensions needs ${n} means and a ${n} x ${n} covariance.`, place);
  }
  if (![...mean, ...covariance, distanceSquare].every(Number.isFinite)) {
    throw invalid('The ellipsoid holds a number that is not finite.', place);
  }
  if (distanceSquare < 0) throw invalid('The distance square of an ellipsoid cannot be negative.', place);
  const inverse = inverseOf(covariance, n);
  if (inverse === null) throw invalid('The covariance of the ellipsoid cannot be inverted.', place);
  if (n === 2 && !isPositiveDefinite(covariance, n)) {
    throw invalid('The covariance of the ellipse is not positive definite.', place);
  }
  return { mean: Float64Array.from(mean), inverse, limit: distanceSquare };
}

/** Whether x' matrix x > 0 for every x but 0: all pivots of the symmetric part are positive. n x n, row-major. */
export function isPositiveDefinite(matrix: readonly number[], n: number): boolean {
  const a = matrix.map((value, k) => (value + matrix[(k % n) * n + Math.floor(k / n)]) / 2);
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k];
    if (!(pivot > 0)) return false;
    for (let r = k + 1; r < n; r++) {
      const factor = a[r * n + k] / pivot;
      for (let c = k; c < n; c++) a[r * n + c] -= factor * a[k * n + c];
    }
  }
  return true;
}

/** Inverse of an n x n row-major matrix by Gauss-Jordan elimination with partial pivoting; null when singular. */
function inverseOf(matrix: readonly number[], n: number): Float64Array | null {
  const a = Float64Array.from(matrix);
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let r = k + 1; r < n; r++) if (Math.abs(a[r * n + k]) > Math.abs(a[pivot * n + k])) pivot = r;
    const p = a[pivot * n + k];
    if (p === 0) return null;
    for (let c = 0; c < n; c++) {
      swap(a, k * n + c, pivot * n + c);
      swap(inverse, k * n + c, pivot * n + c);
    }
    for (let c = 0; c < n; c++) {
      a[k * n + c] /= p;
      inverse[k * n + c] /= p;
    }
    for (let r = 0; r < n; r++) {
      const factor = a[r * n + k];
      if (r === k || factor === 0) continue;
      for (let c = 0; c < n; c++) {
        a[r * n + c] -= factor * a[k * n + c];
        inverse[r * n + c] -= factor * inverse[k * n + c];
      }
    }
  }
  return inverse.every(Number.isFinite) ? inverse : null;
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i];
  values[i] = values[j];
  values[j] = kept;
}

function invalid(message: string, place: string): ImmunogateError {
  return new ImmunogateError('E_GATE_INVALID', message, { place });
}
