// COUNT against the slow reference, event by event: random trees of every gate kind over random, hostile values. The reference has
// its own truths (the official Gating-ML sets); here it is the oracle. Statistics are checked against their definitions.
import { describe, expect, it } from 'vitest';
import type { Channel, EventTable, Spillover } from '../../src/events/index.ts';
import {
  channelsOf,
  fcsBytes,
  memorySource,
  readEvents,
  readFcs,
  type FcsFile,
} from '../../src/fcs/index.ts';
import {
  countingSteps,
  countPopulations,
  createRangeCounter,
  type StatisticsChannel,
} from '../../src/gating/count.ts';
import type { Dimension, Gate, GatingStrategy, StrategyPopulation } from '../../src/gating/model.ts';
import { createEvaluator, evaluateStrategy } from '../../src/gating/reference.ts';
import { SEGMENT_EVENTS } from '../../src/gating/statistics.ts';
import { createRandom, type Random } from '../../src/math/index.ts';
import type { ScaleFunction, Transform } from '../../src/signal/index.ts';

const colours = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'];
const spillover: Spillover = {
  detectors: colours,
  matrix: Float64Array.from({ length: 81 }, (_, k) => (k % 10 === 0 ? 1 : 0.02 + 0.01 * (k % 7))),
};

function channel(name: string): Channel {
  return { name, stain: null, marker: null, kind: 'fluorescence', pulse: null, range: 262144 };
}

/** Values like stained cells, plus NaN, infinities, zeros and huge ones where `hostile`. */
function tableOf(random: Random, count: number, hostile: boolean): EventTable {
  const columns = ['FSC', ...colours].map(() =>
    Float32Array.from({ length: count }, () => {
      const u = random.next();
      if (hostile && u < 0.01)
        return [Number.NaN, Infinity, -Infinity, 0, -0, 1e20, -1e20, 1e-30][random.integer(8)];
      return u < 0.5 ? 60 * random.normal() : Math.exp(8 + 1.2 * random.normal());
    }),
  );
  return { count, channels: ['FSC', ...colours].map(channel), columns };
}

function fileOf(table: EventTable): { source: ReturnType<typeof memorySource>; file: FcsFile } {
  const source = memorySource(fcsBytes(table, { spillover }));
  return { source, file: readFcs(source) };
}

const scales: readonly ScaleFunction[] = [
  { kind: 'linear', T: 262144, A: 100 },
  { kind: 'log', T: 262144, M: 4.5 },
  { kind: 'asinh', T: 262144, M: 4.5, A: 0.5 },
  { kind: 'logicle', T: 262144, W: 0.7, M: 4.5, A: 0 },
  { kind: 'hyperlog', T: 262144, W: 0.5, M: 4.5, A: 0 },
  { kind: 'asinhCofactor', cofactor: 150 },
];

function dimension(random: Random): Dimension {
  const name = () => colours[random.integer(colours.length)];
  const compensation = [{ kind: 'none' }, { kind: 'file' }] as const;
  const scale = random.integer(scales.length + 1);
  const bounded = random.next() < 0.2;
  const transform: Transform | null =
    scale === scales.length
      ? null
      : { scale: scales[scale], boundMin: bounded ? 0.1 : null, boundMax: bounded ? 0.9 : null };
  return {
    source:
      random.next() < 0.15
        ? { kind: 'ratio', numerator: name(), denominator: name(), A: 100, B: 1, C: -3 }
        : { kind: 'channel', channel: random.next() < 0.2 ? 'FSC' : name() },
    compensation: compensation[random.integer(2)],
    transform,
  };
}

/** A cut somewhere in the populated part of an axis. */
function cut(random: Random, { transform }: Dimension): number {
  if (transform === null) return random.next() * 8000 - 500;
  return transform.scale.kind === 'asinhCofactor' ? random.next() * 5 : random.next();
}

function gateOf(random: Random, earlier: readonly string[]): Gate {
  const kind = random.integer(earlier.length > 1 ? 6 : 5);
  const dims = [dimension(random), dimension(random)] as const;
  const ends = (d: Dimension) => [cut(random, d), cut(random, d)].sort((a, b) => a - b);
  switch (kind) {
    case 0: {
      const count = 1 + random.integer(3);
      const used = Array.from({ length: count }, () => dimension(random));
      const limits = used.map((d) => ends(d));
      return {
        kind: 'rectangle',
        dims: used,
        min: limits.map(([low]) => (random.next() < 0.3 ? -Infinity : low)),
        max: limits.map(([, high]) => (random.next() < 0.5 ? Infinity : high)),
      };
    }
    case 1:
    case 2: {
      const vertices = Array.from(
        { length: 3 + random.integer(8) },
        () => [cut(random, dims[0]), cut(random, dims[1])] as const,
      );
      return { kind: 'polygon', dims, vertices };
    }
    case 3: {
      const count = 2 + random.integer(2);
      const used = Array.from({ length: count }, () => dimension(random));
      const reach = used.map((d) =>
        d.transform === null ? 3000 : d.transform.scale.kind === 'asinhCofactor' ? 2 : 0.3,
      );
      const covariance = used.flatMap((_, i) =>
        used.map((__, j) => (i === j ? reach[i] ** 2 : 0.3 * reach[i] * reach[j])),
      );
      return {
        kind: 'ellipsoid',
        dims: used,
        mean: used.map((d) => cut(random, d)),
        covariance,
        distanceSquare: 1.5,
      };
    }
    case 4:
      return {
        kind: 'quadrant',
        set: 'q',
        dims,
        dividers: dims.map(ends),
        cell: [random.integer(3), random.next() < 0.3 ? null : random.integer(3)],
      };
    default: {
      const operator = (['and', 'or', 'not'] as const)[random.integer(3)];
      const count = operator === 'not' ? 1 : 2 + random.integer(3);
      const operands = Array.from({ length: count }, () => ({
        population: earlier[random.integer(earlier.length)],
        complement: random.next() < 0.4,
      }));
      return { kind: 'boolean', operator, operands };
    }
  }
}

