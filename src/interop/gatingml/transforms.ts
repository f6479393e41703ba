// <transforms:transformation> (Gating-ML 2.0, section 6): scales of one value, and parametrised ratios, which make a new dimension.
// Invariant: parameters satisfy the standard's constraints before anything is computed with them.
import { compileForward, type ScaleFunction, type Transform } from '../../signal/index.ts';
import { sinh } from '../../math/index.ts';
import type { DimensionSource } from '../../gating/index.ts';
import type { XmlElement } from '../xml.ts';
import { DATATYPES, TRANSFORMS, dimensionNames, fault, numberAttribute, optionalNumber } from './elements.ts';

/** Namespace of our own attributes, which other readers skip. */
export const IMMUNOGATE = 'urn:immunogate:gating-ml:1';

export type Transformation =
  | { readonly kind: 'scale'; readonly transform: Transform }
  | {
      readonly kind: 'ratio';
      readonly source: Extract<DimensionSource, { kind: 'ratio' }>;
      readonly boundMin: number | null;
      readonly boundMax: number | null;
    };

/** Reads one <transformation>. */
export function readTransformation(element: XmlElement): Transformation {
  const boundMin = optionalNumber(element, TRANSFORMS, 'boundMin');
  const boundMax = optionalNumber(element, TRANSFORMS, 'boundMax');
  if (boundMin !== null && boundMax !== null && boundMin > boundMax) {
    throw fault(`boundMin ${boundMin} lies above boundMax ${boundMax}.`, element);
  }
  const kinds = element.children.filter((child) => child.namespace !== DATATYPES);
  if (kinds.length !== 1) {
    throw fault(`<transformation> needs exactly one function, but has ${kinds.length}.`, element);
  }
  const [body] = kinds;
  if (body.namespace === TRANSFORMS && body.name === 'fratio') {
    return { kind: 'ratio', source: readRatio(body), boundMin, boundMax };
  }
  const cofactor = optionalNumber(element, IMMUNOGATE, 'cofactor');
  const scale = cofactor === null ? readScale(body) : readCofactor(cofactor, body);
  return { kind: 'scale', transform: { scale, boundMin, boundMax } };
}

/** fratio(x, y) = A (x - B) / (y - C), x and y the two dimensions in order (6.3.1). */
function readRatio(element: XmlElement): Extract<DimensionSource, { kind: 'ratio' }> {
  const names = dimensionNames(element);
  if (names.length !== 2) throw fault(`<fratio> needs two dimensions, but has ${names.length}.`, element);
  const [A, B, C] = ['A', 'B', 'C'].map((name) => numberAttribute(element, TRANSFORMS, name));
  return { kind: 'ratio', numerator: names[0], denominator: names[1], A, B, C };
}

function readScale(element: XmlElement): ScaleFunction {
  const value = (name: string): number => numberAttribute(element, TRANSFORMS, name);
  const must = (holds: boolean, rule: string): void => {
    if (!holds) throw fault(`The parameters of <${element.name}> break the rule ${rule}.`, element);
  };
  if (element.namespace !== TRANSFORMS) throw unknownFunction(element);
  switch (element.name) {
    case 'flin': {
      const [T, A] = [value('T'), value('A')];
      must(T > 0 && A >= 0 && A <= T, 'T > 0, 0 <= A <= T');
      return { kind: 'linear', T, A };
    }
    case 'flog': {
      const [T, M] = [value('T'), value('M')];
      must(T > 0 && M > 0, 'T > 0, M > 0');
      return { kind: 'log', T, M };
    }
    case 'fasinh': {
      const [T, M, A] = [value('T'), value('M'), value('A')];
      must(T > 0 && M > 0 && A >= 0 && A <= M, 'T > 0, M > 0, 0 <= A <= M');
      return { kind: 'asinh', T, M, A };
    }
    case 'logicle':
    case 'hyperlog': {
      const [T, W, M, A] = [value('T'), value('W'), value('M'), value('A')];
      must(T > 0 && M > 0, 'T > 0, M > 0');
      must(element.name === 'logicle' ? W >= 0 : W > 0, element.name === 'logicle' ? 'W >= 0' : 'W > 0');
      must(2 * W <= M && A >= -W && A <= M - 2 * W, 'W <= M / 2, -W <= A <= M - 2 W');
      return { kind: element.name, T, W, M, A };
    }
    default:
      throw unknownFunction(element);
  }
}

/** Our own note that a <fasinh> is asinh(x / cofactor); it must be the same function. */
function readCofactor(cofactor: number, element: XmlElement): ScaleFunction {
  const scale = readScale(element);
  const same =
    scale.kind === 'asinh' &&
    scale.A === 0 &&
    near(scale.M, Math.LOG10E) &&
    near(scale.T, cofactor * sinh(1));
  if (!same)
    throw fault(`<${element.name}> is not the inverse hyperbolic sine of cofactor ${cofactor}.`, element);
  return { kind: 'asinhCofactor', cofactor };
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-12 * Math.abs(b);
}

function unknownFunction(element: XmlElement) {
  return fault(
    `Transformation <${element.name}> is not one of Gating-ML 2.0.`,
    element,
    'E_GATINGML_UNSUPPORTED',
  );
}

/**
 * The transform of a ratio dimension: the ratio is clipped to its own bounds first, then scaled. As every scale rises, clipping
 * before it is the same as clipping its result at the scaled bounds, so one transform says both. Null = neither bounds nor scale.
 */
export function ratioTransform(
  ratio: Extract<Transformation, { kind: 'ratio' }>,
  scale: Transform | null,
): Transform | null {
  const { boundMin, boundMax } = ratio;
  if (boundMin === null && boundMax === null) return scale;
  if (scale === null) return { scale: { kind: 'linear', T: 1, A: 0 }, boundMin, boundMax };
  const forward = compileForward(scale);
  const scaled = (bound: number | null): number | null => {
    const y = bound === null ? Number.NaN : forward(bound);
    return Number.isFinite(y) ? y : null;
  };
  return {
    scale: scale.scale,
    boundMin: scaled(boundMin) ?? scale.boundMin,
    boundMax: scaled(boundMax) ?? scale.boundMax,
  };
}
