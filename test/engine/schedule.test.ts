// The run's loop with hand-made executors: what it does when samples fail, hang, want memory, or the user has had enough.
import { describe, expect, it } from 'vitest';
import { ImmunogateError, issue, type IssueCode } from '../../src/errors.ts';
import type { Progress, SampleJob, SampleOutcome } from '../../src/engine/index.ts';
import { deadlineOf, gateAll, memoryOf, type ScheduleDeps } from '../../src/engine/schedule.ts';
import { memoryStore } from '../../src/results/index.ts';
import { testContext } from '../results/conformance-context.ts';
import { execution, sampleResult } from '../results/sample-result.ts';

const MiB = 1024 * 1024;

function job(sample: string, bytes = MiB): SampleJob {
  return {
    sample,
    path: `${sample}.fcs`,
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
const done = ({ sample }: SampleJob): SampleOutcome => ({
  kind: 'done',
  result: sampleResult(sample, `result of ${sample}`),
  execution,
  outputs: [],
});
const died = (code: IssueCode) => Promise.reject(new ImmunogateError(code));

interface Run {
  readonly states: Readonly<Record<string, string>>;
  readonly codes: Readonly<Record<string, string | undefined>>;
  readonly error: unknown;
  readonly progress: readonly Progress[];
}

async function run(
  jobs: SampleJob[],
  gate: ScheduleDeps['gate'],
  options: Partial<ScheduleDeps> = {},
): Promise<Run> {
  const store = memoryStore(testContext());
  const number = store.beginRun({ protocols: [], samples: jobs.map(({ sample }) => sample) });
  const progress: Progress[] = [];
  let error: unknown = null;
  try {
    await gateAll(jobs, {
      executor: {
        threads: 2,
        run: () => Promise.reject(new Error('not used')),
        close: () => Promise.resolve(),
      },
      store,
      run: number,
      memoryBytes: 4096 * MiB,
      signal: new AbortController().signal,
      gate,
      isDivided: () => false,
      hasOutputs: () => true,
      onProgress: (p) => progress.push(p),
      ...options,
    });
  } catch (caught) {
    error = caught;
  }
  const items = store.items(number);
  return {
    states: Object.fromEntries(items.map(({ sample, state }) => [sample, state])),
    codes: Object.fromEntries(items.map(({ sample, issues }) => [sample, issues[0]?.code])),
    error,
    progress,
  };
}

describe('a run', () => {
  it('stores every outcome and tells where it stands', async () => {
    const { states, progress, error } = await run(
      ['a', 'b', 'c'].map((s) => job(s)),
      (j) => Promise.resolve(done(j)),
    );
    expect(states).toEqual({ a: 'done', b: 'done', c: 'done' });
    expect(error).toBeNull();
    expect(progress[0]).toMatchObject({ samples: 3, done: 0, secondsLeft: null });
    expect(progress.at(-1)).toMatchObject({ samples: 3, done: 3, refused: 0, events: 300, secondsLeft: 0 });
  });

  it('goes on after a refusal', async () => {
    const { states, codes } = await run([job('a'), job('bad'), job('c')], (j) =>
      Promise.resolve(j.sample === 'bad' ? { kind: 'refused', issues: [issue('E_FCS_TRUNCATED')] } : done(j)),
    );
    expect(states).toEqual({ a: 'done', bad: 'refused', c: 'done' });
    expect(codes['bad']).toBe('E_FCS_TRUNCATED');
  });

  it('never has more samples at work than threads', async () => {
    let now = 0;
    let most = 0;
    const { states } = await run(
      Array.from({ length: 12 }, (_, i) => job(`s${i}`)),
      async (j) => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 2));
        now--;
        return done(j);
      },
    );
    expect(most).toBe(2);
    expect(new Set(Object.values(states))).toEqual(new Set(['done']));
  });

  it.each(['E_WORKER_CRASHED', 'E_OUT_OF_MEMORY'] as const)(
    'tries a sample that died with %s once more, alone',
    async (code) => {
      const calls: string[] = [];
      let now = 0;
      const { states, codes } = await run(
        ['a', 'weak', 'dead', 'z'].map((s) => job(s)),
        async (j) => {
          calls.push(j.sample);
          const again = calls.filter((s) => s === j.sample).length > 1;
          if (again) expect(now).toBe(0);
          now++;
          await new Promise((resolve) => setTimeout(resolve, 2));
          now--;
          if (j.sample === 'dead' || (j.sample === 'weak' && !again)) await died(code);
          return done(j);
        },
      );
      expect(states).toEqual({ a: 'done', weak: 'done', dead: 'refused', z: 'done' });
      expect(codes['dead']).toBe(code);
      expect(calls.filter((s) => s === 'dead')).toHaveLength(2);
    },
  );

  it('gives up a sample at its deadline, twice, and finishes the others', async () => {
    const hang = (signal: AbortSignal) =>
      new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new ImmunogateError('E_CANCELLED'))),
      );
    const { states, codes, error } = await run(
      [job('a'), job('endless'), job('z')],
      (j, signal) => (j.sample === 'endless' ? hang(signal) : Promise.resolve(done(j))),
      { deadlineMilliseconds: () => 20 },
    );
    expect(error).toBeNull();
    expect(states).toEqual({ a: 'done', endless: 'refused', z: 'done' });
    expect(codes['endless']).toBe('E_TIMEOUT');
  });

  it('has a deadline of 30 s and 30 s for every 100 MiB', () => {
    expect([job('a', 0), job('b', 100 * MiB), job('c', 1000 * MiB)].map(deadlineOf)).toEqual([
      30_000, 60_000, 330_000,
    ]);
  });

  it('takes results from the store, unless a file beside them is gone', async () => {
    const { progress } = await run(
      [job('kept'), job('lost')],
      (j) =>
        Promise.resolve(j.sample === 'lost' && j.recompute ? done(j) : { kind: 'known', resultId: 'known' }),
      { hasOutputs: ({ sample }) => sample !== 'lost', store: storeWith('known') },
    );
    expect(progress.at(-1)).toMatchObject({ done: 2, reused: 1 });
  });
});

