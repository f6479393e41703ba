// The transposing kernel: made from its source as it stands, and the same values as the plain kernel that defines it.
import { readFileSync } from 'node:fs';
import initWabt from 'wabt';
import { describe, expect, it } from 'vitest';
import { rowsToColumns } from '../../src/fcs/column.kernel.ts';
import { openTransposer } from '../../src/fcs/transpose.ts';
import { transposeBase64 } from '../../src/fcs/transpose-wasm.ts';

it('is what transpose.wat says', async () => {
  const wabt = await initWabt();
  const module = wabt.parseWat('transpose.wat', readFileSync('src/fcs/transpose.wat', 'utf8'), {
    simd: true,
  });
  module.validate();
  expect(Buffer.from(module.toBinary({}).buffer).toString('base64')).toBe(transposeBase64);
});

/** Both ways for one block at place `first` of longer columns; `odd` puts a value that is no number at a place of the rows. */
function both(stride: number, count: number, odd: { readonly at: number; readonly value: number } | null) {
  const first = 3;
  const columns = () => Array.from({ length: stride }, () => new Float32Array(first + count + 2).fill(-1));
  const [plain, turned] = [columns(), columns()];
  const parameters = plain.map((_, p) => p);
  const transposer = openTransposer(stride, parameters, turned);
  const bytes = transposer.allocate(4 * stride * count);
  const rows = new Float32Array(bytes.buffer, bytes.byteOffset, stride * count);
  rows.forEach((_, k) => (rows[k] = ((k * 7919) % 262_144) / 3));
  if (odd !== null) rows[odd.at] = odd.value;
  const expected = rowsToColumns(rows, count, stride, parameters, plain, first);
  const found = transposer.copy({ first, count, stride, rows });
  return { plain, turned, expected, found };
}

describe('a block', () => {
  it.each([1, 3, 4, 5, 8, 11, 24])('of %i parameters has the values of the plain kernel', (stride) => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 127, 1024]) {
      const { plain, turned, expected, found } = both(stride, count, null);
      expect(turned, `${count} events`).toEqual(plain);
      expect([expected, found]).toEqual([false, false]);
    }
  });

  it.each([NaN, Infinity, -Infinity])('with %f anywhere says so', (value) => {
    const [stride, count] = [6, 6];
    for (let at = 0; at < stride * count; at++) {
      const { plain, turned, expected, found } = both(stride, count, { at, value });
      expect(turned).toEqual(plain);
      expect([expected, found], `place ${at}`).toEqual([true, true]);
    }
  });
});

it('leaves chosen parameters, wide columns and foreign rows to the plain kernel', () => {
  const rows = Float32Array.of(1, 2, 3, 4, 5, 6);
  const block = { first: 0, count: 2, stride: 3, rows };
  const some = [new Float32Array(2), new Float32Array(2)];
  expect(openTransposer(3, [2, 0], some).copy(block)).toBe(false);
  expect(some).toEqual([Float32Array.of(3, 6), Float32Array.of(1, 4)]);
  const wide = [0, 1, 2].map(() => new Float64Array(2));
  const transposer = openTransposer(3, [0, 1, 2], wide);
  transposer.allocate(24);
  expect(transposer.copy(block)).toBe(false);
  expect(wide[1]).toEqual(Float64Array.of(2, 5));
});
