// Kernels of gating/: one block of 2,048 simulated events, all of them in the parent.
import { withArena } from '../../src/gating/arena.ts';
import { createFiller } from '../../src/gating/columns.ts';
import { gather, unmix } from '../../src/gating/count.kernel.ts';
import { binLine, binPlane } from '../../src/gating/density.kernel.ts';
import { insideEllipse, insidePolygon } from '../../src/gating/geometry.kernel.ts';
import { accumulate, codeOf, CODES, FIELDS } from '../../src/gating/statistics.kernel.ts';
import { drawChunk } from '../workload/blood.ts';
import { panelOf } from '../workload/panel.ts';
import type { PolygonGate } from '../../src/gating/model.ts';
import { createPlanarGate } from '../../src/gating/planar.ts';
import type { KernelBench } from '../runner.ts';

const events = 2_048;
const stride = 24;
const detectors = 16;
const panel = panelOf(stride);
const rows = drawChunk(panel, 1, 0, events, (event) => event);
const everyone = Int32Array.from({ length: events }, (_, i) => i);
const offsets = Int32Array.from({ length: detectors }, (_, d) => panel.firstColour + d);
const weights = [0, 1, 2, 3].map((c) => Float64Array.from(offsets, (_, d) => (d === c ? 1 : -0.03)));
const a = new Float64Array(events);

const corners = 12;
const xs = Float64Array.from(
  { length: corners },
  (_, k) => 80_000 + 50_000 * Math.cos((2 * Math.PI * k) / corners),
);
const ys = Float64Array.from(
  { length: corners },
  (_, k) => 60_000 + 50_000 * Math.sin((2 * Math.PI * k) / corners),
);
const polygon: PolygonGate = {
  kind: 'polygon',
  dims: [linear('FSC-A'), linear('SSC-A')],
  vertices: Array.from(xs, (cornerX, k): [number, number] => [cornerX, ys[k]]),
};

/**
 * The WebAssembly kernels, rows and columns in one arena. The arena is given back when this returns; nothing else in this process takes
 * one, so its arrays stay as they are.
 */
const inArena = withArena(1 << 22, (arena) => {
  const { kernels } = arena;
  const inside = new Float32Array(arena.buffer, arena.uint8(rows.byteLength).byteOffset, rows.length);
  inside.set(rows);
  const columns = weights.map(() => arena.float64(events));
  const listed = arena.int32(events);
  listed.set(everyone);
  const unmixing = weights.map((_, last) => {
    const colours = Array.from({ length: last + 1 }, (__, c) => c);
    const some = { kind: 'unmix', offsets, weights: weights.slice(0, last + 1), columns: colours } as const;
    const fill = createFiller(some, columns, arena);
    return () => fill(inside, stride, listed, events);
  });
  const [u, v] = ['FSC-A', 'SSC-A'].map((name) => {
    const column = arena.float64(events);
    gather(rows, stride, panel.names.indexOf(name), everyone, events, column);
    return column.byteOffset;
  });
  const [from, to, word] = [listed, arena.int32(events), arena.int32(events)].map((list) => list.byteOffset);
  const planar = createPlanarGate(polygon, 'bench');
  const grid = planar.grid(0, Number.POSITIVE_INFINITY);
  const [cellX, cellY, states] = [grid?.cellX, grid?.cellY, grid?.states].map((table = new Uint8Array(0)) => {
    const copy = arena.uint8(table.length);
    copy.set(table);
    return copy.byteOffset;
  });
  const column = 4 * panel.names.indexOf('FSC-A');
  return {
    unmixing,
    gather: () =>
      kernels.gatherFloat32(inside.byteOffset, 4 * stride, from, events, column, columns[0].byteOffset),
    range: () => kernels.withinRange(u, 40_000, 110_000, from, events, to),
    rectangle: () => kernels.withinRectangle(u, 40_000, 110_000, v, 10_000, 90_000, from, events, to),
    mark: () => kernels.mark(word, 4, from, events),
    codes: () => kernels.codes(u, events, to),
    grid: () => kernels.withinGrid(planar, u, v, cellX, cellY, states, from, events, to),
  };
});

const [x, y] = ['FSC-A', 'SSC-A'].map((name) => {
  const column = new Float64Array(events);
  gather(rows, stride, panel.names.indexOf(name), everyone, events, column);
  return column;
});
const ellipse = {
  mean: Float64Array.of(80_000, 60_000),
  inverse: Float64Array.of(4e-10, -1e-10, -1e-10, 5e-10),
  limit: 1,
};
const bins = 256;
const plane = new Uint32Array(bins * bins);
const perBin = bins / 262_144;
const codes = Uint16Array.from(x, codeOf);
const histogram = new Int32Array(CODES);
const sums = new Float64Array(FIELDS);

function linear(channel: string): PolygonGate['dims'][0] {
  return { source: { kind: 'channel', channel }, compensation: { kind: 'none' }, transform: null };
}

function countInside(test: (px: number, py: number) => boolean): number {
  let inside = 0;
  for (let i = 0; i < events; i++) inside += Number(test(x[i], y[i]));
  return inside;
}

export const kernels: readonly KernelBench[] = [
  {
    name: 'gating density on two axes, 256 x 256 bins',
    unit: 'event',
    items: events,
    run: () => binPlane(x, y, everyone, events, 0, perBin, bins, 0, perBin, bins, plane),
  },
  {
    name: 'gating density on one axis, 256 bins',
    unit: 'event',
    items: events,
    run: () => binLine(x, everyone, events, 0, perBin, bins, plane),
  },
  {
    name: 'gating unmix one colour of 16, plain',
    unit: 'event',
    items: events,
    run: () => unmix(rows, stride, offsets, weights[0], everyone, events, a),
  },
  {
    name: 'gating unmix one colour of 16, WebAssembly',
    unit: 'event',
    items: events,
    run: inArena.unmixing[0],
  },
  {
    name: 'gating unmix four colours of 16, WebAssembly',
    unit: 'event',
    items: events,
    run: inArena.unmixing[3],
  },
  {
    name: 'gating range',
    unit: 'test',
    items: events,
    run: inArena.range,
  },
  {
    name: 'gating rectangle',
    unit: 'test',
    items: events,
    run: inArena.rectangle,
  },
  {
    name: 'gating polygon of 12 corners, exact',
    unit: 'test',
    items: events,
    run: () => countInside((px, py) => insidePolygon(px, py, xs, ys)),
  },
  { name: 'gating polygon of 12 corners, grid', unit: 'test', items: events, run: inArena.grid },
  {
    name: 'gating ellipse, exact',
    unit: 'test',
    items: events,
    run: () => countInside((px, py) => insideEllipse(px, py, ellipse)),
  },
  { name: 'gating mark a bit', unit: 'event', items: events, run: inArena.mark },
  { name: 'gating gather one parameter', unit: 'event', items: events, run: inArena.gather },
  { name: 'gating statistics, code', unit: 'value', items: events, run: inArena.codes },
  {
    name: 'gating statistics, histogram and sums',
    unit: 'value',
    items: events,
    run: () => accumulate(x, codes, everyone, 0, events, histogram, 0, sums, 0),
  },
];
