// A process of its own for work that may die or run long without harm to the server: a script of this package, spoken to by messages.
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts `child.ts` (built: `child.js`) beside the module of that URL. What it prints on stderr is the server's. */
export function startChildBeside(moduleUrl: string): ChildProcess {
  const isSource = moduleUrl.endsWith('.ts');
  return fork(fileURLToPath(new URL(isSource ? './child.ts' : './child.js', moduleUrl)), [], {
    execArgv: isSource ? ['--import', 'tsx'] : [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}
