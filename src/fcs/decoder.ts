// The decoding plan of one file: which kernel with which arguments for each parameter, decided once, so that nothing is
// looked up per event. Between FcsFile (what the keywords say) and blocks.ts (which moves the bytes).
import { ImmunogateError } from '../errors.ts';
import {
  asciiColumn,
  float32Column,
  float64Column,
  straightenColumn,
  swap32,
  swap64,
  uint16Column,
  uint24Column,
  uint32Column,
  uint8Column,
  wideUintColumn,
} from './decode.kernel.ts';
import type { Amplification, FcsFile, Field, Parameter, Scaling } from './model.ts';
import { isTimeParameter } from './parameters.ts';
import { divideColumn, powerColumn, tableColumn } from './scale.kernel.ts';

export type Rows = Float32Array | Float64Array;

/** How stored events become rows of numbers. */
export type Decoder =
  /** The stored bytes are the rows: `in place`, after reversing bytes where the file is big-endian. */
  | {
      readonly kind: 'inPlace';
      readonly bytesPerValue: 4 | 8;
      readonly swap: ((words: Uint32Array, values: number) => void) | null;
    }
  /** Each parameter is decoded into rows of their own. `decode` reads `count` events from the start of `bytes`. */
  | {
      readonly kind: 'columns';
      readonly wide: boolean;
      readonly decode: (bytes: Uint8Array, byteOffset: number, count: number, rows: Rows) => void;
    };

/** What scaling does to one parameter; null = nothing. */
export type ParameterScale =
  | { readonly kind: 'gain'; readonly gain: number }
  | { readonly kind: 'power'; readonly amplification: Amplification; readonly range: number };

/** The scaling of each parameter. Time keeps its raw value; a logarithmic parameter has no gain. */
export function scalesOf(file: FcsFile, scaling: Scaling): (ParameterScale | null)[] {
  return file.parameters.map((parameter) => {
    if (scaling === 'raw' || isTimeParameter(parameter, file.keywords)) return null;
    const { amplification, range, gain } = parameter;
    if (amplification !== null && range !== null) return { kind: 'power', amplification, range };
    return gain === null || gain === 1 ? null : { kind: 'gain', gain };
  });
}

/** True when every value that the field can hold is a float32: F and integers of at most 24 bits. */
export function fitsFloat32(field: Field): boolean {
  switch (field.type) {
    case 'F':
      return true;
    case 'I':
      return (field.usedBits ?? field.bytes * 8) <= 24;
    case 'D':
    case 'A':
      return false;
  }
}

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

export function compileDecoder(file: FcsFile, scaling: Scaling): Decoder {
  const scales = scalesOf(file, scaling);
  const { fields, byteOrder, littleEndian } = file.data;
  const isScaled = scales.some((scale) => scale !== null);
  const [{ type }] = fields;
  const uniformFloat = (type === 'F' || type === 'D') && fields.every((field) => field.type === type);
  if (uniformFloat && byteOrder === null && !isScaled) {
    const bytesPerValue = type === 'F' ? 4 : 8;
    const swap = littleEndian === hostIsLittleEndian ? null : type === 'F' ? swap32 : swap64;
    return { kind: 'inPlace', bytesPerValue, swap };
  }
  const wide = isScaled || !fields.every(fitsFloat32);
  const decoders = columnDecoders(file);
  const tables = new Map<string, Float64Array>();
  const scalers = scales.map((scale, p) =>
    scale === null ? null : compileScale(scale, file.parameters[p], file.data.eventCount, tables),
  );
  const stride = fields.length;
  return {
    kind: 'columns',
    wide,
    decode(bytes, byteOffset, count, rows) {
      for (let p = 0; p < stride; p++) {
        decoders[p](bytes, byteOffset, count, rows, p);
        const scaler = scalers[p];
        if (scaler !== null && rows instanceof Float64Array) scaler(rows, count, p, stride);
      }
    },
  };
}

type ColumnDecoder = (bytes: Uint8Array, byteOffset: number, count: number, rows: Rows, p: number) => void;

function columnDecoders(file: FcsFile): ColumnDecoder[] {
  const { eventBytes, fields } = file.data;
  let at = 0;
  return fields.map((field) => {
    const decoder = columnDecoder(field, at, eventBytes, fields.length, file);
    at += field.bytes;
    return decoder;
  });
}

