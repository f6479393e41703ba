// immunogate lint-template: everything that can be said about a template without a file, with line and column.
import { lintTemplate } from '../template/index.ts';
import { readTemplateText } from './documents.ts';
import { exitCodes } from './exit.ts';
import { printable } from './text.ts';

/** Prints the issues; returns 1 when any template has an error. */
export function lintTemplates(files: readonly string[], options: { readonly json?: boolean }): number {
  let errors = 0;
  for (const path of files) {
    const issues = lintTemplate(readTemplateText(path).text);
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
