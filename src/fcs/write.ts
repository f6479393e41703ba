// Events and keywords to an FCS file, in chunks to a sink (nothing is held whole). List mode, little-endian, FCS 3.1; FCS 3.2
// only where fields of several types are kept. What decides decoding is written anew, all other keywords pass through.
import { ImmunogateError } from '../errors.ts';
import type { EventTable, Spillover } from '../events/index.ts';
import { composeHead } from './compose.ts';
import { writeFloat32, writeFloat64, writeUint } from './encode.kernel.ts';
import { isStructuralKeyword } from './keywords.ts';
import type { FcsFile, Field, Parameter, Scaling } from './model.ts';

export interface WriteOptions {
  /** Where keywords and per-parameter keywords come from, matched by channel name. */
  readonly from?: FcsFile;
  /** How the values of the table were read; scaled values lose $PnE and $PnG. Default raw. */
  readonly scaling?: Scaling;
  /**
   * `F` 32-bit (rounds float64 columns), `D` 64-bit, `keep` the field types of `from`.
   * Default: keep where `from` is given and the values are raw, else D if a column is float64, else F.
   */
  readonly dataType?: 'F' | 'D' | 'keep';
  /** Which events: positions in the order wanted (Uint32Array), or one flag an event (Uint8Array, not 0 = written). Default all. */
  readonly events?: Uint32Array | Uint8Array;
  /** Default: that of `from` when the table has all its detectors. */
  readonly spillover?: Spillover | null;
  /** Further keywords, names upper-cased; they win over those of `from`. Structural ones are ignored. */
  readonly keywords?: ReadonlyMap<string, string>;
  /** Byte between keywords; default one that occurs nowhere. */
  readonly delimiter?: string;
}

/** Receives the file in order. The chunk is reused: copy or write it before returning. */
export type ByteSink = (chunk: Uint8Array) => void;

const chunkBytes = 1 << 20;

/** Writes `table`. Throws E_FCS_UNSUPPORTED where the values cannot be said in the asked type without changing their meaning. */
export function writeFcs(table: EventTable, sink: ByteSink, options: WriteOptions = {}): void {
  const form = outputForm(table, options);
  const picks = options.events instanceof Uint8Array ? flagged(options.events) : (options.events ?? null);
  const count = picks === null ? table.count : picks.length;
  if (picks?.some((event) => event >= table.count) === true)
    throw new RangeError(`An event beyond the ${table.count} of the table was asked for.`);
  const eventBytes = form.reduce((sum, { field }) => sum + field.bytes, 0);
  const keywords = outputKeywords(table, form, count, picks, options);
  const version = keywords.has('$P1DATATYPE') ? '3.2' : '3.1';
  sink(composeHead(version, keywords, count * eventBytes, options.delimiter));
  const blockEvents = Math.max(1, Math.min(count, Math.floor(chunkBytes / eventBytes)));
  const bytes = new Uint8Array(blockEvents * eventBytes);
  const view = new DataView(bytes.buffer);
  for (let first = 0; first < count; first += blockEvents) {
    const n = Math.min(blockEvents, count - first);
    let base = 0;
    form.forEach(({ field }, c) => {
      encodeColumn(field, view, base, eventBytes, n, table.columns[c], picks, first);
      base += field.bytes;
    });
    sink(bytes.subarray(0, n * eventBytes));
  }
  sink(new TextEncoder().encode('00000000'));
}

