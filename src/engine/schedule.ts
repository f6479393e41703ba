// The run's loop: hands jobs to threads within a memory budget and a deadline each, tries a crashed one once more alone, stores every
// outcome, stops when told. Invariant: neither results nor their order depend on which thread was first; one bad file stops nothing.
import { ImmunogateError, issue, type Issue, type IssueCode } from '../errors.ts';
import type { ResultsStore } from '../results/index.ts';
import { startDeadline } from './deadline.ts';
import type { Executor, Progress, SampleJob, SampleOutcome } from './model.ts';

export interface ScheduleDeps {
  readonly executor: Executor;
  readonly store: ResultsStore;
  /** Number of the run in the store; its items are pending. */
  readonly run: number;
  /** Sum of the budgets of running jobs, bytes. */
  readonly memoryBytes: number;
  /** Ends the run early; running work is given up, finished work stays. */
  readonly signal: AbortSignal;
  /** Gates one job, alone or divided. */
  readonly gate: (job: SampleJob, signal: AbortSignal) => Promise<SampleOutcome>;
  /** Jobs that take all threads; they go first, one after another. */
  readonly isDivided: (job: SampleJob) => boolean;
  /** Whether files made beside a stored result are still there as recorded. */
  readonly hasOutputs: (job: SampleJob, resultId: string) => boolean;
  readonly onProgress?: (progress: Progress) => void;
  /** A sample came out as stored, but only one of the two records has these fields: another version of the program wrote it. */
  readonly onOtherFields?: (sample: string, fields: readonly string[]) => void;
  readonly deadlineMilliseconds?: (job: SampleJob) => number;
}

const MiB = 1024 * 1024;

/** 30 s and 30 s for every 100 MiB (reliability W-2). */
export function deadlineOf({ bytes }: Pick<SampleJob, 'bytes'>): number {
  return 30_000 * (1 + bytes / (100 * MiB));
}

/**
 * Memory set aside for a job. Events are streamed, so a big file needs no more than its chunks, its fit sample and its statistics;
 * a membership table in Parquet is built whole.
 */
export function memoryOf(job: Pick<SampleJob, 'bytes' | 'membership'>): number {
  const streamed = 96 * MiB + Math.min(3 * job.bytes, 512 * MiB);
  return job.membership?.format === 'parquet' ? streamed + 4 * job.bytes : streamed;
}

