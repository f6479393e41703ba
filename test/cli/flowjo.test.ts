// `gate --template X.wsp` on the files of a workspace: the gates of each file by its name, counts as FlowJo's for rectangles.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedData } from '../shared-data.ts';
import { runCli } from './run-cli.ts';

const folder = sharedData('data') ?? '';

describe.skipIf(folder === '')('gate under a FlowJo workspace (skipped without ../shared)', () => {
  let out = '';
  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), 'immunogate-wsp-'));
  });
  afterAll(() => {
    rmSync(out, { recursive: true, force: true });
  });

  it('gates what the workspace knows and refuses the rest by name', async () => {
    const file = join(folder, 'flowjo/simple_diamond/test_data_diamond_01.fcs');
    const stranger = join(out, 'stranger.fcs');
    copyFileSync(file, stranger);
    const workspace = join(folder, 'flowjo/simple_diamond/simple_diamond_example_quad_gate.wsp');
    const { code } = await runCli('gate', '-t', workspace, '--out', join(out, 'run'), file, stranger);
    expect(code).toBe(1);
    const rows = readFileSync(join(out, 'run/populations.csv'), 'utf8');
    expect(
      [...rows.matchAll(/,"(Q\d): [^\n]*?",,(\d+),200000,/g)].map(([, id, count]) => [id, count]),
    ).toEqual([
      ['Q1', '49671'],
      ['Q2', '50596'],
      ['Q3', '50330'],
      ['Q4', '49403'],
    ]);
    expect(readFileSync(join(out, 'run/issues.csv'), 'utf8')).toContain('E_FLOWJO_SAMPLE');
  });
});
