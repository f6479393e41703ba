// Writing Gating-ML: what is written and read back selects the same events; what cannot be written is said.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventTable } from '../../src/events/index.ts';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import {
  evaluateStrategy,
  type Dimension,
  type Gate,
  type GatingStrategy,
  type StrategyPopulation,
} from '../../src/gating/index.ts';
import { readGatingML, writeGatingML } from '../../src/interop/index.ts';
import type { Transform } from '../../src/signal/index.ts';
import { sharedData } from '../shared-data.ts';

const thereAndBack = (strategy: GatingStrategy): GatingStrategy => {
  const { text, issues } = writeGatingML(strategy);
  expect(issues.filter((i) => i.level === 'error')).toEqual([]);
  const read = readGatingML(text ?? '');
  expect(read.issues.filter((i) => i.level === 'error')).toEqual([]);
  if (read.strategy === null) throw new Error('what was written cannot be read');
  return read.strategy;
};

const folder = sharedData('data/gatingml') ?? '';

describe.skipIf(folder === '')('official documents (skipped without ../shared)', () => {
  it.each([
    ['official_per_gate/gml/gml_all_gates.xml', 'data1.fcs', 49],
    ['set_1/gates1.xml', 'data1.fcs', 61],
    ['set_2/gates2.xml', 'data2.fcs', 40],
  ])('%s selects the same events after there and back', (document, fcs, gates) => {
    const source = memorySource(readFileSync(join(folder, fcs)));
    const file = readFcs(source);
    const { table } = readEvents(source, file, { scaling: 'scaled' });
    const { strategy } = readGatingML(readFileSync(join(folder, document), 'utf8'));
    if (strategy === null) throw new Error('the document was refused');
    const before = evaluateStrategy(strategy, table, file.spillover);
    const after = evaluateStrategy(thereAndBack(strategy), table, file.spillover);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [path, membership] of before) expect(after.get(path), path).toEqual(membership);
    expect(before.size).toBe(gates);
  });
});

const dim = (channel: string, transform: Transform | null = null): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform,
});
const population = (path: string, gate: Gate | null): StrategyPopulation => {
  const segments = path.split('/');
  return {
    id: segments[segments.length - 1],
    path,
    parent: segments.length === 1 ? null : segments.slice(0, -1).join('/'),
    gate,
    fit: gate === null ? { status: 'notEvaluable', reason: 'no cut' } : { status: 'explicit' },
  };
};
const strategyOf = (...populations: StrategyPopulation[]): GatingStrategy => ({
  template: { id: 't', version: '1' },
  matrices: {},
  populations,
});
const range = (d: Dimension, min: number, max: number): Gate => ({
  kind: 'rectangle',
  dims: [d],
  min: [min],
  max: [max],
});
const noBounds = { boundMin: null, boundMax: null };
const cofactor: Transform = { scale: { kind: 'asinhCofactor', cofactor: 150 }, ...noBounds };
const biex: Transform = {
  scale: { kind: 'biex', T: 262144, neg: 0, width: -10, pos: 4.41854, channels: 4096 },
  ...noBounds,
};

/** Values of both signs over eight decades. */
const values = Float64Array.from({ length: 4001 }, (_, i) => (i - 2000) ** 3 / 30_000);
const table: EventTable = {
  count: values.length,
  channels: ['A', 'B'].map((name) => ({
    name,
    stain: null,
    marker: null,
    kind: 'fluorescence',
    pulse: null,
    range: null,
  })),
  columns: [values, values.toReversed()],
};
const expectSame = (strategy: GatingStrategy) => {
  const before = [...evaluateStrategy(strategy, table, null).values()].map((m) => m.join(''));
  const after = [...evaluateStrategy(thereAndBack(strategy), table, null).values()].map((m) => m.join(''));
  expect(after).toEqual(before);
  for (const members of before) expect(members).toMatch(/01|10/);
};

