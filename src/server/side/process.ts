// A process beside the server, as a function that promises an answer. One that dies or is too slow takes its task with it and is replaced; the
// server lives (reliability W-2 to W-4). A process, not a thread: memory that runs out ends it alone.
import type { ChildProcess } from 'node:child_process';
import { ImmunogateError } from '../../errors.ts';
import { startChildBeside } from '../child-process.ts';
import type { SideAnswers, SideReply, SideTask } from './tasks.ts';

export interface SideProcess {
  /** Rejects with the coded refusal of the task, E_WORKER_CRASHED, or E_TIMEOUT when it ran for too long. */
  run<K extends SideTask['kind']>(
    task: Extract<SideTask, { readonly kind: K }>,
    milliseconds: number,
  ): Promise<SideAnswers[K]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly task: SideTask;
  readonly milliseconds: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function startSideProcess(): SideProcess {
  const queue: Waiting[] = [];
  let child: ChildProcess | null = null;
  let current: { readonly id: number; readonly item: Waiting; readonly deadline: NodeJS.Timeout } | null =
    null;
  let nextId = 1;
  let closed = false;

  function childOf(): ChildProcess {
    if (child !== null) return child;
    const made = startChildBeside(import.meta.url);
    made.on('message', ({ id, reply }: { id: number; reply: SideReply }) => {
      if (current?.id !== id) return;
      const { item } = finish();
      if (reply.kind === 'done') item.resolve(reply.value);
      else
        item.reject(new ImmunogateError(reply.issue.code, reply.issue.message, { place: reply.issue.place }));
      next();
    });
    made.on('error', (cause) => lose(made, new ImmunogateError('E_WORKER_CRASHED', undefined, { cause })));
    made.on('exit', () => lose(made, new ImmunogateError('E_WORKER_CRASHED')));
    child = made;
    return made;
  }

  function finish(): { readonly item: Waiting } {
    const ended = current;
    if (ended === null) throw new ImmunogateError('E_INTERNAL', 'A side process answered unasked.');
    clearTimeout(ended.deadline);
    current = null;
    return ended;
  }

  function lose(which: ChildProcess, error: ImmunogateError): void {
    if (which !== child) return;
    child = null;
    which.kill('SIGKILL');
    if (current !== null) finish().item.reject(error);
    next();
  }

  function next(): void {
    if (current !== null || closed) return;
    const item = queue.shift();
    if (item === undefined) return;
    const id = nextId++;
    const busy = childOf();
    const deadline = setTimeout(() => lose(busy, new ImmunogateError('E_TIMEOUT')), item.milliseconds);
    current = { id, item, deadline };
    busy.send({ id, task: item.task });
  }

  return {
    run: (task, milliseconds) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new ImmunogateError('E_CANCELLED'));
          return;
        }
        queue.push({ task, milliseconds, resolve: (value) => resolve(value as never), reject });
        next();
      }),
    async close() {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(new ImmunogateError('E_CANCELLED'));
      const last = child;
      child = null;
      if (current !== null) finish().item.reject(new ImmunogateError('E_CANCELLED'));
      if (last === null || last.exitCode !== null) return;
      const ended = new Promise((resolve) => last.once('exit', resolve));
      last.kill('SIGKILL');
      await ended;
    },
  };
}

const MiB = 1024 * 1024;

/** Deadline of reading a file once (reliability W-2): 30 s and 30 s for each 100 MiB. */
export function deadlineOf(bytes: number): number {
  return 30_000 + (30_000 * bytes) / (100 * MiB);
}
