// What a template can get wrong by itself beyond its schema, each with its line; steps that a file's channels do not allow; and the
// templates that we ship.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { labelChannels } from '../../src/events/index.ts';
import { evaluateStrategy, fitPlan } from '../../src/gating/index.ts';
import { bindTemplate, lintTemplate, parseTemplate } from '../../src/template/index.ts';
import { templateText } from './gate-file.ts';

const head = 'immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\npopulations:\n';
const onTwo = '  - id: x\n    parent: root\n    on: [CD3, CD4]\n';

describe('lintTemplate', () => {
  it.each([
    [
      'a covariance of the wrong size',
      `${onTwo}    gate:\n      ellipse:\n        mean: [1, 2]\n        covariance: [[1, 0], [0, 1], [0, 0]]\n`,
      12,
      /2 rows of 2/,
    ],
    [
      'a covariance that is not positive definite',
      `${onTwo}    gate:\n      ellipse:\n        mean: [1, 2]\n        covariance: [[1, 2], [2, 1]]\n`,
      12,
      /positive definite/,
    ],
    [
      'a covariance that is not symmetric',
      `${onTwo}    gate:\n      ellipse:\n        mean: [1, 2]\n        covariance: [[1, 0.5], [0.4, 1]]\n`,
      12,
      /symmetric/,
    ],
    [
      'a rectangle of three on two',
      `${onTwo}    gate: { rectangle: [[0, 1], [0, 1], [0, 1]] }\n`,
      9,
      /3 axes/,
    ],
    ['a side for two axes', `${onTwo}    place: singlet\n    keep: above\n`, 9, /"keep"/],
    [
      'two names for one axis',
      '  - id: x\n    parent: root\n    on: { marker: CD3, channel: FITC-A }\n    place: valley\n',
      8,
      /one of: marker, channel, fluorochrome/,
    ],
    [
      'two methods in one line',
      '  - id: x\n    parent: root\n    on: CD3\n    place:\n      - { valley: {}, fixed: 3 }\n',
      10,
      /one method/,
    ],
    [
      'two cells of the same signs',
      '  - parent: root\n    quadrant: [CD3, CD4]\n    cuts: [3, 3]\n    cells:\n      a: "+-"\n      b: "+-"\n',
      11,
      /another cell/,
    ],
    [
      'a cut of two axes',
      '  - parent: root\n    quadrant: [CD3, CD4]\n    cuts:\n      - valley\n      - singlet\n    cells: { a: "+-" }\n',
      10,
      /2 axes/,
    ],
    [
      'booleans that wait for each other',
      '  - { id: x, parent: root, is: not y }\n  - { id: y, parent: root, is: not x }\n',
      6,
      /depends on itself/,
    ],
    [
      'a control tube without a name',
      '  - { id: x, parent: root, on: PD1, place: { quantile: { tube: fmo } } }\n',
      6,
      /fmo is no control tube; write FMO:/,
    ],
    [
      'an FMO tube without its marker',
      '  - { id: x, parent: root, on: PD1, place: { quantile: { tube: FMO } } }\n',
      6,
      /FMO is no control tube/,
    ],
    [
      'a fixed value that looks at a tube',
      '  - { id: x, parent: root, on: PD1, place: { fixed: { at: 3, tube: UNST } } }\n',
      6,
      /looks at no tube/,
    ],
    [
      'a pool that is none',
      '  - { id: x, parent: root, on: PD1, place: valley, pool: everybody }\n',
      6,
      /pool/,
    ],
    [
      'a boolean of its own child',
      '  - { id: x, parent: root, is: not y }\n  - { id: y, parent: x, on: CD3, place: valley }\n',
      6,
      /depends on itself/,
    ],
  ])('%s', (_, body, line, words) => {
    const [first] = lintTemplate(head + body);
    expect(first.level).toBe('error');
    expect(first.place).toMatch(new RegExp(`^${line}:\\d+$`));
    expect(first.message).toMatch(words);
  });

  it('warns of a scale that nothing uses, and refuses one that cannot be', () => {
    const population = '  - { id: x, parent: root, on: CD3, place: valley }\n';
    const withScale = (scale: string) =>
      lintTemplate(head.replace('populations:', `scales:\n  a: ${scale}\npopulations:`) + population);
    expect(withScale('{ asinhCofactor: 5 }')).toMatchObject([
      { code: 'W_UNUSED_TEMPLATE_ENTRY', level: 'warning', place: '6:3' },
    ]);
    // logicle: W is at most M / 2
    expect(withScale('{ logicle: { T: 262144, W: 4, M: 4.5, A: 0 } }')).toMatchObject([
      { level: 'error', place: '6:3' },
    ]);
  });

  it('never throws on a template cut short anywhere', () => {
    const text = templateText('p1-tbnk');
    for (let end = 0; end < text.length; end += 97)
      for (const found of lintTemplate(text.slice(0, end))) expect(found.message).not.toBe('');
  });
});