describe('scales of our own', () => {
  it('asinh with a cofactor comes back as it was', () => {
    const strategy = strategyOf(population('R', range(dim('A', cofactor), -1.25, Number.POSITIVE_INFINITY)));
    expect(thereAndBack(strategy).populations).toEqual(strategy.populations);
    expectSame(strategy);
  });

  it('asinh with a cofactor is the same function without our note, to rounding', () => {
    const { text } = writeGatingML(strategyOf(population('R', range(dim('A', cofactor), 0.5, 2))));
    const { strategy } = readGatingML((text ?? '').replace(/immunogate:cofactor="[^"]*"/, ''));
    const gate = strategy?.populations[0].gate;
    // FlowRepository writes the same: T = 150 sinh 1 = 176.28017904657, M = 1 / ln 10
    const scale = gate?.kind === 'rectangle' ? gate.dims[0].transform?.scale : undefined;
    expect(scale).toMatchObject({ kind: 'asinh', A: 0 });
    expect(scale?.kind === 'asinh' ? [scale.T, scale.M] : []).toEqual([
      expect.closeTo(176.2801790465702, 10) as number,
      expect.closeTo(0.43429448190325176, 15) as number,
    ]);
  });

  it('ranges and quadrants on a FlowJo biexponential scale become linear ones with the same events', () => {
    const cell = (k: number): Gate => ({
      kind: 'quadrant',
      set: 'q',
      dims: [dim('A', biex), dim('B')],
      dividers: [[1200, 2500], [0]],
      cell: [k, k === 1 ? null : 0],
    });
    expectSame(
      strategyOf(
        population('R', range(dim('A', biex), 1000, 3000)),
        population('q0', cell(0)),
        population('q1', cell(1)),
        population('q2', cell(2)),
      ),
    );
  });

  it('a polygon on a FlowJo biexponential scale is refused', () => {
    const polygon: Gate = {
      kind: 'polygon',
      dims: [dim('A', biex), dim('B')],
      vertices: [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
    };
    expect(writeGatingML(strategyOf(population('P', polygon)))).toMatchObject({
      text: null,
      issues: [{ code: 'E_GATINGML_UNSUPPORTED', level: 'error', place: 'P' }],
    });
  });
});

describe('what Gating-ML holds otherwise', () => {
  it('an id under two parents is written with its parents, and said', () => {
    const strategy = strategyOf(
      population('CD4', range(dim('B'), 1, 1e9)),
      population('CD8', range(dim('B'), -1e9, 1)),
      population('CD4/PD1', range(dim('A'), -50, -2)),
      population('CD8/PD1', range(dim('A'), 5, 9)),
    );
    expectSame(strategy);
    expect(thereAndBack(strategy).populations.map((p) => p.path)).toEqual([
      'CD4',
      'CD8',
      'CD4/CD4.PD1',
      'CD8/CD8.PD1',
    ]);
    expect(writeGatingML(strategy).issues).toMatchObject([
      { code: 'W_GATINGML_RENAMED', place: 'CD4/PD1' },
      { code: 'W_GATINGML_RENAMED', place: 'CD8/PD1' },
    ]);
  });

  it('what is not evaluable is left out with all that depends on it, and said', () => {
    const strategy = strategyOf(
      population('A', range(dim('A'), 0, 5)),
      population('none', null),
      population('none/child', range(dim('A'), 0, 5)),
      population('logic', {
        kind: 'boolean',
        operator: 'or',
        operands: [
          { population: 'A', complement: false },
          { population: 'none/child', complement: false },
        ],
      }),
    );
    expect(thereAndBack(strategy).populations.map((p) => p.path)).toEqual(['A']);
    expect(writeGatingML(strategy).issues.map((i) => `${i.code} ${i.place}`)).toEqual([
      'W_NOT_EVALUABLE none',
      'W_NOT_EVALUABLE none/child',
      'W_NOT_EVALUABLE logic',
    ]);
  });

  it('names with markup, quotes and line ends survive', () => {
    const strategy = strategyOf(population('a&b<"c">', range(dim('x\n<&>"\'\ty'), 0, 1)));
    expect(thereAndBack(strategy).populations).toEqual(strategy.populations);
  });

  // XML 1.0 section 2.2 has no way to say U+0001, not even as a reference
  it('a name with a control character is refused', () => {
    const { text, issues } = writeGatingML(strategyOf(population('a', range(dim('PE\u0001'), 0, 1))));
    expect(text).toBeNull();
    expect(issues.map(({ code }) => code)).toEqual(['E_GATINGML_UNSUPPORTED']);
  });

  it('a single operand is said twice, and one complement once', () => {
    expectSame(
      strategyOf(
        population('A', range(dim('A'), 0, 5)),
        population('same', {
          kind: 'boolean',
          operator: 'or',
          operands: [{ population: 'A', complement: true }],
        }),
        population('not', {
          kind: 'boolean',
          operator: 'not',
          operands: [{ population: 'A', complement: true }],
        }),
      ),
    );
  });
});
