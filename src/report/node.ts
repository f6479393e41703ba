// The report on disk: the page, each figure as SVG, PNG and CSV, the main figures as one PDF, and the tables it was made from (report.json).
// Invariant: the same input gives the same bytes: fonts come from a package, dates from the input, and no file says where it lies.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Resvg } from '@resvg/resvg-js';
import { ImmunogateError } from '../errors.ts';
import { csvCell, headerLine } from '../results/index.ts';
import { makeFolder, writeFileWhole } from '../results/node.ts';
import { parseReport, reportText } from './document.ts';
import { standaloneSvg, type Figure } from './figure.ts';
import type { ReportInput } from './model.ts';
import { fonts, pdfOf } from './pdf/node.ts';
import { buildReport } from './report.ts';

export { pdfBytes } from './pdf/node.ts';

export interface WrittenReport {
  /** Relative to the output folder. */
  readonly files: readonly string[];
  readonly figures: number;
}

/** Writes everything below `out`. Throws E_DISK_FULL or E_OUTPUT_UNWRITABLE. */
export async function writeReport(out: string, input: ReportInput): Promise<WrittenReport> {
  const { html, figures, supporting } = buildReport(input);
  const files: string[] = [];
  const write = (name: string, content: string | Uint8Array): void => {
    writeFileWhole(join(out, name), content);
    files.push(name);
  };
  makeFolder(join(out, 'figures'));
  write('report.json', reportText(input));
  write('report.html', html);
  for (const [i, figure] of [...figures, ...supporting].entries()) {
    const svg = standaloneSvg(figure);
    write(`figures/${figure.id}.svg`, svg);
    write(`figures/${figure.id}.csv`, csvText(figure));
    write(`figures/${figure.id}.png`, pngBytes(svg));
    if (i % collectAfter === collectAfter - 1) await releaseNative();
  }
  write('report.pdf', await pdfOf(input, figures));
  return { files, figures: figures.length + supporting.length };
}

/** The input of the report of an output folder. Throws E_STORE_CORRUPT when there is none or it is not one. */
export function readReport(out: string): ReportInput {
  let text: string;
  try {
    text = readFileSync(join(out, 'report.json'), 'utf8');
  } catch (cause) {
    throw new ImmunogateError(
      'E_STORE_CORRUPT',
      'There is no report.json in this folder; run the study again.',
      { cause },
    );
  }
  return parseReport(text);
}

function csvText({ data }: Figure): string {
  const lines = data.rows.map((row) => `${row.map(csvCell).join(',')}\n`);
  return headerLine(data.columns) + lines.join('');
}

// ---- pictures -------------------------------------------------------------------------------------------------------

/** The picture at twice its size, for print and for screens of high resolution. Without the font files its text would vanish. */
export function pngBytes(svg: string): Uint8Array {
  const picture = new Resvg(svg, {
    font: {
      loadSystemFonts: false,
      fontFiles: [fonts.regular, fonts.bold],
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
    fitTo: { mode: 'zoom', value: 2 },
  });
  return picture.render().asPng();
}

const collectAfter = 20;

/**
 * A picture is some 6 MB outside the heap, which the collector does not see: without this a large report would need more than a
 * gigabyte. The memory is given back one turn of the loop after a collection.
 */
async function releaseNative(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  await nextTurn();
}
