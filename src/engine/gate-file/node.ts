// One task on one file, start to end, on whichever thread: opens, hashes, reads, gates, writes membership, closes.
// Invariant: trouble with the file or the protocol comes back as a value; only a defect or an output that cannot be written is thrown.
import { ImmunogateError, issue, type Issue } from '../../errors.ts';
import {
  checkCrc,
  openEventBlocks,
  openValueCheck,
  openValueHash,
  readFcs,
  requireAllowed,
  type ByteSource,
  type FcsFile,
} from '../../fcs/index.ts';
import { openFile, sha256Hash, type FileSource } from '../../fcs/node.ts';
import {
  countPopulations,
  createRangeCounter,
  type CountResult,
  type RangeResult,
  type RangeTask,
} from '../../gating/index.ts';
import type { OutputRecord } from '../../results/index.ts';
import { sha256 } from '../../results/node.ts';
import { hashOf } from '../hash/node.ts';
import { countWithMembership } from '../membership-file/node.ts';
import type { EngineTask, SampleJob, SampleOutcome, TaskContext, TaskResult } from '../model.ts';
import { resultIdOfJob, protocolIdentity, workIdOf } from '../provenance.ts';
import { describedChannels, placeGates, sampleResult } from '../steps.ts';
import { surveyTubes } from '../survey/node.ts';

/** Performs a task. Never throws: trouble with the file is `refused`, memory and output trouble `failed`, a defect refuses its sample. */
export async function performTask(task: EngineTask, context: TaskContext): Promise<TaskResult> {
  try {
    if (task.kind === 'range') return { kind: 'range', result: countRange(task) };
    letGo();
    if (task.kind === 'survey') return { kind: 'survey', source: surveyTubes(task.survey, context) };
    const { job } = task;
    const source = openFile(job.path);
    try {
      switch (task.kind) {
        case 'gate':
          return { kind: 'gate', outcome: await gateSample(source, job, context) };
        case 'hash':
          return { kind: 'hash', fileSha256: hashOf(source) };
        case 'values':
          return { kind: 'values', ...seeValues(source, readFcs(source, job.readOptions), job) };
        case 'place': {
          const protocol = context.protocols[job.protocol];
          const seed = workIdOf(task.fileSha256, protocolIdentity(protocol, sha256), job.readOptions, sha256);
          return {
            kind: 'place',
            placed: placeGates(protocol, source, readFcs(source, job.readOptions), {
              seed,
              shared: job.shared,
              ...editsOf(job),
            }),
          };
        }
      }
    } finally {
      source.close();
    }
  } catch (error) {
    return troubleOf(error);
  }
}

function editsOf({ overrides }: SampleJob): Pick<SampleJob, 'overrides'> {
  return overrides === undefined ? {} : { overrides };
}

function troubleOf(error: unknown): TaskResult {
  if (error instanceof ImmunogateError) {
    return error.code === 'E_DISK_FULL' || error.code === 'E_OUTPUT_UNWRITABLE'
      ? { kind: 'failed', issue: error.toIssue() }
      : { kind: 'refused', issues: [error.toIssue()] };
  }
  if (error instanceof RangeError && /allocation|array length|buffer/i.test(error.message)) {
    return { kind: 'failed', issue: issue('E_OUT_OF_MEMORY', `Memory ran out: ${error.message}.`) };
  }
  return {
    kind: 'refused',
    issues: [issue('E_INTERNAL', `A defect of the program: ${String(error)}. Please report it.`)],
  };
}

/** The range this thread counted last, ready for the next round on it. */
let held: {
  readonly key: string;
  readonly source: FileSource;
  readonly count: (task: RangeTask) => RangeResult;
} | null = null;

function letGo(): void {
  held?.source.close();
  held = null;
}

function countRange({ job, strategy, task }: Extract<EngineTask, { kind: 'range' }>): RangeResult {
  const key = JSON.stringify([job.sample, job.path, job.protocol, job.overrides, task.range]);
  if (held?.key !== key) {
    letGo();
    const source = openFile(job.path);
    const file = readFcs(source, job.readOptions);
    const count = createRangeCounter(source, file, strategy, {
      statistics: describedChannels(strategy, file, job),
    });
    held = { key, source, count };
  }
  return held.count(task);
}

async function gateSample(source: ByteSource, job: SampleJob, context: TaskContext): Promise<SampleOutcome> {
  const started = performance.now();
  const startedUtc = new Date().toISOString();
  const file = readFcs(source, job.readOptions);
  const fileSha256 = hashOf(source);
  const protocol = context.protocols[job.protocol];
  const identity = protocolIdentity(protocol, sha256);
  const workId = workIdOf(fileSha256, identity, job.readOptions, sha256);
  const resultId = resultIdOfJob(workId, job, sha256);
  if (!job.recompute && context.known.has(resultId)) return { kind: 'known', resultId };
  const { findings, dataSha256 } = seeValues(source, file, job);
  const { strategy, issues, quality } = placeGates(protocol, source, file, {
    seed: workId,
    shared: job.shared,
    ...editsOf(job),
  });
  const outputs: OutputRecord[] = [];
  let counted: CountResult | null = null;
  if (job.phase === 'count') {
    const statistics = describedChannels(strategy, file, job);
    if (job.membership === null) counted = countPopulations(source, file, strategy, { statistics });
    else {
      const written = await countWithMembership(source, file, strategy, statistics, job.membership);
      counted = written.counted;
      outputs.push(written.output);
    }
  }
  const origin = {
    file,
    fileBytes: source.byteLength,
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
    result: sampleResult(job, origin, counted, [...findings, ...issues], sha256),
    execution: executionOf(startedUtc, started, context.software),
    outputs,
  };
}

/** `started` by performance.now(). */
export function executionOf(startedUtc: string, started: number, software: string) {
  return {
    startedUtc,
    durationSeconds: (performance.now() - started) / 1000,
    software,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

/** What values and the CRC word show, and the hash of the values. Throws E_STRICT where the reading options allow no such warning. */
function seeValues(
  source: ByteSource,
  file: FcsFile,
  { readOptions }: SampleJob,
): { readonly findings: Issue[]; readonly dataSha256: string } {
  const check = openValueCheck(file);
  const values = openValueHash(sha256Hash);
  const blocks = openEventBlocks(source, file, { scaling: 'raw' });
  for (let block = blocks.next(); block !== null; block = blocks.next()) {
    check.see(block);
    values.see(block);
  }
  const findings = [...check.findings(), ...checkCrc(source, file)];
  requireAllowed(findings, readOptions);
  return { findings, dataSha256: values.digest() };
}
