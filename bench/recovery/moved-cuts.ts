// How good a gate could be if it knew the labels: the cuts of a population are moved to where F1 is highest, one alone while the others are
// held, or all in turn. What is then missing to 1 no threshold on these colours can win, and no rule of placing them.
// An event's membership hangs on a moved cut only by the side that it is on, so two evaluations of the tree give F1 at every place.
import { labelChannels } from '../../src/events/index.ts';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import {
  affectedBy,
  createEvaluator,
  neededFor,
  type Dimension,
  type Evaluator,
  type Gate,
  type GatingStrategy,
  type PolygonGate,
  type StrategyPopulation,
} from '../../src/gating/index.ts';
import { tubeBytes, type SimulatedTube } from '../../src/simulate/index.ts';

/** A cut that a population hangs on: of one colour, or along a line of two. */
export interface MovedCut {
  readonly marker: string;
  /** F1 with this cut at its best and the others as placed. */
  readonly f1: number;
}

export interface MovedCuts {
  readonly f1: number;
  readonly alone: readonly MovedCut[];
  /** F1 with every cut at its best. */
  readonly f1Joint: number;
}

type Populations = readonly StrategyPopulation[];

/** Rounds over all cuts of a population. */
const ROUNDS = 2;

/** The tube as its file holds it, ready to be asked about several populations. Throws for a population that is not evaluable. */
export function moveCuts(tube: SimulatedTube, strategy: GatingStrategy) {
  const source = memorySource(tubeBytes(tube));
  const file = readFcs(source);
  const { table } = readEvents(source, file, { scaling: 'scaled' });
  const evaluator = createEvaluator(table, file.spillover, strategy.matrices);
  const channels = labelChannels(table.channels);
  const markerOf = ({ source }: Dimension) =>
    source.kind === 'channel' ? (channels.find(({ name }) => name === source.channel)?.marker ?? null) : null;

  /** `paths` = populations that together are the labelled one; `isTrue` 1 for its events. */
  return (paths: readonly string[], isTrue: Uint8Array): MovedCuts => {
    const total = sum(isTrue);
    const members = (populations: Populations, known: Memberships = new Map()) =>
      union(populations, { paths, known }, evaluator, table.count);
    let last: { readonly of: Populations; readonly found: ReturnType<typeof members> } | null = null;
    const asPlaced = (populations: Populations) => {
      if (last?.of !== populations) last = { of: populations, found: members(populations) };
      return last.found;
    };
    const score = (populations: Populations) => {
      const { inside } = asPlaced(populations);
      return (2 * sum(inside.map((is, e) => is & isTrue[e]))) / (total + sum(inside));
    };
    const bestOf = (populations: Populations, cut: Cut) => {
      const moved = populations.filter((population) => isCutBy(population, cut)).map(({ path }) => path);
      const changed = affectedBy({ ...strategy, populations }, moved);
      const held = new Map([...asPlaced(populations).made].filter(([path]) => !changed.includes(path)));
      const { inside: whole } = members(withCut(populations, cut, Number.NEGATIVE_INFINITY), held);
      const { inside: none } = members(withCut(populations, cut, Number.POSITIVE_INFINITY), held);
      const column = cut.column(evaluator);
      const asked = Uint32Array.from(whole.keys()).filter(
        (e) => whole[e] !== none[e] && Number.isFinite(column[e]),
      );
      asked.sort((p, q) => column[p] - column[q]);
      let both = sum(whole.map((is, e) => is & isTrue[e]));
      let size = sum(whole);
      let [best, f1] = [Number.NEGATIVE_INFINITY, (2 * both) / (total + size)];
      asked.forEach((e, i) => {
        const change = none[e] - whole[e];
        size += change;
        both += change * isTrue[e];
        const here = (2 * both) / (total + size);
        const next = i + 1 < asked.length ? asked[i + 1] : e;
        if (here > f1) [best, f1] = [(column[e] + column[next]) / 2, here];
      });
      return { best, f1 };
    };
    let { populations } = neededFor(strategy, paths);
    const cuts = cutsOf(populations, markerOf);
    const f1 = score(populations);
    const alone = cuts.map((cut): MovedCut => ({ marker: cut.marker, f1: bestOf(populations, cut).f1 }));
    for (let round = 0; round < ROUNDS; round++)
      for (const cut of cuts) {
        const { best, f1: reached } = bestOf(populations, cut);
        if (reached > score(populations)) populations = withCut(populations, cut, best);
      }
    return { f1, alone, f1Joint: score(populations) };
  };
}

/** Events by path of their population. */
type Memberships = ReadonlyMap<string, Uint8Array>;

