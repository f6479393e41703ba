// verify-install: passes here, and says which check failed where one does.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyInstall } from '../../src/cli/verify-install.ts';

describe('immunogate verify-install', () => {
  let lines: string[] = [];
  beforeEach(() => {
    lines = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('passes all checks and reports versions and a date', async () => {
    expect(await verifyInstall('immunogate test')).toBe(0);
    expect(lines[0]).toMatch(/^immunogate test, 20\d\d-/);
    expect(lines[1]).toMatch(/Node v\d+.*numeric core \d+, SQLite 3\./);
    expect(lines.filter((line) => line.startsWith('ok '))).toHaveLength(5);
  });

  it('ends with 1 and the name of a check that fails, after the others', async () => {
    const checks = [
      {
        name: 'first',
        run: () => {
          throw new Error('two is three');
        },
      },
      { name: 'second', run: () => 'fine' },
    ];
    expect(await verifyInstall('immunogate test', checks)).toBe(1);
    expect(lines.slice(2)).toEqual([
      'FAILED  first: two is three',
      'ok      second: fine',
      '1 of 2 checks failed: do not use this installation.',
    ]);
  });
});
