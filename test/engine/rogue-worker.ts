// A worker that misbehaves on command, to show what a pool makes of it: the sample's name says how.
import { ImmunogateError } from '../../src/errors.ts';
import type { EngineTask, TaskResult } from '../../src/engine/model.ts';

export default function work(task: EngineTask): TaskResult {
  const { sample } = task.kind === 'survey' ? task.survey.tubes[0] : task.job;
  switch (sample) {
    case 'exit':
      process.exit(3);
    // falls through: exit never returns
    case 'endless':
      for (;;);
    case 'memory': {
      const hoard: unknown[] = [];
      for (;;) hoard.push(new Array(1 << 16).fill(hoard.length));
    }
    case 'throw':
      throw new Error('a defect');
    case 'full':
      return { kind: 'failed', issue: new ImmunogateError('E_DISK_FULL', 'no space').toIssue() };
    default:
      return { kind: 'hash', fileSha256: sample };
  }
}
