// The thirty gates of the benchmark: 12 rectangles, 10 polygons of 7 to 12 vertices, 4 ellipses and 4 booleans in 8 levels.
// Time and scatter are gated raw, colours compensated by the file's own spillover and on a logicle scale. Written as Gating-ML 2.0,
// which FlowKit and this project both read: `npx tsx bench/workload/tree.ts` rewrites bench/big-tree.xml and bench/batch-tree.xml.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { colours, panelOf } from './panel.ts';

type Point = readonly [number, number];
type Shape =
  /** min <= value < max on every dimension; null = open. */
  | { readonly kind: 'rectangle'; readonly limits: readonly (readonly [number | null, number | null])[] }
  | { readonly kind: 'polygon'; readonly vertices: readonly Point[] }
  /** Inside: (y - mean)' covariance^-1 (y - mean) <= 1. */
  | { readonly kind: 'ellipse'; readonly mean: Point; readonly covariance: readonly [number, number, number] }
  | {
      readonly kind: 'boolean';
      readonly operator: 'and' | 'or' | 'not';
      readonly operands: readonly Operand[];
    };

interface Operand {
  readonly gate: string;
  readonly complement?: true;
}

export interface TreeGate {
  readonly id: string;
  readonly parent: string | null;
  /** Marker names, or raw channels such as FSC-A. */
  readonly dims: readonly string[];
  readonly shape: Shape;
}

const above = (cut: number): readonly [number, null] => [cut, null];
const below = (cut: number): readonly [null, number] => [null, cut];

function rectangle(
  id: string,
  parent: string | null,
  sides: Readonly<Record<string, readonly [number | null, number | null]>>,
): TreeGate {
  return { id, parent, dims: Object.keys(sides), shape: { kind: 'rectangle', limits: Object.values(sides) } };
}

function polygon(
  id: string,
  parent: string,
  dims: readonly [string, string],
  vertices: readonly Point[],
): TreeGate {
  return { id, parent, dims, shape: { kind: 'polygon', vertices } };
}

function ellipse(
  id: string,
  parent: string,
  dims: readonly [string, string],
  mean: Point,
  covariance: readonly [number, number, number],
): TreeGate {
  return { id, parent, dims, shape: { kind: 'ellipse', mean, covariance } };
}

function boolean(
  id: string,
  parent: string,
  operator: 'and' | 'or' | 'not',
  operands: readonly Operand[],
): TreeGate {
  return { id, parent, dims: [], shape: { kind: 'boolean', operator, operands } };
}

