// <gating:dimension> and <gating:divider> (Gating-ML 2.0, section 5): what is measured, under which compensation, on which scale.
import type { CompensationReference, Dimension } from '../../gating/index.ts';
import { attributeOf, type XmlElement } from '../xml.ts';
import { DATATYPES, GATING, fault, textAttribute } from './elements.ts';
import { ratioTransform, type Transformation } from './transforms.ts';

/** What the rest of the document defines. References may point forwards. */
export interface Definitions {
  readonly transformations: ReadonlyMap<string, Transformation>;
  /** Ids of the spectrum matrices. */
  readonly matrices: ReadonlySet<string>;
}

/** Words of `compensation-ref` that are not the id of a matrix (5.1.2). */
export const UNCOMPENSATED = 'uncompensated';
export const FILE_COMPENSATION = 'FCS';

export function readDimension(element: XmlElement, definitions: Definitions): Dimension {
  const compensation = readCompensation(element, definitions);
  const scaleId = attributeOf(element, GATING, 'transformation-ref');
  const scale = scaleId === null ? null : referredTransformation(scaleId, element, definitions);
  if (scale?.kind === 'ratio') {
    throw fault(`Transformation ${scaleId} is a ratio; a ratio is used through <new-dimension>.`, element);
  }
  const transform = scale?.transform ?? null;

  const sources = element.children.filter(
    (child) =>
      child.namespace === DATATYPES && (child.name === 'fcs-dimension' || child.name === 'new-dimension'),
  );
  if (sources.length !== 1) {
    throw fault(`<${element.name}> needs exactly one <fcs-dimension> or <new-dimension>.`, element);
  }
  const [source] = sources;
  if (source.name === 'fcs-dimension') {
    const channel = textAttribute(source, DATATYPES, 'name');
    return { source: { kind: 'channel', channel }, compensation, transform };
  }
  const ratioId = textAttribute(source, DATATYPES, 'transformation-ref');
  const ratio = referredTransformation(ratioId, source, definitions);
  if (ratio.kind !== 'ratio') {
    throw fault(`<new-dimension> needs a ratio, but transformation ${ratioId} is a scale.`, source);
  }
  return { source: ratio.source, compensation, transform: ratioTransform(ratio, transform) };
}

function readCompensation(element: XmlElement, definitions: Definitions): CompensationReference {
  const id = textAttribute(element, GATING, 'compensation-ref');
  if (id === UNCOMPENSATED) return { kind: 'none' };
  if (id === FILE_COMPENSATION) return { kind: 'file', absent: 'uncompensated' };
  if (definitions.matrices.has(id)) return { kind: 'matrix', id };
  throw fault(
    `compensation-ref ${id} is neither "${UNCOMPENSATED}" nor "${FILE_COMPENSATION}" nor a <spectrumMatrix> of the document.`,
    element,
  );
}

function referredTransformation(id: string, element: XmlElement, definitions: Definitions): Transformation {
  const found = definitions.transformations.get(id);
  if (found !== undefined) return found;
  throw fault(
    `<${element.name}> refers to transformation ${id}, which the document does not define.`,
    element,
  );
}
