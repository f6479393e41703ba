// The values of each membership class in each channel: a histogram for a class of many events, the values themselves for one of few.
// Most gates that cross each other make many classes, nearly all of them small, and a histogram for each would cost more memory than
// the file; what is held back grows with the events.
import { CODES, codeOf } from './statistics.kernel.ts';

/** A class keeps its values up to so many events: an eighth of what its histograms take. */
const MOST_HELD = 256;

/** Plain data. Row `rows[c]` of the histograms belongs to class c; -1 = its values are held instead, or it has none. */
export interface ClassValues {
  readonly rows: Int32Array;
  /** histograms[(row * channels + j) * CODES + code]. */
  readonly histograms: Int32Array;
  /** Events [starts[c], starts[c + 1]) of the held values belong to class c. */
  readonly starts: Int32Array;
  /** held[event * channels + j]. */
  readonly held: Float64Array;
}

/** What values of one class are added to: `row` of `histograms`, which for a class that holds its values is one that nobody reads. */
export interface ClassValuesBuilder {
  /** Makes room for `count` more events of class c, before its channels are visited in order. */
  admit(c: number, count: number): void;
  histograms(): Int32Array;
  row(c: number): number;
  /** Holds values[events[k]], k in [from, to), of channel j, where the class holds its values. */
  hold(c: number, j: number, values: Float64Array, events: Int32Array, from: number, to: number): void;
  result(classes: number): ClassValues;
}

export function createClassValues(channels: number): ClassValuesBuilder {
  const width = channels * CODES;
  // row 0 takes what nobody reads
  let histograms = new Int32Array(16 * width);
  let used = 1;
  const rows: number[] = [];
  const held: Float64Array[] = [];
  /** Events held, and those that are being added, by class. */
  const counts: number[] = [];
  const begun: number[] = [];

  function promote(c: number): void {
    if ((used + 1) * width > histograms.length) {
      const larger = new Int32Array(histograms.length * 2);
      larger.set(histograms);
      histograms = larger;
    }
    rows[c] = used++;
    addHeld(histograms, rows[c] * width, held[c].subarray(0, counts[c] * channels), channels);
    held[c] = empty;
    counts[c] = 0;
  }

  return {
    histograms: () => histograms,
    row: (c) => rows[c],
    admit(c, count) {
      for (let fresh = rows.length; fresh <= c; fresh++) {
        rows.push(0);
        held.push(empty);
        counts.push(0);
        begun.push(0);
      }
      if (rows[c] > 0) return;
      const together = counts[c] + count;
      if (together > MOST_HELD) return promote(c);
      if (together * channels > held[c].length) {
        const larger = new Float64Array(Math.max(together, 2 * counts[c]) * channels);
        larger.set(held[c]);
        held[c] = larger;
      }
      begun[c] = counts[c];
      counts[c] = together;
    },
    hold(c, j, values, events, from, to) {
      const into = held[c];
      copyEvery(into, begun[c] * channels + j, channels, values, events, from, to);
    },
    result(classes) {
      const starts = new Int32Array(classes + 1);
      for (let c = 0; c < classes; c++) starts[c + 1] = starts[c] + (counts[c] ?? 0);
      const values = new Float64Array(starts[classes] * channels);
      for (let c = 0; c < classes; c++)
        values.set((held[c] ?? empty).subarray(0, (counts[c] ?? 0) * channels), starts[c] * channels);
      return {
        rows: Int32Array.from({ length: classes }, (_, c) => (rows[c] ?? 0) - 1),
        histograms: histograms.subarray(width, used * width),
        starts,
        held: values,
      };
    },
  };
}

const empty = new Float64Array(0);

/** values[events[k]] for k in [from, to), to every `step`th place of `into` from `at` on. */
function copyEvery(
  into: Float64Array,
  at: number,
  step: number,
  values: Float64Array,
  events: Int32Array,
  from: number,
  to: number,
): void {
  for (let k = from; k < to; k++) into[at + (k - from) * step] = values[events[k]];
}

function addHeld(histograms: Int32Array, at: number, held: Float64Array, channels: number): void {
  for (let e = 0; e * channels < held.length; e++)
    for (let j = 0; j < channels; j++) {
      const x = held[e * channels + j];
      if (x - x === 0) histograms[at + j * CODES + codeOf(x)]++;
    }
}

/** Adds parts up; maps[q][c] is the place of class c of part q among the `classes` of the whole. A class with a histogram anywhere has one. */
export function mergeClassValues(
  parts: readonly ClassValues[],
  maps: readonly Int32Array[],
  { classes, channels }: { readonly classes: number; readonly channels: number },
): ClassValues {
  const width = channels * CODES;
  const rows = new Int32Array(classes).fill(-1);
  let used = 0;
  parts.forEach((part, q) =>
    part.rows.forEach((row, c) => {
      if (row >= 0 && rows[maps[q][c]] < 0) rows[maps[q][c]] = used++;
    }),
  );
  const histograms = new Int32Array(used * width);
  const held = Array.from({ length: classes }, (): Float64Array[] => []);
  parts.forEach((part, q) =>
    part.rows.forEach((row, c) => {
      const at = rows[maps[q][c]] * width;
      const own = part.held.subarray(part.starts[c] * channels, part.starts[c + 1] * channels);
      if (at < 0) held[maps[q][c]].push(own);
      else if (row < 0) addHeld(histograms, at, own, channels);
      else for (let k = 0; k < width; k++) histograms[at + k] += part.histograms[row * width + k];
    }),
  );
  const starts = new Int32Array(classes + 1);
  held.forEach((own, c) => {
    starts[c + 1] = starts[c] + own.reduce((sum, { length }) => sum + length, 0) / channels;
  });
  const values = new Float64Array(starts[classes] * channels);
  let at = 0;
  for (const own of held.flat()) {
    values.set(own, at);
    at += own.length;
  }
  return { rows, histograms, starts, held: values };
}
