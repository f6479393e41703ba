// immunogate report: the page of a finished run made again, and its figures as files, from its report.json.
import { join } from 'node:path';
import { readReport, writeReport } from '../report/node.ts';
import { exitCodes } from './exit.ts';
import { printable } from './text.ts';

/** Writes report.html, report.pdf and figures/ below the folder; returns the exit code. */
export async function report(folder: string): Promise<number> {
  const { figures } = await writeReport(folder, readReport(folder));
  process.stdout.write(
    `${figures} figures as SVG, PNG and CSV in ${printable(join(folder, 'figures'))}; report.html and report.pdf in ${printable(folder)}.\n`,
  );
  return exitCodes.done;
}
