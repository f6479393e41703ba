// Samples whose gates a person locked: they keep the result that was locked, whatever the protocol says now, or are refused (reliability A-5).
// Invariant: a locked sample never gets another result.
import { issue } from '../errors.ts';
import type { ResultsStore } from '../results/index.ts';
import type { Executor, SampleJob, SampleOutcome } from './model.ts';

export interface KeepDeps {
  readonly store: ResultsStore;
  readonly executor: Executor;
  readonly signal: AbortSignal;
  readonly gate: (job: SampleJob, signal: AbortSignal) => Promise<SampleOutcome>;
}

/**
 * Gates a job, unless its gates are locked to a result. That is kept when the store holds it for these very bytes; where the store does not,
 * what the protocol gives must be that result.
 */
export async function keepLocked(
  job: SampleJob,
  resultId: string | undefined,
  { store, executor, signal, gate }: KeepDeps,
): Promise<SampleOutcome> {
  if (resultId === undefined) return await gate(job, signal);
  const stored = store.result(resultId);
  if (stored !== null) {
    const read = await executor.run({ kind: 'hash', job }, signal);
    if (read.kind === 'refused') return read;
    if (read.kind === 'hash' && read.fileSha256 === stored.fileSha256) return { kind: 'known', resultId };
    return lockRefusal(job, 'its file is another one now');
  }
  const outcome = await gate(job, signal);
  const made =
    outcome.kind === 'done' ? outcome.result.resultId : outcome.kind === 'known' ? outcome.resultId : null;
  return made === null || made === resultId
    ? outcome
    : lockRefusal(job, 'this run would place other ones, and the locked result is not in this output folder');
}

function lockRefusal({ sample }: SampleJob, why: string): SampleOutcome {
  const message = `The gates of ${sample} are locked, and ${why}. Unlock them, or put back what was there.`;
  return { kind: 'refused', issues: [issue('E_PROTOCOL_LOCKED', message, sample)] };
}
