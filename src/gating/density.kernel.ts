// Kernels of densities: counts the listed events of a block into bins of equal width on scale coordinates. Half-open bins; a value that is
// not a number, or outside the axes, is in no bin. Return the number of events counted.

/** counts[iy * nx + ix] += 1 with ix = floor((x - x0) * perX), iy likewise. */
export function binPlane(
  x: Float64Array,
  y: Float64Array,
  list: Int32Array,
  n: number,
  x0: number,
  perX: number,
  nx: number,
  y0: number,
  perY: number,
  ny: number,
  counts: Uint32Array,
): number {
  let shown = 0;
  for (let k = 0; k < n; k++) {
    const i = list[k];
    const u = (x[i] - x0) * perX;
    const v = (y[i] - y0) * perY;
    if (u >= 0 && u < nx && v >= 0 && v < ny) {
      counts[(v | 0) * nx + (u | 0)]++;
      shown++;
    }
  }
  return shown;
}

export function binLine(
  x: Float64Array,
  list: Int32Array,
  n: number,
  x0: number,
  perX: number,
  nx: number,
  counts: Uint32Array,
): number {
  let shown = 0;
  for (let k = 0; k < n; k++) {
    const u = (x[list[k]] - x0) * perX;
    if (u >= 0 && u < nx) {
      counts[u | 0]++;
      shown++;
    }
  }
  return shown;
}
