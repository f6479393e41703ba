// Studentised range with infinite degrees of freedom: the range of k standard normals (Nemenyi's critical values).
import { normalDensity, normalUpper } from './distributions.ts';

const STEP = 0.125;

/**
 * P(range of k independent standard normals >= q), k >= 2.
 * Integrates over the smallest value z: k φ(z) [A^(k-1) - B^(k-1)], A = P(Z > z), B = P(z < Z < z + q), written with the
 * factor A - B = P(Z > z + q) so that the tail keeps its digits. The trapezoid rule is exact here to about 1e-15.
 */
export function studentisedRangeUpper(q: number, k: number): number {
  if (!(q > 0)) return 1;
  let sum = 0;
  const first = Math.floor((-9 - q) / STEP);
  for (let i = first; i * STEP <= 9; i += 1) {
    const z = i * STEP;
    const above = normalUpper(z);
    const beyond = normalUpper(z + q);
    const between = above - beyond;
    let powers = 0;
    let aboveToM = 1;
    for (let m = 0; m < k - 1; m += 1) {
      powers = powers * between + aboveToM;
      aboveToM *= above;
    }
    sum += normalDensity(z) * beyond * powers;
  }
  return Math.min(1, k * STEP * sum);
}
