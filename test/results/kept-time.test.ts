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

  const not = (...paths: readonly string[]): Gate => ({
    ...{ kind: 'boolean', operator: 'and' },
    operands: paths.map((path) => ({ population: path, complement: true })),
  });

  it('reads logic beside its stretches wherever both stand, and in whatever order', () => {
    const rows = kept(
      [
        population('cells', range('FSC-A', 10, 100)),
        population('cells/time_ok', not('cells/time_bad')),
        population('cells/time_bad', range('Time', 1000, 2000)),
        population('cells/time_ok/T', range('CD3', 1, 2)),
      ],
      [500, 410, 90, 60],
    );
    const { ofTime, ofEvents } = keptOnTheWay(rows, 'cells/time_ok/T');
    expect(ofTime).toBeCloseTo(0.8, digits);
    expect(ofEvents).toBeCloseTo(0.82, 12);
  });

  it('leaves logic alone that refers to no time but that on its own way', () => {
    const rows = kept(
      [...stable, population('time_ok/rest', not('time_ok/cells'))],
      [90, 5, 905, 400, null, 505],
    );
    expect(keptOnTheWay(rows, 'time_ok/rest')).toEqual(keptOnTheWay(rows, 'time_ok'));
  });

  it('knows not what is left where Time is gated on together with something else', () => {
    const corner: Gate = {
      ...{ kind: 'rectangle', dims: [on('Time'), on('FSC-A')] },
      ...{ min: [300, 10], max: [2000, 100] },
    };
    const rows = kept(
      [
        population('corner', corner),
        population('corner/late', range('Time', 700, 2000)),
        population('corner/late/T', range('CD3', 1, 2)),
        population('dead', range('FSC-A', 0, 10)),
        population('early', range('Time', 0, 700)),
        population('neither', not('dead', 'early')),
        population('dead/early', not('early')),
      ],
      [800, 400, 100, 10, 500, 490, 5],
    );
    for (const path of ['corner', 'corner/late/T', 'neither'])
      expect([path, keptOnTheWay(rows, path).ofTime]).toEqual([path, null]);
    expect(keptOnTheWay(rows, 'dead').ofTime).toBe(1);
    expect(keptOnTheWay(rows, 'early').ofTime).toBeCloseTo(0.5, digits);
    expect(keptOnTheWay(rows, 'dead/early').ofTime).toBeCloseTo(0.5, digits);
  });

  it('knows of a run without length only what keeps every event', () => {
    const open = [population('time_ok', range('Time', -Infinity, Infinity)), ...stable.slice(3, 4)];
    for (const run of [
      { channel: 'Time', from: 5, to: 5 },
      { channel: 'Time', from: 5, to: 0 },
      { channel: 'Time', from: NaN, to: 7 },
    ]) {
      const of = (populations: readonly StrategyPopulation[], counts: readonly number[]) => {
        const strategy = { template: { id: 't', version: '1' }, matrices: {}, populations };
        return keptOnTheWay(keptTime(strategy, populationRows(strategy, counts, 1000), run), 'time_ok/cells');
      };
      expect(of(open, [1000, 400])).toMatchObject({ ofTime: 1, ofEvents: 1 });
      expect(of(stable.slice(0, 4), [90, 5, 905, 400]).ofTime).toBeNull();
    }
  });
});
