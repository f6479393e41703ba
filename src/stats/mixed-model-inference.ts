// Small-sample inference for the random-intercept model: Satterthwaite (observed information) and Kenward-Roger (1997;
// expected information). Names follow statistics.md section 9: D1 = ZZ', D2 = I, G, Q, P, W, Phi.
import { columnSums, type Design, type RemlFit } from './mixed-model-fit.ts';
import {
  addOuter,
  addScaled,
  bilinear,
  dot,
  invert,
  multiply,
  symmetricEigen,
  timesVector,
  trace,
  traceOfProduct,
  transpose,
  zeros,
  type Matrix,
} from './matrix.ts';

export interface Inference {
  /** Kenward-Roger covariance of the coefficients. */
  readonly phiAdjusted: Matrix;
  readonly satterthwaiteDf: (l: readonly number[]) => number;
  /** F and denominator df that the contrasts (rows) are all zero; null when they are not independent. */
  readonly satterthwaiteF: (contrasts: readonly (readonly number[])[]) => { F: number; df: number } | null;
  readonly kenwardRoger: (contrasts: readonly (readonly number[])[]) => { F: number; df: number } | null;
}

/** Null when an information matrix cannot be inverted. */
export function adjustedInference(design: Design, fit: RemlFit): Inference | null {
  const { phi, beta } = fit;
  const { G, Q, expected, observed } = information(design, fit);
  const w = invert(expected)?.inverse;
  const observedInverse = solve2(observed);
  if (w === undefined || observedInverse === null) return null;
  const update = zeros(design.p, design.p);
  for (let i = 0; i < 2; i += 1) {
    for (let j = 0; j < 2; j += 1) {
      addScaled(update, Q[i][j], w[i][j]);
      addScaled(update, multiply(multiply(G[i], phi), G[j]), -w[i][j]);
    }
  }
  const phiAdjusted = phi.map((row) => [...row]);
  addScaled(phiAdjusted, multiply(multiply(phi, update), phi), 2);
  const phiGPhi = G.map((g) => multiply(multiply(phi, g), phi));

  const satterthwaiteDf = (l: readonly number[]): number => {
    const f = bilinear(l, phi, l);
    const gradient = phiGPhi.map((m) => -bilinear(l, m, l));
    return (2 * f * f) / bilinear(gradient, observedInverse, gradient);
  };

  const satterthwaiteF = (contrasts: readonly (readonly number[])[]): { F: number; df: number } | null => {
    const q = contrasts.length;
    const covariance = multiply(multiply(contrasts, phi), transpose(contrasts));
    const { values, vectors } = symmetricEigen(covariance);
    if (!(values[q - 1] > 1e-12 * values[0])) return null;
    const estimate = timesVector(contrasts, beta);
    let F = 0;
    let pooled = 0;
    const freedoms: number[] = [];
    vectors.forEach((vector, m) => {
      const t = dot(vector, estimate) / Math.sqrt(values[m]);
      F += (t * t) / q;
      const nu = satterthwaiteDf(timesVector(transpose(contrasts), vector));
      freedoms.push(nu);
      if (nu > 2) pooled += nu / (nu - 2);
    });
    // Equal df (within rounding) are that df; the pooled formula would lose digits there.
    const equal = Math.max(...freedoms) - Math.min(...freedoms) < 1e-8 * Math.max(...freedoms);
    if (equal) return { F, df: freedoms[0] };
    return pooled > q ? { F, df: (2 * pooled) / (pooled - q) } : { F, df: 2 };
  };

  const kenwardRoger = (contrasts: readonly (readonly number[])[]): { F: number; df: number } | null => {
    const q = contrasts.length;
    const columns = transpose(contrasts);
    const middle = invert(multiply(multiply(contrasts, phi), columns));
    const adjusted = invert(multiply(multiply(contrasts, phiAdjusted), columns));
    if (middle === null || adjusted === null) return null;
    const theta = multiply(multiply(columns, middle.inverse), contrasts);
    const parts = phiGPhi.map((m) => multiply(theta, m));
    let a1 = 0;
    let a2 = 0;
    for (let i = 0; i < 2; i += 1) {
      for (let j = 0; j < 2; j += 1) {
        a1 += w[i][j] * trace(parts[i]) * trace(parts[j]);
        a2 += w[i][j] * traceOfProduct(parts[i], parts[j]);
      }
    }
    const b = (a1 + 6 * a2) / (2 * q);
    const g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2);
    const denominator = 3 * q + 2 * (1 - g);
    const c1 = g / denominator;
    const c2 = (q - g) / denominator;
    const c3 = (q + 2 - g) / denominator;
    const mean = 1 / (1 - a2 / q);
    const variance = ((2 / q) * (1 + c1 * b)) / ((1 - c2 * b) * (1 - c2 * b) * (1 - c3 * b));
    const rho = variance / (2 * mean * mean);
    const df = 4 + (q + 2) / (q * rho - 1);
    const scale = df / (mean * (df - 2));
    const estimate = timesVector(contrasts, beta);
    return { F: (scale * bilinear(estimate, adjusted.inverse, estimate)) / q, df };
  };

  return { phiAdjusted, satterthwaiteDf, satterthwaiteF, kenwardRoger };
}

