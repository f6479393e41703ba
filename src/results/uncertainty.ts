// Uncertainty of fractions from gating itself, beside that from counting: how far a population changes when its own cuts move by their
// placement error (gating/cut-shift.ts). Derived from what a result holds; nothing is fitted here. A null has its reason.
import type { GatingStrategy, StrategyPopulation } from '../gating/index.ts';
import type { PopulationRow } from './model.ts';

/**
 * Fractions of the parent in [0, 1]. `ciLow`, `ciHigh`: counting alone (Wilson); `gateLow`, `gateHigh`: the own cuts moved by 1.96 standard
 * errors, the parent's gates held; `totalLow`, `totalHigh`: both, as the root of the sum of squares. `cutSe`, `cutSe2`: standard error of the
 * cut of the first and of the second axis, scale units.
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
  readonly cutSe: number | null;
  readonly cutSe2: number | null;
  /** Why there is no interval from gating; null where there is one. */
  readonly reason: string | null;
}

/** One row a population, in the order of the strategy. `rows` as `populationRows` makes them from the same strategy. */
export function uncertaintyRows(
  strategy: GatingStrategy,
  rows: readonly PopulationRow[],
): readonly UncertaintyRow[] {
  return rows.flatMap((row) => {
    const population = strategy.populations.find(({ path }) => path === row.path);
    return population === undefined ? [] : [uncertaintyOf(population, row)];
  });
}

function uncertaintyOf(population: StrategyPopulation, row: PopulationRow): UncertaintyRow {
  const { population: id, path, fractionOfParent, ciLow, ciHigh } = row;
  const common = { population: id, path, fractionOfParent, ciLow, ciHigh };
  const cutSe = numberOf(population, 'cutSe') ?? numberOf(population, 'x.cutSe');
  const cutSe2 = numberOf(population, 'y.cutSe');
  const down = numberOf(population, 'fractionDown');
  const up = numberOf(population, 'fractionUp');
  const without = (reason: string): UncertaintyRow => ({
    ...common,
    gateLow: null,
    gateHigh: null,
    totalLow: null,
    totalHigh: null,
    cutSe,
    cutSe2,
    reason,
  });
  if (fractionOfParent === null || ciLow === null || ciHigh === null)
    return without(row.reason ?? 'the parent has no events');
  if (down === null || up === null) return without(whyUnknown(population));
  const beside = (side: number, counting: number) => Math.sqrt(side * side + counting * counting);
  return {
    ...common,
    gateLow: Math.max(0, fractionOfParent - down),
    gateHigh: Math.min(1, fractionOfParent + up),
    totalLow: Math.max(0, fractionOfParent - beside(down, fractionOfParent - ciLow)),
    totalHigh: Math.min(1, fractionOfParent + beside(up, ciHigh - fractionOfParent)),
    cutSe,
    cutSe2,
    reason: null,
  };
}

function numberOf({ fit }: StrategyPopulation, key: string): number | null {
  if (fit.status !== 'fitted' && fit.status !== 'fallback') return null;
  const value = fit.evidence[key];
  return typeof value === 'number' ? value : null;
}

function whyUnknown({ fit, gate }: StrategyPopulation): string {
  switch (fit.status) {
    case 'explicit':
      return gate?.kind === 'boolean'
        ? 'logic of other populations, whose cuts have their own errors'
        : 'the gate was given, not placed';
    case 'edited':
      return 'the gate was moved by a person';
    case 'fitted':
    case 'fallback':
      return `no placement error is known for ${fit.method} on these events`;
    case 'notEvaluable':
      return fit.reason;
  }
}