describe('the templates of this project', () => {
  const folder = fileURLToPath(new URL('../../gating-templates/', import.meta.url));
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  it.each(names)('%s has no issue, its file name as id, and a page beside it', (name) => {
    const text = templateText(name.replace('.yaml', ''));
    expect(lintTemplate(text)).toEqual([]);
    expect(parseTemplate(text).template?.id).toBe(name.replace('.yaml', ''));
    expect(readdirSync(folder)).toContain(name.replace('.yaml', '.md'));
  });
});

describe('a step that a file has no channels for', () => {
  const table = {
    count: 4,
    channels: labelChannels([
      { name: 'FSC-A', stain: null, range: 1000 },
      { name: 'FITC-A', stain: 'CD3', range: 1000 },
    ]),
    columns: [Float64Array.of(1, 2, Number.NaN, 4), Float64Array.of(0, 500, 500, 1000)],
  };
  function run(body: string) {
    const { template } = parseTemplate(head + body);
    if (template === null) throw new Error('the template is not sound');
    const { plan, issues } = bindTemplate(template, table.channels, { spillover: null });
    if (plan === null) return { issues, populations: [], members: new Map<string, Uint8Array>() };
    const { strategy, issues: findings } = fitPlan(plan, { table, spillover: null }, { seed: 's' });
    const members = evaluateStrategy(strategy, table, null);
    return { issues: findings, populations: strategy.populations, members };
  }
  const cd3 = (rest: string) =>
    `  - { id: c, parent: root, on: { marker: CD3, scale: fraction }, gate: { range: ${rest} } }\n`;

  it('is all of its parent where the template allows it, on record', () => {
    const { issues, populations, members } = run(
      cd3('[0.5, ~]') + '  - { id: s, parent: c, on: [FSC-A, FSC-H], place: singlet, optional: as-parent }\n',
    );
    // half of 1,000 is inside: [from, to)
    expect([...(members.get('c') ?? [])]).toEqual([0, 1, 1, 1]);
    expect(members.get('c/s')).toEqual(members.get('c'));
    expect(populations[1].fit).toMatchObject({ status: 'fallback', method: 'parent' });
    expect(populations[1].fit.status === 'fallback' && populations[1].fit.reason).toMatch(/FSC-H/);
    expect(issues.map(({ code, place }) => [code, place])).toContainEqual(['W_METHOD_FALLBACK', 'c/s']);
  });

  it('is every event below the root', () => {
    const { members } = run(
      '  - { id: t, parent: root, on: Time, gate: { range: [1, 2] }, optional: as-parent }\n',
    );
    expect(members.get('t')?.[0]).toBe(1);
    expect(members.get('t')?.[3]).toBe(1);
  });

  it('two axes that find one channel are a channel too few', () => {
    const { issues } = run('  - { id: s, parent: root, on: [FSC-A, { channel: FSC-A }], place: singlet }\n');
    expect(issues).toMatchObject([{ code: 'E_CHANNEL_MISSING', place: 's' }]);
  });

  it('a cofactor for a stated top of scale follows the top of the channel', () => {
    const text = `${head.replace('populations:', 'scales: { wide: { asinhCofactor: 5000, top: 250000 } }\npopulations:')}  - { id: c, parent: root, on: { marker: CD3, scale: wide }, gate: { range: [0, 1] } }\n`;
    const { template } = parseTemplate(text);
    if (template === null) throw new Error('the template is not sound');
    const { plan } = bindTemplate(template, table.channels, { spillover: null });
    const rule = plan?.populations[0].rule;
    if (rule?.kind !== 'gate' || rule.gate.kind !== 'rectangle') throw new Error('not bound');
    // 5,000 of 250,000 is 20 of 1,000
    expect(rule.gate.dims[0].transform?.scale).toEqual({ kind: 'asinhCofactor', cofactor: 20 });
  });
});
