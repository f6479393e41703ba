// k-means from given centres. Deterministic: the same points and centres give the same clusters on every platform; ties go to the first
// centre, and sums run in index order.

export interface Clusters {
  /** Coordinates of each centre, in the order of those given. */
  readonly centres: readonly (readonly number[])[];
  /** Cluster of each point. */
  readonly labels: Uint8Array;
}

/**
 * Lloyd's iteration (1982) to its fixed point, or `mostSteps`. `columns[d][i]` = coordinate d of point i, finite; at most 255 centres. A
 * centre that loses all its points stays where it is.
 */
export function kmeans(
  columns: readonly Float64Array[],
  start: readonly (readonly number[])[],
  { mostSteps = 100 }: { readonly mostSteps?: number } = {},
): Clusters {
  const count = columns[0].length;
  const dims = columns.length;
  const centres = start.map((centre) => Float64Array.from(centre));
  const labels = new Uint8Array(count);
  const sums = centres.map(() => new Float64Array(dims + 1));
  for (let step = 0; step < mostSteps; step++) {
    let moved = step === 0;
    for (const sum of sums) sum.fill(0);
    for (let i = 0; i < count; i++) {
      let nearest = 0;
      let least = Infinity;
      for (let c = 0; c < centres.length; c++) {
        const centre = centres[c];
        let square = 0;
        for (let d = 0; d < dims; d++) {
          const away = columns[d][i] - centre[d];
          square += away * away;
        }
        if (square < least) {
          least = square;
          nearest = c;
        }
      }
      if (labels[i] !== nearest) {
        labels[i] = nearest;
        moved = true;
      }
      const sum = sums[nearest];
      for (let d = 0; d < dims; d++) sum[d] += columns[d][i];
      sum[dims]++;
    }
    if (!moved) break;
    centres.forEach((centre, c) => {
      const size = sums[c][dims];
      if (size > 0) for (let d = 0; d < dims; d++) centre[d] = sums[c][d] / size;
    });
  }
  return { centres: centres.map((centre) => Array.from(centre)), labels };
}
