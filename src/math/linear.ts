// Dense linear algebra for small matrices (compensation, mixture and mixed models): row-major Float64Array, n up to a few hundred.
// Invariant: inputs are never changed; sums run in index order, so results are the same bits on every platform.

/** P A = L U with partial pivoting. `lu` holds both factors (unit diagonal of L not stored); row i of P A is row `rows[i]` of A. */
interface LuFactors {
  readonly n: number;
  readonly lu: Float64Array;
  readonly rows: Int32Array;
  /** True when a pivot is exactly zero or an element is not finite: no solution exists. */
  readonly singular: boolean;
}

/** LU factors of the n x n matrix `a` (Doolittle; the first of equal pivots is taken). */
function luFactor(a: Float64Array, n: number): LuFactors {
  const lu = a.slice();
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  let singular = !a.every(Number.isFinite);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(lu[i * n + k]) > Math.abs(lu[pivot * n + k])) pivot = i;
    if (pivot !== k) {
      for (let j = 0; j < n; j++) {
        const swap = lu[k * n + j];
        lu[k * n + j] = lu[pivot * n + j];
        lu[pivot * n + j] = swap;
      }
      const swap = rows[k];
      rows[k] = rows[pivot];
      rows[pivot] = swap;
    }
    const diagonal = lu[k * n + k];
    if (diagonal === 0) {
      singular = true;
      continue;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = lu[i * n + k] / diagonal;
      lu[i * n + k] = factor;
      if (factor !== 0) for (let j = k + 1; j < n; j++) lu[i * n + j] -= factor * lu[k * n + j];
    }
  }
  return { n, lu, rows, singular };
}

/** x with A x = b, or null when A is singular. */
function luSolve(factors: LuFactors, b: Float64Array): Float64Array | null {
  const { n, lu, rows } = factors;
  if (factors.singular) return null;
  const x = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let value = b[rows[i]];
    for (let j = 0; j < i; j++) value -= lu[i * n + j] * x[j];
    x[i] = value;
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = x[i];
    for (let j = i + 1; j < n; j++) value -= lu[i * n + j] * x[j];
    x[i] = value / lu[i * n + i];
  }
  return x;
}

/** Inverse of the n x n matrix `a`, or null when it is singular. */
export function invert(a: Float64Array, n: number): Float64Array | null {
  const factors = luFactor(a, n);
  const inverse = new Float64Array(n * n);
  const unit = new Float64Array(n);
  for (let c = 0; c < n; c++) {
    unit.fill(0);
    unit[c] = 1;
    const column = luSolve(factors, unit);
    if (column === null) return null;
    for (let r = 0; r < n; r++) inverse[r * n + c] = column[r];
  }
  return inverse;
}

/** Largest column sum of absolute values of a rows x columns matrix. */
function norm1(a: Float64Array, rows: number, columns: number): number {
  let largest = 0;
  for (let c = 0; c < columns; c++) {
    let total = 0;
    for (let r = 0; r < rows; r++) total += Math.abs(a[r * columns + c]);
    if (!(total <= largest)) largest = total;
  }
  return largest;
}

/** 1 / (|A|_1 |A^-1|_1) from a matrix and its (pseudo-)inverse, in [0, 1]; 0 when either is not finite. `inverse` is columns x rows. */
export function reciprocalCondition(
  a: Float64Array,
  inverse: Float64Array,
  rows: number,
  columns: number,
): number {
  const product = norm1(a, rows, columns) * norm1(inverse, columns, rows);
  return product > 0 && product < Infinity ? Math.min(1, 1 / product) : 0;
}

/** columns x rows from rows x columns. */
export function transpose(a: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = a[r * columns + c];
  return out;
}

