// Templates as text: what is accepted, and that every complaint names its line (reliability S-9, limits of section 3).
import { describe, expect, it } from 'vitest';
import {
  expandTemplate,
  lintTemplate,
  parseTemplate,
  type GatingTemplate,
} from '../../src/template/index.ts';

const head = 'immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\npopulations:\n';

function parsed(body: string): GatingTemplate {
  const { template, issues } = parseTemplate(head + body);
  if (template === null) throw new Error(JSON.stringify(issues));
  return template;
}
const paths = (body: string): string[] => expandTemplate(parsed(body)).entries.map(({ path }) => path);

const T = '  - { id: T, parent: root, on: CD3, place: [valley, { tail: { k: 3 } }, { fixed: 3 }] }\n';

describe('what is no template', () => {
  it.each([
    ['a study', 'id: S\ntitle: T\nvisits: [V0]\n'],
    ['a table', 'sample,subject\nS1,P1\n'],
    ['nothing', ''],
    ['a list', '- immunogate\n'],
  ])('is said in one sentence: %s', (_, text) => {
    const { template, issues } = parseTemplate(text);
    expect(template).toBeNull();
    expect(issues.map(({ code, message }) => [code, message])).toEqual([
      ['E_TEMPLATE_SCHEMA', expect.stringContaining('no gating template')],
    ]);
  });
});

describe('shorthand', () => {
  it('makes one entry a population, parents before children', () => {
    const body =
      T +
      '  - { parent: T, quadrant: [CD4, CD8], cuts: [valley, 2.5], cells: { CD4T: "+-", CD8T: "-+", DNT: "--", DPT: "++" } }\n' +
      '  - { id: PD1f, parent: [CD4T, CD8T], on: PD1, gate: { range: [2, ~] } }\n' +
      '  - { id: rest, parent: T, is: not CD4T and not CD8T }\n';
    expect(paths(body)).toEqual([
      'T',
      'T/CD4T',
      'T/CD8T',
      'T/DNT',
      'T/DPT',
      'T/CD4T/PD1f',
      'T/CD8T/PD1f',
      'T/rest',
    ]);
  });
  it('reads an ordered list of methods with the short forms of their parameters', () => {
    const [{ rule }] = expandTemplate(parsed(T)).entries;
    expect(rule).toMatchObject({
      kind: 'methods',
      keep: 'above',
      attempts: [
        { method: 'valley', params: {} },
        { method: 'tail', params: { k: 3 } },
        { method: 'fixed', params: { at: 3 } },
      ],
    });
  });
  it.each([
    [
      'not T and not B',
      'and',
      [
        ['T', true],
        ['B', true],
      ],
    ],
    [
      'T & !B',
      'and',
      [
        ['T', false],
        ['B', true],
      ],
    ],
    [
      'T or B',
      'or',
      [
        ['T', false],
        ['B', false],
      ],
    ],
    [
      'T | !B',
      'or',
      [
        ['T', false],
        ['B', true],
      ],
    ],
    ['!T', 'and', [['T', true]]],
    ['not not T', 'and', [['T', false]]],
  ])('reads "%s"', (words, operator, operands) => {
    const body = `${T}${T.replace('id: T', 'id: B')}  - { id: x, parent: root, is: "${words}" }\n`;
    expect(expandTemplate(parsed(body)).entries[2].rule).toEqual({
      kind: 'boolean',
      operator,
      operands: operands.map(([population, complement]) => ({ population, complement })),
    });
  });
  it('is the same from JSON', () => {
    const template = parsed(T);
    expect(parseTemplate(JSON.stringify(template, null, 2)).template).toEqual(template);
  });
});

describe('complaints name the line', () => {
  it.each([
    [
      'an unknown key',
      T + '  - id: B\n    parent: root\n    on: CD19\n    gates: { range: [1, 2] }\n',
      7,
      /gate, place, is, quadrant/,
    ],
    [
      'an unknown key inside a gate',
      '  - id: B\n    parent: root\n    on: CD19\n    gate:\n      rnge: [1, 2]\n',
      9,
      /rnge/,
    ],
    [
      'a wrong type',
      '  - id: B\n    parent: root\n    on: CD19\n    minimumEvents: many\n    gate: { range: [1, 2] }\n',
      9,
      /minimumEvents.*number/,
    ],
    ['bad YAML', '  - { id: B, parent: root\n', 7, /./],
    ['a key twice', '  - id: B\n    id: C\n', 7, /unique/i],
    ['a reserved id', '  - { id: root, parent: root, on: CD3, gate: { range: [1, 2] } }\n', 6, /reserved/],
    ['an id with a slash', '  - { id: a/b, parent: root, on: CD3, gate: { range: [1, 2] } }\n', 6, /letters/],
    [
      'a parent that is not there',
      T + '  - { id: x, parent: Tx, on: CD3, gate: { range: [1, 2] } }\n',
      7,
      /Tx/,
    ],
    [
      'a parent below',
      '  - { id: x, parent: T, on: CD3, gate: { range: [1, 2] } }\n' + T,
      6,
      /T is not defined above/,
    ],
    ['a population twice', T + T, 7, /twice/],
    ['an operand that is not there', T + '  - { id: x, parent: root, is: not Q }\n', 7, /Q/],
    ['a boolean of itself', '  - { id: x, parent: root, is: not x }\n', 6, /itself/],
    ['and with or', T + '  - { id: x, parent: root, is: T and T or T }\n', 7, /mixes/],
    ['half a sentence', T + '  - { id: x, parent: root, is: T and }\n', 7, /too early/],
    [
      'an unknown method',
      '  - id: x\n    parent: root\n    on: CD3\n    place:\n      - valley\n      - vally\n',
      11,
      /vally.*valley/,
    ],
    [
      'an unknown parameter',
      '  - id: x\n    parent: root\n    on: CD3\n    place:\n      - valley: { frm: 1 }\n',
      10,
      /frm/,
    ],
    ['a method for two axes on one', '  - { id: x, parent: root, on: CD3, place: singlet }\n', 6, /2 axes/],
    [
      'a polygon on one axis',
      '  - { id: x, parent: root, on: CD3, gate: { polygon: [[0, 0], [1, 0], [1, 1]] } }\n',
      6,
      /2 axes/,
    ],
    [
      'a range the wrong way round',
      '  - { id: x, parent: root, on: CD3, gate: { range: [5, 4] } }\n',
      6,
      /between 5 and 4/,
    ],
    [
      'a limit that is no number',
      '  - { id: x, parent: root, on: CD3, gate: { range: [.nan, 4] } }\n',
      6,
      /NaN/,
    ],
    [
      'a scale that is not defined',
      '  - { id: x, parent: root, on: { marker: CD3, scale: logicle }, gate: { range: [1, 4] } }\n',
      6,
      /logicle/,
    ],
    [
      'an expected percentage',
      '  - { id: x, parent: root, on: CD3, gate: { range: [1, 4] }, expected: [20, 45] }\n',
      6,
      /fraction/,
    ],
  ])('%s', (_, body, line, words) => {
    const issues = lintTemplate(head + body).filter(({ level }) => level === 'error');
    expect(issues.length).toBeGreaterThan(0);
    expect(issues[0].place).toMatch(new RegExp(`^${line}:\\d+$`));
    expect(issues[0].message).toMatch(new RegExp(`^line ${line}: `));
    expect(issues[0].message).toMatch(words);
  });
  it('says nothing of a sound template', () => {
    expect(lintTemplate(head + T)).toEqual([]);
  });
});

