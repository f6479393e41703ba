// The process that makes one PDF of a report and ends: drawing takes seconds, and the server answers others meanwhile.
import { ImmunogateError, type Issue } from '../../errors.ts';
import { pdfBytes, readReport } from '../../report/node.ts';

export type PdfReply =
  { readonly kind: 'done'; readonly bytes: Uint8Array } | { readonly kind: 'failed'; readonly issue: Issue };

process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; the server decides
process.on('SIGINT', () => undefined);
process.on('message', (folder: string) => {
  void make(folder).then((reply) => process.send?.(reply));
});

async function make(folder: string): Promise<PdfReply> {
  try {
    return { kind: 'done', bytes: await pdfBytes(readReport(folder)) };
  } catch (error) {
    const known = error instanceof ImmunogateError ? error : new ImmunogateError('E_INTERNAL', String(error));
    return { kind: 'failed', issue: known.toIssue() };
  }
}
