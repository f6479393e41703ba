// How much of a run gates on Time leave, on hand-drawn gates: stretches taken out, a gate below another one, other axes, no run.
import { describe, expect, it } from 'vitest';
import type { Dimension, Gate, GatingStrategy, StrategyPopulation } from '../../src/gating/index.ts';
import { keptOnTheWay, keptTime, populationRows } from '../../src/results/index.ts';

const on = (channel: string): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'file' },
  transform: null,
});
const range = (channel: string, min: number, max: number): Gate => ({
  ...{ kind: 'rectangle', dims: [on(channel)], min: [min], max: [max] },
});
const population = (path: string, gate: Gate | null): StrategyPopulation => {
  const at = path.lastIndexOf('/');
  return {
    ...{ id: path.slice(at + 1), path, parent: at < 0 ? null : path.slice(0, at), gate },
    fit: gate === null ? { status: 'notEvaluable', reason: 'no valley' } : { status: 'explicit' },
  };
};

function kept(populations: readonly StrategyPopulation[], counts: readonly (number | null)[]) {
  const strategy: GatingStrategy = { template: { id: 't', version: '1' }, matrices: {}, populations };
  const rows = populationRows(strategy, counts, 1000);
  return keptTime(strategy, rows, { channel: 'Time', from: 200, to: 1200 });
}

/** A cut lies within half an instant of where it is. */
const digits = 4;

describe('keptTime', () => {
  const stable = [
    population('time_bad1', range('Time', -Infinity, 300)),
    population('time_bad2', range('Time', 700, 750)),
    population('time_ok', {
      kind: 'boolean',
      operator: 'and',
      operands: ['time_bad1', 'time_bad2'].map((path) => ({ population: path, complement: true })),
    }),
    population('time_ok/cells', range('FSC-A', 10, 100)),
    population('time_ok/cells/T', null),
  ];
  const found = kept(stable, [90, 5, 905, 400, null]);

  it('is what the stretches leave: 1,000 less 100 less 50', () => {
    const { ofTime, ofEvents } = keptOnTheWay(found, 'time_ok/cells');
    expect(ofTime).toBeCloseTo(0.85, digits);
    expect(ofEvents).toBeCloseTo(0.905, 12);
    expect(keptOnTheWay(found, 'time_ok')).toEqual(keptOnTheWay(found, 'time_ok/cells/T'));
  });

  it('is all of the run where no gate on Time is on the way', () => {
    expect(keptOnTheWay(found, 'beads')).toMatchObject({ ofTime: 1, ofEvents: 1 });
    expect(keptOnTheWay(found, 'time_ok2/cells')).toMatchObject({ ofTime: 1 });
    expect(keptOnTheWay([], 'time_ok/cells')).toMatchObject({ ofTime: 1, ofEvents: 1 });
  });

  it('takes gates on Time below other gates, each for what it takes out', () => {
    const rows = kept(
      [
        population('cells', range('FSC-A', 10, 100)),
        population('cells/early', range('Time', 0, 700)),
        population('cells/early/late', range('Time', 450, 2000)),
        population('cells/early/late/T', range('CD3', 1, 2)),
      ],
      [500, 240, 120, 60],
    );
    const { ofTime, ofEvents } = keptOnTheWay(rows, 'cells/early/late/T');
    expect(ofTime).toBeCloseTo(0.25, digits);
    expect(ofEvents).toBeCloseTo(0.24, 12);
    expect(keptOnTheWay(rows, 'cells').ofTime).toBe(1);
  });

  it('leaves logic that refers to other axes alone', () => {
    const rows = kept(
      [
        population('dead', range('FSC-A', 0, 10)),
        population('late', range('Time', 700, 2000)),
        population('neither', {
          kind: 'boolean',
          operator: 'and',
          operands: ['dead', 'late'].map((path) => ({ population: path, complement: true })),
        }),
      ],
      [10, 500, 490],
    );
    expect(rows.map(({ path }) => path)).toEqual(['late']);
  });

  it('knows nothing of a run without length', () => {
    const strategy: GatingStrategy = {
      template: { id: 't', version: '1' },
      matrices: {},
      populations: stable,
    };
    expect(keptTime(strategy, [], { channel: 'Time', from: 5, to: 5 })).toEqual([]);
  });
});
