// immunogate simulate: a whole study folder from the command line, the same bytes for the same seed, and files that inspect reads.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-simulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const small = ['--subjects', '1', '--visits', '2', '--panels', 'P3', '--scale', '0.02', '--no-controls'];

it('writes a study that can be read and written again to the same bytes', async () => {
  for (const name of ['a', 'b']) {
    const { code, stdout } = await runCli('simulate', '--out', join(folder, name), ...small);
    expect(code, stdout).toBe(0);
  }
  const files = readdirSync(join(folder, 'a', 'fcs'));
  expect(files.length).toBe(2);
  for (const file of files) {
    expect(
      readFileSync(join(folder, 'a', 'fcs', file)).equals(readFileSync(join(folder, 'b', 'fcs', file))),
    ).toBe(true);
  }
  expect(readFileSync(join(folder, 'a', 'samples.csv'), 'utf8').split('\n')[0]).toContain(
    'file,sample,subject,visit,panel',
  );
  const inspected = await runCli('inspect', '--json', ...files.map((file) => join(folder, 'a', 'fcs', file)));
  expect(inspected.code).toBe(0);
});

it.each([
  [['--scale', '0']],
  [['--failures', '2']],
  [['--visits', '9']],
  [['--panels', 'P99']],
  [['--seed', 'x']],
])('refuses %j as a usage error', async (wrong) => {
  const { code } = await runCli('simulate', '--out', join(folder, 'refused'), ...wrong);
  expect(code).toBe(2);
});
