// The process of one run: it may die alone (reliability W-3). Told what to run by one message, it reports progress and its end by messages, and
// stops with all finished work stored when it is told to, or when the server is gone.
import { ImmunogateError, type Issue } from '../../errors.ts';
import { runStudy, type RunProgress } from '../../run/node.ts';

export interface ChildRequest {
  readonly study: string;
  readonly out: string;
  readonly software: string;
  readonly recompute: boolean;
  readonly workers: number | null;
}

export type ToChild = { readonly kind: 'run'; readonly request: ChildRequest } | { readonly kind: 'stop' };

export type FromChild =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'finished'; readonly issues: readonly Issue[] }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly issue: Issue };

const stop = new AbortController();
process.on('disconnect', () => stop.abort());
// Ctrl-C reaches every process of a terminal; the server decides
process.on('SIGINT', () => undefined);
process.on('message', (message: ToChild) => {
  if (message.kind === 'stop') stop.abort();
  else void run(message.request);
});

async function run({ study, out, software, recompute, workers }: ChildRequest): Promise<void> {
  try {
    const report = await runStudy({
      study,
      out,
      software,
      recompute,
      ...(workers === null ? {} : { workers }),
      signal: stop.signal,
      onProgress: (progress) => say({ kind: 'progress', progress }),
    });
    const issues = report.results.findings.filter(({ level }) => level === 'error');
    say({ kind: 'finished', issues });
  } catch (error) {
    if (error instanceof ImmunogateError && error.code === 'E_CANCELLED') say({ kind: 'cancelled' });
    else if (error instanceof ImmunogateError) say({ kind: 'failed', issue: error.toIssue() });
    else say({ kind: 'failed', issue: new ImmunogateError('E_INTERNAL', String(error)).toIssue() });
  }
  // a last message must have left before the process may end
  process.disconnect();
}

function say(message: FromChild): void {
  process.send?.(message);
}