function columnDecoder(
  field: Field,
  at: number,
  eventBytes: number,
  stride: number,
  file: FcsFile,
): ColumnDecoder {
  switch (field.type) {
    case 'I':
      return integerDecoder(field, at, eventBytes, stride, byteOffsets(field.bytes, file));
    case 'F':
    case 'D':
      return floatDecoder(field, at, eventBytes, stride, file);
    case 'A':
      return (bytes, offset, count, rows, p) => {
        const bad = asciiColumn(bytes, offset + at, field.bytes, eventBytes, count, rows, p, stride);
        if (bad < 0) return;
        throw new ImmunogateError(
          'E_FCS_LAYOUT_INCONSISTENT',
          `The ASCII data of parameter ${p + 1} holds something that is not a number.`,
        );
      };
  }
}

/** Offset of each byte within a field, least significant first. */
function byteOffsets(width: number, file: FcsFile): readonly number[] {
  const { byteOrder, littleEndian } = file.data;
  if (byteOrder !== null && byteOrder.length === width) return byteOrder;
  return Array.from({ length: width }, (_, k) => (littleEndian ? k : width - 1 - k));
}

function integerDecoder(
  field: Field,
  at: number,
  eventBytes: number,
  stride: number,
  order: readonly number[],
): ColumnDecoder {
  const used = field.usedBits ?? field.bytes * 8;
  const low = lowBits(Math.min(used, 32));
  const high = lowBits(Math.max(used - 32, 0));
  switch (field.bytes) {
    case 1:
      return (bytes, offset, count, rows, p) =>
        uint8Column(bytes, offset + at, eventBytes, count, low, rows, p, stride);
    case 2:
      return (bytes, offset, count, rows, p) =>
        uint16Column(bytes, offset + at, eventBytes, count, order, low, rows, p, stride);
    case 3:
      return (bytes, offset, count, rows, p) =>
        uint24Column(bytes, offset + at, eventBytes, count, order, low, rows, p, stride);
    case 4:
      return (bytes, offset, count, rows, p) =>
        uint32Column(bytes, offset + at, eventBytes, count, order, low, rows, p, stride);
    default:
      return (bytes, offset, count, rows, p) =>
        wideUintColumn(bytes, offset + at, eventBytes, count, order, low, high, rows, p, stride);
  }
}

/** A 32-bit mask of the `bits` lowest bits, 0 to 32. */
function lowBits(bits: number): number {
  return bits === 32 ? -1 : (1 << bits) - 1;
}

function floatDecoder(
  field: Field,
  at: number,
  eventBytes: number,
  stride: number,
  file: FcsFile,
): ColumnDecoder {
  const column = field.type === 'F' ? float32Column : float64Column;
  const { byteOrder, littleEndian } = file.data;
  const scratch = new Uint8Array(8);
  return (bytes, offset, count, rows, p) => {
    if (byteOrder !== null) straightenColumn(bytes, offset + at, eventBytes, count, byteOrder, scratch);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    column(view, offset + at, eventBytes, count, littleEndian, rows, p, stride);
  };
}

type Scaler = (rows: Float64Array, count: number, p: number, stride: number) => void;

/** Widest integer for which a table of all values is made, and only when there are more events than entries. */
const tableBits = 16;

/** `tables` is shared by the parameters of a file: equal scales use one table, which then stays in the cache. */
function compileScale(
  scale: ParameterScale,
  parameter: Parameter,
  eventCount: number,
  tables: Map<string, Float64Array>,
): Scaler {
  switch (scale.kind) {
    case 'gain':
      return (rows, count, p, stride) => divideColumn(rows, count, p, stride, scale.gain);
    case 'power': {
      const { amplification, range } = scale;
      const { decades, offset } = amplification;
      const bits = parameter.field.usedBits ?? parameter.field.bytes * 8;
      if (parameter.field.type !== 'I' || bits > tableBits || eventCount < 1 << bits) {
        return (rows, count, p, stride) => powerColumn(rows, count, p, stride, decades, range, offset);
      }
      const key = [bits, decades, range, offset].join(' ');
      const table = tables.get(key) ?? Float64Array.from({ length: 1 << bits }, (_, x) => x);
      if (!tables.has(key)) powerColumn(table, table.length, 0, 1, decades, range, offset);
      tables.set(key, table);
      return (rows, count, p, stride) => tableColumn(rows, count, p, stride, table);
    }
  }
}
