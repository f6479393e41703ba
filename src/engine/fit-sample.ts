// The bounded event sample that FIT looks at: fitting costs the same for a file of any size, and counting stays exact.
// The sample is a pure function of the file: runs of consecutive events, evenly spread from first to last, close enough together that
// a clog of a few percent of the file does not fall between them.
import type { Column, EventTable } from '../events/index.ts';
import { channelsOf, openEventBlocks, type ByteSource, type FcsFile } from '../fcs/index.ts';
import type { FitSample } from '../gating/index.ts';

/** Events that FIT sees at most; smaller files are seen whole. */
export const mostFitEvents = 262_144;
/** Events of a run. */
const runEvents = 256;

/** Scaled values of the sampled events, all channels, in file order. */
export function readFitSample(source: ByteSource, file: FcsFile, most: number = mostFitEvents): FitSample {
  const total = file.data.eventCount;
  const isWhole = total <= most;
  const runs = isWhole ? [{ first: 0, end: total }] : spread(total, most);
  return {
    table: readRanges(source, file, runs),
    spillover: file.spillover,
    positions: isWhole ? null : Float64Array.from(runs.flatMap(places)),
  };
}

/** Scaled values of the events of some ranges, one after another; ends are exclusive. */
export function readRanges(source: ByteSource, file: FcsFile, ranges: readonly Run[]): EventTable {
  const count = ranges.reduce((sum, { first, end }) => sum + end - first, 0);
  const stride = file.parameters.length;
  const columns: Column[] = file.parameters.map(() => new Float64Array(count));
  let at = 0;
  for (const { first, end } of ranges) {
    const blocks = openEventBlocks(source, file, { scaling: 'scaled', firstEvent: first, endEvent: end });
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      for (let c = 0; c < stride; c++) {
        const column = columns[c];
        for (let e = 0; e < block.count; e++) column[at + e] = block.rows[e * stride + c];
      }
      at += block.count;
    }
  }
  return { count, channels: channelsOf(file, 'scaled'), columns };
}

interface Run {
  readonly first: number;
  readonly end: number;
}

/** Runs of equal length, the first at the first event, the last ending at the last. */
function spread(total: number, most: number): Run[] {
  const runs = Math.max(2, Math.floor(most / runEvents));
  return Array.from({ length: runs }, (_, r) => {
    const first = Math.floor((r * (total - runEvents)) / (runs - 1));
    return { first, end: first + runEvents };
  });
}

function places({ first, end }: Run): number[] {
  return Array.from({ length: end - first }, (_, e) => first + e);
}
