// Before all tests: the command as it ships, bundled from the sources, so that tests which start processes do not compile them each time.
// IMMUNOGATE_COMMAND names its entry. Lies inside node_modules/, where its packages are found.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleEntries } from '../scripts/bundle.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export default async function setup(): Promise<() => void> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'command-'));
  for (const beside of ['package.json', 'gating-templates'])
    symlinkSync(join(root, beside), join(folder, beside));
  await bundleEntries(join(folder, 'dist'));
  process.env['IMMUNOGATE_COMMAND'] = join(folder, 'dist/cli/main.js');
  return () => rmSync(folder, { recursive: true, force: true });
}
