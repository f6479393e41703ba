// Gating templates that ship with the program, and the one that a study means by a name: of its own folder, else a shipped one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../results/node.ts';
import { pathUnder, templatePath } from '../run/node.ts';
import { parseTemplate } from '../template/index.ts';
import { shippedNames, shippedTemplates } from '../template/node.ts';
import type { TemplateSummary } from './schema.ts';

let listed: TemplateSummary[] | null = null;

/** Those that ship, in order of their files. */
export function templateList(): TemplateSummary[] {
  listed ??= shippedNames().flatMap((name) => {
    const file = `${name}.yaml`;
    return summaryOf(file, readFileSync(join(shippedTemplates, file), 'utf8')) ?? [];
  });
  return listed;
}

/** Null when there is no such template, or when it cannot be read. */
export function templateNamed(folder: string, name: string): TemplateSummary | null {
  const own = pathUnder(folder, name);
  if (own !== null) return summaryOf(name, readFileSync(own, 'utf8'));
  return templateList().find(({ file }) => file === name) ?? null;
}

/** Its text as it is written; null when there is none of that name. */
export function templateText(folder: string, name: string): string | null {
  const path = templatePath(folder, name);
  return path === null ? null : readFileSync(path, 'utf8');
}

function summaryOf(file: string, text: string): TemplateSummary | null {
  const { template } = parseTemplate(text);
  if (template === null) return null;
  const { id, version, title, populations } = template;
  return { file, id, version, title, populations: populations.length, sha256: sha256(text) };
}
