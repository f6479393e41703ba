// How far the populations on both sides of a cut reach through it, found without labels. The inner half of each peak, which faces the cut,
// shows how fast the peak falls: what a normal of that height and width has at the cut is its own. What fills the floor between the peaks
// beyond that has slid from one of them towards the other, and whose it is cannot be seen: half of it is counted to each.
// Invariant: a reach never exceeds the distance to the peak on the other side, which no population with one peak does.
import { exp, median } from '../math/index.ts';
import type { Evidence } from './model.ts';

/**
 * Scale units; times the density of a population at the cut they give cells. `below`: of the cells that belong above and lie below the
 * cut; `above`: of those that belong below and lie above it.
 */
export interface Overlap {
  readonly below: number;
  readonly above: number;
}

export interface Peaks {
  readonly low: number;
  readonly high: number;
}

/** Fewer values on a side show no peak. */
const FEWEST = 10;

/** Where the populations of both sides are: as the method saw them, else the middle of the events of that side; null = a side is empty. */
export function peaksBeside(values: Float64Array, cut: number, evidence: Evidence): Peaks | null {
  const seen = [
    'peakLow',
    'peakHigh',
    'centreLow',
    'centreHigh',
    'peak',
    'referenceMedian',
    'median',
  ].flatMap((key) => (typeof evidence[key] === 'number' ? [evidence[key]] : []));
  const nearest = (side: readonly number[]): number | null =>
    side.length === 0
      ? null
      : side.reduce((near, peak) => (Math.abs(peak - cut) < Math.abs(near - cut) ? peak : near));
  const low = nearest(seen.filter((peak) => peak < cut)) ?? middleOf(values, (value) => value < cut);
  const high = nearest(seen.filter((peak) => peak > cut)) ?? middleOf(values, (value) => value > cut);
  if (low === null && high === null) return null;
  return { low: low ?? 2 * cut - (high ?? cut), high: high ?? 2 * cut - (low ?? cut) };
}

function middleOf(values: Float64Array, isOn: (value: number) => boolean): number | null {
  const side = values.filter(isOn);
  return side.length < FEWEST ? null : median(side);
}

/** Bins between two peaks, and how many of them a density is taken over. */
const BINS = 48;
const SMOOTH = 5;
/** Part of the floor that is counted to each side, where whose it is cannot be seen. */
const SLID = 0.5;
/** Half the width of a normal at half its height, in SD. */
const HALF_HEIGHT = 1.1774100225154747;

/** `values`: of the events that show the peaks. */
export function overlapAt(values: Float64Array, cut: number, { low, high }: Peaks): Overlap {
  const width = (high - low) / BINS;
  const density = densityBetween(values, low, width);
  const at = density[Math.min(BINS - 1, Math.max(0, Math.floor((cut - low) / width)))];
  if (at === 0) return { below: 0, above: 0 };
  const left = halfPeak(density, cut - low, width);
  const right = halfPeak(density.slice().reverse(), high - cut, width);
  const floor = Math.max(at, left.atCut + right.atCut);
  const slid = Math.max(0, 1 - (left.atCut + right.atCut) / floor);
  const reach = (own: number, beyond: number, most: number) =>
    Math.min(most, (own / floor) * beyond + SLID * slid * most);
  return {
    below: reach(right.atCut, right.beyond, cut - low),
    above: reach(left.atCut, left.beyond, high - cut),
  };
}

/** Events a bin, the bins between two peaks; each is the mean of those around it. */
function densityBetween(values: Float64Array, low: number, width: number): Float64Array {
  const aside = (SMOOTH - 1) / 2;
  const counts = new Float64Array(BINS + SMOOTH - 1);
  for (let e = 0; e < values.length; e++) {
    const bin = Math.floor((values[e] - low) / width) + aside;
    if (bin >= 0 && bin < counts.length) counts[bin]++;
  }
  const density = new Float64Array(BINS);
  for (let b = 0; b < BINS; b++) for (let k = 0; k < SMOOTH; k++) density[b] += counts[b + k] / SMOOTH;
  return density;
}

/** A peak in the first bin: its density at a cut that far away, and its cells beyond the cut in units of that density. */
function halfPeak(
  density: Float64Array,
  distance: number,
  width: number,
): { readonly atCut: number; readonly beyond: number } {
  const [height] = density;
  let half = 1;
  while (half < density.length - 1 && density[half] > height / 2) half++;
  // between the middles of two bins
  const drop = density[half - 1] - density[half];
  const into = drop > 0 ? (density[half - 1] - height / 2) / drop : 1;
  const sd = Math.min((half - 0.5 + Math.min(1, into)) * width, distance) / HALF_HEIGHT;
  const z = distance / sd;
  // an upper bound of Mills' ratio within a few per cent (Sampford 1953)
  return { atCut: height * exp(-0.5 * z * z), beyond: (4 * sd) / (3 * z + Math.sqrt(z * z + 8)) };
}
