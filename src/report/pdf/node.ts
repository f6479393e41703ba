// The PDF of a report: a title page that lists the figures with their pages, then the main figures, as many on a page as fit.
// Invariant: the same input gives the same bytes: fonts come from a package, dates from the input.
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { standaloneSvg, type Figure } from '../figure.ts';
import type { ReportInput } from '../model.ts';
import { buildReport } from '../report.ts';

const require = createRequire(import.meta.url);

/** DejaVu Sans: it has the letters and signs of the figures, and the same on every machine. */
export const fonts = {
  regular: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};

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
export async function pdfOf(
  { study, software, generatedUtc }: ReportInput,
  figures: readonly Figure[],
): Promise<Uint8Array> {
  const made = new Date(generatedUtc ?? '2000-01-01T00:00:00Z');
  const doc = new PDFDocument({
    size: 'A4',
    margin: page.margin,
    bufferPages: true,
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
  const listTop = doc.y;
  // figures follow each other down the page; one that does not fit any more begins the next
  const bottom = page.height - page.margin;
  let y = Infinity;
  const pageOf: number[] = [];
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
    pageOf.push(doc.bufferedPageRange().count);
    doc.addNamedDestination(figure.id, 'XYZ', null, y, null);
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
  // the list of figures and the numbers of pages come last, when it is known where each figure went
  doc.switchToPage(0);
  doc.font('regular').fontSize(9).fillColor('black');
  const lineHeight = doc.currentLineHeight(true);
  figures.slice(0, mostTitles).forEach(({ id, title }, i) => {
    const at = listTop + i * lineHeight;
    doc.text(title, page.margin, at, { width: width - 40, goTo: id, lineBreak: false, ellipsis: true });
    doc.text(String(pageOf[i]), page.margin, at, { width, align: 'right', lineBreak: false });
  });
  const { count } = doc.bufferedPageRange();
  for (let p = 1; p < count; p++) {
    doc.switchToPage(p);
    doc.page.margins.bottom = 0;
    doc.fontSize(8).text(`${study.id}, page ${p + 1} of ${count}`, page.margin, page.height - 26, {
      ...{ width, align: 'right', lineBreak: false },
    });
  }
  doc.end();
  await ended;
  return Buffer.concat(chunks);
}

/** Titles that fit on the first page. */
const mostTitles = 55;
