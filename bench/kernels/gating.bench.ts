// Kernels of gating/: one block of 2,048 simulated events, all of them in the parent.
import {
  gather,
  mark,
  unmix1,
  unmix2,
  unmix3,
  withinRange,
  withinRectangle,
} from '../../src/gating/count.kernel.ts';
import { insideEllipse, insidePolygon } from '../../src/gating/geometry.kernel.ts';
import { accumulate, CODES, FIELDS } from '../../src/gating/statistics.kernel.ts';
import { drawChunk } from '../workload/blood.ts';
import { panelOf } from '../workload/panel.ts';
import type { KernelBench } from '../runner.ts';

const events = 2_048;
const stride = 24;
const detectors = 16;
const panel = panelOf(stride);
const rows = drawChunk(panel, 1, 0, events, (event) => event);
const everyone = Int32Array.from({ length: events }, (_, i) => i);
const offsets = Int32Array.from({ length: detectors }, (_, d) => panel.firstColour + d);
const weights = Float64Array.from({ length: detectors * 3 }, (_, k) => (k % 7 === 0 ? 1 : -0.03));
const [a, b, c] = [0, 1, 2].map(() => new Float64Array(events));
const [x, y] = ['FSC-A', 'SSC-A'].map((name) => {
  const column = new Float64Array(events);
  gather(rows, stride, panel.names.indexOf(name), everyone, events, column);
  return column;
});
const list = new Int32Array(events);
const words = new Int32Array(events);
const corners = 12;
const xs = Float64Array.from(
  { length: corners },
  (_, k) => 80_000 + 50_000 * Math.cos((2 * Math.PI * k) / corners),
);
const ys = Float64Array.from(
  { length: corners },
  (_, k) => 60_000 + 50_000 * Math.sin((2 * Math.PI * k) / corners),
);
const ellipse = {
  mean: Float64Array.of(80_000, 60_000),
  inverse: Float64Array.of(4e-10, -1e-10, -1e-10, 5e-10),
  limit: 1,
};
const histogram = new Int32Array(CODES);
const sums = new Float64Array(FIELDS);

function countInside(test: (px: number, py: number) => boolean): number {
  let inside = 0;
  for (let i = 0; i < events; i++) inside += Number(test(x[i], y[i]));
  return inside;
}

export const kernels: readonly KernelBench[] = [
  {
    name: 'gating unmix one colour of 16',
    unit: 'event',
    items: events,
    run: () => unmix1(rows, stride, offsets, weights.subarray(0, detectors), everyone, events, a),
  },
  {
    name: 'gating unmix two colours of 16',
    unit: 'event',
    items: events,
    run: () => unmix2(rows, stride, offsets, weights.subarray(0, 2 * detectors), everyone, events, a, b),
  },
  {
    name: 'gating unmix three colours of 16',
    unit: 'event',
    items: events,
    run: () => unmix3(rows, stride, offsets, weights, everyone, events, a, b, c),
  },
  {
    name: 'gating range',
    unit: 'test',
    items: events,
    run: () => withinRange(x, 40_000, 110_000, everyone, events, list),
  },
  {
    name: 'gating rectangle',
    unit: 'test',
    items: events,
    run: () => withinRectangle(x, 40_000, 110_000, y, 10_000, 90_000, everyone, events, list),
  },
  {
    name: 'gating polygon of 12 corners, exact',
    unit: 'test',
    items: events,
    run: () => countInside((px, py) => insidePolygon(px, py, xs, ys)),
  },
  {
    name: 'gating ellipse, exact',
    unit: 'test',
    items: events,
    run: () => countInside((px, py) => insideEllipse(px, py, ellipse)),
  },
  { name: 'gating mark a bit', unit: 'event', items: events, run: () => mark(words, 4, everyone, events) },
  {
    name: 'gating statistics, histogram and sums',
    unit: 'value',
    items: events,
    run: () => accumulate(x, everyone, 0, events, histogram, 0, sums, 0),
  },
];
