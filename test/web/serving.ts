// The program as a person starts it: `immunogate serve FOLDER`, with the page built from the sources, until it prints its address.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startCli } from '../cli/run-cli.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
export const pageFolder = join(root, 'dist/web');

/** Builds the page to where the server looks for it. */
export function buildPage(): void {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/web.mjs'), pageFolder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the page was not built: ${stderr}`);
}

export interface Serving {
  /** The printed address, with its token. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the server on a free port over a folder of studies. Rejects with what it said when it ends before it listens. */
export async function serve(folder: string): Promise<Serving> {
  const { child, finished } = startCli(['serve', folder, '--port', '0']);
  const address = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /http:\/\/\S+/.exec(text);
      if (found !== null) resolve(found[0]);
    });
    void finished.then(({ code, stdout, stderr }) =>
      reject(new Error(`serve ended with ${code}: ${stdout}${stderr}`)),
    );
  });
  return {
    address,
    stop: async () => {
      child.kill('SIGTERM');
      await finished;
    },
  };
}
