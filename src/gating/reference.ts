// The reference: what a GatingStrategy means, in the slowest and most obvious way. Whole columns, one gate at a time, float64.
// It is the oracle for the fast COUNT kernels and what small jobs use directly.
// Invariant: the fast paths give the same membership, event by event; where they differ, this file is right.
import { ImmunogateError } from '../errors.ts';
import type { EventTable, Spillover } from '../events/index.ts';
import { transformColumn, type Transform } from '../signal/index.ts';
import { ValueBinder } from './bind.ts';
import { insideEllipsoid, insideInterval, insidePolygon } from './geometry.kernel.ts';
import { compileEllipsoid, polygonColumns } from './geometry.ts';
import type {
  BooleanGate,
  CompensationReference,
  Dimension,
  GatingStrategy,
  GeometricGate,
  StrategyPopulation,
} from './model.ts';
import { quadrantLimits } from './quadrant.ts';

/** Values and memberships over one table. Columns have `table.count` entries, are cached, and must not be written to. */
export interface Evaluator {
  /** Gateable values: source, then compensation, then ratio, then transform with its bounds. */
  column(dim: Dimension): Float64Array;
  /** Linear values: the same without the transform (detector units, or a plain ratio). */
  linear(dim: Dimension): Float64Array;
  /** 1 for the events of `parent` (null = all events) inside the gate, else 0. */
  membership(gate: GeometricGate, parent: Uint8Array | null): Uint8Array;
}

/**
 * Values are computed on first use. The functions throw E_CHANNEL_MISSING, E_CHANNEL_AMBIGUOUS, E_COMP_MISSING,
 * E_COMP_CHANNEL_MISSING, E_COMP_SINGULAR or E_GATE_INVALID.
 */
export function createEvaluator(
  table: EventTable,
  spillover: Spillover | null,
  matrices: GatingStrategy['matrices'],
): Evaluator {
  const binder = new ValueBinder(table.channels, spillover, matrices);
  const cache = new Map<string, Float64Array>();
  const cached = (key: unknown, make: () => Float64Array): Float64Array => {
    const text = JSON.stringify(key);
    const known = cache.get(text);
    if (known !== undefined) return known;
    const made = make();
    cache.set(text, made);
    return made;
  };

  const channelColumn = (channel: string, compensation: CompensationReference): Float64Array =>
    cached([channel, compensation], () => {
      const source = binder.source(channel, compensation);
      if (source.kind === 'parameter') return Float64Array.from(table.columns[source.parameter]);
      const { unmixing, offsets } = source.unmixing;
      const colours = unmixing.fluorochromes.length;
      const out = new Float64Array(table.count);
      // detector after detector for each event; column by column, because that is how they lie in memory
      offsets.forEach((offset, d) =>
        addWeighted(out, table.columns[offset], unmixing.unmix[d * colours + source.colour]),
      );
      return out;
    });

  const linear = ({ source, compensation }: Dimension): Float64Array => {
    if (source.kind === 'channel') return channelColumn(source.channel, compensation);
    return cached([source, compensation], () => {
      const numerator = channelColumn(source.numerator, compensation);
      const denominator = channelColumn(source.denominator, compensation);
      return numerator.map((n, e) => (source.A * (n - source.B)) / (denominator[e] - source.C));
    });
  };

  const seen = new WeakMap<Dimension, Float64Array>();
  const column = (dim: Dimension): Float64Array => {
    const known = seen.get(dim);
    if (known !== undefined) return known;
    const { transform } = dim;
    const made = transform === null ? linear(dim) : cached(dim, () => scaled(transform, linear(dim)));
    seen.set(dim, made);
    return made;
  };

  const membership = (gate: GeometricGate, parent: Uint8Array | null): Uint8Array => {
    const inside = pointTest(gate, gate.dims.map(column));
    return Uint8Array.from({ length: table.count }, (_, e) =>
      (parent?.[e] ?? 1) === 1 && inside(e) ? 1 : 0,
    );
  };

  return { column, linear, membership };
}