/** Events of any of `paths`, and of every population that had to be looked at; `known` ones are taken as they are. */
function union(
  populations: Populations,
  { paths, known }: { readonly paths: readonly string[]; readonly known: Memberships },
  evaluator: Evaluator,
  count: number,
): { readonly inside: Uint8Array; readonly made: Memberships } {
  const byPath = new Map(populations.map((population) => [population.path, population]));
  const made = new Map(known);
  const membersOf = (path: string): Uint8Array => {
    const found = made.get(path);
    if (found !== undefined) return found;
    const population = byPath.get(path);
    if (population === undefined || population.gate === null) throw new Error(`${path} is not evaluable`);
    const { parent, gate } = population;
    const within = parent === null ? null : membersOf(parent);
    const inside = gate.kind === 'boolean' ? logic(gate, within) : evaluator.membership(gate, within);
    made.set(path, inside);
    return inside;
  };
  const logic = (gate: Extract<Gate, { kind: 'boolean' }>, within: Uint8Array | null) => {
    const isAll = gate.operator === 'and';
    const inside = new Uint8Array(count).fill(isAll ? 1 : 0);
    for (const { population, complement } of gate.operands) {
      const operand = membersOf(population);
      const flip = Number(complement !== (gate.operator === 'not'));
      for (let e = 0; e < count; e++)
        inside[e] = isAll ? inside[e] & (operand[e] ^ flip) : inside[e] | (operand[e] ^ flip);
    }
    if (within !== null) for (let e = 0; e < count; e++) inside[e] &= within[e];
    return inside;
  };
  const all = new Uint8Array(count);
  for (const path of paths) membersOf(path).forEach((is, e) => (all[e] |= is));
  return { inside: all, made };
}

interface Cut {
  /** The gate, or for a quadrant set the first of its gates. */
  readonly path: string;
  readonly parent: string | null;
  readonly set: string | null;
  readonly axis: number;
  readonly marker: string;
  /** What the cut is a threshold on. */
  readonly column: (evaluator: Evaluator) => Float64Array;
}

/** One for each rectangle of one colour, each used axis of a quadrant set, and each line of two colours. */
function cutsOf(populations: Populations, markerOf: (dim: Dimension) => string | null): readonly Cut[] {
  const cuts = new Map<string, Cut>();
  for (const { path, parent, gate } of populations) {
    if (gate === null || gate.kind === 'boolean' || gate.kind === 'ellipsoid') continue;
    const markers = gate.dims.map(markerOf);
    if (gate.kind === 'polygon') {
      if (markers.includes(null)) continue;
      const column = (evaluator: Evaluator) => beyondLine(gate, evaluator);
      cuts.set(path, { path, parent, set: null, axis: 0, marker: markers.join('/'), column });
      continue;
    }
    if (gate.kind === 'rectangle' && gate.dims.length > 1) continue;
    gate.dims.forEach((dim, axis) => {
      const marker = markers[axis];
      if (marker === null || (gate.kind === 'quadrant' && gate.cell[axis] === null)) return;
      const set = gate.kind === 'quadrant' ? gate.set : null;
      const key = set === null ? path : `${parent ?? ''}/${set}/${axis}`;
      const column = (evaluator: Evaluator) => evaluator.column(dim);
      if (!cuts.has(key)) cuts.set(key, { path, parent, set, axis, marker, column });
    });
  }
  return [...cuts.values()];
}

/** Of a half-plane that the method `oblique` drew (its line runs through the first and the last vertex): the distance inside it. */
function beyondLine(gate: PolygonGate, evaluator: Evaluator): Float64Array {
  const [u, v] = inwards(gate);
  const [[x, y]] = gate.vertices;
  const [xs, ys] = gate.dims.map((dim) => evaluator.column(dim));
  return xs.map((value, e) => u * (value - x) + v * (ys[e] - y));
}

/** Unit vector from the line into the half-plane. */
function inwards({ vertices }: PolygonGate): readonly [number, number] {
  const [[x, y], [deepX, deepY]] = vertices;
  const length = Math.hypot(deepX - x, deepY - y);
  return [(deepX - x) / length, (deepY - y) / length];
}

function isCutBy({ path, parent, gate }: StrategyPopulation, cut: Cut): boolean {
  return gate?.kind === 'quadrant' ? parent === cut.parent && gate.set === cut.set : path === cut.path;
}

/** The populations with that cut elsewhere, in every gate that shares it; infinite = everything, or nothing, is above it. */
function withCut(populations: Populations, cut: Cut, at: number): Populations {
  return populations.map((population): StrategyPopulation => {
    const { gate } = population;
    if (!isCutBy(population, cut)) return population;
    if (gate?.kind === 'quadrant') {
      const dividers = gate.dividers.map((places, axis) => (axis === cut.axis ? [at] : places));
      return { ...population, gate: { ...gate, dividers } };
    }
    if (gate?.kind === 'rectangle') {
      const isAbove = gate.max[0] === Number.POSITIVE_INFINITY;
      return { ...population, gate: { ...gate, ...(isAbove ? { min: [at] } : { max: [at] }) } };
    }
    if (gate?.kind !== 'polygon') return population;
    if (!Number.isFinite(at)) {
      const min = at < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      const dims = [gate.dims[0]];
      return {
        ...population,
        gate: { kind: 'rectangle', dims, min: [min], max: [Number.POSITIVE_INFINITY] },
      };
    }
    const [u, v] = inwards(gate);
    const vertices = gate.vertices.map(([x, y]) => [x + at * u, y + at * v] as const);
    return { ...population, gate: { ...gate, vertices } };
  });
}

function sum(values: Uint8Array): number {
  return values.reduce((all, value) => all + value, 0);
}
