// Blocks of events against a slow reader written here with BigInt and DataView: every width, type and byte order, any block
// and chunk size, any range of events.
import { describe, expect, it } from 'vitest';
import {
  memorySource,
  openEventBlocks,
  readEvents,
  readFcs,
  type BlockOptions,
  type FcsFile,
} from '../../src/fcs/index.ts';
import { buildFcs } from './build.ts';

/** A repeatable stream of bytes (xorshift32). */
function randomBytes(length: number, seed: number): Uint8Array {
  let x = seed;
  return Uint8Array.from({ length }, () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x & 255;
  });
}

interface Layout {
  readonly version?: string;
  readonly byteOrder: string;
  readonly type: 'I' | 'F' | 'D';
  readonly types?: readonly ('I' | 'F' | 'D')[];
  readonly bits: readonly number[];
  readonly ranges: readonly string[];
}

const events = 257;

function fileOf(layout: Layout, data: Uint8Array): Uint8Array {
  const set: Record<string, string | null> = {
    $DATATYPE: layout.type,
    $BYTEORD: layout.byteOrder,
    $PAR: String(layout.bits.length),
    $TOT: String(events),
  };
  layout.bits.forEach((bits, p) => {
    Object.assign(set, {
      [`$P${p + 1}B`]: String(bits),
      [`$P${p + 1}R`]: layout.ranges[p],
      [`$P${p + 1}N`]: `C${p + 1}`,
      [`$P${p + 1}E`]: '0,0',
    });
    const type = layout.types?.[p];
    if (type !== undefined) set[`$P${p + 1}DATATYPE`] = type;
  });
  for (let p = layout.bits.length + 1; p <= 3; p++)
    for (const letter of 'BENR') set[`$P${p}${letter}`] = null;
  return buildFcs({ version: layout.version ?? '3.1', set, data });
}

/** The plain meaning of the standard, one value at a time. */
function slowly(layout: Layout, data: Uint8Array): number[][] {
  const order = layout.byteOrder.split(',').map(Number);
  const view = new DataView(new ArrayBuffer(8));
  let at = 0;
  return Array.from({ length: events }, () =>
    layout.bits.map((bits, p) => {
      const n = bits / 8;
      const stored = data.subarray(at, at + n);
      at += n;
      // Byte i of the file is byte order[i] of the value, 1 = least significant.
      const littleEndian = Array.from({ length: n }, (_, k) =>
        order.length === n ? stored[order.indexOf(k + 1)] : order[0] === 1 ? stored[k] : stored[n - 1 - k],
      );
      littleEndian.forEach((byte, k) => view.setUint8(k, byte));
      const type = layout.types?.[p] ?? layout.type;
      if (type === 'F') return view.getFloat32(0, true);
      if (type === 'D') return view.getFloat64(0, true);
      const value = littleEndian.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      let mask = 1n;
      while (mask < BigInt(layout.ranges[p])) mask <<= 1n;
      return Number(value & (mask - 1n));
    }),
  );
}

function allRows(bytes: Uint8Array, file: FcsFile, options: BlockOptions): number[][] {
  const rows: number[][] = [];
  const blocks = openEventBlocks(memorySource(bytes), file, options);
  for (let block = blocks.next(); block !== null; block = blocks.next()) {
    expect(block.first).toBe((options.firstEvent ?? 0) + rows.length);
    for (let e = 0; e < block.count; e++)
      rows.push([...block.rows.subarray(e * block.stride, (e + 1) * block.stride)]);
  }
  return rows;
}

