// The bounded event sample that FIT looks at: fitting costs the same for a file of any size, and counting stays exact.
// The sample is a pure function of the file: 64 runs of consecutive events, evenly spread from first to last.
import type { Column, EventTable } from '../events/index.ts';
import { channelsOf, openEventBlocks, type ByteSource, type FcsFile } from '../fcs/index.ts';

/** Events that FIT sees at most; smaller files are seen whole. */
export const mostFitEvents = 262_144;
const runs = 64;

/** Scaled values of the sampled events, all channels, in file order. */
export function readFitSample(source: ByteSource, file: FcsFile, most: number = mostFitEvents): EventTable {
  const total = file.data.eventCount;
  const ranges = total <= most ? [{ first: 0, end: total }] : spread(total, most);
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

/** `runs` ranges of equal length, the first at the first event, the last ending at the last. */
function spread(total: number, most: number): { readonly first: number; readonly end: number }[] {
  const length = Math.floor(most / runs);
  return Array.from({ length: runs }, (_, r) => {
    const first = Math.floor((r * (total - length)) / (runs - 1));
    return { first, end: first + length };
  });
}
