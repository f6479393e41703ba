// The small texts of the command line: summary table, progress line, templates' complaints, what a terminal is shown.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exitCodeOf, UsageError } from '../../src/cli/exit.ts';
import { progressLine, progressText } from '../../src/cli/progress.ts';
import { summaryLines } from '../../src/cli/summary.ts';
import { grouped, printable } from '../../src/cli/text.ts';
import { ImmunogateError } from '../../src/errors.ts';
import { populationRows } from '../../src/results/index.ts';
import { bloodStrategy, bloodTemplate } from '../engine/blood.ts';
import { sampleResult } from '../results/sample-result.ts';
import { runCli } from './run-cli.ts';

describe('the summary', () => {
  it('shows counts and percentages of the parent; what is missing is said, not 0', () => {
    const populations = populationRows(bloodStrategy, [12340, 0, null, null], 20000);
    const empty = populationRows(bloodStrategy, [0, 0, 0, 0], 20000);
    const fallback = populations.map((row) =>
      row.population === 'CD3' ? { ...row, status: 'fallback' as const } : row,
    );
    const lines = summaryLines([
      { ...sampleResult('a', 'r'), populations: fallback },
      { ...sampleResult('b', 'r'), populations: empty },
    ]);
    expect(lines.map((line) => line.replace(/ +/g, ' ').trimEnd())).toEqual([
      ' a b',
      'Cells 12,340 61.70 % 0 0.00 %',
      ' CD3 0 0.00 % * 0 -',
      ' CD4 n/e 0 -',
      ' CD4neg n/e 0 -',
      '',
      '* placed by a fallback method; see issues.csv',
    ]);
  });

  it('of nothing is nothing', () => expect(summaryLines([])).toEqual([]));
});

describe('progress', () => {
  const progress = {
    samples: 40,
    done: 11,
    refused: 1,
    reused: 2,
    events: 3_000_000,
    seconds: 2,
    secondsLeft: 14,
  };

  it('says files, rate and time to go', () => {
    expect(progressText(progress)).toBe(
      '12 of 40 files · 2 done before · 1 refused · 1,500,000 events/s · 14 s left',
    );
    expect(progressText({ ...progress, done: 0, refused: 0, reused: 0, events: 0, secondsLeft: null })).toBe(
      '0 of 40 files',
    );
    expect(progressText({ ...progress, secondsLeft: 4000 })).toContain('67 min left');
  });

  it('is silent where stderr is no terminal', () => {
    const written: string[] = [];
    const stream = { isTTY: false, columns: 80, write: (text: string) => written.push(text) };
    const line = progressLine(stream as unknown as NodeJS.WriteStream);
    line.show(progress);
    line.end();
    expect(written).toEqual([]);
    const terminal = progressLine({ ...stream, isTTY: true } as unknown as NodeJS.WriteStream);
    terminal.show(progress);
    terminal.show(progress);
    terminal.end();
    expect(written).toHaveLength(2);
    expect(written[0]).toContain('12 of 40 files');
  });
});

describe('exit codes', () => {
  it.each([
    [new UsageError('x'), 2],
    [new ImmunogateError('E_STORE_LOCKED'), 75],
    [new ImmunogateError('E_DISK_FULL'), 74],
    [new ImmunogateError('E_OUTPUT_UNWRITABLE'), 74],
    [new ImmunogateError('E_FCS_TRUNCATED'), 1],
    [new ImmunogateError('E_INTERNAL'), 70],
    [new TypeError('defect'), 70],
  ])('%s', (error, code) => expect(exitCodeOf(error)).toBe(code));
});

it('a terminal is shown what it must not obey', () => {
  expect(printable('a\u0007b\u009bc\u200bd\u2028\u{e0001}é')).toBe(
    'a\\u0007b\\u009bc\\u200bd\\u2028\\ue0001é',
  );
  expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
});

describe('lint-template', () => {
  const folder = mkdtempSync(join(tmpdir(), 'immunogate-lint-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const good = join(folder, 'good.yaml');
  const bad = join(folder, 'bad.yaml');
  writeFileSync(good, bloodTemplate);
  writeFileSync(bad, bloodTemplate.replace('keep: above', 'keep: over').replace('not CD4T', 'not CD4X'));

  it('has nothing to say about a good one', async () => {
    expect(await runCli('lint-template', good)).toMatchObject({ code: 0, stdout: `${good}: no issues\n` });
    expect(await runCli('lint-template', '--json', good)).toMatchObject({ code: 0, stdout: '' });
  });

  it('says place, code and what is wrong; exit 1', async () => {
    const { code, stdout } = await runCli('lint-template', good, bad);
    expect(code).toBe(1);
    expect(stdout).toMatch(/bad\.yaml:7:\d+ error E_TEMPLATE_SCHEMA/);
    const json = await runCli('lint-template', '--json', bad);
    expect(JSON.parse(json.stdout.split('\n')[0])).toMatchObject({
      file: bad,
      code: 'E_TEMPLATE_SCHEMA',
      level: 'error',
    });
  });

  it('of a file that is not there is a wrong call', async () => {
    expect((await runCli('lint-template', join(folder, 'none.yaml'))).code).toBe(2);
  });
});
