// immunogate gate: files and a protocol in, tables and strategies out. Everything that counts happens in the engine; here are the
// options, the signals and what is said.
import { planSamples, underMatrix } from '../engine/index.ts';
import { gateFiles, type GateReport, type GateRequest } from '../engine/node.ts';
import { ImmunogateError } from '../errors.ts';
import type { ReadOptions } from '../fcs/index.ts';
import type { ChosenProtocols } from './chosen-protocols.ts';
import { readCompensation } from './documents.ts';
import { exitCodeOf, exitCodes, sayError, UsageError } from './exit.ts';
import { progressLine } from './progress.ts';
import { chooseProtocols } from './protocol.ts';
import { stopSignals } from './signals.ts';
import { summaryLines } from './summary.ts';
import { otherVersionLine, printable } from './text.ts';

export interface GateOptions {
  readonly template?: string;
  readonly strategy?: string;
  /** Table of a matrix that counts instead of each file's own. */
  readonly compensation?: string;
  readonly out: string;
  readonly workers?: number;
  readonly membership?: 'csv' | 'parquet';
  readonly statistics: boolean;
  readonly fitOnly?: boolean;
  readonly dataset?: number;
  readonly strict?: boolean;
  readonly memory?: number;
  readonly recompute?: boolean;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** Runs, reports, returns the exit code. Throws UsageError and what ends a run. */
export async function gate(
  files: readonly string[],
  options: GateOptions,
  software: string,
): Promise<number> {
  const plan = planSamples(files);
  const readOptions: ReadOptions = {
    ...(options.dataset === undefined ? {} : { dataset: options.dataset }),
    ...(options.strict === true ? { strict: true } : {}),
  };
  const { protocols, of, refused } = under(
    await chooseProtocols(options, plan.samples, readOptions),
    options.compensation,
  );
  const stop = stopSignals();
  const line = progressLine(process.stderr);
  const request: GateRequest = {
    samples: plan.samples.flatMap((sample) => {
      const protocol = of.get(sample.sample);
      return protocol === undefined ? [] : [{ ...sample, protocol }];
    }),
    refused: [...plan.refused, ...refused],
    protocols,
    out: options.out,
    software,
    phase: options.fitOnly === true ? 'fit' : 'count',
    membership: options.membership ?? null,
    statistics: options.statistics,
    readOptions,
    recompute: options.recompute ?? false,
    waitMilliseconds: options.wait === true ? 0x7fffffff : 0,
    signal: stop.signal,
    onProgress: (progress) => line.show(progress),
    ...(options.workers === undefined ? {} : { workers: options.workers }),
    ...(options.memory === undefined ? {} : { memoryBytes: options.memory * 1024 * 1024 }),
  };
  try {
    const report = await gateFiles(request);
    line.end();
    tell(report, options);
    return report.refused === 0 ? exitCodes.done : exitCodes.someRefused;
  } catch (error) {
    line.end();
    if (!(error instanceof ImmunogateError)) throw error;
    sayError(error);
    return stop.exitCode() ?? exitCodeOf(error);
  } finally {
    stop.release();
  }
}

/** The protocols under the matrix of a table. Throws UsageError where one of them has no use for it. */
function under(chosen: ChosenProtocols, compensation: string | undefined): ChosenProtocols {
  if (compensation === undefined) return chosen;
  const matrix = readCompensation(compensation);
  try {
    return { ...chosen, protocols: chosen.protocols.map((protocol) => underMatrix(protocol, matrix)) };
  } catch (cause) {
    if (!(cause instanceof ImmunogateError)) throw cause;
    throw new UsageError(`--compensation ${printable(compensation)}: ${printable(cause.message)}`, { cause });
  }
}

function tell(report: GateReport, { json, out }: GateOptions): void {
  const { items, done, refused, reused, recovered, otherVersion, preview } = report;
  if (json === true) {
    const samples = items.map(({ sample, state, resultId, issues }) => ({ sample, state, resultId, issues }));
    process.stdout.write(
      `${JSON.stringify({ out, done, refused, reused, recovered, otherVersion, samples })}\n`,
    );
    return;
  }
  const lines = summaryLines(preview);
  if (lines.length > 0) lines.push('');
  const refusals = new Map<string, string[]>();
  for (const { sample, state, issues } of items) {
    if (state !== 'refused') continue;
    const why = issues.map(({ code, message }) => `${code}: ${printable(message)}`).join(' ');
    refusals.set(why, [...(refusals.get(why) ?? []), printable(sample)]);
  }
  for (const [why, samples] of refusals) lines.push(`refused ${samples.join(', ')}: ${why}`);
  if (otherVersion > 0) lines.push(otherVersionLine(otherVersion));
  const more = done > preview.length && preview.length > 0 ? ` (the first ${preview.length} are shown)` : '';
  const before = reused > 0 ? `, ${reused} of them done before` : '';
  lines.push(
    `${done} ${done === 1 ? 'sample' : 'samples'} done${before}, ${refused} refused${more}. Tables are in ${printable(out)}.`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}