function strategyOf(random: Random, size: number): GatingStrategy {
  const populations: StrategyPopulation[] = [];
  for (let p = 0; p < size; p++) {
    const parent = p === 0 || random.next() < 0.3 ? null : populations[random.integer(p)].path;
    const id = `p${p}`;
    const gate = gateOf(
      random,
      populations.map((q) => q.path),
    );
    const missing = random.next() < 0.03;
    populations.push({
      id,
      path: parent === null ? id : `${parent}/${id}`,
      parent,
      gate: missing ? null : gate,
      fit: missing ? { status: 'notEvaluable', reason: 'left out' } : { status: 'explicit' },
    });
  }
  return { template: { id: 't', version: '1' }, matrices: {}, populations };
}

/** Membership bits gathered from COUNT, by path. */
function countedMembership(source: ReturnType<typeof memorySource>, file: FcsFile, strategy: GatingStrategy) {
  const membership = strategy.populations.map(() => new Uint8Array(file.data.eventCount));
  const result = countPopulations(source, file, strategy, {
    onMembership: ({ first, count, words, bitOf }) => {
      bitOf.forEach((bit, p) => {
        if (bit === null) return;
        for (let i = 0; i < count; i++)
          membership[p][first + i] = Number((words[bit.word][i] & bit.bit) !== 0);
      });
    },
  });
  return { result, membership };
}

describe.each([
  ['few events, exact tests only', 3000, 40, false],
  ['hostile values', 3000, 40, true],
  ['many events, grids', 60_000, 6, true],
] as const)('membership equals the reference: %s', (_, events, trials, hostile) => {
  it.each(Array.from({ length: trials }, (__, k) => k))('tree %i', (trial) => {
    const random = createRandom(`count ${events} ${hostile} ${trial}`);
    const { source, file } = fileOf(tableOf(random, events, hostile));
    const strategy = strategyOf(random, 4 + random.integer(40));
    const { table } = readEvents(source, file, { scaling: 'scaled' });
    const expected = evaluateStrategy(strategy, table, file.spillover);
    const { result, membership } = countedMembership(source, file, strategy);
    const plain = countPopulations(source, file, strategy);
    strategy.populations.forEach((population, p) => {
      const truth = expected.get(population.path);
      if (truth === undefined) {
        expect(result.counts[p], population.path).toBeNull();
        return;
      }
      const differs = truth.findIndex((inside, e) => inside !== membership[p][e]);
      expect(differs, `${population.path}: ${JSON.stringify(population.gate)}`).toBe(-1);
      expect(result.counts[p]).toBe(truth.reduce((sum, inside) => sum + inside, 0));
      expect(plain.counts[p]).toBe(result.counts[p]);
    });
  });
});

describe('statistics', () => {
  const random = createRandom('statistics');
  const { source, file } = fileOf(tableOf(random, 20_000, true));
  const strategy = strategyOf(random, 24);
  const statistics: StatisticsChannel[] = [
    { channel: 'FSC', compensation: { kind: 'none' } },
    ...colours.map((name) => ({ channel: name, compensation: { kind: 'file' } as const })),
  ];

  it('are what their definitions say, to 1e-12', () => {
    const { table } = readEvents(source, file, { scaling: 'scaled' });
    const evaluator = createEvaluator(table, file.spillover, {});
    const membership = evaluateStrategy(strategy, table, file.spillover);
    const rows = countPopulations(source, file, strategy, { statistics }).statistics;
    expect(rows.length).toBe(membership.size * statistics.length);
    let compared = 0;
    for (const row of rows) {
      const request = statistics.find((s) => s.channel === row.channel)!;
      const column = evaluator.linear({
        source: { kind: 'channel', channel: row.channel },
        compensation: request.compensation,
        transform: null,
      });
      const inside = membership.get(row.path)!;
      const values = column.filter((x, e) => inside[e] === 1 && Number.isFinite(x)).sort();
      expect(row.n).toBe(values.length);
      if (values.length === 0) {
        expect([row.mean, row.median, row.p05, row.geometricMean, row.cv]).toEqual([
          null,
          null,
          null,
          null,
          null,
        ]);
        continue;
      }
      const type7 = (p: number) => {
        const h = (values.length - 1) * p;
        const k = Math.floor(h);
        return values[k] + (h - k) * (values[Math.min(k + 1, values.length - 1)] - values[k]);
      };
      expect(row.median).toBe(type7(0.5));
      expect(row.p05).toBe(type7(0.05));
      expect(row.p95).toBe(type7(0.95));
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const size = values.reduce((sum, x) => sum + Math.abs(x), 0) / values.length;
      expect(Math.abs(row.mean! - mean)).toBeLessThanOrEqual(1e-12 * size);
      if (values[0] > 0) {
        const logs = values.reduce((sum, x) => sum + Math.log(x), 0) / values.length;
        expect(row.geometricMean! / Math.exp(logs)).toBeCloseTo(1, 11);
      } else expect(row.geometricMean).toBeNull();
      if (row.cv !== null) {
        const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
        expect((row.cv * row.mean!) / 100 / sd).toBeCloseTo(1, 6);
      }
      compared++;
    }
    expect(compared).toBeGreaterThan(100);
  });
});

