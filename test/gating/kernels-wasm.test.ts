// The WebAssembly kernels: made from their source as it stands, and the same bits as the plain kernels that define them.
import { readFileSync } from 'node:fs';
import initWabt from 'wabt';
import { expect, it } from 'vitest';
import { withArena } from '../../src/gating/arena.ts';
import { keyOf, KEYS, unmix } from '../../src/gating/count.kernel.ts';
import { kernelsBase64 } from '../../src/gating/kernels-wasm.ts';
import { createRandom } from '../../src/math/index.ts';

it('are what kernels.wat says', async () => {
  const wabt = await initWabt();
  const module = wabt.parseWat('kernels.wat', readFileSync('src/gating/kernels.wat', 'utf8'), { simd: true });
  module.validate();
  expect(Buffer.from(module.toBinary({}).buffer).toString('base64')).toBe(kernelsBase64);
});

it.each([0, 1, 3, 4, 5, 7, 8, 9, 17, 1000])(
  'unmix colours of %i listed events, by two and alone, to the bits of the plain kernel',
  (n) => {
    const random = createRandom(`unmix ${n}`);
    withArena(1 << 20, (arena) => {
      const [stride, detectors] = [11, 7];
      const rows = new Float32Array(arena.buffer, arena.uint8(1000 * stride * 4).byteOffset, 1000 * stride);
      rows.forEach(
        (_, k) => (rows[k] = k % 97 === 5 ? [NaN, Infinity, -0, 1e30][k % 4] : 1e4 * random.normal()),
      );
      const offsets = Int32Array.from([1, 3, 4, 5, 8, 9, 10]);
      const byteOffsets = arena.int32(detectors);
      byteOffsets.set(offsets.map((o) => 4 * o));
      const weights = arena.float64(2 * detectors);
      weights.forEach((_, k) => (weights[k] = random.normal()));
      const list = arena.int32(n);
      list.forEach((_, k) => (list[k] = Math.floor((k * 1000) / n)));
      const [a, b, alone] = [arena.float64(1000), arena.float64(1000), arena.float64(1000)];
      for (const column of [a, b, alone]) column.fill(7);
      const first = arena.float64(detectors);
      first.set(weights.filter((_, k) => k % 2 === 0));
      arena.kernels.unmixPairFloat32(
        rows.byteOffset,
        4 * stride,
        list.byteOffset,
        n,
        byteOffsets.byteOffset,
        detectors,
        weights.byteOffset,
        a.byteOffset,
        b.byteOffset,
      );
      arena.kernels.unmixOneFloat32(
        rows.byteOffset,
        4 * stride,
        list.byteOffset,
        n,
        byteOffsets.byteOffset,
        detectors,
        first.byteOffset,
        alone.byteOffset,
      );
      for (const [c, column] of [a, b, alone].entries()) {
        const expected = new Float64Array(1000).fill(7);
        unmix(
          rows,
          stride,
          offsets,
          weights.filter((_, k) => k % 2 === c % 2),
          list,
          n,
          expected,
        );
        expect(new BigUint64Array(column.slice().buffer)).toEqual(new BigUint64Array(expected.buffer));
      }
    });
  },
);

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
    const [cellX, cellY, states] = [arena.uint8(2 * KEYS), arena.uint8(2 * KEYS), arena.uint8(128 * 128)];
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
