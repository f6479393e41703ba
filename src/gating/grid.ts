// Grids: a two-dimensional gate as a table of cells that are outside, inside or on its boundary, addressed by linear values.
// Stands between the exact geometry and `withinGrid`. Invariant: for every event in an inside (outside) cell the exact test
// says inside (outside), so a grid never changes an answer; whatever cannot be proven is left a boundary cell.
import { BOUNDARY, INSIDE, KEYS, keyOf, OUTSIDE, smallestOfKey } from './count.kernel.ts';

/** Cells an axis, besides the three outer ones (below, above, far). */
const CELLS = 125;
const BELOW = 0;
const ABOVE = CELLS + 1;
const FAR = CELLS + 2;
/** Length of a row of `states`. */
const ROW = 128;
/** Values beyond this are not worth cells of their own; gates that reach further keep their outer cells on the boundary. */
const LARGEST = 1_048_576;

export interface Grid {
  /** Cell of each key of the first axis; 2 * KEYS entries. */
  readonly cellX: Uint8Array;
  /** Cell of each key of the second axis. */
  readonly cellY: Uint8Array;
  /** State of cell (x, y) at x + 128 * y. */
  readonly states: Uint8Array;
}

/** One axis of a gate: its scale, as functions of one number, and the extent [low, high] of the gate in scaled units. */
export interface GateAxis {
  readonly forward: (x: number) => number;
  readonly inverse: (y: number) => number;
  readonly low: number;
  readonly high: number;
}

interface CellAxis {
  readonly cells: Uint8Array;
  /** Scaled extent of each cell; low[c] <= y <= high[c] for every event in cell c. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Whether events below / above the gridded part are surely outside the gate. */
  readonly belowIsOutside: boolean;
  readonly aboveIsOutside: boolean;
}

/** Grid of a polygon. `inside` is the exact test in scaled units; it decides for whole runs of cells that no edge touches. */
export function polygonGrid(
  x: GateAxis,
  y: GateAxis,
  vertices: readonly (readonly [number, number])[],
  inside: (x: number, y: number) => boolean,
): Grid {
  const axisX = cellAxis(x);
  const axisY = cellAxis(y);
  const states = outerStates(axisX, axisY);
  const slackX = slack(x);
  const slackY = slack(y);
  const touched = new Uint8Array(ROW);
  for (let row = 1; row <= CELLS; row++) {
    touched.fill(0);
    const bandLow = axisY.low[row] - slackY;
    const bandHigh = axisY.high[row] + slackY;
    for (let v = 0; v < vertices.length; v++) {
      const [x0, y0] = vertices[v];
      const [x1, y1] = vertices[(v + 1) % vertices.length];
      if (Math.max(y0, y1) < bandLow || Math.min(y0, y1) > bandHigh) continue;
      const [from, to] = clipToBand(x0, y0, x1, y1, bandLow, bandHigh);
      markTouched(touched, axisX, from - slackX, to + slackX);
    }
    let known = false;
    let state = OUTSIDE;
    for (let column = 1; column <= CELLS; column++) {
      if (touched[column] === 1) {
        states[row * ROW + column] = BOUNDARY;
        known = false;
        continue;
      }
      if (!known) {
        const centreX = (axisX.low[column] + axisX.high[column]) / 2;
        const centreY = (axisY.low[row] + axisY.high[row]) / 2;
        state = inside(centreX, centreY) ? INSIDE : OUTSIDE;
        known = true;
      }
      states[row * ROW + column] = state;
    }
  }
  return { cellX: axisX.cells, cellY: axisY.cells, states };
}

/**
 * Grid of a convex quadratic gate: `distance` is the Mahalanobis distance (not squared) from the centre, `norm` the length of a
 * difference in the same metric; a cell is inside when its centre is nearer than `radius` by more than half its diagonal.
 */
export function ellipseGrid(
  x: GateAxis,
  y: GateAxis,
  distance: (x: number, y: number) => number,
  norm: (dx: number, dy: number) => number,
  radius: number,
): Grid {
  const axisX = cellAxis(x);
  const axisY = cellAxis(y);
  const states = outerStates(axisX, axisY);
  const margin = 1e-9 * radius;
  for (let row = 1; row <= CELLS; row++) {
    const halfY = (axisY.high[row] - axisY.low[row]) / 2 + slack(y);
    const centreY = (axisY.high[row] + axisY.low[row]) / 2;
    for (let column = 1; column <= CELLS; column++) {
      const halfX = (axisX.high[column] - axisX.low[column]) / 2 + slack(x);
      const d = distance((axisX.high[column] + axisX.low[column]) / 2, centreY);
      const reach = Math.max(norm(halfX, halfY), norm(halfX, -halfY)) + margin;
      let state = BOUNDARY;
      if (d + reach < radius) state = INSIDE;
      else if (d - reach > radius) state = OUTSIDE;
      states[row * ROW + column] = state;
    }
  }
  return { cellX: axisX.cells, cellY: axisY.cells, states };
}