it('ranges of a file add up to the same bits', () => {
  const random = createRandom('ranges');
  const events = SEGMENT_EVENTS + 70_000;
  const { source, file } = fileOf(tableOf(random, events, false));
  const strategy = strategyOf(random, 12);
  const options = {
    statistics: colours.map((name) => ({ channel: name, compensation: { kind: 'file' } as const })),
  };
  const whole = countPopulations(source, file, strategy, options);
  const steps = countingSteps(strategy, [
    { firstEvent: 0, endEvent: SEGMENT_EVENTS },
    { firstEvent: SEGMENT_EVENTS, endEvent: events },
  ]);
  let step = steps.next();
  while (!step.done) {
    const counter = createRangeCounter(source, file, strategy, options);
    step = steps.next(step.value.map((task) => counter(task)));
  }
  expect(JSON.stringify(step.value)).toBe(JSON.stringify(whole));
});

describe('refusals', () => {
  const { source, file } = fileOf(tableOf(createRandom('refusals'), 10, false));
  const dims: Dimension[] = [
    { source: { kind: 'channel', channel: 'nowhere' }, compensation: { kind: 'none' }, transform: null },
  ];
  const population = (path: string, gate: Gate): StrategyPopulation => ({
    id: path,
    path,
    parent: null,
    gate,
    fit: { status: 'explicit' },
  });
  const strategy = (...populations: StrategyPopulation[]): GatingStrategy => ({
    template: { id: 't', version: '1' },
    matrices: {},
    populations,
  });

  it.each([
    [
      'a channel that is not there',
      'E_CHANNEL_MISSING',
      strategy(population('a', { kind: 'rectangle', dims, min: [0], max: [1] })),
    ],
    [
      'an operand that is not there',
      'E_GATE_INVALID',
      strategy(
        population('a', {
          kind: 'boolean',
          operator: 'not',
          operands: [{ population: 'b', complement: false }],
        }),
      ),
    ],
    [
      'a population that depends on itself',
      'E_GATE_INVALID',
      strategy(
        population('a', {
          kind: 'boolean',
          operator: 'not',
          operands: [{ population: 'a', complement: false }],
        }),
      ),
    ],
  ])('%s', (_, code, bad) => {
    expect(() => countPopulations(source, file, bad)).toThrow(expect.objectContaining({ code }));
  });

  it('counts an empty file as zero, not as missing', () => {
    const empty = fileOf(tableOf(createRandom('none'), 0, false));
    const gate: Gate = {
      kind: 'rectangle',
      dims: [{ ...dims[0], source: { kind: 'channel', channel: 'A' } }],
      min: [0],
      max: [1],
    };
    const result = countPopulations(empty.source, empty.file, strategy(population('a', gate)));
    expect(result).toEqual({ events: 0, counts: [0], statistics: [] });
  });

  it('compensates a channel that the gate spells as FlowJo does', () => {
    const table = tableOf(createRandom('spelling'), 500, false);
    const renamed = table.channels.map((c) => (c.name === 'B' ? channel('450/50') : c));
    const detectors = colours.map((name) => (name === 'B' ? '450/50' : name));
    const source2 = memorySource(
      fcsBytes({ ...table, channels: renamed }, { spillover: { ...spillover, detectors } }),
    );
    const range = (name: string): Gate => ({
      kind: 'rectangle',
      dims: [{ source: { kind: 'channel', channel: name }, compensation: { kind: 'file' }, transform: null }],
      min: [0],
      max: [400],
    });
    const both = strategy(population('exact', range('450/50')), population('flowjo', range('450_50')));
    const { counts } = countPopulations(source2, readFcs(source2), both);
    expect(counts[1]).toBe(counts[0]);
    expect(channelsOf(readFcs(source2))[2].name).toBe('450/50');
  });
});
