// Spillover: how much of each source spills into each detector. A plain square matrix with names.

/**
 * Square spillover matrix. `detectors` names the n channels (both rows and columns, in order);
 * `matrix` is n x n, row-major: `matrix[i * n + j]` = signal in detector j per unit signal of source i. Diagonal usually 1.
 */
export interface Spillover {
  readonly detectors: readonly string[];
  readonly matrix: Float64Array;
}
