// results/ on a platform: the store on disk, files that appear whole, and the hash both need.
import { createHash } from 'node:crypto';
import type { Sha256 } from './identity.ts';

export {
  makeFolder,
  openFileWriter,
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