function slack(axis: GateAxis): number {
  return 1e-11 * (axis.high - axis.low + Math.max(Math.abs(axis.low), Math.abs(axis.high)));
}

/**
 * Divides an axis into cells that are equal in scaled units, rounded to whole keys. `order` below counts keys in ascending linear
 * value: negative keys from the largest magnitude down, then positive keys.
 */
function cellAxis(axis: GateAxis): CellAxis {
  const bottom = axis.forward(-LARGEST);
  const top = axis.forward(LARGEST);
  const low = Math.max(axis.low, Number.isNaN(bottom) ? axis.low : bottom);
  const high = Math.min(axis.high, Number.isNaN(top) ? axis.high : top);
  const starts = new Int32Array(CELLS + 1);
  for (let j = 0; j <= CELLS; j++) {
    const linear = axis.inverse(low + ((high - low) * j) / CELLS);
    starts[j] = Number.isNaN(linear) ? 1 : orderOf(keyOf(linear));
  }
  starts[0] = starts[0] - 1;
  starts[CELLS] = starts[CELLS] + 2;
  for (let j = 0; j <= CELLS; j++) starts[j] = Math.min(Math.max(starts[j], 1), 2 * KEYS - 1);
  for (let j = 1; j <= CELLS; j++) starts[j] = Math.max(starts[j], starts[j - 1]);

  const cells = new Uint8Array(2 * KEYS);
  fillOrder(cells, 0, starts[0], BELOW);
  for (let j = 0; j < CELLS; j++) fillOrder(cells, starts[j], starts[j + 1], j + 1);
  fillOrder(cells, starts[CELLS], 2 * KEYS, ABOVE);
  cells[KEYS - 1] = FAR;
  cells[2 * KEYS - 1] = FAR;

  const lows = new Float64Array(CELLS + 3);
  const highs = new Float64Array(CELLS + 3);
  for (let j = 0; j < CELLS; j++) {
    const last = Math.max(starts[j + 1] - 1, starts[j]);
    lows[j + 1] = axis.forward(linearLow(starts[j]));
    highs[j + 1] = axis.forward(linearHigh(last));
  }
  return {
    cells,
    low: lows,
    high: highs,
    belowIsOutside: axis.forward(linearHigh(starts[0] - 1)) < axis.low,
    aboveIsOutside: axis.forward(linearLow(starts[CELLS])) > axis.high,
  };
}

/** Position of a key in ascending linear order, in [0, 2 * KEYS). */
function orderOf(key: number): number {
  return key < KEYS ? KEYS + key : 2 * KEYS - 1 - key;
}

function fillOrder(cells: Uint8Array, from: number, to: number, cell: number): void {
  for (let order = from; order < to; order++) {
    cells[order >= KEYS ? order - KEYS : 2 * KEYS - 1 - order] = cell;
  }
}

/** Bounds on the linear values of the key at a position; a positive key reaches up to, not including, the next one. */
function linearLow(order: number): number {
  return order >= KEYS ? smallestOfKey(order - KEYS) : -smallestOfKey(KEYS - order);
}
function linearHigh(order: number): number {
  return order >= KEYS ? smallestOfKey(order - KEYS + 1) : -smallestOfKey(KEYS - 1 - order);
}

/** Outer cells: outside where that is certain, boundary elsewhere. */
function outerStates(x: CellAxis, y: CellAxis): Uint8Array {
  const states = new Uint8Array(ROW * ROW).fill(BOUNDARY);
  for (let c = 0; c <= FAR; c++) {
    if (x.belowIsOutside) states[c * ROW + BELOW] = OUTSIDE;
    if (x.aboveIsOutside) states[c * ROW + ABOVE] = OUTSIDE;
    if (y.belowIsOutside) states[BELOW * ROW + c] = OUTSIDE;
    if (y.aboveIsOutside) states[ABOVE * ROW + c] = OUTSIDE;
  }
  for (let c = 0; c <= FAR; c++) {
    states[c * ROW + FAR] = BOUNDARY;
    states[FAR * ROW + c] = BOUNDARY;
  }
  return states;
}

/** The x range of the part of a segment that lies in a horizontal band which it meets. */
function clipToBand(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  low: number,
  high: number,
): readonly [number, number] {
  const at = (y: number) => (y0 === y1 ? x0 : x0 + ((x1 - x0) * (y - y0)) / (y1 - y0));
  const inBand = (y: number) => Math.min(Math.max(y, low), high);
  const a = y0 === inBand(y0) ? x0 : at(inBand(y0));
  const b = y1 === inBand(y1) ? x1 : at(inBand(y1));
  return [Math.min(a, b), Math.max(a, b)];
}

function markTouched(touched: Uint8Array, axis: CellAxis, from: number, to: number): void {
  for (let c = 1; c <= CELLS; c++) if (axis.high[c] >= from && axis.low[c] <= to) touched[c] = 1;
}
