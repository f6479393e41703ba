// To which tube a file belongs: by its name, and where the name says too little by its markers. Worked by hand; nothing is guessed where two fit.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchFile, type ExpectedTube } from '../../src/server/manifest/matching.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { bloodFile, bloodTemplate } from '../engine/blood.ts';
import { openClient, serveFolder, type Client } from './client.ts';

function tube(sample: string, more: Partial<ExpectedTube> = {}): ExpectedTube {
  const [subject, visit, panel] = sample.split('-');
  const plain = { role: 'stained', stimulus: '', omitted: '', filled: false, file: `${sample}.fcs` };
  return { sample, subject, visit, panel, ...plain, ...more };
}
const tubes = [
  tube('S01-V0-P1'),
  tube('S01-V0-P2'),
  tube('S01-V1-P1', { filled: true }),
  tube('S01-V1-P2'),
  tube('S02-V0-P2', { role: 'fmo', omitted: 'PD1', file: 'a.fcs' }),
  tube('S02-V0-P2', { sample: 'S02-V0-P2-full', file: 'b.fcs' }),
];
const only =
  (...panels: string[]) =>
  (panel: string) =>
    panels.includes(panel);

describe('a file is matched', () => {
  it.each([
    ['s01-v0-p1.FCS', 'manifest', 'S01-V0-P1'],
    ['S02-V0-P2-full.fcs', 'name', 'S02-V0-P2-full'],
    ['site 3 S01 V0 (P2) rerun.fcs', 'name', 'S01-V0-P2'],
    ['S02_V0_P2_FMO_PD1.fcs', 'name', 'S02-V0-P2'],
  ])('%s by %s to %s', (name, how, sample) => {
    expect(matchFile(name, tubes)).toMatchObject({ how, sample });
  });

  it.each([
    ['S01_V0_tube.fcs', only('P2'), 'S01-V0-P2'],
    ['S01_V0_tube.fcs', only('P1'), 'S01-V0-P1'],
    // the other tube of that visit has its file
    ['S01_V1.fcs', only('P1', 'P2'), 'S01-V1-P2'],
  ])('%s by its markers', (name, fits, sample) => {
    const match = matchFile(name, tubes, fits);
    expect(match).toMatchObject({ how: 'markers', sample });
    expect(match.reason).toContain('markers that the file has');
  });

  it.each([
    ['two panels fit', 'S01_V0_tube.fcs', only('P1', 'P2'), ['S01-V0-P1', 'S01-V0-P2']],
    ['no panel fits', 'S01_V0_tube.fcs', only(), ['S01-V0-P1', 'S01-V0-P2']],
    ['nothing is known of markers', 'S01_V0_tube.fcs', () => null, ['S01-V0-P1', 'S01-V0-P2']],
    ['the name holds no visit', 'S01_tube.fcs', only('P1'), []],
    ['the tube has a file', 'S01-V1-P1.fcs', only('P1'), ['S01-V1-P1']],
  ])('not where %s', (_, name, fits, candidates) => {
    expect(matchFile(name, tubes, fits)).toMatchObject({ how: 'none', sample: null, candidates });
  });
});

