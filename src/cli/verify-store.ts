// immunogate verify-store DIR: re-hashes every stored result and the chain of audit entries of an output folder (reliability C-8).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../engine/node.ts';
import { exitCodes, UsageError } from './exit.ts';
import { printable } from './text.ts';

/** 0 when everything holds, 1 with a line for each difference. */
export function verifyStore(folder: string, software: string): number {
  if (!existsSync(join(folder, '.immunogate', 'run.sqlite')))
    throw new UsageError(`${printable(folder)} holds no results store.`);
  const store = openStore(folder, software);
  try {
    const runs = store.runs().length;
    const found = store.verify();
    for (const { code, message, place } of found)
      console.log(`${code}: ${printable(message)}${place ? ` (${printable(place)})` : ''}`);
    console.log(
      `${runs} ${runs === 1 ? 'run' : 'runs'}, ${store.audit().length} audit entries, ${found.length} ${found.length === 1 ? 'difference' : 'differences'}.`,
    );
    return found.length === 0 ? exitCodes.done : exitCodes.someRefused;
  } finally {
    store.close();
  }
}
