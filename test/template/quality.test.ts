// The checks of a template: references become paths, usual checks give way, and what is wrong is said with its line.
import { describe, expect, it } from 'vitest';
import { checksOf, lintTemplate, parseTemplate } from '../../src/template/index.ts';
import { templateText } from './gate-file.ts';

const head = `immunogate: 1
id: t
version: 1.0.0
title: T
populations:
  - { id: time_ok, parent: root, on: Time, gate: { range: [null, null] } }
  - { id: Lymph, parent: time_ok, on: CD45, gate: { range: [3, null] } }
  - { id: T, parent: Lymph, on: CD3, gate: { range: [3, null] }, expected: [0.4, 0.8] }
  - { id: B, parent: Lymph, is: not T }
`;

function checks(text: string) {
  const { template } = parseTemplate(head + text);
  if (template === null) throw new Error('the template cannot be read');
  return checksOf(template);
}

describe('the checks of a template', () => {
  it('are the usual ones where it writes none', () => {
    expect(checks('')).toMatchObject([
      { check: 'time', measure: { populations: ['time_ok'], of: null }, target: [0.9, null] },
      { check: 'drift', measure: { kind: 'measured' } },
      { check: 'compensation', measure: { kind: 'measured' } },
      {
        check: 'expected:time_ok/Lymph/T',
        measure: { populations: ['time_ok/Lymph/T'], of: 'time_ok/Lymph' },
        target: [0.4, 0.8],
        accept: null,
      },
    ]);
  });

  it('name populations by id or path, all events by root', () => {
    const written = `checks:
  - { check: sum, name: Sum, share: [T, time_ok/Lymph/B], of: Lymph, target: [0.95, 1.05], accept: [0.9, 1.1] }
  - { check: time, name: Kept, share: time_ok, of: root, target: [0.8, null] }
  - { check: few, name: Few, count: Lymph, target: [2500, null] }
`;
    expect(checks(written).map(({ check, measure, accept }) => ({ check, measure, accept }))).toEqual([
      { check: 'time', measure: { kind: 'share', populations: ['time_ok'], of: null }, accept: null },
      expect.objectContaining({ check: 'drift' }),
      expect.objectContaining({ check: 'compensation' }),
      expect.objectContaining({ check: 'expected:time_ok/Lymph/T' }),
      {
        check: 'sum',
        measure: {
          kind: 'share',
          populations: ['time_ok/Lymph/T', 'time_ok/Lymph/B'],
          of: 'time_ok/Lymph',
        },
        accept: [0.9, 1.1],
      },
      {
        check: 'few',
        measure: { kind: 'count', population: 'time_ok/Lymph', absentIsFine: false },
        accept: null,
      },
    ]);
  });

  it.each([
    ['a population that does not exist', '{ check: a, name: A, count: NK, target: [1, null] }', /NK is not/],
    ['a window of nothing', '{ check: a, name: A, count: T, target: [2, 1] }', /between 2 and 1/],
    ['no measure', '{ check: a, name: A, target: [1, null] }', /checks\.0/],
    ['a name of two words', '{ check: a b, name: A, count: T, target: [1, null] }', /one word/],
  ])('refuse %s', (_, check, message) => {
    const issues = lintTemplate(`${head}checks:\n  - ${check}\n`);
    expect(issues).toMatchObject([{ level: 'error', place: expect.stringMatching(/^11:/) as string }]);
    expect(issues[0].message).toMatch(message);
  });

  it('refuse two of one name', () => {
    const twice = '  - { check: a, name: A, count: T, target: [1, null] }\n'.repeat(2);
    expect(lintTemplate(`${head}checks:\n${twice}`)).toMatchObject([{ code: 'E_TEMPLATE_SCHEMA' }]);
  });
});

describe('p1-tbnk', () => {
  it('is checked by the rules of populations.md section 3', () => {
    const { template } = parseTemplate(templateText('p1-tbnk'));
    const found = template === null ? [] : checksOf(template);
    const windows = Object.fromEntries(found.map(({ check, target, accept }) => [check, [target, accept]]));
    expect(windows).toMatchObject({
      lymphosum: [
        [0.95, 1.05],
        [0.9, 1.1],
      ],
      tBalance: [
        [0.99, 1.01],
        [0.99, 1.01],
      ],
      lymphocytes: [[2500, null], null],
      beads: [
        [1000, null],
        [1000, null],
      ],
    });
  });
});