describe.sequential('the manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'immunogate-matching-'));
  const study = 'panels';
  let server: RunningServer;
  let client: Client;
  beforeAll(async () => {
    const root = join(folder, study);
    mkdirSync(root);
    writeFileSync(join(root, 'two.yaml'), bloodTemplate);
    writeFileSync(
      join(root, 'nk.yaml'),
      bloodTemplate.replaceAll('CD4', 'CD8').replace('id: blood', 'id: nk'),
    );
    writeFileSync(
      join(root, 'study.yaml'),
      `visits: [V0, V1]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: Week 1, phase: POST, target: 7, lo: 1, hi: 30 }
panels: { P1: two.yaml, P2: nk.yaml }
`,
    );
    const rows = ['S01-V0-P1', 'S01-V0-P2', 'S01-V1-P1', 'S01-V1-P2'].map(
      (sample) => `${sample},,${sample.split('-').join(',')},stained`,
    );
    writeFileSync(join(root, 'samples.csv'), `sample,file,subject,visit,panel,role\n${rows.join('\n')}\n`);
    server = await serveFolder(folder);
    client = await openClient(server);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** CD3 and CD8 in the place of CD3 and CD4. */
  const nkFile = (seed: number) =>
    Buffer.from(Buffer.from(bloodFile(seed, 50)).toString('latin1').replace('CD4', 'CD8'), 'latin1');
  const states = async () =>
    Object.fromEntries(
      (await client.call('manifest', { params: { study } })).cells.map(({ row, state }) => [
        row.sample,
        state,
      ]),
    );

  it('gives a file without a panel in its name to the tube whose template it can serve', async () => {
    const answer = await client.upload(study, 'S01 V0 aurora.fcs', bloodFile(1, 50));
    expect(await answer.json()).toMatchObject({ match: { how: 'markers', sample: 'S01-V0-P1' } });
    expect(await states()).toMatchObject({ 'S01-V0-P1': 'matched', 'S01-V0-P2': 'missing' });
  });

  it('marks a file that its name puts where its markers do not belong', async () => {
    await client.upload(study, 'S01-V1-P2.fcs', bloodFile(2, 50));
    const { cells } = await client.call('manifest', { params: { study } });
    expect(cells.find(({ row }) => row.sample === 'S01-V1-P2')).toMatchObject({
      state: 'mismatched',
      remark: expect.stringMatching(/P2.*CD8/) as string,
    });
  });

  it('marks a tube that two files want, and a file that stands twice', async () => {
    await client.upload(study, 'S01-V0-P1.fcs', bloodFile(3, 50));
    expect(await states()).toMatchObject({ 'S01-V0-P1': 'duplicate' });
    // the server refuses such a row; a person may still write it
    const { revision, cells } = await client.call('manifest', { params: { study } });
    const of = (sample: string) => cells.find(({ row }) => row.sample === sample)!.row;
    const put = [{ ...of('S01-V1-P1'), file: of('S01-V0-P1').file }];
    const twice = { revision, put, reason: 'by mistake' };
    expect(await client.refusal('editManifest', { params: { study }, body: twice })).toEqual([
      400,
      'E_REQUEST',
    ]);
    const path = join(folder, study, 'samples.csv');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('S01-V1-P1,,', `S01-V1-P1,${of('S01-V0-P1').file},`));
    const after = (await client.call('manifest', { params: { study } })).cells;
    expect(after.find(({ row }) => row.sample === 'S01-V1-P1')).toMatchObject({
      state: 'duplicate',
      remark: 'The same file stands at S01-V0-P1, too.',
    });
    writeFileSync(path, text);
  });

  it('takes the right markers for the panel', async () => {
    const bytes = nkFile(4);
    const answer = (await (await client.upload(study, 'S01 V0 nk tube.fcs', bytes)).json()) as object;
    expect(answer).toMatchObject({
      inspection: { result: 'ok' },
      match: { how: 'markers', sample: 'S01-V0-P2' },
    });
  });

  it('keeps visits and their windows as a person sets them', async () => {
    const { visits, title } = await client.call('study', { params: { study } });
    expect(visits.map(({ visit, n, phase, hi }) => [visit, n, phase, hi])).toEqual([
      ['V0', 0, 'pre', null],
      ['V1', 1, 'post', 30],
    ]);
    const late = { visit: 'V2', label: 'Month 1', phase: 'post', n: 2, target: 30, lo: 31, hi: 60 } as const;
    const reason = 'a later visit';
    const changed = await client.call('changeStudy', {
      params: { study },
      body: { title: 'Two panels', anchor: 'TRTSDT', visits: [...visits, late], reason },
    });
    expect([changed.title, changed.anchor, changed.visits]).toEqual([
      'Two panels',
      'TRTSDT',
      [...visits, late],
    ]);
    expect(title).not.toBe(changed.title);
    expect(changed.panels).toHaveLength(2);
    // two windows of one number are refused by the study's own check
    expect(
      await client.refusal('changeStudy', {
        params: { study },
        body: { visits: [late, { ...late, visit: 'V3' }], reason },
      }),
    ).toEqual([400, 'E_REQUEST']);
  });
});
