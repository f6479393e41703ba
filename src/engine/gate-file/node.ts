// One task on one file, start to end, on whichever thread: opens, hashes, reads, gates, writes membership, closes.
// Invariant: trouble with the file or the protocol comes back as a value; only a defect or an output that cannot be written is thrown.
import { createHash } from 'node:crypto';
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
  type CountOptions,
  type CountResult,
  type GatingStrategy,
  type RangeResult,
  type RangeTask,
  type StatisticsChannel,
} from '../../gating/index.ts';
import type { OutputRecord } from '../../results/index.ts';
import { openFileWriter, sha256, type FileWriter } from '../../results/node.ts';
import { hashOf } from '../hash/node.ts';
import {
  createMembershipColumns,
  evaluablePopulations,
  membershipHeader,
  membershipLines,
  membershipNames,
} from '../membership.ts';
import type {
  EngineTask,
  MembershipRequest,
  SampleJob,
  SampleOutcome,
  TaskContext,
  TaskResult,
} from '../model.ts';
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

interface WithMembership {
  readonly counted: CountResult;
  readonly output: OutputRecord;
}

async function countWithMembership(
  source: ByteSource,
  file: FcsFile,
  strategy: GatingStrategy,
  statistics: readonly StatisticsChannel[],
  request: MembershipRequest,
): Promise<WithMembership> {
  const evaluable = evaluablePopulations(strategy);
  const writer = hashingWriter(request.path);
  try {
    let counted: CountResult;
    if (request.format === 'csv') {
      writer.write(membershipHeader(strategy));
      const onMembership: CountOptions['onMembership'] = (block) =>
        writer.write(membershipLines(block, evaluable));
      counted = countPopulations(source, file, strategy, { statistics, onMembership });
    } else {
      const collected = createMembershipColumns(file.data.eventCount, evaluable);
      counted = countPopulations(source, file, strategy, {
        statistics,
        onMembership: (block) => collected.add(block),
      });
      writer.write(await parquetOf(membershipNames(strategy), collected.columns, file.data.eventCount));
    }
    writer.commit();
    return { counted, output: { kind: `membership ${request.format}`, sha256: writer.digest() } };
  } catch (error) {
    writer.discard();
    throw error;
  }
}

async function parquetOf(
  names: readonly string[],
  columns: readonly (Uint8Array | null)[],
  count: number,
): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map((column, p) => ({
    name: names[p],
    type: 'BOOLEAN' as const,
    nullable: true,
    data: column === null ? new Array<null>(count).fill(null) : Array.from(column, (bit) => bit === 1),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function hashingWriter(path: string): FileWriter & { digest(): string } {
  const hash = createHash('sha256');
  const writer = openFileWriter(path);
  return {
    ...writer,
    write(chunk) {
      hash.update(chunk);
      writer.write(chunk);
    },
    digest: () => hash.digest('hex'),
  };
}
