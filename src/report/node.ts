// The report on disk: the page, each figure as SVG, PNG and CSV, the main figures as one PDF, and the tables it was made from (report.json).
// Invariant: the same input gives the same bytes: fonts come from a package, dates from the input, and no file says where it lies.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Resvg } from '@resvg/resvg-js';
import PDFDocument from 'pdfkit';
import { ImmunogateError } from '../errors.ts';
import { csvCell, headerLine } from '../results/index.ts';
import { makeFolder, writeFileWhole } from '../results/node.ts';
import { parseReport, reportText } from './document.ts';
import { standaloneSvg, type Figure } from './figure.ts';
import type { ReportInput } from './model.ts';
import { buildReport } from './report.ts';

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

const require = createRequire(import.meta.url);
const fonts = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

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

// ---- one PDF --------------------------------------------------------------------------------------------------------

type SvgToPdf = (
  doc: PDFKit.PDFDocument,
  svg: string,
  x: number,
  y: number,
  options: {
    readonly width: number;
    readonly height: number;
    readonly assumePt: boolean;
    readonly fontCallback: (family: string, bold: boolean) => string;
  },
) => void;

const svgToPdf = require('svg-to-pdfkit') as SvgToPdf;

/** Points of an A4 page. */
const page = { width: 595.28, height: 841.89, margin: 40 } as const;

/** Points between a drawing and its reading help, and below that. */
const helpGap = 6;
const figureGap = 14;

/** All main figures of the report with their reading help as one document; the others are on the page and as files. Some seconds. */
export async function pdfBytes(input: ReportInput): Promise<Uint8Array> {
  return await pdfOf(input, buildReport(input).figures);
}

/** A title page, then the figures. */
async function pdfOf(
  { study, software, generatedUtc }: ReportInput,
  figures: readonly Figure[],
): Promise<Uint8Array> {
  const made = new Date(generatedUtc ?? '2000-01-01T00:00:00Z');
  const doc = new PDFDocument({
    size: 'A4',
    margin: page.margin,
    info: { Title: study.title, Producer: software, Creator: software, CreationDate: made, ModDate: made },
  });
  const chunks: Buffer[] = [];
  doc.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve, reject) => {
    doc.on('end', resolve);
    doc.on('error', reject);
  });
  doc.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
  const width = page.width - 2 * page.margin;
  doc.font('bold').fontSize(22).text(study.title, { width }).moveDown(0.4);
  doc.font('regular').fontSize(11).text(`Study ${study.id}: figures of the report`, { width });
  doc
    .text(`Made by ${software}${generatedUtc === null ? '' : ` on ${generatedUtc}`}.`, { width })
    .moveDown(1);
  doc.fontSize(9);
  for (const { title } of figures.slice(0, mostTitles)) doc.text(title, { width });
  // figures follow each other down the page; one that does not fit any more begins the next
  const bottom = page.height - page.margin;
  let y = Infinity;
  for (const figure of figures) {
    const svg = standaloneSvg(figure);
    const height = figure.height + 46;
    const help = doc.font('regular').fontSize(8).heightOfString(figure.help, { width });
    const scale = Math.min(width / figure.width, (bottom - page.margin - help - helpGap) / height);
    const whole = height * scale + helpGap + help;
    if (y + whole > bottom) {
      doc.addPage();
      y = page.margin;
    }
    // the drawing brings its own size, so the page is scaled around it
    doc.save().translate(page.margin, y).scale(scale);
    svgToPdf(doc, svg, 0, 0, {
      width: figure.width,
      height,
      assumePt: true,
      fontCallback: (_, bold) => (bold ? 'bold' : 'regular'),
    });
    doc.restore();
    doc
      .font('regular')
      .fontSize(8)
      .fillColor('black')
      .text(figure.help, page.margin, y + height * scale + helpGap, { width });
    y += whole + figureGap;
  }
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Titles that fit on the first page. */
const mostTitles = 55;