function scaled(transform: Transform, values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  transformColumn(transform, values, out);
  return out;
}

function addWeighted(out: Float64Array, values: ArrayLike<number>, weight: number): void {
  for (let e = 0; e < out.length; e++) out[e] += values[e] * weight;
}

/** Whether event e is inside, given the gate's columns. */
function pointTest(gate: GeometricGate, columns: readonly Float64Array[]): (e: number) => boolean {
  switch (gate.kind) {
    case 'rectangle': {
      const { min, max } = gate;
      return (e) => columns.every((column, d) => insideInterval(column[e], min[d], max[d]));
    }
    case 'quadrant': {
      const { min, max } = quadrantLimits(gate);
      return (e) =>
        columns.every((column, d) => gate.cell[d] === null || insideInterval(column[e], min[d], max[d]));
    }
    case 'polygon': {
      const { xs, ys } = polygonColumns(gate, gate.kind);
      const [x, y] = columns;
      return (e) => insidePolygon(x[e], y[e], xs, ys);
    }
    case 'ellipsoid': {
      const ellipsoid = compileEllipsoid(gate, gate.kind);
      const point = new Float64Array(columns.length);
      return (e) => {
        columns.forEach((column, d) => (point[d] = column[e]));
        return insideEllipsoid(point, ellipsoid);
      };
    }
  }
}

/**
 * Membership of every evaluable population by path, in the order of the strategy: 1 = the event is in the population, ancestors
 * included. A population without a gate is absent, and so is every population that depends on it. Throws as `createEvaluator`
 * says, and E_GATE_INVALID for a reference to a population that does not exist or for populations that depend on themselves.
 */
export function evaluateStrategy(
  strategy: GatingStrategy,
  table: EventTable,
  spillover: Spillover | null,
): Map<string, Uint8Array> {
  const evaluator = createEvaluator(table, spillover, strategy.matrices);
  const populations = new Map(strategy.populations.map((population) => [population.path, population]));
  const done = new Map<string, Uint8Array | null>();
  const open = new Set<string>();

  /** null = not evaluable. */
  const membershipOf = (path: string, wantedBy: string): Uint8Array | null => {
    const known = done.get(path);
    if (known !== undefined) return known;
    const population = populations.get(path);
    if (population === undefined)
      throw invalid(`Population ${wantedBy} refers to ${path}, which does not exist.`, wantedBy);
    if (open.has(path)) throw invalid(`Population ${path} depends on itself.`, path);
    open.add(path);
    const made = evaluate(population);
    open.delete(path);
    done.set(path, made);
    return made;
  };

  const evaluate = ({ path, parent, gate }: StrategyPopulation): Uint8Array | null => {
    const within = parent === null ? null : membershipOf(parent, path);
    if (gate === null || (parent !== null && within === null)) return null;
    if (gate.kind !== 'boolean') return evaluator.membership(gate, within);
    const operands = gate.operands.map((operand) => membershipOf(operand.population, path));
    if (!operands.every((operand) => operand !== null)) return null;
    return Uint8Array.from({ length: table.count }, (_, e) =>
      (within?.[e] ?? 1) === 1 &&
      holds(
        gate,
        operands.map((operand) => operand[e] === 1),
      )
        ? 1
        : 0,
    );
  };

  const result = new Map<string, Uint8Array>();
  for (const { path } of strategy.populations) {
    const membership = membershipOf(path, path);
    if (membership !== null) result.set(path, membership);
  }
  return result;
}

function holds(gate: BooleanGate, operands: readonly boolean[]): boolean {
  const terms = operands.map((operand, k) => operand !== gate.operands[k].complement);
  switch (gate.operator) {
    case 'and':
      return terms.every(Boolean);
    case 'or':
      return terms.some(Boolean);
    case 'not':
      return !terms[0];
  }
}

function invalid(message: string, place: string): ImmunogateError {
  return new ImmunogateError('E_GATE_INVALID', message, { place });
}