const full = (bits: number): string => String(2n ** BigInt(bits));
const layouts: Readonly<Record<string, Layout>> = {
  'float32 little-endian': {
    byteOrder: '1,2,3,4',
    type: 'F',
    bits: [32, 32, 32],
    ranges: ['1024', '1024', '1024'],
  },
  'float32 big-endian': {
    byteOrder: '4,3,2,1',
    type: 'F',
    bits: [32, 32, 32],
    ranges: ['1024', '1024', '1024'],
  },
  'float32 of mixed order': { byteOrder: '3,4,1,2', type: 'F', bits: [32, 32], ranges: ['1024', '1024'] },
  'float64 little-endian': {
    byteOrder: '1,2,3,4',
    type: 'D',
    bits: [64, 64, 64],
    ranges: ['1024', '1024', '1024'],
  },
  'float64 big-endian': { byteOrder: '4,3,2,1', type: 'D', bits: [64], ranges: ['1024'] },
  ...Object.fromEntries(
    [8, 16, 24, 32, 40, 48, 56, 64].flatMap((bits) =>
      ['1,2,3,4', '4,3,2,1'].map((byteOrder) => [
        `integers of ${bits} bits, ${byteOrder}`,
        {
          byteOrder,
          type: 'I',
          bits: [bits, bits, bits],
          ranges: [full(bits), full(bits - 3), '1000'].slice(0, 3),
        } satisfies Layout,
      ]),
    ),
  ),
  'integers of mixed order': {
    byteOrder: '3,4,1,2',
    type: 'I',
    bits: [32, 32],
    ranges: [full(32), '16777216'],
  },
  'integers of mixed widths': {
    byteOrder: '4,3,2,1',
    type: 'I',
    bits: [8, 16, 32, 24, 64, 8],
    ranges: ['256', '1024', full(32), '5000', full(64), '100'],
  },
  'types mixed by $PnDATATYPE': {
    version: '3.2',
    byteOrder: '1,2,3,4',
    type: 'F',
    types: ['F', 'D', 'I', 'I'],
    bits: [32, 64, 16, 32],
    ranges: ['1024', '1024', '1000', full(32)],
  },
};

describe('every layout', () => {
  it.each(Object.entries(layouts))('%s', (_, layout) => {
    const eventBytes = layout.bits.reduce((sum, bits) => sum + bits / 8, 0);
    const data = randomBytes(events * eventBytes, 42);
    const bytes = fileOf(layout, data);
    const file = readFcs(memorySource(bytes));
    const expected = slowly(layout, data);
    expect(allRows(bytes, file, { scaling: 'raw' })).toEqual(expected);
    expect(allRows(bytes, file, { scaling: 'raw', blockEvents: 10, chunkBytes: 100 })).toEqual(expected);
    expect(
      allRows(bytes, file, {
        scaling: 'raw',
        blockEvents: 7,
        chunkBytes: 10_000,
        firstEvent: 5,
        endEvent: 201,
      }),
    ).toEqual(expected.slice(5, 201));
    const { table } = readEvents(memorySource(bytes), file, { scaling: 'raw' });
    table.columns.forEach((column, c) => expect([...column]).toEqual(expected.map((row) => row[c])));
    const picked = readEvents(memorySource(bytes), file, {
      scaling: 'raw',
      channels: [layout.bits.length - 1, 0],
    }).table;
    expect([...picked.columns[1]]).toEqual(expected.map((row) => row[0]));
    expect(picked.channels[1].name).toBe('C1');
  });
});

