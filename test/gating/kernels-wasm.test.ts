// The WebAssembly kernels: made from their source as it stands, and the same bits as the plain kernels that define them.
import { readFileSync } from 'node:fs';
import initWabt from 'wabt';
import { expect, it } from 'vitest';
import { withArena, type Arena } from '../../src/gating/arena.ts';
import { createFiller } from '../../src/gating/columns.ts';
import { keyOf, KEYS, unmix } from '../../src/gating/count.kernel.ts';
import { kernelsBase64 } from '../../src/gating/kernels-wasm.ts';
import { codeOf, NOT_FINITE } from '../../src/gating/statistics.kernel.ts';
import { createRandom } from '../../src/math/index.ts';

it('are what kernels.wat says', async () => {
  const wabt = await initWabt();
  const module = wabt.parseWat('kernels.wat', readFileSync('src/gating/kernels.wat', 'utf8'), { simd: true });
  module.validate();
  expect(Buffer.from(module.toBinary({}).buffer).toString('base64')).toBe(kernelsBase64);
});

/** Rows of 11 parameters for 1,000 events in an arena, some of them no ordinary numbers, and a list of n of the events. */
function simulated(arena: Arena, n: number) {
  const random = createRandom(`kernels ${n}`);
  const [events, stride] = [1000, 11];
  const rows = new Float32Array(arena.buffer, arena.uint8(events * stride * 4).byteOffset, events * stride);
  rows.forEach((_, k) => (rows[k] = k % 97 === 5 ? [NaN, Infinity, -0, 1e30][k % 4] : 1e4 * random.normal()));
  const list = arena.int32(n);
  list.forEach((_, k) => (list[k] = Math.floor((k * events) / n)));
  return { random, events, stride, rows, list };
}

const bitsOf = (column: Float64Array): BigUint64Array => new BigUint64Array(column.slice().buffer);
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 17, 1000];

it.each(lengths)('unmix and gather %i listed events to the bits of the plain kernels', (n) => {
  withArena(1 << 20, (arena) => {
    const { random, events, stride, rows, list } = simulated(arena, n);
    const offsets = Int32Array.from([1, 3, 4, 5, 8, 9, 10]);
    for (const colours of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const weights = Array.from({ length: colours }, () =>
        Float64Array.from(offsets, () => random.normal()),
      );
      const columns = weights.map(() => arena.float64(events).fill(7));
      const places = weights.map((_, c) => c);
      createFiller({ kind: 'unmix', offsets, weights, columns: places }, columns, arena)(
        rows,
        stride,
        list,
        n,
      );
      for (const [c, column] of columns.entries()) {
        const expected = new Float64Array(events).fill(7);
        unmix(rows, stride, offsets, weights[c], list, n, expected);
        expect(bitsOf(column), `colour ${c} of ${colours}`).toEqual(bitsOf(expected));
      }
    }
    const column = arena.float64(events).fill(7);
    createFiller({ kind: 'gather', parameter: 4, column: 0 }, [column], arena)(rows, stride, list, n);
    const expected = new Float64Array(events).fill(7);
    for (const i of list) expected[i] = rows[i * stride + 4];
    expect(bitsOf(column)).toEqual(bitsOf(expected));
  });
});

it.each(lengths)('test ranges and rectangles of %i listed events, half-open, NaN never inside', (n) => {
  withArena(1 << 20, ({ kernels, ...arena }) => {
    const { random, events, list } = simulated({ kernels, ...arena }, n);
    const [x, y] = [arena.float64(events), arena.float64(events)];
    const odd = [NaN, Infinity, -Infinity, -0, 1, 2];
    for (const column of [x, y]) {
      column.forEach((_, i) => (column[i] = i % 3 === 0 ? odd[(i / 3) % 6] : 3 * random.normal()));
    }
    const out = arena.int32(n);
    const [from, to] = [list.byteOffset, out.byteOffset];
    const limits = [
      [1, 2],
      [-Infinity, 0],
      [0, NaN],
      [NaN, 2],
      [-Infinity, NaN],
      [2, 1],
      [-0, Infinity],
    ];
    const inside = (v: number, [low, high]: readonly number[]): boolean =>
      v >= low && (Number.isNaN(high) ? !Number.isNaN(v) : v < high);
    for (const across of limits) {
      const m = kernels.withinRange(x.byteOffset, across[0], across[1], from, n, to);
      expect(out.slice(0, m)).toEqual(list.filter((i) => inside(x[i], across)));
      for (const up of limits) {
        const both = kernels.withinRectangle(
          ...[x.byteOffset, across[0], across[1], y.byteOffset, up[0], up[1]],
          ...[from, n, to],
        );
        expect(out.slice(0, both)).toEqual(list.filter((i) => inside(x[i], across) && inside(y[i], up)));
      }
    }
    // in place: a second range reads the list that the first wrote
    const kept = list.filter((i) => x[i] >= 0);
    const m = kernels.withinRange(x.byteOffset, 0, NaN, from, n, from);
    expect(list.slice(0, m)).toEqual(kept);
  });
});

