// The code of a side process: one task at a time, in the order in which they were asked for. It ends when the server does.
import { performSideTask, type SideTask } from './tasks.ts';

process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; the server decides
process.on('SIGINT', () => undefined);
process.on('message', ({ id, task }: { readonly id: number; readonly task: SideTask }) => {
  process.send?.({ id, reply: performSideTask(task) });
});
