// The PDF of a finished run, made when it is asked for, by a process of its own: a run need not spend the seconds, and a GET changes nothing.
import { ImmunogateError } from '../../errors.ts';
import { startChildBeside } from '../child-process.ts';
import type { PdfReply } from './child.ts';

const mostMilliseconds = 120_000;
const crashed = 'The process that makes the PDF ended unexpectedly.';

/** The PDF of the report in an output folder. Rejects with E_STORE_CORRUPT, E_TIMEOUT or E_WORKER_CRASHED. */
export async function reportPdf(folder: string): Promise<Uint8Array> {
  const child = startChildBeside(import.meta.url);
  let deadline: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      deadline = setTimeout(
        () => reject(new ImmunogateError('E_TIMEOUT', 'Making the PDF took too long.')),
        mostMilliseconds,
      );
      child.on('message', (reply: PdfReply) => {
        if (reply.kind === 'done') resolve(reply.bytes);
        else reject(new ImmunogateError(reply.issue.code, reply.issue.message, { place: reply.issue.place }));
      });
      child.on('error', (cause) => reject(new ImmunogateError('E_WORKER_CRASHED', crashed, { cause })));
      child.on('exit', () => reject(new ImmunogateError('E_WORKER_CRASHED', crashed)));
      child.send(folder);
    });
  } finally {
    clearTimeout(deadline);
    child.kill('SIGKILL');
  }
}
