// One <Gate> of a FlowJo workspace -> a gate of ours. FlowJo writes limits and vertices in linear units whatever the axis, tests polygons on the
// display axis, and keeps ellipses as foci and edge points in display bins. Limits are half-open, as FlowJo's rectangles count.
import {
  compileEllipsoid,
  polygonColumns,
  type Dimension,
  type EllipsoidGate,
  type GeometricGate,
} from '../../gating/index.ts';
import { compileForward } from '../../signal/index.ts';
import {
  DATATYPES,
  GATING,
  fault,
  numberAttribute,
  onlyChild,
  optionalNumber,
  textAttribute,
} from '../gatingml/elements.ts';
import { childrenOf, type XmlElement } from '../xml.ts';
import { BINS, linearAxis, type FlowJoAxis } from './scales.ts';

/** What the names in a sample's gates mean. */
export interface SampleNames {
  readonly scales: ReadonlyMap<string, FlowJoAxis>;
  /** Channels, as FlowJo writes them. */
  readonly channels: ReadonlySet<string>;
  /** Compensation of the sample: id of the matrix, and how FlowJo marks names that are under it; null = none. */
  readonly compensation: { readonly id: string; readonly prefix: string; readonly suffix: string } | null;
}

/** The axis that FlowJo takes where it names none. */
const plainAxis = linearAxis(0, 262_144);

/** Throws E_FLOWJO_INVALID or E_FLOWJO_UNSUPPORTED, with the line. */
export function readFlowJoGate(element: XmlElement, names: SampleNames): GeometricGate {
  switch (element.name) {
    case 'RectangleGate':
      return readRectangle(element, names);
    case 'PolygonGate':
      return readPolygon(element, names);
    case 'EllipsoidGate':
      return readEllipse(element, names);
    default:
      throw fault(
        `FlowJo gates of the kind <${element.name}> are not supported.`,
        element,
        'E_FLOWJO_UNSUPPORTED',
      );
  }
}

function axesOf(element: XmlElement, names: SampleNames) {
  return childrenOf(element, GATING, 'dimension').map((dimension) => {
    const written = textAttribute(onlyChild(dimension, DATATYPES, 'fcs-dimension'), DATATYPES, 'name');
    const axis = names.scales.get(written) ?? plainAxis;
    if (axis.gain !== 1 && !/^time$/i.test(written))
      throw fault(
        `The axis of ${written} has a gain, which is known for Time only.`,
        dimension,
        'E_FLOWJO_UNSUPPORTED',
      );
    const uncompensated = uncompensatedName(written, names);
    if (uncompensated === null && !names.channels.has(written))
      throw fault(`The sample has no channel ${written}.`, dimension, 'E_FLOWJO_INVALID');
    const source: Pick<Dimension, 'source' | 'compensation'> = {
      source: { kind: 'channel', channel: uncompensated?.channel ?? written },
      compensation: uncompensated === null ? { kind: 'none' } : { kind: 'matrix', id: uncompensated.matrix },
    };
    return { element: dimension, axis, source };
  });
}

/** The channel behind FlowJo's name of a compensated one (`Comp-FITC-A`) and its matrix; null for every other name. */
function uncompensatedName(
  written: string,
  { channels, compensation }: SampleNames,
): { readonly channel: string; readonly matrix: string } | null {
  if (compensation === null) return null;
  const { id, prefix, suffix } = compensation;
  if (!written.startsWith(prefix) || !written.endsWith(suffix)) return null;
  const channel = written.slice(prefix.length, written.length - suffix.length);
  return channels.has(channel) ? { channel, matrix: id } : null;
}

