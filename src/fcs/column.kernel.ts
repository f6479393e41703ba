// Kernels over rows of a block: rows to columns, and the check for values that are not finite. The block is small enough to
// stay in the cache; columns are fresh memory, so the time goes into the first touch of their pages.

type Values = Float32Array | Float64Array;

/** columns[k][first + e] = rows[e * stride + parameters[k]] for 0 <= e < count. */
export function rowsToColumns(
  rows: Values,
  count: number,
  stride: number,
  parameters: readonly number[],
  columns: readonly Values[],
  first: number,
): void {
  const tile = 256;
  for (let start = 0; start < count; start += tile) {
    const end = Math.min(start + tile, count);
    for (let k = 0; k < parameters.length; k++) {
      copyColumn(rows, start * stride + parameters[k], stride, columns[k], first + start, end - start);
    }
  }
}

function copyColumn(
  rows: Values,
  from: number,
  stride: number,
  column: Values,
  first: number,
  count: number,
): void {
  for (let e = 0, at = from; e < count; e++, at += stride) column[first + e] = rows[at];
}

/** True when any of the first `count` values is NaN or infinite: only then is v - v not zero. */
export function hasNonFinite(values: Values, count: number): boolean {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < count; i += 4) {
    a += values[i] - values[i];
    b += values[i + 1] - values[i + 1];
    c += values[i + 2] - values[i + 2];
    d += values[i + 3] - values[i + 3];
  }
  for (; i < count; i++) a += values[i] - values[i];
  return a + b + c + d !== 0;
}
