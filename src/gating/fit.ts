// FIT: a plan and a bounded sample of events become a GatingStrategy of explicit gates. Populations are placed in order, each on
// the events of its parent; what could not be placed is not evaluable, with the reason, and so is everything below it.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { EventTable, Spillover } from '../events/index.ts';
import { createRandom } from '../math/index.ts';
import { compileForward } from '../signal/index.ts';
import { prepareMethod, type ReadyMethod } from './methods/registry.ts';
import { referenceOf, type MethodFit } from './methods/contract.ts';
import type {
  BooleanGate,
  Dimension,
  Fit,
  Gate,
  GatingPlan,
  GatingStrategy,
  MethodCall,
  PlannedPopulation,
  Rule,
  StrategyPopulation,
} from './model.ts';
import { createEvaluator, type Evaluator } from './reference.ts';

/** The events that gates are placed on: all of a small file, an even selection of a large one. */
export interface FitSample {
  readonly table: EventTable;
  readonly spillover: Spillover | null;
}

export interface PlanFit {
  readonly strategy: GatingStrategy;
  /** One warning for each fallback and for each population that is not evaluable for a reason of its own. */
  readonly issues: readonly Issue[];
}

/**
 * Places every gate of a plan. `seed` begins the names of the random streams (one a population), so a gate depends on it, on the
 * events and on nothing else. Throws as `createEvaluator` does; E_PROTOCOL_INVALID for a method that does not exist.
 */
export function fitPlan(plan: GatingPlan, sample: FitSample, options: { readonly seed: string }): PlanFit {
  const evaluator = createEvaluator(sample.table, sample.spillover, plan.matrices);
  const members = new Map<string, Uint8Array>();
  const cuts = new Map<string, CutFit>();
  const populations: StrategyPopulation[] = [];
  const issues: Issue[] = [];
  const waiting: PlannedPopulation[] = [...plan.populations];
  const settled = new Map<string, StrategyPopulation>();

  const settle = (population: StrategyPopulation) => {
    settled.set(population.path, population);
    const { gate } = population;
    if (gate === null) return;
    const parent = population.parent === null ? null : (members.get(population.parent) ?? null);
    members.set(
      population.path,
      gate.kind === 'boolean'
        ? logic(gate, parent, members, sample.table.count)
        : evaluator.membership(gate, parent),
    );
  };

  // parents come first in a plan; booleans and internal references may name later populations, so they wait for them
  while (waiting.length > 0) {
    const next = waiting.findIndex((population) => isReady(population, settled));
    if (next < 0) {
      const names = waiting.map((population) => population.path).join(', ');
      throw new ImmunogateError('E_PROTOCOL_INVALID', `These populations depend on each other: ${names}.`);
    }
    const [planned] = waiting.splice(next, 1);
    const placed = place(planned, {
      evaluator,
      members,
      cuts,
      settled,
      seed: options.seed,
      count: sample.table.count,
      firstChannel: sample.table.channels[0].name,
    });
    const own = planned.parent === null || settled.get(planned.parent)?.gate !== null;
    if (placed.fit.status === 'fallback')
      issues.push(
        issue(
          'W_METHOD_FALLBACK',
          `${planned.path}: ${placed.fit.reason}; placed by ${placed.fit.method} instead.`,
          planned.path,
        ),
      );
    if (placed.fit.status === 'notEvaluable' && own)
      issues.push(issue('W_NOT_EVALUABLE', `${planned.path}: ${placed.fit.reason}.`, planned.path));
    settle({ id: planned.id, path: planned.path, parent: planned.parent, ...placed });
  }
  for (const { path } of plan.populations) {
    const population = settled.get(path);
    if (population !== undefined) populations.push(population);
  }
  return { strategy: { template: plan.template, matrices: plan.matrices, populations }, issues };
}

interface Placing {
  readonly evaluator: Evaluator;
  readonly members: ReadonlyMap<string, Uint8Array>;
  readonly cuts: Map<string, CutFit>;
  readonly settled: ReadonlyMap<string, StrategyPopulation>;
  readonly seed: string;
  readonly count: number;
  readonly firstChannel: string;
}

type Placed = Pick<StrategyPopulation, 'gate' | 'fit'>;

