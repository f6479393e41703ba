// inspectFcs: one record a file that says whether and how it reads, with a hash over its decoded values (reliability R-9).
// Two files with equal `dataSha256` hold the same numbers, however they are stored.
import { ImmunogateError, type Issue } from '../errors.ts';
import { openEventBlocks } from './blocks.ts';
import { checkCrc } from './crc.ts';
import type { ByteSource, EventBlock, ReadOptions } from './model.ts';
import { readFcs, requireAllowed } from './read.ts';
import { openValueCheck } from './values.ts';

/** A SHA-256 in progress; handed in because this folder has no platform. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. */
  digest(): string;
}

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
      /** SHA-256 over float64 little-endian values, event after event, every NaN as 0x7ff8000000000000. */
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
    const hash = options.createHash();
    const blocks = openEventBlocks(source, file, { scaling: 'raw' });
    let values = new Float64Array(0);
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      check.see(block);
      if (values.length < block.count * block.stride) values = new Float64Array(block.count * block.stride);
      hash.update(hashedBytes(block, values));
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

/** The values of a block as float64 little-endian bytes, in `values` as working memory. */
function hashedBytes(block: EventBlock, values: Float64Array): Uint8Array {
  const count = block.count * block.stride;
  const view = new DataView(values.buffer);
  for (let i = 0; i < count; i++) {
    const value = block.rows[i];
    if (value === value) {
      view.setFloat64(8 * i, value, true);
    } else {
      view.setUint32(8 * i, 0, true);
      view.setUint32(8 * i + 4, 0x7ff80000, true);
    }
  }
  return new Uint8Array(values.buffer, 0, 8 * count);
}