/** Thin QR by Householder reflections: A (rows x columns, rows >= columns) = Q R, Q rows x columns with orthonormal columns, R upper triangular. */
export function qrFactor(
  a: Float64Array,
  rows: number,
  columns: number,
): { readonly q: Float64Array; readonly r: Float64Array } {
  if (rows < columns) throw new RangeError(`qrFactor needs rows >= columns, got ${rows} x ${columns}`);
  const work = a.slice();
  const reflectors: Float64Array[] = [];
  for (let k = 0; k < columns; k++) {
    let square = 0;
    for (let i = k; i < rows; i++) square += work[i * columns + k] * work[i * columns + k];
    const length = Math.sqrt(square);
    const v = new Float64Array(rows);
    for (let i = k; i < rows; i++) v[i] = work[i * columns + k];
    v[k] += v[k] < 0 ? -length : length;
    reflectors.push(v);
    reflect(work, v, k, rows, columns);
  }
  const r = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i++)
    for (let j = i; j < columns; j++) r[i * columns + j] = work[i * columns + j];
  const q = new Float64Array(rows * columns);
  for (let k = 0; k < columns; k++) q[k * columns + k] = 1;
  for (let k = columns - 1; k >= 0; k--) reflect(q, reflectors[k], k, rows, columns);
  return { q, r };
}

/** m - 2 v (v' m) / (v' v), rows from k on; nothing to do for a zero vector. */
function reflect(m: Float64Array, v: Float64Array, k: number, rows: number, columns: number): void {
  let square = 0;
  for (let i = k; i < rows; i++) square += v[i] * v[i];
  if (square === 0) return;
  for (let j = 0; j < columns; j++) {
    let dot = 0;
    for (let i = k; i < rows; i++) dot += v[i] * m[i * columns + j];
    const factor = (2 * dot) / square;
    for (let i = k; i < rows; i++) m[i * columns + j] -= factor * v[i];
  }
}

/**
 * Moore-Penrose inverse (columns x rows) of a rows x columns matrix of full column rank, rows >= columns, so that pinv * b is the
 * least-squares solution of A x = b. Null when a diagonal element of R is zero or not a number.
 */
export function pseudoInverse(a: Float64Array, rows: number, columns: number): Float64Array | null {
  const { q, r } = qrFactor(a, rows, columns);
  const out = new Float64Array(columns * rows);
  for (let c = 0; c < rows; c++) {
    for (let i = columns - 1; i >= 0; i--) {
      const diagonal = r[i * columns + i];
      if (diagonal === 0 || !Number.isFinite(diagonal)) return null;
      let value = q[c * columns + i];
      for (let j = i + 1; j < columns; j++) value -= r[i * columns + j] * out[j * rows + c];
      out[i * rows + c] = value / diagonal;
    }
  }
  return out;
}

/**
 * Eigenvalues, descending, and eigenvectors of a symmetric n x n matrix by cyclic Jacobi rotations (Golub and Van Loan 8.5).
 * `vectors[r * n + k]` is component r of the k-th unit vector; its largest component is positive.
 */
export function symmetricEigen(
  a: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const m = a.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < n; i++) {
      diagonal += m[i * n + i] * m[i * n + i];
      for (let j = 0; j < i; j++) off += m[i * n + j] * m[i * n + j];
    }
    if (!(off > 1e-34 * diagonal)) break;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(m, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => m[j * n + j] - m[i * n + i] || i - j);
  const values = Float64Array.from(order, (i) => m[i * n + i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => {
    let largest = 0;
    for (let r = 0; r < n; r++) if (Math.abs(v[r * n + from]) > Math.abs(largest)) largest = v[r * n + from];
    for (let r = 0; r < n; r++) vectors[r * n + k] = largest < 0 ? -v[r * n + from] : v[r * n + from];
  });
  return { values, vectors };
}

/** One Jacobi rotation that makes m[p][q] zero. */
function rotate(m: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = m[p * n + q];
  if (apq === 0) return;
  const theta = (m[q * n + q] - m[p * n + p]) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const kp = m[k * n + p];
    const kq = m[k * n + q];
    m[k * n + p] = c * kp - s * kq;
    m[k * n + q] = s * kp + c * kq;
  }
  for (let k = 0; k < n; k++) {
    const pk = m[p * n + k];
    const qk = m[q * n + k];
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
    const kp = v[k * n + p];
    const kq = v[k * n + q];
    v[k * n + p] = c * kp - s * kq;
    v[k * n + q] = s * kp + c * kq;
  }
}
