// The whole way in a real browser, against the real server: upload, run, review, edit a gate, tables, audit, download, reload, restart; then every
// view against the rules of accessibility and the size of the first load.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { buildProgram, command, pageFolder, serve, type Serving } from './serving.ts';
import { writeTrial, type TrialFolders } from './trial.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const axe = readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe found, and how many of its rules had something to judge. */
interface Judgement {
  readonly rules: number;
  readonly found: readonly string[];
}

const judge = `axe.run().then(({ passes, violations }) => ({
  rules: passes.length,
  found: violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)),
}))`;

// a busy machine may take minutes for a run; a quiet one takes seconds
const patience = { timeout: 300_000 };

describe.skipIf(chromiumPath === null)('in a browser (needs Chromium, which is not here)', patience, () => {
  let folder = '';
  let trial: TrialFolders;
  let serving: Serving;
  let browser: Browser;
  let page: Page;
  /** What the page complained about: blocked styles or scripts, exceptions, failed requests. */
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'immunogate-web-'));
    buildProgram();
    trial = writeTrial(folder, 10, 4);
    serving = await serve(trial.served);
    browser = await launchChromium();
    page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.setDefaultTimeout(60_000);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await serving?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const view = (name: string) =>
    page.getByRole('navigation', { name: 'Views of the study' }).getByRole('link', { name });

  it('opens with the printed address and takes forty files', async () => {
    expect(trial.files).toHaveLength(40);
    await page.goto(serving.address);
    await page.waitForURL(/TRIAL\/study/);
    await page.getByLabel('Choose files').setInputFiles([...trial.files]);
    await page.getByText('40 of 40 files').waitFor();
    await page.getByText('All there').waitFor();
    await expect.poll(() => page.locator('button.cell.matched').count(), { timeout: 60_000 }).toBe(40);
  });

  it('shows names as text, whatever is in them', async () => {
    const name = '<img src=x onerror=alert(1)>.fcs';
    await page.getByLabel('Choose files').setInputFiles({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from('not an FCS file'),
    });
    await page.getByRole('region', { name: 'Files without a tube' }).getByText(name).waitFor();
    expect(await page.locator('img').count()).toBe(0);
  });

  it('says why a file belongs to a tube', async () => {
    await page.locator('button.cell').first().click();
    await page
      .getByRole('complementary', { name: /^Tube / })
      .getByText(/samples\.csv|name/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('runs, and tells how far it is', async () => {
    await view('Run').click();
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByText(/^.\s+Finished$/).waitFor({ timeout: 280_000 });
    await page.getByText('40 of 40').waitFor();
  });

  it('downloads a table with the bytes that the command line writes', async () => {
    const out = join(folder, 'by-command-line');
    await command('run', join(trial.served, 'TRIAL/study.yaml'), '--out', out);
    for (const table of ['endpoints', 'adim', 'comparisons']) {
      expect(await download(table)).toEqual(readFileSync(join(out, `${table}.csv`)));
    }
  });

  let before: Buffer;
  it('edits a gate with a reason: live recount, saved, recounted', async () => {
    before = await download('endpoints');
    await view('Review').click();
    await page.locator('article a').first().click();
    await page.getByRole('treeitem', { name: /^CD4T/ }).click();
    const crossing = page.getByRole('button', { name: /Crossing of the cuts/ });
    const box = (await crossing.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + 135, box.y - 5, { steps: 12 });
    await page.mouse.up();
    await page.getByRole('columnheader', { name: 'Endpoint' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Nothing moved yet.').waitFor();
    await page.getByRole('button', { name: 'Redo' }).click();
    await page.getByRole('button', { name: /^Save the edit/ }).click();
    await page
      .getByRole('dialog')
      .getByLabel(/Reason/)
      .fill('The cut ran through the CD4 population');
    await page.getByRole('button', { name: 'Save and recount' }).click();
    await page
      .getByRole('region', { name: 'Saved edits' })
      .getByText('The cut ran through the CD4 population')
      .waitFor();
    await page.getByText('Recounting …').waitFor({ state: 'detached', timeout: 280_000 });
  });

  it('changes the tables accordingly, and only there', async () => {
    const after = await download('endpoints');
    const changed = changedRows(before, after);
    expect(changed.length).toBeGreaterThan(0);
    expect(new Set(changed.map((row) => row.split(',').slice(0, 2).join(' '))).size).toBe(1);
    expect(changed.some((row) => /CD4/.test(row))).toBe(true);
  });

  it('shows in the audit who changed what and why', async () => {
    await view('Audit').click();
    await page.getByText('The trail is whole').waitFor();
    await page.getByRole('cell', { name: 'The cut ran through the CD4 population' }).first().waitFor();
  });

  it('walks back from a value to the edited gate', async () => {
    await page.goto(`${new URL(serving.address).origin}/#/TRIAL/tables/endpoints`);
    await page.getByRole('button', { name: 'source' }).first().click();
    await page
      .getByRole('complementary', { name: 'Where the value comes from' })
      .getByRole('link')
      .first()
      .waitFor();
  });

  it('compares patients and cohort', async () => {
    await view('Compare').click();
    await page.getByRole('group', { name: 'Courses of 10 patients' }).waitFor();
    await page.getByRole('img', { name: /Geometric mean ratio/ }).waitFor();
    await page.locator('circle').first().click();
    await page.getByRole('complementary', { name: 'Where the value comes from' }).waitFor();
  });

  it('has no serious accessibility issue in any view, light or dark', async () => {
    const samples = await page.evaluate<{ sample: string }[]>(
      "fetch('/api/studies/TRIAL/samples').then((r) => r.json())",
    );
    const places = [
      'study',
      'run',
      'review',
      `review/${samples[0].sample}?visits=1`,
      'compare',
      'tables',
      'audit',
    ];
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        colorScheme,
        bypassCSP: true,
        storageState: await page.context().storageState(),
      });
      const judged = await context.newPage();
      await judged.goto(`${new URL(serving.address).origin}/`);
      for (const place of places) {
        await judged.evaluate(`location.hash = ${JSON.stringify(`/TRIAL/${place}`)}`);
        await judged.waitForLoadState('networkidle');
        await judged.evaluate(axe);
        const { rules, found } = await judged.evaluate<Judgement>(judge);
        expect({ place, colorScheme, found }).toEqual({ place, colorScheme, found: [] });
        expect(rules).toBeGreaterThan(15);
      }
      await context.close();
    }
  });

  it('loses nothing when it is reloaded or started again', async () => {
    const saved = await download('endpoints');
    await page.reload();
    await page.getByRole('group', { name: 'Courses of 10 patients' }).waitFor();
    await serving.stop();
    serving = await serve(trial.served);
    await page.goto(serving.address);
    await page.goto(`${new URL(serving.address).origin}/#/TRIAL/audit`);
    await page.getByRole('cell', { name: 'The cut ran through the CD4 population' }).first().waitFor();
    expect(await download('endpoints')).toEqual(saved);
  });

  it('never broke its content policy and never threw', () => {
    expect(complaints).toEqual([]);
  });

  it('is small: less than 400 kB gzip at first load', () => {
    const bytes = readdirSync(pageFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + gzipSync(readFileSync(join(entry.parentPath, entry.name))).length, 0);
    expect(bytes).toBeLessThan(400_000);
  });

  /** A table as a person downloads it. */
  async function download(table: string): Promise<Buffer> {
    const waiting = page.waitForEvent('download');
    const address = `/api/studies/TRIAL/tables/${table}/file?format=csv`;
    await page.evaluate(
      `Object.assign(document.createElement('a'), { href: '${address}', download: '' }).click()`,
    );
    return readFileSync(await (await waiting).path());
  }
});

function changedRows(before: Buffer, after: Buffer): string[] {
  const old = new Set(before.toString().split('\n'));
  return after
    .toString()
    .split('\n')
    .filter((line) => !old.has(line));
}
