// Compensation and unmixing: a spillover becomes the matrix that is multiplied with the observed values.
// Invariant: compensated[f] = sum over d of observed[d] * unmix[d * F + f], in detector order, in float64, wherever it is computed.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { Column, Spillover } from '../events/index.ts';
import { invert, pseudoInverse, reciprocalCondition, transpose } from '../math/index.ts';
import type { CompensationMatrix, Unmixing } from './model.ts';

/** Below this reciprocal condition number a matrix counts as singular (reliability 2.6). */
const SINGULAR_BELOW = 1e-12;
/** Below this one, errors of the coefficients may come out a thousandfold: worth a warning. */
const ILL_CONDITIONED_BELOW = 1e-3;

/** The matrix of a square spillover; compensated columns keep the detectors' names. */
export function spilloverMatrix(spillover: Spillover): CompensationMatrix {
  return { fluorochromes: spillover.detectors, detectors: spillover.detectors, spill: spillover.matrix };
}

/**
 * Ready-to-apply form: the inverse of a square matrix by LU, the least-squares pseudo-inverse by QR when there are more detectors than
 * fluorochromes. Throws E_COMP_SINGULAR when there is no usable inverse (reciprocal condition < 1e-12, or more fluorochromes than
 * detectors) and E_PROTOCOL_INVALID when names and coefficients do not fit together.
 */
export function createUnmixing(matrix: CompensationMatrix): Unmixing {
  checkShape(matrix);
  const { fluorochromes, detectors, spill } = matrix;
  const f = fluorochromes.length;
  const d = detectors.length;
  const unmix = f === d ? invert(spill, f) : transposedPseudoInverse(spill, f, d);
  const condition = unmix === null ? 0 : reciprocalCondition(spill, unmix, f, d);
  if (unmix === null || !(condition >= SINGULAR_BELOW)) throw singular(matrix, condition);
  return { fluorochromes, detectors, unmix, reciprocalCondition: condition };
}

/** observed = true * S (1 x d), so true = observed * pinv(S); pinv(S) is the transpose of pinv(S'), and S' is tall. */
function transposedPseudoInverse(spill: Float64Array, f: number, d: number): Float64Array | null {
  if (f > d) return null;
  const inverse = pseudoInverse(transpose(spill, f, d), d, f);
  return inverse === null ? null : transpose(inverse, f, d);
}

function checkShape({ fluorochromes, detectors, spill }: CompensationMatrix): void {
  const f = fluorochromes.length;
  const d = detectors.length;
  const complain = (message: string): never => {
    throw new ImmunogateError('E_PROTOCOL_INVALID', message);
  };
  if (f === 0 || d === 0) complain('The compensation matrix is empty.');
  if (spill.length !== f * d)
    complain(`The compensation matrix needs ${f} x ${d} coefficients but has ${spill.length}.`);
  for (const names of [fluorochromes, detectors]) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) complain(`The compensation matrix names "${twice}" twice.`);
  }
  const bad = spill.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    complain(
      `Compensation coefficient of ${fluorochromes[Math.floor(bad / d)]} in ${detectors[bad % d]} is not a finite number.`,
    );
}

function singular({ fluorochromes, detectors }: CompensationMatrix, condition: number): ImmunogateError {
  const why =
    fluorochromes.length > detectors.length
      ? `${fluorochromes.length} fluorochromes cannot be told apart with ${detectors.length} detectors`
      : `its reciprocal condition number is ${condition.toExponential(1)}; two fluorochromes look alike to the detectors`;
  return new ImmunogateError(
    'E_COMP_SINGULAR',
    `The compensation matrix cannot be inverted: ${why}. Check the single-stain controls.`,
  );
}

/** W_COMP_ILL_CONDITIONED when small errors of the coefficients would grow more than a thousandfold. */
export function unmixingIssues(unmixing: Unmixing): readonly Issue[] {
  if (unmixing.reciprocalCondition >= ILL_CONDITIONED_BELOW) return [];
  const figure = unmixing.reciprocalCondition.toExponential(1);
  return [
    issue(
      'W_COMP_ILL_CONDITIONED',
      `The compensation matrix is nearly singular (reciprocal condition ${figure}); small errors grow.`,
    ),
  ];
}

/** Compensated columns, one a fluorochrome, from the detector columns in the order of `unmixing.detectors` (equal lengths). NaN spreads. */
export function compensateColumns(unmixing: Unmixing, columns: readonly Column[]): Float64Array[] {
  const { detectors, fluorochromes, unmix } = unmixing;
  if (columns.length !== detectors.length) {
    throw new ImmunogateError(
      'E_COMP_CHANNEL_MISSING',
      `Compensation needs ${detectors.length} columns but was given ${columns.length}.`,
    );
  }
  return fluorochromes.map((_, f) => {
    const out = new Float64Array(columns[0].length);
    columns.forEach((column, d) => addScaled(out, column, unmix[d * fluorochromes.length + f]));
    return out;
  });
}

function addScaled(out: Float64Array, column: Column, factor: number): void {
  for (let e = 0; e < out.length; e++) out[e] += column[e] * factor;
}
