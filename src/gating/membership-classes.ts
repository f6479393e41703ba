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
  let slots = new Uint16Array(1024);
  let known = new Int32Array(256 * wordCount);
  let size = 0;
  const word = (c: number, w: number) => known[c * wordCount + w];

  function slotOf(words: readonly Int32Array[], i: number): number {
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

  function add(words: readonly Int32Array[], i: number, slot: number): void {
    if (size === MOST) throw new RangeError('more membership classes than can be told apart');
    if ((size + 1) * wordCount > known.length) {
      const larger = new Int32Array(known.length * 2);
      larger.set(known);
      known = larger;
    }
    for (let w = 0; w < wordCount; w++) known[size * wordCount + w] = words[w][i];
    size++;
    slots[slot] = size;
    if (size * 2 > slots.length) rehash();
  }

  function rehash(): void {
    slots = new Uint16Array(slots.length * 4);
    const one = Array.from({ length: wordCount }, () => new Int32Array(1));
    for (let c = 0; c < size; c++) {
      for (let w = 0; w < wordCount; w++) one[w][0] = word(c, w);
      slots[slotOf(one, 0)] = c + 1;
    }
  }

  const one = Array.from({ length: wordCount }, () => new Int32Array(1));
  for (let at = 0; at < begin.length; at += wordCount) {
    for (let w = 0; w < wordCount; w++) one[w][0] = begin[at + w];
    add(one, 0, slotOf(one, 0));
  }

  function classify(words: readonly Int32Array[], from: number, to: number, ids: Uint16Array): void {
    for (let i = from; i < to; i++) {
      let any = 0;
      for (let w = 0; w < wordCount; w++) any |= words[w][i];
      if (any === 0) {
        ids[i] = 0;
        continue;
      }
      const slot = slotOf(words, i);
      const id = slots[slot];
      if (id === 0) add(words, i, slot);
      ids[i] = id === 0 ? size : id;
    }
  }
  return { classify, size: () => size, word };
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
