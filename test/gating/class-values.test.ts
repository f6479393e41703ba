// Values of classes: held while they are few, a histogram from the 257th event on, and the same in whatever parts they arrive.
import { describe, expect, it } from 'vitest';
import { createClassValues, mergeClassValues, type ClassValues } from '../../src/gating/class-values.ts';
import { codeOf, CODES } from '../../src/gating/statistics.kernel.ts';

const channels = 2;

/** Adds events to classes as the collector does: class of each event, two values an event. */
function collect(classes: number, events: readonly { c: number; values: readonly [number, number] }[]) {
  const store = createClassValues(channels);
  for (const { c, values } of events) {
    store.admit(c, 1);
    values.forEach((x, j) => {
      if (store.row(c) === 0) store.hold(c, j, Float64Array.of(x), Int32Array.of(0), 0, 1);
      else store.histograms()[(store.row(c) * channels + j) * CODES + codeOf(x)]++;
    });
  }
  return store.result(classes);
}

/** What is known of a class in a channel: how many values have each code. */
function codes({ rows, histograms, starts, held }: ClassValues, c: number, j: number): Map<number, number> {
  const found = new Map<number, number>();
  const add = (code: number, n: number) => n > 0 && found.set(code, (found.get(code) ?? 0) + n);
  for (let e = starts[c]; e < starts[c + 1]; e++) add(codeOf(held[e * channels + j]), 1);
  if (rows[c] >= 0)
    for (let code = 0; code < CODES; code++) add(code, histograms[(rows[c] * channels + j) * CODES + code]);
  return found;
}

const event = (c: number, k: number) => ({ c, values: [k * 10, -k] as const });
const many = Array.from({ length: 700 }, (_, k) => event(k % 7 === 0 ? 1 : 0, k));

describe('values of classes', () => {
  it('are held up to 256 events and counted by code beyond', () => {
    const at = (n: number) =>
      collect(
        1,
        Array.from({ length: n }, (_, k) => event(0, k)),
      );
    expect(at(256).rows).toEqual(Int32Array.of(-1));
    expect(at(256).starts).toEqual(Int32Array.of(0, 256));
    expect(at(256).held.slice(0, 6)).toEqual(Float64Array.of(0, -0, 10, -1, 20, -2));
    expect(at(257).rows).toEqual(Int32Array.of(0));
    expect(at(257).held.length).toBe(0);
    // values 0 … 256 step by step: those of one code are as many as their codes say
    const expected = new Map<number, number>();
    for (let k = 0; k < 257; k++) expected.set(codeOf(-k), (expected.get(codeOf(-k)) ?? 0) + 1);
    expect(codes(at(257), 0, 1)).toEqual(expected);
  });

  it('say the same whole and in parts, whichever parts hold values', () => {
    const whole = collect(2, many);
    for (const cut of [1, 100, 300, 650]) {
      const identity = Int32Array.of(0, 1);
      const merged = mergeClassValues(
        [collect(2, many.slice(0, cut)), collect(2, many.slice(cut))],
        [identity, identity],
        { classes: 2, channels },
      );
      for (const c of [0, 1])
        for (const j of [0, 1]) expect(codes(merged, c, j), `cut ${cut}`).toEqual(codes(whole, c, j));
    }
  });

  it('follow their class to its place in the whole', () => {
    const [first, second] = [collect(1, [event(0, 3)]), collect(2, [event(0, 5), event(1, 4)])];
    const merged = mergeClassValues([first, second], [Int32Array.of(0), Int32Array.of(1, 0)], {
      classes: 2,
      channels,
    });
    expect(merged.starts).toEqual(Int32Array.of(0, 2, 3));
    expect(merged.held).toEqual(Float64Array.of(30, -3, 40, -4, 50, -5));
  });
});