/** Limits in linear units: on the display axis they would mean the same events, and fewer digits. */
function readRectangle(element: XmlElement, names: SampleNames): GeometricGate {
  const axes = axesOf(element, names);
  if (axes.length === 0) throw fault('A rectangle needs a dimension.', element, 'E_FLOWJO_INVALID');
  const limits = (name: 'min' | 'max', open: number): number[] =>
    axes.map(({ element: dimension, axis }) => (optionalNumber(dimension, GATING, name) ?? open) / axis.gain);
  return {
    kind: 'rectangle',
    dims: axes.map(({ source }) => ({ ...source, transform: null })),
    min: limits('min', Number.NEGATIVE_INFINITY),
    max: limits('max', Number.POSITIVE_INFINITY),
  };
}

function readPolygon(element: XmlElement, names: SampleNames): GeometricGate {
  const axes = axesOf(element, names);
  if (axes.length !== 2)
    throw fault(`A polygon needs two dimensions, but has ${axes.length}.`, element, 'E_FLOWJO_INVALID');
  const [x, y] = axes.map(({ axis, source }): Dimension => ({ ...source, transform: axis.transform }));
  const [toX, toY] = axes.map(({ axis }) => fromWritten(axis));
  const vertices = childrenOf(element, GATING, 'vertex').map((vertex): readonly [number, number] => {
    const [a, b] = pointOf(vertex);
    return [toX(a), toY(b)];
  });
  const gate = { kind: 'polygon', dims: [x, y], vertices } as const;
  polygonColumns(gate, `line ${element.line}`);
  return gate;
}

/**
 * All points whose distances to the two foci add up to at most those of the edge point on the major axis, in display bins. The stored
 * `distance` says another sum, under which FlowJo's own counts do not come out.
 */
function readEllipse(element: XmlElement, names: SampleNames): GeometricGate {
  const axes = axesOf(element, names);
  const foci = childrenOf(onlyChild(element, GATING, 'foci'), GATING, 'vertex').map(pointOf);
  if (axes.length !== 2 || foci.length !== 2)
    throw fault('An ellipse needs two dimensions and two foci.', element, 'E_FLOWJO_INVALID');
  const edge = childrenOf(onlyChild(element, GATING, 'edge'), GATING, 'vertex').map(pointOf);
  const [[ax, ay], [bx, by]] = foci;
  const sums = edge.map(([x, y]) => distance(x - ax, y - ay) + distance(x - bx, y - by));
  const major = Math.max(0, ...sums) / 2;
  const [cx, cy] = [(bx - ax) / 2, (by - ay) / 2];
  const focal = cx * cx + cy * cy;
  const minor = major * major - focal;
  if (!(minor > 0)) throw fault('The foci of the ellipse lie too far apart.', element, 'E_FLOWJO_INVALID');
  // the covariance of axes `major` along the foci and sqrt(minor) across: minor * I + foci * foci'
  const [ux, uy] = axes.map(({ axis }) => axis.unit / BINS);
  const gate: EllipsoidGate = {
    kind: 'ellipsoid',
    dims: axes.map(({ axis, source }) => ({ ...source, transform: axis.display })),
    mean: [((ax + bx) / 2) * ux, ((ay + by) / 2) * uy],
    covariance: [
      (minor + cx * cx) * ux * ux,
      cx * cy * ux * uy,
      cx * cy * ux * uy,
      (minor + cy * cy) * uy * uy,
    ],
    distanceSquare: 1,
  };
  compileEllipsoid(gate, `line ${element.line}`);
  return gate;
}

function pointOf(vertex: XmlElement): readonly [number, number] {
  const [x, y, ...others] = childrenOf(vertex, GATING, 'coordinate').map((coordinate) =>
    numberAttribute(coordinate, DATATYPES, 'value'),
  );
  if (x === undefined || y === undefined || others.length > 0)
    throw fault('A vertex needs two coordinates.', vertex, 'E_FLOWJO_INVALID');
  return [x, y];
}

function distance(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** From what FlowJo writes to the units of the axis. */
function fromWritten({ transform, gain }: FlowJoAxis): (x: number) => number {
  return transform === null ? (x) => x / gain : compileForward(transform);
}
