// Kernels of fcs/: decoding, scaling, transposing, encoding and checking one block of 2,048 events of 24 parameters.
import { rowsToColumns } from '../../src/fcs/column.kernel.ts';
import { crc16 } from '../../src/fcs/crc.kernel.ts';
import { float32Column, swap32, uint16Column } from '../../src/fcs/decode.kernel.ts';
import { writeFloat32 } from '../../src/fcs/encode.kernel.ts';
import { divideColumn, powerColumn } from '../../src/fcs/scale.kernel.ts';
import { drawChunk } from '../workload/blood.ts';
import { panelOf } from '../workload/panel.ts';
import type { KernelBench } from '../runner.ts';

const events = 2_048;
const parameters = 24;
const rows = drawChunk(panelOf(parameters), 1, 0, events, (event) => event);
const bytes = new Uint8Array(rows.buffer);
const view = new DataView(rows.buffer);
const words = new Uint32Array(rows.buffer.slice(0));
const positive = Float64Array.from(rows, Math.abs);
const scratch = positive.slice();
const out = new Float32Array(events * parameters);
const columns = Array.from({ length: parameters }, () => new Float32Array(events));
const all = columns.map((_, p) => p);
const target = new DataView(new ArrayBuffer(events * parameters * 4));
const state = new Uint16Array(1);

export const kernels: readonly KernelBench[] = [
  {
    name: 'fcs rows to columns, float32',
    unit: 'value',
    items: events * parameters,
    run: () => rowsToColumns(rows, events, parameters, all, columns, 0),
  },
  {
    name: 'fcs decode float32, big-endian',
    unit: 'value',
    items: events,
    run: () => float32Column(view, 0, parameters * 4, events, false, out, 3, parameters),
  },
  {
    name: 'fcs decode 16-bit integer, masked',
    unit: 'value',
    items: events,
    run: () => uint16Column(bytes, 0, parameters * 4, events, [0, 1], 0x3ff, out, 3, parameters),
  },
  {
    name: 'fcs swap bytes of 32-bit words',
    unit: 'value',
    items: words.length,
    run: () => swap32(words, words.length),
  },
  {
    name: 'fcs divide by gain',
    unit: 'value',
    items: events,
    run: () => divideColumn(scratch, events, 3, parameters, 1),
  },
  {
    name: 'fcs logarithmic $PnE',
    unit: 'value',
    items: events,
    // Small decades over a large range: values stay near 1 however often the kernel runs over its own output.
    run: () => powerColumn(scratch, events, 5, parameters, 1, 1e9, 1),
  },
  {
    name: 'fcs encode float32',
    unit: 'value',
    items: events,
    run: () => writeFloat32(target, 0, parameters * 4, events, columns[3], null, 0),
  },
  { name: 'fcs CRC word', unit: 'byte', items: bytes.length, run: () => crc16(bytes, bytes.length, state) },
];
