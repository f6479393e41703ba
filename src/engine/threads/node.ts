// Who performs tasks: this thread where starting others would take longer than the work, or a pool of them.
// Invariant: a thread that dies or is stopped takes only its task with it, and what it gave does not depend on which thread it was.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ImmunogateError } from '../../errors.ts';
import { performTask } from '../gate-file/node.ts';
import type { Executor, SampleJob, TaskContext, TaskResult } from '../model.ts';
import { isDivided } from '../ranges.ts';

const MiB = 1024 * 1024;

/** The executor that suits the jobs of a run; default all threads that the system offers. */
export async function executorFor(
  jobs: readonly SampleJob[],
  context: TaskContext,
  workers: number = availableParallelism(),
): Promise<Executor> {
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0);
  if (isQuick(jobs, bytes)) return thisThread(context);
  const divided = jobs.some((job) => isDivided(job, bytes, workers));
  return await openPool(context, { threads: divided ? workers : Math.min(workers, jobs.length) });
}

/**
 * Whether starting threads would take longer than the work: a few small files, or one file that this thread gates in about a second.
 * Neither can keep the user waiting for a cancel, and one file has no others to protect from it.
 */
function isQuick(jobs: readonly SampleJob[], bytes: number): boolean {
  return jobs.length === 1 ? bytes <= 128 * MiB : jobs.length <= 8 && bytes <= 32 * MiB;
}

/** Performs tasks on the calling thread, one at a time; a signal is only heard between them. */
export function thisThread(context: TaskContext): Executor {
  return {
    threads: 1,
    cpuMilliseconds,
    async run(task, signal) {
      await new Promise(setImmediate);
      if (signal.aborted) throw cancelledBy(signal.reason);
      return unfailed(await performTask(task, context));
    },
    close: () => Promise.resolve(),
  };
}

export interface PoolOptions {
  readonly threads: number;
  /** The thread's code; default ours. */
  readonly worker?: URL;
}

/** Threads of their own for tasks; a thread that dies takes only its task with it. */
export async function openPool(context: TaskContext, { threads, worker }: PoolOptions): Promise<Executor> {
  const { Piscina } = await import('piscina');
  const isSource = import.meta.url.endsWith('.ts');
  const filename = fileURLToPath(
    worker ?? new URL(isSource ? '../worker.ts' : '../worker.js', import.meta.url),
  );
  // one pool a thread: a task may ask for the thread that holds its range, and an abort ends that thread alone
  const pools = Array.from({ length: threads }, () => {
    const pool = new Piscina({
      filename,
      minThreads: 1,
      maxThreads: 1,
      maxQueue: 4 + threads,
      workerData: context,
      ...(filename.endsWith('.ts') ? { execArgv: ['--import', 'tsx'] } : {}),
    });
    // an idle thread that dies tells the pool, and nobody else; unheard it would end the process (reliability W-1)
    pool.on('error', () => undefined);
    return pool;
  });
  const load = pools.map(() => 0);
  return {
    threads,
    cpuMilliseconds,
    async run(task, signal, { thread = load.indexOf(Math.min(...load)) } = {}) {
      if (signal.aborted) throw cancelledBy(signal.reason);
      load[thread]++;
      try {
        return unfailed((await pools[thread].run(task, { signal })) as TaskResult);
      } catch (error) {
        if (error instanceof ImmunogateError) throw error;
        throw signal.aborted ? cancelledBy(error) : deathOf(error);
      } finally {
        load[thread]--;
      }
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function cancelledBy(cause: unknown): ImmunogateError {
  return new ImmunogateError('E_CANCELLED', undefined, { cause });
}

function unfailed(result: TaskResult): TaskResult {
  if (result.kind !== 'failed') return result;
  const { code, message, place } = result.issue;
  throw new ImmunogateError(code, message, { place });
}

function deathOf(error: unknown): ImmunogateError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new ImmunogateError('E_OUT_OF_MEMORY', 'The worker ran out of memory.', { cause: error })
    : new ImmunogateError('E_WORKER_CRASHED', `The worker ended unexpectedly (${String(error)}).`, {
        cause: error,
      });
}