/** The whole file in memory. */
export function fcsBytes(table: EventTable, options: WriteOptions = {}): Uint8Array {
  const chunks: Uint8Array[] = [];
  writeFcs(table, (chunk) => chunks.push(chunk.slice()), options);
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

/** One column of the output: its field, and the parameter it came from. */
interface OutputColumn {
  readonly field: Field;
  readonly source: Parameter | null;
}

function outputForm(table: EventTable, options: WriteOptions): OutputColumn[] {
  const { from, scaling = 'raw' } = options;
  const isWide = table.columns.some((column) => column instanceof Float64Array);
  const dataType =
    options.dataType ?? (from !== undefined && scaling === 'raw' ? 'keep' : isWide ? 'D' : 'F');
  return table.channels.map(({ name }) => {
    const source = from?.parameters.find((parameter) => parameter.name === name) ?? null;
    if (dataType === 'keep') return { source, field: keptField(source, isWide) };
    if (scaling === 'raw' && source !== null && source.amplification !== null) {
      throw new ImmunogateError(
        'E_FCS_UNSUPPORTED',
        `$P${source.number} is logarithmic; raw values cannot be written as floating point. Write scaled values, or keep the data type.`,
      );
    }
    return { source, field: floatField(dataType) };
  });
}

function keptField(source: Parameter | null, isWide: boolean): Field {
  if (source === null) return floatField(isWide ? 'D' : 'F');
  return source.field.type === 'A' ? floatField('D') : source.field;
}

function floatField(type: 'F' | 'D'): Field {
  return { type, bytes: type === 'F' ? 4 : 8, usedBits: null };
}

function flagged(flags: Uint8Array): Uint32Array {
  const events = new Uint32Array(flags.length);
  let count = 0;
  for (let event = 0; event < flags.length; event++) {
    events[count] = event;
    count += flags[event] === 0 ? 0 : 1;
  }
  return events.subarray(0, count);
}

function outputKeywords(
  table: EventTable,
  form: readonly OutputColumn[],
  count: number,
  picks: Uint32Array | null,
  options: WriteOptions,
): Map<string, string> {
  const { from, scaling = 'raw' } = options;
  const types = new Set(form.map(({ field }) => field.type));
  const out = new Map<string, string>([
    ['$BYTEORD', '1,2,3,4'],
    ['$DATATYPE', form[0].field.type],
    ['$MODE', 'L'],
    ['$PAR', String(form.length)],
    ['$TOT', String(count)],
  ]);
  form.forEach(({ field, source }, c) => {
    const p = `$P${c + 1}`;
    const { name, stain, range } = table.channels[c];
    const kept =
      field.type === 'I' && source !== null
        ? { e: from?.keywords.get(`$P${source.number}E`), r: from?.keywords.get(`$P${source.number}R`) }
        : {};
    out.set(`${p}B`, String(field.bytes * 8));
    out.set(`${p}E`, kept.e ?? '0,0');
    out.set(`${p}N`, name);
    out.set(`${p}R`, kept.r ?? wholeRange(range ?? largest(table.columns[c], picks)));
    if (stain !== null) out.set(`${p}S`, stain);
    if (types.size > 1) out.set(`${p}DATATYPE`, field.type);
  });
  const detectors = new Set(table.channels.map(({ name }) => name));
  const spillover = options.spillover === undefined ? from?.spillover : options.spillover;
  if (spillover?.detectors.every((name) => detectors.has(name)) === true)
    out.set('$SPILLOVER', spilloverText(spillover));
  for (const [name, value] of options.keywords ?? []) passThrough(out, name, value);
  if (from !== undefined) {
    const numbers = new Map(
      form.flatMap(({ source }, c) => (source === null ? [] : [[source.number, c + 1] as const])),
    );
    for (const [name, value] of from.keywords) passThrough(out, renumbered(name, numbers, scaling), value);
  }
  return out;
}

/** Adds a keyword that is not written already, not structural and not bound to what was dropped (null). */
function passThrough(out: Map<string, string>, name: string | null, value: string): void {
  if (name === null || out.has(name) || isStructuralKeyword(name)) return;
  if (
    /^(\$?SPILLOVER|SPILL|\$COMP|\$CS(MODE|TOT|VBITS|V\d+FLAG)|\$DFC\d+TO\d+|\$UNICODE|\$(BEGIN|END)TEXT)$/.test(
      name,
    )
  )
    return;
  out.set(name, value);
}

/** `$P3V` of the source as `$P1V` where parameter 3 became 1; null where that parameter is not in the output. */
function renumbered(name: string, numbers: ReadonlyMap<number, number>, scaling: Scaling): string | null {
  const [, prefix, digits, suffix] = /^(\$?P)(\d+)([A-Z]+)$/.exec(name) ?? [];
  if (digits === undefined) return name;
  const number = numbers.get(Number(digits));
  return number === undefined || (prefix === '$P' && suffix === 'G' && scaling === 'scaled')
    ? null
    : `${prefix}${number}${suffix}`;
}

function wholeRange(range: number): string {
  return BigInt(Math.max(1, Math.ceil(range))).toString();
}

function largest(column: Float32Array | Float64Array, picks: Uint32Array | null): number {
  let top = 0;
  const count = picks === null ? column.length : picks.length;
  for (let e = 0; e < count; e++) {
    const value = column[picks === null ? e : picks[e]];
    if (value > top && value < 3.4e38) top = value;
  }
  return top;
}

function spilloverText({ detectors, matrix }: Spillover): string {
  if (detectors.some((name) => name.includes(','))) {
    throw new ImmunogateError(
      'E_FCS_KEYWORD_INVALID',
      'A channel of the spillover has a comma in its name, which $SPILLOVER cannot say.',
      { place: '$SPILLOVER' },
    );
  }
  return [detectors.length, ...detectors, ...matrix].join(',');
}

function encodeColumn(
  field: Field,
  view: DataView,
  base: number,
  eventBytes: number,
  count: number,
  column: Float32Array | Float64Array,
  picks: Uint32Array | null,
  first: number,
): void {
  switch (field.type) {
    case 'F':
      return writeFloat32(view, base, eventBytes, count, column, picks, first);
    case 'D':
      return writeFloat64(view, base, eventBytes, count, column, picks, first);
    case 'I':
    case 'A': {
      const bad = writeUint(view, base, field.bytes, eventBytes, count, column, picks, first);
      if (bad < 0) return;
      throw new ImmunogateError(
        'E_FCS_UNSUPPORTED',
        `Event ${first + bad} does not hold a whole number that fits the integer field; write as F or D.`,
      );
    }
  }
}