describe('hostile templates', () => {
  it.each([
    ['as an id', '  - { id: __proto__, parent: root, on: CD3, gate: { range: [1, 2] } }\n'],
    [
      'as a key of an entry',
      '  - { id: x, parent: root, on: CD3, gate: { range: [1, 2] }, __proto__: { optional: true } }\n',
    ],
    ['as a cell', '  - { parent: root, quadrant: [CD4, CD8], cuts: [1, 2], cells: { __proto__: "+-" } }\n'],
    ['as a method', '  - { id: x, parent: root, on: CD3, place: { __proto__: { k: 1 } } }\n'],
    ['as a parent', '  - { id: x, parent: __proto__, on: CD3, gate: { range: [1, 2] } }\n'],
    [
      'constructor as a cell',
      '  - { parent: root, quadrant: [CD4, CD8], cuts: [1, 2], cells: { constructor: "+-" } }\n',
    ],
  ])('__proto__ %s is refused with its line', (_, body) => {
    const issues = lintTemplate(head + body);
    expect(issues.map(({ level, place }) => [level, place?.split(':')[0]])).toEqual([['error', '6']]);
    expect(Object.prototype).not.toHaveProperty('optional');
  });
  it.each([
    ['nothing', ''],
    ['a number', '42'],
    ['a list', '[]'],
    ['a ring of aliases', 'a: &a [*a]'],
    [
      'a billion laughs',
      'a: &a [x,x,x,x,x,x,x,x,x]\n' +
        'bcdefghi'
          .split('')
          .map(
            (k, i) =>
              `${k}: &${k} [${Array(9)
                .fill('*' + 'abcdefgh'[i])
                .join(',')}]\n`,
          )
          .join(''),
    ],
    ['deep brackets', '['.repeat(20000)],
    ['deep lists', '- '.repeat(20000)],
    ['a zero byte', '\0'],
    ['two documents', 'immunogate: 1\n---\nimmunogate: 1\n'],
  ])('%s is an error, not a crash', (_, text) => {
    const issues = lintTemplate(text);
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.every(({ code }) => /^E_(TEMPLATE_(SYNTAX|SCHEMA)|INPUT_LIMIT)$/.test(code))).toBe(true);
  });
  it('refuses more than 8 MiB', () => {
    expect(lintTemplate(`${head}# ${'x'.repeat(8 * 1024 * 1024)}\n`)[0].code).toBe('E_INPUT_LIMIT');
  });
  it('takes 64 levels and refuses 65', () => {
    const chain = (levels: number): string =>
      Array.from(
        { length: levels },
        (_, k) =>
          `  - { id: P${k}, parent: ${k === 0 ? 'root' : `P${k - 1}`}, on: CD3, gate: { range: [1, ~] } }\n`,
      ).join('');
    expect(lintTemplate(head + chain(64))).toEqual([]);
    expect(lintTemplate(head + chain(65))).toMatchObject([{ code: 'E_INPUT_LIMIT', place: '70:5' }]);
  });
  it('counts populations with all their parents before it makes them', () => {
    // each level doubles: thirty lines would stand for a billion populations
    const entry = (id: string, parent: string): string =>
      `  - { id: ${id}, parent: ${parent}, on: CD3, gate: { range: [1, ~] } }\n`;
    let body = entry('A0', 'root') + entry('B0', 'root');
    for (let k = 1; k < 40; k++)
      body += entry(`A${k}`, `[A${k - 1}, B${k - 1}]`) + entry(`B${k}`, `[A${k - 1}, B${k - 1}]`);
    const begin = performance.now();
    expect(lintTemplate(head + body)).toMatchObject([{ code: 'E_INPUT_LIMIT' }]);
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});