function place(planned: PlannedPopulation, placing: Placing): Placed {
  const { rule, parent } = planned;
  if (parent !== null && placing.settled.get(parent)?.gate === null)
    return notEvaluable(`its parent ${parent} is not evaluable`);
  switch (rule.kind) {
    case 'missing':
      return rule.instead === 'parent'
        ? placeAsParent(rule.reason, parent, placing)
        : notEvaluable(rule.reason);
    case 'gate':
      return placeGiven(rule.gate, placing);
    case 'methods':
      return placeByMethods(planned, rule, placing);
    case 'quadrant':
      return placeQuadrant(planned, rule, placing);
  }
}

function placeGiven(gate: Gate, { settled }: Placing): Placed {
  if (gate.kind === 'boolean') {
    const missing = gate.operands.find((operand) => settled.get(operand.population)?.gate === null);
    if (missing) return notEvaluable(`${missing.population} is not evaluable`);
  }
  return { gate, fit: { status: 'explicit' } };
}

/** Every event of the parent, as a gate that a person can see and replace; below the root every event whose first channel is a number. */
function placeAsParent(reason: string, parent: string | null, { firstChannel }: Placing): Placed {
  const gate: Gate =
    parent === null
      ? {
          kind: 'rectangle',
          dims: [
            {
              source: { kind: 'channel', channel: firstChannel },
              compensation: { kind: 'none' },
              transform: null,
            },
          ],
          min: [Number.NEGATIVE_INFINITY],
          max: [Number.POSITIVE_INFINITY],
        }
      : { kind: 'boolean', operator: 'and', operands: [{ population: parent, complement: false }] };
  return { gate, fit: { status: 'fallback', method: 'parent', reason, evidence: {} } };
}

function placeByMethods(
  planned: PlannedPopulation,
  rule: Extract<Rule, { kind: 'methods' }>,
  placing: Placing,
): Placed {
  const { dims, keep, attempts, minimumEvents } = rule;
  const parent = planned.parent === null ? null : (placing.members.get(planned.parent) ?? null);
  const found = tryMethods(
    dims,
    keep,
    attempts,
    minimumEvents,
    parent,
    `${placing.seed}/${planned.path}`,
    placing,
  );
  return found.fit === null
    ? notEvaluable(found.reason)
    : { gate: found.fit.gate, fit: fitOf(found, found.fit) };
}

function placeQuadrant(
  planned: PlannedPopulation,
  rule: Extract<Rule, { kind: 'quadrant' }>,
  placing: Placing,
): Placed {
  const { set, dims, cuts, cell, minimumEvents } = rule;
  const parent = planned.parent === null ? null : (placing.members.get(planned.parent) ?? null);
  const found = cuts.map((attempts, d) => {
    const key = `${planned.parent ?? ''}/${set}/${d}`;
    const known = placing.cuts.get(key);
    if (known !== undefined) return known;
    const made = tryMethods(
      [dims[d]],
      'above',
      attempts,
      minimumEvents,
      parent,
      `${placing.seed}/${key}`,
      placing,
    );
    placing.cuts.set(key, made);
    return made;
  });
  const used = found.filter((_, d) => cell[d] !== null);
  const failed = used.find((cut) => cut.fit === null || cut.fit.cut === null);
  if (failed) return notEvaluable(failed.reason);
  const dividers = found.map((cut) => (cut.fit?.cut === null || cut.fit === null ? [] : [cut.fit.cut]));
  const gate: Gate = { kind: 'quadrant', set, dims, dividers, cell };
  const worst = used.find((cut) => cut.attempt > 0) ?? used[0];
  const evidence = Object.fromEntries(
    found.flatMap((cut, d) =>
      Object.entries(cut.fit?.evidence ?? {}).map(([key, value]) => [`${'xy'[d]}.${key}`, value]),
    ),
  );
  if (worst.fit === null) return notEvaluable(worst.reason);
  return { gate, fit: fitOf(worst, { ...worst.fit, evidence }) };
}

/** The outcome of a list of methods: the first acceptable fit and which attempt it was, or why none was. */
interface CutFit {
  readonly fit: Extract<MethodFit, { status: 'fitted' }> | null;
  readonly method: string;
  readonly attempt: number;
  /** Why the attempts before it (or all) were not acceptable. */
  readonly reason: string;
}

