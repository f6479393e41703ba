// Where tests find the shared specifications, truth files and real FCS files: `../shared`, beside the project.
// Absent: null, and the caller skips with a reason; but with CI set, absence is a failure.
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'shared');

/** Path of a file or folder under ../shared, without links (its tools know by it that they are the program), or null when the shared folder is not there. */
export function sharedData(...segments: string[]): string | null {
  if (existsSync(root)) return join(realpathSync(root), ...segments);
  if (process.env['CI']) throw new Error('CI is set but ../shared is absent');
  return null;
}
