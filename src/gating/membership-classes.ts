// Membership classes: events of one sample fall into few distinct membership words, and whatever holds for a population is a sum
// over the classes that contain it. Class ids are given in order of first appearance, so they depend on the data alone.

/** Largest number of classes; ids fit 16 bits and 0 means "in no population". */
const MOST = 65_534;

export interface MembershipClasses {
  /** Writes the class id (from 1; 0 = in no population) of each event in [from, to) of the block into `ids`. */
  classify(words: readonly Int32Array[], from: number, to: number, ids: Uint16Array): void;
  /** Number of classes so far. */
  size(): number;
  /** Word w of class c (0-based class, that is id - 1). */
  word(c: number, w: number): number;
}

/** `begin` (words of classes one after another) gives their ids from the start, in that order. */
export function createMembershipClasses(
  wordCount: number,
  begin: Int32Array = new Int32Array(0),
): MembershipClasses {
  return new ClassTable(wordCount, begin);
}

/** An open hash table from words to ids. A class, so that V8 keeps what it compiles from one file to the next. */
class ClassTable implements MembershipClasses {
  private readonly wordCount: number;
  private slots = new Uint16Array(1024);
  private known: Int32Array;
  private count = 0;

  constructor(wordCount: number, begin: Int32Array) {
    this.wordCount = wordCount;
    this.known = new Int32Array(256 * wordCount);
    const one = Array.from({ length: wordCount }, () => new Int32Array(1));
    for (let at = 0; at < begin.length; at += wordCount) {
      for (let w = 0; w < wordCount; w++) one[w][0] = begin[at + w];
      this.add(one, 0, this.slotOf(one, 0));
    }
  }

  size(): number {
    return this.count;
  }

  word(c: number, w: number): number {
    return this.known[c * this.wordCount + w];
  }

  classify(words: readonly Int32Array[], from: number, to: number, ids: Uint16Array): void {
    const { wordCount } = this;
    for (let i = from; i < to; i++) {
      let any = 0;
      for (let w = 0; w < wordCount; w++) any |= words[w][i];
      if (any === 0) {
        ids[i] = 0;
        continue;
      }
      const slot = this.slotOf(words, i);
      const id = this.slots[slot];
      if (id === 0) this.add(words, i, slot);
      ids[i] = id === 0 ? this.count : id;
    }
  }

  private slotOf(words: readonly Int32Array[], i: number): number {
    const { wordCount, slots, known } = this;
    let hash = 0;
    for (let w = 0; w < wordCount; w++) hash = Math.imul(hash ^ words[w][i], 0x9e3779b1);
    hash ^= hash >>> 15;
    const last = slots.length - 1;
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const id = slots[slot];
      if (id === 0) return slot;
      let same = true;
      for (let w = 0; w < wordCount && same; w++) same = words[w][i] === known[(id - 1) * wordCount + w];
      if (same) return slot;
    }
  }

  private add(words: readonly Int32Array[], i: number, slot: number): void {
    const { wordCount } = this;
    if (this.count === MOST) throw new RangeError('more membership classes than can be told apart');
    if ((this.count + 1) * wordCount > this.known.length) {
      const larger = new Int32Array(this.known.length * 2);
      larger.set(this.known);
      this.known = larger;
    }
    for (let w = 0; w < wordCount; w++) this.known[this.count * wordCount + w] = words[w][i];
    this.count++;
    this.slots[slot] = this.count;
    if (this.count * 2 > this.slots.length) this.rehash();
  }

  private rehash(): void {
    this.slots = new Uint16Array(this.slots.length * 4);
    const one = Array.from({ length: this.wordCount }, () => new Int32Array(1));
    for (let c = 0; c < this.count; c++) {
      for (let w = 0; w < this.wordCount; w++) one[w][0] = this.word(c, w);
      this.slots[this.slotOf(one, 0)] = c + 1;
    }
  }
}

/** Sorts the events of a block by class, stably: those of class id c fill events[starts[c]] up to events[starts[c + 1]] (c = 0 is skipped). */
export function sortByClass(
  ids: Uint16Array,
  from: number,
  to: number,
  classes: number,
  starts: Int32Array,
  events: Int32Array,
): void {
  starts.fill(0, 0, classes + 2);
  for (let i = from; i < to; i++) starts[ids[i] + 1]++;
  starts[1] = 0;
  for (let c = 1; c <= classes; c++) starts[c + 1] += starts[c];
  for (let i = from; i < to; i++) {
    const id = ids[i];
    if (id !== 0) events[starts[id]++] = i;
  }
  for (let c = classes + 1; c > 1; c--) starts[c] = starts[c - 1];
  starts[1] = 0;
}
