// Names that the house does not allow, codes that the registry must hold, and text that must never be committed.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codes } from '../src/errors.ts';
import { readTree } from './architecture/modules.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter(Boolean);

/** Drawers: a name that says nothing about what is inside. */
const drawer = /^(utils?|common|helpers?|misc|shared|managers?|.*[-.]?(utils?|helpers?|manager))(\.[^/]*)?$/i;

describe('names', () => {
  it('recognises a drawer', () => {
    const names = ['utils', 'util.ts', 'common', 'helpers.test.ts', 'string-utils.ts', 'poolManager.ts'];
    expect(names.filter((name) => !drawer.test(name))).toEqual([]);
    expect(
      ['count.kernel.ts', 'commonality.ts', 'shared-data.ts', 'gating'].filter((name) => drawer.test(name)),
    ).toEqual([]);
  });

  it('no file or folder is a drawer', () => {
    expect(tracked.filter((path) => path.split('/').some((part) => drawer.test(part)))).toEqual([]);
  });

  it('files and folders of src are lower-case words joined by hyphens', () => {
    const odd = [...readTree(join(root, 'src')).keys()].filter(
      (path) => !/^([a-z0-9-]+\/)*[a-z0-9-]+(\.kernel|\.svelte)?\.(tsx?|svelte)$/.test(path),
    );
    expect(odd).toEqual([]);
  });
});

describe('codes', () => {
  it('every code that src spells out is registered', () => {
    const spelled = [...readTree(join(root, 'src'))].flatMap(([path, text]) =>
      [...text.matchAll(/['"`]([EWI]_[A-Z0-9_]+)['"`]/g)].map((match) => ({ path, code: match[1] })),
    );
    expect(spelled.length).toBeGreaterThan(50);
    expect(spelled.filter(({ code }) => !(code in codes))).toEqual([]);
  });

  it('every code has a sentence', () => {
    expect(Object.entries(codes).filter(([, text]) => !/^[A-Z$].{8,}\.$/.test(text))).toEqual([]);
  });
});

describe('tracked text', () => {
  /** Spelled in pieces, so that this file does not find itself. */
  const forbidden: readonly (readonly [what: string, pattern: RegExp])[] = [
    ['a path of a machine', new RegExp(['(?<![\\w.])/', 'work/|/ho', 'me/\\w|/ro', 'ot/'].join(''))],
    ['a note to come back', new RegExp(['\\b(TO', 'DO|FIX', 'ME|XX', 'X|HA', 'CK)\\b'].join(''))],
    ['a download address', new RegExp(['"resolved": ', '"http'].join(''))],
  ];

  it('says "supports", and claims compliance with no regulation', () => {
    const documents = tracked.filter((path) =>
      /\.(md|svelte|html)$|^src\/.*\.ts$|^package\.json$/.test(path),
    );
    const claims = documents.flatMap((path) =>
      (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '')
        .split('\n')
        .filter((line) => /\b(complian(t|ce)|certified|GxP|validated for)\b/i.test(line))
        .filter((line) => !/whether a use is compliant is for the organisation/.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(claims).toEqual([]);
    const wording = readFileSync(join(root, 'docs/regulated-use.md'), 'utf8');
    expect(wording).toMatch(/\*\*supports\*\* work under 21 CFR Part 11, EU GMP Annex 11 and ICH E6\(R3\)/);
    expect(wording).toMatch(/^\| matter \| the program \| the organisation \|$/m);
  });

  it.each(forbidden)('holds nowhere %s', (_, pattern) => {
    const texts = tracked.filter((path) =>
      /\.(ts|tsx|js|mjs|py|json|md|ya?ml|xml|css|html|svelte|csv)$|^\.ci\/run$/.test(path),
    );
    expect(texts.length).toBeGreaterThan(50);
    const holding = texts.filter(
      (path) => existsSync(join(root, path)) && pattern.test(readFileSync(join(root, path), 'utf8')),
    );
    expect(holding).toEqual([]);
  });
});
