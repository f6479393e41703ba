// The five kinds of gate (Gating-ML 2.0, section 5) -> gates of ours. A QuadrantGate is no population itself: each <Quadrant> is one.
// Invariant: every gate that leaves here passes the checks of gating/, so a strategy never fails later for its geometry.
import {
  compileEllipsoid,
  polygonColumns,
  type BooleanGate,
  type Dimension,
  type Gate,
} from '../../gating/index.ts';
import { attributeOf, childrenOf, type XmlElement } from '../xml.ts';
import { readDimension, type Definitions } from './dimensions.ts';
import {
  DATATYPES,
  GATING,
  booleanAttribute,
  fault,
  numberAttribute,
  numberOf,
  onlyChild,
  optionalNumber,
  textAttribute,
} from './elements.ts';

/** One population as the document names it: parents and operands are gate ids, not paths yet. */
export interface GateDefinition {
  readonly id: string;
  readonly parent: string | null;
  readonly gate: Gate;
  readonly element: XmlElement;
}

/** Vertices a polygon may have (reliability section 3). */
const MOST_VERTICES = 10_000;

/** Local names of the gate elements. */
export const gateNames: ReadonlySet<string> = new Set([
  'RectangleGate',
  'PolygonGate',
  'EllipsoidGate',
  'QuadrantGate',
  'BooleanGate',
]);

/** The populations of one gate element: one, or one a quadrant. */
export function readGate(element: XmlElement, definitions: Definitions): readonly GateDefinition[] {
  const id = textAttribute(element, GATING, 'id');
  const parent = attributeOf(element, GATING, 'parent_id');
  const one = (gate: Gate): readonly GateDefinition[] => [{ id, parent, gate, element }];
  switch (element.name) {
    case 'RectangleGate':
      return one(readRectangle(element, definitions));
    case 'PolygonGate':
      return one(readPolygon(element, definitions));
    case 'EllipsoidGate':
      return one(readEllipsoid(element, definitions));
    case 'BooleanGate':
      return one(readBoolean(element));
    case 'QuadrantGate':
      return readQuadrants(element, id, parent, definitions);
    default:
      throw fault(`<${element.name}> is not a gate of Gating-ML 2.0.`, element, 'E_GATINGML_UNSUPPORTED');
  }
}

/** min <= y < max on every dimension; a missing limit leaves that side open (5.1). */
function readRectangle(element: XmlElement, definitions: Definitions): Gate {
  const sides = childrenOf(element, GATING, 'dimension').map((child) => {
    const min = optionalNumber(child, GATING, 'min');
    const max = optionalNumber(child, GATING, 'max');
    if (min === null && max === null) throw fault('A dimension of a rectangle needs a min or a max.', child);
    if (min !== null && max !== null && min > max) throw fault(`min ${min} lies above max ${max}.`, child);
    return {
      dim: readDimension(child, definitions),
      min: min ?? Number.NEGATIVE_INFINITY,
      max: max ?? Number.POSITIVE_INFINITY,
    };
  });
  if (sides.length === 0) throw fault('A rectangle needs a dimension.', element);
  return {
    kind: 'rectangle',
    dims: sides.map((side) => side.dim),
    min: sides.map((side) => side.min),
    max: sides.map((side) => side.max),
  };
}

function readPolygon(element: XmlElement, definitions: Definitions): Gate {
  const dims = childrenOf(element, GATING, 'dimension').map((child) => readDimension(child, definitions));
  if (dims.length !== 2) throw fault(`A polygon needs two dimensions, but has ${dims.length}.`, element);
  const points = childrenOf(element, GATING, 'vertex');
  if (points.length > MOST_VERTICES) {
    throw fault(`The polygon has more than ${MOST_VERTICES} vertices.`, element, 'E_INPUT_LIMIT');
  }
  const vertices = points.map((vertex): readonly [number, number] => {
    const [x, y] = coordinates(vertex, 2);
    return [x, y];
  });
  const gate = { kind: 'polygon', dims: [dims[0], dims[1]], vertices } as const;
  polygonColumns(gate, `line ${element.line}`);
  return gate;
}

/** (y - mean)' covariance^-1 (y - mean) <= distanceSquare (5.3). */
function readEllipsoid(element: XmlElement, definitions: Definitions): Gate {
  const dims = childrenOf(element, GATING, 'dimension').map((child) => readDimension(child, definitions));
  const rows = childrenOf(onlyChild(element, GATING, 'covarianceMatrix'), GATING, 'row');
  const gate = {
    kind: 'ellipsoid',
    dims,
    mean: coordinates(onlyChild(element, GATING, 'mean'), dims.length),
    covariance: rows.flatMap((row) =>
      childrenOf(row, GATING, 'entry').map((entry) => numberAttribute(entry, DATATYPES, 'value')),
    ),
    distanceSquare: numberAttribute(onlyChild(element, GATING, 'distanceSquare'), DATATYPES, 'value'),
  } as const;
  if (rows.some((row) => childrenOf(row, GATING, 'entry').length !== dims.length)) {
    throw fault(`Every row of the covariance needs ${dims.length} entries.`, element);
  }
  compileEllipsoid(gate, `line ${element.line}`);
  return gate;
}

