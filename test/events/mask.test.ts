// Event masks against plain arrays of booleans.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countEvents,
  createMask,
  forEachEvent,
  hasEvent,
  maskAnd,
  maskAndNot,
  maskOr,
  setEvent,
  type EventMask,
} from '../../src/events/index.ts';

function maskOf(flags: readonly boolean[]): EventMask {
  const mask = createMask(flags.length);
  flags.forEach((flag, e) => {
    if (flag) setEvent(mask, e);
  });
  return mask;
}
const listOf = (mask: EventMask): number[] => {
  const events: number[] = [];
  forEachEvent(mask, (event) => events.push(event));
  return events;
};

describe('event masks', () => {
  it('agree with arrays of booleans', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 200 }), (pairs) => {
        const a = maskOf(pairs.map(([x]) => x));
        const b = maskOf(pairs.map(([, y]) => y));
        const events = (test: (x: boolean, y: boolean) => boolean): number[] =>
          pairs.flatMap(([x, y], e) => (test(x, y) ? [e] : []));
        expect(listOf(a)).toEqual(events((x) => x));
        expect(countEvents(a)).toBe(events((x) => x).length);
        expect(listOf(maskAnd(a, b))).toEqual(events((x, y) => x && y));
        expect(listOf(maskOr(a, b))).toEqual(events((x, y) => x || y));
        expect(listOf(maskAndNot(a, b))).toEqual(events((x, y) => x && !y));
      }),
    );
  });
  it.each([0, 1, 31, 32, 33, 64, 100])('a full mask of %i events holds just those', (length) => {
    const mask = createMask(length, true);
    expect(countEvents(mask)).toBe(length);
    expect(listOf(mask)).toEqual(Array.from({ length }, (_, e) => e));
    expect([hasEvent(mask, -1), hasEvent(mask, length)]).toEqual([false, false]);
  });
  it('takes an event out again, and refuses events outside', () => {
    const mask = createMask(40, true);
    setEvent(mask, 31, false);
    expect([hasEvent(mask, 31), countEvents(mask)]).toEqual([false, 39]);
    expect(() => setEvent(mask, 40)).toThrow(RangeError);
    expect(() => setEvent(mask, 1.5)).toThrow(RangeError);
  });
  it('refuses masks of different length', () => {
    expect(() => maskAnd(createMask(1), createMask(2))).toThrow(/do not go together/);
  });
});
