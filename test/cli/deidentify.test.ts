// immunogate deidentify: names from a manifest, the report by keyword name, the link table apart, one refusal beside others.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

  it('never overwrites an original, nor the links of an earlier call', async () => {
    const own = join(folder, 'own');
    mkdirSync(own);
    const original = buildFcs({ set: { $SMNO: 'Meier Anna' } });
    writeFileSync(join(own, 'T-S01-V0-1.fcs'), original);
    writeFileSync(join(own, 'samples.csv'), 'file,subject,visit\nT-S01-V0-1.fcs,S01,V0\n');
    const call = [
      'deidentify',
      '--samples',
      join(own, 'samples.csv'),
      '--study',
      'T',
      join(own, 'T-S01-V0-1.fcs'),
    ];
    expect((await runCli(...call, '--out', own)).code).toBe(2);
    expect(readFileSync(join(own, 'T-S01-V0-1.fcs'))).toEqual(Buffer.from(original));
    const out = join(folder, 'once');
    expect((await runCli(...call, '--out', out)).code).toBe(0);
    const links = readFileSync(join(out, 'link.csv'), 'utf8');
    expect((await runCli(...call, '--out', out)).code).toBe(2);
    expect(readFileSync(join(out, 'link.csv'), 'utf8')).toBe(links);
  });

  it('never gives a file the name of another patient, where files are called alike', async () => {
    const study = join(folder, 'alike');
    const files = ['a', 'b', 'c'].map((patient) => {
      mkdirSync(join(study, patient), { recursive: true });
      const path = join(study, patient, 'Tube_001.fcs');
      writeFileSync(path, buildFcs({ set: { $SRC: patient } }));
      return path;
    });
    writeFileSync(
      join(study, 'samples.csv'),
      'file,subject,visit\na/Tube_001.fcs,S01,V0\nb/Tube_001.fcs,S02,V0\n',
    );
    const out = join(folder, 'alike-out');
    const { code, stdout } = await runCli(
      ...['deidentify', '--out', out, '--samples', join(study, 'samples.csv'), '--study', 'X', ...files],
    );
    expect(code).toBe(1);
    expect(stdout).toContain('refused Tube_001.fcs: E_SAMPLE_INVALID: The manifest has 2 rows');
    expect(readFileSync(join(out, 'link.csv'), 'utf8')).toBe(
      `original,output\n${files[0]},X-S01-V0-1.fcs\n${files[1]},X-S02-V0-1.fcs\n`,
    );
  });
});
