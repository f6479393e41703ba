// immunogate events: the events of one file as CSV, Parquet or FCS. Values are as stored, unless a named step is asked for:
// --scale, then --compensate, then --transform, always in this order (reliability R-8).
import { existsSync, realpathSync } from 'node:fs';
import { extname } from 'node:path';
import { ImmunogateError, type Issue } from '../errors.ts';
import { findNamedChannel, labelChannels, type Column, type EventTable } from '../events/index.ts';
import { readEvents, readFcs, writeFcs, type FcsFile, type Scaling } from '../fcs/index.ts';
import { openFile } from '../fcs/node.ts';
import { csvCell } from '../results/index.ts';
import { openFileWriter, type FileWriter } from '../results/node.ts';
import {
  compensateColumns,
  createUnmixing,
  spilloverMatrix,
  transformColumn,
  unmixingIssues,
  type CompensationMatrix,
} from '../signal/index.ts';
import { readCompensation } from './documents.ts';
import { UsageError } from './exit.ts';
import { printable } from './text.ts';
import { parseTransform } from './transform-spec.ts';

export interface EventsOptions {
  readonly output: string;
  readonly dataset?: number;
  readonly scale?: boolean;
  readonly compensate?: boolean;
  /** Table of the matrix to compensate by, instead of the file's own. */
  readonly compensation?: string;
  readonly transform: readonly string[];
}

const formats = ['.csv', '.parquet', '.fcs'];

/** Writes the table whole or not at all. Throws the file's refusal, UsageError, or an output failure. */
export async function events(path: string, options: EventsOptions): Promise<void> {
  const format = extname(options.output).toLowerCase();
  if (!formats.includes(format)) throw new UsageError(`-o needs a name that ends in ${formats.join(', ')}.`);
  if (existsSync(options.output) && existsSync(path) && realpathSync(options.output) === realpathSync(path))
    throw new UsageError('-o is the input itself, which is never overwritten.');
  const transforms = options.transform.map(parseTransform);
  const matrix = options.compensation === undefined ? null : readCompensation(options.compensation);
  const scaling: Scaling = options.scale === true ? 'scaled' : 'raw';
  const source = openFile(path);
  try {
    const file = readFcs(source, options.dataset === undefined ? {} : { dataset: options.dataset });
    const read = readEvents(source, file, { scaling });
    const warnings: Issue[] = [...file.findings, ...read.findings];
    let { table } = read;
    if (matrix !== null) table = compensated(table, matrix, warnings);
    else if (options.compensate === true) table = compensated(table, ownMatrix(file), warnings);
    for (const { code, message, level } of warnings) {
      if (level === 'warning') console.error(`${code}: ${printable(message)}`);
    }
    table = transformed(table, transforms);
    const changed = table !== read.table;
    const writer = openFileWriter(options.output);
    try {
      if (format === '.csv') writeCsv(table, writer);
      else if (format === '.parquet') writer.write(await parquetOf(table));
      else {
        const spillover = changed ? { spillover: null } : {};
        writeFcs(table, (chunk) => writer.write(chunk), {
          from: file,
          scaling: changed ? 'scaled' : scaling,
          ...spillover,
        });
      }
      writer.commit();
    } catch (error) {
      writer.discard();
      throw error;
    }
  } finally {
    source.close();
  }
}

function ownMatrix({ spillover }: FcsFile): CompensationMatrix {
  if (spillover !== null) return spilloverMatrix(spillover);
  throw new ImmunogateError(
    'E_COMP_MISSING',
    'The file holds no usable spillover, so it cannot be compensated.',
  );
}

function compensated(table: EventTable, matrix: CompensationMatrix, warnings: Issue[]): EventTable {
  const unmixing = createUnmixing(matrix);
  warnings.push(...unmixingIssues(unmixing));
  const places = unmixing.detectors.map((name) => findNamedChannel(table.channels, name));
  const colours = compensateColumns(
    unmixing,
    places.map((place) => table.columns[place]),
  );
  const columns = [...table.columns];
  places.forEach((place, colour) => (columns[place] = colours[colour]));
  return { ...table, columns };
}

function transformed(
  table: EventTable,
  transforms: readonly ReturnType<typeof parseTransform>[],
): EventTable {
  if (transforms.length === 0) return table;
  const byChannel = new Map(
    transforms.map(({ channel, transform }) => [
      channel === null ? -1 : findNamedChannel(table.channels, channel),
      transform,
    ]),
  );
  const kinds = labelChannels(table.channels).map(({ kind }) => kind);
  const columns = table.columns.map((column, c): Column => {
    const transform = byChannel.get(c) ?? (kinds[c] === 'fluorescence' ? byChannel.get(-1) : undefined);
    if (transform === undefined) return column;
    const output = new Float64Array(table.count);
    transformColumn(transform, column, output);
    return output;
  });
  return { ...table, columns };
}

function writeCsv({ channels, columns, count }: EventTable, writer: FileWriter): void {
  // names are written exactly: a reader looks columns up by them
  writer.write(`${channels.map(({ name }) => exactCell(name)).join(',')}\n`);
  const eventsAtOnce = 4096;
  for (let first = 0; first < count; first += eventsAtOnce) {
    let lines = '';
    for (let e = first; e < Math.min(count, first + eventsAtOnce); e++) {
      for (let c = 0; c < columns.length; c++) lines += c === 0 ? String(columns[c][e]) : `,${columns[c][e]}`;
      lines += '\n';
    }
    writer.write(lines);
  }
}

/** csvCell without its guard against formulas: `-A` stays `-A`. */
function exactCell(name: string): string {
  return /^[=+\-@\t\r\0]/.test(name) ? `"${name.replaceAll('"', '""')}"` : csvCell(name);
}

async function parquetOf({ channels, columns }: EventTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map((data, c) => ({
    name: channels[c].name,
    type: data instanceof Float32Array ? ('FLOAT' as const) : ('DOUBLE' as const),
    data,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
