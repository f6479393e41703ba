// Gating templates that ship with the program, and the one that a study means by a name: of its own folder, else a shipped one.
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sha256 } from '../results/node.ts';
import { pathUnder } from '../run/node.ts';
import { parseTemplate } from '../template/index.ts';
import type { TemplateSummary } from './schema.ts';

// src/server and dist/server are equally deep
const shipped = realpathSync(fileURLToPath(new URL('../../gating-templates/', import.meta.url)));

let listed: TemplateSummary[] | null = null;

export function shippedTemplates(): TemplateSummary[] {
  listed ??= readdirSync(shipped)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .flatMap((file) => summaryOf(file, readFileSync(`${shipped}/${file}`, 'utf8')) ?? []);
  return listed;
}

/** Null when there is no such template, or when it cannot be read. */
export function templateNamed(folder: string, name: string): TemplateSummary | null {
  const own = pathUnder(folder, name);
  if (own !== null) return summaryOf(name, readFileSync(own, 'utf8'));
  return shippedTemplates().find(({ file }) => file === name) ?? null;
}

/** Its text as it is written; null when there is none of that name. */
export function templateText(folder: string, name: string): string | null {
  const path = pathUnder(folder, name) ?? (/[\\/]/.test(name) ? null : pathUnder(shipped, name));
  return path === null ? null : readFileSync(path, 'utf8');
}

function summaryOf(file: string, text: string): TemplateSummary | null {
  const { template } = parseTemplate(text);
  if (template === null) return null;
  const { id, version, title, populations } = template;
  return { file, id, version, title, populations: populations.length, sha256: sha256(text) };
}
