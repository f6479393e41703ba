// A thread of the pool: performs one task at a time with what the run gave it at its start.
import { workerData } from 'node:worker_threads';
import { performTask } from './gate-file/node.ts';
import type { EngineTask, TaskContext, TaskResult } from './model.ts';

/** Piscina hands its `workerData` on in this field. */
const context = (workerData as { readonly workerData: TaskContext } | undefined)?.workerData;

export default async function work(task: EngineTask): Promise<TaskResult> {
  if (context === undefined) throw new Error('A worker was started without its context.');
  return await performTask(task, context);
}
