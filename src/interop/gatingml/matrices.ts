// <transforms:spectrumMatrix> (Gating-ML 2.0, section 6.4): compensation and unmixing matrices of the protocol.
// A plain matrix has a row a fluorochrome and a coefficient a detector; one that is "inverted already" is applied as it stands, so it
// has a row a detector and a coefficient a fluorochrome. Invariant: what leaves here is always the plain form.
import { transpose } from '../../math/index.ts';
import { createUnmixing, type CompensationMatrix } from '../../signal/index.ts';
import { childrenOf, type XmlElement } from '../xml.ts';
import {
  TRANSFORMS,
  booleanAttribute,
  dimensionNames,
  fault,
  numberAttribute,
  onlyChild,
} from './elements.ts';

/** Reads one <spectrumMatrix>. */
export function readSpectrumMatrix(element: XmlElement): CompensationMatrix {
  const fluorochromes = dimensionNames(onlyChild(element, TRANSFORMS, 'fluorochromes'));
  const detectors = dimensionNames(onlyChild(element, TRANSFORMS, 'detectors'));
  checkNames(fluorochromes, 'fluorochrome', element);
  checkNames(detectors, 'detector', element);
  if (fluorochromes.length > detectors.length) {
    throw fault(
      `${fluorochromes.length} fluorochromes cannot be told apart by ${detectors.length} detectors.`,
      element,
    );
  }
  const inverted = booleanAttribute(element, TRANSFORMS, 'matrix-inverted-already', false);
  const [rowCount, columnCount] = inverted
    ? [detectors.length, fluorochromes.length]
    : [fluorochromes.length, detectors.length];
  const rows = childrenOf(element, TRANSFORMS, 'spectrum').map((row) => readRow(row, columnCount));
  if (rows.length !== rowCount) {
    throw fault(`The matrix needs ${rowCount} rows, but has ${rows.length}.`, element);
  }
  const spill = Float64Array.from(rows.flat());
  return { fluorochromes, detectors, spill: inverted ? invertBack(spill, fluorochromes, detectors) : spill };
}

function readRow(row: XmlElement, columnCount: number): readonly number[] {
  const values = childrenOf(row, TRANSFORMS, 'coefficient').map((c) =>
    numberAttribute(c, TRANSFORMS, 'value'),
  );
  if (values.length !== columnCount) {
    throw fault(`A row of the matrix needs ${columnCount} coefficients, but has ${values.length}.`, row);
  }
  return values;
}

function checkNames(names: readonly string[], what: string, element: XmlElement): void {
  if (names.length === 0) throw fault(`The matrix names no ${what}.`, element);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw fault(`The matrix names ${what} ${twice} twice.`, element);
}

/**
 * The spillover whose unmixing matrix is `unmix` (detectors x fluorochromes): its pseudo-inverse, for a square matrix its inverse.
 * pinv(unmix) is the transpose of pinv(unmix'), and unmix' has the shape of a spillover.
 */
function invertBack(
  unmix: Float64Array,
  fluorochromes: readonly string[],
  detectors: readonly string[],
): Float64Array {
  const transposed = transpose(unmix, detectors.length, fluorochromes.length);
  const inverse = createUnmixing({ fluorochromes, detectors, spill: transposed }).unmix;
  return transpose(inverse, detectors.length, fluorochromes.length);
}
