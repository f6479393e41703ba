// Documents that are named on the command line, as text. A template may be named without its file where it ships with the program.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemReason } from '../errors.ts';
import { parseSpilloverTable, type CompensationMatrix } from '../signal/index.ts';
import { shippedNames, shippedTemplates } from '../template/node.ts';
import { complaints } from './chosen-protocols.ts';
import { UsageError } from './exit.ts';
import { printable } from './text.ts';

/** Throws UsageError when it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${printable(path)} cannot be read: ${systemReason(cause)}.`, { cause });
  }
}

/** A template by its path or by the name of one that ships (`p1-tbnk`), with the path that was read. Throws UsageError as `readText` does. */
export function readTemplateText(template: string): { readonly path: string; readonly text: string } {
  const isName = /^[a-z0-9-]+$/.test(template) && !existsSync(template);
  if (!isName) return { path: template, text: readText(template) };
  const names = shippedNames();
  if (!names.includes(template))
    throw new UsageError(
      `There is no file ${template}, and no template of that name ships; ${names.join(', ')} do.`,
    );
  const path = join(shippedTemplates, `${template}.yaml`);
  return { path, text: readText(path) };
}

/** The matrix of `--compensation FILE`; its warnings are said. Throws UsageError when it cannot be read. */
export function readCompensation(path: string): CompensationMatrix {
  const { matrix, issues } = parseSpilloverTable(readText(path), path);
  if (matrix === null) throw complaints(path, issues);
  for (const { code, message } of issues) console.error(`${code}: ${printable(message)}`);
  return matrix;
}
