// immunogate run: a study in, endpoint tables out. What is computed is in run/; here are the signals and what is said.
import { ImmunogateError, type Issue } from '../errors.ts';
import { runStudy, type RunReport, type RunRequest } from '../run/node.ts';
import { exitCodeOf, exitCodes, sayError } from './exit.ts';
import { progressLine } from './progress.ts';
import { stopSignals } from './signals.ts';
import { otherVersionLine, printable } from './text.ts';

export interface RunOptions {
  readonly out: string;
  readonly workers?: number;
  readonly resume?: boolean;
  readonly memory?: number;
  readonly recompute?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** Runs, reports, returns the exit code. Throws UsageError and what ends a run. */
export async function run(study: string, options: RunOptions, software: string): Promise<number> {
  const stop = stopSignals();
  const line = progressLine(process.stderr);
  const request: RunRequest = {
    study,
    out: options.out,
    software,
    resume: options.resume ?? false,
    recompute: options.recompute ?? false,
    waitMilliseconds: options.wait === true ? 0x7fffffff : 0,
    signal: stop.signal,
    onProgress: (progress) => {
      if (progress.stage === 'gating') line.show(progress.gating);
      else line.say(`${progress.stage} ...`);
    },
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.memory === undefined ? {} : { memoryBytes: options.memory * 1024 * 1024 }),
  };
  try {
    const report = await runStudy(request);
    line.end();
    tell(report, options);
    return hasErrors(report) ? exitCodes.someRefused : exitCodes.done;
  } catch (error) {
    line.end();
    if (!(error instanceof ImmunogateError)) throw error;
    sayError(error);
    // of a run these two are said of the study itself; a file that cannot be read is refused alone
    if (error.code === 'E_STUDY_INVALID' || error.code === 'E_FILE_UNREADABLE') return exitCodes.usage;
    return stop.exitCode() ?? exitCodeOf(error);
  } finally {
    stop.release();
  }
}

function hasErrors({ refused, notGated, results }: RunReport): boolean {
  return refused + notGated > 0 || results.findings.some(({ level }) => level === 'error');
}

const mostLines = 40;

function tell(report: RunReport, { json, out }: RunOptions): void {
  const { results, gated, reused, refused, notGated, recovered, otherVersion, files } = report;
  const { findings, samples, study, endpoints } = results;
  if (json === true) {
    process.stdout.write(
      `${JSON.stringify({ study: study.id, out, gated, reused, refused, notGated, recovered, otherVersion, files, findings })}\n`,
    );
    return;
  }
  const lines: string[] = [];
  for (const found of findings) if (found.level === 'error') lines.push(issueLine(found));
  for (const { sample, state, issues } of samples) {
    const [first] = issues.filter(({ level }) => level === 'error');
    if (state === 'refused' && first !== undefined)
      lines.push(`refused ${printable(sample.sample)}: ${issueLine(first, sample.sample)}`);
  }
  for (const found of findings) if (found.level === 'warning') lines.push(issueLine(found));
  const shown = lines.slice(0, mostLines);
  if (lines.length > mostLines) shown.push(`… and ${lines.length - mostLines} more; all are in issues.csv.`);
  if (shown.length > 0) shown.push('');
  if (otherVersion > 0) shown.push(otherVersionLine(otherVersion));
  const values = endpoints.filter(({ value }) => value !== null).length;
  const counts = [`${gated} gated${reused > 0 ? ` (${reused} of them before)` : ''}`];
  if (refused > 0) counts.push(`${refused} refused`);
  if (notGated > 0) counts.push(`${notGated} without a template`);
  if (samples.length > 0) shown.push(`${samples.length} tubes: ${counts.join(', ')}.`);
  shown.push(
    `${study.subjects.length} subjects, ${values} immune values from files, ${results.immune.adim.length} rows in adim.csv. Tables are in ${printable(out)}.`,
  );
  process.stdout.write(`${shown.join('\n')}\n`);
}

/** `named`: what the line names already. */
function issueLine({ code, message, place }: Issue, named: string | null = null): string {
  const where = place === null || place === named ? '' : `${printable(place)}: `;
  return `${code}: ${where}${printable(message)}`;
}
