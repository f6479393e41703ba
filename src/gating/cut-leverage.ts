// What every cut of a strategy moves: the events beside a cut change sides, and with them the populations below it and the logic that
// refers to these. One look at the few events beside each cut, when all gates are placed; nothing is fitted again.
import { affectedBy } from './needed.ts';
import { axisOf, type AxisOfCut } from './cut-axis.ts';
import type { CutFit, CutList } from './cut-list.ts';
import { overlapAt, peaksBeside, type Overlap } from './cut-overlap.ts';
import type { FitEvents } from './fit-events.ts';
import { otherSide, type GateOnCut } from './other-side.ts';
import type { GatingStrategy, PlacedCut, StrategyPopulation } from './model.ts';

/** A list that placed a cut, and the populations that it cuts, each on one axis of its gate. */
export interface ListOfGates {
  readonly list: CutList;
  readonly found: CutFit;
  readonly gates: readonly GateOnCut[];
}

/** Two-sided 95 % of a normal. */
const Z95 = 1.959963984540054;
/** The density at a cut is taken over at least this part of the distance of the peaks beside it, on either side. */
const LEAST_HALF = 0.05;

/** The strategy with its cuts, and with how each population moves with each of them. `settled`: every population after those it hangs on. */
export function withLeverage(
  strategy: GatingStrategy,
  lists: readonly ListOfGates[],
  { events, settled }: { readonly events: FitEvents; readonly settled: readonly StrategyPopulation[] },
): GatingStrategy {
  const cuts: PlacedCut[] = [];
  const moves = new Map<string, (readonly [number, number])[]>();
  const note = (path: string, slope: number) => {
    const rounded = Number(slope.toPrecision(4));
    if (rounded !== 0) moves.set(path, [...(moves.get(path) ?? []), [cuts.length - 1, rounded]]);
  };
  for (const { list, found, gates } of lists) {
    const { fit } = found;
    if (fit === null) continue;
    const axis = axisOf(found, list, events);
    if (axis === null) {
      // a shape of two axes says itself what share it leaves out: all that is inside it moves alike
      const { missedShare, foreignShare, shareError } = fit.evidence;
      if (typeof missedShare !== 'number' || typeof foreignShare !== 'number') continue;
      const error = typeof shareError === 'number' ? shareError : null;
      cuts.push({ name: list.key, error, ...rounded({ below: missedShare, above: foreignShare }) });
      const inside = gates.map(({ path }) => path);
      for (const { path } of settled)
        if (inside.some((shape) => path === shape || path.startsWith(`${shape}/`))) note(path, 1);
      continue;
    }
    const { error, half, overlap } = measured(axis, found);
    // without events there is nothing beside it
    if (!(half > 0)) continue;
    cuts.push({ name: list.key, error, ...rounded(overlap) });
    const beside = axis.beside(half);
    if (beside.places.length === 0) continue;
    const affected = new Set(
      affectedBy(
        strategy,
        gates.map(({ path }) => path),
      ),
    );
    const changed = settled.filter(({ path }) => affected.has(path));
    const other = otherSide(changed, gates, { places: beside.places, events });
    for (const [path, flipped] of other) {
      const now = events.members.get(path);
      const count = events.places(path).length;
      if (now === undefined || count === 0) continue;
      let gained = 0;
      // an event below the cut changes sides when the cut goes down, one above it when the cut goes up
      for (let i = 0; i < flipped.length; i++)
        gained += (flipped[i] - now[beside.places[i]]) * (beside.isAbove[i] === 1 ? -1 : 1);
      note(path, (beside.every * gained) / (2 * half * count));
    }
  }
  const populations = strategy.populations.map((population) => {
    const own = moves.get(population.path);
    return own === undefined ? population : { ...population, moves: own };
  });
  return { ...strategy, populations, cuts };
}

function measured(
  { place, shown }: AxisOfCut,
  { fit }: CutFit,
): { readonly error: number | null; readonly half: number; readonly overlap: Overlap } {
  const evidence = fit?.evidence ?? {};
  const error = typeof evidence['cutSe'] === 'number' ? evidence['cutSe'] : null;
  const peaks = peaksBeside(shown, place, evidence);
  const least = peaks === null ? 0 : LEAST_HALF * (peaks.high - peaks.low);
  const overlap = peaks === null ? { below: 0, above: 0 } : overlapAt(shown, place, peaks);
  return { error, half: Math.max(Z95 * (error ?? 0), least), overlap };
}

function rounded({ below, above }: Overlap): Overlap {
  return { below: Number(below.toPrecision(4)), above: Number(above.toPrecision(4)) };
}
