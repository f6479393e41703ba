// A second signal ends what the first could not (reliability W-5); a second run waits for the first when it is told to (C-5).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bloodTemplate, writeBlood } from '../engine/blood.ts';
import { runCli, startCli } from './run-cli.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'immunogate-stopping-'));
const at = (...names: string[]) => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('signals', () => {
  // work that does not listen: only the second signal can end it
  const deaf = `
    import { stopSignals } from ${JSON.stringify(pathToFileURL(join(root, 'src/cli/signals.ts')).href)};
    stopSignals().signal.addEventListener('abort', () => console.log('asked to stop'));
    setInterval(() => {}, 1000);
    console.log('at work');
  `;

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s asks first, and ends at once with %i when it comes again', async (signal, exit) => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', deaf], {
      cwd: root,
    });
    let said = '';
    const until = (text: string) =>
      new Promise<void>((resolve) => {
        const look = (): void => void (said.includes(text) && resolve());
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    await until('at work');
    child.kill(signal);
    await until('asked to stop');
    expect(child.exitCode).toBeNull();
    child.kill(signal);
    expect(await ended).toBe(exit);
  });
});

describe('a second run on the same folder', () => {
  const files = Array.from({ length: 12 }, (_, i) => at(`W${String(i).padStart(2, '0')}.fcs`));
  beforeAll(() => {
    writeFileSync(at('blood.yaml'), bloodTemplate);
    files.forEach((path, i) => writeBlood(path, i + 1, 20_000));
  });

  it('waits for the first where it is told to, and then finds everything done', async () => {
    const args = ['gate', '--template', at('blood.yaml'), ...files, '--out', at('out')];
    const first = startCli([...args, '--workers', '1']);
    while (!existsSync(at('out', '.immunogate', 'run.sqlite')) && first.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 10));
    const second = await runCli(...args, '--wait', '--json');
    expect((await first.finished).code).toBe(0);
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ done: files.length, reused: files.length });
    expect(readFileSync(at('out', 'populations.csv'), 'utf8').split('\n').length).toBeGreaterThan(
      files.length,
    );
  });
});
