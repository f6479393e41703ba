// The report on disk: which files, what kind they are, and the same bytes again from its own document.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport, reportText, type ReportInput } from '../../src/report/index.ts';
import { readReport, writeReport } from '../../src/report/node.ts';
import { truthPresent } from '../stats/truth.ts';
import { trialReport } from './trial-report.ts';

/** The clinical side alone: eight figures are enough to look at files. */
function clinicalReport(): ReportInput {
  return { ...trialReport('trial-a'), immune: null, study: { id: 'SYNA', title: 'Größe µ ≥ 5 – ✓' } };
}

describe.skipIf(!truthPresent)('a report on disk (needs ../shared)', () => {
  const folders: string[] = [];
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'immunogate-report-'));
    folders.push(path);
    return path;
  };
  let out = '';
  beforeAll(async () => {
    out = folder();
    await writeReport(out, clinicalReport());
  });
  afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

  it('is a page, a PDF, its document, and three files a figure', () => {
    expect(readdirSync(out).sort()).toEqual(['figures', 'report.html', 'report.json', 'report.pdf']);
    const names = readdirSync(join(out, 'figures'));
    const figures = new Set(names.map((name) => name.replace(/\.(svg|png|csv)$/, '')));
    expect([...figures].sort()).toEqual([
      'adverse-events',
      'km-LPFS',
      'km-LTPL',
      'km-OS',
      'km-PFS',
      'spider',
      'swimmer',
      'waterfall',
    ]);
    expect(names).toHaveLength(3 * figures.size);
  });

  it('has pictures of twice the size, with text in them', () => {
    const png = readFileSync(join(out, 'figures/waterfall.png'));
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(1280);
    // without its font the picture would have no letters and be far smaller
    expect(png.byteLength).toBeGreaterThan(15_000);
  });

  it('has every figure in the PDF, two of them on a page where they fit, and fonts in it', () => {
    const pdf = readFileSync(join(out, 'report.pdf')).toString('latin1');
    expect(pdf.startsWith('%PDF-1.')).toBe(true);
    // a title page; four curves and two plots of some 390 points with their help, in pairs; swimmer, events
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(6);
    expect(pdf).toContain('DejaVuSans');
  });

  it('has the numbers of a figure as CSV', () => {
    const rows = parse<Record<string, string>>(readFileSync(join(out, 'figures/km-PFS.csv'), 'utf8'), {
      columns: true,
    });
    expect(rows[0]).toMatchObject({ 'time (days)': '57', 'at risk': '20', survival: '0.95' });
  });

  it('can be made again from its document, byte for byte', async () => {
    const again = folder();
    await writeReport(again, readReport(out));
    for (const name of [
      'report.html',
      'report.json',
      'report.pdf',
      'figures/swimmer.svg',
      'figures/swimmer.png',
    ])
      expect(readFileSync(join(again, name)).equals(readFileSync(join(out, name))), name).toBe(true);
  });

  it('refuses a folder without a document, and another document', () => {
    expect(() => readReport(folder())).toThrow(expect.objectContaining({ code: 'E_STORE_CORRUPT' }));
    expect(() => parseReport('{"format":"immunogate report 99"}')).toThrow(
      expect.objectContaining({ code: 'E_STORE_CORRUPT' }),
    );
    expect(() => parseReport('{')).toThrow(expect.objectContaining({ code: 'E_STORE_CORRUPT' }));
  });

  it('keeps the whole input in its document', () => {
    const input = trialReport('trial-a');
    expect(parseReport(reportText(input))).toEqual(JSON.parse(JSON.stringify(input)));
  });
});