/** A closed outline of n corners around a centre, slightly uneven, so that no side is parallel to an axis. */
function outline(n: number, [cx, cy]: Point, [rx, ry]: Point): Point[] {
  return Array.from({ length: n }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.35)) / n;
    const reach = k % 2 === 0 ? 1.05 : 0.95;
    return [round(cx + rx * reach * Math.cos(angle)), round(cy + ry * reach * Math.sin(angle))] as const;
  });
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** Parents before children. */
export const tree: readonly TreeGate[] = [
  rectangle('Time', null, { Time: [30, 5970] }),
  polygon(
    'Singlets',
    'Time',
    ['FSC-A', 'FSC-H'],
    [
      [22_000, 17_500],
      [60_000, 49_500],
      [120_000, 99_000],
      [262_144, 215_000],
      [262_144, 262_144],
      [180_000, 176_000],
      [90_000, 90_500],
      [25_000, 27_500],
    ],
  ),
  polygon(
    'Cells',
    'Singlets',
    ['FSC-A', 'SSC-A'],
    [
      [42_000, 8_000],
      [90_000, 9_000],
      [150_000, 30_000],
      [205_000, 90_000],
      [215_000, 200_000],
      [170_000, 250_000],
      [95_000, 245_000],
      [62_000, 140_000],
      [44_000, 60_000],
    ],
  ),
  rectangle('Live', 'Cells', { Viability: below(0.56) }),
  polygon(
    'Leukocytes',
    'Live',
    ['CD45', 'SSC-A'],
    [
      [0.52, -2_000],
      [0.98, -2_000],
      [0.99, 120_000],
      [0.97, 255_000],
      [0.6, 260_000],
      [0.5, 220_000],
      [0.48, 110_000],
      [0.5, 30_000],
    ],
  ),
  polygon('T', 'Leukocytes', ['CD3', 'CD19'], outline(10, [0.765, 0.23], [0.19, 0.3])),
  polygon('CD4T', 'T', ['CD4', 'CD8'], outline(12, [0.76, 0.22], [0.17, 0.3])),
  polygon('CD8T', 'T', ['CD4', 'CD8'], outline(9, [0.2, 0.76], [0.28, 0.18])),
  rectangle('DNT', 'T', { CD4: below(0.5), CD8: below(0.48) }),
  polygon('Treg', 'CD4T', ['CD25', 'CD127'], outline(8, [0.72, 0.42], [0.16, 0.22])),
  rectangle('CD4naive', 'CD4T', { CD45RA: above(0.58), CCR7: above(0.5) }),
  rectangle('CD4CM', 'CD4T', { CD45RA: below(0.58), CCR7: above(0.5) }),
  rectangle('CD4EM', 'CD4T', { CD45RA: below(0.58), CCR7: below(0.5) }),
  ellipse('CD4PD1', 'CD4T', ['PD-1', 'CD45RA'], [0.7, 0.25], [0.022, 0.002, 0.06]),
  boolean('CD4rest', 'CD4T', 'and', [
    { gate: 'Treg', complement: true },
    { gate: 'CD4PD1', complement: true },
  ]),
  rectangle('CD8naive', 'CD8T', { CD45RA: above(0.6), CD27: above(0.5) }),
  rectangle('CD8TEMRA', 'CD8T', { CD45RA: above(0.6), CD27: below(0.5) }),
  polygon('CD8EM', 'CD8T', ['CD45RA', 'CD27'], outline(7, [0.22, 0.61], [0.33, 0.07])),
  ellipse('CD8PD1', 'CD8T', ['PD-1', 'HLA-DR'], [0.72, 0.66], [0.02, 0.001, 0.026]),
  boolean('CD8PD1EM', 'CD8T', 'and', [{ gate: 'CD8PD1' }, { gate: 'CD8EM' }]),
  polygon('B', 'Leukocytes', ['CD19', 'CD3'], outline(11, [0.74, 0.24], [0.19, 0.28])),
  rectangle('Bmemory', 'B', { CD27: above(0.5) }),
  rectangle('Bnaive', 'B', { CD27: below(0.5) }),
  rectangle('NonTB', 'Leukocytes', { CD3: below(0.5), CD19: below(0.5) }),
  polygon('NK', 'NonTB', ['CD56', 'CD16'], outline(9, [0.73, 0.5], [0.17, 0.42])),
  ellipse('NKbright', 'NK', ['CD56', 'CD16'], [0.83, 0.2], [0.014, 0, 0.07]),
  ellipse('Monocytes', 'NonTB', ['CD14', 'CD16'], [0.82, 0.25], [0.02, 0.004, 0.09]),
  rectangle('Granulocytes', 'Leukocytes', { 'SSC-A': above(90_000), CD16: above(0.7) }),
  boolean('TorB', 'Leukocytes', 'or', [{ gate: 'T' }, { gate: 'B' }]),
  boolean('NotGranulocytes', 'Leukocytes', 'not', [{ gate: 'Granulocytes' }]),
];

/** The part of the tree that a file with these parameters can carry: gates on absent channels go, and everything that rests on them. */
export function treeFor(parameters: number): TreeGate[] {
  const panel = panelOf(parameters);
  const known = new Set([...panel.names, ...panel.stains]);
  const kept = new Set<string>();
  return tree.filter(({ id, parent, dims, shape }) => {
    const rests = [
      ...(parent === null ? [] : [parent]),
      ...(shape.kind === 'boolean' ? shape.operands.map(({ gate }) => gate) : []),
    ];
    const fits = dims.every((dim) => known.has(dim)) && rests.every((gate) => kept.has(gate));
    if (fits) kept.add(id);
    return fits;
  });
}

