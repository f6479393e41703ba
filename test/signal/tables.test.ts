import { describe, expect, it } from 'vitest';
import { parseSpilloverTable } from '../../src/signal/index.ts';

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