it.each(lengths)('mark and ask the membership words of %i listed events', (n) => {
  withArena(1 << 20, ({ kernels, ...arena }) => {
    const { random, events, list } = simulated({ kernels, ...arena }, n);
    const words = arena.int32(events);
    words.forEach((_, i) => (words[i] = Math.floor(random.next() * 16) | (i % 2 === 0 ? 1 << 31 : 0)));
    const before = words.slice();
    kernels.mark(words.byteOffset, 8, list.byteOffset, n);
    const listed = new Set(list);
    expect(words).toEqual(before.map((word, i) => (listed.has(i) ? word | 8 : word)));
    const out = arena.int32(n);
    for (const mask of [1, 6, 1 << 31, (1 << 31) | 3]) {
      for (const flip of [0, 2, mask]) {
        const args = [words.byteOffset, mask, flip, list.byteOffset, n, out.byteOffset];
        const all = kernels.withAllBits(...args);
        expect(out.slice(0, all)).toEqual(list.filter((i) => ((words[i] ^ flip) & mask) === mask));
        const any = kernels.withAnyBit(...args);
        expect(out.slice(0, any)).toEqual(list.filter((i) => ((words[i] ^ flip) & mask) !== 0));
      }
    }
  });
});

it('look cells up by keyOf, asking the exact test in boundary cells only', () => {
  const random = createRandom('grid');
  withArena(1 << 20, (arena) => {
    const count = 3000;
    const [x, y] = [arena.float64(count), arena.float64(count)];
    const odd = [NaN, Infinity, -Infinity, -0, 0, 1e300, -1e300, 0.5, -0.5, 2 ** 26, -(2 ** 26)];
    x.forEach((_, i) => (x[i] = i < odd.length ? odd[i] : 10 ** (6 * random.next()) * random.normal()));
    y.forEach(
      (_, i) => (y[i] = i % 50 < odd.length ? odd[i % 50] : 10 ** (6 * random.next()) * random.normal()),
    );
    const [cellX, cellY, states] = [arena.uint8(KEYS), arena.uint8(KEYS), arena.uint8(128 * 128)];
    cellX.forEach((_, k) => (cellX[k] = (k * 7) % 128));
    cellY.forEach((_, k) => (cellY[k] = (k * 5) % 128));
    states.forEach((_, k) => (states[k] = k % 3));
    const [list, out] = [arena.int32(count), arena.int32(count)];
    list.forEach((_, k) => (list[k] = k));
    const stateOf = (i: number) => states[cellX[keyOf(x[i])] + 128 * cellY[keyOf(y[i])]];
    const expected = list.filter((i) => stateOf(i) === 1 || (stateOf(i) === 2 && x[i] > y[i]));
    const asked: number[] = [];
    const exact = {
      contains: (u: number, v: number) => {
        asked.push(u, v);
        return u > v;
      },
    };
    const m = arena.kernels.withinGrid(
      exact,
      x.byteOffset,
      y.byteOffset,
      cellX.byteOffset,
      cellY.byteOffset,
      states.byteOffset,
      list.byteOffset,
      count,
      out.byteOffset,
    );
    expect(out.slice(0, m)).toEqual(expected);
    const boundary = list.filter((i) => stateOf(i) === 2);
    expect(asked).toEqual([...boundary].flatMap((i) => [x[i], y[i]]));
    expect(boundary.length).toBeGreaterThan(100);
  });
});

it('code values as codeOf does, and mark those that are not finite', () => {
  const random = createRandom('codes');
  withArena(1 << 20, (arena) => {
    const count = 4000;
    const x = arena.float64(count);
    const odd = [
      NaN,
      Infinity,
      -Infinity,
      -0,
      0,
      5e-324,
      -5e-324,
      1e300,
      -1e300,
      2 ** 20,
      -(2 ** 20),
      1e308 * 1.7,
    ];
    x.forEach((_, i) => (x[i] = i < odd.length ? odd[i] : 10 ** (8 * random.next()) * random.normal()));
    for (const n of [0, 1, 2, 3, 4, 5, 13, count]) {
      const out = arena.uint16(count + 4);
      arena.kernels.codes(x.byteOffset, n, out.byteOffset);
      const expected = [...x.subarray(0, n)].map((v) => (Number.isFinite(v) ? codeOf(v) : NOT_FINITE));
      expect([...out.subarray(0, n)]).toEqual(expected);
    }
  });
});