/** Gates all jobs. Rejects only with what ends a run: E_CANCELLED, output or store failures, defects of this program. */
export async function gateAll(jobs: readonly SampleJob[], deps: ScheduleDeps): Promise<void> {
  const { executor, store, run } = deps;
  const failure = new AbortController();
  const signal = AbortSignal.any([deps.signal, failure.signal]);
  const report = progressOf(jobs, deps.onProgress);
  const failed: SampleJob[] = [];

  const queue = [...jobs].sort((a, b) => b.bytes - a.bytes || (a.sample < b.sample ? -1 : 1));
  const divided = queue.filter(deps.isDivided);
  const whole = queue.filter((job) => !deps.isDivided(job));
  for (const job of divided) await gateOne(job, true);
  await inParallel(whole);
  // a thread may have died of its neighbours; alone it has all the memory there is
  for (const job of failed) await gateOne(job, false);
  report.end();

  async function inParallel(waiting: SampleJob[]): Promise<void> {
    const running = new Set<Promise<void>>();
    let budget = deps.memoryBytes;
    try {
      while (waiting.length > 0) {
        const next = waiting.findIndex((job) => memoryOf(job) <= budget || running.size === 0);
        if (next < 0 || running.size >= executor.threads) {
          await Promise.race(running);
          continue;
        }
        const [job] = waiting.splice(next, 1);
        const need = memoryOf(job);
        budget -= need;
        const work: Promise<void> = gateOne(job, true).finally(() => {
          budget += need;
          running.delete(work);
        });
        // met by race or all; an early rejection must not count as unhandled
        work.catch(() => undefined);
        running.add(work);
      }
      await Promise.all(running);
    } catch (error) {
      failure.abort();
      // nobody may touch the store after the run has ended
      await Promise.allSettled(running);
      throw error;
    }
  }

  async function gateOne(job: SampleJob, mayRetry: boolean): Promise<void> {
    if (signal.aborted) throw cancelled();
    if (memoryOf(job) > deps.memoryBytes) {
      const message = `This sample needs about ${Math.ceil(memoryOf(job) / MiB)} MiB; the run may use ${Math.floor(deps.memoryBytes / MiB)} MiB.`;
      return refuse(job, [issue('E_OUT_OF_MEMORY', message)]);
    }
    store.startItem(run, job.sample);
    let outcome: SampleOutcome;
    try {
      outcome = await withDeadline(job);
      if (outcome.kind === 'known' && !deps.hasOutputs(job, outcome.resultId)) {
        outcome = await withDeadline({ ...job, recompute: true });
      }
    } catch (error) {
      if (signal.aborted) {
        store.returnItem(run, job.sample);
        throw cancelled();
      }
      if (!(error instanceof ImmunogateError) || !retryable.has(error.code)) throw error;
      if (mayRetry) {
        store.returnItem(run, job.sample);
        failed.push(job);
        return;
      }
      return refuse(job, [error.toIssue()]);
    }
    settle(job, outcome);
  }

  async function withDeadline(job: SampleJob): Promise<SampleOutcome> {
    const milliseconds = (deps.deadlineMilliseconds ?? deadlineOf)(job);
    const deadline = startDeadline(milliseconds, executor.cpuMilliseconds ?? null);
    try {
      return await deps.gate(job, AbortSignal.any([signal, deadline.signal]));
    } catch (error) {
      if (!deadline.signal.aborted || signal.aborted) throw error;
      throw new ImmunogateError(
        'E_TIMEOUT',
        `The sample was given up after ${Math.round(milliseconds / 1000)} s.`,
        { cause: error },
      );
    } finally {
      deadline.clear();
    }
  }

  function settle(job: SampleJob, outcome: SampleOutcome): void {
    switch (outcome.kind) {
      case 'known':
        store.reuseItem(run, job.sample, outcome.resultId);
        return report.done(job, 0, true);
      case 'refused':
        return refuse(job, outcome.issues);
      case 'done':
        try {
          const fields = store.finishItem(run, outcome.result, outcome.execution, outcome.outputs);
          if (fields.length > 0) deps.onOtherFields?.(job.sample, fields);
        } catch (error) {
          if (!(error instanceof ImmunogateError) || error.code !== 'E_NONDETERMINISTIC') throw error;
          return refuse(job, [error.toIssue()]);
        }
        report.done(job, outcome.result.eventCount, false);
    }
  }

  function refuse(job: SampleJob, issues: readonly Issue[]): void {
    store.refuseItem(run, job.sample, issues);
    report.refused(job);
  }
}

function cancelled(): ImmunogateError {
  return new ImmunogateError(
    'E_CANCELLED',
    'The run was cancelled. What was finished is stored; the same command continues.',
  );
}

/** What may not be the fault of the file: worth a second try, alone. */
export const retryable: ReadonlySet<IssueCode> = new Set<IssueCode>([
  'E_WORKER_CRASHED',
  'E_OUT_OF_MEMORY',
  'E_TIMEOUT',
]);

function progressOf(jobs: readonly SampleJob[], onProgress: ((progress: Progress) => void) | undefined) {
  const started = performance.now();
  const totalBytes = jobs.reduce((sum, { bytes }) => sum + bytes, 0);
  const state = { done: 0, refused: 0, reused: 0, events: 0 };
  let bytes = 0;
  function tell(): void {
    const seconds = (performance.now() - started) / 1000;
    const secondsLeft = bytes === 0 ? null : ((totalBytes - bytes) * seconds) / bytes;
    onProgress?.({ samples: jobs.length, ...state, seconds, secondsLeft });
  }
  tell();
  return {
    done(job: SampleJob, events: number, reused: boolean): void {
      state.done++;
      state.events += events;
      if (reused) state.reused++;
      bytes += job.bytes;
      tell();
    },
    refused(job: SampleJob): void {
      state.refused++;
      bytes += job.bytes;
      tell();
    },
    end: tell,
  };
}
