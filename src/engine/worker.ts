// A thread of the pool: performs one task at a time with what the run gave it at its start.
import { workerData } from 'node:worker_threads';
import { performTask } from './gate-file/node.ts';
import type { EngineTask, TaskContext, TaskResult } from './model.ts';

const context = workerData as TaskContext;

export default async function work(task: EngineTask): Promise<TaskResult> {
  return await performTask(task, context);
}
