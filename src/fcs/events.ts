// All events of a file as columns, with what the values themselves show. For whatever needs whole columns (fitting on a
// sample, export, plots); counting streams blocks instead (blocks.ts).
import { ImmunogateError, type Issue } from '../errors.ts';
import type { Column, EventTable } from '../events/index.ts';
import { openEventBlocks } from './blocks.ts';
import { channelsOf } from './channels.ts';
import { checkCrc } from './crc.ts';
import { fitsFloat32, scalesOf } from './decoder.ts';
import type { ByteSource, FcsFile, ReadOptions, Scaling } from './model.ts';
import { requireAllowed } from './read.ts';
import { openTransposer } from './transpose.ts';
import { openValueCheck } from './values.ts';

export interface EventReadOptions extends Pick<ReadOptions, 'strict' | 'allowedWarnings'> {
  readonly scaling: Scaling;
  /** 0-based positions of the parameters wanted, in the order wanted; default all. */
  readonly channels?: readonly number[];
  /**
   * Memory to fill instead of fresh arrays, whose first touch costs more than the reading: one column a channel wanted, at
   * least as long as the file, as left by an earlier table of the same kind. That table is overwritten.
   */
  readonly into?: readonly Column[];
}

export interface EventsRead {
  readonly table: EventTable;
  /** Findings about values and the CRC word only; those of HEADER and TEXT are in `file.findings`. */
  readonly findings: readonly Issue[];
}

/**
 * Reads every event. A column is Float32Array where that holds every value exactly (F and integers of at most 24 bits,
 * unscaled), else Float64Array.
 */
export function readEvents(source: ByteSource, file: FcsFile, options: EventReadOptions): EventsRead {
  const { scaling } = options;
  const wanted = options.channels ?? file.parameters.map((_, p) => p);
  const scales = scalesOf(file, scaling);
  const all = channelsOf(file, scaling);
  const count = file.data.eventCount;
  const columns = wanted.map((p, k): Column => {
    if (all[p] === undefined)
      throw new ImmunogateError('E_CHANNEL_MISSING', `The file has no parameter at position ${p}.`);
    const isNarrow = fitsFloat32(file.parameters[p].field) && scales[p] === null;
    const given = options.into?.[k];
    if (given !== undefined && given.length >= count && given instanceof Float32Array === isNarrow)
      return given.subarray(0, count);
    return isNarrow ? new Float32Array(count) : new Float64Array(count);
  });
  const check = openValueCheck(file);
  const isWhole = new Set(wanted).size === file.parameters.length;
  const { allocate, blockEvents, copy } = openTransposer(file.parameters.length, wanted, columns);
  const blocks = openEventBlocks(source, file, { scaling, allocate, blockEvents });
  for (let block = blocks.next(); block !== null; block = blocks.next()) {
    const someNonFinite = copy(block);
    check.see(block, isWhole ? someNonFinite : undefined);
  }
  const findings = [...check.findings(), ...checkCrc(source, file)];
  requireAllowed(findings, options);
  return { table: { count, channels: wanted.map((p) => all[p]), columns }, findings };
}
