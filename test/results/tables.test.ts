// Rows and CSV text of results. Wilson limits come from 40-digit decimal arithmetic on the formula of populations.md section 4.
import { describe, expect, it } from 'vitest';
import type { GatingStrategy, StrategyPopulation } from '../../src/gating/index.ts';
import {
  canonicalJson,
  csvCell,
  headerLine,
  issueLines,
  parseStrategy,
  populationColumns,
  populationLines,
  populationRows,
  statisticColumns,
  strategyText,
  wilson,
} from '../../src/results/index.ts';
import { strategy } from './sample-result.ts';

const gate = strategy.populations[0].gate;
function population(
  path: string,
  fit: StrategyPopulation['fit'] = { status: 'explicit' },
): StrategyPopulation {
  const cut = path.lastIndexOf('/');
  const parent = cut < 0 ? null : path.slice(0, cut);
  return { id: path.slice(cut + 1), path, parent, gate: fit.status === 'notEvaluable' ? null : gate, fit };
}
function tree(...populations: StrategyPopulation[]): GatingStrategy {
  return { template: { id: 't', version: '1' }, matrices: {}, populations };
}

describe('wilson', () => {
  it.each([
    [612, 10480, 0.05406718025439323, 0.0630503346988338],
    [98, 6120, 0.013158153892800851, 0.019475195641884657],
    [7, 10, 0.39677814746114537, 0.8922087325936989],
    [1, 3, 0.06149194472039624, 0.7923403991979523],
    [1, 1_000_000, 1.765245767453715e-7, 5.664911804311442e-6],
    [0, 50, 0, 0.07134759913335871],
    [50, 50, 0.9286524008666412, 1],
  ])('%i of %i', (count, total, low, high) => {
    const limits = wilson(count, total);
    expect(Math.abs(limits.low - low)).toBeLessThanOrEqual(1e-14 * low);
    expect(Math.abs(limits.high - high)).toBeLessThanOrEqual(1e-14 * high);
  });
});

