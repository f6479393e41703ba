// Exact statistics, first half: while the program runs, the values and one running sum for each (membership class, channel).
// Invariant: sums run in event order within fixed segments of the file and segments merge in order, so results do not depend on
// blocks, ranges or workers. The second half is percentiles.ts.
import type { Arena } from './arena.ts';
import type { ValueSource } from './bind.ts';
import {
  createClassValues,
  mergeClassValues,
  type ClassValues,
  type ClassValuesBuilder,
} from './class-values.ts';
import { ClassReader, type RowBlock } from './class-reader.ts';
import { createMembershipClasses, type MembershipClasses } from './membership-classes.ts';
import type { Program } from './program.ts';
import { accumulate, CODES, FIELDS } from './statistics.kernel.ts';

/** Events a segment; ranges of one file for several workers begin at multiples of it. */
export const SEGMENT_EVENTS = 524_288;

/** What one range of events contributes; plain data that can cross threads. Ranges of a file are merged in order. */
export interface StatisticsPart {
  readonly channels: readonly string[];
  /** Membership words of each class: classWords[c * words + w]. */
  readonly classWords: Int32Array;
  readonly values: ClassValues;
  /** Running sums of each segment in order: sums[(c * channels + j) * FIELDS + field]. */
  readonly segments: readonly Float64Array[];
}

/** Collects sums and histograms of the channels while the program runs. */
export class StatisticsCollector {
  private readonly program: Program;
  private readonly channels: readonly string[];
  private readonly classes: MembershipClasses;
  private readonly reader: ClassReader;
  private readonly ids: Uint16Array;
  private readonly store: ClassValuesBuilder;
  private readonly segments: Float64Array[] = [];
  private segment = -1;
  private sums = new Float64Array(0);

  constructor(
    program: Program,
    channels: readonly string[],
    sources: readonly ValueSource[],
    blockEvents: number,
    arena: Arena,
  ) {
    this.program = program;
    this.channels = channels;
    this.classes = createMembershipClasses(program.words);
    this.reader = new ClassReader(sources, blockEvents, arena);
    this.ids = new Uint16Array(blockEvents);
    this.store = createClassValues(channels.length);
  }

  /** Takes a gated block; returns the class ids of its events (valid until the next call). */
  add(block: RowBlock, words: readonly Int32Array[]): Uint16Array {
    this.classes.classify(words, 0, block.count, this.ids);
    for (let from = 0; from < block.count;) {
      const at = Math.floor((block.first + from) / SEGMENT_EVENTS);
      const to = Math.min(block.count, (at + 1) * SEGMENT_EVENTS - block.first);
      if (at !== this.segment) {
        this.segment = at;
        this.sums = new Float64Array(0);
        this.segments.push(this.sums);
      }
      this.grow();
      this.accumulate(block, from, to);
      from = to;
    }
    return this.ids;
  }

  part(): StatisticsPart {
    const { classes, program, channels, segments } = this;
    const classWords = new Int32Array(classes.size() * program.words);
    for (let c = 0; c < classes.size(); c++) {
      for (let w = 0; w < program.words; w++) classWords[c * program.words + w] = classes.word(c, w);
    }
    return { channels, classWords, values: this.store.result(classes.size()), segments };
  }

  private grow(): void {
    const length = this.classes.size() * this.channels.length * FIELDS;
    if (length <= this.sums.length) return;
    const larger = new Float64Array(length);
    larger.set(this.sums);
    this.sums = larger;
    this.segments[this.segments.length - 1] = larger;
  }

  private accumulate(block: RowBlock, from: number, to: number): void {
    const { reader, store, sums } = this;
    const classes = this.classes.size();
    if (!reader.read(block, this.ids, from, to, classes)) return;
    const { columns, codes, events, starts } = reader;
    for (let c = 0; c < classes; c++) {
      const [begin, end] = [starts[c + 1], starts[c + 2]];
      if (begin === end) continue;
      store.admit(c, end - begin);
      const row = store.row(c);
      const histograms = store.histograms();
      for (let j = 0; j < columns.length; j++) {
        const h = (row * columns.length + j) * CODES;
        const s = (c * columns.length + j) * FIELDS;
        accumulate(columns[j], codes[j], events, begin, end, histograms, h, sums, s);
        if (row === 0) store.hold(c, j, columns[j], events, begin, end);
      }
    }
  }
}

/** Merges parts of consecutive ranges; classes keep the order of first appearance. */
export function mergeStatistics(parts: readonly StatisticsPart[], words: number): StatisticsPart {
  if (parts.length === 1) return parts[0];
  const channels = parts[0].channels;
  const position = new Map<string, number>();
  const maps = parts.map((part) =>
    Int32Array.from({ length: part.classWords.length / words }, (_, c) => {
      const key = part.classWords.subarray(c * words, (c + 1) * words).join(',');
      const known = position.get(key);
      if (known !== undefined) return known;
      position.set(key, position.size);
      return position.size - 1;
    }),
  );
  const classWords = new Int32Array(position.size * words);
  const segments: Float64Array[] = [];
  parts.forEach((part, q) => {
    maps[q].forEach((to, c) => {
      classWords.set(part.classWords.subarray(c * words, (c + 1) * words), to * words);
    });
    for (const sums of part.segments) {
      const width = channels.length * FIELDS;
      const moved = new Float64Array(position.size * width);
      for (let c = 0; c * width < sums.length; c++)
        moved.set(sums.subarray(c * width, (c + 1) * width), maps[q][c] * width);
      segments.push(moved);
    }
  });
  const values = mergeClassValues(
    parts.map((part) => part.values),
    maps,
    { classes: position.size, channels: channels.length },
  );
  return { channels, classWords, values, segments };
}
