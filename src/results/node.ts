// results/ on a platform: the store on disk, files that appear whole, and the hash both need.
import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Sha256 } from './identity.ts';
import type { StoreContext } from './store.ts';

export {
  makeFolder,
  openFileWriter,
  removeFile,
  removeOrphans,
  syncFolder,
  unwritable,
  writeFileWhole,
  type FileWriter,
} from './files/node.ts';
export { readSqliteStore, type StoreReader } from './sqlite-reading/node.ts';
export { openSqliteStore, type SqliteStoreOptions } from './sqlite/node.ts';

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits: the names of results and the links of the audit chain. */
export const sha256: Sha256 = (text) => createHash('sha256').update(text, 'utf8').digest('hex');

/** What a store on this machine is handed: its clock and hash, the account that the program runs under, and the program's name and version. */
export function storeContext(software: string): StoreContext {
  return {
    sha256,
    utc: () => new Date().toISOString(),
    actor: { system: accountName(), stated: null, knownBy: 'system' },
    software,
  };
}

/** By name, or by number where the system has no name for it, as in containers. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
