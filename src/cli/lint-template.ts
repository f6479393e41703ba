// immunogate lint-template: everything that can be said about a template without a file, with line and column.
import { readFileSync } from 'node:fs';
import { lintTemplate } from '../template/index.ts';
import { exitCodes, UsageError } from './exit.ts';
import { printable } from './text.ts';

/** Prints the issues; returns 1 when any template has an error. */
export function lintTemplates(files: readonly string[], options: { readonly json?: boolean }): number {
  let errors = 0;
  for (const path of files) {
    const issues = lintTemplate(readText(path));
    errors += issues.filter(({ level }) => level === 'error').length;
    for (const issue of issues) {
      process.stdout.write(
        options.json === true
          ? `${JSON.stringify({ file: path, ...issue })}\n`
          : `${printable(path)}:${issue.place ?? '1:1'} ${issue.level} ${issue.code} ${printable(issue.message)}\n`,
      );
    }
    if (issues.length === 0 && options.json !== true) process.stdout.write(`${printable(path)}: no issues\n`);
  }
  return errors === 0 ? exitCodes.done : exitCodes.someRefused;
}

/** A document named on the command line; throws UsageError when it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new UsageError(`${printable(path)} cannot be read (${code}).`, { cause });
  }
}
