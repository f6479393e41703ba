// A scale as a table of cubics: within 1e-9 of the exact function and several times faster, for plots and densities of whole columns.
// Invariant: never used to decide membership; there the exact function (scale.ts) or the limit carried back (limit.ts) rules.
import type { Column } from '../events/index.ts';
import type { Transform } from './model.ts';
import { CELL_BITS, CELL_WIDTH, scaleByTable } from './scale-table.kernel.ts';
import { compileCurve, compileForward } from './scale.ts';

/** Scales one column after another: output[e] = f(input[e]) to 1e-9 of the scale's unit; `output` may be `input`. */
export type ColumnScaler = (input: Column, output: Column) => void;

/** Beyond this size of x the exact function is called: 2^24, four times the top of the widest usual detector range. */
const LIMIT = 16777216;

/**
 * The table for a transform, made in a few milliseconds. Only the scales that are odd about the value of zero have one (logicle, hyperlog,
 * asinh, asinhCofactor); the others are cheap or not smooth, and go through the exact function.
 */
export function createScaleTable(transform: Transform): ColumnScaler {
  const exact = compileForward(transform);
  switch (transform.scale.kind) {
    case 'linear':
    case 'log':
    case 'biex':
      return (input, output) => {
        for (let e = 0; e < input.length; e++) output[e] = exact(input[e]);
      };
    case 'asinh':
    case 'asinhCofactor':
    case 'logicle':
    case 'hyperlog':
      return oddTable(transform, exact);
  }
}

/** Cells are geometric in |x| + shift; `shift` is about where the scale turns from linear to logarithmic, so every cell is equally smooth. */
function oddTable(transform: Transform, exact: (x: number) => number): ColumnScaler {
  const { forward } = compileCurve(transform.scale);
  const zero = forward(0);
  const cellOf = (u: number): number => new Uint32Array(Float32Array.of(u).buffer)[0] >>> CELL_BITS;
  const firstCell = cellOf(bendingPoint(forward));
  // x = 0 lies on a cell edge: hyperlog has a kink there in its second derivative, which no cubic could follow.
  const shift = new Float32Array(Uint32Array.of(firstCell << CELL_BITS).buffer)[0];
  const count = cellOf(LIMIT + shift) - firstCell + 1;
  const edges = new Float32Array(count + 1);
  const edgeBits = new Uint32Array(edges.buffer);
  for (let i = 0; i <= count; i++) edgeBits[i] = (firstCell + i) << CELL_BITS;
  const cells = new Float64Array(count * CELL_WIDTH);
  const rise = (u: number): number => forward(u - shift) - zero;
  for (let i = 0; i < count; i++) {
    const width = edges[i + 1] - edges[i];
    // The cubic through four even points: as good as one with derivatives, which need not be known.
    const [a, b, c, d] = [0, 1 / 3, 2 / 3, 1].map((share) => rise(edges[i] + share * width));
    const c1 = (-11 * a + 18 * b - 9 * c + 2 * d) / 2;
    const c2 = (9 * (2 * a - 5 * b + 4 * c - d)) / 2;
    const c3 = (9 * (-a + 3 * b - 3 * c + d)) / 2;
    cells.set([edges[i], a, c1 / width, c2 / (width * width), c3 / (width * width * width)], i * CELL_WIDTH);
  }
  const low = transform.boundMin ?? -Infinity;
  const high = transform.boundMax ?? Infinity;
  return (input, output) =>
    scaleByTable(cells, firstCell, shift, LIMIT, zero, low, high, exact, input, output);
}

/** Where the tangent at zero would have risen as much as the curve does over one factor e far out (x y'(x) is constant there). */
function bendingPoint(forward: (x: number) => number): number {
  const far = (forward(LIMIT) - forward(LIMIT / 2)) / 0.6931471805599453;
  let h = LIMIT;
  // Small enough for the chord to be the tangent, large enough to stay clear of rounding.
  while (forward(h) - forward(0) > far / 16) h /= 2;
  return (far * h) / (forward(h) - forward(0));
}