describe('memory', () => {
  it('native floats are views of one buffer, not copies', () => {
    const data = randomBytes(events * 12, 7);
    const bytes = fileOf(layouts['float32 little-endian'], data);
    const blocks = openEventBlocks(memorySource(bytes), readFcs(memorySource(bytes)), {
      scaling: 'raw',
      blockEvents: 16,
      chunkBytes: 12 * 64,
    });
    const buffers = new Set<unknown>();
    for (let block = blocks.next(); block !== null; block = blocks.next()) {
      expect(block.rows).toBeInstanceOf(Float32Array);
      buffers.add(block.rows.buffer);
    }
    expect(buffers.size).toBe(1);
  });
  it('columns fill the memory given, where it fits', () => {
    const data = randomBytes(events * 12, 9);
    const bytes = fileOf(layouts['float32 little-endian'], data);
    const source = memorySource(bytes);
    const file = readFcs(source);
    const fresh = readEvents(source, file, { scaling: 'raw' }).table;
    const into = [new Float32Array(events + 10), new Float32Array(events - 1), new Float64Array(events)];
    const { table } = readEvents(source, file, { scaling: 'raw', into });
    expect(table.columns).toEqual(fresh.columns);
    expect(table.columns.map((column, c) => column.buffer === into[c].buffer)).toEqual([true, false, false]);
  });
  it('no events, no blocks', () => {
    const bytes = buildFcs({ set: { $TOT: '0' }, data: new Uint8Array(0), offsets: () => ['0', '0'] });
    const file = readFcs(memorySource(bytes));
    expect(openEventBlocks(memorySource(bytes), file, { scaling: 'raw' }).next()).toBeNull();
    expect(
      readEvents(memorySource(bytes), file, { scaling: 'scaled' }).table.columns.map(({ length }) => length),
    ).toEqual([0, 0, 0]);
  });
  it('an empty range gives no block', () => {
    const bytes = buildFcs();
    expect(
      openEventBlocks(memorySource(bytes), readFcs(memorySource(bytes)), {
        scaling: 'raw',
        firstEvent: 3,
      }).next(),
    ).toBeNull();
  });
  it('integers above 2^53 - 1 are told', () => {
    const data = new Uint8Array(events * 8).fill(255);
    const bytes = fileOf({ byteOrder: '1,2,3,4', type: 'I', bits: [64], ranges: [full(64)] }, data);
    const { findings } = readEvents(memorySource(bytes), readFcs(memorySource(bytes)), { scaling: 'raw' });
    expect(findings.map(({ code }) => code)).toContain('W_INTEGER_PRECISION');
  });
});

describe('scaling', () => {
  // FACEJava's ScaleConversionTest: range 1024, linear gain 10 and log 4 decades: 256, 512, 768 become 25.6, 51.2, 76.8 and 10, 100, 1000.
  const values = [256, 512, 768];
  const plan = (set: Record<string, string>) =>
    buildFcs({
      data: new Uint8Array(Uint16Array.from(values.flatMap((v) => [v, v, v])).buffer),
      set: {
        $DATATYPE: 'I',
        $P1B: '16',
        $P2B: '16',
        $P3B: '16',
        $P1R: '1024',
        $P2R: '1024',
        $P3R: '1024',
        ...set,
      },
    });
  it('gain on linear, logarithm on log parameters, neither on Time', () => {
    const bytes = plan({ $P1G: '10', $P2G: '10', $P2E: '4,0', $P3G: '0.01' });
    const file = readFcs(memorySource(bytes));
    const { table } = readEvents(memorySource(bytes), file, { scaling: 'scaled' });
    expect([...table.columns[0]]).toEqual([25.6, 51.2, 76.8]);
    [10, 100, 1000].forEach((value, e) => expect(table.columns[1][e]).toBeCloseTo(value, 9));
    expect([...table.columns[2]]).toEqual(values);
    expect(table.channels.map(({ range }) => range)).toEqual([102.4, 10_000, 1024]);
    expect(table.columns[2]).toBeInstanceOf(Float32Array);
    expect([...readEvents(memorySource(bytes), file, { scaling: 'raw' }).table.columns[0]]).toEqual(values);
  });
  it('a table of powers gives the same doubles as single powers', () => {
    const many = 70_000;
    const data = new Uint8Array(Uint16Array.from({ length: 3 * many }, (_, i) => i % 1024).buffer);
    const set = {
      $DATATYPE: 'I',
      $P1B: '16',
      $P2B: '16',
      $P3B: '16',
      $P1R: '1024',
      $P2R: '1024',
      $P3R: '1024',
      $P1E: '4,1',
      $P2E: '3.5,0.1',
    };
    const large = buildFcs({ data, set: { ...set, $TOT: String(many) } });
    const small = buildFcs({ data: data.slice(0, 6 * 900), set: { ...set, $TOT: '900' } });
    const a = readEvents(memorySource(large), readFcs(memorySource(large)), { scaling: 'scaled' }).table;
    const b = readEvents(memorySource(small), readFcs(memorySource(small)), { scaling: 'scaled' }).table;
    for (const c of [0, 1]) expect([...a.columns[c].subarray(0, 900)]).toEqual([...b.columns[c]]);
  });
});
