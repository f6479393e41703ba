// immunogate deidentify: names from a manifest, the report by keyword name, the link table apart, one refusal beside others.
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFcs } from '../fcs/build.ts';
import { runCli } from './run-cli.ts';

describe('immunogate deidentify', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'immunogate-deidentify-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('names files from the manifest, reports keywords by name and refuses one without stopping', async () => {
    const file = (name: string, set: Record<string, string>): string => {
      writeFileSync(join(folder, name), buildFcs({ set }));
      return join(folder, name);
    };
    const files = [
      file('Meier pre.fcs', { $SMNO: 'Meier Anna' }),
      file('Meier pre 2.fcs', { $SMNO: 'Meier Anna', $OP: 'J. Doe' }),
      file('bad.fcs', { $P2S: 'x@clinic.example' }),
    ];
    const manifest = join(folder, 'samples.csv');
    writeFileSync(
      manifest,
      'file,subject,visit\nMeier pre.fcs,S01,V0\nMeier pre 2.fcs,S01,V0\nbad.fcs,S02,V0\n',
    );
    const out = join(folder, 'out');
    const { code, stdout } = await runCli(
      'deidentify',
      '--out',
      out,
      '--samples',
      manifest,
      '--study',
      'CRLM',
      ...files,
    );
    expect(code).toBe(1);
    expect(stdout).toContain('for you to determine');
    expect(stdout).not.toContain('Anna');
    expect(readdirSync(out).sort()).toEqual([
      'CRLM-S01-V0-1.fcs',
      'CRLM-S01-V0-2.fcs',
      'link.csv',
      'report.csv',
    ]);
    expect(readFileSync(join(out, 'report.csv'), 'utf8')).toBe(
      'output,dropped\nCRLM-S01-V0-1.fcs,$SMNO\nCRLM-S01-V0-2.fcs,$OP $SMNO\n',
    );
    for (const name of readdirSync(out)) expect(statSync(join(out, name)).mode & 0o077, name).toBe(0);
  });
});
