// Grids: a two-dimensional gate as a table of cells that are outside, inside or on its boundary, addressed by linear values.
// Stands between the exact geometry and `withinGrid`. Invariant: for every event in an inside (outside) cell the exact test
// says inside (outside), so a grid never changes an answer; whatever cannot be proven is left a boundary cell.
import {
  BOUNDARY,
  floatOfKey,
  INFINITE,
  INSIDE,
  KEYS,
  keyOf,
  NEGATIVE,
  OUTSIDE,
  smallestOfKey,
} from './count.kernel.ts';

/** Cells an axis, besides the three outer ones (below, above, far). */
const CELLS = 125;
/** Cells a side of the squares that are tried as a whole; divides CELLS. */
const SQUARE = 5;
const BELOW = 0;
const ABOVE = CELLS + 1;
const FAR = CELLS + 2;
/** Length of a row of `states`. */
const ROW = 128;
/** Values beyond this are not worth cells of their own; gates that reach further keep their outer cells on the boundary. */
const LARGEST = 1_048_576;

export interface Grid {
  /** Cell of each key of the first axis; KEYS entries. */
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
  const stateOf = (column: number, endColumn: number, row: number, endRow: number): number => {
    const halfX = (axisX.high[endColumn - 1] - axisX.low[column]) / 2 + slack(x);
    const halfY = (axisY.high[endRow - 1] - axisY.low[row]) / 2 + slack(y);
    const d = distance(
      (axisX.high[endColumn - 1] + axisX.low[column]) / 2,
      (axisY.high[endRow - 1] + axisY.low[row]) / 2,
    );
    const reach = Math.max(norm(halfX, halfY), norm(halfX, -halfY)) + margin;
    if (d + reach < radius) return INSIDE;
    return d - reach > radius ? OUTSIDE : BOUNDARY;
  };
  // most squares of five by five cells are of one state; only the others are asked cell by cell
  for (let row = 1; row <= CELLS; row += SQUARE) {
    for (let column = 1; column <= CELLS; column += SQUARE) {
      const whole = stateOf(column, column + SQUARE, row, row + SQUARE);
      for (let r = row; r < row + SQUARE; r++) {
        for (let c = column; c < column + SQUARE; c++)
          states[r * ROW + c] = whole === BOUNDARY ? stateOf(c, c + 1, r, r + 1) : whole;
      }
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
  for (let j = 0; j <= CELLS; j++) starts[j] = Math.min(Math.max(starts[j], LOWEST + 1), HIGHEST - 1);
  for (let j = 1; j <= CELLS; j++) starts[j] = Math.max(starts[j], starts[j - 1]);

  const cells = new Uint8Array(KEYS).fill(FAR);
  fillOrder(cells, LOWEST, starts[0], BELOW);
  for (let j = 0; j < CELLS; j++) fillOrder(cells, starts[j], starts[j + 1], j + 1);
  fillOrder(cells, starts[CELLS], HIGHEST, ABOVE);

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

/** Position of a key in ascending linear order, in [0, KEYS). Those of finite values are in [LOWEST, HIGHEST). */
function orderOf(key: number): number {
  return key < NEGATIVE ? NEGATIVE + key : KEYS - 1 - key;
}
const LOWEST = NEGATIVE - INFINITE;
const HIGHEST = NEGATIVE + INFINITE;

function fillOrder(cells: Uint8Array, from: number, to: number, cell: number): void {
  if (from < NEGATIVE) cells.fill(cell, KEYS - Math.min(to, NEGATIVE), KEYS - from);
  if (to > NEGATIVE) cells.fill(cell, Math.max(from, NEGATIVE) - NEGATIVE, to - NEGATIVE);
}

/** Closed bounds on the linear values of the key at a position. */
function linearLow(order: number): number {
  return order >= NEGATIVE ? smallestOfKey(order - NEGATIVE) : -floatOfKey(NEGATIVE - order);
}
function linearHigh(order: number): number {
  return order >= NEGATIVE ? floatOfKey(order - NEGATIVE + 1) : -smallestOfKey(NEGATIVE - 1 - order);
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
  let c = 1;
  while (c <= CELLS && !(axis.high[c] >= from)) c++;
  for (; c <= CELLS && axis.low[c] <= to; c++) touched[c] = 1;
}