describe('population rows', () => {
  it('hold counts, fractions and how the gate was found', () => {
    const rows = populationRows(
      tree(
        population('Cells'),
        population('Cells/T', { status: 'fitted', method: 'valley', evidence: {} }),
        population('Cells/B', { status: 'fallback', method: 'tail', reason: 'one peak only', evidence: {} }),
      ),
      [50, 10, 0],
      200,
    );
    expect(rows).toMatchObject([
      {
        population: 'Cells',
        parent: null,
        parentCount: 200,
        fractionOfParent: 0.25,
        fractionOfTotal: 0.25,
        status: 'ok',
        method: 'explicit',
      },
      {
        population: 'T',
        parent: 'Cells',
        parentCount: 50,
        fractionOfParent: 0.2,
        fractionOfTotal: 0.05,
        status: 'ok',
        reason: null,
        method: 'valley',
      },
      {
        population: 'B',
        count: 0,
        fractionOfParent: 0,
        ciLow: 0,
        status: 'fallback',
        reason: 'one peak only',
        method: 'tail',
      },
    ]);
  });

  it('keep zero, not evaluable and an empty parent apart', () => {
    const rows = populationRows(
      tree(
        population('Empty'),
        population('Empty/Child'),
        population('Unclear', { status: 'notEvaluable', reason: 'no valley' }),
        population('Unclear/Child', { status: 'notEvaluable', reason: 'its parent could not be evaluated' }),
        {
          ...population('Not'),
          gate: {
            kind: 'boolean',
            operator: 'not',
            operands: [{ population: 'Unclear', complement: false }],
          },
        },
      ),
      [0, 0, null, null, null],
      10,
    );
    expect(
      rows.map(({ count, fractionOfParent, status, reason }) => [count, fractionOfParent, status, reason]),
    ).toEqual([
      [0, 0, 'ok', null],
      [0, null, 'ok', 'the parent has no events'],
      [null, null, 'notEvaluable', 'no valley'],
      [null, null, 'notEvaluable', 'its parent could not be evaluated'],
      [null, null, 'notEvaluable', 'Unclear could not be evaluated'],
    ]);
    expect(rows.map(({ ciLow, ciHigh }) => ciLow === null && ciHigh === null)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it('of a sample without events have counts of 0 and no fractions', () => {
    const [row] = populationRows(tree(population('Cells')), [0], 0);
    expect(row).toMatchObject({
      count: 0,
      parentCount: 0,
      fractionOfParent: null,
      fractionOfTotal: null,
      ciLow: null,
      reason: 'the parent has no events',
    });
  });
});

describe('csv', () => {
  it('has the columns of the contract', () => {
    expect(headerLine(populationColumns)).toBe(
      'sample,population,path,parent,count,parentCount,fractionOfParent,fractionOfTotal,status,reason,method,ciLow,ciHigh\n',
    );
    expect(headerLine(statisticColumns)).toBe(
      'sample,population,path,channel,marker,median,mean,geometricMean,robustSd,cv,p05,p95,n\n',
    );
  });

  it('writes a line a population, empty where there is no number', () => {
    const rows = populationRows(
      tree(population('A'), population('B', { status: 'notEvaluable', reason: 'flat, "no" valley' })),
      [1, null],
      3,
    );
    const [first, ...rest] = rows;
    const lines = populationLines('s 1', [{ ...first, ciLow: 0.0625, ciHigh: 0.75 }, ...rest]);
    expect(lines).toBe(
      's 1,A,A,,1,3,0.3333333333333333,0.3333333333333333,ok,,explicit,0.0625,0.75\n' +
        's 1,B,B,,,3,,,notEvaluable,"flat, ""no"" valley",,,\n',
    );
  });

  it.each([
    [0.1 + 0.2, '0.30000000000000004'],
    [-0, '0'],
    [1e-7, '1e-7'],
    [-12.5, '-12.5'],
    [1e21, '1e+21'],
    [null, ''],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    [' padded', '" padded"'],
    ['=1+1', "'=1+1"],
    ['+CD3', "'+CD3"],
    ['-CD3', "'-CD3"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
    ['\0=1', "'\0=1"],
    ['＝1', "'＝1"],
    ['CD3+', 'CD3+'],
  ])('cell %j', (value, text) => {
    expect(csvCell(value)).toBe(text);
    if (typeof value === 'number') expect(Number(text)).toBe(value === 0 ? 0 : value);
  });

  it('refuses numbers that are none', () => {
    for (const value of [NaN, Infinity, -Infinity]) expect(() => csvCell(value)).toThrow(RangeError);
  });

  it('says issues with their sample', () => {
    expect(
      issueLines('', [{ code: 'E_DUPLICATE_SAMPLE', level: 'error', message: 'twice', place: null }]),
    ).toBe(',error,E_DUPLICATE_SAMPLE,,twice\n');
  });
});

describe('canonical json', () => {
  it('is one text for one value', () => {
    // the same value through python: json.dumps(sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    const value = { b: [1, 2.5, 'é\n"', null, true], a: { z: 1, Z: 2, é: 3 }, 10: 0, 9: 1 };
    expect(canonicalJson(value)).toBe(
      '{"10":0,"9":1,"a":{"Z":2,"z":1,"é":3},"b":[1,2.5,"é\\n\\"",null,true]}',
    );
  });

  it('says what JSON cannot: typed arrays, infinities, minus zero, absent fields', () => {
    expect(canonicalJson({ m: Float64Array.of(1, -0, 0.1), low: -Infinity, gone: undefined })).toBe(
      '{"low":"-Infinity","m":[1,0,0.1]}',
    );
  });

  it.each([[new Map()], [() => 1], [10n], [new Date(0)], [[undefined]]])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});

describe('a strategy as a document', () => {
  it('comes back as it was', async () => {
    const text = strategyText(strategy);
    const back = await parseStrategy(text);
    expect(back).toEqual({
      ...strategy,
      populations: strategy.populations.map((p) =>
        p.fit.status === 'fitted'
          ? { ...p, fit: { ...p.fit, evidence: { separation: 3.5, ratio: '-Infinity' } } }
          : p,
      ),
    });
    expect(strategyText(back)).toBe(text);
  });

  it.each([
    ['not JSON', '{', /not JSON/],
    ['an unknown key', edited((s) => (s['extra'] = 1)), /extra/],
    [
      'a vertex that is no number',
      edited((_, p) => (p.gate = { kind: 'polygon', dims: [], vertices: [] })),
      /populations\.0\.gate/,
    ],
    ['a path that does not follow its parent', edited((_, p) => (p['path'] = 'Other')), /path/],
    ['a name that reaches a prototype', edited((_, p) => (p['id'] = p['path'] = '__proto__')), /not allowed/],
    [
      'limits that do not fit the dimensions',
      edited((_, p) => (p.gate = { ...p.gate, min: [] })),
      /min and max/,
    ],
  ])('is refused with %s', async (_, text, message) => {
    await expect(parseStrategy(text)).rejects.toMatchObject({
      code: 'E_PROTOCOL_INVALID',
      message: expect.stringMatching(message) as string,
    });
  });
});

type Loose = Record<string, unknown> & { gate: Record<string, unknown> };
function edited(change: (document: Record<string, unknown>, first: Loose) => void): string {
  const document = JSON.parse(strategyText(strategy)) as Record<string, unknown> & { populations: Loose[] };
  change(document, document.populations[0]);
  return JSON.stringify(document);
}
