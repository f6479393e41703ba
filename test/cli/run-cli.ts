// Runs the command line as a user does: a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';

/** The command's entry: made by test/built-command.ts. */
const main = process.env['IMMUNOGATE_COMMAND'] ?? '';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command; `finished` never rejects. */
export function startCli(args: readonly string[]): {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
} {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
  return { child, finished };
}

export function runCli(...args: string[]): Promise<Finished> {
  return startCli(args).finished;
}
