// Uncertainty of counts and fractions from gating itself, beside that from counting: how far a population changes when the cuts above it
// move within their placement error, and by the cells that reach through them (gating/cut-leverage.ts). Derived from what a result holds;
// nothing is fitted here. A null has its reason.
import type { Evidence, Gate, GatingStrategy, StrategyPopulation } from '../gating/index.ts';
import { exp, log } from '../math/index.ts';
import type { PopulationRow } from './model.ts';

/** Two-sided 95 % of a normal. */
const Z95 = 1.959963984540054;

/**
 * What one cut does to the events of a population, as a signed share of them: `placed` while it falls by 1.96 standard errors of its place; `lower` if the
 * cells that lie below it and belong above were given back, `upper` if those that lie above it and belong below were.
 */
export interface CutMove {
  readonly cut: string;
  readonly placed: number;
  readonly lower: number;
  readonly upper: number;
}

/** Errors of ln(value) at 95 %, downwards and upwards, both at least 0. */
export interface LogError {
  readonly down: number;
  readonly up: number;
}

/**
 * Fractions of the parent in [0, 1]. `ciLow`, `ciHigh`: counting alone (Wilson); `gateLow`, `gateHigh`: all cuts that move the population
 * or its parent, each within its placement error and its overlap; `totalLow`, `totalHigh`: both, as the root of the sum of squares.
 * `countLow`, `countHigh`: events, gating and counting together. `cutSe`, `cutSe2`: standard error of the cut of the first and of the
 * second axis, scale units.
 */
export interface UncertaintyRow {
  readonly population: string;
  readonly path: string;
  readonly fractionOfParent: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
  readonly gateLow: number | null;
  readonly gateHigh: number | null;
  readonly totalLow: number | null;
  readonly totalHigh: number | null;
  readonly countLow: number | null;
  readonly countHigh: number | null;
  readonly cutSe: number | null;
  readonly cutSe2: number | null;
  /** Why there is no interval from gating; null where there is one. */
  readonly reason: string | null;
  /** Of the events of the population, all cuts above it. */
  readonly moves: readonly CutMove[];
}

/** One row a population, in the order of the strategy. `rows` as `populationRows` makes them from the same strategy. */
export function uncertaintyRows(
  strategy: GatingStrategy,
  rows: readonly PopulationRow[],
): readonly UncertaintyRow[] {
  const byPath = new Map(strategy.populations.map((population) => [population.path, population]));
  const movesOf = (path: string | null): readonly CutMove[] =>
    (path === null ? [] : (byPath.get(path)?.moves ?? [])).flatMap(([number, slope]) => {
      const cut = strategy.cuts?.[number];
      if (cut === undefined) return [];
      const { name, error, below, above } = cut;
      return [{ cut: name, placed: slope * Z95 * (error ?? 0), lower: slope * below, upper: -slope * above }];
    });
  return rows.flatMap((row) => {
    const population = byPath.get(row.path);
    if (population === undefined) return [];
    const [moves, parentMoves] = [movesOf(row.path), movesOf(row.parent)];
    return [uncertaintyOf({ population, row, why: whyUnknown(population, byPath), moves, parentMoves })];
  });
}

interface Known {
  readonly population: StrategyPopulation;
  readonly row: PopulationRow;
  readonly why: string | null;
  readonly moves: readonly CutMove[];
  readonly parentMoves: readonly CutMove[];
}

function uncertaintyOf({ population, row, why, moves, parentMoves }: Known): UncertaintyRow {
  const { population: id, path, fractionOfParent, count, ciLow, ciHigh } = row;
  const common = {
    ...{ population: id, path, fractionOfParent, ciLow, ciHigh, moves },
    cutSe: numberOf(population, 'cutSe') ?? numberOf(population, 'x.cutSe'),
    cutSe2: numberOf(population, 'y.cutSe'),
  };
  const nothing = { gateLow: null, gateHigh: null, totalLow: null, totalHigh: null };
  const none = (reason: string): UncertaintyRow => ({
    ...common,
    ...nothing,
    ...{ countLow: null, countHigh: null },
    reason,
  });
  if (fractionOfParent === null || ciLow === null || ciHigh === null || count === null)
    return none(row.reason ?? 'the parent has no events');
  if (why !== null) return none(why);
  const gate = fractionLimits(
    fractionOfParent,
    errorOfMoves([
      { moves, share: 1 },
      { moves: parentMoves, share: -1 },
    ]),
  );
  const beside = (a: number, b: number): number => Math.sqrt(a * a + b * b);
  const { down, up } = errorOfMoves([{ moves, share: 1 }]);
  const chance = count > 0 ? Z95 / Math.sqrt(count) : 0;
  return {
    ...common,
    gateLow: gate.low,
    gateHigh: gate.high,
    totalLow: Math.max(0, fractionOfParent - beside(fractionOfParent - gate.low, fractionOfParent - ciLow)),
    totalHigh: Math.min(
      1,
      fractionOfParent + beside(gate.high - fractionOfParent, ciHigh - fractionOfParent),
    ),
    countLow: count * exp(-beside(down, chance)),
    countHigh: count * exp(beside(up, chance)),
    reason: null,
  };
}

