// The COUNT program: a GatingStrategy compiled into steps over blocks of events. Depends on the strategy alone, not on a file:
// compile once, bind to each file's channels and spillover (count.ts), run over its blocks.
// Invariants: every list a step reads was written by an earlier step; every limit is in linear units, carried back once
// through its transform, so that comparing linear values gives exactly the answer of comparing transformed ones.
import { ImmunogateError } from '../errors.ts';
import { lowestInputAtLeast } from '../signal/index.ts';
import type {
  BooleanGate,
  CompensationReference,
  Dimension,
  GatingStrategy,
  GeometricGate,
  StrategyPopulation,
} from './model.ts';
import { createEllipsoidTest, createPlanarGate, type EllipsoidTest, type PlanarGate } from './planar.ts';
import { quadrantLimits } from './quadrant.ts';

/** A linear value of an event: one column of the block. Ratios refer to other variables by position. */
export type Variable =
  | { readonly kind: 'channel'; readonly channel: string; readonly compensation: CompensationReference }
  | {
      readonly kind: 'ratio';
      readonly numerator: number;
      readonly denominator: number;
      readonly A: number;
      readonly B: number;
      readonly C: number;
    };

/** List slots: 0 = all events of the block, p + 1 = population p of the strategy. Columns are variable positions. */
export type Step =
  | { readonly kind: 'columns'; readonly list: number; readonly variables: readonly number[] }
  | {
      readonly kind: 'range';
      readonly list: number;
      readonly out: number;
      readonly column: number;
      readonly low: number;
      readonly high: number;
    }
  | {
      readonly kind: 'rectangle';
      readonly list: number;
      readonly out: number;
      readonly columns: readonly [number, number];
      readonly low: readonly [number, number];
      readonly high: readonly [number, number];
    }
  | {
      readonly kind: 'planar';
      readonly list: number;
      readonly out: number;
      readonly columns: readonly [number, number];
      readonly gate: PlanarGate;
    }
  | {
      readonly kind: 'ellipsoid';
      readonly list: number;
      readonly out: number;
      readonly columns: readonly number[];
      readonly gate: EllipsoidTest;
    }
  | { readonly kind: 'all'; readonly list: number; readonly out: number; readonly words: readonly WordMask[] }
  | { readonly kind: 'any'; readonly list: number; readonly out: number; readonly words: readonly WordMask[] }
  | { readonly kind: 'mark'; readonly list: number; readonly word: number; readonly bit: number };

/** Bits of one membership word: of the word after `flip`, those in `mask` count. */
export interface WordMask {
  readonly word: number;
  readonly mask: number;
  readonly flip: number;
}

export interface Program {
  readonly strategy: GatingStrategy;
  readonly variables: readonly Variable[];
  readonly steps: readonly Step[];
  /** Whether population p can be evaluated; false: its gate, an ancestor's or an operand's is missing. */
  readonly evaluable: readonly boolean[];
  /** Number of 32-bit membership words an event. */
  readonly words: number;
  /** Where population p has its membership bit, null when it has none. */
  readonly bitOf: readonly ({ readonly word: number; readonly bit: number } | null)[];
}

/**
 * Compiles a strategy. `markAll` gives every population a membership bit (needed for membership output and statistics); otherwise
 * only operands of boolean gates have one. Throws E_GATE_INVALID for unknown references, cycles and malformed gates.
 */
export function compileProgram(
  strategy: GatingStrategy,
  options: { readonly markAll?: boolean } = {},
): Program {
  const { populations } = strategy;
  const position = new Map(populations.map((population, p) => [population.path, p]));
  if (position.size !== populations.length) {
    throw new ImmunogateError('E_GATE_INVALID', 'Two populations of the strategy have the same path.');
  }
  const parents = populations.map((population) => {
    if (population.parent === null) return 0;
    return find(position, population.parent, population) + 1;
  });
  const order = evaluationOrder(populations, position);
  const evaluable: boolean[] = new Array<boolean>(populations.length).fill(false);
  for (const p of order) {
    const { gate } = populations[p];
    const operands =
      gate?.kind === 'boolean' ? gate.operands.map((o) => find(position, o.population, populations[p])) : [];
    evaluable[p] =
      gate !== null && (parents[p] === 0 || evaluable[parents[p] - 1]) && operands.every((o) => evaluable[o]);
  }

  const bitOf = assignBits(populations, position, options.markAll ?? false);
  const registry = new VariableRegistry();
  const columnsOf = populations.map((population, p) =>
    evaluable[p] && population.gate !== null && population.gate.kind !== 'boolean'
      ? population.gate.dims.map((dim) => registry.of(dim))
      : [],
  );
  const demand = topmostDemand(registry.variables, columnsOf, parents);

  const steps: Step[] = [];
  const computed = new Set<number>();
  for (const p of order) {
    const { gate } = populations[p];
    if (!evaluable[p] || gate === null) continue;
    for (const variable of withOperands(columnsOf[p], registry.variables)) {
      const list = demandingAncestor(demand[variable], parents, parents[p]);
      if (computed.has(list)) continue;
      computed.add(list);
      const variables = registry.variables.map((_, v) => v).filter((v) => demand[v].has(list));
      steps.push({ kind: 'columns', list, variables });
    }
    if (gate.kind === 'boolean') steps.push(logicStep(gate, parents[p], p + 1, bitOf, position));
    else steps.push(...geometricSteps(gate, columnsOf[p], parents[p], p + 1, populations[p]));
    const bit = bitOf[p];
    if (bit !== null) steps.push({ kind: 'mark', list: p + 1, word: bit.word, bit: bit.bit });
  }
  const words = bitOf.reduce((most, bit) => Math.max(most, bit === null ? 0 : bit.word + 1), 0);
  return { strategy, variables: registry.variables, steps, evaluable, words, bitOf };
}