/** Gating-ML 2.0 of some gates of the tree. */
export function gatingMl(gates: readonly TreeGate[]): string {
  const used = new Set(gates.flatMap(({ dims }) => dims));
  const scales = colours
    .filter(({ marker }) => used.has(marker))
    .map(
      ({ detector, W }) =>
        `  <transforms:transformation transforms:id="${scaleId(detector)}"><transforms:logicle transforms:T="262144" transforms:W="${W}" transforms:M="4.5" transforms:A="0"/></transforms:transformation>`,
    );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<gating:Gating-ML xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"',
    '  xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations"',
    '  xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">',
    ...scales,
    ...gates.map(gateXml),
    '</gating:Gating-ML>',
    '',
  ].join('\n');
}

function gateXml({ id, parent, dims, shape }: TreeGate): string {
  const attributes = `gating:id="${id}"${parent === null ? '' : ` gating:parent_id="${parent}"`}`;
  const dim = (name: string, limits = ''): string => dimensionXml(name, limits);
  switch (shape.kind) {
    case 'rectangle': {
      const sides = dims.map((name, d) => {
        const [min, max] = shape.limits[d];
        return dim(
          name,
          `${min === null ? '' : ` gating:min="${min}"`}${max === null ? '' : ` gating:max="${max}"`}`,
        );
      });
      return `  <gating:RectangleGate ${attributes}>${sides.join('')}</gating:RectangleGate>`;
    }
    case 'polygon': {
      const corners = shape.vertices.map((v) => `<gating:vertex>${coordinates(v)}</gating:vertex>`);
      return `  <gating:PolygonGate ${attributes}>${dims.map((name) => dim(name)).join('')}${corners.join('')}</gating:PolygonGate>`;
    }
    case 'ellipse': {
      const [xx, xy, yy] = shape.covariance;
      const entry = (value: number): string => `<gating:entry data-type:value="${value}"/>`;
      const matrix = [
        [xx, xy],
        [xy, yy],
      ]
        .map((row) => `<gating:row>${row.map(entry).join('')}</gating:row>`)
        .join('');
      return (
        `  <gating:EllipsoidGate ${attributes}>${dims.map((name) => dim(name)).join('')}<gating:mean>${coordinates(shape.mean)}</gating:mean>` +
        `<gating:covarianceMatrix>${matrix}</gating:covarianceMatrix><gating:distanceSquare data-type:value="1"/></gating:EllipsoidGate>`
      );
    }
    case 'boolean': {
      const operands = shape.operands.map(
        ({ gate, complement }) =>
          `<gating:gateReference gating:ref="${gate}"${complement ? ' gating:use-as-complement="true"' : ''}/>`,
      );
      return `  <gating:BooleanGate ${attributes}><gating:${shape.operator}>${operands.join('')}</gating:${shape.operator}></gating:BooleanGate>`;
    }
  }
}

function dimensionXml(name: string, limits: string): string {
  const colour = colours.find(({ marker }) => marker === name);
  const reference =
    colour === undefined
      ? 'gating:compensation-ref="uncompensated"'
      : `gating:compensation-ref="FCS" gating:transformation-ref="${scaleId(colour.detector)}"`;
  return `<gating:dimension ${reference}${limits}><data-type:fcs-dimension data-type:name="${colour?.detector ?? name}"/></gating:dimension>`;
}

function coordinates(point: Point): string {
  return point.map((value) => `<gating:coordinate data-type:value="${value}"/>`).join('');
}

function scaleId(detector: string): string {
  return `logicle-${detector}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));
  writeFileSync(file('big-tree.xml'), gatingMl(treeFor(24)));
  writeFileSync(file('batch-tree.xml'), gatingMl(treeFor(16)));
}
