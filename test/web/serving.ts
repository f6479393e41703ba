// The program as a person starts it: `immunogate serve FOLDER`, with the page built from the sources, until it prints its address.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
/** Everything that the program does here, its processes too, also holds where objects have no `__proto__` to set (reliability S-9). */
const env = { ...process.env, NODE_OPTIONS: '--disable-proto=throw' };
/** Beside the dependencies, so that the built code finds them, and out of the way of dist/. */
const stage = join(root, 'node_modules/.cache/immunogate-browser');
export const pageFolder = join(stage, 'dist/web');

/** Builds the program as it ships, page included. */
export function buildProgram(): void {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of ['package.json', 'gating-templates'])
    cpSync(join(root, name), join(stage, name), { recursive: true });
  const script = join(root, 'scripts/build.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, join(stage, 'dist')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the program was not built: ${stdout}${stderr}`);
}

/** Runs the built command line; rejects with what it said unless it ends with 0 or 1 (refused samples). */
export async function command(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [join(stage, 'dist/cli/main.js'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code === null || code > 1) throw new Error(`${args.join(' ')} ended with ${code}: ${said}`);
}

export interface Serving {
  /** The printed address, with its token. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the server on a free port over a folder of studies. Rejects with what it said when it ends before it listens. */
export async function serve(folder: string): Promise<Serving> {
  const child = spawn(process.execPath, [join(stage, 'dist/cli/main.js'), 'serve', folder, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    let said = '';
    const take = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/\S+/.exec(said);
      if (found !== null) resolve(found[0]);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then(() => reject(new Error(`serve ended: ${said}`)));
  });
  return {
    address,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
