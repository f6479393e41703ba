// immunogate inspect: whether and how each file reads (reliability R-9). A file that is refused does not stop the others.
import { ImmunogateError } from '../errors.ts';
import { inspectFcs, type Inspection, type ReadOptions } from '../fcs/index.ts';
import { openFile, sha256Hash } from '../fcs/node.ts';
import { exitCodes } from './exit.ts';
import { grouped, printable } from './text.ts';

export interface InspectCommandOptions {
  readonly json?: boolean;
  readonly keywords?: boolean;
  readonly dataset?: number;
  readonly strict?: boolean;
}

/** Prints a line (JSON) or a few (text) a file; returns the exit code. */
export function inspect(files: readonly string[], options: InspectCommandOptions): number {
  let refused = 0;
  for (const path of files) {
    const started = performance.now();
    const inspection = inspectFile(path, options);
    const ms = Math.round((performance.now() - started) * 10) / 10;
    if (inspection.result === 'error') refused++;
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify({ file: path, ...inspection, ms })}\n`
        : `${described(path, inspection).join('\n')}\n`,
    );
  }
  return refused === 0 ? exitCodes.done : exitCodes.someRefused;
}

function inspectFile(
  path: string,
  { keywords = false, dataset, strict = false }: InspectCommandOptions,
): Inspection {
  const readOptions: ReadOptions = { strict, ...(dataset === undefined ? {} : { dataset }) };
  try {
    const source = openFile(path);
    try {
      return inspectFcs(source, { ...readOptions, keywords, createHash: sha256Hash });
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    return { result: 'error', code: error.code, message: error.message, findings: [error.toIssue()] };
  }
}

function described(path: string, inspection: Inspection): string[] {
  const notes = inspection.findings.filter(({ level }) => level !== 'error');
  const lines =
    inspection.result === 'error'
      ? [`${printable(path)}: refused`, `  ${inspection.code}: ${printable(inspection.message)}`]
      : [
          `${printable(path)}: ${grouped(inspection.events)} events, ${inspection.parameters} parameters`,
          `  data sha256 ${inspection.dataSha256}`,
        ];
  for (const { code, message } of notes) lines.push(`  ${code}: ${printable(message)}`);
  if (inspection.result === 'ok' && inspection.keywords !== undefined) {
    for (const [name, value] of Object.entries(inspection.keywords))
      lines.push(`  ${printable(name)} = ${printable(value)}`);
  }
  return lines;
}
