// One big file on several threads: its bytes are hashed, its values checked and its ranges counted side by side, then put together
// in index order. The outcome is the one that a single thread gives, byte for byte.
import { ImmunogateError, type Issue } from '../errors.ts';
import type { FcsFile } from '../fcs/index.ts';
import { countingSteps, SEGMENT_EVENTS, type EventRange } from '../gating/index.ts';
import type { Sha256 } from '../results/index.ts';
import type {
  EngineTask,
  Executor,
  SampleJob,
  SampleOutcome,
  TaskContext,
  TaskOptions,
  TaskResult,
} from './model.ts';
import { resultIdOfJob, protocolIdentity, workIdOf } from './provenance.ts';
import { sampleResult } from './steps.ts';

/** Smaller files are not worth dividing. */
const smallestBytes = 48 * 1024 * 1024;

/** A file is divided when it alone would keep the run waiting for one thread. Membership is written in one go. */
export function isDivided(job: SampleJob, totalBytes: number, threads: number): boolean {
  const longPole = job.bytes * threads > totalBytes;
  return (
    threads > 1 && longPole && job.bytes >= smallestBytes && job.membership === null && job.phase === 'count'
  );
}

/** Consecutive ranges that begin at multiples of SEGMENT_EVENTS, at most one a thread, as equal as that allows. */
export function rangesOf(eventCount: number, threads: number): EventRange[] {
  const segments = Math.max(1, Math.ceil(eventCount / SEGMENT_EVENTS));
  const parts = Math.min(threads, segments);
  return Array.from({ length: parts }, (_, part) => ({
    firstEvent: Math.floor((part * segments) / parts) * SEGMENT_EVENTS,
    endEvent: Math.min(eventCount, Math.floor(((part + 1) * segments) / parts) * SEGMENT_EVENTS),
  }));
}

export interface DividedDeps {
  readonly executor: Executor;
  readonly context: TaskContext;
  readonly sha256: Sha256;
  /** HEADER and TEXT of a job's file; throws its refusal. */
  readonly readHead: (job: SampleJob) => FcsFile;
  readonly execution: () => Extract<SampleOutcome, { kind: 'done' }>['execution'];
}

/** Gates one file on all threads. Refusals are returned; what `Executor.run` rejects with is thrown. */
export async function gateDivided(
  job: SampleJob,
  deps: DividedDeps,
  signal: AbortSignal,
): Promise<SampleOutcome> {
  const { executor, context, sha256 } = deps;
  const run = async <K extends TaskResult['kind']>(
    task: EngineTask & { kind: K },
    options: TaskOptions = {},
  ) => {
    const result = await executor.run(task, signal, options);
    if (result.kind === 'refused') throw new Refusal(result.issues);
    if (result.kind !== task.kind)
      throw new ImmunogateError('E_INTERNAL', `Task ${task.kind} returned ${result.kind}.`);
    return result as Extract<TaskResult, { kind: K }>;
  };
  try {
    const file = refusing(() => deps.readHead(job));
    const protocol = context.protocols[job.protocol];
    const identity = protocolIdentity(protocol, sha256);
    const hashing = run({ kind: 'hash', job });
    const checking = run({ kind: 'values', job });
    // a rejection is met below, at the await; until then it must not count as unhandled
    for (const promise of [hashing, checking]) promise.catch(() => undefined);
    const mayBeKnown = context.known.size > 0 && !job.recompute;
    if (mayBeKnown) {
      const { resultId } = name((await hashing).fileSha256);
      if (context.known.has(resultId)) {
        await checking;
        return { kind: 'known', resultId };
      }
    }
    const { placed } = await run({ kind: 'place', job, fileSha256: (await hashing).fileSha256 });
    const { strategy, quality } = placed;
    const steps = countingSteps(strategy, rangesOf(file.data.eventCount, executor.threads));
    let step = refusing(() => steps.next());
    while (step.done !== true) {
      const results = await Promise.all(
        step.value.map((task, thread) => run({ kind: 'range', job, strategy, task }, { thread })),
      );
      step = refusing(() => steps.next(results.map(({ result }) => result)));
    }
    const { fileSha256 } = await hashing;
    const { findings, dataSha256 } = await checking;
    const issues: readonly Issue[] = [...findings, ...placed.issues];
    const { workId } = name(fileSha256);
    const origin = {
      file,
      fileBytes: job.bytes,
      fileSha256,
      dataSha256,
      protocol: identity,
      readOptions: job.readOptions,
      strategy,
      quality,
      shared: job.shared,
      workId,
    };
    return {
      kind: 'done',
      result: sampleResult(job, origin, step.value, issues, sha256),
      execution: deps.execution(),
      outputs: [],
    };

    function name(fileSha256: string): { readonly workId: string; readonly resultId: string } {
      const workId = workIdOf(fileSha256, identity, job.readOptions, sha256);
      return { workId, resultId: resultIdOfJob(workId, job, sha256) };
    }
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', issues: error.issues };
    throw error;
  }
}

/** What this thread finds wrong with the sample refuses it, as it would on any other. */
function refusing<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof ImmunogateError ? new Refusal([error.toIssue()]) : error;
  }
}

/** Carries the issues of a refused task out of the steps. */
class Refusal extends Error {
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super('refused');
    this.issues = issues;
  }
}