function coordinates(point: XmlElement, count: number): readonly number[] {
  const values = childrenOf(point, GATING, 'coordinate').map((c) => numberAttribute(c, DATATYPES, 'value'));
  if (values.length !== count) {
    throw fault(`<${point.name}> needs ${count} coordinates, but has ${values.length}.`, point);
  }
  return values;
}

function readBoolean(element: XmlElement): BooleanGate {
  const operators = element.children.filter(
    (child) =>
      child.namespace === GATING && (child.name === 'and' || child.name === 'or' || child.name === 'not'),
  );
  if (operators.length !== 1) throw fault('A Boolean gate needs exactly one of <and>, <or>, <not>.', element);
  const [body] = operators;
  const operator = body.name === 'and' || body.name === 'or' ? body.name : 'not';
  const operands = body.children
    .filter((child) => child.namespace === GATING)
    .map((child) => {
      if (child.name !== 'gateReference') {
        throw fault('An operand must be a <gateReference>.', child, 'E_GATINGML_UNSUPPORTED');
      }
      return {
        population: textAttribute(child, GATING, 'ref'),
        complement: booleanAttribute(child, GATING, 'use-as-complement', false),
      };
    });
  const enough = operator === 'not' ? operands.length === 1 : operands.length >= 2;
  if (!enough) {
    const needs = operator === 'not' ? 'exactly one operand' : 'two operands or more';
    throw fault(`<${operator}> needs ${needs}, but has ${operands.length}.`, body);
  }
  return { kind: 'boolean', operator, operands };
}

interface Divider {
  readonly dim: Dimension;
  readonly cuts: readonly number[];
}

/** Dividers cut their dimension into intervals; a quadrant names an interval by any value inside it (5.4). */
function readQuadrants(
  element: XmlElement,
  set: string,
  parent: string | null,
  definitions: Definitions,
): readonly GateDefinition[] {
  const dividers = new Map<string, Divider>();
  for (const child of childrenOf(element, GATING, 'divider')) {
    const id = textAttribute(child, GATING, 'id');
    if (dividers.has(id)) throw fault(`Two dividers are called ${id}.`, child);
    dividers.set(id, { dim: readDimension(child, definitions), cuts: readCuts(child) });
  }
  const quadrants = childrenOf(element, GATING, 'Quadrant');
  if (dividers.size === 0 || quadrants.length === 0) {
    throw fault('A quadrant gate needs a divider and a quadrant.', element);
  }
  const dims = [...dividers.values()].map((divider) => divider.dim);
  const cuts = [...dividers.values()].map((divider) => divider.cuts);
  return quadrants.map((quadrant) => ({
    id: textAttribute(quadrant, GATING, 'id'),
    parent,
    gate: { kind: 'quadrant', set, dims, dividers: cuts, cell: readCell(quadrant, dividers) },
    element: quadrant,
  }));
}

function readCuts(divider: XmlElement): readonly number[] {
  const cuts = childrenOf(divider, GATING, 'value').map((value) => numberOf(value.text, 'value', value));
  if (cuts.length === 0) throw fault('A divider needs a value.', divider);
  cuts.sort((a, b) => a - b);
  if (cuts.some((cut, i) => i > 0 && cut === cuts[i - 1]))
    throw fault('A divider holds a value twice.', divider);
  return cuts;
}

/** Interval of each divider, null where the quadrant does not mention it. */
function readCell(quadrant: XmlElement, dividers: ReadonlyMap<string, Divider>): readonly (number | null)[] {
  const intervals = new Map<string, number>();
  for (const position of childrenOf(quadrant, GATING, 'position')) {
    const ref = textAttribute(position, GATING, 'divider_ref');
    const divider = dividers.get(ref);
    if (divider === undefined)
      throw fault(`<position> refers to divider ${ref}, which does not exist.`, position);
    if (intervals.has(ref)) throw fault(`The quadrant has two positions on divider ${ref}.`, position);
    const location = numberAttribute(position, GATING, 'location');
    intervals.set(ref, divider.cuts.filter((cut) => cut <= location).length);
  }
  if (intervals.size === 0) throw fault('A quadrant needs a position.', quadrant);
  return [...dividers.keys()].map((id) => intervals.get(id) ?? null);
}
