// A run that is stopped and gone on with over HTTP (reliability W-5): what was done stays, and the tables are those of a run that nobody stopped.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runStudy } from '../../src/run/node.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { bloodFile } from '../engine/blood.ts';
import { ended, openClient, serveFolder, temporaryFolder, type Client } from './client.ts';
import { writeStudyFolder } from './study-folder.ts';

const folder = temporaryFolder();
const study = 'two';
const params = { study };
const subjects = Array.from({ length: 14 }, (_, n) => `S${String(n + 1).padStart(2, '0')}`);
let server: RunningServer;
let client: Client;

beforeAll(async () => {
  writeStudyFolder(join(folder.path, study));
  // made before: a busy machine takes long enough for them that a connection which waits meanwhile is closed
  const files = subjects.map((_, at) => bloodFile(300 + at, 60_000));
  server = await serveFolder(folder.path);
  client = await openClient(server);
  const rows = subjects.map(
    (subject) => `${subject}-V0,${subject}-V0.fcs,${subject},V0,P1,stained,2023-01-09T09:00:00`,
  );
  const csv = `sample,file,subject,visit,panel,role,collected_at\n${rows.join('\n')}\n`;
  const listed = await client.call('importTable', {
    params,
    body: { table: 'samples', csv, reason: 'all of them' },
  });
  expect(listed).toEqual({ saved: true, rows: 14, issues: [] });
  const adsl = `USUBJID,TRTSDT,ABLDT\n${subjects.map((subject) => `${subject},2023-01-10,2023-01-10\n`).join('')}`;
  await client.call('importTable', { params, body: { table: 'subjects', csv: adsl, reason: 'all of them' } });
  for (const [at, subject] of subjects.entries()) await client.upload(study, `${subject}-V0.fcs`, files[at]);
}, 120_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});

it('stops with finished work stored, goes on, and ends with the same tables', async () => {
  const { run } = await client.call('startRun', { params, body: {} });
  for (;;) {
    const { state, progress } = await client.call('run', { params: { ...params, run } });
    expect(state).toBe('running');
    if ((progress?.done ?? 0) >= 1) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const asked = performance.now();
  await client.call('cancelRun', { params: { ...params, run }, body: {} });
  const stopped = await ended(client, study, run);
  expect(performance.now() - asked).toBeLessThan(5000);
  expect(stopped.state).toBe('cancelled');
  expect(await client.refusal('cancelRun', { params: { ...params, run }, body: {} })).toEqual([
    409,
    'E_CONFLICT',
  ]);
  const done = (await client.call('samples', { params })).filter(({ state }) => state === 'done').length;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(subjects.length);

  const next = await client.call('startRun', { params, body: {} });
  const last = await ended(client, study, next.run);
  expect(last).toMatchObject({ state: 'finished', progress: { samples: 14, done: 14, reused: done } });
  const whole = join(folder.path, 'whole');
  await runStudy({ study: join(folder.path, study), out: whole, software: 'immunogate test', workers: 2 });
  for (const table of ['endpoints', 'samples', 'changes'])
    expect(readFileSync(join(folder.path, study, 'results', `${table}.csv`))).toEqual(
      readFileSync(join(whole, `${table}.csv`)),
    );
  const { entries } = await client.call('audit', { params, query: { limit: 500 } });
  expect(entries.filter(({ action, chain }) => chain === 'study' && action === 'run ended')).toHaveLength(2);
}, 120_000);
