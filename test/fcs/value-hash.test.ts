// The hash over values: against bytes written out by hand with Node's own SHA-256, for every form in which a file may hold them.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { memorySource, openEventBlocks, openValueHash, readFcs } from '../../src/fcs/index.ts';
import { buildFcs, defaultRows, floats } from './build.ts';

const newHash = () => {
  const hash = createHash('sha256');
  return { update: (bytes: Uint8Array) => void hash.update(bytes), digest: () => hash.digest('hex') };
};

/** SHA-256 of numbers as float64 little-endian; NaN as the bytes that the specification names. */
function byHand(values: readonly number[]): string {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => {
    if (Number.isNaN(value)) bytes.set([0, 0, 0, 0, 0, 0, 0xf8, 0x7f], 8 * i);
    else bytes.writeDoubleLE(value, 8 * i);
  });
  return createHash('sha256').update(bytes).digest('hex');
}

function hashOf(bytes: Uint8Array, blockEvents: number): string {
  const source = memorySource(bytes);
  const hash = openValueHash(newHash);
  const blocks = openEventBlocks(source, readFcs(source), { scaling: 'raw', blockEvents });
  for (let block = blocks.next(); block !== null; block = blocks.next()) hash.see(block);
  return hash.digest();
}

function doubles(rows: readonly (readonly number[])[], littleEndian: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * rows.flat().length));
  rows.flat().forEach((value, i) => view.setFloat64(8 * i, value, littleEndian));
  return new Uint8Array(view.buffer);
}

const wide = { $DATATYPE: 'D', $P1B: '64', $P2B: '64', $P3B: '64' };
const forms: [string, Uint8Array][] = [
  ['float32, little-endian', buildFcs()],
  ['float32, big-endian', buildFcs({ data: floats(defaultRows, false), set: { $BYTEORD: '4,3,2,1' } })],
  ['float64, little-endian', buildFcs({ data: doubles(defaultRows, true), set: wide })],
  [
    'float64, big-endian',
    buildFcs({ data: doubles(defaultRows, false), set: { ...wide, $BYTEORD: '4,3,2,1' } }),
  ],
];

describe('the hash over values', () => {
  it.each(forms)('is that of the numbers: %s', (_, bytes) => {
    const expected = byHand(defaultRows.flat());
    expect(hashOf(bytes, 4096)).toBe(expected);
    // the size of blocks is nobody's business
    expect(hashOf(bytes, 1)).toBe(expected);
  });

  it('knows one NaN, and tells infinities and negative zero apart', () => {
    const rows = [
      [NaN, -0, Infinity],
      [0, 1, -Infinity],
    ];
    const data = floats(rows);
    // a signalling NaN with a payload and the sign bit
    new DataView(data.buffer).setUint32(0, 0xffa1b2c3, true);
    expect(hashOf(buildFcs({ data, set: { $TOT: '2' } }), 4096)).toBe(byHand(rows.flat()));
  });

  it('changes with one bit', () => {
    const data = floats(defaultRows);
    data[data.length - 4] ^= 1;
    expect(hashOf(buildFcs({ data }), 4096)).not.toBe(byHand(defaultRows.flat()));
  });
});
