// Runs of the studies that are served: one at a time a study, each in a process of its own, watched by any number of browsers. What a run
// computes is in the study's results folder, the same as the command line would write.
// Invariant: every run that began has an end in the study's log, also when its process or the server dies.
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ImmunogateError, type Issue } from '../../errors.ts';
import type { Actor } from '../../results/index.ts';
import { startChildBeside } from '../child-process.ts';
import { effectsSince, standingOf } from '../gates/effects.ts';
import type { Run } from '../schema.ts';
import type { StudyFolder } from '../workspace.ts';
import type { FromChild, ToChild } from './child.ts';

export interface RunStart {
  readonly why: Run['why'];
  readonly by: Actor;
  readonly recompute?: boolean;
}

export interface Runs {
  /** Newest first. */
  list(study: StudyFolder): readonly Run[];
  /** Throws E_NOT_FOUND. */
  find(study: StudyFolder, run: string): Run;
  running(study: StudyFolder): Run | null;
  /** Throws E_CONFLICT while another run of the study is under way. */
  start(study: StudyFolder, start: RunStart): Run;
  /** Starts a recount now, or when the run under way has ended; null = later. */
  recount(study: StudyFolder, by: Actor): Run | null;
  /** Asks a run to stop; it does within seconds. Throws E_NOT_FOUND, E_CONFLICT when it has ended. */
  cancel(study: StudyFolder, run: string): Run;
  /** Calls with every state from now on, numbered; answers how to stop. */
  watch(study: StudyFolder, run: string, listen: (state: Run, number: number) => void): () => void;
  /** Stops all; resolves when their processes have ended. */
  close(): Promise<void>;
}

interface Live {
  run: Run;
  number: number;
  readonly child: ChildProcess;
  readonly listeners: Set<(state: Run, number: number) => void>;
  readonly ended: Promise<void>;
  recountBy: Actor | null;
}

const patience = 8000;

export function createRuns(software: string, workers: number | null): Runs {
  const live = new Map<string, Live>();
  let closing = false;

  const withLive = (study: StudyFolder, run: Run): Run => {
    const known = live.get(study.study);
    return known?.run.run === run.run ? known.run : run;
  };
  const list = (study: StudyFolder): Run[] =>
    [...study.log.state().runs.values()].reverse().map((run) => withLive(study, run));
  const find = (study: StudyFolder, id: string): Run => {
    const run = study.log.state().runs.get(id);
    if (run === undefined) throw new ImmunogateError('E_NOT_FOUND', 'There is no run of that name.');
    return withLive(study, run);
  };

  function start(study: StudyFolder, { why, by, recompute = false }: RunStart): Run {
    if (live.has(study.study))
      throw new ImmunogateError('E_CONFLICT', 'A run of this study is under way; wait for it, or stop it.');
    if (closing) throw new ImmunogateError('E_CONFLICT', 'The server is about to end.');
    const id = `r${study.log.state().runs.size + 1}`;
    const standing = why === 'override' ? standingOf(study) : null;
    study.log.record({ action: 'run started', run: { run: id, why } }, { object: id, by });
    const child = startChildBeside(import.meta.url);
    let close: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (close = resolve));
    const entry: Live = {
      run: find(study, id),
      number: 0,
      child,
      listeners: new Set(),
      ended,
      recountBy: null,
    };
    live.set(study.study, entry);
    const tell = (run: Run): void => {
      entry.run = run;
      entry.number += 1;
      for (const listen of entry.listeners) listen(run, entry.number);
    };
    let outcome: { readonly state: Run['state']; readonly issues: readonly Issue[] } | null = null;
    child.on('message', (message: FromChild) => {
      switch (message.kind) {
        case 'progress':
          if (message.progress.stage === 'gating')
            tell({ ...entry.run, progress: { ...message.progress.gating } });
          return;
        case 'finished':
          outcome = { state: 'finished', issues: message.issues };
          return;
        case 'cancelled':
          outcome = { state: 'cancelled', issues: [] };
          return;
        case 'failed':
          outcome = { state: 'failed', issues: [message.issue] };
          return;
      }
    });
    const end = (): void => {
      if (live.get(study.study) !== entry) return;
      live.delete(study.study);
      const { state, issues } = outcome ?? {
        state: 'failed' as const,
        issues: [
          new ImmunogateError('E_WORKER_CRASHED', 'The process of the run ended unexpectedly.').toIssue(),
        ],
      };
      const last = { run: id, state, progress: entry.run.progress, issues: [...issues] };
      const effects =
        standing === null || state !== 'finished' ? {} : { effects: effectsSince(study, standing) };
      study.log.record({ action: 'run ended', run: last, ...effects }, { object: id, by });
      tell(find(study, id));
      entry.listeners.clear();
      close();
      if (entry.recountBy !== null && !closing) start(study, { why: 'override', by: entry.recountBy });
    };
    child.on('exit', end);
    child.on('error', end);
    const request = {
      study: study.folder,
      out: join(study.folder, 'results'),
      software,
      recompute,
      workers,
    };
    child.send({ kind: 'run', request } satisfies ToChild);
    return entry.run;
  }

  return {
    list,
    find,
    start,
    running: (study) => live.get(study.study)?.run ?? null,
    recount(study, by) {
      const entry = live.get(study.study);
      if (entry === undefined) return start(study, { why: 'override', by });
      entry.recountBy = by;
      return null;
    },
    cancel(study, id) {
      const run = find(study, id);
      const entry = live.get(study.study);
      if (entry?.run.run !== run.run) throw new ImmunogateError('E_CONFLICT', 'This run has ended already.');
      entry.recountBy = null;
      stopChild(entry.child);
      return entry.run;
    },
    watch(study, id, listen) {
      const run = find(study, id);
      const entry = live.get(study.study);
      if (entry?.run.run !== id) {
        listen(run, Number.MAX_SAFE_INTEGER);
        return () => undefined;
      }
      listen(entry.run, entry.number);
      entry.listeners.add(listen);
      return () => void entry.listeners.delete(listen);
    },
    async close() {
      closing = true;
      const all = [...live.values()];
      for (const { child } of all) stopChild(child);
      const kill = setTimeout(() => all.forEach(({ child }) => child.kill('SIGKILL')), patience);
      await Promise.all(all.map(({ ended }) => ended));
      clearTimeout(kill);
    },
  };
}

function stopChild(child: ChildProcess): void {
  if (child.connected) child.send({ kind: 'stop' } satisfies ToChild);
}
