// Real threads: what a pool makes of threads that die, hang or hoard, and one file on several threads against one on one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Executor, Protocol, SampleJob, SampleOutcome } from '../../src/engine/index.ts';
import { executionOf } from '../../src/engine/gate-file/node.ts';
import type { TaskContext } from '../../src/engine/model.ts';
import { openPool, thisThread } from '../../src/engine/threads/node.ts';
import { gateDivided, isDivided, rangesOf } from '../../src/engine/ranges.ts';
import { readFcs } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';
import { canonicalJson } from '../../src/results/index.ts';
import { sha256 } from '../../src/results/node.ts';
import { parseTemplate } from '../../src/template/index.ts';
import { bloodStrategy, bloodTemplate, writeBlood } from './blood.ts';

const folder = mkdtempSync(join(tmpdir(), 'immunogate-pool-'));
afterAll(() => rmSync(folder, { recursive: true }));
const pools: Executor[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

function context(...protocols: Protocol[]): TaskContext {
  return { protocols, known: new Set(), software: 'test' };
}
function job(sample: string, bytes = 1000): SampleJob {
  return {
    sample,
    path: join(folder, `${sample}.fcs`),
    bytes,
    protocol: 0,
    readOptions: {},
    shared: null,
    phase: 'count',
    membership: null,
    statistics: true,
    recompute: false,
  };
}
const never = new AbortController().signal;

async function rogue(threads: number): Promise<Executor> {
  const pool = await openPool(context(), { threads, worker: new URL('./rogue-worker.ts', import.meta.url) });
  pools.push(pool);
  return pool;
}
const ask = (pool: Executor, sample: string, signal = never) =>
  pool.run({ kind: 'hash', job: job(sample) }, signal);

describe('a pool', () => {
  it.each([
    ['exit', 'E_WORKER_CRASHED'],
    ['throw', 'E_WORKER_CRASHED'],
    ['full', 'E_DISK_FULL'],
  ])('of a thread that does %s says %s, and works on', async (sample, code) => {
    const pool = await rogue(2);
    const others = [ask(pool, 'one'), ask(pool, 'two'), ask(pool, 'three')];
    await expect(ask(pool, sample)).rejects.toMatchObject({ code });
    expect(await Promise.all(others)).toEqual(
      ['one', 'two', 'three'].map((fileSha256) => ({ kind: 'hash', fileSha256 })),
    );
    expect(await ask(pool, 'after')).toEqual({ kind: 'hash', fileSha256: 'after' });
  });

  it('of a thread that hoards memory says E_OUT_OF_MEMORY, and works on', async () => {
    const pool = await rogue(1);
    await expect(ask(pool, 'memory')).rejects.toMatchObject({ code: 'E_OUT_OF_MEMORY' });
    expect(await ask(pool, 'after')).toEqual({ kind: 'hash', fileSha256: 'after' });
  });

  it('stops a thread in an endless loop as soon as it is told', async () => {
    const pool = await rogue(1);
    await ask(pool, 'warm');
    const stop = new AbortController();
    const endless = ask(pool, 'endless', stop.signal);
    setTimeout(() => stop.abort(), 100);
    const started = performance.now();
    await expect(endless).rejects.toMatchObject({ code: 'E_CANCELLED' });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(await ask(pool, 'after')).toEqual({ kind: 'hash', fileSha256: 'after' });
  });
});

describe('ranges', () => {
  it.each([
    [0, 4, [[0, 0]]],
    [1000, 4, [[0, 1000]]],
    [
      600_000,
      4,
      [
        [0, 524_288],
        [524_288, 600_000],
      ],
    ],
    [1_000_000, 1, [[0, 1_000_000]]],
    [
      3_000_000,
      2,
      [
        [0, 1_572_864],
        [1_572_864, 3_000_000],
      ],
    ],
  ])('of %i events on %i threads', (events, threads, expected) => {
    expect(rangesOf(events, threads).map(({ firstEvent, endEvent }) => [firstEvent, endEvent])).toEqual(
      expected,
    );
  });

  it('are for a file that would keep the others waiting', () => {
    const big = job('big', 100 * 1024 * 1024);
    expect(isDivided(big, big.bytes, 2)).toBe(true);
    expect(isDivided(big, big.bytes, 1)).toBe(false);
    expect(isDivided(big, 2 * big.bytes, 2)).toBe(false);
    expect(isDivided(job('small'), 1000, 2)).toBe(false);
    expect(isDivided({ ...big, membership: { format: 'csv', path: '' } }, big.bytes, 2)).toBe(false);
  });
});

describe('one file', () => {
  const { template } = parseTemplate(bloodTemplate);
  const protocols: [string, Protocol][] = [
    ['explicit gates', { kind: 'strategy', strategy: bloodStrategy }],
    ...(template === null ? [] : [['a template', { kind: 'template', template }] as [string, Protocol]]),
  ];

  it('has a template that can be read', () => expect(parseTemplate(bloodTemplate).issues).toEqual([]));

  it.each(protocols)('under %s gives the same on 1, 2 and 3 threads', async (name, protocol) => {
    // three segments of 524,288 events
    const file = job(`big ${name}`);
    writeBlood(file.path, 7, 1_100_000);
    const shared = context(protocol);
    const alone = await thisThread(shared).run({ kind: 'gate', job: file }, never);
    const whole = alone.kind === 'gate' ? alone.outcome : null;
    if (whole?.kind !== 'done') throw new Error(JSON.stringify(alone));
    expect(whole.result.populations[1].count).toBeGreaterThan(100_000);
    for (const threads of [2, 3]) {
      const executor = await openPool(shared, { threads });
      pools.push(executor);
      const divided = await gateDivided(
        { ...file, bytes: whole.result.provenance.file.bytes },
        { executor, context: shared, sha256, readHead, execution: () => executionOf('', 0, 'test') },
        never,
      );
      expect(resultOf(divided)).toBe(canonicalJson(whole.result));
    }
  });

  it('that cannot be read is refused by any of its tasks', async () => {
    const executor = await openPool(context(protocols[0][1]), { threads: 2 });
    pools.push(executor);
    const deps = {
      executor,
      context: context(protocols[0][1]),
      sha256,
      execution: () => executionOf('', 0, 'test'),
    };
    const outcome = await gateDivided(job('absent'), { ...deps, readHead }, never);
    expect(outcome).toMatchObject({ kind: 'refused', issues: [{ code: 'E_FILE_UNREADABLE' }] });
    const present = job('present');
    writeBlood(present.path, 1, 100);
    const head = readHead(present);
    const late = await gateDivided(job('absent'), { ...deps, readHead: () => head }, never);
    expect(late).toMatchObject({ kind: 'refused', issues: [{ code: 'E_FILE_UNREADABLE' }] });
  });
});

function readHead({ path }: SampleJob) {
  const source = openFile(path);
  try {
    return readFcs(source);
  } finally {
    source.close();
  }
}
function resultOf(outcome: SampleOutcome): string {
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return canonicalJson(outcome.result);
}
