// Does the compensation fit? In a well compensated tube the cells that are bright in one colour and negative in another sit where all
// negative cells sit. A residual of the spillover pulls them off in proportion to their brightness: up when too little was
// subtracted, down when too much was. Hints, not proof: dim expression that follows another marker looks the same.
import { quantile } from '../math/index.ts';

/** Compensated colours of one sample: linear values of the same events, `columns[c]` of `names[c]`. */
export interface Colours {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
  /** Top of scale of each; limits of brightness are for 262 144 and go in proportion. */
  readonly tops: readonly number[];
  /** The matrix that was applied: row = source, column = receiver, in the order of `names`. */
  readonly spill: ArrayLike<number>;
}

/** `residual` = what is left of the source in the receiver, as a coefficient of the matrix would say it: positive = too little subtracted. */
export interface CompensationHint {
  readonly source: string;
  readonly receiver: string;
  readonly residual: number;
}

export interface CompensationReview {
  /** Pairs of colours that could be looked at. */
  readonly pairs: number;
  /** The pair with the largest residual; null when none could be looked at. */
  readonly largest: CompensationHint | null;
  /** Pairs whose residual is at least `hintedResidual`, largest first. */
  readonly hints: readonly CompensationHint[];
}

/** Smaller residuals are within what cell types differ by on their own. */
export const hintedResidual = 0.02;

/** Where the matrix subtracts less than this, no light passes: what looks like a residual there is biology. */
const PASSES = 0.01;

/** Light on a 262 144 scale: from here a cell is bright (y 4.2), up to there it is negative (y 2.1). */
const BRIGHT = 5000;
const DIM = 600;
/** A receiver above this part of the source is stained itself. */
const STAINED = 0.15;
/** Part of the bright cells that must not be stained in the receiver: with fewer, the dim edge of the stained ones looks like a residual. */
const MOSTLY = 0.9;
/** Fewest events of a class. */
const FEWEST = 150;

/** Looks at every ordered pair of colours between which the matrix subtracts. Values that are not finite are in no class. */
export function reviewCompensation(colours: Colours): CompensationReview {
  const { names } = colours;
  const found: CompensationHint[] = [];
  names.forEach((source, i) => {
    const classes = classesOf(colours, i);
    if (classes === null) return;
    names.forEach((receiver, j) => {
      if (i === j || colours.spill[i * names.length + j] < PASSES) return;
      const residual = residualOf(colours, i, j, classes);
      if (residual !== null) found.push({ source, receiver, residual });
    });
  });
  const sorted = found.sort((a, b) => Math.abs(b.residual) - Math.abs(a.residual));
  return {
    pairs: found.length,
    largest: sorted.length === 0 ? null : sorted[0],
    hints: sorted.filter(({ residual }) => Math.abs(residual) >= hintedResidual),
  };
}

interface Classes {
  /** Events that are bright in the source, by brightness. */
  readonly bright: Uint32Array;
  readonly dim: Uint32Array;
}

function classesOf({ columns, tops }: Colours, i: number): Classes | null {
  const column = columns[i];
  const unit = tops[i] / 262144;
  const bright = new Uint32Array(column.length);
  const dim = new Uint32Array(column.length);
  let [brights, dims] = [0, 0];
  for (let e = 0; e < column.length; e++) {
    const value = column[e];
    if (value < DIM * unit) dim[dims++] = e;
    else if (value >= BRIGHT * unit && value < tops[i]) bright[brights++] = e;
  }
  if (brights < FEWEST || dims < FEWEST) return null;
  return {
    bright: bright.subarray(0, brights).sort((a, b) => column[a] - column[b] || a - b),
    dim: dim.subarray(0, dims),
  };
}

/** The smaller of two slopes that a residual makes alike: from the dim to the bright cells, and among the bright ones; 0 where they disagree. */
function residualOf(
  { columns, tops }: Colours,
  i: number,
  j: number,
  { bright, dim }: Classes,
): number | null {
  const [source, receiver] = [columns[i], columns[j]];
  const scale = tops[i] / tops[j];
  const unstained = new Uint32Array(bright.length);
  let count = 0;
  for (const e of bright) {
    unstained[count] = e;
    count += receiver[e] * scale < STAINED * source[e] ? 1 : 0;
  }
  const negative = new Uint32Array(dim.length);
  let negatives = 0;
  for (const e of dim) {
    negative[negatives] = e;
    negatives += receiver[e] < (DIM * tops[j]) / 262144 ? 1 : 0;
  }
  if (count < FEWEST || count < MOSTLY * bright.length || negatives < FEWEST) return null;
  const third = Math.floor(count / 3);
  const at = (events: Uint32Array, p: number): Point => ({
    x: quantile(valuesAt(source, events), 0.5),
    y: quantile(valuesAt(receiver, events), p),
  });
  const between = slope(at(negative.subarray(0, negatives), 0.5), at(unstained.subarray(0, count), 0.5));
  // the lower quartile, because the upper end was cut off in proportion to the source
  const within = slope(
    at(unstained.subarray(0, third), 0.25),
    at(unstained.subarray(count - third, count), 0.25),
  );
  if (between * within <= 0) return 0;
  return Math.abs(between) < Math.abs(within) ? between : within;
}

function valuesAt(column: Float64Array, events: Uint32Array): Float64Array {
  const values = new Float64Array(events.length);
  for (let i = 0; i < events.length; i++) values[i] = column[events[i]];
  return values;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function slope(a: Point, b: Point): number {
  return b.x > a.x ? (b.y - a.y) / (b.x - a.x) : 0;
}
