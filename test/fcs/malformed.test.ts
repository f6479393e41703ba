// The malformed-file generator of the specification, scored by its own scorer. MALFORMED_VARIANTS and MALFORMED_SEEDS
// (comma separated) widen the run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../shared-data.ts';
import { inspectFolder } from './malformed-driver.ts';

const tools = sharedData('tools');
const variants = process.env['MALFORMED_VARIANTS'] ?? '3';
const seeds = (process.env['MALFORMED_SEEDS'] ?? '20260114').split(',');

describe.skipIf(tools === null)('generated malformed files', () => {
  it.each(seeds)('are all treated as specified, seed %s', (seed) => {
    const folder = mkdtempSync(join(tmpdir(), 'malformed-'));
    try {
      execFileSync(process.execPath, [
        `${tools ?? ''}/make-malformed-fcs.mjs`,
        '--out',
        folder,
        '--seed',
        seed,
        '--per-class',
        variants,
      ]);
      const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
        files: unknown[];
      };
      const records = inspectFolder(folder);
      expect(records).toHaveLength(files.length);
      const score = execFileSync(
        process.execPath,
        [`${tools}/score-malformed.mjs`, join(folder, 'manifest.json')],
        {
          input: records.map((record) => JSON.stringify(record)).join('\n'),
          encoding: 'utf8',
        },
      );
      expect(score.trim()).toBe(
        `${files.length} of ${files.length} files right, 119 of 119 classes wholly right`,
      );
      expect(Math.max(...records.map(({ ms }) => ms))).toBeLessThan(2000);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
