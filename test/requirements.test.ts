// The table of requirements (docs/requirements.md) is complete and true to the tree: every id has a row, every claim names tests
// that exist, and what is not built says so.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sharedData } from './shared-data.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lines = readFileSync(join(root, 'docs/requirements.md'), 'utf8').split('\n');
const rows = lines
  .filter((line) => /^\| [A-Z]-\d+ \|/.test(line))
  .map((line) => {
    const [id, requirement, status, tests] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { id, requirement, status, tests: tests === '' ? [] : tests.split(', ') };
  });
const specification = sharedData('spec', 'reliability.md');

describe('the table of requirements', () => {
  it.skipIf(specification === null)(
    'has exactly one row for each id of the specification (which is not in this checkout)',
    () => {
      const ids = [...readFileSync(specification!, 'utf8').matchAll(/^- ([A-Z]-\d+) /gm)].map(([, id]) => id);
      expect(ids.length).toBeGreaterThan(50);
      expect(rows.map(({ id }) => id).sort()).toEqual(ids.sort());
    },
  );

  it('says of each row whether it is met, partly with what, or not yet', () => {
    expect(rows.filter(({ status }) => !/^(met|not yet(: .+)?|partly: .+)$/.test(status))).toEqual([]);
    expect(rows.filter(({ requirement }) => requirement.length < 8)).toEqual([]);
  });

  it('names tests where it claims something, and only there', () => {
    expect(rows.filter(({ status, tests }) => status.startsWith('not yet') !== (tests.length === 0))).toEqual(
      [],
    );
  });

  it('names tests that exist', () => {
    const named = rows.flatMap(({ id, tests }) => tests.map((test) => ({ id, test })));
    expect(
      named.filter(({ test }) => !/^test\/.+\.test\.ts$/.test(test) || !existsSync(join(root, test))),
    ).toEqual([]);
  });
});
