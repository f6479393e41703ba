// Gating-ML reading on small hand-made documents: what each construct becomes, and what each fault is told.
import { describe, expect, it } from 'vitest';
import { readGatingML } from '../../src/interop/index.ts';

const namespaces =
  'xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating" ' +
  'xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations" ' +
  'xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes"';
const documentOf = (...parts: string[]) =>
  `<gating:Gating-ML ${namespaces}>\n${parts.join('\n')}\n</gating:Gating-ML>`;

const dimension = (
  name: string,
  limits = 'gating:min="1"',
  attributes = 'gating:compensation-ref="uncompensated"',
) =>
  `<gating:dimension ${attributes} ${limits}><data-type:fcs-dimension data-type:name="${name}"/></gating:dimension>`;
const range = (id: string, parent?: string, inner = dimension('A')) =>
  `<gating:RectangleGate gating:id="${id}"${parent === undefined ? '' : ` gating:parent_id="${parent}"`}>${inner}</gating:RectangleGate>`;
const logic = (id: string, operator: string, ...refs: string[]) =>
  `<gating:BooleanGate gating:id="${id}"><gating:${operator}>${refs
    .map((ref) => `<gating:gateReference gating:ref="${ref}"/>`)
    .join('')}</gating:${operator}></gating:BooleanGate>`;
const transformation = (id: string, body: string, bounds = '') =>
  `<transforms:transformation transforms:id="${id}" ${bounds}>${body}</transforms:transformation>`;
const logScale = '<transforms:flog transforms:T="100" transforms:M="2"/>';
const ratio =
  '<transforms:fratio transforms:A="1" transforms:B="2" transforms:C="3">' +
  '<data-type:fcs-dimension data-type:name="A"/><data-type:fcs-dimension data-type:name="B"/></transforms:fratio>';
const onRatio = (id: string, scale = '') =>
  range(
    id,
    undefined,
    `<gating:dimension gating:compensation-ref="uncompensated" gating:min="0" ${scale}>` +
      '<data-type:new-dimension data-type:transformation-ref="r"/></gating:dimension>',
  );
const vertex = (x: number | string, y: number | string) =>
  `<gating:vertex><gating:coordinate data-type:value="${x}"/><gating:coordinate data-type:value="${y}"/></gating:vertex>`;
const polygon = (id: string, ...points: string[]) =>
  `<gating:PolygonGate gating:id="${id}">${dimension('A', '')}${dimension('B', '')}${points.join('')}</gating:PolygonGate>`;
const matrix = (id: string, fluorochromes: string, detectors: string, rows: string, attributes = '') => {
  const names = (list: string) =>
    list
      .split(' ')
      .map((n) => `<data-type:fcs-dimension data-type:name="${n}"/>`)
      .join('');
  const spectra = rows.split(';').map((row) => {
    const values = row.split(' ').map((v) => `<transforms:coefficient transforms:value="${v}"/>`);
    return `<transforms:spectrum>${values.join('')}</transforms:spectrum>`;
  });
  return (
    `<transforms:spectrumMatrix transforms:id="${id}" ${attributes}><transforms:fluorochromes>${names(fluorochromes)}` +
    `</transforms:fluorochromes><transforms:detectors>${names(detectors)}</transforms:detectors>` +
    `${spectra.join('')}</transforms:spectrumMatrix>`
  );
};
const quadrants = (inner: string) =>
  '<gating:QuadrantGate gating:id="Q"><gating:divider gating:id="DA" gating:compensation-ref="FCS">' +
  '<data-type:fcs-dimension data-type:name="A"/><gating:value>20</gating:value><gating:value>10</gating:value></gating:divider>' +
  '<gating:divider gating:id="DB" gating:compensation-ref="FCS">' +
  `<data-type:fcs-dimension data-type:name="B"/><gating:value>5</gating:value></gating:divider>${inner}</gating:QuadrantGate>`;