function find(position: ReadonlyMap<string, number>, path: string, population: StrategyPopulation): number {
  const found = position.get(path);
  if (found === undefined) {
    throw new ImmunogateError(
      'E_GATE_INVALID',
      `Population ${population.path} refers to ${path}, which does not exist.`,
      {
        place: population.path,
      },
    );
  }
  return found;
}

/** Parents and operands before the populations that need them, otherwise in the order of the strategy. */
function evaluationOrder(
  populations: readonly StrategyPopulation[],
  position: ReadonlyMap<string, number>,
): number[] {
  const order: number[] = [];
  const state = new Uint8Array(populations.length);
  const visit = (p: number): void => {
    if (state[p] === 2) return;
    const population = populations[p];
    if (state[p] === 1) {
      throw new ImmunogateError('E_GATE_INVALID', `Population ${population.path} depends on itself.`, {
        place: population.path,
      });
    }
    state[p] = 1;
    if (population.parent !== null) visit(find(position, population.parent, population));
    if (population.gate?.kind === 'boolean') {
      for (const operand of population.gate.operands) visit(find(position, operand.population, population));
    }
    state[p] = 2;
    order.push(p);
  };
  for (let p = 0; p < populations.length; p++) visit(p);
  return order;
}

function assignBits(
  populations: readonly StrategyPopulation[],
  position: ReadonlyMap<string, number>,
  all: boolean,
): Program['bitOf'] {
  const wanted = new Set<number>();
  for (const population of populations) {
    if (population.gate?.kind !== 'boolean') continue;
    for (const operand of population.gate.operands)
      wanted.add(find(position, operand.population, population));
  }
  let next = 0;
  return populations.map((_, p) => {
    if (!all && !wanted.has(p)) return null;
    const bit = { word: next >> 5, bit: 1 << (next & 31) };
    next++;
    return bit;
  });
}

/** Gives each distinct linear value one column. */
/** Linear columns that dimensions are made of, each once; the operands of a ratio precede it. */
export class VariableRegistry {
  readonly variables: Variable[] = [];
  private readonly positions = new Map<string, number>();

  of(dim: Dimension): number {
    const { source, compensation } = dim;
    if (source.kind === 'channel')
      return this.add({ kind: 'channel', channel: source.channel, compensation });
    const numerator = this.add({ kind: 'channel', channel: source.numerator, compensation });
    const denominator = this.add({ kind: 'channel', channel: source.denominator, compensation });
    return this.add({ kind: 'ratio', numerator, denominator, A: source.A, B: source.B, C: source.C });
  }

  private add(variable: Variable): number {
    const key = JSON.stringify(variable);
    const known = this.positions.get(key);
    if (known !== undefined) return known;
    this.positions.set(key, this.variables.length);
    return this.variables.push(variable) - 1;
  }
}

/**
 * For each variable the lists it is computed on: the parents of the gates that use it, less those that have another such parent
 * above them. So a colour is computed once for an event and only for events that reach a gate which asks for it.
 */
function topmostDemand(
  variables: readonly Variable[],
  columnsOf: readonly (readonly number[])[],
  parents: readonly number[],
): readonly ReadonlySet<number>[] {
  const asked = variables.map(() => new Set<number>());
  columnsOf.forEach((columns, p) => {
    for (const v of withOperands(columns, variables)) asked[v].add(parents[p]);
  });
  return asked.map((lists) => new Set([...lists].filter((list) => !hasAncestorIn(lists, parents, list))));
}

