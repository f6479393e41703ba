// EventMask: a set of events as bits. Event e is bit e % 32 of word e / 32.
// Invariant: bits at and beyond `length` are zero, so that counting and comparing need no care.
import { ImmunogateError } from '../errors.ts';

export interface EventMask {
  /** Number of events; the mask says yes or no for each of [0, length). */
  readonly length: number;
  readonly words: Uint32Array;
}

/** A mask of `length` events, all in or all out. */
export function createMask(length: number, filled = false): EventMask {
  const words = new Uint32Array(Math.ceil(length / 32));
  if (filled && length > 0) {
    words.fill(0xffffffff);
    if (length % 32 !== 0) words[words.length - 1] = 0xffffffff >>> (32 - (length % 32));
  }
  return { length, words };
}

/** Puts one event in or out; events outside [0, length) are a RangeError. */
export function setEvent(mask: EventMask, event: number, inside = true): void {
  if (!(Number.isInteger(event) && event >= 0 && event < mask.length)) {
    throw new RangeError(`event ${event} is not in [0, ${mask.length})`);
  }
  if (inside) mask.words[event >>> 5] |= 1 << (event & 31);
  else mask.words[event >>> 5] &= ~(1 << (event & 31));
}

/** Whether an event is in; false outside [0, length). */
export function hasEvent(mask: EventMask, event: number): boolean {
  return event >= 0 && event < mask.length && ((mask.words[event >>> 5] >>> (event & 31)) & 1) === 1;
}

/** Number of events in the mask. */
export function countEvents(mask: EventMask): number {
  let count = 0;
  for (const word of mask.words) {
    let v = word - ((word >>> 1) & 0x55555555);
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    count += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** Events in both. All three throw E_INTERNAL for masks of different length. */
export function maskAnd(a: EventMask, b: EventMask): EventMask {
  return combine(a, b, (x, y) => x & y);
}

/** Events in either. */
export function maskOr(a: EventMask, b: EventMask): EventMask {
  return combine(a, b, (x, y) => x | y);
}

/** Events in `a` and not in `b`. */
export function maskAndNot(a: EventMask, b: EventMask): EventMask {
  return combine(a, b, (x, y) => x & ~y);
}

/** Calls `visit` with every event of the mask in ascending order. */
export function forEachEvent(mask: EventMask, visit: (event: number) => void): void {
  mask.words.forEach((word, w) => {
    for (let rest = word; rest !== 0; rest &= rest - 1) visit(w * 32 + 31 - Math.clz32(rest & -rest));
  });
}

function combine(a: EventMask, b: EventMask, operation: (x: number, y: number) => number): EventMask {
  if (a.length !== b.length)
    throw new ImmunogateError(
      'E_INTERNAL',
      `Masks of ${a.length} and ${b.length} events do not go together.`,
    );
  return { length: a.length, words: a.words.map((word, w) => operation(word, b.words[w])) };
}
