// The axis that a placed cut is a threshold on: a colour, or a weighted sum of two, with the events beside the cut and those that showed it.
import type { CutFit, CutList } from './cut-list.ts';
import type { FitEvents } from './fit-events.ts';
import type { Places } from './inside.ts';
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

/** Values that show peaks, and events beside a cut that are looked at; of more every n-th. */
const MOST_SHOWN = 4096;
const MOST_BESIDE = 1024;

/** null = the gate is no cut. */
export function axisOf(found: CutFit, list: CutList, events: FitEvents): AxisOfCut | null {
  const { fit, attempt } = found;
  const place = fit === null ? null : placeOf(fit);
  if (fit === null || place === null) return null;
  const columns = list.dims.map(events.column);
  const weights = fit.score?.weights ?? [1];
  const valuesOf = (places: Places, every: number): Float64Array => {
    const values = new Float64Array(Math.floor(places.length / every));
    for (let d = 0; d < weights.length; d++)
      for (let i = 0; i < values.length; i++) values[i] += weights[d] * columns[d][places[i * every]];
    return values;
  };
  const named = found.method === 'reference' ? null : referenceOf(list.attempts[attempt]?.params ?? {});
  const showing = events.places(named ?? list.parent);
  const shown = valuesOf(showing, Math.max(1, Math.ceil(showing.length / MOST_SHOWN)));
  return {
    place,
    shown,
    beside: (half) => {
      const places = events.places(list.parent);
      return eventsBeside(place, half, { places, values: valuesOf(places, 1) });
    },
  };
}

function eventsBeside(
  place: number,
  half: number,
  { places, values }: { readonly places: Places; readonly values: Float64Array },
): Beside {
  const near = new Uint32Array(places.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    near[count] = i;
    count += Math.abs(values[i] - place) <= half ? 1 : 0;
  }
  const every = Math.max(1, Math.ceil(count / MOST_BESIDE));
  const chosen = new Uint32Array(Math.ceil(count / every));
  const isAbove = new Uint8Array(chosen.length);
  for (let k = 0; k < chosen.length; k++) {
    const i = near[k * every];
    chosen[k] = places[i];
    isAbove[k] = values[i] >= place ? 1 : 0;
  }
  return { places: chosen, isAbove, every };
}