/** Variables and, before each ratio, the two that it is made of. */
function withOperands(columns: readonly number[], variables: readonly Variable[]): number[] {
  return columns.flatMap((v) => {
    const variable = variables[v];
    return variable.kind === 'ratio' ? [variable.numerator, variable.denominator, v] : [v];
  });
}

function hasAncestorIn(lists: ReadonlySet<number>, parents: readonly number[], list: number): boolean {
  for (let at = list; at !== 0;) {
    at = parents[at - 1];
    if (lists.has(at)) return true;
  }
  return false;
}

function demandingAncestor(lists: ReadonlySet<number>, parents: readonly number[], list: number): number {
  let at = list;
  while (at !== 0 && !lists.has(at)) at = parents[at - 1];
  return at;
}

function geometricSteps(
  gate: GeometricGate,
  columns: readonly number[],
  list: number,
  out: number,
  population: StrategyPopulation,
): Step[] {
  switch (gate.kind) {
    case 'rectangle':
      return rectangleSteps(gate.dims, columns, gate.min, gate.max, list, out);
    case 'quadrant': {
      const { min, max } = quadrantLimits(gate);
      const used = gate.dims.map((_, d) => d).filter((d) => gate.cell[d] !== null);
      const pick = <T>(values: readonly T[]) => used.map((d) => values[d]);
      return rectangleSteps(pick(gate.dims), pick(columns), pick(min), pick(max), list, out);
    }
    case 'polygon':
      return [
        {
          kind: 'planar',
          list,
          out,
          columns: [columns[0], columns[1]],
          gate: createPlanarGate(gate, population.path),
        },
      ];
    case 'ellipsoid':
      if (gate.dims.length === 2) {
        return [
          {
            kind: 'planar',
            list,
            out,
            columns: [columns[0], columns[1]],
            gate: createPlanarGate(gate, population.path),
          },
        ];
      }
      return [{ kind: 'ellipsoid', list, out, columns, gate: createEllipsoidTest(gate, population.path) }];
  }
}

function rectangleSteps(
  dims: readonly Dimension[],
  columns: readonly number[],
  min: readonly number[],
  max: readonly number[],
  list: number,
  out: number,
): Step[] {
  const low = dims.map((dim, d) => lowerLimit(dim, min[d]));
  const high = dims.map((dim, d) => upperLimit(dim, max[d]));
  if (dims.length === 2) {
    return [
      {
        kind: 'rectangle',
        list,
        out,
        columns: [columns[0], columns[1]],
        low: [low[0], low[1]],
        high: [high[0], high[1]],
      },
    ];
  }
  return columns.map((column, d) => ({
    kind: 'range',
    list: d === 0 ? list : out,
    out,
    column,
    low: low[d],
    high: high[d],
  }));
}

/** Linear limit for y >= min; NaN = no value reaches it. */
function lowerLimit(dim: Dimension, min: number): number {
  const { transform } = dim;
  if (transform === null) return min;
  if (transform.boundMax !== null && min > transform.boundMax) return Number.NaN;
  return lowestInputAtLeast(transform, min);
}

/** Linear limit for y < max; NaN = every value is below it. */
function upperLimit(dim: Dimension, max: number): number {
  const { transform } = dim;
  if (max === Number.POSITIVE_INFINITY) return Number.NaN;
  if (transform === null) return max;
  if (transform.boundMax !== null && max > transform.boundMax) return Number.NaN;
  return lowestInputAtLeast(transform, max);
}

function logicStep(
  gate: BooleanGate,
  list: number,
  out: number,
  bitOf: Program['bitOf'],
  position: ReadonlyMap<string, number>,
): Step {
  const words: { word: number; mask: number; flip: number }[] = [];
  for (const operand of gate.operands) {
    const bit = bitOf[position.get(operand.population) ?? -1];
    if (!bit) throw new ImmunogateError('E_GATE_INVALID', `Operand ${operand.population} does not exist.`);
    const flip = (gate.operator === 'not') === operand.complement ? 0 : bit.bit;
    // an operand that occurs plain and complemented needs two masks of the same word
    const entry = words.find(
      (w) => w.word === bit.word && ((w.mask & bit.bit) === 0 || (w.flip & bit.bit) === flip),
    );
    if (entry === undefined) words.push({ word: bit.word, mask: bit.bit, flip });
    else {
      entry.mask |= bit.bit;
      entry.flip |= flip;
    }
  }
  return { kind: gate.operator === 'or' ? 'any' : 'all', list, out, words };
}
