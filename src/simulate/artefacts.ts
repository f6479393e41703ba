// What a cytometer and a hurried laboratory add to clean cells (populations section 5.2), and the ways in which a whole tube
// can be wrong. Everything here is drawn from the tube's own seeded stream.
import type { Random } from '../math/index.ts';

export interface Artefacts {
  /** Fractions of all events except beads. Default: those of the panel's specimen. */
  readonly deadFraction: number;
  readonly debrisFraction: number;
  readonly doubletFraction: number;
  /** Share of events whose scatter is clipped at the top of scale. */
  readonly marginFraction: number;
  /** Probability that the run has one clog. */
  readonly clogProbability: number;
  /** Standard deviation of the ln of the gain, per file and detector. */
  readonly gainSd: number;
  /** Standard deviation on y of a marker's positive mean, per visit, and of the ln of its spread. */
  readonly levelShiftSd: number;
  readonly levelSpreadSd: number;
}

export const usualArtefacts: Omit<Artefacts, 'deadFraction' | 'debrisFraction' | 'doubletFraction'> = {
  marginFraction: 0.004,
  clogProbability: 0.15,
  gainSd: 0.1,
  levelShiftSd: 0.15,
  levelSpreadSd: 0.05,
};

/** Nothing but cells and their spread: for tests of gates and of this simulator. */
export const noArtefacts: Artefacts = {
  ...{ deadFraction: 0, debrisFraction: 0, doubletFraction: 0, marginFraction: 0, clogProbability: 0 },
  ...{ gainSd: 0, levelShiftSd: 0, levelSpreadSd: 0 },
};

/** A tube that went wrong as a whole. `dyeOmitted` and `markersSwapped` are not said by the file's names. */
export type Failure =
  | { readonly kind: 'unlysedRedCells' }
  | { readonly kind: 'beadsMissing' }
  | { readonly kind: 'dyeOmitted'; readonly marker: string }
  | { readonly kind: 'markersSwapped'; readonly markers: readonly [string, string] }
  | { readonly kind: 'blankStains' };

/** Debris per other event in a tube whose red cells were not lysed. */
export const unlysedDebrisRatio = 3;

/** The part [begin, end) of a run, in fractions of its time, in which little comes through and signals are low. */
export interface Clog {
  readonly begin: number;
  readonly end: number;
}

/** Rate and change of y inside a clog. */
export const clogged = { rate: 0.2, yShift: -0.4 } as const;

/** One clog of 3 to 8 percent of the run with the given probability, else null. */
export function drawClog(random: Random, probability: number): Clog | null {
  if (random.next() >= probability) return null;
  const length = 0.03 + 0.05 * random.next();
  const begin = random.next() * (1 - length);
  return { begin, end: begin + length };
}

/** Sorted arrival times of `count` events as fractions of the run, at a constant rate except for the clog. */
export function arrivalTimes(random: Random, count: number, clog: Clog | null): Float64Array {
  const times = new Float64Array(count);
  const lost = clog === null ? 0 : (clog.end - clog.begin) * (1 - clogged.rate);
  for (let e = 0; e < count; e++) {
    const arrived = random.next() * (1 - lost);
    times[e] = clog === null ? arrived : timeOf(arrived, clog);
  }
  return times.sort();
}

/** When the given amount of sample has arrived: the inverse of the cumulative rate. */
function timeOf(arrived: number, { begin, end }: Clog): number {
  if (arrived <= begin) return arrived;
  const during = (end - begin) * clogged.rate;
  return arrived < begin + during
    ? begin + (arrived - begin) / clogged.rate
    : end + (arrived - begin - during);
}

/** Which place in the file each generated event gets: a random permutation of 0 to count - 1. */
export function shuffledPlaces(random: Random, count: number): Uint32Array {
  const places = new Uint32Array(count);
  for (let e = 0; e < count; e++) places[e] = e;
  for (let e = count - 1; e > 0; e--) {
    const other = random.integer(e + 1);
    const place = places[e];
    places[e] = places[other];
    places[other] = place;
  }
  return places;
}
