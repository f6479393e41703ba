// A study from an empty manifest to downloads over HTTP, as a browser does it; what the server computes is held to the slow reference and to the
// command line's own function on the same folder. A restart loses nothing.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import { evaluateStrategy, type GatingStrategy } from '../../src/gating/index.ts';
import { parseStrategy } from '../../src/results/index.ts';
import { exportTables, readDatabase, runStudy } from '../../src/run/node.ts';
import type { Run, WireGate } from '../../src/server/index.ts';
import type { RunningServer } from '../../src/server/node.ts';
import { bloodFile } from '../engine/blood.ts';
import { openClient, serveFolder, temporaryFolder, type Client } from './client.ts';
import { tubes, writeStudyFolder } from './study-folder.ts';

const folder = temporaryFolder();
const study = 'two';
const params = { study };
const files = new Map(tubes.map((name, at) => [name as string, bloodFile(11 + at, 6_000)]));
const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
let server: RunningServer;
let client: Client;

beforeAll(async () => {
  writeStudyFolder(join(folder.path, study));
  server = await serveFolder(folder.path);
  client = await openClient(server);
}, 60_000);
afterAll(async () => {
  await server.close();
  folder.remove();
});

/** The last state of a run, as server-sent events tell it. */
async function watched(run: string, after = ''): Promise<Run> {
  const response = await client.send('GET', `/api/studies/${study}/runs/${run}/events`, {
    headers: after === '' ? {} : { 'last-event-id': after },
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events = (await response.text()).split('\n\n').filter((event) => event.includes('event: run'));
  const numbers = events.map((event) => Number(/^id: (\d+)$/m.exec(event)?.[1]));
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  return JSON.parse(/^data: (.*)$/m.exec(events.at(-1) ?? '')?.[1] ?? 'null') as Run;
}

/** Events of every population by the slow reference. */
function counted(strategy: GatingStrategy, bytes: Uint8Array): Map<string, number> {
  const source = memorySource(bytes);
  const file = readFcs(source);
  const { table } = readEvents(source, file, { scaling: 'scaled' });
  const members = evaluateStrategy(strategy, table, file.spillover);
  return new Map([...members].map(([path, inside]) => [path, inside.reduce((sum, bit) => sum + bit, 0)]));
}

describe.sequential('a study over HTTP', () => {
  it('is listed with what is missing', async () => {
    const [listed] = await client.call('studies', {});
    expect(listed).toMatchObject({
      study,
      title: 'Two colours',
      subjects: 2,
      samples: 3,
      files: 0,
      locked: null,
    });
    const detail = await client.call('study', { params });
    expect(detail.panels).toEqual([{ panel: 'P1', template: 'blood.yaml', title: 'Two colours' }]);
    expect(detail.visits.map(({ visit, phase }) => [visit, phase])).toEqual([
      ['V0', 'pre'],
      ['V1', 'post'],
    ]);
    const { cells } = await client.call('manifest', { params });
    expect(cells.map(({ state }) => state)).toEqual(['missing', 'missing', 'missing']);
  });

  it('stores uploaded files under their hash, once, and gives each to its tube', async () => {
    for (const [name, bytes] of files) {
      const first = await client.upload(study, `${name}.fcs`, bytes);
      expect(first.status).toBe(200);
      const answer = (await first.json()) as Record<string, unknown>;
      expect(answer).toMatchObject({
        sha256: hashOf(bytes),
        bytes: bytes.length,
        already: false,
        match: { sample: name },
      });
      expect(answer['inspection']).toMatchObject({ result: 'ok', events: 6_000, parameters: 5 });
      const again = (await (await client.upload(study, `copy of ${name}.fcs`, bytes)).json()) as Record<
        string,
        unknown
      >;
      expect(again).toMatchObject({ already: true, match: { sample: name } });
    }
    const blobs = readdirSync(join(folder.path, study, 'blobs')).sort();
    expect(blobs).toEqual([...files.values()].map(hashOf).sort());
    expect(readdirSync(join(folder.path, study, 'incoming'))).toEqual([]);
    const { cells, unmatched } = await client.call('manifest', { params });
    expect(cells.map(({ state }) => state)).toEqual(['matched', 'matched', 'matched']);
    expect(unmatched).toEqual([]);
  });

  it('keeps nothing of bytes with another hash than the sender says', async () => {
    const refused = await client.upload(study, 'x.fcs', bloodFile(99, 10), {
      'x-content-sha256': '0'.repeat(64),
    });
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      422,
      'E_UPLOAD_HASH',
    ]);
    expect(readdirSync(join(folder.path, study, 'blobs'))).toHaveLength(3);
  });

  it('runs with live progress, and writes what the command line writes', async () => {
    const run = await client.call('startRun', { params, body: {} });
    expect(await client.refusal('startRun', { params, body: {} })).toEqual([409, 'E_CONFLICT']);
    const last = await watched(run.run);
    expect(last).toMatchObject({
      state: 'finished',
      progress: { samples: 3, done: 3, refused: 0, events: 18_000 },
    });
    expect(await watched(run.run, '9007199254740990')).toEqual(last);
    const own = join(folder.path, 'by-command-line');
    await runStudy({ study: join(folder.path, study), out: own, software: 'immunogate test', workers: 1 });
    const tables = await client.call('tables', { params });
    expect(tables.length).toBeGreaterThan(10);
    for (const { table } of tables) {
      const download = await client.send('GET', `/api/studies/${study}/tables/${table}/file`);
      expect(download.headers.get('content-disposition')).toContain(`filename="${table}.csv"`);
      expect(Buffer.from(await download.arrayBuffer())).toEqual(readFileSync(join(own, `${table}.csv`)));
    }
    // the other formats as `immunogate tables` writes them; a workbook of one table is the server's own
    for (const [format, ending] of [
      ['xpt', 'xpt'],
      ['dataset-json', 'json'],
      ['parquet', 'parquet'],
    ] as const) {
      exportTables(own, readDatabase(join(own, 'study.sqlite')), format);
      const able = tables.filter(({ formats }) => formats.includes(format));
      expect(able.length).toBeGreaterThan(5);
      for (const { table } of able) {
        const download = await client.send(
          'GET',
          `/api/studies/${study}/tables/${table}/file?format=${format}`,
        );
        const bytes = Buffer.from(await download.arrayBuffer());
        expect([table, bytes.equals(readFileSync(join(own, 'tables', `${table}.${ending}`)))]).toEqual([
          table,
          true,
        ]);
      }
    }
  }, 120_000);

  it('shows samples, plots and pages that agree with the reference', async () => {
    const samples = await client.call('samples', { params });
    expect(samples.map(({ sample }) => sample).sort()).toEqual([...tubes]);
    expect(samples.map(({ rank }) => rank)).toEqual([0, 1, 2]);
    const detail = await client.call('sample', { params: { study, sample: tubes[0] } });
    const strategy = await parseStrategy(JSON.stringify(detail.strategy));
    const reference = counted(strategy, files.get(tubes[0])!);
    for (const { path, count } of detail.populations)
      expect([path, count]).toEqual([path, reference.get(path)]);
    const [plot] = await client.call('densities', {
      params: { study, sample: tubes[0] },
      body: { views: [{ kind: 'gate', path: 'Cells/T' }], bins: 64 },
    });
    expect([plot.population, plot.events]).toEqual(['Cells', reference.get('Cells')]);
    expect(plot.counts.reduce((sum, n) => sum + n, 0)).toBe(plot.shown);
    const page = await client.call('table', {
      params: { study, table: 'samples' },
      query: { sort: '-sample', limit: 2 },
    });
    expect([page.total, page.rows.map(([sample]) => sample)]).toEqual([3, [tubes[2], tubes[1]]]);
    expect(await client.refusal('sample', { params: { study, sample: 'nobody' } })).toEqual([
      404,
      'E_NOT_FOUND',
    ]);
  }, 60_000);

  it('gives the report as a page and as a PDF that is made when it is asked for', async () => {
    const results = join(folder.path, study, 'results');
    const before = readdirSync(results);
    const report = async (format: string) => {
      const answer = await client.send('GET', `/api/studies/${study}/report?format=${format}`);
      expect(answer.status).toBe(200);
      return { headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const page = await report('html');
    expect(page.bytes).toEqual(readFileSync(join(results, 'report.html')));
    const pdf = await report('pdf');
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toContain(`filename="${study}-report.pdf"`);
    expect(pdf.bytes.subarray(0, 5).toString('latin1')).toBe('%PDF-');
    expect(pdf.bytes.subarray(-6).toString('latin1')).toContain('%%EOF');
    expect(readdirSync(results)).toEqual(before);
  }, 60_000);

  it('previews a moved gate without saving, saves it with a reason, and takes it back', async () => {
    const sample = tubes[0];
    const before = await client.call('sample', { params: { study, sample } });
    const drawn = before.strategy!.populations.find(({ path }) => path === 'Cells/T')!;
    const gate = drawn.gate as Extract<WireGate, { kind: 'rectangle' }>;
    // through the bright cells, so that counts must differ
    const moved: WireGate = { ...gate, min: [5.5] };
    const edit = { path: 'Cells/T', gate: moved };
    const strategy = await parseStrategy(
      JSON.stringify({
        ...before.strategy,
        populations: before.strategy!.populations.map((one) =>
          one.path === edit.path ? { ...one, gate: moved } : one,
        ),
      }),
    );
    const expected = counted(strategy, files.get(sample)!);
    const preview = await client.call('preview', {
      params: { study, sample },
      body: { edits: [edit], scope: 'subject' },
    });
    expect(preview.populations.map(({ path, after }) => [path, after])).toEqual(
      ['Cells/T', 'Cells/T/CD4T', 'Cells/T/DN'].map((path) => [path, expected.get(path)]),
    );
    expect(preview.populations.every(({ before: old, after }) => old !== after)).toBe(true);
    expect(preview.distance.value).toBeCloseTo(5.5 - Number(gate.min[0]), 9);
    expect(preview.touches).toEqual([tubes[0], tubes[1]]);
    expect(await client.call('overrides', { params })).toEqual([]);

    const saved = await client.call('addOverride', {
      params,
      body: { sample, edit, scope: 'sample', reason: 'debris in the gate' },
    });
    expect(saved.overrides).toMatchObject([
      { sample, path: 'Cells/T', made: { reason: 'debris in the gate' }, undone: null },
    ]);
    expect(await watched(saved.run!.run)).toMatchObject({
      state: 'finished',
      why: 'override',
      progress: { reused: 2 },
    });
    const after = await client.call('sample', { params: { study, sample } });
    const row = after.populations.find(({ path }) => path === 'Cells/T');
    expect(row).toMatchObject({
      count: expected.get('Cells/T'),
      status: 'edited',
      reason: 'debris in the gate',
    });

    // whoever edited does not sign; a locked sample takes no edit
    const review = { strategySha256: after.strategySha256!, reason: 'looked at it' };
    expect(
      await client.refusal('review', { params: { study, sample }, body: { ...review, action: 'sign' } }),
    ).toEqual([403, 'E_SAME_PERSON']);
    const locked = await client.call('review', {
      params: { study, sample },
      body: { ...review, action: 'lock' },
    });
    expect(locked.locked?.reason).toBe('looked at it');
    const undo = {
      params: { study, override: saved.overrides[0].override },
      body: { reason: 'was right before' },
    };
    expect(await client.refusal('undoOverride', undo)).toEqual([409, 'E_STUDY_LOCKED']);
    await client.call('review', { params: { study, sample }, body: { ...review, action: 'unlock' } });
    const undone = await client.call('undoOverride', undo);
    expect(undone.override.undone?.reason).toBe('was right before');
    await watched(undone.run!.run);
    expect((await client.call('sample', { params: { study, sample } })).populations).toEqual(
      before.populations,
    );
  }, 180_000);

  it('tells who did what, in whole chains', async () => {
    const audit = await client.call('audit', { params, query: { limit: 500 } });
    expect(audit.issues).toEqual([]);
    const actions = audit.entries.filter(({ chain }) => chain === 'study').map(({ action }) => action);
    for (const action of [
      'file stored',
      'run started',
      'run ended',
      'gate edited',
      'gate edit withdrawn',
      'sample reviewed',
      'table exported',
    ])
      expect(actions).toContain(action);
    // an edit and its withdrawal say what the recount changed
    const effectOf = (action: string) => audit.entries.find((entry) => entry.action === action)?.effect;
    const [edited, withdrawn] = [effectOf('gate edited'), effectOf('gate edit withdrawn')];
    expect(edited?.populations.map(({ path }) => path)).toEqual(['Cells/T', 'Cells/T/CD4T', 'Cells/T/DN']);
    expect(withdrawn?.populations).toEqual(
      edited?.populations.map(({ path, before, after }) => ({ path, before: after, after: before })),
    );
    expect(effectOf('file stored')).toBeNull();
    const csv = await (await client.send('GET', `/api/studies/${study}/audit/file`)).text();
    expect(csv).toContain(`Cells/T ${edited?.populations[0].before} > ${edited?.populations[0].after}`);
    expect(csv.trim().split('\n')).toHaveLength(audit.total + 1);
  });

  it('is the same after a restart', async () => {
    const state = async () => [
      await client.call('files', { params }),
      await client.call('runs', { params }),
      await client.call('overrides', { params }),
      await client.call('manifest', { params }),
      await client.call('samples', { params }),
      await client.call('tables', { params }),
    ];
    const before = await state();
    await server.close();
    server = await serveFolder(folder.path);
    client = await openClient(server);
    expect(await state()).toEqual(before);
    expect(existsSync(join(folder.path, study, 'results', 'study.sqlite'))).toBe(true);
  }, 60_000);

  it('takes nothing while it is locked', async () => {
    await client.call('changeStudy', { params, body: { locked: true, reason: 'database lock' } });
    const { revision } = await client.call('manifest', { params });
    const edit = { revision, remove: [tubes[0]], reason: 'not ours' };
    expect(await client.refusal('editManifest', { params, body: edit })).toEqual([409, 'E_STUDY_LOCKED']);
    expect(
      await client.refusal('changeStudy', { params, body: { title: 'Other', reason: 'because' } }),
    ).toEqual([409, 'E_STUDY_LOCKED']);
    expect(
      (await client.call('changeStudy', { params, body: { locked: false, reason: 'reopened' } })).locked,
    ).toBeNull();
    const renamed = await client.call('changeStudy', { params, body: { title: 'Other', reason: 'because' } });
    expect(renamed.title).toBe('Other');
    expect(readFileSync(join(folder.path, study, 'study.yaml'), 'utf8')).toContain('# two colours');
  });
});
