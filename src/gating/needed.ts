// Parts of a strategy: what decides who is in some populations, and what changes when one of them does. Pure walks over the tree.
import { ImmunogateError } from '../errors.ts';
import type { GatingStrategy, StrategyPopulation } from './model.ts';

/** Throws E_GATE_INVALID when there is no such population. */
export function populationAt(strategy: GatingStrategy, path: string): StrategyPopulation {
  const found = strategy.populations.find((population) => population.path === path);
  if (found === undefined)
    throw new ImmunogateError('E_GATE_INVALID', `There is no population ${path}.`, { place: path });
  return found;
}

/** The populations, their ancestors and the operands of their logic, in the order of the strategy: enough to count the named ones. */
export function neededFor(strategy: GatingStrategy, paths: readonly string[]): GatingStrategy {
  const needed = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    const { parent, gate } = populationAt(strategy, path);
    if (parent !== null) open.push(parent);
    if (gate?.kind === 'boolean') open.push(...gate.operands.map((operand) => operand.population));
  }
  return { ...strategy, populations: strategy.populations.filter(({ path }) => needed.has(path)) };
}

/** Paths whose events may change with the gates of the named ones: they, what is below them, and logic that refers to any of these. */
export function affectedBy(strategy: GatingStrategy, paths: readonly string[]): readonly string[] {
  const affected = new Set(paths);
  for (let before = -1; before !== affected.size;) {
    before = affected.size;
    for (const { path, parent, gate } of strategy.populations) {
      const operands = gate?.kind === 'boolean' ? gate.operands.map((operand) => operand.population) : [];
      if ([parent, ...operands].some((above) => above !== null && affected.has(above))) affected.add(path);
    }
  }
  return strategy.populations.filter(({ path }) => affected.has(path)).map(({ path }) => path);
}
