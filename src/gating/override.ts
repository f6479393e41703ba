// A gate that a person moved: plain data put onto a strategy. Invariant: the gate that the template placed stays beside the edit, so that
// every later reader sees what was changed, by whom and how far, and it can be undone.
import { ImmunogateError } from '../errors.ts';
import { gateDistance } from './gate-distance.ts';
import type { Gate, GatingStrategy, GeometricGate, StrategyPopulation } from './model.ts';

/** `utc`: ISO 8601, when the edit was made. The reason is mandatory. */
export interface GateOverride {
  readonly path: string;
  readonly gate: GeometricGate;
  readonly author: string;
  readonly utc: string;
  readonly reason: string;
}

/**
 * The strategy with a population's gate replaced by one of the same kind on the same axes; where there was none (not evaluable), by any.
 * New dividers of a quadrant move every cell of its set. Throws E_EDIT_INVALID saying why an edit is not acceptable.
 */
export function applyOverride(strategy: GatingStrategy, override: GateOverride): GatingStrategy {
  const target = strategy.populations.find(({ path }) => path === override.path);
  if (target === undefined) throw invalid(override, 'the strategy has no such population');
  if (override.reason.trim() === '') throw invalid(override, 'an edit needs a reason');
  if (override.author.trim() === '') throw invalid(override, 'an edit needs its author');
  const { gate } = override;
  if (target.gate !== null) {
    if (target.gate.kind === 'boolean')
      throw invalid(override, 'logic of other populations has no coordinates');
    if (target.gate.kind !== gate.kind)
      throw invalid(override, `it is a ${target.gate.kind}, not a ${gate.kind}`);
    if (axes(target.gate) !== axes(gate)) throw invalid(override, 'the axes of a gate stay as they are');
    if (gate.kind === 'quadrant' && quadrantShape(target.gate) !== quadrantShape(gate))
      throw invalid(override, 'the set, its cells and the number of cuts stay as they are');
  }
  return {
    ...strategy,
    populations: strategy.populations.map((population) => {
      const replacement = population === target ? gate : sibling(population, target, gate);
      return replacement === null ? population : edited(population, replacement, override);
    }),
  };
}

/** The gate of another cell of the same quadrant set under the new dividers; null = not of the set. */
function sibling(
  population: StrategyPopulation,
  target: StrategyPopulation,
  gate: GeometricGate,
): GeometricGate | null {
  if (gate.kind !== 'quadrant' || target.gate?.kind !== 'quadrant') return null;
  const own = population.gate;
  return own?.kind === 'quadrant' && population.parent === target.parent && own.set === gate.set
    ? { ...own, dividers: gate.dividers }
    : null;
}

function edited(
  population: StrategyPopulation,
  gate: GeometricGate,
  override: GateOverride,
): StrategyPopulation {
  const { author, utc, reason } = override;
  // a second edit is measured from what the template placed, too
  const placed =
    population.fit.status === 'edited'
      ? population.fit.placed
      : { gate: population.gate, fit: population.fit };
  const from = placed.gate;
  const distance = from === null || from.kind === 'boolean' ? null : gateDistance(from, gate);
  return { ...population, gate, fit: { status: 'edited', author, utc, reason, distance, placed } };
}

/** The strategy with a population (and the other cells of its quadrant set) as the template placed it. */
export function withoutOverride(strategy: GatingStrategy, path: string): GatingStrategy {
  const target = strategy.populations.find((population) => population.path === path);
  if (target?.fit.status !== 'edited') return strategy;
  const { gate } = target;
  return {
    ...strategy,
    populations: strategy.populations.map((population) => {
      if (population.fit.status !== 'edited') return population;
      const touched =
        population === target ||
        (gate !== null && gate.kind !== 'boolean' && sibling(population, target, gate) !== null);
      return touched ? { ...population, ...population.fit.placed } : population;
    }),
  };
}

/** The dimensions as text, whatever the order of their keys: an edit comes from JSON that others wrote. */
function axes(gate: GeometricGate): string {
  return JSON.stringify(gate.dims, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : value,
  );
}

function quadrantShape(gate: Gate): string {
  return gate.kind === 'quadrant'
    ? JSON.stringify([gate.set, gate.cell, gate.dividers.map((cuts) => cuts.length)])
    : '';
}

function invalid({ path }: GateOverride, why: string): ImmunogateError {
  return new ImmunogateError('E_EDIT_INVALID', `The gate of ${path} cannot be changed so: ${why}.`, {
    place: path,
  });
}
