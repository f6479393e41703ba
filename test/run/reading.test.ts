// Choices that a study makes about its files (reliability R-3): tubes whose files hold an old copy before the data set that is meant, as
// files of Coulter instruments do. The numbers must be those of the same tubes in files of one data set.
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readingIssues, readOptionsOf } from '../../src/run/reading.ts';
import { runStudy } from '../../src/run/node.ts';
import { simulateStudy } from '../../src/simulate/index.ts';
import { writeStudy } from '../../src/simulate/node.ts';
import { parseDefinition, type Study } from '../../src/study/index.ts';
import { buildFcs } from '../fcs/build.ts';
import { readRows, temporaryFolder } from './study-folder.ts';

const folder = temporaryFolder('reading');
const at = (...parts: string[]) => join(folder.path, ...parts);
const software = 'immunogate test';
const whole = simulateStudy({ id: 'SIM', subjects: 1, visits: 2, seed: 3, panels: ['P1'] });
const planned = {
  ...whole,
  tubes: whole.tubes.map((entry) => ({ ...entry, tube: { ...entry.tube, scale: 0.2 } })),
};

beforeAll(() => {
  writeStudy(planned, at('plain'));
  cpSync(at('plain'), at('double'), { recursive: true });
  const length = buildFcs({ set: { $NEXTDATA: '99999' } }).length;
  const old = buildFcs({ set: { $NEXTDATA: String(length).padStart(5, '0') } });
  for (const name of readdirSync(at('double', 'fcs'))) {
    const path = at('double', 'fcs', name);
    writeFileSync(path, Buffer.concat([old, readFileSync(path)]));
  }
}, 300_000);
afterAll(() => folder.remove());

const head =
  'windows:\n  - { n: 0, label: B, phase: PRE, target: -1, lo: -28 }\npanels: { P1: p1-tbnk.yaml }\n';
function studyOf(reading: string): Study {
  const { definition, issues } = parseDefinition(`${head}reading: ${reading}\n`);
  if (definition === null) throw new Error(JSON.stringify(issues));
  return { definition, samples: [{ sample: 'a', panel: 'P1' }] } as unknown as Study;
}

describe('reading of a study', () => {
  it('gates the data set that is meant, with the numbers of the same tube in a file of its own', async () => {
    await runStudy({ study: at('plain'), out: at('out-plain'), software, workers: 1 });
    const refused = await runStudy({ study: at('double'), out: at('out-refused'), software, workers: 1 });
    expect([refused.gated, refused.refused]).toEqual([0, 2]);
    const description = at('double', 'study.yaml');
    const text = readFileSync(description, 'utf8');
    writeFileSync(
      description,
      `${text}\nreading: [{ panel: P1, dataset: 2, reason: an old copy goes before }]\n`,
    );
    const { gated, results } = await runStudy({
      study: at('double'),
      out: at('out-double'),
      software,
      workers: 1,
    });
    expect(gated).toBe(2);
    expect(readRows(at('out-double'), 'endpoints.csv')).toEqual(readRows(at('out-plain'), 'endpoints.csv'));
    const overridden = results.samples.map(({ issues }) => issues.map(({ code }) => code));
    for (const codes of overridden) expect(codes).toContain('W_OVERRIDE_USED');
    // the report draws the gates on the data set that was gated
    expect(readFileSync(at('out-double', 'report.html'), 'utf8')).not.toContain('E_FCS_MULTIPLE_DATASETS');
    expect(readFileSync(at('out-double', 'report.html'), 'utf8')).not.toContain('Choose one with');
  }, 300_000);

  it('of a sample counts over that of its panel', () => {
    const study = studyOf(
      '[{ sample: a, dataset: 3, reason: x }, { panel: P1, dataset: 2, offsets: text, reason: x }]',
    );
    expect(readOptionsOf(study, { sample: 'a', panel: 'P1' })).toEqual({ dataset: 3, offsets: 'text' });
    expect(readOptionsOf(study, { sample: 'b', panel: 'P1' })).toEqual({ dataset: 2, offsets: 'text' });
    expect(readOptionsOf(study, { sample: 'b', panel: 'P2' })).toEqual({});
    expect(readingIssues(study)).toEqual([]);
  });

  it('of what the study does not have is said', () => {
    const said = readingIssues(
      studyOf('[{ sample: b, dataset: 3, reason: x }, { panel: P9, dataset: 2, reason: x }]'),
    );
    expect(said.map(({ message }) => /the (\w+ \w+),/.exec(message)?.[1])).toEqual(['sample b', 'panel P9']);
  });

  it.each([
    ['without a reason', '[{ panel: P1, dataset: 2 }]'],
    ['of a panel and a sample', '[{ panel: P1, sample: a, dataset: 2, reason: x }]'],
    ['of nothing', '[{ dataset: 2, reason: x }]'],
    ['of data set 0', '[{ panel: P1, dataset: 0, reason: x }]'],
  ])('%s is refused', (_, reading) => {
    expect(parseDefinition(`${head}reading: ${reading}\n`).definition).toBeNull();
  });
});
