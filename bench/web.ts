// Measures the review in a real browser on one sample of a million events: time to the first density plot, frames a second while a gate is
// dragged, time from a moved gate to the recount of its subtree on the screen, weight of the first load. Writes RESULTS-web.md.
// Run on a quiet machine: `npx tsx bench/web.ts`.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { simulateStudy, simulateTube, tubeBytes } from '../src/simulate/index.ts';
import { launchChromium } from '../test/web/chromium.ts';
import { buildProgram, pageFolder, serve } from '../test/web/serving.ts';

const rounds = 5;

interface Drag {
  readonly framesPerSecond: number;
  readonly slowestFrame: number;
  readonly recounts: readonly number[];
  readonly onServer: readonly number[];
}

/** What the page notes during a drag; times in ms. */
interface Seen {
  readonly frames: readonly number[];
  readonly recounts: readonly number[];
  readonly server: readonly number[];
}

/** Runs in the page: notes the time of every frame, and every recount that reached the screen. */
const watching = `
  window.seen = { frames: [], recounts: [], server: [], on: true };
  const frame = (at) => { seen.frames.push(at); if (seen.on) requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new MutationObserver(() => {
    const mark = document.querySelector('[data-latency]');
    if (mark === null || mark.dataset.latency === seen.last) return;
    seen.last = mark.dataset.latency;
    seen.recounts.push(Number(mark.dataset.latency));
    seen.server.push(Number(mark.dataset.server));
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-latency'] });
`;

const folder = mkdtempSync(join(tmpdir(), 'immunogate-bench-web-'));
try {
  buildProgram();
  const { sample, events } = writeStudy(join(folder, 'BIG'));
  const serving = await serve(folder);
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1400, height: 900 } })).newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(serving.address);
    const origin = new URL(serving.address).origin;
    await page.goto(`${origin}/#/BIG/run`);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.getByText(/^.\s+Finished$/).waitFor();
    const address = `${origin}/#/BIG/review/${sample}`;
    const first = await repeated(() => firstPlot(page, address, 'singF'));
    const drags = { deep: [] as Drag[], high: [] as Drag[] };
    for (let round = 0; round < rounds; round++) {
      drags.deep.push(await drag(page, address, 'CD4T', /Crossing of the cuts/));
      // everything but three gates lies below the singlets
      drags.high.push(await drag(page, address, 'singF', /Corner 2 of/));
    }
    report(events, first, drags);
  } finally {
    await browser.close();
    await serving.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writeStudy(at: string): { sample: string; events: number } {
  const study = simulateStudy({ id: 'BIG', subjects: 1, visits: 1, seed: 1, panels: ['P1'] });
  for (const [name, text] of study.files) write(join(at, name), text);
  const [planned] = study.tubes;
  const tube = simulateTube({ ...planned.tube, scale: 13.6 });
  write(join(at, planned.file), tubeBytes(tube));
  return { sample: planned.sample, events: tube.events.count };
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
}

async function repeated(measure: () => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) found.push(await measure());
  return found;
}

/** Milliseconds from opening the address anew to the painted density. */
async function firstPlot(page: Page, address: string, gate: string): Promise<number> {
  await page.goto('about:blank');
  await page.goto(address);
  await page.locator('section[data-painted-at]').waitFor();
  await page.getByRole('treeitem', { name: new RegExp(`^${gate}`) }).waitFor();
  return Number(await page.locator('section[data-painted-at]').getAttribute('data-painted-at'));
}

/** Drags a handle of a gate for two seconds, one pointer move a frame. */
async function drag(page: Page, address: string, gate: string, name: RegExp): Promise<Drag> {
  await page.goto('about:blank');
  await page.goto(address);
  await page.evaluate('sessionStorage.clear()');
  await page.reload();
  await page.getByRole('treeitem', { name: new RegExp(`^${gate}`) }).click();
  const handle = page.getByRole('button', { name });
  await handle.waitFor();
  await page.waitForLoadState('networkidle');
  const box = await handle.boundingBox();
  if (box === null) throw new Error(`${gate} has no such handle on the screen`);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.evaluate(watching);
  await page.mouse.move(x, y);
  // a person takes as long from reaching for a gate to pulling it
  await page.waitForTimeout(300);
  await page.mouse.down();
  for (let step = 1; step <= 120; step++)
    await page.mouse.move(x + 60 * Math.sin(step / 12), y + 40 * Math.sin(step / 9));
  await page.mouse.up();
  await page.waitForTimeout(1000);
  const { frames, recounts, server } = await page.evaluate<Seen>('seen.on = false, seen');
  const gaps = frames.slice(1).map((at, i) => at - frames[i]);
  const seconds = (frames[frames.length - 1] - frames[0]) / 1000;
  return {
    framesPerSecond: gaps.length / seconds,
    slowestFrame: Math.max(...gaps),
    recounts,
    onServer: server,
  };
}

interface Drags {
  readonly deep: readonly Drag[];
  readonly high: readonly Drag[];
}

function report(events: number, first: readonly number[], { deep, high }: Drags): void {
  const all = [...deep, ...high];
  const recounts = (drags: readonly Drag[]) => drags.flatMap((one) => one.recounts);
  const onServer = (drags: readonly Drag[]) => drags.flatMap((one) => one.onServer);
  const weight = readdirSync(pageFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + gzipSync(readFileSync(join(entry.parentPath, entry.name))).length, 0);
  const whole = (value: number): string => String(Math.round(value));
  const spread = (values: readonly number[]): string =>
    `${whole(middle(values))} (${whole(Math.min(...values))} to ${whole(Math.max(...values))})`;
  const lines = [
    '# Review in the browser, measured',
    '',
    `One TBNK tube of ${events} events, headless Chromium without GPU, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'},`,
    `load average at the end ${loadavg()[0].toFixed(1)}. Median (lowest to highest) of ${rounds} rounds; written by \`bench/web.ts\`.`,
    'A load average above the number of cores means that other work shared them: the times are then longer than a person meets.',
    '',
    '| what | asked for | measured |',
    '|---|--:|--:|',
    `| opening a sample to its first density plot, ms | < 1000 | ${spread(first)} |`,
    `| frames a second while a gate is dragged | ≥ 30 | ${spread(all.map((one) => one.framesPerSecond))} |`,
    `| slowest frame of a drag, ms | | ${spread(all.map((one) => one.slowestFrame))} |`,
    `| moved CD4 and CD8 cuts to their counts on the screen, ms (${recounts(deep).length} recounts) | < 300 | ${spread(recounts(deep))} |`,
    `| of it in the server, ms | | ${spread(onServer(deep))} |`,
    `| moved singlet gate to all counts below it on the screen, ms (${recounts(high).length} recounts) | < 300 | ${spread(recounts(high))} |`,
    `| of it in the server, ms | | ${spread(onServer(high))} |`,
    `| first load, kB gzip | < 400 | ${whole(weight / 1000)} |`,
    '',
  ];
  writeFileSync(new URL('RESULTS-web.md', import.meta.url), lines.join('\n'));
  console.log(lines.join('\n'));
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
