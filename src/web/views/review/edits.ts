// Gate edits on the strategy of one sample, before they are saved. Pure.
// Invariant: cells of one quadrant set always share their dividers, so an edit of one cell moves the whole set, as the server does when it counts.
import type { Gate, GeometricGate } from '../../../gating/index.ts';
import type { GateEdit, Preview, SampleDetail, WireStrategy } from '../../../server/index.ts';
import { fromWire, toWire } from '../../api/wire-gate.ts';
import { placeGate, type Placement, type PlotDims } from '../../plot/gate-shape.ts';

/** Gates moved but not saved, by path. */
export type Edits = ReadonlyMap<string, GeometricGate>;

/** One population as the review shows it. */
export interface ReviewPopulation {
  readonly id: string;
  readonly path: string;
  readonly parent: string | null;
  /** Populations above it. */
  readonly depth: number;
  readonly gate: Gate | null;
  readonly fit: WireStrategy['populations'][number]['fit'];
  readonly row: SampleDetail['populations'][number] | null;
}

/** The populations of a sample as a tree is read: each before its descendants, siblings in the order of the strategy; empty when it was refused. */
export function populationsOf({
  strategy,
  populations,
}: Pick<SampleDetail, 'strategy' | 'populations'>): ReviewPopulation[] {
  const rows = new Map(populations.map((row) => [row.path, row]));
  const all = strategy?.populations ?? [];
  const below = (above: string | null, depth: number): ReviewPopulation[] =>
    all
      .filter(({ parent }) => parent === above)
      .flatMap(({ id, path, parent, gate, fit }) => [
        {
          id,
          path,
          parent,
          depth,
          gate: gate === null ? null : fromWire(gate),
          fit,
          row: rows.get(path) ?? null,
        },
        ...below(path, depth + 1),
      ]);
  return below(null, 0);
}

/** The populations with unsaved edits in place. */
export function withEdits(
  populations: readonly ReviewPopulation[],
  edits: Edits,
): readonly ReviewPopulation[] {
  if (edits.size === 0) return populations;
  const parents = new Map(populations.map(({ path, parent }) => [path, parent]));
  return populations.map((population) => {
    const own = edits.get(population.path);
    if (own !== undefined) return { ...population, gate: own };
    const { gate } = population;
    if (gate?.kind !== 'quadrant') return population;
    for (const [path, edited] of edits)
      if (edited.kind === 'quadrant' && edited.set === gate.set && parents.get(path) === population.parent)
        return { ...population, gate: { ...gate, dividers: edited.dividers } };
    return population;
  });
}

/** Edits after one more; of a quadrant set only the newest edit is kept. */
export function addEdit(edits: Edits, path: string, gate: GeometricGate): Edits {
  const kept = [...edits].filter(
    ([other, edited]) =>
      other !== path &&
      !(
        edited.kind === 'quadrant' &&
        gate.kind === 'quadrant' &&
        edited.set === gate.set &&
        parentOf(other) === parentOf(path)
      ),
  );
  return new Map([...kept, [path, gate]]);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function wireEdits(edits: Edits): GateEdit[] {
  return [...edits].map(([path, gate]) => ({ path, gate: toWire(gate) }));
}

/** Gates of the children of `parent` that have a place on the plot. */
export function gatesOn(
  populations: readonly ReviewPopulation[],
  parent: string | null,
  plot: PlotDims,
): readonly {
  readonly population: ReviewPopulation;
  readonly gate: GeometricGate;
  readonly placement: Placement;
}[] {
  return populations.flatMap((population) => {
    const { gate } = population;
    if (population.parent !== parent || gate === null || gate.kind === 'boolean') return [];
    const placement = placeGate(gate, plot);
    return placement === null ? [] : [{ population, gate, placement }];
  });
}

export interface ShownCount {
  readonly count: number | null;
  readonly fraction: number | null;
  /** What it was, where an unsaved edit changes it. */
  readonly before: { readonly count: number | null; readonly fraction: number | null } | null;
}

/** Count and share of the parent of one population, with what a preview changes. */
export function countOf(population: ReviewPopulation, preview: Preview | null): ShownCount {
  const changed = preview?.populations.find(({ path }) => path === population.path);
  const row = population.row;
  return changed === undefined
    ? { count: row?.count ?? null, fraction: row?.fractionOfParent ?? null, before: null }
    : {
        count: changed.after,
        fraction: changed.fractionAfter,
        before: { count: changed.before, fraction: changed.fractionBefore },
      };
}
