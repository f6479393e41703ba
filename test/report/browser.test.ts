// The page in a browser: no request, no dialog, no serious finding of axe, no text over text, nothing wider than the window.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/report/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { payloads } from './payloads.ts';
import { chromiumPath, launchChromium } from '../web/chromium.ts';
import { fullReport } from './full-report.ts';
import { trialReport } from './trial-report.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What is folded away must be legible too. */
const unfoldAll = "document.querySelectorAll('details').forEach((one) => (one.open = true))";

/** Runs in the page; given as text, because these tests are compiled without the types of a browser. */
const overlaps = `[...document.querySelectorAll('figure svg')].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('text')]
    .filter((text) => text.getAttribute('aria-hidden') !== 'true' && text.textContent.trim() !== '')
    .filter((text) => !(text.getAttribute('transform') ?? '').includes('rotate'))
    .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  const outside = boxes
    .filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1 || box.top < frame.top - 1)
    .map(({ text }) => svg.parentNode.id + ': ' + text + ' leaves the figure');
  const turned = [...svg.querySelectorAll('text[transform*=rotate]')]
    .filter((text) => {
      const box = text.getBoundingClientRect();
      return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1 || box.top < frame.top - 1;
    })
    .map((text) => svg.parentNode.id + ': ' + text.textContent + ' leaves the figure');
  const wrong = [...svg.querySelectorAll('text')]
    .filter((text) => /NaN|undefined|null|^[-−+(\\d.,]*…/.test(text.textContent))
    .map((text) => svg.parentNode.id + ': ' + text.textContent + ' is no text for a reader');
  const over = boxes.flatMap((one, i) => boxes.slice(i + 1).flatMap((other) => {
    const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
    const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
    return width > 2 && height > 4 ? [svg.parentNode.id + ': ' + one.text + ' over ' + other.text] : [];
  }));
  return [...outside, ...turned, ...over, ...wrong];
})`;

describe.skipIf(!truthPresent || chromiumPath === null)(
  'a report in a browser (needs ../shared and chromium)',
  () => {
    let browser: Browser;
    const folder = mkdtempSync(join(tmpdir(), 'immunogate-browser-'));
    beforeAll(async () => {
      browser = await launchChromium();
      const input = fullReport();
      writeFileSync(join(folder, 'report.html'), buildReport(input).html);
      // axe reads every element: one parameter has all the kinds of elements that thirteen have
      const immune = { ...input.immune!, parameters: input.immune!.parameters.slice(0, 1) };
      writeFileSync(join(folder, 'short.html'), buildReport({ ...input, immune }).html);
    });
    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(file: string, width: number, colorScheme: 'light' | 'dark') {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const seen: string[] = [];
      page.on('request', (request) => seen.push(request.url()));
      page.on('dialog', (dialog) => {
        seen.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('console', (message) => seen.push(`console ${message.text()}`));
      await page.goto(`file://${join(folder, file)}`);
      return { page, seen };
    }

    const evaluate = async <T>(page: Page, script: string): Promise<T> => await page.evaluate(script);

    it.each([
      [1400, 'light'],
      [700, 'dark'],
    ] as const)('is legible at %i px, %s', async (width, scheme) => {
      const { page, seen } = await open('report.html', width, scheme);
      // whatever is asked of it, the page is some screens long until more is unfolded
      expect(await evaluate<number>(page, 'document.documentElement.scrollHeight')).toBeLessThan(
        width === 1400 ? 16_000 : 24_000,
      );
      await page.evaluate(unfoldAll);
      expect(await evaluate<number>(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      expect(await evaluate<number>(page, "document.querySelectorAll('figure svg').length")).toBeGreaterThan(
        40,
      );
      expect(await evaluate<string[]>(page, overlaps)).toEqual([]);
      expect(seen).toEqual([`file://${join(folder, 'report.html')}`]);
      await page.close();
    });

    it.each([700, 400])('scrolls tables in their boxes, never the page, at %i px', async (width) => {
      const { page } = await open('report.html', width, 'light');
      await page.evaluate(unfoldAll);
      const wide =
        "[...document.querySelectorAll('.table')].filter((box) => box.scrollWidth > box.clientWidth)";
      expect(await evaluate<number>(page, `${wide}.length`)).toBeGreaterThan(20);
      expect(await evaluate<number>(page, 'document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.close();
    });

    it.each([
      [1400, 'light'],
      [700, 'dark'],
    ] as const)('has no serious finding of axe at %i px, %s', async (width, scheme) => {
      const { page } = await open('short.html', width, scheme);
      await page.evaluate(axe);
      const found = await evaluate<string[]>(
        page,
        `axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 120)))`,
      );
      expect(found).toEqual([]);
      await page.close();
    });

    it('prints two to three figures a page, on white whatever the screen, and nothing that is folded', async () => {
      const { page } = await open('report.html', 1400, 'dark');
      const seen = await evaluate<number>(
        page,
        "[...document.querySelectorAll('figure')].filter((one) => one.closest('details') === null).length",
      );
      const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
      const pages = pdf.toString('latin1').match(/\/Type ?\/Page\b/g)?.length ?? 0;
      // figures of a third of a page, some higher; tables of four parameters and four visits
      expect(pages).toBeGreaterThanOrEqual(Math.ceil(seen / 3));
      expect(pages).toBeLessThanOrEqual(Math.ceil(seen / 2) + 5);
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await evaluate<string>(page, 'getComputedStyle(document.body).backgroundColor')).toBe(
        'rgb(255, 255, 255)',
      );
      expect(
        await evaluate<string>(page, "getComputedStyle(document.querySelector('nav.sections')).display"),
      ).toBe('none');
      await page.close();
    });

    it('follows a number to its record, which unfolds', async () => {
      const { page } = await open('report.html', 1400, 'light');
      const target = "document.getElementById('values-CD4-2')";
      expect(await evaluate<boolean>(page, `${target}.closest('details').open`)).toBe(false);
      await page.evaluate('document.querySelector(\'#t-imm-2 a[href="#values-CD4-2"]\').click()');
      await page.waitForFunction(`${target}.getBoundingClientRect().height > 0`);
      expect(await evaluate<number>(page, `${target}.rows.length`)).toBeGreaterThan(10);
      await page.close();
    });

    it('shows hostile names as the text that they are', async () => {
      const input = trialReport('trial-a');
      const subjects = input.subjects.map((subject, i) => ({
        ...subject,
        REGIMEN: payloads[i % payloads.length],
        SEX: payloads[(i + 20) % payloads.length],
      }));
      const clinical = {
        ...input.clinical!,
        adae: input.clinical!.adae.map((row, i) => ({ ...row, AEDECOD: payloads[i % payloads.length] })),
      };
      writeFileSync(
        join(folder, 'hostile.html'),
        buildReport({ ...input, subjects, clinical, study: { id: payloads[0], title: payloads[4] } }).html,
      );
      const { page, seen } = await open('hostile.html', 1400, 'light');
      expect(seen).toEqual([`file://${join(folder, 'hostile.html')}`]);
      expect(await page.title()).toContain(payloads[4]);
      expect(
        await evaluate<number>(
          page,
          "document.querySelectorAll('script, img, iframe, foreignObject, object, embed, link').length",
        ),
      ).toBe(0);
      expect(await evaluate<string>(page, "document.querySelector('h1').textContent")).toBe(payloads[4]);
      await page.close();
    });
  },
);
