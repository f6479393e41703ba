// Counts to population rows: fractions, Wilson limits, and in words why a number is missing.
// The invariant: zero cells, not evaluable and a parent without events stay apart (architecture section 3).
import type { Channel } from '../events/index.ts';
import type { ChannelStatistic, GatingStrategy, StrategyPopulation } from '../gating/index.ts';
import type { PopulationRow, StatisticRow } from './model.ts';

/** `counts[p]` belongs to `strategy.populations[p]`, null = not evaluable; `eventCount` = all events of the sample. */
export function populationRows(
  strategy: GatingStrategy,
  counts: readonly (number | null)[],
  eventCount: number,
): PopulationRow[] {
  const countOf = new Map(strategy.populations.map((population, p) => [population.path, counts[p]]));
  return strategy.populations.map((population, p) => {
    const count = counts[p];
    const { path, parent, id } = population;
    const parentCount = parent === null ? eventCount : (countOf.get(parent) ?? null);
    const common = { population: id, path, parent, parentCount };
    if (count === null) {
      const missing = { count, fractionOfParent: null, fractionOfTotal: null, ciLow: null, ciHigh: null };
      const reason = whyNotEvaluable(population, strategy, countOf);
      return { ...common, ...missing, status: 'notEvaluable', reason, method: null };
    }
    const limits = parentCount === null || parentCount === 0 ? null : wilson(count, parentCount);
    return {
      ...common,
      count,
      fractionOfParent: parentCount === null || parentCount === 0 ? null : count / parentCount,
      fractionOfTotal: eventCount === 0 ? null : count / eventCount,
      ...foundBy(population),
      ...(parentCount === 0 && foundBy(population).reason === null
        ? { reason: 'the parent has no events' }
        : {}),
      ciLow: limits?.low ?? null,
      ciHigh: limits?.high ?? null,
    };
  });
}

function foundBy({ fit }: StrategyPopulation): Pick<PopulationRow, 'status' | 'reason' | 'method'> {
  switch (fit.status) {
    case 'explicit':
      return { status: 'ok', reason: null, method: 'explicit' };
    case 'fitted':
      return { status: 'ok', reason: null, method: fit.method };
    case 'fallback':
      return { status: 'fallback', reason: fit.reason, method: fit.method };
    case 'edited':
      return { status: 'edited', reason: fit.reason, method: 'manual' };
    case 'notEvaluable':
      return { status: 'notEvaluable', reason: fit.reason, method: null };
  }
}

function whyNotEvaluable(
  population: StrategyPopulation,
  strategy: GatingStrategy,
  countOf: ReadonlyMap<string, number | null>,
): string {
  if (population.fit.status === 'notEvaluable') return population.fit.reason;
  const operands =
    population.gate?.kind === 'boolean' ? population.gate.operands.map((o) => o.population) : [];
  const needed = population.parent === null ? operands : [population.parent, ...operands];
  const missing = needed.find((path) => countOf.get(path) === null);
  const source = strategy.populations.find(({ path }) => path === missing);
  return `${source?.id ?? 'a population that it depends on'} could not be evaluated`;
}

const z = 1.959963984540054;

/** Wilson (1927) 95 % score interval of count / total, total > 0. At 0 and at `total` the open side is exactly 0 or 1. */
export function wilson(count: number, total: number): { readonly low: number; readonly high: number } {
  const p = count / total;
  const square = (z * z) / total;
  const half = z * Math.sqrt((p * (1 - p)) / total + square / (4 * total));
  return {
    low: count === 0 ? 0 : (p + square / 2 - half) / (1 + square),
    high: count === total ? 1 : (p + square / 2 + half) / (1 + square),
  };
}

/** Adds to each statistic the population's id and the channel's marker. */
export function statisticRows(
  statistics: readonly ChannelStatistic[],
  strategy: GatingStrategy,
  channels: readonly Channel[],
): StatisticRow[] {
  const idOf = new Map(strategy.populations.map(({ path, id }) => [path, id]));
  const markerOf = new Map(channels.map(({ name, marker }) => [name, marker]));
  return statistics.map((statistic) => ({
    ...statistic,
    population: idOf.get(statistic.path) ?? statistic.path,
    marker: markerOf.get(statistic.channel) ?? null,
  }));
}