const quadrant = (id: string, ...positions: string[]) =>
  `<gating:Quadrant gating:id="${id}">${positions
    .map((p) => p.split('@'))
    .map(([d, at]) => `<gating:position gating:divider_ref="${d}" gating:location="${at}"/>`)
    .join('')}</gating:Quadrant>`;

const populations = (text: string) => {
  const { strategy, issues } = readGatingML(text);
  expect(issues).toEqual([]);
  return strategy?.populations ?? [];
};

describe('what a document becomes', () => {
  it('a rectangle', () => {
    expect(populations(documentOf(range('R', undefined, dimension('A', 'gating:max="2.5e1"'))))).toEqual([
      {
        id: 'R',
        path: 'R',
        parent: null,
        gate: {
          kind: 'rectangle',
          dims: [
            { source: { kind: 'channel', channel: 'A' }, compensation: { kind: 'none' }, transform: null },
          ],
          min: [Number.NEGATIVE_INFINITY],
          max: [25],
        },
        fit: { status: 'explicit' },
      },
    ]);
  });

  it('other prefixes, the default namespace, and attributes without a prefix', () => {
    const text =
      '<Gating-ML xmlns="http://www.isac-net.org/std/Gating-ML/v2.0/gating" xmlns:d="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes">' +
      '<RectangleGate id="R"><dimension compensation-ref="uncompensated" min="1"><d:fcs-dimension d:name="A"/></dimension></RectangleGate></Gating-ML>';
    expect(populations(text)[0].gate).toMatchObject({ kind: 'rectangle', min: [1] });
  });

  it('paths from parents, parents first, wherever they are defined', () => {
    const found = populations(
      documentOf(range('c', 'b'), range('a'), range('b', 'a'), logic('n', 'not', 'c')),
    );
    expect(found.map((p) => [p.path, p.parent])).toEqual([
      ['a', null],
      ['a/b', 'a'],
      ['a/b/c', 'a/b'],
      ['n', null],
    ]);
    expect(found[3].gate).toEqual({
      kind: 'boolean',
      operator: 'not',
      operands: [{ population: 'a/b/c', complement: false }],
    });
  });

  it('quadrants: cells of sorted dividers, null where a divider is not named, usable as parents', () => {
    const cells =
      quadrant('low', 'DA@-3', 'DB@4') + quadrant('mid', 'DA@10') + quadrant('high', 'DA@99', 'DB@5');
    const found = populations(documentOf(quadrants(cells), range('child', 'mid')));
    expect(found.map((p) => (p.gate?.kind === 'quadrant' ? p.gate.cell : p.path))).toEqual([
      [0, 0],
      [1, null],
      [2, 1],
      'mid/child',
    ]);
    expect(found[0].gate).toMatchObject({ set: 'Q', dividers: [[10, 20], [5]] });
  });

  it('a ratio, with its bounds carried through the scale', () => {
    const bounded = (bounds: string, gate: string) =>
      populations(documentOf(gate, transformation('r', ratio, bounds), transformation('l', logScale)))[0]
        .gate;
    const source = { kind: 'ratio', numerator: 'A', denominator: 'B', A: 1, B: 2, C: 3 };
    expect(bounded('', onRatio('R'))).toMatchObject({ dims: [{ source, transform: null }] });
    expect(bounded('transforms:boundMax="10"', onRatio('R'))).toMatchObject({
      dims: [{ source, transform: { scale: { kind: 'linear', T: 1, A: 0 }, boundMin: null, boundMax: 10 } }],
    });
    // log10(x / 100) / 2 + 1: 10 -> 0.5; there is no logarithm of 0, so that bound clips nothing
    expect(
      bounded(
        'transforms:boundMin="0" transforms:boundMax="10"',
        onRatio('R', 'gating:transformation-ref="l"'),
      ),
    ).toMatchObject({ dims: [{ transform: { scale: { kind: 'log' }, boundMin: null, boundMax: 0.5 } }] });
  });

  it('matrices: as written, or undone when inverted already', () => {
    const gate = range('R', undefined, dimension('F', 'gating:min="1"', 'gating:compensation-ref="m"'));
    const spill = (text: string) => [
      ...(readGatingML(documentOf(gate, text)).strategy?.matrices['m'].spill ?? []),
    ];
    expect(spill(matrix('m', 'F G', 'A B', '1 0.5;0.25 1'))).toEqual([1, 0.5, 0.25, 1]);
    expect(spill(matrix('m', 'F G', 'A B C', '1 0.5 0;0 0.25 1'))).toEqual([1, 0.5, 0, 0, 0.25, 1]);
    // inverse of [[2, 1], [1, 1]]
    const square = spill(matrix('m', 'F G', 'A B', '2 1;1 1', 'transforms:matrix-inverted-already="true"'));
    [1, -1, -1, 2].forEach((value, k) => expect(square[k]).toBeCloseTo(value, 12));
    // pinv of [[1, 0], [0, 1], [1, 1]] = [[2, -1, 1], [-1, 2, 1]] / 3
    const tall = spill(matrix('m', 'F G', 'A B C', '1 0;0 1;1 1', 'transforms:matrix-inverted-already="1"'));
    [2, -1, 1, -1, 2, 1].forEach((value, k) => expect(tall[k]).toBeCloseTo(value / 3, 12));
  });

  it('custom information is skipped, whatever it holds', () => {
    const custom = `<data-type:custom_info>${range('ghost')}<x/></data-type:custom_info>`;
    expect(
      populations(documentOf(custom, range('R', undefined, custom + dimension('A')))).map((p) => p.id),
    ).toEqual(['R']);
  });

  it('elements of no vocabulary are entered, and said', () => {
    const { strategy, issues } = readGatingML(documentOf(`<sample>${range('R')}</sample>`));
    expect(strategy?.populations.map((p) => p.id)).toEqual(['R']);
    expect(issues).toMatchObject([{ code: 'W_GATINGML_FOREIGN_ELEMENT', level: 'warning', place: 'line 2' }]);
  });

  it('an ellipsoid that is none is read with a warning in three dimensions', () => {
    const entries = (row: string) =>
      `<gating:row>${row
        .split(' ')
        .map((v) => `<gating:entry data-type:value="${v}"/>`)
        .join('')}</gating:row>`;
    const ellipsoid = (rows: string[], centre: string) =>
      `<gating:EllipsoidGate gating:id="E">${rows.map((_, d) => dimension('ABC'[d], '')).join('')}<gating:mean>${centre}</gating:mean>` +
      `<gating:covarianceMatrix>${rows.map(entries).join('')}</gating:covarianceMatrix><gating:distanceSquare data-type:value="1"/></gating:EllipsoidGate>`;
    const zero = '<gating:coordinate data-type:value="0"/>';
    const codes = (rows: string[]) =>
      readGatingML(documentOf(ellipsoid(rows, zero.repeat(rows.length)))).issues.map((i) => i.code);
    expect(codes(['1 0 0', '0 1 0', '0 0 1'])).toEqual([]);
    expect(codes(['1 0 0', '0 -1 0', '0 0 1'])).toEqual(['W_GATINGML_COVARIANCE']);
    expect(codes(['1 2', '2 1'])).toEqual(['E_GATE_INVALID']);
    expect(codes(['1 1', '1 1'])).toEqual(['E_GATE_INVALID']);
    expect(codes(['1 0 0', '0 1'])).toEqual(['E_GATINGML_INVALID']);
  });
});

