// The events that FIT looks at, gate by gate: which of the sample are inside each population so far, and their values on any axis.
// Invariant: a population's events are settled once, from those of its parent.
import type { EventTable, Spillover } from '../events/index.ts';
import type { CutEvents, CutList } from './cut-list.ts';
import { allPlaces, maskOf, placesByLogic, placesInside, valuesAt, type Places } from './inside.ts';
import type { Dimension, Gate, GatingStrategy } from './model.ts';
import { createEvaluator } from './reference.ts';
import type { Acquisition } from './stability.ts';

/** The events that gates are placed on: all of a small file, an even selection of a large one. */
export interface FitSample {
  readonly table: EventTable;
  readonly spillover: Spillover | null;
  /** Position in the file of each event of the table, ascending; null or absent = the table is the whole file. */
  readonly positions?: Float64Array | null;
}

export interface FitEvents {
  /** 1 = the event of the sample is in the population, ancestors included; by path. */
  readonly members: ReadonlyMap<string, Uint8Array>;
  /** Settles the events of a population. Its parent and the operands of its logic are settled; throws E_GATE_INVALID otherwise. */
  add(population: { readonly path: string; readonly parent: string | null; readonly gate: Gate }): void;
  /** Places of the events of a settled population (null = all) in the sample, ascending. */
  places(path: string | null): Places;
  /** The whole sample on an axis, scale units; not to be written to. */
  readonly column: (dim: Dimension) => Float64Array;
  /** The events of a parent (null = all) on some axes, scale units; not to be written to. */
  columns(at: Pick<CutList, 'dims' | 'parent'>): readonly Float64Array[];
  /** What the methods of a list look at. */
  of(list: CutList): CutEvents;
}

/** Throws as `createEvaluator` does, on first use of a value. */
export function fitEvents(sample: FitSample, matrices: GatingStrategy['matrices']): FitEvents {
  const { table, spillover } = sample;
  const evaluator = createEvaluator(table, spillover, matrices);
  const inside = new Map<string | null, Places>([[null, allPlaces(table.count)]]);
  const members = new Map<string, Uint8Array>();
  /** Values of the parent that was asked about last: the gates of one parent follow each other. */
  let recent: { readonly parent: string | null; readonly columns: Map<Dimension, Float64Array> } | null =
    null;

  const placesOf = (path: string | null): Places => {
    const places = inside.get(path);
    if (places === undefined) throw new RangeError(`The events of ${path} are not settled.`);
    return places;
  };
  const columns = ({ dims, parent }: Pick<CutList, 'dims' | 'parent'>): Float64Array[] => {
    if (recent === null || recent.parent !== parent) recent = { parent, columns: new Map() };
    const known = recent.columns;
    return dims.map((dim) => {
      const values = known.get(dim) ?? valuesAt(evaluator.column(dim), placesOf(parent));
      known.set(dim, values);
      return values;
    });
  };

  return {
    members,
    places: placesOf,
    column: (dim) => evaluator.column(dim),
    columns,
    add({ path, parent, gate }) {
      const within = placesOf(parent);
      const places =
        gate.kind === 'boolean'
          ? placesByLogic(
              gate,
              gate.operands.map(({ population }) => maskOf(placesOf(population), table.count)),
              within,
            )
          : placesInside(
              gate,
              gate.dims.map((dim) => evaluator.column(dim)),
              within,
            );
      inside.set(path, places);
      members.set(path, maskOf(places, table.count));
    },
    of(list) {
      const { dims, parent } = list;
      const places = placesOf(parent);
      let linear: readonly Float64Array[] | null = null;
      return {
        count: places.length,
        columns: columns(list),
        // made when asked for: few methods ask
        get linear() {
          return (linear ??= dims.map((dim) => valuesAt(evaluator.linear(dim), places)));
        },
        reference: (path) => {
          const named = inside.get(path);
          return named === undefined ? null : dims.map((dim) => valuesAt(evaluator.column(dim), named));
        },
        ...(parent === null ? { acquisition: acquisitionOf(evaluator.column(dims[0]), sample) } : {}),
      };
    },
  };
}

/** The light channels as detected, along the given clock; pulse areas where there are any, because heights and widths say the same again. */
function acquisitionOf(time: Float64Array, { table, positions = null }: FitSample): Acquisition {
  const light = table.channels.flatMap(({ name, kind, pulse }, c) =>
    kind === 'scatter' || kind === 'fluorescence' ? [{ name, pulse, values: table.columns[c] }] : [],
  );
  const areas = light.filter(({ pulse }) => pulse === 'A');
  const signals = areas.length > 0 ? areas : light;
  return { time, positions, signals };
}
