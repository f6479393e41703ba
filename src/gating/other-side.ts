// Who would be where if some events lay on the other side of a cut: its gates are turned for them, and everything that hangs on these gates
// is asked again. The point tests are those of FIT (inside.ts).
import type { FitEvents } from './fit-events.ts';
import { placesInside, type Places } from './inside.ts';
import type { BooleanGate, GeometricGate, StrategyPopulation } from './model.ts';

/** A gate that a cut is part of, and the axis of the gate that it cuts. */
export interface GateOnCut {
  readonly path: string;
  readonly axis: number;
}

/**
 * By path, 1 for the events of `places` (ascending, all of them in the parent of the gates) that would be in the population.
 * `populations`: all that may change, each after those it hangs on.
 */
export function otherSide(
  populations: readonly StrategyPopulation[],
  gates: readonly GateOnCut[],
  { places, events }: { readonly places: Places; readonly events: FitEvents },
): ReadonlyMap<string, Uint8Array> {
  const turned = new Map<string, Uint8Array>();
  const all = new Uint8Array(places.length).fill(1);
  const now = (path: string): Uint8Array => {
    const members = events.members.get(path);
    const mask = new Uint8Array(places.length);
    if (members !== undefined) for (let i = 0; i < mask.length; i++) mask[i] = members[places[i]];
    return mask;
  };
  const then = (path: string | null): Uint8Array => (path === null ? all : (turned.get(path) ?? now(path)));
  const inside = (gate: GeometricGate, within: Uint8Array): Uint8Array => {
    const candidates = new Uint32Array(places.length);
    let count = 0;
    for (let i = 0; i < places.length; i++) {
      candidates[count] = places[i];
      count += within[i];
    }
    if (count === 0) return new Uint8Array(places.length);
    return maskOn(places, placesInside(gate, gate.dims.map(events.column), candidates.subarray(0, count)));
  };
  for (const { path, parent, gate } of populations) {
    if (gate === null) continue;
    const cut = gates.find((one) => one.path === path);
    if (cut !== undefined) {
      const able = gate.kind === 'quadrant' ? inside(withoutAxis(gate, cut.axis), all) : all;
      const mask = now(path);
      for (let i = 0; i < mask.length; i++) mask[i] = able[i] & (1 - mask[i]);
      turned.set(path, mask);
    } else if (gate.kind === 'boolean') {
      const operands = gate.operands.map(({ population }) => then(population));
      turned.set(path, byLogic(gate, operands, then(parent)));
    } else turned.set(path, inside(gate, then(parent)));
  }
  return turned;
}

function withoutAxis<G extends { readonly cell: readonly (number | null)[] }>(gate: G, axis: number): G {
  return { ...gate, cell: gate.cell.map((side, d) => (d === axis ? null : side)) };
}

/** 1 for those of `all` that are among `some`; both ascending. */
function maskOn(all: Places, some: Places): Uint8Array {
  const mask = new Uint8Array(all.length);
  let at = 0;
  for (let i = 0; i < some.length; i++) {
    while (all[at] !== some[i]) at++;
    mask[at] = 1;
  }
  return mask;
}

function byLogic(
  { operator, operands }: BooleanGate,
  masks: readonly Uint8Array[],
  within: Uint8Array,
): Uint8Array {
  const mask = new Uint8Array(within.length);
  for (let i = 0; i < mask.length; i++) {
    if (within[i] === 0) continue;
    let met = 0;
    for (let k = 0; k < masks.length; k++) met += (masks[k][i] === 1) !== operands[k].complement ? 1 : 0;
    const holds = operator === 'and' ? met === masks.length : operator === 'or' ? met > 0 : met === 0;
    if (holds) mask[i] = 1;
  }
  return mask;
}
