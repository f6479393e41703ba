// The templates that ship with the program, as files. The one file of this folder that knows the platform.
import { readdirSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Their folder, with links resolved; src/template and dist/template are equally deep. */
export const shippedTemplates = realpathSync(
  fileURLToPath(new URL('../../gating-templates/', import.meta.url)),
);

/** Names without `.yaml`, in order. */
export function shippedNames(): string[] {
  return readdirSync(shippedTemplates)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}
