// Spillover between the thirteen dyes and the noise of each detector (populations section 5.3). Coefficients are of the
// size met in public matrices; a panel takes the rows and columns of the dyes it uses.
import type { Spillover } from '../events/index.ts';
import type { Random } from '../math/index.ts';
import type { Fluor } from './model.ts';

type Spread = Partial<Record<Fluor, number>>;

const coefficients: Readonly<Record<Fluor, Spread>> = {
  BV421: { BV510: 0.1, BV605: 0.012 },
  BV510: { BV421: 0.03, BV605: 0.25, BV650: 0.12, FITC: 0.02, BV785: 0.03 },
  BV605: { BV650: 0.45, 'PE-CF594': 0.1, BV785: 0.08, PE: 0.04, BV510: 0.012 },
  BV650: { APC: 0.22, AF700: 0.15, BV785: 0.25, BV605: 0.08 },
  BV785: { 'APC-Cy7': 0.15, 'PE-Cy7': 0.05, AF700: 0.04, BV650: 0.02 },
  FITC: { PE: 0.18, 'PE-CF594': 0.05, BV510: 0.03, 'PerCP-Cy5.5': 0.015 },
  PE: { 'PE-CF594': 0.3, 'PerCP-Cy5.5': 0.08, 'PE-Cy7': 0.015, FITC: 0.007 },
  'PE-CF594': { PE: 0.25, 'PerCP-Cy5.5': 0.35, 'PE-Cy7': 0.04, APC: 0.02 },
  'PerCP-Cy5.5': { 'PE-Cy7': 0.14, AF700: 0.09, APC: 0.04, 'APC-Cy7': 0.05, BV650: 0.02, BV785: 0.03 },
  'PE-Cy7': { 'APC-Cy7': 0.06, PE: 0.035, 'PerCP-Cy5.5': 0.02, BV785: 0.02 },
  APC: { AF700: 0.3, 'APC-Cy7': 0.12, BV650: 0.1 },
  AF700: { 'APC-Cy7': 0.25, BV785: 0.04, APC: 0.02 },
  'APC-Cy7': { BV785: 0.05, APC: 0.04, AF700: 0.03 },
};

/** Electronic noise (standard deviation, detector units) and photon noise: variance = electronic^2 + kappa x |signal|. */
export const electronicNoise = 35;
const photonNoise: Spread = { PE: 2, 'PerCP-Cy5.5': 8, AF700: 8, BV785: 6 };

/** Kappa of the photon noise of one detector. */
export function photonNoiseOf(fluor: Fluor): number {
  return photonNoise[fluor] ?? 4;
}

/** The true matrix of a set of dyes, row-major, row = source. */
export function spilloverMatrix(fluors: readonly Fluor[]): Float64Array {
  return Float64Array.from(
    fluors.flatMap((from) => fluors.map((to) => (from === to ? 1 : (coefficients[from][to] ?? 0)))),
  );
}

/**
 * A wrongly set matrix: every off-diagonal coefficient is off by a part of itself between the two limits, up or down. For tests of
 * what a file with a poor compensation does to gates.
 */
export function misset(
  spillover: Spillover,
  random: Random,
  [least, most]: readonly [number, number] = [0.1, 0.2],
): Spillover {
  const n = spillover.detectors.length;
  const matrix = spillover.matrix.map((value, at) => {
    if (at % (n + 1) === 0 || value === 0) return value;
    const error = least + (most - least) * random.next();
    return value * (random.next() < 0.5 ? 1 - error : 1 + error);
  });
  return { detectors: spillover.detectors, matrix };
}
