// Files by their bytes: the names under which results are stored and outputs recognised.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { ByteSource } from '../../fcs/index.ts';
import { openFile } from '../../fcs/node.ts';

const chunkBytes = 1 << 20;

/** SHA-256 of all bytes of a source. */
export function hashOf(source: ByteSource): string {
  const hash = createHash('sha256');
  const chunk = new Uint8Array(Math.min(chunkBytes, source.byteLength));
  for (let at = 0; at < source.byteLength; at += chunk.length) {
    const length = Math.min(chunk.length, source.byteLength - at);
    source.read(at, at + length, chunk);
    hash.update(length === chunk.length ? chunk : chunk.subarray(0, length));
  }
  return hash.digest('hex');
}

/** SHA-256 of a file that a run made earlier, of any size; null when it is not there. */
export function fileSha256(path: string): string | null {
  if (!existsSync(path)) return null;
  const source = openFile(path);
  try {
    return hashOf(source);
  } finally {
    source.close();
  }
}
