// Looking at the tubes that cuts of others come from, on whichever threads there are: a deadline each, a second try alone.
// Invariant: what a survey found depends on its tubes; that it could not be made is said as such, and is no finding.
import { ImmunogateError, issue } from '../errors.ts';
import { startDeadline } from './deadline.ts';
import type { Executor, Survey, SurveyOutcome } from './model.ts';
import { deadlineOf, memoryOf, retryable } from './schedule.ts';

export interface SurveyDeps {
  readonly executor: Executor;
  /** Sum of the budgets of surveys that run at once, bytes. */
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  /** Default that of a sample of the same size. */
  readonly deadlineMilliseconds?: (survey: { readonly bytes: number }) => number;
}

/**
 * Runs surveys side by side; the answers are in their order. A survey that ends its thread or passes its deadline is tried once more
 * alone, as a sample is (reliability W-4). Rejects with E_CANCELLED, and with what is not a survey's own trouble.
 */
export async function runSurveys(
  surveys: readonly Survey[],
  { executor, memoryBytes, signal, deadlineMilliseconds = deadlineOf }: SurveyDeps,
): Promise<readonly SurveyOutcome[]> {
  const found: SurveyOutcome[] = [];
  const again: number[] = [];
  const queue = [...surveys.keys()].sort((a, b) => bytesOf(surveys[b]) - bytesOf(surveys[a]));
  const most = Math.max(0, ...surveys.map(budgetOf));
  const lanes = Math.max(1, Math.min(executor.threads, Math.floor(memoryBytes / Math.max(1, most))));
  const look = async (at: number): Promise<void> => {
    const milliseconds = deadlineMilliseconds({ bytes: bytesOf(surveys[at]) });
    found[at] = await lookedAt(surveys[at], { executor, signal, milliseconds });
  };
  const work = async (): Promise<void> => {
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      await look(at);
      if (isWorthAnother(found[at])) again.push(at);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  for (const at of again.sort((a, b) => a - b)) await look(at);
  return found;
}

function isWorthAnother(outcome: SurveyOutcome): boolean {
  return outcome.kind === 'failed' && retryable.has(outcome.issue.code);
}

async function lookedAt(
  survey: Survey,
  {
    executor,
    signal,
    milliseconds,
  }: { readonly executor: Executor; readonly signal: AbortSignal; readonly milliseconds: number },
): Promise<SurveyOutcome> {
  const deadline = startDeadline(milliseconds, executor.cpuMilliseconds ?? null);
  try {
    const result = await executor.run({ kind: 'survey', survey }, AbortSignal.any([signal, deadline.signal]));
    if (result.kind === 'survey') return result.source;
    const [told] = result.kind === 'refused' ? result.issues : [];
    return { kind: 'failed', issue: told ?? issue('E_INTERNAL', `A survey returned ${result.kind}.`) };
  } catch (error) {
    if (signal.aborted || !(error instanceof ImmunogateError)) throw error;
    if (deadline.signal.aborted) {
      const seconds = Math.round(milliseconds / 1000);
      return { kind: 'failed', issue: issue('E_TIMEOUT', `It was given up after ${seconds} s.`) };
    }
    if (!retryable.has(error.code)) throw error;
    return { kind: 'failed', issue: error.toIssue() };
  } finally {
    deadline.clear();
  }
}

function bytesOf({ tubes }: Survey): number {
  return tubes.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Tubes are opened one after another: the largest counts. */
function budgetOf({ tubes }: Survey): number {
  return Math.max(...tubes.map(({ bytes }) => memoryOf({ bytes, membership: null })));
}
