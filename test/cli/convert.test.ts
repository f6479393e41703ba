// immunogate convert and verify-store as a user calls them.
import Database from 'better-sqlite3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFcs } from '../fcs/build.ts';
import { runCli } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'immunogate-convert-'));
  writeFileSync(join(folder, 'one.fcs'), buildFcs());
  writeFileSync(
    join(folder, 'drawn.yaml'),
    `immunogate: 1
id: drawn
version: 1.0.0
title: Drawn
populations:
  - { id: big, parent: root, on: { channel: FSC-A, scale: linear, compensation: none }, gate: { range: [1, null] } }
  - { id: small, parent: root, is: not big }
`,
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);
const counted = (out: string): string[] =>
  readFileSync(join(out, 'populations.csv'), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(1, 5).join());

describe('immunogate convert', () => {
  it('keeps the gates from template to Gating-ML, strategy and template again', async () => {
    const steps = [
      ['convert', at('drawn.yaml'), at('a.xml'), '--fcs', at('one.fcs')],
      ['convert', at('a.xml'), at('b.json')],
      ['convert', at('b.json'), at('c.yaml')],
      ['gate', '-t', at('c.yaml'), '--out', at('out'), at('one.fcs')],
    ];
    for (const step of steps) expect(await runCli(...step)).toMatchObject({ code: 0 });
    // values 1.5, 70000 and 0.1
    expect(counted(at('out'))).toEqual(['big,big,,2', 'small,small,,1']);
  });

  it('refuses a template without a file, and an ending that it does not know', async () => {
    expect(await runCli('convert', at('drawn.yaml'), at('d.xml'))).toMatchObject({ code: 2 });
    expect(await runCli('convert', at('a.xml'), at('d.txt'))).toMatchObject({ code: 2 });
  });
});

describe('immunogate verify-store', () => {
  it('holds for a run, and names what was altered', async () => {
    const out = at('stored');
    expect(await runCli('gate', '-t', at('a.xml'), '--out', out, at('one.fcs'))).toMatchObject({ code: 0 });
    expect(await runCli('verify-store', out)).toMatchObject({ code: 0 });
    const db = new Database(join(out, '.immunogate', 'run.sqlite'));
    const triggers = db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
      .pluck()
      .all() as string[];
    for (const name of triggers) db.exec(`DROP TRIGGER ${name}`);
    expect(
      db.prepare(`UPDATE results SET body = replace(body, '"count":2', '"count":3')`).run().changes,
    ).toBe(1);
    db.close();
    const { code, stdout } = await runCli('verify-store', out);
    expect(code).toBe(1);
    expect(stdout).toContain('E_STORE_CORRUPT');
  });
});
