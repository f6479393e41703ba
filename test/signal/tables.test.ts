import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/math/index.ts';
import { estimateLogicle, parseSpilloverTable } from '../../src/signal/index.ts';

const codes = (result: { issues: readonly { code: string }[] }): string[] =>
  result.issues.map((found) => found.code);

describe('parseSpilloverTable', () => {
  const wanted = {
    fluorochromes: ['FITC-A', 'PE-A'],
    detectors: ['FITC-A', 'PE-A'],
    spill: Float64Array.of(1, 0.15, 0.02, 1),
  };

  it.each([
    ['header only', 'FITC-A,PE-A\n1,0.15\n.02,1\n'],
    ['row names and a blank corner', ',FITC-A,PE-A\nFITC-A,1,0.15\nPE-A,0.02,1'],
    ['tabs with a blank corner, as R writes them', '\tFITC-A\tPE-A\nFITC-A\t1\t0.15\nPE-A\t2e-2\t1\n'],
    [
      'semicolons, CRLF, quotes and a byte order mark',
      '\uFEFF"FITC-A";"PE-A"\r\n"1";"0.15"\r\n0.020;1.0\r\n\r\n',
    ],
    [
      'names with stains and prefixes, as FlowJo writes them',
      ',Comp-FITC-A :: CD3,Comp-PE-A :: CD4\nFITC-A :: CD3,1,0.15\nPE-A :: CD4,0.02,1\n',
    ],
    [
      'a corner with words, blank lines, spaces',
      '\n source , FITC-A , PE-A \n\nFITC-A, 1 ,0.15\nPE-A,0.02, 1\n , , \n',
    ],
  ])('reads %s', (_, text) => {
    expect(parseSpilloverTable(text)).toEqual({ matrix: wanted, issues: [] });
  });

  it('reads percent only when the whole diagonal says so, and says it', () => {
    const percent = parseSpilloverTable('FITC-A,PE-A\n100,15\n2,100\n', 'comp.csv');
    expect(percent.matrix).toEqual(wanted);
    expect(percent.issues[0]).toMatchObject({ code: 'W_COMP_PERCENT', level: 'warning', place: 'comp.csv' });
    const mixed = parseSpilloverTable('FITC-A,PE-A\n100,15\n2,1\n');
    expect(codes(mixed)).toEqual(['W_COMP_DIAGONAL']);
    expect([...(mixed.matrix?.spill ?? [])]).toEqual([100, 15, 2, 1]);
  });

  it('puts named lines into the order of the detectors', () => {
    const { matrix, issues } = parseSpilloverTable(',A,B\nB,0.1,1\nA,1,0.2\n');
    expect(issues).toEqual([]);
    expect(matrix).toEqual({
      fluorochromes: ['A', 'B'],
      detectors: ['A', 'B'],
      spill: Float64Array.of(1, 0.2, 0.1, 1),
    });
  });

  it.each([
    ['nothing', '', 'at least one line'],
    ['a header alone', 'A,B\n', 'at least one line'],
    ['decimal commas', 'A;B\n1;0,15\n0,02;1\n', 'A in B'],
    ['a word for a number', 'A,B\n1,x\n0,1\n', 'A in B'],
    ['a hexadecimal number', 'A,B\n1,0x1\n0,1\n', 'A in B'],
    ['a number too large to hold', 'A,B\n1,1e999\n0,1\n', 'A in B'],
    ['a missing cell', 'A,B\n1\n0,1\n', '1 of them, 2 are needed'],
    ['too few lines', 'A,B,C\n1,0,0\n0,1,0\n', '3 detectors but 2 lines'],
    ['lines that are named by dyes', ',A,B\nFITC,1,0\nPE,0,1\n', 'line "FITC"'],
    ['a name twice', 'A,A\n1,0\n0,1\n', 'named twice'],
    ['a blank name', 'A,\n1,0\n0,1\n', 'no name'],
    ['an open quote', '"A,B\n1,0\n0,1\n', 'well-formed'],
  ])('refuses %s', (_, text, why) => {
    const result = parseSpilloverTable(text);
    expect(result.matrix).toBeNull();
    expect(codes(result)).toEqual(['E_PROTOCOL_INVALID']);
    expect(result.issues[0].message).toContain(why);
  });
});

describe('estimateLogicle', () => {
  it('puts the 5 % quantile of the negatives at the end of the linear part', () => {
    // hand calculation: negatives -1 ... -100, type-7 quantile at 5 % = -95.05; W = (4.5 - log10(262144 / 95.05)) / 2
    const values = Float64Array.from({ length: 200 }, (_, i) => (i < 100 ? -1 - i : i));
    const { scale, issues } = estimateLogicle(values, { T: 262144 });
    expect(scale).toMatchObject({ kind: 'logicle', T: 262144, M: 4.5, A: 0 });
    expect(scale.W).toBeCloseTo((4.5 - Math.log10(262144 / 95.05)) / 2, 12);
    expect(issues).toEqual([]);
  });

  it('is 0 without negatives, and leaves NaN and -Infinity out', () => {
    expect(estimateLogicle(Float32Array.of(1, 2, NaN), { T: 1000 }).scale.W).toBe(0);
    const few = estimateLogicle(Float64Array.of(-50, NaN, -Infinity, 10), { T: 10000, M: 4 });
    expect(few.scale.W).toBeCloseTo((4 - Math.log10(200)) / 2, 12);
  });

  it('is clamped with a finding, below and above', () => {
    const low = estimateLogicle(Float64Array.of(-0.001, 5), { T: 262144, place: 'PE-A' });
    expect(low.scale.W).toBe(0);
    expect(low.issues[0]).toMatchObject({ code: 'W_LOGICLE_CLAMPED', place: 'PE-A' });
    const high = estimateLogicle(Float64Array.of(-300000, 5), { T: 262144 });
    expect(high.scale.W).toBe(0.49 * 4.5);
    expect(codes(high)).toEqual(['W_LOGICLE_CLAMPED']);
  });

  it('always gives a scale that can be used', () => {
    const random = createRandom('estimate');
    for (let i = 0; i < 200; i++) {
      const values = Float64Array.from(
        { length: 50 },
        () => random.normal() * Math.exp(30 * random.next() - 10),
      );
      const { scale } = estimateLogicle(values, { T: 262144, M: 4.5 });
      expect(scale.W).toBeGreaterThanOrEqual(0);
      expect(2 * scale.W).toBeLessThan(4.5);
    }
  });

  it('refuses a scale without a top', () => {
    expect(() => estimateLogicle(Float64Array.of(-1), { T: 0 })).toThrow('T > 0');
    expect(() => estimateLogicle(Float64Array.of(-1), { T: NaN })).toThrow('T > 0');
  });
});
