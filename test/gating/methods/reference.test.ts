// Cuts from another population of the same tube: the quantile itself, and how FIT finds, awaits and does without that population.
import { describe, expect, it } from 'vitest';
import { labelChannels, type EventTable } from '../../../src/events/index.ts';
import { fitPlan, type StrategyPopulation } from '../../../src/gating/index.ts';
import type { MethodFit } from '../../../src/gating/methods/contract.ts';
import { prepareMethod } from '../../../src/gating/methods/registry.ts';
import { bindTemplate, lintTemplate, parseTemplate } from '../../../src/template/index.ts';

function cut(params: Record<string, unknown>, reference: readonly number[] | null): MethodFit {
  const ready = prepareMethod('reference', { population: 'N', ...params });
  if (typeof ready === 'string') throw new Error(ready);
  const column = Float64Array.from({ length: 50 }, (_, e) => 40 * e);
  const dim = {
    source: { kind: 'channel', channel: 'C' },
    compensation: { kind: 'none' },
    transform: null,
  } as const;
  return ready.fit(
    {
      dims: [dim],
      columns: [column],
      linear: [column],
      forward: [(x: number) => x],
      keep: 'above',
      reference: reference === null ? null : [Float64Array.from(reference)],
    },
    'reference',
  );
}
const upTo1000 = Array.from({ length: 1000 }, (_, i) => 1000 - i);