/** A store that holds a result already; its run is the second. */
function storeWith(resultId: string) {
  const store = memoryStore(testContext());
  const first = store.beginRun({ protocols: [], samples: ['before', 'kept', 'lost'] });
  store.startItem(first, 'before');
  store.finishItem(first, sampleResult('before', resultId), execution);
  return store;
}

describe('memory', () => {
  it('is set aside before a sample starts, and the sum stays within the limit', async () => {
    const jobs = [job('a', 10 * MiB), job('b', 10 * MiB), job('c', 10 * MiB)];
    const limit = 1.5 * memoryOf(jobs[0]);
    let used = 0;
    const { states } = await run(
      jobs,
      async (j) => {
        used += memoryOf(j);
        expect(used).toBeLessThanOrEqual(limit);
        await new Promise((resolve) => setTimeout(resolve, 2));
        used -= memoryOf(j);
        return done(j);
      },
      { memoryBytes: limit },
    );
    expect(new Set(Object.values(states))).toEqual(new Set(['done']));
  });

  it('refuses what could never fit, with both numbers, and runs the rest', async () => {
    const { states, codes } = await run(
      [job('giant', 4096 * MiB), job('small', 0)],
      (j) => Promise.resolve(done(j)),
      {
        memoryBytes: 100 * MiB,
      },
    );
    expect(states).toEqual({ giant: 'refused', small: 'done' });
    expect(codes['giant']).toBe('E_OUT_OF_MEMORY');
  });

  it('does not grow with a file beyond what streaming needs', () => {
    expect(memoryOf(job('a', 4096 * MiB))).toBe(memoryOf(job('b', 1024 * MiB)));
    expect(memoryOf(job('a', 10 * MiB))).toBe((96 + 30) * MiB);
  });
});

describe('the end of a run before its time', () => {
  it('by cancelling: finished work stays, running work is pending again, nothing new starts', async () => {
    const stop = new AbortController();
    let started = 0;
    const { states, error } = await run(
      ['a', 'b', 'c', 'd'].map((s) => job(s)),
      (j, signal) => {
        started++;
        if (j.sample === 'a') return Promise.resolve(done(j));
        setTimeout(() => stop.abort(), 5);
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new ImmunogateError('E_CANCELLED'))),
        );
      },
      { signal: stop.signal },
    );
    expect(error).toMatchObject({ code: 'E_CANCELLED' });
    expect(states['a']).toBe('done');
    expect(Object.values(states).filter((s) => s === 'pending')).toHaveLength(3);
    expect(started).toBe(3);
  });

  it('by cancelling while samples wait for their second try: they are pending, too', async () => {
    const stop = new AbortController();
    const { error, states } = await run(
      [job('a'), job('b'), job('c', 1)],
      (j) => {
        if (j.sample === 'c') stop.abort();
        return j.sample === 'c' ? Promise.resolve(done(j)) : died('E_WORKER_CRASHED');
      },
      { signal: stop.signal },
    );
    expect(error).toMatchObject({ code: 'E_CANCELLED' });
    expect(states).toEqual({ a: 'pending', b: 'pending', c: 'done' });
  });

  it('by a full disk: the error comes out, and nobody is left at work', async () => {
    let atWork = 0;
    const { error, states } = await run(
      ['a', 'b', 'c'].map((s) => job(s)),
      async (j, signal) => {
        if (j.sample === 'a') await died('E_DISK_FULL');
        atWork++;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await new Promise((resolve) => setTimeout(resolve, 5));
        atWork--;
        throw new ImmunogateError('E_CANCELLED');
      },
    );
    expect(error).toMatchObject({ code: 'E_DISK_FULL' });
    expect(atWork).toBe(0);
    expect(states['b']).toBe('pending');
  });

  it('by a defect of this program is not hidden', async () => {
    const { error } = await run([job('a')], () => Promise.reject(new TypeError('defect')));
    expect(error).toBeInstanceOf(TypeError);
  });
});

describe('the same work with another outcome', () => {
  it('refuses the sample loudly and keeps the first', async () => {
    const { states, codes } = await run([job('a'), job('b', 1)], (j) =>
      Promise.resolve({
        ...done(j),
        result: sampleResult(j.sample, 'same', j.sample === 'a' ? 42 : 43),
      } as SampleOutcome),
    );
    expect(states).toEqual({ a: 'done', b: 'refused' });
    expect(codes['b']).toBe('E_NONDETERMINISTIC');
  });

  it('keeps the first and says so where only the record has other fields', async () => {
    const told: unknown[] = [];
    const { states } = await run(
      [job('a'), job('b', 1)],
      (j) => {
        const outcome = done(j);
        if (outcome.kind !== 'done') return Promise.resolve(outcome);
        const result = sampleResult(j.sample, 'same');
        if (j.sample === 'a') delete (result.provenance as { seed?: string }).seed;
        return Promise.resolve({ ...outcome, result });
      },
      { onOtherFields: (...words) => told.push(words) },
    );
    expect(states).toEqual({ a: 'done', b: 'done' });
    expect(told).toEqual([['b', ['provenance.seed']]]);
  });
});