interface Information {
  readonly G: readonly [Matrix, Matrix];
  readonly Q: readonly (readonly Matrix[])[];
  readonly expected: Matrix;
  readonly observed: Matrix;
}

/**
 * Sums over subjects of m values, where V⁻¹ is w on the vector of ones (w = 1/(s² + m s_b²)) and 1/s² across it.
 * With A = V⁻¹ X and u = V⁻¹ r: G = -A'DA, Q = A'Di V⁻¹ Dj A, and the traces of P Di P Dj from the same pieces.
 */
function information(design: Design, fit: RemlFit): Information {
  const { p } = design;
  const { sigma2Residual: s2, sigma2Subject: sb2, phi, beta } = fit;
  const ratio = sb2 / s2;
  const G: [Matrix, Matrix] = [zeros(p, p), zeros(p, p)];
  const Q = [
    [zeros(p, p), zeros(p, p)],
    [zeros(p, p), zeros(p, p)],
  ];
  const traces = zeros(2, 2);
  const quadratics = zeros(2, 2);
  const cross = [new Array<number>(p).fill(0), new Array<number>(p).fill(0)];
  for (const { y, x } of design.subjects) {
    const m = y.length;
    const w = 1 / (s2 * (1 + ratio * m));
    const xSum = columnSums(x, p);
    const aRows = x.map((row) => row.map((value, j) => (value - (ratio / (1 + ratio * m)) * xSum[j]) / s2));
    const aSum = xSum.map((value) => value * w);
    const residual = y.map((value, i) => value - dot(x[i], beta));
    let residualSum = 0;
    for (const value of residual) residualSum += value;
    const u = residual.map((value) => (value - (ratio / (1 + ratio * m)) * residualSum) / s2);
    const uSum = residualSum * w;
    aRows.forEach((row) => addOuter(G[1], row, row, -1));
    addOuter(G[0], aSum, aSum, -1);
    aRows.forEach((row) => addOuter(Q[1][1], row, row, 1 / s2));
    addOuter(Q[1][1], aSum, aSum, -ratio / (s2 * (1 + ratio * m)));
    addOuter(Q[0][1], aSum, aSum, w);
    addOuter(Q[1][0], aSum, aSum, w);
    addOuter(Q[0][0], aSum, aSum, m * w);
    traces[0][0] += m * m * w * w;
    traces[0][1] += m * w * w;
    traces[1][0] += m * w * w;
    traces[1][1] += (m - 1) / (s2 * s2) + w * w;
    quadratics[0][0] += m * w * uSum * uSum;
    quadratics[0][1] += w * uSum * uSum;
    quadratics[1][0] += w * uSum * uSum;
    quadratics[1][1] += dot(u, u) / s2 - (ratio / (s2 * (1 + ratio * m))) * uSum * uSum;
    for (let j = 0; j < p; j += 1) {
      cross[0][j] += aSum[j] * uSum;
      for (let i = 0; i < m; i += 1) cross[1][j] += aRows[i][j] * u[i];
    }
  }
  const expected = zeros(2, 2);
  const observed = zeros(2, 2);
  for (let i = 0; i < 2; i += 1) {
    for (let j = 0; j < 2; j += 1) {
      const gPhiG = multiply(multiply(G[i], phi), G[j]);
      const tracePDPD = traces[i][j] - 2 * traceOfProduct(phi, Q[i][j]) + traceOfProduct(phi, gPhiG);
      expected[i][j] = tracePDPD / 2;
      observed[i][j] = -tracePDPD / 2 + quadratics[i][j] - bilinear(cross[i], phi, cross[j]);
    }
  }
  return { G, Q, expected, observed };
}

/** Inverse of a symmetric 2 × 2 matrix that need not be positive definite. */
function solve2(m: Matrix): Matrix | null {
  const determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
  if (determinant === 0 || !Number.isFinite(determinant)) return null;
  return [
    [m[1][1] / determinant, -m[0][1] / determinant],
    [-m[1][0] / determinant, m[0][0] / determinant],
  ];
}
