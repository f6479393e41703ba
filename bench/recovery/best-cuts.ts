// How good a gate could be if it knew the labels: the cuts of a population are moved, one after the other, to where F1 is highest, inside
// its parent as that was gated. What a gate has less than this is its rule's; what this has less than 1 is the parents' and the overlap's.
import type { EventTable } from '../../src/events/index.ts';
import {
  createEvaluator,
  type Evaluator,
  type Gate,
  type StrategyPopulation,
} from '../../src/gating/index.ts';
import { cutsOf, type Cut } from './cuts.ts';
import type { GatedTube } from './gate.ts';

export interface BestCuts {
  readonly f1: number;
  readonly cuts: readonly {
    readonly channel: string;
    /** Scale units, higher than as placed: of the axis, or across the line of an oblique cut. */
    readonly higher: number;
  }[];
}

/** Rounds over all cuts of a population; the second seldom wins a thousandth. */
const ROUNDS = 3;

/** Of the populations of that name together; `isTrue` 1 for their labelled events. Null = one is not evaluable, or none is drawn by a cut. */
export function bestCuts({ strategy, members, events }: GatedTube, id: string, isTrue: Uint8Array) {
  const wanted = strategy.populations.filter((population) => population.id === id);
  if (wanted.some(({ gate }) => gate === null)) return null;
  const paths = wanted.map(({ path }) => path);
  const above = ancestorsOf(wanted);
  const populations = drawnBy(strategy.populations, paths, above);
  const cuts = cutsOf(populations);
  if (cuts.length === 0) return null;
  const membersAt = (path: string | null) =>
    path === null ? null : members[strategy.populations.findIndex((population) => population.path === path)];
  const parents = wanted.map(({ parent }) => membersAt(parent));
  const chosen = Uint32Array.from({ length: events.table.count }, (_, e) => e).filter((e) =>
    parents.some((parent) => parent === null || parent[e] === 1),
  );
  const table = part(events.table, chosen);
  const held = new Map(
    [...above].map((path) => [path, Uint8Array.from(chosen, (e) => membersAt(path)?.[e] ?? 0)]),
  );
  const search = new Search(createEvaluator(table, events.spillover, strategy.matrices), {
    ...{ count: table.count, paths, held },
    ...{ isTrue: Uint8Array.from(chosen, (e) => isTrue[e]), truth: sum(isTrue) },
  });
  return search.best(populations, cuts);
}

function ancestorsOf(populations: readonly StrategyPopulation[]): ReadonlySet<string> {
  return new Set(
    populations.flatMap(({ parent }) => {
      const ids = parent?.split('/') ?? [];
      return ids.map((_, depth) => ids.slice(0, depth + 1).join('/'));
    }),
  );
}

/** The populations and what their logic refers to, as far down as `above`. */
function drawnBy(
  populations: Populations,
  paths: readonly string[],
  above: ReadonlySet<string>,
): Populations {
  const drawn = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (above.has(path)) continue;
    drawn.add(path);
    const population = populations.find((other) => other.path === path);
    const { parent = null, gate = null } = population ?? {};
    if (parent !== null) open.push(parent);
    if (gate?.kind === 'boolean') open.push(...gate.operands.map((operand) => operand.population));
  }
  return populations.filter(({ path }) => drawn.has(path));
}

function part({ channels, columns }: EventTable, chosen: Uint32Array): EventTable {
  return {
    ...{ channels, count: chosen.length },
    columns: columns.map((column) => {
      const some = new Float64Array(chosen.length);
      for (let i = 0; i < some.length; i++) some[i] = column[chosen[i]];
      return some;
    }),
  };
}

type Populations = readonly StrategyPopulation[];

interface Asked {
  readonly count: number;
  readonly paths: readonly string[];
  /** Members of what lies above: they stay. */
  readonly held: ReadonlyMap<string, Uint8Array>;
  readonly isTrue: Uint8Array;
  /** Labelled events of the whole tube. */
  readonly truth: number;
}

