// Names by content: the unit of work of reliability C-1. Equal work has an equal name, so doing it twice changes nothing.
import { canonicalJson } from './canonical.ts';
import { numericCoreVersion } from './model.ts';

/** Lower-case hexadecimal SHA-256 of the UTF-8 bytes of a text; handed in because this folder has no platform. */
export type Sha256 = (text: string) => string;

/** What decides a result. `dataset` is the one asked for, null when none was. */
export interface WorkIdentity {
  readonly fileSha256: string;
  readonly dataset: number | null;
  readonly protocolSha256: string;
  readonly readOptions: Readonly<Record<string, unknown>>;
}

/** SHA-256 of the canonical JSON of {file, data set, protocol, reading options, numeric core}. */
export function resultIdOf(work: WorkIdentity, sha256: Sha256): string {
  return sha256(canonicalJson({ ...work, numericCore: numericCoreVersion }));
}
