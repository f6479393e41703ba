// Which protocol each panel of a study is gated under: its template, and the matrix of a table where the study gives one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProtocols, loadStudy, protocolOf } from '../../src/run/node.ts';
import { simulateStudy } from '../../src/simulate/index.ts';
import { temporaryFolder } from './study-folder.ts';

const folder = temporaryFolder('protocols');
const root = join(folder.path, 'study');
const { files } = simulateStudy({ subjects: 1, visits: 2, seed: 1, panels: ['P1', 'P2'] });
beforeAll(() => {
  mkdirSync(root);
  for (const [name, text] of files) {
    if (!name.includes('/')) writeFileSync(join(root, name), text);
  }
  writeFileSync(join(root, 'p1.csv'), 'FITC-A,PE-A\n1,0.1\n0,1\n');
  writeFileSync(join(root, 'bad.csv'), 'FITC-A,PE-A\n1,0.1\n');
});
afterAll(() => folder.remove());

function load(compensation: string) {
  writeFileSync(
    join(root, 'study.yaml'),
    `${files.get('study.yaml') ?? ''}\ncompensation: ${compensation}\n`,
  );
  const loaded = loadStudy(root);
  if (loaded.study === null) throw new Error(JSON.stringify(loaded.issues));
  const { protocols, issues } = loadProtocols(loaded.root, loaded.study);
  const matrices = protocols.map(({ panel, protocol }) => [
    panel,
    protocol.kind === 'template' ? (protocol.matrix ?? null) : null,
  ]);
  return {
    matrices: Object.fromEntries(matrices) as object,
    issues,
    locked: protocolOf(loaded, protocols).panels,
  };
}

describe('the compensation of a study', () => {
  it('counts for the panel that it is given for, and is part of what a lock holds', () => {
    const plain = load('{}');
    const given = load('{ P1: p1.csv }');
    expect(plain.matrices).toEqual({ P1: null, P2: null });
    expect(given.issues).toEqual([]);
    expect(given.matrices).toMatchObject({
      P1: { detectors: ['FITC-A', 'PE-A'], spill: Float64Array.of(1, 0.1, 0, 1) },
      P2: null,
    });
    expect(given.locked['P1'].sha256).not.toBe(plain.locked['P1'].sha256);
    expect(given.locked['P2']).toEqual(plain.locked['P2']);
  });

  it.each([
    ['a table that is not there', '{ P1: none.csv }', 'E_TABLE_MISSING', ['P2']],
    ['a table outside of the folder', '{ P1: ../p1.csv }', 'E_TABLE_MISSING', ['P2']],
    ['a table that cannot be read', '{ P1: bad.csv }', 'E_PROTOCOL_INVALID', ['P2']],
    ['a panel that the study does not have', '{ P9: p1.csv }', 'E_STUDY_INVALID', ['P1', 'P2']],
  ])('with %s leaves out that panel alone, and says why', (_, compensation, code, left) => {
    const { matrices, issues } = load(compensation);
    expect(issues.map((found) => found.code)).toEqual([code]);
    expect(Object.keys(matrices)).toEqual(left);
  });
});
