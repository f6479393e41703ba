// immunogate inspect from outside: the form of its lines, and the scorer of the malformed-file generator over the whole command.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeBlood } from '../engine/blood.ts';
import { sharedData } from '../shared-data.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));
const good = join(folder, 'good.fcs');
writeBlood(good, 1, 100);
const bad = join(folder, 'bad.fcs');
writeFileSync(bad, 'PK\u0003\u0004 and so on');

describe('inspect --json', () => {
  it('prints one line a file with the keys of the contract; exit 0', async () => {
    const { code, stdout, stderr } = await runCli('inspect', '--json', good, good);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    const record = JSON.parse(lines[0]) as Record<string, unknown>;
    expect(Object.keys(record)).toEqual([
      'file',
      'result',
      'findings',
      'events',
      'parameters',
      'dataSha256',
      'ms',
    ]);
    expect(record).toMatchObject({ file: good, result: 'ok', events: 100, parameters: 5 });
    expect(record['dataSha256']).toMatch(/^[0-9a-f]{64}$/);
  });

  it('goes on after a refusal; exit 1', async () => {
    const { code, stdout } = await runCli('inspect', '--json', bad, join(folder, 'absent.fcs'), folder, good);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { result: string; code?: string });
    expect(records.map(({ result, code: why }) => why ?? result)).toEqual([
      'E_INPUT_COMPRESSED',
      'E_FILE_UNREADABLE',
      'E_FILE_UNREADABLE',
      'ok',
    ]);
    expect(code).toBe(1);
  });

  it('adds keywords when asked', async () => {
    const { stdout } = await runCli('inspect', '--json', '--keywords', good);
    expect(JSON.parse(stdout)).toMatchObject({ keywords: { $PAR: '5', $P1N: 'FSC-A', $P3S: 'CD3' } });
  });

  it('without a file is a wrong call; exit 2', async () => {
    expect((await runCli('inspect', '--json')).code).toBe(2);
    expect((await runCli('inspect', '--dataset', '0', good)).code).toBe(2);
    expect((await runCli('inspekt')).code).toBe(2);
  });

  it('judges every malformed file as the generator expects', () => {
    const [make, score] = ['make-malformed-fcs.mjs', 'score-malformed.mjs'].map((name) =>
      sharedData('tools', name),
    );
    if (make === null || score === null) return;
    const corpus = join(folder, 'corpus');
    execFileSync(process.execPath, [make, '--out', corpus, '--seed', '5', '--per-class', '2']);
    const files = readdirSync(corpus).filter((name) => name !== 'manifest.json');
    expect(files.length).toBeGreaterThan(200);
    return runCli('inspect', '--json', '--keywords', ...files.map((name) => join(corpus, name))).then(
      ({ stdout }) => {
        const scored = spawnSync(process.execPath, [score, join(corpus, 'manifest.json')], {
          input: stdout,
          encoding: 'utf8',
        });
        expect(scored.stdout).not.toContain('WRONG');
        expect(scored.status).toBe(0);
      },
    );
  });
});

describe('inspect for people', () => {
  it('names events, parameters and what was found', async () => {
    const { stdout } = await runCli('inspect', good, bad);
    expect(stdout).toContain(`${good}: 100 events, 5 parameters`);
    expect(stdout).toContain(`${bad}: refused\n  E_INPUT_COMPRESSED`);
  });

  it('shows control characters, never obeys them', async () => {
    const trap = join(folder, 'a\u001b[2Jb\u202e.fcs');
    writeFileSync(trap, 'no');
    const { stdout } = await runCli('inspect', trap);
    expect(stdout).toContain('a\\u001b[2Jb\\u202e.fcs: refused');
    expect(stdout).not.toContain('\u001b');
  });
});
