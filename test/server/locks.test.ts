// Locks (reliability A-5): a locked study runs its protocol or nothing, from the server and from the command line; a sample with locked gates keeps
// its result whatever the protocol says later.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadLocks, runStudy } from '../../src/run/node.ts';
import type { Run, SampleDetail } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { bloodFile } from '../engine/blood.ts';
import { ended, openClient, serveFolder, temporaryFolder, type Client } from './client.ts';
import { tubes, writeStudyFolder } from './study-folder.ts';

const folder = temporaryFolder();
const study = 'two';
const root = join(folder.path, study);
const params = { study };
let server: RunningServer;
let client: Client;

beforeAll(async () => {
  writeStudyFolder(root);
  server = await serveFolder(folder.path);
  client = await openClient(server);
  for (const [at, name] of tubes.entries())
    await client.upload(study, `${name}.fcs`, bloodFile(40 + at, 3000));
  expect((await runToEnd()).state).toBe('finished');
}, 120_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});

async function runToEnd(): Promise<Run> {
  return await ended(client, study, (await client.call('startRun', { params, body: {} })).run);
}
const detail = (sample: string): Promise<SampleDetail> =>
  client.call('sample', { params: { study, sample } });
const byCommandLine = (out: string) =>
  runStudy({ study: root, out: join(folder.path, out), software: 'immunogate test', workers: 1 });

/** Puts another gate of all cells into the template, under the same name. */
function narrowTemplate(): string {
  const path = join(root, 'blood.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('[50000, 120000]', '[75000, 120000]'));
  return text;
}

describe.sequential('a locked study', () => {
  it('runs as it was locked, and gives the same', async () => {
    const before = await detail(tubes[0]);
    await client.call('changeStudy', { params, body: { locked: true, reason: 'database lock' } });
    expect(await runToEnd()).toMatchObject({ state: 'finished', progress: { reused: 3 } });
    expect((await detail(tubes[0])).populations).toEqual(before.populations);
    expect((await byCommandLine('as-locked')).refused).toBe(0);
  }, 60_000);

  it.each([
    ['another template under the same name', 'panel P1', narrowTemplate, 'blood.yaml'],
    [
      'another description',
      'study',
      () => {
        const text = readFileSync(join(root, 'study.yaml'), 'utf8');
        writeFileSync(join(root, 'study.yaml'), text.replace('hi: 30', 'hi: 29'));
        return text;
      },
      'study.yaml',
    ],
    [
      'another list of moved gates',
      'edits',
      () => {
        writeFileSync(join(root, 'edits.json'), '[ ]\n');
        return '[]\n';
      },
      'edits.json',
    ],
  ])(
    'does not run with %s',
    async (_, place, change, file) => {
      const text = change();
      const run = await runToEnd();
      expect(run).toMatchObject({ state: 'failed', issues: [{ code: 'E_PROTOCOL_LOCKED', place }] });
      await expect(byCommandLine('changed')).rejects.toThrow('is not what was locked');
      writeFileSync(join(root, file), text);
      expect((await runToEnd()).state).toBe('finished');
    },
    60_000,
  );

  it('does not run where its locks cannot be read', async () => {
    const path = join(root, 'locks.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, 40));
    await expect(byCommandLine('unreadable')).rejects.toThrow('locks.json cannot be read');
    writeFileSync(path, text);
  });

  it('is locked after a restart, also where the file of locks was taken away', async () => {
    await server.close();
    const locks = loadLocks(root);
    rmSync(join(root, 'locks.json'));
    server = await serveFolder(folder.path);
    client = await openClient(server);
    expect(loadLocks(root)).toEqual(locks);
    expect((await client.call('study', { params })).locked?.reason).toBe('database lock');
    await client.call('changeStudy', { params, body: { locked: false, reason: 'reopened' } });
    expect(loadLocks(root).protocol).toBeNull();
  }, 60_000);
});

describe.sequential('a sample with locked gates', () => {
  it('keeps its gates and counts when the template changes and the study runs again', async () => {
    const [before, other] = [await detail(tubes[0]), await detail(tubes[1])];
    const body = { action: 'lock', strategySha256: before.strategySha256 ?? '', reason: 'agreed' } as const;
    await client.call('review', { params: { study, sample: tubes[0] }, body });
    const template = narrowTemplate();
    expect((await runToEnd()).state).toBe('finished');
    const [after, moved] = [await detail(tubes[0]), await detail(tubes[1])];
    expect([after.resultId, after.populations]).toEqual([before.resultId, before.populations]);
    // the others do follow the template
    expect(moved.populations).not.toEqual(other.populations);
    // elsewhere the locked result is not at hand, and other gates are refused
    const elsewhere = await byCommandLine('elsewhere');
    expect(elsewhere.refused).toBe(1);
    writeFileSync(join(root, 'blood.yaml'), template);
    expect((await byCommandLine('put-back')).refused).toBe(0);
  }, 120_000);

  it('keeps its row and its file', async () => {
    const { revision, cells } = await client.call('manifest', { params });
    const row = cells.find((cell) => cell.row.sample === tubes[0])?.row;
    expect(
      await client.refusal('editManifest', {
        params,
        body: { revision, remove: [tubes[0]], reason: 'no more' },
      }),
    ).toEqual([409, 'E_STUDY_LOCKED']);
    expect(
      await client.refusal('editManifest', {
        params,
        body: { revision, put: [{ ...row!, visit: 'V1' }], reason: 'another visit' },
      }),
    ).toEqual([409, 'E_STUDY_LOCKED']);
    const csv =
      'sample,file,subject,visit,panel,role,collected_at\nS02-V0-P1,x.fcs,S02,V0,P1,stained,2023-03-09T09:00:00\n';
    expect(
      await client.refusal('importTable', { params, body: { table: 'samples', csv, reason: 'a new list' } }),
    ).toEqual([409, 'E_STUDY_LOCKED']);
  });

  it('is refused when its file became another one', async () => {
    const { fileSha256 } = await detail(tubes[0]);
    const path = join(root, 'blobs', fileSha256 ?? '');
    const bytes = readFileSync(path);
    writeFileSync(path, bloodFile(999, 3000));
    expect(await runToEnd()).toMatchObject({ state: 'finished', progress: { refused: 1 } });
    expect((await detail(tubes[0])).issues).toMatchObject([{ code: 'E_PROTOCOL_LOCKED' }]);
    writeFileSync(path, bytes);
    expect(await runToEnd()).toMatchObject({ state: 'finished', progress: { refused: 0 } });
  }, 60_000);
});
