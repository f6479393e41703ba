// The engine on a platform: files of one run, a pool of threads or this thread, the store beside the outputs.
// Invariant: everything that a run learned is in the store before it is in a table; running again continues where it ended.
import { statSync } from 'node:fs';
import { availableParallelism, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ImmunogateError, type Issue } from '../errors.ts';
import { readFcs, type ReadOptions } from '../fcs/index.ts';
import { openFile } from '../fcs/node.ts';
import type { GateOverride } from '../gating/index.ts';
import type { ItemRecord, ResultsStore, SampleResult } from '../results/index.ts';
import {
  makeFolder,
  openFileWriter,
  openSqliteStore,
  removeOrphans,
  sha256,
  syncFolder,
} from '../results/node.ts';
import { executionOf, performTask } from './gate-file/node.ts';
import { fileSha256 } from './hash/node.ts';
import type {
  Executor,
  MembershipRequest,
  Progress,
  Protocol,
  SampleGroup,
  SampleJob,
  SampleOutcome,
  TaskContext,
  TaskResult,
} from './model.ts';
import { writeOutputs } from './outputs.ts';
import { protocolIdentity, requireUnlocked, type ProtocolLocks } from './provenance.ts';
import { keepLocked } from './locked.ts';
import { gateDivided, isDivided } from './ranges.ts';
import { gateAll } from './schedule.ts';
import { runSurveys } from './survey-schedule.ts';
import { planSurveys } from './surveys.ts';

export { densitiesOfFile, writeDensities } from './densities/node.ts';
export type { Progress, Protocol, SampleGroup } from './model.ts';

/** `protocol` is a position in the request's protocols, default 0. */
export interface RequestedSample {
  readonly sample: string;
  readonly path: string;
  readonly protocol?: number;
  /**
   * Control tubes by the names that template methods give them (`tube: FMO:PD1`), as sample ids of the same request: `FMO:` and the
   * marker left out, `UNST`, `ISO`, `BASELINE`, … A sample may be its own control. The controls are looked at under the template of
   * this sample, whatever protocol they are gated by themselves.
   */
  readonly controls?: Readonly<Record<string, string>>;
  /** For templates that pool cuts (`pool: subject`); none for control tubes. */
  readonly group?: SampleGroup;
  /** Result that a person locked: see locked.ts. */
  readonly lockedTo?: string;
  /** Gates that a person moved, put onto the placed ones in this order; default none. */
  readonly overrides?: readonly GateOverride[];
}

