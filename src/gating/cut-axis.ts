// The axis that a placed cut is a threshold on: a colour, or a weighted sum of two, with the events beside the cut and those that showed it.
import type { CutFit, CutList } from './cut-list.ts';
import type { FitEvents } from './fit-events.ts';
import { everyNth, valuesAt, type Places } from './inside.ts';
import { referenceOf } from './methods/contract.ts';
import { placeOf } from './methods/cut-error.ts';

export interface AxisOfCut {
  /** The cut, in units of the axis. */
  readonly place: number;
  /** Values of the population that the method looked at: the parent, or another one of the tube; a bounded number, evenly chosen. */
  readonly shown: Float64Array;
  /** Events of the parent within that distance of the cut. */
  readonly beside: (half: number) => Beside;
}

/** Events near a cut: their places, and on which side they are; each stands for `every`. */
export interface Beside {
  readonly places: Places;
  readonly isAbove: Uint8Array;
  readonly every: number;
}

/** Events of a population that are looked at, and of those beside a cut; of more every n-th. */
const MOST = 4096;
const MOST_BESIDE = 512;

/** null = the gate is no cut. */
export function axisOf(found: CutFit, list: CutList, events: FitEvents): AxisOfCut | null {
  const { fit, attempt } = found;
  const place = fit === null ? null : placeOf(fit);
  if (fit === null || place === null) return null;
  const columns = list.dims.map(events.column);
  const looked = (path: string | null) => everyNth(events.places(path), MOST);
  const valuesOf = (places: Places) => scoresAt(columns, fit.score?.weights ?? null, places);
  const named = found.method === 'reference' ? null : referenceOf(list.attempts[attempt]?.params ?? {});
  const own = looked(list.parent);
  const values = valuesOf(own.places);
  const shown = named === null ? values : valuesOf(looked(named).places);
  return { place, shown, beside: (half) => eventsBeside(place, half, { ...own, values }) };
}

function scoresAt(
  columns: readonly Float64Array[],
  weights: readonly number[] | null,
  places: Places,
): Float64Array {
  const [column, second] = columns;
  if (weights === null) return valuesAt(column, places);
  const values = new Float64Array(places.length);
  for (let i = 0; i < values.length; i++)
    values[i] = weights[0] * column[places[i]] + weights[1] * second[places[i]];
  return values;
}

function eventsBeside(
  place: number,
  half: number,
  { places, values, every }: ReturnType<typeof everyNth> & { readonly values: Float64Array },
): Beside {
  const near = new Uint32Array(places.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    near[count] = i;
    count += Math.abs(values[i] - place) <= half ? 1 : 0;
  }
  const some = everyNth(near.subarray(0, count), MOST_BESIDE);
  const chosen = new Uint32Array(some.places.length);
  const isAbove = new Uint8Array(chosen.length);
  for (let k = 0; k < chosen.length; k++) {
    chosen[k] = places[some.places[k]];
    isAbove[k] = values[some.places[k]] >= place ? 1 : 0;
  }
  return { places: chosen, isAbove, every: every * some.every };
}
