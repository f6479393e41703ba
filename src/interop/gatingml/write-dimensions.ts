// Writing what gates are measured on: dimensions, transformations and matrices. The mirror of dimensions.ts, transforms.ts, matrices.ts.
import type { Dimension } from '../../gating/index.ts';
import { sinh } from '../../math/index.ts';
import type { CompensationMatrix, Transform } from '../../signal/index.ts';
import { FILE_COMPENSATION, UNCOMPENSATED } from './dimensions.ts';
import { markup, type Attributes, type Markup } from './markup.ts';

export function dimensionMarkup(
  name: string,
  dim: Dimension,
  transformations: Transformations,
  attributes: Attributes,
  more: readonly Markup[] = [],
): Markup {
  const { source, transform } = dim;
  const place =
    source.kind === 'channel'
      ? markup('data-type:fcs-dimension', { 'data-type:name': source.channel })
      : markup('data-type:new-dimension', {
          'data-type:transformation-ref': transformations.idOf(
            'ratio',
            {},
            markup('transforms:fratio', parameters(source, 'A', 'B', 'C'), [
              markup('data-type:fcs-dimension', { 'data-type:name': source.numerator }),
              markup('data-type:fcs-dimension', { 'data-type:name': source.denominator }),
            ]),
          ),
        });
  return markup(
    name,
    {
      ...attributes,
      'gating:compensation-ref': compensationText(dim),
      'gating:transformation-ref': transform === null ? undefined : transformations.idOfTransform(transform),
    },
    [place, ...more],
  );
}

function compensationText({ compensation }: Dimension): string {
  switch (compensation.kind) {
    case 'none':
      return UNCOMPENSATED;
    case 'file':
      return FILE_COMPENSATION;
    case 'matrix':
      return compensation.id;
  }
}

export interface Transformations {
  idOf(kind: string, attributes: Attributes, body: Markup): string;
  idOfTransform(transform: Transform): string;
  all(): readonly Markup[];
}

/** Gives each distinct transformation an id, in order of first use. */
export function createTransformations(): Transformations {
  const known = new Map<string, Markup>();
  const idOf = (kind: string, attributes: Attributes, body: Markup): string => {
    const key = JSON.stringify([attributes, body]);
    const found = known.get(key);
    if (found !== undefined) return String(found.attributes['transforms:id']);
    const id = `${kind}_${known.size + 1}`;
    known.set(key, markup('transforms:transformation', { 'transforms:id': id, ...attributes }, [body]));
    return id;
  };
  const idOfTransform = ({ scale, boundMin, boundMax }: Transform): string => {
    const bounds = {
      'transforms:boundMin': boundMin ?? undefined,
      'transforms:boundMax': boundMax ?? undefined,
    };
    switch (scale.kind) {
      case 'linear':
        return idOf('linear', bounds, markup('transforms:flin', parameters(scale, 'T', 'A')));
      case 'log':
        return idOf('log', bounds, markup('transforms:flog', parameters(scale, 'T', 'M')));
      case 'asinh':
        return idOf('asinh', bounds, markup('transforms:fasinh', parameters(scale, 'T', 'M', 'A')));
      case 'logicle':
        return idOf('logicle', bounds, markup('transforms:logicle', parameters(scale, 'T', 'W', 'M', 'A')));
      case 'hyperlog':
        return idOf('hyperlog', bounds, markup('transforms:hyperlog', parameters(scale, 'T', 'W', 'M', 'A')));
      case 'asinhCofactor': {
        // asinh(x / c) = fasinh with A = 0, M = 1 / ln 10, T = c sinh 1; the own attribute keeps c to the last bit
        const body = { T: scale.cofactor * sinh(1), M: Math.LOG10E, A: 0 };
        const own = { ...bounds, 'immunogate:cofactor': scale.cofactor };
        return idOf('asinh', own, markup('transforms:fasinh', parameters(body, 'T', 'M', 'A')));
      }
      case 'biex':
        throw new Error('biexponential axes are carried to linear units before they are written');
    }
  };
  return { idOf, idOfTransform, all: () => [...known.values()] };
}

function parameters<K extends string>(
  values: Readonly<Record<K, number>>,
  ...names: readonly K[]
): Attributes {
  return Object.fromEntries(names.map((name) => [`transforms:${name}`, values[name]]));
}

export function matrixMarkup(id: string, matrix: CompensationMatrix): Markup {
  const names = (list: readonly string[]) =>
    list.map((name) => markup('data-type:fcs-dimension', { 'data-type:name': name }));
  const n = matrix.detectors.length;
  const rows = matrix.fluorochromes.map((_, r) =>
    markup(
      'transforms:spectrum',
      {},
      Array.from(matrix.spill.subarray(r * n, r * n + n), (value) =>
        markup('transforms:coefficient', { 'transforms:value': value }),
      ),
    ),
  );
  return markup('transforms:spectrumMatrix', { 'transforms:id': id }, [
    markup('transforms:fluorochromes', {}, names(matrix.fluorochromes)),
    markup('transforms:detectors', {}, names(matrix.detectors)),
    ...rows,
  ]);
}
