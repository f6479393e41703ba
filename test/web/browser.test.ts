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
import { payloads, writeHostileStudy, type HostileStudy } from './hostile.ts';
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
  let byCommandLine: Promise<void>;
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
    // stopped as soon as something is done, and gone on with
    await page
      .getByText(/^.\s+Done$/)
      .first()
      .waitFor({ timeout: 280_000 });
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled, finished samples are kept').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText(/^.\s+Finished$/).waitFor({ timeout: 280_000 });
    const known = page.locator('dl div', { hasText: 'Known already' }).locator('dd');
    expect(Number(await known.innerText())).toBeGreaterThan(0);
    await page.getByText('40 of 40').waitFor();
    // meanwhile the browser goes on
    const out = join(folder, 'by-command-line');
    byCommandLine = command('run', join(trial.served, 'TRIAL/study.yaml'), '--out', out);
    byCommandLine.catch(() => undefined);
  });

  it('draws densities as colour, lines and single events, and hides the visits on wish', async () => {
    await view('Review').click();
    await page.getByLabel('Gate').selectOption({ label: 'singF' });
    // the worst first: it has its picture before the others
    await page.locator('li').first().locator('canvas').waitFor();
    await page.locator('article a').first().click();
    await page.locator('[data-painted-at]').waitFor();
    await page.getByLabel('Draw').selectOption('contour');
    await page.locator('.contours path').nth(3).waitFor({ state: 'attached' });
    await page.getByLabel('Draw').selectOption('dots');
    await page.locator('.contours').waitFor({ state: 'detached' });
    await page.getByLabel('All visits of this subject').check();
    await page.getByLabel('Hide which visit').check();
    const visits = page.getByRole('region', { name: 'Visits of this subject' });
    await visits.locator('figure.card').nth(3).waitFor();
    // one pair of axes: the same labels at the same places
    const marks = await page.evaluate<string[]>(
      `[...document.querySelectorAll('figure.card')].map((plot) =>
        [...plot.querySelectorAll('.axes text')].map((one) => one.textContent + ' ' + one.getAttribute('x')).join())`,
    );
    expect(new Set(marks).size).toBe(1);
    expect(await page.locator('main').innerText()).not.toMatch(/TRIAL-|\bV[0-3]\b|Baseline|Ablation/);
    await page.getByLabel('Hide which visit').uncheck();
    await page.getByLabel('All visits of this subject').uncheck();
  });

  it('downloads a table with the bytes that the command line writes', async () => {
    await byCommandLine;
    for (const table of ['endpoints', 'adim', 'comparisons']) {
      expect(await download(table)).toEqual(readFileSync(join(folder, 'by-command-line', `${table}.csv`)));
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
    await page.getByRole('columnheader', { name: 'Endpoint' }).waitFor();
    // what is not saved is there again after a reload
    await page.reload();
    await page.getByRole('columnheader', { name: 'Endpoint' }).waitFor();
    await page.getByRole('button', { name: /^Save the edit/ }).click();
    // how many samples each choice reaches: this one, the visits of the subject, everybody
    for (const [choice, count] of [
      ['all visits', '4 samples'],
      ['all subjects', '40 samples'],
      ['this sample only', '1 sample '],
    ] as const) {
      await page.getByRole('dialog').getByLabel(choice).check();
      await page
        .getByRole('dialog')
        .getByText(`${count}${count.endsWith(' ') ? '' : ' '}will be recounted`)
        .waitFor();
    }
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
    const entry = page.getByRole('row').filter({ hasText: 'The cut ran through the CD4 population' }).first();
    await entry.getByText(/values? changed/).click();
    await entry.getByText(/CD4T [\d\s\u202f]+ → [\d\s\u202f]+ events/).waitFor();
    await entry.getByText(/CD4ABS .+ → .+ cells\/µL/).waitFor();
    // typing filters, once it pauses
    await page.getByLabel('Object').fill('endpoints');
    await page
      .getByRole('cell', { name: /^endpoints csv$/ })
      .first()
      .waitFor();
    await entry.waitFor({ state: 'detached' });
    await page.getByLabel('Object').fill('');
  });

  it('walks back from a value to the edited gate', async () => {
    await page.goto(`${new URL(serving.address).origin}/#/TRIAL/tables/endpoints`);
    await page.getByRole('button', { name: 'source' }).first().click();
    await page
      .getByRole('complementary', { name: 'Where the value comes from' })
      .getByRole('link')
      .first()
      .waitFor();
    await page.getByLabel('Search').fill('CD4ABS');
    const rows = page.getByRole('region', { name: /^Rows of/ }).locator('tbody tr');
    await rows.filter({ hasNotText: 'CD4ABS' }).first().waitFor({ state: 'detached' });
    expect(await rows.count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'What the columns mean' }).click();
    await page.getByRole('region', { name: 'Meaning of the columns' }).getByText('paramcd').waitFor();
  });

  it('compares patients and cohort', async () => {
    await view('Compare').click();
    await page.getByRole('group', { name: 'Courses of 10 patients' }).waitFor();
    await page.getByRole('img', { name: /Geometric mean ratio/ }).waitFor();
    // as the report prints them
    expect(await page.locator('option', { hasText: 'cells/µL' }).count()).toBeGreaterThan(0);
    expect(await page.locator('option', { hasText: 'uL' }).count()).toBe(0);
    const cohort = page.getByRole('region', { name: 'Change by visit' });
    await cohort.getByRole('columnheader', { name: 'Ratio (95 % CI)' }).waitFor();
    const ps = await cohort.locator('tbody td:last-child').allTextContents();
    expect(ps.length).toBeGreaterThan(0);
    expect(ps.filter((p) => !/^([01]\.\d{4}|<0\.0001|>0\.9999|–)$/.test(p))).toEqual([]);
    await page.locator('circle').first().click();
    const source = page.getByRole('complementary', { name: 'Where the value comes from' });
    await source.getByRole('link').first().click();
    // the point's sample, at the gate behind its value
    await page.waitForURL(/review\/TRIAL-001_.*gate=/);
    await page.locator('[role=treeitem][aria-selected=true]').waitFor();
    await view('Compare').click();
  });

  it('has no serious accessibility issue in any view, light or dark', async () => {
    const samples = await page.evaluate<{ sample: string }[]>(
      "fetch('/api/studies/TRIAL/samples').then((r) => r.json())",
    );
    const [{ sample }] = samples;
    const places = [
      ['study', `button:has-text("Title and visits")`],
      [`study?sample=${sample}`, ''],
      ['run', ''],
      ['review', ''],
      [`review/${sample}?visits=1`, ''],
      ['compare', 'circle'],
      ['tables', 'button:has-text("What the columns mean")'],
      ['audit', ''],
    ] as const;
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        colorScheme,
        bypassCSP: true,
        storageState: await page.context().storageState(),
      });
      const judged = await context.newPage();
      await judged.goto(`${new URL(serving.address).origin}/`);
      for (const [place, press] of places) {
        await judged.evaluate(`location.hash = ${JSON.stringify(`/TRIAL/${place}`)}`);
        await judged.waitForLoadState('networkidle');
        if (press !== '') await judged.locator(press).first().click();
        await judged.evaluate(axe);
        const { rules, found } = await judged.evaluate<Judgement>(judge);
        expect({ place, colorScheme, found }).toEqual({ place, colorScheme, found: [] });
        expect(rules).toBeGreaterThan(15);
        await judged.keyboard.press('Escape');
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

  describe.sequential('with a study in which every text is a payload', () => {
    const owned = 'window.owned ?? null';
    let hostile: HostileStudy;
    let other: Serving;
    let own: Page;
    const said: string[] = [];
    const asked: string[] = [];

    beforeAll(async () => {
      hostile = writeHostileStudy(folder);
      other = await serve(hostile.served);
      own = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
      own.setDefaultTimeout(60_000);
      own.on('console', (message) => {
        if (message.type() === 'error') said.push(message.text());
      });
      own.on('dialog', (dialog) => {
        said.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      own.on('pageerror', (error) => said.push(error.message));
      own.on('request', (request) => asked.push(request.url()));
      await own.goto(other.address);
      await own.waitForURL(/HOSTILE/);
    });
    afterAll(() => other?.stop());

    const go = (place: string) => own.goto(`${new URL(other.address).origin}/#/HOSTILE/${place}`);
    /** Nothing was made of text but text. */
    async function unharmed(): Promise<void> {
      expect(await own.evaluate(owned)).toBeNull();
      const strange = 'img, iframe, object, embed, foreignObject, script:not([src]), b, link[href*="evil"]';
      expect(await own.locator(strange).count()).toBe(0);
      expect(said).toEqual([]);
      expect(asked.filter((url) => !url.startsWith(new URL(other.address).origin))).toEqual([]);
    }

    it('shows titles, people, subjects, markers and reasons as text', async () => {
      await own.getByRole('heading', { name: payloads.script }).waitFor();
      await own.getByRole('button', { name: 'State your name' }).click();
      await own.getByLabel('Your name').fill(payloads.image);
      // the new session is slow to begin; what is sent meanwhile waits for it
      await own.route(/\/session$/, async (route) => {
        const answer = await route.fetch();
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await route.fulfill({ response: answer });
      });
      await own.getByRole('button', { name: 'Use it' }).click();
      await own.getByLabel('Choose files').setInputFiles([...hostile.files]);
      await own.getByText('3 of 3 files').waitFor();
      await own.getByRole('region', { name: 'Files without a tube' }).getByText('nobody.fcs').waitFor();
      await own.getByRole('rowheader', { name: hostile.subject }).waitFor();
      await own.locator('button.cell').first().click();
      expect(await own.getByLabel('Batch').inputValue()).toBe(payloads.formula);
      await unharmed();
    });

    it('runs it, draws hostile channels, and keeps hostile reasons', async () => {
      await go('run');
      await own.getByRole('button', { name: 'Start the run' }).click();
      await own.getByText(/^.\s+Finished$/).waitFor({ timeout: 120_000 });
      await go('review/tube-V0?gate=Cells%2FT&visits=1');
      const across = own.getByLabel('Across');
      await across.locator('option').nth(9).waitFor({ state: 'attached' });
      const names = await across.locator('option').allTextContents();
      // what cannot be seen is written out
      for (const text of [
        payloads.image,
        payloads.svg,
        payloads.template,
        '\\u202egnp.exe',
        'bell\\u0007 escape\\u001b[31m',
      ])
        expect(names.some((name) => name.includes(text))).toBe(true);
      await across.selectOption({ index: names.findIndex((name) => name.includes(payloads.svg)) });
      await own.locator('svg text.name', { hasText: payloads.svg }).first().waitFor();
      await across.selectOption({ label: names[2] });
      await own.getByRole('button', { name: 'Axes of the gate' }).click();
      await own
        .getByRole('button', { name: /side\. Arrow keys/ })
        .first()
        .focus();
      for (let n = 0; n < 12; n++) await own.keyboard.press('Shift+ArrowRight');
      await own.getByRole('button', { name: /^Save the edit/ }).click();
      await own
        .getByRole('dialog')
        .getByLabel(/Reason/)
        .fill(payloads.svg);
      await own.getByRole('button', { name: 'Save and recount' }).click();
      await own.getByRole('region', { name: 'Saved edits' }).getByText(payloads.svg).waitFor();
      await own.getByText('Recounting …').waitFor({ state: 'detached', timeout: 120_000 });
      await unharmed();
      for (const place of ['compare', 'tables/samples', 'tables/endpoints', 'audit', 'study']) {
        await go(place);
        await own.waitForLoadState('networkidle');
        await unharmed();
      }
      await go('audit');
      await own.getByRole('cell', { name: payloads.svg }).first().waitFor();
      await own.getByRole('cell', { name: payloads.image }).first().waitFor();
    });

    it('writes no formula into a download', async () => {
      const trail = await own.evaluate<string>(
        "fetch('/api/studies/HOSTILE/audit/file').then((r) => r.text())",
      );
      const table = await own.evaluate<string>(
        "fetch('/api/studies/HOSTILE/tables/adim/file').then((r) => r.text())",
      );
      expect(table).toContain(`'=1+1`);
      for (const text of [trail, table]) expect(text).not.toMatch(/(^|,)"?[=@\t]/m);
    });

    it('lets people do what their role allows, and shows no more', async () => {
      const secret = 'a long enough secret';
      const add = async (name: string, role: string) => {
        await own.getByRole('button', { name: 'Add a person' }).click();
        const dialog = own.getByRole('dialog');
        await dialog.getByLabel('Name to sign in').fill(name);
        await dialog.getByLabel('Role').selectOption(role);
        await dialog.getByLabel(/^Password/).fill(secret);
        await dialog.getByLabel(/Reason/).fill('works here');
        await dialog.getByRole('button', { name: 'Save' }).click();
      };
      const signIn = async (name: string) => {
        await own.getByRole('heading', { name: 'Sign in' }).waitFor();
        await own.getByLabel('Name', { exact: true }).fill(name);
        await own.getByLabel('Password').fill(secret);
        await own.getByRole('button', { name: 'Continue' }).click();
        await own.getByRole('button', { name: 'Sign out' }).waitFor();
      };
      const become = async (name: string) => {
        await own.getByRole('button', { name: 'Sign out' }).click();
        await signIn(name);
      };
      const enabled = (name: RegExp) => own.getByRole('button', { name }).isEnabled();
      await own.getByRole('link', { name: 'immunogate' }).click();
      await own.getByRole('region', { name: 'People' }).waitFor();
      await add('boss', 'approver');
      await signIn('boss');
      await own.getByRole('link', { name: 'immunogate' }).click();
      await add('ann', 'analyst');
      await own.getByRole('cell', { name: 'ann', exact: true }).waitFor();
      await add('vic', 'viewer');
      await own.getByRole('cell', { name: 'vic', exact: true }).waitFor();

      await become('vic');
      expect(await own.getByRole('region', { name: 'People' }).count()).toBe(0);
      await go('study');
      await own.getByRole('region', { name: 'Tubes' }).waitFor();
      expect(await own.getByLabel('Choose files').count()).toBe(0);
      await go('run');
      expect(await enabled(/Start the run/)).toBe(false);
      await go('review/tube-V1?gate=Cells%2FT');
      await own.getByText('You may look, not change.').waitFor();
      expect(await own.getByRole('button', { name: /Arrow keys/ }).count()).toBe(0);
      expect([await enabled(/^Lock/), await enabled(/^Sign …/)]).toEqual([false, false]);

      await become('ann');
      await go('review/tube-V1?gate=Cells%2FT');
      await own
        .getByRole('button', { name: /Arrow keys/ })
        .first()
        .waitFor();
      expect([await enabled(/^Lock/), await enabled(/^Sign …/)]).toEqual([true, false]);
      const decide = async (action: 'Lock' | 'Sign' | 'Unlock') => {
        await own.getByRole('button', { name: `${action} …` }).click();
        await own
          .getByRole('dialog')
          .getByLabel(/Reason/)
          .fill('looked at every gate');
        await own.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
      };
      await decide('Lock');
      await own.getByText('The gates of this sample are locked.').waitFor();
      expect(await own.getByRole('button', { name: /Arrow keys/ }).count()).toBe(0);
      expect(await enabled(/^Unlock/)).toBe(false);

      await become('boss');
      await go('review/tube-V1?gate=Cells%2FT');
      await decide('Sign');
      await own.getByText('✓ Signed').waitFor();
      await decide('Unlock');
      await own
        .getByRole('button', { name: /Arrow keys/ })
        .first()
        .waitFor();
      await unharmed();
    });
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