describe('reference', () => {
  // hand: type 7 quantile of 1 … 1000 is 1 + 999 q
  it.each([
    [{ q: 0.995 }, 995.005],
    [{ q: 0.5 }, 500.5],
    [{ q: 0.1 }, 100.9],
    [{ q: 0.99, plus: 0.8 }, 990.81],
  ])('%j', (params, expected) => {
    const found = cut(params, upTo1000);
    expect(found.status === 'fitted' && found.cut).toBeCloseTo(expected, 9);
    expect(found.evidence).toMatchObject({ reference: 'N', referenceEvents: 1000, referenceMedian: 500.5 });
  });
  it('leaves out values that are not numbers', () => {
    const found = cut({ q: 0.5 }, [...upTo1000, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(found.status === 'fitted' && found.cut).toBe(500.5);
  });
  it.each([
    ['no reference', null, /N is not evaluable/],
    ['a small one', upTo1000.slice(0, 99), /only 99 events/],
    ['one of equal values', new Array<number>(500).fill(3), /same value/],
  ])('rejects %s', (_, reference, reason) => {
    expect(cut({ q: 0.99 }, reference)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(reason) as string,
    });
  });
  it.each([[{ q: 0 }], [{ q: 1 }], [{}]])('refuses %j', (params) => {
    expect(prepareMethod('reference', { population: 'N', ...params })).toMatch(/reference\.q/);
  });
});

/** Linear channels A, B, C: A parts two kinds at 0; B is 1 … 1000 on the lower kind and 2001 … 3000 on the upper. */
const table: EventTable = {
  count: 2000,
  channels: labelChannels(['A', 'B', 'C'].map((name) => ({ name, stain: null, range: 262144 }))),
  columns: [
    Float64Array.from({ length: 2000 }, (_, e) => (e < 1000 ? -1 : 1)),
    Float64Array.from({ length: 2000 }, (_, e) => (e < 1000 ? e + 1 : e + 1001)),
    new Float64Array(2000),
  ],
};
const head =
  'immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\nscales: { fluorescence: linear }\npopulations:\n';
const kinds = `
  - { id: low, parent: root, on: A, gate: { range: [null, 0] } }
  - { id: high, parent: root, on: A, gate: { range: [0, null] } }
`;
const none = '  - { id: empty, parent: root, on: C, gate: { range: [5, null] } }\n';

function fit(body: string): {
  readonly populations: readonly StrategyPopulation[];
  readonly of: (path: string) => unknown;
} {
  const { template, issues } = parseTemplate(head + body);
  if (template === null) throw new Error(JSON.stringify(issues));
  const bound = bindTemplate(template, table.channels, { spillover: null });
  if (bound.plan === null) throw new Error(JSON.stringify(bound.issues));
  const { strategy } = fitPlan(bound.plan, { table, spillover: null }, { seed: 'fit' });
  return {
    populations: strategy.populations,
    of(path) {
      const population = strategy.populations.find((p) => p.path === path);
      return { gate: population?.gate, fit: population?.fit };
    },
  };
}

describe('FIT hands a method the events of the population that it names', () => {
  const bright =
    '  - { id: bright, parent: high, on: B, place: { reference: { population: low, q: 0.995 } } }\n';
  const expected = { gate: { min: [995.005] }, fit: { status: 'fitted', method: 'reference' } };

  it('by id', () => expect(fit(kinds + bright).of('high/bright')).toMatchObject(expected));
  it('by a path', () => {
    const nested = `${kinds}  - { id: mid, parent: low, on: B, gate: { range: [null, 501] } }
  - { id: mid, parent: high, on: B, gate: { range: [null, 2501] } }
  - { id: bright, parent: high, on: B, place: { reference: { population: low/mid, q: 0.5 } } }
  - { id: near, parent: high, on: B, place: { reference: { population: mid, q: 0.5 } } }
`;
    // the same id under the own parent comes before the other: medians of 1 … 500 and of 2001 … 2500
    expect(fit(nested).of('high/bright')).toMatchObject({ gate: { min: [250.5] } });
    expect(fit(nested).of('high/near')).toMatchObject({ gate: { min: [2250.5] } });
  });
  it('waits for a population that is written below it', () => {
    const later = `
  - { id: bright, parent: root, on: B, place: { reference: { population: notHigh, q: 0.995 } } }
${kinds}  - { id: notHigh, parent: root, is: not high }
`;
    const { of, populations } = fit(later);
    expect(of('bright')).toMatchObject(expected);
    expect(populations.map(({ path }) => path)).toEqual(['bright', 'low', 'high', 'notHigh']);
  });
  it('on the axis of each quadrant cut', () => {
    const quadrant = `${kinds}  - { parent: high, quadrant: [A, B], cuts: [0, [{ reference: { population: low, q: 0.995 } }]], cells: { up: "*+" } }\n`;
    expect(fit(quadrant).of('high/up')).toMatchObject({ gate: { dividers: [[0], [995.005]] } });
  });
  it('for a valley that another population shows', () => {
    const shown = `${kinds}  - { id: cut, parent: high, on: B, place: { valley: { population: both } } }
  - { id: both, parent: root, is: low or high }
`;
    // high alone is flat; both together are 1 … 1000 and 2001 … 3000
    const population = fit(shown).populations.find(({ path }) => path === 'high/cut');
    expect(population?.fit.status).toBe('fitted');
    const gate = population?.gate;
    const at = gate?.kind === 'rectangle' ? gate.min[0] : Number.NaN;
    expect(at).toBeGreaterThan(1000);
    expect(at).toBeLessThan(2001);
  });
  it('an own number of events is no obstacle where another population is looked at', () => {
    const few = `${kinds}  - { id: few, parent: high, on: B, gate: { range: [null, 2011] } }
  - { id: bright, parent: few, on: B, place: { reference: { population: low, q: 0.995 } } }
`;
    expect(fit(few).of('high/few/bright')).toMatchObject(expected);
  });
  it('goes on to the next method, on record, where that population is empty', () => {
    const body = `${kinds}${none}  - { id: bright, parent: high, on: B, place: [{ reference: { population: empty, q: 0.995 } }, { fixed: 7 }] }\n`;
    expect(fit(body).of('high/bright')).toMatchObject({
      gate: { min: [7] },
      fit: {
        status: 'fallback',
        method: 'fixed',
        reason: expect.stringMatching(/empty has only 0 events/) as string,
      },
    });
  });
  it('and where it is not evaluable', () => {
    const body = `${kinds}  - { id: absent, parent: root, on: CD3, place: valley, optional: true }
  - { id: bright, parent: high, on: B, place: { reference: { population: absent, q: 0.995 } } }
`;
    expect(fit(body).of('high/bright')).toMatchObject({
      gate: null,
      fit: { status: 'notEvaluable', reason: expect.stringMatching(/absent is not evaluable/) as string },
    });
  });
});

describe('lint', () => {
  const codes = (body: string) => lintTemplate(head + body).map(({ code, message }) => `${code} ${message}`);
  it.each([
    [
      'a population that does not exist',
      `${kinds}  - { id: b, parent: high, on: B, place: { reference: { population: naive, q: 0.9 } } }\n`,
      /E_TEMPLATE_REFERENCE.*naive is not one population/,
    ],
    [
      'a population below itself',
      `${kinds}  - { id: b, parent: high, on: B, place: { reference: { population: c, q: 0.9 } } }
  - { id: c, parent: b, on: C, gate: { range: [0, null] } }\n`,
      /E_TEMPLATE_REFERENCE.*depends on itself/,
    ],
    [
      'two that wait for each other',
      `  - { id: b, parent: root, on: B, place: { reference: { population: c, q: 0.9 } } }
  - { id: c, parent: root, is: not b }\n`,
      /E_TEMPLATE_REFERENCE.*depends on itself/,
    ],
  ])('names %s', (_, body, said) => {
    expect(codes(body).join('\n')).toMatch(said);
  });
  it('has nothing to say about references that can be settled', () => {
    expect(
      codes(
        `${kinds}  - { id: b, parent: high, on: B, place: { reference: { population: low, q: 0.9 } } }\n`,
      ),
    ).toEqual([]);
  });
});