class Search {
  readonly #evaluator: Evaluator;
  readonly #asked: Asked;

  constructor(evaluator: Evaluator, asked: Asked) {
    this.#evaluator = evaluator;
    this.#asked = asked;
  }

  best(placed: Populations, cuts: readonly Cut[]): BestCuts {
    let populations = placed;
    let f1 = this.#f1(this.#union(placed));
    const higher = cuts.map(() => 0);
    for (let round = 0, before = -1; round < ROUNDS && f1 > before; round++) {
      before = f1;
      cuts.forEach((cut, c) => {
        const found = this.#move(populations, cut);
        if (!(found.f1 > f1)) return;
        f1 = found.f1;
        higher[c] = found.at - cut.placed;
        populations = populations.map((population) => cut.moved(population, found.at));
      });
    }
    return { f1, cuts: cuts.map(({ channel }, c) => ({ channel, higher: higher[c] })) };
  }

  /** The best place of one cut. Membership hangs on it only by the side that an event is on, so its two ends give F1 everywhere. */
  #move(populations: Populations, cut: Cut): { readonly at: number; readonly f1: number } {
    const { isTrue, truth } = this.#asked;
    const [whole, none] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY].map((at) =>
      this.#union(populations.map((population) => cut.moved(population, at))),
    );
    const column = cut.column(this.#evaluator);
    const moving = Uint32Array.from(whole.keys()).filter(
      (e) => whole[e] !== none[e] && Number.isFinite(column[e]),
    );
    moving.sort((p, q) => column[p] - column[q]);
    let size = sum(whole);
    let both = sum(whole.map((is, e) => is & isTrue[e]));
    let [at, f1] = [Number.NEGATIVE_INFINITY, (2 * both) / (truth + size)];
    moving.forEach((e, i) => {
      const change = none[e] - whole[e];
      size += change;
      both += change * isTrue[e];
      const here = (2 * both) / (truth + size);
      const next = i + 1 < moving.length ? column[moving[i + 1]] : Number.POSITIVE_INFINITY;
      // events of one value are on one side
      if (here > f1 && next > column[e]) [at, f1] = [(column[e] + next) / 2, here];
    });
    return { at, f1 };
  }

  #f1(inside: Uint8Array): number {
    const { isTrue, truth } = this.#asked;
    return (2 * sum(inside.map((is, e) => is & isTrue[e]))) / (truth + sum(inside));
  }

  /** Events of any of the populations that are asked about. */
  #union(populations: Populations): Uint8Array {
    const { count, paths, held } = this.#asked;
    const byPath = new Map(populations.map((population) => [population.path, population]));
    const made = new Map(held);
    const membersOf = (path: string): Uint8Array => {
      const known = made.get(path);
      if (known !== undefined) return known;
      const population = byPath.get(path);
      if (population === undefined || population.gate === null) throw new Error(`${path} is not evaluable`);
      const { parent, gate } = population;
      const within = parent === null ? null : membersOf(parent);
      const inside = gate.kind === 'boolean' ? logic(gate, within) : this.#evaluator.membership(gate, within);
      made.set(path, inside);
      return inside;
    };
    const logic = (gate: Extract<Gate, { kind: 'boolean' }>, within: Uint8Array | null) => {
      const isAll = gate.operator === 'and';
      const inside = new Uint8Array(count).fill(Number(isAll));
      for (const { population, complement } of gate.operands) {
        const operand = membersOf(population);
        const flip = Number(complement !== (gate.operator === 'not'));
        for (let e = 0; e < count; e++)
          inside[e] = isAll ? inside[e] & (operand[e] ^ flip) : inside[e] | (operand[e] ^ flip);
      }
      return within === null ? inside : inside.map((is, e) => is & within[e]);
    };
    const all = new Uint8Array(count);
    for (const path of paths) membersOf(path).forEach((is, e) => (all[e] |= is));
    return all;
  }
}

function sum(values: Uint8Array): number {
  let all = 0;
  for (let e = 0; e < values.length; e++) all += values[e];
  return all;
}
