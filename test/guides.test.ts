// The guides are true: every command of their sh blocks runs as written, in order, every file that they show is read, the Python snippet
// prints what it says, and the reference pages are what schemas and sources say.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undocumented } from '../scripts/make-api.ts';
import { references } from '../scripts/make-references.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Block {
  readonly kind: string;
  /** Where the block is written to, as `file=` or behind what is there, as `append=`. */
  readonly file: string | null;
  readonly append: boolean;
  readonly text: string;
}

const blocksOf = (guide: string): readonly Block[] =>
  [
    ...readFileSync(join(root, 'docs/guides', guide), 'utf8').matchAll(
      /^```(\w+)(?: (file|append)=(\S+))?\n(.*?)^```$/gms,
    ),
  ].map(([, kind, how, file, text]) => ({ kind, file: file ?? null, append: how === 'append', text }));

describe.each(['laboratory.md', 'statistician.md'])('docs/guides/%s', (guide) => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'immunogate-guide-'));
    symlinkSync(join(root, 'gating-templates'), join(folder, 'gating-templates'));
    mkdirSync(join(folder, 'bin'));
    const shim = `#!/bin/sh\nshift\nexec ${process.execPath} ${process.env['IMMUNOGATE_COMMAND'] ?? ''} "$@"\n`;
    writeFileSync(join(folder, 'bin/npx'), shim);
    chmodSync(join(folder, 'bin/npx'), 0o755);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('works as written', { timeout: 600_000 }, () => {
    let ran = 0;
    for (const { kind, file, append, text } of blocksOf(guide)) {
      if (file !== null) writeFileSync(join(folder, file), text, { flag: append ? 'a' : 'w' });
      const command =
        kind === 'sh' ? ['sh', '-euc', text] : kind === 'python' ? ['python3', '-c', text] : null;
      if (command === null) continue;
      const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
      const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      expect(status, `${text}\n${stdout}\n${stderr}`).toBe(0);
      if (kind === 'python')
        expect(stdout).toMatch(/^SIM-001 {2}Baseline +\d+\.\d cells\/uL, 100\.0 % of baseline$/m);
      ran++;
    }
    expect(ran).toBeGreaterThan(2);
  });
});

it.each(['laboratory.md', 'statistician.md'])('every picture and page that %s names is there', (guide) => {
  const text = readFileSync(join(root, 'docs/guides', guide), 'utf8');
  const named = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path]) => path);
  expect(named.filter((path) => path.startsWith('pictures/')).length).toBeGreaterThan(0);
  expect(named.filter((path) => !existsSync(join(root, 'docs/guides', path)))).toEqual([]);
});

describe.each(Object.entries(references))('%s', (path, make) => {
  it('is what schemas and sources say (npm run references)', () => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(make());
  });
});

it('every exported function, class and constant says what it is', () => {
  expect(undocumented()).toEqual([]);
});