const chain = (n: number) =>
  Array.from({ length: n }, (_, i) => range(`g${i}`, i === 0 ? undefined : `g${i - 1}`));

describe('what a fault is told', () => {
  it.each<[string, string, string, RegExp, string | null]>([
    ['not XML', 'FCS3.0', 'E_XML_INVALID', /well-formed/, 'line 1'],
    ['a DTD', '<!DOCTYPE x><x/>', 'E_XML_DTD', /DTD/, null],
    ['another root', '<html/>', 'E_GATINGML_INVALID', /<html>/, 'line 1'],
    ['a FlowJo workspace', '<Workspace/>', 'E_GATINGML_INVALID', /FlowJo/, 'line 1'],
    [
      'an older version',
      '<g:Gating-ML xmlns:g="http://www.isac-net.org/std/Gating-ML/v1.5/gating"/>',
      'E_GATINGML_UNSUPPORTED',
      /version/,
      'line 1',
    ],
    ['no gate', documentOf(), 'E_GATINGML_INVALID', /no gate/, 'line 1'],
    [
      'an unknown gate',
      documentOf(range('R'), '<gating:TreeGate gating:id="T"/>'),
      'E_GATINGML_UNSUPPORTED',
      /TreeGate/,
      'line 3',
    ],
    ['a gate without id', documentOf('<gating:RectangleGate/>'), 'E_GATINGML_INVALID', /no id/, 'line 2'],
    ['an id used twice', documentOf(range('R'), range('R')), 'E_GATINGML_INVALID', /twice/, 'line 3'],
    ['an id with a slash', documentOf(range('a/b')), 'E_GATINGML_INVALID', /"\/"/, 'line 2'],
    [
      'a parent that does not exist',
      documentOf(range('R', 'P')),
      'E_GATINGML_INVALID',
      /refers to P/,
      'line 2',
    ],
    [
      'an operand that does not exist',
      documentOf(logic('N', 'not', 'P')),
      'E_GATINGML_INVALID',
      /refers to P/,
      'line 2',
    ],
    [
      'a quadrant gate as a parent',
      documentOf(quadrants(quadrant('q', 'DA@1')), range('R', 'Q')),
      'E_GATINGML_INVALID',
      /one of its quadrants/,
      'line 3',
    ],
    ['a gate that is its own parent', documentOf(range('R', 'R')), 'E_GATINGML_INVALID', /itself/, 'line 2'],
    [
      'no compensation-ref',
      documentOf(range('R', undefined, dimension('A', 'gating:min="1"', ''))),
      'E_GATINGML_INVALID',
      /compensation-ref/,
      'line 2',
    ],
    [
      'an unknown compensation',
      documentOf(range('R', undefined, dimension('A', 'gating:min="1"', 'gating:compensation-ref="m"'))),
      'E_GATINGML_INVALID',
      /spectrumMatrix/,
      'line 2',
    ],
    [
      'an unknown transformation',
      documentOf(range('R', undefined, dimension('A', 'gating:min="1" gating:transformation-ref="t"'))),
      'E_GATINGML_INVALID',
      /transformation t/,
      'line 2',
    ],
    [
      'a rectangle without limits',
      documentOf(range('R', undefined, dimension('A', ''))),
      'E_GATINGML_INVALID',
      /min or a max/,
      'line 2',
    ],
    [
      'limits the wrong way round',
      documentOf(range('R', undefined, dimension('A', 'gating:min="2" gating:max="1"'))),
      'E_GATINGML_INVALID',
      /above max/,
      'line 2',
    ],
    [
      'a decimal comma',
      documentOf(range('R', undefined, dimension('A', 'gating:min="1,5"'))),
      'E_GATINGML_INVALID',
      /"1,5"/,
      'line 2',
    ],
    [
      'an infinite number',
      documentOf(range('R', undefined, dimension('A', 'gating:min="1e999"'))),
      'E_GATINGML_INVALID',
      /finite/,
      'line 2',
    ],
    [
      'NaN',
      documentOf(polygon('P', vertex(0, 0), vertex('NaN', 1), vertex(1, 1))),
      'E_GATINGML_INVALID',
      /NaN/,
      'line 2',
    ],
    [
      'two vertices',
      documentOf(polygon('P', vertex(0, 0), vertex(1, 1))),
      'E_GATE_INVALID',
      /three vertices/,
      'line 2',
    ],
    [
      'too many vertices',
      documentOf(polygon('P', vertex(0, 0).repeat(10_001))),
      'E_INPUT_LIMIT',
      /10000 vertices/,
      'line 2',
    ],
    [
      'an unknown scale',
      documentOf(range('R'), transformation('t', '<transforms:biex/>')),
      'E_GATINGML_UNSUPPORTED',
      /biex/,
      'line 3',
    ],
    [
      'a logicle that cannot be',
      documentOf(
        range('R'),
        transformation(
          't',
          '<transforms:logicle transforms:T="1" transforms:W="3" transforms:M="4" transforms:A="0"/>',
        ),
      ),
      'E_GATINGML_INVALID',
      /W <= M/,
      'line 3',
    ],
    [
      'bounds the wrong way round',
      documentOf(
        range('R'),
        transformation('t', logScale, 'transforms:boundMin="1" transforms:boundMax="0"'),
      ),
      'E_GATINGML_INVALID',
      /boundMin/,
      'line 3',
    ],
    [
      'a ratio used as a scale',
      documentOf(
        range('R', undefined, dimension('A', 'gating:min="1" gating:transformation-ref="r"')),
        transformation('r', ratio),
      ),
      'E_GATINGML_INVALID',
      /new-dimension/,
      'line 2',
    ],
    [
      'a scale used as a ratio',
      documentOf(onRatio('R'), transformation('r', logScale)),
      'E_GATINGML_INVALID',
      /needs a ratio/,
      'line 2',
    ],
    [
      'a matrix with a short row',
      documentOf(range('R'), matrix('m', 'F G', 'A B', '1 0.5;0.25')),
      'E_GATINGML_INVALID',
      /2 coefficients/,
      'line 3',
    ],
    [
      'more colours than detectors',
      documentOf(range('R'), matrix('m', 'F G H', 'A B', '1 0;0 1;1 1')),
      'E_GATINGML_INVALID',
      /3 fluorochromes/,
      'line 3',
    ],
    [
      'a reserved id',
      documentOf(range('R'), matrix('FCS', 'F G', 'A B', '1 0;0 1')),
      'E_GATINGML_INVALID',
      /reserved/,
      'line 3',
    ],
    [
      'two operands of not',
      documentOf(range('R'), logic('N', 'not', 'R', 'R')),
      'E_GATINGML_INVALID',
      /exactly one/,
      'line 3',
    ],
    [
      'one operand of and',
      documentOf(range('R'), logic('N', 'and', 'R')),
      'E_GATINGML_INVALID',
      /two operands/,
      'line 3',
    ],
    [
      'a position on no divider',
      documentOf(quadrants(quadrant('q', 'DX@1'))),
      'E_GATINGML_INVALID',
      /DX/,
      'line 2',
    ],
    [
      'two positions on a divider',
      documentOf(quadrants(quadrant('q', 'DA@1', 'DA@15'))),
      'E_GATINGML_INVALID',
      /two positions/,
      'line 2',
    ],
    [
      'one quadrant gate with more quadrants than a document may have gates',
      documentOf(quadrants(Array.from({ length: 10_001 }, (_, i) => quadrant(`q${i}`, 'DA@1')).join(''))),
      'E_INPUT_LIMIT',
      /10000 gates/,
      null,
    ],
    ['parents too deep', documentOf(...chain(65)), 'E_INPUT_LIMIT', /64/, 'line 66'],
  ])('%s', (_, text, code, message, place) => {
    const { strategy, issues } = readGatingML(text);
    expect(strategy).toBeNull();
    expect(issues.filter((i) => i.level === 'error')).toMatchObject([
      { code, message: expect.stringMatching(message) as string, place },
    ]);
  });

  it('64 levels are fine', () => {
    expect(populations(documentOf(...chain(64)))).toHaveLength(64);
  });

  it('gates that depend on each other in a circle are all named', () => {
    const { issues } = readGatingML(
      documentOf(range('R'), logic('a', 'and', 'R', 'b'), logic('b', 'not', 'a')),
    );
    expect(issues.map((i) => i.place)).toEqual(['line 3', 'line 4']);
  });

  it('every fault of a document is told at once', () => {
    const { issues } = readGatingML(documentOf(range('R', undefined, ''), polygon('P'), logic('N', 'not')));
    expect(issues.map((i) => i.place)).toEqual(['line 2', 'line 3', 'line 4']);
  });
});