/** Limits of a fraction whose logarithm errs so: on the logit scale, so that what is nearly all of its parent stays below 1. */
/**
 * A fraction that moves by errors of its ln: downwards as they say, which stays above 0; upwards on the logit scale, where a small step is as
 * long and 1 is never passed. (The logit for both would let a fraction of 0.99 fall by far more than its error.)
 */
export function fractionLimits(
  fraction: number,
  { down, up }: LogError,
): { readonly low: number; readonly high: number } {
  if (fraction <= 0 || fraction >= 1) return { low: fraction * exp(-down), high: fraction };
  const at = log(fraction / (1 - fraction));
  return { low: fraction * exp(-down), high: 1 / (1 + exp(-(at + up / (1 - fraction)))) };
}

/**
 * The error of ln of populations added and divided: `share` = part of the sum, negative in the divisor. A cut that moves several of them
 * moves them together. Placement errors of cuts are independent of each other, and so is on which side of each more cells have slid; but
 * cells that slid are missing every time, they are no scatter: their limit adds to that of the places as it is.
 */
export function errorOfMoves(
  parts: readonly { readonly moves: readonly CutMove[]; readonly share: number }[],
): LogError {
  const together = new Map<string, CutMove>();
  for (const { moves, share } of parts)
    for (const { cut, placed, lower, upper } of moves) {
      const sum = together.get(cut) ?? { placed: 0, lower: 0, upper: 0 };
      together.set(cut, {
        cut,
        placed: sum.placed + share * placed,
        lower: sum.lower + share * lower,
        upper: sum.upper + share * upper,
      });
    }
  let [place, down, up] = [0, 0, 0];
  for (const { placed, lower, upper } of together.values()) {
    const [least, most] = [Math.min(0, lower, upper), Math.max(0, lower, upper)];
    place += placed * placed;
    down += least * least;
    up += most * most;
  }
  // shares of the events; a cut of which nothing is known may move many times a rare population, but not its logarithm by as much
  const logOf = (square: number): number => log(1 + Math.sqrt(place) + Math.sqrt(square));
  return { down: logOf(down), up: logOf(up) };
}

function numberOf({ fit }: StrategyPopulation, key: string): number | null {
  if (fit.status !== 'fitted' && fit.status !== 'fallback') return null;
  const value = fit.evidence[key];
  return typeof value === 'number' ? value : null;
}

/** Why the error of a population's own gate is not known; null = it is. Of logic: why that of one of its operands is not. */
function whyUnknown(
  { fit, gate, moves = [] }: StrategyPopulation,
  byPath: ReadonlyMap<string, StrategyPopulation>,
): string | null {
  switch (fit.status) {
    case 'notEvaluable':
      return fit.reason;
    case 'edited':
      return 'the gate was moved by a person';
    case 'explicit':
      if (gate?.kind !== 'boolean') return moves.length > 0 ? null : 'the gate was given, not placed';
      for (const { population } of gate.operands) {
        const operand = byPath.get(population);
        const why =
          operand === undefined || (operand.fit.status === 'explicit' && operand.gate?.kind !== 'boolean')
            ? null
            : whyUnknown(operand, byPath);
        if (why !== null) return `${operand?.id ?? population}: ${why}`;
      }
      return null;
    case 'fitted':
    case 'fallback':
      return hasUnknownCut(gate, fit.evidence)
        ? `no placement error is known for ${fit.method} on these events`
        : null;
  }
}

/** Axes of a quadrant set that the cell does not use have no say. */
function hasUnknownCut(gate: Gate | null, evidence: Evidence): boolean {
  const axes =
    gate?.kind === 'quadrant' ? ['x.cutSe', 'y.cutSe'].filter((_, d) => gate.cell[d] !== null) : ['cutSe'];
  return typeof evidence['shareError'] !== 'number' && axes.some((key) => evidence[key] === null);
}
