// Writes bench/RESULTS.md, one section a bench command; the other sections stay as they are.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

const path = fileURLToPath(new URL('RESULTS.md', import.meta.url));
const title =
  '# Measured\n\nWritten by `npm run bench` and `npm run bench:peers`; every table is of one run on one machine. Figures are medians over rounds in which the sides took turns.\n';

export function writeSection(name: string, body: string): void {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : title;
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = `${open}\n${body.trim()}\n\n${machine()}\n${close}`;
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  const next =
    from < 0
      ? `${text.trimEnd()}\n\n${section}\n`
      : text.slice(0, from) + section + text.slice(to + close.length);
  writeFileSync(path, next);
}

/** A Markdown table; the first column is text, the others stand right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, k) => (k === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

export function seconds(value: number): string {
  return value < 1 ? `${(value * 1000).toPrecision(3)} ms` : `${value.toPrecision(3)} s`;
}

export function times(ratio: number): string {
  return `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)}x`;
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `_${cpus().length} cores (${cpu.model.trim()}), ${memory} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}._`;
}
