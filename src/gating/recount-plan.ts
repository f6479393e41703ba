// What moving the gates of some populations can change, and what it rests on; and the same gates written over columns of kept values. Pure.
// Invariant: whether an event is in a touched population follows from the plan's variables, from its membership in the fixed populations,
// and from the gates of the touched ones; from nothing else.
import type { Dimension, Gate, GatingStrategy, GeometricGate, StrategyPopulation } from './model.ts';
import { affectedBy, populationAt } from './needed.ts';
import { VariableRegistry, type Variable } from './program.ts';

export interface RecountPlan {
  /** Populations whose events may change, in the order of the strategy. */
  readonly touched: readonly string[];
  /** The lowest population that holds all of them and is itself not touched; null = all events. */
  readonly within: string | null;
  /** Other populations, not touched, that touched ones lie in or refer to. */
  readonly fixed: readonly string[];
  /** Linear values that gates of touched populations ask for. */
  readonly variables: readonly Variable[];
}

/** Throws E_GATE_INVALID when there is no such population. */
export function planRecount(strategy: GatingStrategy, moved: readonly string[]): RecountPlan {
  for (const path of moved) populationAt(strategy, path);
  const touched = affectedBy(strategy, moved);
  const isTouched = new Set(touched);
  const populations = touched.map((path) => populationAt(strategy, path));
  const above = populations.flatMap(({ parent }) =>
    parent !== null && isTouched.has(parent) ? [] : [parent],
  );
  const within = lowestCommon(strategy, above);
  const referred = populations.flatMap(({ gate }) =>
    gate?.kind === 'boolean' ? gate.operands.map((operand) => operand.population) : [],
  );
  const outside = above.flatMap((path) => (path === null || path === within ? [] : [path]));
  return {
    touched,
    within,
    fixed: [...new Set([...outside, ...referred])].filter((path) => !isTouched.has(path)),
    variables: variablesOf(populations),
  };
}

/** The lowest population that is, or lies above, each of the paths; null = all events. */
function lowestCommon(strategy: GatingStrategy, paths: readonly (string | null)[]): string | null {
  const chains = paths.map((path) => {
    const chain: string[] = [];
    for (let at = path; at !== null; at = populationAt(strategy, at).parent) chain.push(at);
    return chain;
  });
  const [first = [], ...others] = chains;
  return first.find((path) => others.every((chain) => chain.includes(path))) ?? null;
}

/** Linear values of the gates, each once, in the order in which they are met. */
function variablesOf(populations: readonly StrategyPopulation[]): readonly Variable[] {
  const registry = new VariableRegistry();
  for (const { gate } of populations)
    if (gate !== null && gate.kind !== 'boolean') for (const dimension of gate.dims) registry.of(dimension);
  return registry.variables;
}

/** Names of the kept columns of a plan: its variables, then zeros and ones for its fixed populations. */
export function keptColumns({ variables, fixed }: RecountPlan): string[] {
  return [...variables.map((_, v) => valueName(v)), ...fixed.map((_, f) => memberName(f))];
}

/**
 * The touched populations as gates on kept columns, and each fixed one as the gate "1 in its own column". `hasEvents` says of `within` and
 * the fixed ones whether they can be evaluated at all.
 */
export function onKeptColumns(
  strategy: GatingStrategy,
  { within, fixed, touched }: RecountPlan,
  hasEvents: ReadonlySet<string>,
): GatingStrategy {
  const isTouched = new Set(touched);
  const own = strategy.populations.filter(({ path }) => isTouched.has(path));
  // the same gates in the same order ask for the same values in the same order, however their axes are written
  const registered = new Map(variablesOf(own).map((variable, v) => [JSON.stringify(variable), v]));
  const has = (path: string | null): boolean => path === null || hasEvents.has(path);
  const standIns = fixed.map((path, f): StrategyPopulation => {
    const gate: Gate = { kind: 'rectangle', dims: [columnAxis(memberName(f))], min: [0.5], max: [Infinity] };
    return { id: path, path, parent: null, gate: has(path) ? gate : null, fit: { status: 'explicit' } };
  });
  const moved = own.map((population): StrategyPopulation => {
    const { parent, gate } = population;
    const kept = gate === null || gate.kind === 'boolean' ? gate : onColumns(gate, registered);
    return parent === within
      ? { ...population, parent: null, gate: has(within) ? kept : null }
      : { ...population, gate: kept };
  });
  return { ...strategy, matrices: {}, populations: [...standIns, ...moved] };
}

function onColumns<G extends GeometricGate>(gate: G, registered: ReadonlyMap<string, number>): G {
  return {
    ...gate,
    dims: gate.dims.map(({ source, compensation, transform }): Dimension => {
      const named = (channel: string): string => {
        const variable: Variable = { kind: 'channel', channel, compensation };
        return valueName(registered.get(JSON.stringify(variable)) ?? -1);
      };
      return {
        source:
          source.kind === 'channel'
            ? { ...source, channel: named(source.channel) }
            : { ...source, numerator: named(source.numerator), denominator: named(source.denominator) },
        compensation: { kind: 'none' },
        transform,
      };
    }),
  };
}

function columnAxis(channel: string): Dimension {
  return { source: { kind: 'channel', channel }, compensation: { kind: 'none' }, transform: null };
}
function valueName(variable: number): string {
  return `value ${variable}`;
}
function memberName(fixed: number): string {
  return `member ${fixed}`;
}