export interface GateRequest {
  /** Samples with unique ids. */
  readonly samples: readonly RequestedSample[];
  /** Samples that cannot be run at all, with why; they get their rows like any other refusal. */
  readonly refused?: readonly { readonly sample: string; readonly issues: readonly Issue[] }[];
  readonly protocols: readonly Protocol[];
  /** A protocol of a locked name and another content ends the run before it begins; default nothing is locked. */
  readonly locks?: ProtocolLocks;
  /** Folder of the outputs; made when absent. The store is in its `.immunogate/`. */
  readonly out: string;
  /** Name and version of the program, for records. */
  readonly software: string;
  readonly phase?: 'fit' | 'count';
  readonly membership?: MembershipRequest['format'] | null;
  /** Describe every population's channels, default true. */
  readonly statistics?: boolean;
  readonly readOptions?: ReadOptions;
  /** Threads; default all that the system offers. */
  readonly workers?: number;
  /** Default half of the machine's memory. */
  readonly memoryBytes?: number;
  /** Gate everything anew and compare with what is stored. */
  readonly recompute?: boolean;
  /** How long to wait for another run on the same folder; default 0. */
  readonly waitMilliseconds?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface GateReport {
  readonly items: readonly ItemRecord[];
  readonly done: number;
  readonly refused: number;
  /** Of `done`: found in the store. */
  readonly reused: number;
  /** Items of a killed run that were put back. */
  readonly recovered: number;
  /** The first few results, for a summary. */
  readonly preview: readonly SampleResult[];
}

const previewed = 3;

/**
 * Gates files into a folder: counts, statistics, strategies, issues, provenance. Refused samples have rows and stop nothing.
 * Throws E_PROTOCOL_LOCKED, E_CANCELLED (finished work is stored), E_STORE_*, E_DISK_FULL, E_OUTPUT_UNWRITABLE.
 */
export async function gateFiles(request: GateRequest): Promise<GateReport> {
  const { out, phase = 'count', software } = request;
  const identities = request.protocols.map((protocol) => protocolIdentity(protocol, sha256));
  requireUnlocked(identities, request.locks ?? {});
  makeFolder(join(out, 'strategies'));
  if (request.membership) makeFolder(join(out, 'membership'));
  const store = openStore(out, software, request.waitMilliseconds ?? 0);
  try {
    for (const folder of ['', 'strategies', 'membership']) removeOrphans(join(out, folder));
    const names = [...request.samples, ...(request.refused ?? [])].map(({ sample }) => sample);
    const known = knownResults(store);
    const run = store.beginRun({ protocols: identities, samples: names });
    try {
      for (const { sample, issues } of request.refused ?? []) store.refuseItem(run, sample, issues);
      const progress = await gateInto(store, run, known, request);
      const files = outputFiles(out);
      writeOutputs(store, run, files, { phase, software });
      files.end();
      store.endRun(run, 'finished');
      const items = store.items(run);
      const count = (state: ItemRecord['state']) => items.filter((item) => item.state === state).length;
      return {
        items,
        done: count('done'),
        refused: count('refused'),
        reused: progress.reused,
        recovered: store.recovered.items,
        preview: previewOf(store, items),
      };
    } catch (error) {
      const cancelled = error instanceof ImmunogateError && error.code === 'E_CANCELLED';
      store.endRun(run, cancelled ? 'cancelled' : 'failed');
      throw error;
    }
  } finally {
    store.close();
  }
}

function previewOf(store: ResultsStore, items: readonly ItemRecord[]): SampleResult[] {
  const done = items.filter(({ state }) => state === 'done').slice(0, previewed);
  return done.flatMap(({ sample, resultId }) => {
    const body = resultId === null ? null : store.result(resultId);
    return body === null ? [] : [{ sample, ...body }];
  });
}

/** The store of an output folder, as its owner. */
export function openStore(out: string, software: string, waitMilliseconds = 0): ResultsStore {
  const context = {
    sha256,
    utc: () => new Date().toISOString(),
    actor: { system: userInfo().username, stated: null, knownBy: 'system' },
    software,
  } as const;
  return openSqliteStore(join(out, '.immunogate', 'run.sqlite'), context, { waitMilliseconds });
}

function knownResults(store: ResultsStore): ReadonlySet<string> {
  return new Set(
    store.runs().flatMap(({ run }) => store.items(run).flatMap(({ resultId }) => resultId ?? [])),
  );
}

/** Files of an output folder; their folders are made durable once, at the end. */
function outputFiles(out: string) {
  return {
    open: (name: string) => {
      const writer = openFileWriter(join(out, ...name.split('/')));
      return { ...writer, commit: () => writer.commit({ durable: false }) };
    },
    end: () => ['strategies', ''].forEach((folder) => syncFolder(join(out, folder))),
  };
}

async function gateInto(
  store: ResultsStore,
  run: number,
  known: ReadonlySet<string>,
  request: GateRequest,
): Promise<Progress> {
  const plain = request.samples.map((sample) => jobOf(sample, request));
  const context: TaskContext = { protocols: request.protocols, known, software: request.software };
  const executor = await executorFor(plain, context, request.workers ?? availableParallelism());
  const totalBytes = plain.reduce((sum, { bytes }) => sum + bytes, 0);
  const limits = {
    memoryBytes: request.memoryBytes ?? totalmem() / 2,
    signal: request.signal ?? new AbortController().signal,
  };
  let last: Progress | null = null;
  const divided = (job: SampleJob) => isDivided(job, totalBytes, executor.threads);
  const locked = new Map(request.samples.map(({ sample, lockedTo }) => [sample, lockedTo]));
  try {
    const planned = planSurveys(plain, request.samples, request.protocols);
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
      onProgress: (progress) => {
        last = progress;
        request.onProgress?.(progress);
      },
    });
  } finally {
    await executor.close();
    // threads that were stopped leave what they had begun
    removeOrphans(join(request.out, 'membership'));
  }
  return last ?? { samples: 0, done: 0, refused: 0, reused: 0, events: 0, seconds: 0, secondsLeft: null };
}

function jobOf(
  { sample, path, protocol = 0, overrides = [] }: RequestedSample,
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
    readOptions: request.readOptions ?? {},
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

// ---- threads -------------------------------------------------------------------------------------------------------

const MiB = 1024 * 1024;

/**
 * Whether starting threads would take longer than the work: a few small files, or one file that this thread gates in about a second.
 * Neither can keep the user waiting for a cancel, and one file has no others to protect from it.
 */
function isQuick(jobs: readonly SampleJob[], bytes: number): boolean {
  return jobs.length === 1 ? bytes <= 128 * MiB : jobs.length <= 8 && bytes <= 32 * MiB;
}

async function executorFor(
  jobs: readonly SampleJob[],
  context: TaskContext,
  workers: number,
): Promise<Executor> {
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0);
  if (isQuick(jobs, bytes)) return thisThread(context);
  const divided = jobs.some((job) => isDivided(job, bytes, workers));
  return await openPool(context, { threads: divided ? workers : Math.min(workers, jobs.length) });
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
    worker ?? new URL(isSource ? './worker.ts' : './worker.js', import.meta.url),
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
