// inspectFcs: one record a file that says whether and how it reads, with a hash over its decoded values (reliability R-9).
// Invariant: a refusal is a record like any other; only a defect is thrown.
import { ImmunogateError, type Issue } from '../errors.ts';
import { openEventBlocks } from './blocks.ts';
import { checkCrc } from './crc.ts';
import type { ByteSource, ReadOptions } from './model.ts';
import { readFcs, requireAllowed } from './read.ts';
import { openValueHash, type Hash } from './value-hash.ts';
import { openValueCheck } from './values.ts';

export interface InspectOptions extends ReadOptions {
  readonly createHash: () => Hash;
  /** Also return all keywords, names upper-cased. */
  readonly keywords?: boolean;
}

export type Inspection =
  | {
      readonly result: 'ok';
      readonly findings: readonly Issue[];
      readonly events: number;
      readonly parameters: number;
      /** SHA-256 over the values, see value-hash.ts. */
      readonly dataSha256: string;
      readonly keywords?: Readonly<Record<string, string>>;
    }
  | {
      readonly result: 'error';
      readonly code: string;
      readonly message: string;
      readonly findings: readonly Issue[];
    };

/** Reads a file wholly. Refusals are returned, not thrown; anything but an ImmunogateError is a defect and is thrown. */
export function inspectFcs(source: ByteSource, options: InspectOptions): Inspection {
  try {
    const file = readFcs(source, options);
    const check = openValueCheck(file);
    const hash = openValueHash(options.createHash);
    const blocks = openEventBlocks(source, file, { scaling: 'raw' });
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      check.see(block);
      hash.see(block);
    }
    const found = [...check.findings(), ...checkCrc(source, file)];
    requireAllowed(found, options);
    const record = {
      result: 'ok',
      findings: [...file.findings, ...found],
      events: file.data.eventCount,
      parameters: file.parameters.length,
      dataSha256: hash.digest(),
    } as const;
    if (options.keywords !== true) return record;
    const keywords: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [name, value] of file.keywords) keywords[name] = value;
    return { ...record, keywords };
  } catch (error) {
    if (!(error instanceof ImmunogateError)) throw error;
    return { result: 'error', code: error.code, message: error.message, findings: [error.toIssue()] };
  }
}
