// The jobs of a request on the threads that suit them: tubes that others look at first, then every sample.
// Invariant: what a sample comes to depends on the request alone, not on threads, on order, or on which of the samples are wanted.
import { statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { ImmunogateError } from '../../errors.ts';
import { readFcs } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';
import type { ResultsStore } from '../../results/index.ts';
import { removeOrphans, sha256 } from '../../results/node.ts';
import { executionOf } from '../gate-file/node.ts';
import { fileSha256 } from '../hash/node.ts';
import { keepLocked } from '../locked.ts';
import type { Executor, Progress, SampleJob, SampleOutcome, TaskContext } from '../model.ts';
import { gateDivided, isDivided } from '../ranges.ts';
import type { GateRequest, RequestedSample } from '../request.ts';
import { gateAll } from '../schedule.ts';
import { runSurveys } from '../survey-schedule.ts';
import { planSurveys } from '../surveys.ts';
import { executorFor } from '../threads/node.ts';

export interface JobsDeps {
  readonly store: ResultsStore;
  readonly run: number;
  /** Results that the store held when the run began. */
  readonly known: ReadonlySet<string>;
  readonly onOtherFields?: (sample: string) => void;
  /** Samples to gate; the others are looked at for their cuts alone. Default all. */
  readonly only?: ReadonlySet<string>;
}

/** Gates the samples of a request into a store, whose items they are. Rejects as `gateAll` does. */
export async function runJobs(
  request: GateRequest,
  { store, run, known, onOtherFields, only }: JobsDeps,
): Promise<Progress> {
  const all = request.samples.map((sample) => jobOf(sample, request));
  const wanted = only === undefined ? all : all.filter(({ sample }) => only.has(sample));
  const context: TaskContext = { protocols: request.protocols, known, software: request.software };
  const executor = await executorFor(wanted, context, request.workers);
  const totalBytes = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  const limits = {
    memoryBytes: request.memoryBytes ?? machineMemory() / 2,
    signal: request.signal ?? new AbortController().signal,
  };
  let last: Progress | null = null;
  const divided = (job: SampleJob) => isDivided(job, totalBytes, executor.threads);
  const locked = new Map(request.samples.map(({ sample, lockedTo }) => [sample, lockedTo]));
  try {
    const planned = planSurveys(all, request.samples, request.protocols, wanted);
    const { jobs, refused } = planned.jobsWith(await runSurveys(planned.surveys, { executor, ...limits }));
    const gate = (job: SampleJob, signal: AbortSignal): Promise<SampleOutcome> => {
      const issues = refused.get(job.sample);
      if (issues !== undefined) return Promise.resolve({ kind: 'refused', issues });
      return divided(job)
        ? gateDivided(job, dividedDeps(executor, context), signal)
        : gateWhole(job, executor, signal);
    };
    await gateAll(jobs, {
      executor,
      store,
      run,
      ...limits,
      isDivided: divided,
      gate: (job, signal) => keepLocked(job, locked.get(job.sample), { store, executor, signal, gate }),
      hasOutputs: ({ membership }, resultId) =>
        membership === null ||
        store
          .outputs(resultId)
          .some(
            (output) =>
              output.kind === `membership ${membership.format}` &&
              output.sha256 === fileSha256(membership.path),
          ),
      ...(onOtherFields === undefined ? {} : { onOtherFields }),
      onProgress: (progress) => {
        last = progress;
        request.onProgress?.(progress);
      },
    });
  } finally {
    await executor.close();
    // threads that were stopped leave what they had begun
    if (request.membership) removeOrphans(join(request.out, 'membership'));
  }
  return last ?? { samples: 0, done: 0, refused: 0, reused: 0, events: 0, seconds: 0, secondsLeft: null };
}

/** Bytes that this process may use at most: of the machine, or of the container that it runs in. */
function machineMemory(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}

function jobOf(
  { sample, path, protocol = 0, overrides = [], readOptions }: RequestedSample,
  request: GateRequest,
): SampleJob {
  const { phase = 'count', membership = null } = request;
  // a file that cannot be seen is refused when its turn comes
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return {
    sample,
    path,
    bytes,
    protocol,
    readOptions: { ...request.readOptions, ...readOptions },
    shared: null,
    ...(overrides.length === 0 ? {} : { overrides }),
    phase,
    membership:
      membership === null || phase === 'fit'
        ? null
        : { format: membership, path: join(request.out, 'membership', `${sample}.${membership}`) },
    statistics: request.statistics ?? true,
    recompute: request.recompute ?? false,
  };
}

async function gateWhole(job: SampleJob, executor: Executor, signal: AbortSignal): Promise<SampleOutcome> {
  const result = await executor.run({ kind: 'gate', job }, signal);
  if (result.kind === 'gate') return result.outcome;
  if (result.kind === 'refused') return result;
  throw new ImmunogateError('E_INTERNAL', `A gate task returned ${result.kind}.`);
}

function dividedDeps(executor: Executor, context: TaskContext) {
  const started = performance.now();
  const startedUtc = new Date().toISOString();
  return {
    executor,
    context,
    sha256,
    readHead: (job: SampleJob) => {
      const source = openFile(job.path);
      try {
        return readFcs(source, job.readOptions);
      } finally {
        source.close();
      }
    },
    execution: () => executionOf(startedUtc, started, context.software),
  };
}