function tryMethods(
  dims: readonly Dimension[],
  keep: 'above' | 'below',
  attempts: readonly MethodCall[],
  minimumEvents: number,
  parent: Uint8Array | null,
  seed: string,
  { evaluator, members, count }: Placing,
): CutFit {
  const events = parent === null ? count : parent.reduce((sum, inside) => sum + inside, 0);
  const pick = (column: Float64Array, within: Uint8Array | null) =>
    within === null ? column : column.filter((_, e) => within[e] === 1);
  const input = {
    dims,
    columns: dims.map((dim) => pick(evaluator.column(dim), parent)),
    linear: dims.map((dim) => pick(evaluator.linear(dim), parent)),
    forward: dims.map(({ transform }) => (transform === null ? (x: number) => x : compileForward(transform))),
    keep,
  };
  const reasons: string[] = [];
  for (const [attempt, call] of attempts.entries()) {
    const method = methodOf(call);
    // a fixed value needs no events, another population has its own; everything else looks at the parent's
    const looksAtParent = method.name !== 'fixed' && referenceOf(call.params) === null;
    if (events < minimumEvents && looksAtParent) {
      reasons.push(`${method.name}: the parent has ${events} events, fewer than ${minimumEvents}`);
      continue;
    }
    const named = members.get(referenceOf(call.params) ?? '');
    const reference = named === undefined ? null : dims.map((dim) => pick(evaluator.column(dim), named));
    const fit = method.fit({ ...input, reference }, createRandom(seed));
    if (fit.status === 'fitted') return { fit, method: method.name, attempt, reason: reasons.join('; ') };
    reasons.push(`${method.name}: ${fit.reason}`);
  }
  return { fit: null, method: '', attempt: attempts.length, reason: reasons.join('; ') };
}

function methodOf(call: MethodCall): ReadyMethod {
  const method = prepareMethod(call.method, call.params);
  if (typeof method === 'string')
    throw new ImmunogateError('E_PROTOCOL_INVALID', `Method ${call.method}: ${method}.`);
  return method;
}

function fitOf(found: CutFit, { evidence }: Extract<MethodFit, { status: 'fitted' }>): Fit {
  return found.attempt === 0
    ? { status: 'fitted', method: found.method, evidence }
    : { status: 'fallback', method: found.method, reason: found.reason, evidence };
}

function notEvaluable(reason: string): Placed {
  return { gate: null, fit: { status: 'notEvaluable', reason } };
}

function isReady(
  { parent, rule }: PlannedPopulation,
  settled: ReadonlyMap<string, StrategyPopulation>,
): boolean {
  if (parent !== null && !settled.has(parent)) return false;
  return populationsOf(rule).every((path) => settled.has(path));
}

/** The populations that a rule cannot be settled without: operands of logic, internal references of methods. */
function populationsOf(rule: Rule): readonly string[] {
  const references = (calls: readonly MethodCall[]) =>
    calls.map(({ params }) => referenceOf(params)).filter((path) => path !== null);
  switch (rule.kind) {
    case 'gate':
      return rule.gate.kind === 'boolean' ? rule.gate.operands.map(({ population }) => population) : [];
    case 'methods':
      return references(rule.attempts);
    case 'quadrant':
      return references(rule.cuts.flat());
    case 'missing':
      return [];
  }
}

function logic(
  gate: BooleanGate,
  parent: Uint8Array | null,
  members: ReadonlyMap<string, Uint8Array>,
  count: number,
): Uint8Array {
  const operands = gate.operands.map((operand) => ({
    member: members.get(operand.population),
    complement: operand.complement,
  }));
  const holds = (e: number): boolean => {
    const terms = operands.map(({ member, complement }) => (member?.[e] === 1) !== complement);
    if (gate.operator === 'not') return !terms[0];
    return gate.operator === 'and' ? terms.every(Boolean) : terms.some(Boolean);
  };
  return Uint8Array.from({ length: count }, (_, e) =>
    Number((parent === null || parent[e] === 1) && holds(e)),
  );
}
