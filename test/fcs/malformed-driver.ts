// Prints the inspect record (reliability R-9) of each file given, one JSON line a file, for tools/score-malformed.mjs:
//   npx tsx test/fcs/malformed-driver.ts DIR/*.fcs | node score-malformed.mjs DIR/manifest.json
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspectFcs, type Inspection } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';

export type Record = Inspection & { readonly file: string; readonly ms: number };

/** Inspects one file, as `immunogate inspect --json --keywords` does. */
export function inspectPath(path: string): Record {
  const start = performance.now();
  const source = openFile(path);
  try {
    const record = inspectFcs(source, { keywords: true, createHash: sha256 });
    return { file: basename(path), ...record, ms: performance.now() - start };
  } finally {
    source.close();
  }
}

export function sha256(): { update(bytes: Uint8Array): void; digest(): string } {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
}

/** All files of a folder that the generator wrote. */
export function inspectFolder(folder: string): Record[] {
  return readdirSync(folder)
    .filter((name) => name !== 'manifest.json')
    .map((name) => inspectPath(join(folder, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of process.argv.slice(2)) {
    for (const record of inspectFolder(folder)) console.log(JSON.stringify(record));
  }
}
