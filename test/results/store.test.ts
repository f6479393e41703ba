// Both stores against one contract, then what only the one on disk can show: locks, kills, damage, write-once rows.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/results/index.ts';
import { openSqliteStore, readSqliteStore } from '../../src/results/node.ts';
import { testContext } from './conformance-context.ts';
import { storeConformance } from './conformance.ts';
import { execution, sampleResult } from './sample-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;
const fresh = () => join(folder, `store-${++made}.sqlite`);
const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;

storeConformance('memory store', memoryStore);
storeConformance('sqlite store', (context) => openSqliteStore(fresh(), context));

const start = {
  protocols: [{ kind: 'template', id: 't', version: '1', sha256: 'a'.repeat(64) }],
  samples: ['a', 'b'],
} as const;

describe('sqlite store', () => {
  it('keeps everything over a restart', () => {
    const path = fresh();
    const first = openSqliteStore(path, testContext());
    const run = first.beginRun(start);
    first.startItem(run, 'a');
    first.finishItem(run, sampleResult('a', 'r1'), execution);
    const before = [first.items(run), first.result('r1'), first.audit()];
    first.endRun(run, 'finished');
    first.close();
    const second = openSqliteStore(path, testContext());
    expect([second.items(run), second.result('r1'), second.audit().slice(0, -1)]).toEqual(before);
    expect(second.recovered).toEqual({ runs: 0, items: 0 });
    second.close();
  });

  it('is locked for a second owner, and free when the first has closed', () => {
    const path = fresh();
    const owner = openSqliteStore(path, testContext());
    expect(() => openSqliteStore(path, testContext())).toThrow(code('E_STORE_LOCKED'));
    owner.close();
    openSqliteStore(path, testContext()).close();
  });

  it('can be read while it has an owner, in the state of its newest run', () => {
    const path = fresh();
    expect(readSqliteStore(path)).toBeNull();
    const owner = openSqliteStore(path, testContext());
    owner.endRun(owner.beginRun(start), 'cancelled');
    const run = owner.beginRun(start);
    owner.startItem(run, 'a');
    const reader = readSqliteStore(path)!;
    owner.finishItem(run, sampleResult('a', 'r1'), execution);
    expect([...reader.latestItems().values()].map(({ state }) => state)).toEqual(['done', 'pending']);
    expect(reader.result('r1')).toEqual(owner.result('r1'));
    expect(reader.result('r2')).toBeNull();
    expect(reader.audit()).toEqual(owner.audit());
    owner.close();
    reader.close();
  });

  it('outlives kill -9: the lock is free, running items are pending again, finished ones done', async () => {
    const path = fresh();
    const script = `
      const { openSqliteStore } = await import(${url('../../src/results/node.ts')});
      const { testContext } = await import(${url('./conformance-context.ts')});
      const { execution, sampleResult } = await import(${url('./sample-result.ts')});
      const store = openSqliteStore(${JSON.stringify(path)}, testContext());
      const run = store.beginRun(${JSON.stringify(start)});
      store.startItem(run, 'a');
      store.finishItem(run, sampleResult('a', 'r1'), execution);
      store.startItem(run, 'b');
      console.log('ready');
      // an owner that nothing refers to any more is collected, and its lock with it
      setInterval(() => store.runs(), 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error(said.join(''))));
    });
    expect(() => openSqliteStore(path, testContext())).toThrow(code('E_STORE_LOCKED'));
    const dead = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await dead;
    const store = openSqliteStore(path, testContext());
    expect(store.recovered).toEqual({ runs: 1, items: 1 });
    expect(store.items(1).map(({ sample, state }) => `${sample} ${state}`)).toEqual(['a done', 'b pending']);
    expect(store.runs()[0].outcome).toBe('interrupted');
    expect(store.verify()).toEqual([]);
    store.close();
  });

  it.each([
    [
      'altered with its own hash',
      "UPDATE results SET body = 'null', bodySha256 = '" + testContext().sha256('null') + "'",
      'altered',
    ],
    ['removed', "UPDATE items SET state = 'refused', resultId = NULL; DELETE FROM results", 'missing'],
  ])('finds a result that was %s, by the audit trail', (_, statements, word) => {
    const path = fresh();
    const store = openSqliteStore(path, testContext());
    const run = store.beginRun(start);
    store.startItem(run, 'a');
    store.finishItem(run, sampleResult('a', 'r1'), execution);
    store.close();
    const db = new Database(path);
    db.exec(`DROP TRIGGER results_no_update; DROP TRIGGER results_no_delete; ${statements}`);
    db.close();
    const again = openSqliteStore(path, testContext());
    expect(again.verify()).toEqual([
      {
        code: 'E_STORE_CORRUPT',
        level: 'error',
        message: `A stored result ${word === 'missing' ? 'is' : 'was'} ${word}.`,
        place: 'r1',
      },
    ]);
    again.close();
  });

  it('lets nobody change or remove an audit entry or a result', () => {
    const path = fresh();
    const store = openSqliteStore(path, testContext());
    const run = store.beginRun(start);
    store.startItem(run, 'a');
    store.finishItem(run, sampleResult('a', 'r1'), execution);
    store.close();
    const db = new Database(path);
    for (const statement of [
      "UPDATE audit SET reason = 'x'",
      'DELETE FROM audit',
      "UPDATE results SET body = 'x'",
      'DELETE FROM results',
    ]) {
      expect(() => db.exec(statement)).toThrow(/append-only|never/);
    }
    // a forger who drops the triggers is found by the hashes
    db.exec("DROP TRIGGER results_no_update; UPDATE results SET body = replace(body, ':42', ':43')");
    db.exec("DROP TRIGGER audit_no_update; UPDATE audit SET action = 'nothing' WHERE seq = 2");
    db.close();
    const again = openSqliteStore(path, testContext());
    expect(again.verify().map(({ place }) => place)).toEqual(['r1', 'audit 2']);
    again.close();
  });

  it('says what is wrong with a file that is no store, or one of another version', () => {
    const noise = fresh();
    writeFileSync(noise, 'this is not a database, although it is long enough to be looked at. '.repeat(100));
    expect(() => openSqliteStore(noise, testContext())).toThrow(code('E_STORE_CORRUPT'));
    const newer = fresh();
    const db = new Database(newer);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openSqliteStore(newer, testContext())).toThrow(code('E_STORE_VERSION'));
    expect(() => openSqliteStore(join(noise, 'x.sqlite'), testContext())).toThrow(
      code('E_OUTPUT_UNWRITABLE'),
    );
  });

  it('finds damaged pages when opening', () => {
    const path = fresh();
    const store = openSqliteStore(path, testContext());
    const run = store.beginRun({ ...start, samples: Array.from({ length: 400 }, (_, i) => `sample ${i}`) });
    store.endRun(run, 'finished');
    store.close();
    const bytes = readFileSync(path);
    for (let page = 4096; page + 4096 <= bytes.length; page += 4096) bytes.fill(0xff, page + 8, page + 600);
    writeFileSync(path, bytes);
    expect(() => openSqliteStore(path, testContext())).toThrow(code('E_STORE_CORRUPT'));
  });

  it('leaves no files but its own', () => {
    const path = fresh();
    openSqliteStore(path, testContext()).close();
    const own = readdirSync(folder).filter((name) => name.startsWith(path.slice(folder.length + 1)));
    expect(own.sort()).toEqual([`store-${made}.sqlite`, `store-${made}.sqlite.lock`]);
  });
});

function url(relative: string): string {
  return JSON.stringify(new URL(relative, pathToFileURL(import.meta.filename)).href);
}
