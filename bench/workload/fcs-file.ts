// Writes benchmark FCS 3.1 files of any size, a chunk at a time. Deliberately not the product's writer, so that a fault there
// cannot hide in the benches: HEADER and TEXT are spelled out here, DATA is float32, little-endian, wherever TEXT happens to end.
import { closeSync, openSync, writeSync } from 'node:fs';
import { CHUNK_EVENTS, drawChunk } from './blood.ts';
import { panelOf, spilloverOf, type Panel } from './panel.ts';

export interface FileRequest {
  readonly events: number;
  /** 8 to 40. */
  readonly parameters: number;
  readonly seed: number;
  /** Writes the events this many times over ($TOT = events x repeats): big files quickly, with counts exactly so many times as large. */
  readonly repeats?: number;
}

/** Top of the Time channel: the acquisition lasts 6,000 ticks whatever the number of events ($TIMESTEP 1 s). */
export const TIME_TICKS = 6_000;

/** Writes the file; memory stays at two chunks. */
export function writeFcs(path: string, { events, parameters, seed, repeats = 1 }: FileRequest): void {
  const panel = panelOf(parameters);
  const head = headOf(panel, events * repeats);
  const descriptor = openSync(path, 'w');
  let at = writeAll(descriptor, Buffer.from(head, 'latin1'), 0);
  const timeOf = (event: number): number => Math.floor((TIME_TICKS * event) / events);
  for (let first = 0; first < events; first += CHUNK_EVENTS) {
    const count = Math.min(CHUNK_EVENTS, events - first);
    const rows = drawChunk(panel, seed, first / CHUNK_EVENTS, count, timeOf);
    const bytes = Buffer.from(rows.buffer);
    for (let r = 0; r < repeats; r++) writeAll(descriptor, bytes, at + r * events * parameters * 4);
    at += bytes.byteLength;
  }
  closeSync(descriptor);
}

function writeAll(descriptor: number, bytes: Buffer, position: number): number {
  let done = 0;
  while (done < bytes.length)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  return position + bytes.length;
}

/** HEADER (58 bytes) and TEXT. Offsets past 99,999,999 are 0 in HEADER, as the standard asks; TEXT always has them. */
function headOf(panel: Panel, total: number): string {
  const width = panel.names.length;
  const dataBytes = total * width * 4;
  let begin = -1;
  let text = '';
  // The length of TEXT depends on the digits of the offsets in it; two or three rounds settle it.
  while (begin !== 58 + text.length) {
    begin = 58 + text.length;
    text = textOf(panel, total, begin, begin + dataBytes - 1);
  }
  const end = begin + dataBytes - 1;
  const fits = end <= 99_999_999;
  const offsets = [58, begin - 1, fits ? begin : 0, fits ? end : 0, 0, 0];
  return `FCS3.1    ${offsets.map((offset) => String(offset).padStart(8)).join('')}${text}`;
}

function textOf(panel: Panel, total: number, begin: number, end: number): string {
  const { names, stains, firstColour, colourCount } = panel;
  const detectors = names.slice(firstColour, firstColour + colourCount);
  const spill = [colourCount, ...detectors, ...spilloverOf(colourCount)].join(',');
  const pairs: [string, string | number][] = [
    ['$BEGINANALYSIS', 0],
    ['$ENDANALYSIS', 0],
    ['$BEGINSTEXT', 0],
    ['$ENDSTEXT', 0],
    ['$BEGINDATA', begin],
    ['$ENDDATA', end],
    ['$BYTEORD', '1,2,3,4'],
    ['$DATATYPE', 'F'],
    ['$MODE', 'L'],
    ['$NEXTDATA', 0],
    ['$PAR', names.length],
    ['$TOT', total],
    ['$TIMESTEP', 1],
    ['$CYT', 'benchmark'],
    ['$SPILLOVER', spill],
  ];
  names.forEach((name, p) => {
    const key = `$P${p + 1}`;
    pairs.push([`${key}N`, name], [`${key}B`, 32], [`${key}E`, '0,0'], [`${key}R`, 262_144]);
    if (stains[p] !== '') pairs.push([`${key}S`, stains[p]]);
  });
  return `|${pairs.map(([key, value]) => `${key}|${value}`).join('|')}|`;
}
