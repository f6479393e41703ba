// FIT: a plan and a bounded sample of events become a GatingStrategy of explicit gates. Populations are placed in order, each on
// the events of its parent; what could not be placed is not evaluable, with the reason, and so is everything below it.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import type { EventTable, Spillover } from '../events/index.ts';
import { attemptOn, cutListsOf, tryMethods, type CutEvents, type CutFit, type CutList } from './cut-list.ts';
import { cutGate, referenceOf, type Fitted } from './methods/contract.ts';
import { placeOf } from './methods/cut-error.ts';
import type {
  BooleanGate,
  Evidence,
  Fit,
  Gate,
  GatingPlan,
  GatingStrategy,
  GeometricGate,
  MethodCall,
  PlannedPopulation,
  Rule,
  StrategyPopulation,
} from './model.ts';
import { fractionShift } from './cut-shift.ts';
import { createEvaluator, type Evaluator } from './reference.ts';
import type { Acquisition } from './stability.ts';
import { fromTube, nothingShared, underBatchRule, type SharedCuts } from './shared-cuts.ts';

/** The events that gates are placed on: all of a small file, an even selection of a large one. */
export interface FitSample {
  readonly table: EventTable;
  readonly spillover: Spillover | null;
  /** Position in the file of each event of the table, ascending; null or absent = the table is the whole file. */
  readonly positions?: Float64Array | null;
}

export interface PlanFit {
  readonly strategy: GatingStrategy;
  /** 1 = the event of the sample is in the population, ancestors included; by path, evaluable populations only. */
  readonly members: ReadonlyMap<string, Uint8Array>;
  /** One warning for each fallback and for each population that is not evaluable for a reason of its own. */
  readonly issues: readonly Issue[];
}

export interface FitOptions {
  /** Begins the names of the random streams, one a list of methods. */
  readonly seed: string;
  /** Cuts of control tubes and pools; default none. */
  readonly shared?: SharedCuts;
  /** Sees every list of methods once: the events that it is tried on, and what it makes of them before any pool has its say. */
  readonly watch?: (list: CutList, events: CutEvents, own: CutFit) => void;
}

/**
 * Places every gate of a plan. A gate depends on the events, the seed and the shared cuts, and on nothing else. Throws as
 * `createEvaluator` does; E_PROTOCOL_INVALID for a method that does not exist.
 */
export function fitPlan(plan: GatingPlan, sample: FitSample, options: FitOptions): PlanFit {
  const evaluator = createEvaluator(sample.table, sample.spillover, plan.matrices);
  const members = new Map<string, Uint8Array>();
  const cuts = new Map<string, CutFit>();
  const jumps = new Set<string>();
  const populations: StrategyPopulation[] = [];
  /** Parts that were taken out of a population, by its path: they come before it. */
  const beside = new Map<string, readonly StrategyPopulation[]>();
  const issues: Issue[] = [];
  const waiting: PlannedPopulation[] = [...plan.populations];
  const settled = new Map<string, StrategyPopulation>();

  const settle = (population: StrategyPopulation) => {
    if (settled.has(population.path))
      throw new ImmunogateError('E_PROTOCOL_INVALID', `Population ${population.path} occurs twice.`);
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
    const { parts = [], ...placed } = place(planned, {
      evaluator,
      members,
      cuts,
      jumps,
      settled,
      options,
      sample,
    });
    const own = planned.parent === null || settled.get(planned.parent)?.gate !== null;
    if (placed.fit.status === 'fallback') {
      const jumped = cutListsOf(planned).some(({ key }) => jumps.has(key));
      const { reason, method } = placed.fit;
      issues.push(
        jumped
          ? issue('W_CUT_JUMP', `${planned.path}: ${reason}; the pooled cut is used.`, planned.path)
          : issue(
              'W_METHOD_FALLBACK',
              `${planned.path}: ${reason}; placed by ${method} instead.`,
              planned.path,
            ),
      );
    }
    if (placed.fit.status === 'notEvaluable' && own)
      issues.push(issue('W_NOT_EVALUABLE', `${planned.path}: ${placed.fit.reason}.`, planned.path));
    for (const part of parts) settle(part);
    beside.set(planned.path, parts);
    settle({ id: planned.id, path: planned.path, parent: planned.parent, ...placed });
  }
  for (const { path } of plan.populations) {
    const population = settled.get(path);
    if (population !== undefined) populations.push(...(beside.get(path) ?? []), population);
  }
  return { strategy: { template: plan.template, matrices: plan.matrices, populations }, members, issues };
}

interface Placing {
  readonly evaluator: Evaluator;
  readonly members: ReadonlyMap<string, Uint8Array>;
  /** Outcomes of the lists so far, by key. */
  readonly cuts: Map<string, CutFit>;
  /** Keys of the lists whose own cut was not believed. */
  readonly jumps: Set<string>;
  readonly settled: ReadonlyMap<string, StrategyPopulation>;
  readonly options: FitOptions;
  readonly sample: FitSample;
}

interface Placed extends Pick<StrategyPopulation, 'gate' | 'fit'> {
  /** Populations beside it that this one is without. */
  readonly parts?: readonly StrategyPopulation[];
}

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
      return placeByMethods(planned, placing);
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
function placeAsParent(reason: string, parent: string | null, { sample }: Placing): Placed {
  const gate: Gate =
    parent === null
      ? {
          kind: 'rectangle',
          dims: [
            {
              source: { kind: 'channel', channel: sample.table.channels[0].name },
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

function placeByMethods(planned: PlannedPopulation, placing: Placing): Placed {
  const [list] = cutListsOf(planned);
  const found = settleCut(list, placing);
  if (found.fit === null) return notEvaluable(found.reason);
  const { gate, evidence, excluded = [] } = found.fit;
  const shift = shiftOfCut(found.fit, list, placing);
  const fit = fitOf(found, { evidence: { ...evidence, ...shift } });
  if (excluded.length === 0) return { gate, fit };
  const { parent } = planned;
  const parts = excluded.map(({ id, gate }): StrategyPopulation => ({
    id,
    path: parent === null ? id : `${parent}/${id}`,
    parent,
    gate,
    fit: { status: 'fitted', method: found.method, evidence: {} },
  }));
  const operands = parts.map(({ path }) => ({ population: path, complement: true }));
  return { gate: { kind: 'boolean', operator: 'and', operands }, fit, parts };
}

function placeQuadrant(
  planned: PlannedPopulation,
  { set, dims, cell }: Extract<Rule, { kind: 'quadrant' }>,
  placing: Placing,
): Placed {
  const lists = cutListsOf(planned);
  const found = lists.map((list) => settleCut(list, placing));
  const used = found.filter((_, d) => cell[d] !== null);
  const failed = used.find((cut) => cut.fit === null || cut.fit.cut === null);
  if (failed) return notEvaluable(failed.reason);
  const dividers = found.map((cut) => (cut.fit?.cut === null || cut.fit === null ? [] : [cut.fit.cut]));
  const gate: GeometricGate = { kind: 'quadrant', set, dims, dividers, cell };
  const worst = used.find((cut) => cut.attempt > 0) ?? used[0];
  const evidence = Object.fromEntries(
    found.flatMap((cut, d) =>
      Object.entries(cut.fit?.evidence ?? {}).map(([key, value]) => [`${'xy'[d]}.${key}`, value]),
    ),
  );
  const columns = columnsOf({ dims, parent: planned.parent }, placing);
  const errors = found.map(({ fit }) => errorOf(fit?.evidence));
  const shift = shiftOf(gate, columns, errors);
  return { gate, fit: fitOf(worst, { evidence: { ...evidence, ...shift } }) };
}

/** What the error of a cut on one axis, or on a score of two, does to its population. */
function shiftOfCut(fitted: Fitted, list: CutList, placing: Placing): Evidence {
  const error = errorOf(fitted.evidence);
  const place = placeOf(fitted);
  if (error === null || place === null) return {};
  const columns = columnsOf(list, placing);
  const { score } = fitted;
  if (score === undefined) return shiftOf(fitted.gate, columns, [error]);
  const scores = columns[0].map((_, e) =>
    score.weights.reduce((sum, weight, d) => sum + weight * columns[d][e], 0),
  );
  return shiftOf(cutGate({ dims: list.dims, keep: score.keep }, place), [scores], [error]);
}

/** Standard error of a cut, scale units; null = not known. */
function errorOf(evidence: Evidence | undefined): number | null {
  const error = evidence?.['cutSe'];
  return typeof error === 'number' ? error : null;
}

/** What the errors of a gate's cuts do to its population, as evidence; nothing where one is not known. */
function shiftOf(
  gate: GeometricGate,
  columns: readonly Float64Array[],
  errors: readonly (number | null)[],
): Evidence {
  const shift = fractionShift(gate, columns, errors);
  return shift === null ? {} : { fractionDown: shift.down, fractionUp: shift.up };
}

/** Tries a list once: on the events of its parent, on control tubes, and against the pooled cut. */
function settleCut(list: CutList, placing: Placing): CutFit {
  const known = placing.cuts.get(list.key);
  if (known !== undefined) return known;
  const { options, cuts, jumps } = placing;
  const { seed, shared = nothingShared } = options;
  const events = eventsOf(list, placing);
  const own = tryMethods(list, events, seed, (tube, attempt) =>
    Object.hasOwn(shared.tubes, tube) && shared.tubes[tube].kind === 'self'
      ? attemptOn(list, list.attempts[attempt], events, seed)
      : fromTube(shared, tube, attempt, list),
  );
  options.watch?.(list, events, own);
  const { found, jumped } = underBatchRule(own, list, shared);
  if (jumped) jumps.add(list.key);
  cuts.set(list.key, found);
  return found;
}

function eventsOf(list: CutList, placing: Placing): CutEvents {
  const { evaluator, members, sample } = placing;
  const { dims, parent } = list;
  const inside = parent === null ? null : (members.get(parent) ?? null);
  return {
    count: inside === null ? sample.table.count : inside.reduce((sum, member) => sum + member, 0),
    columns: columnsOf(list, placing),
    linear: dims.map((dim) => within(evaluator.linear(dim), inside)),
    reference: (path) => {
      const named = members.get(path);
      return named === undefined ? null : list.dims.map((dim) => within(evaluator.column(dim), named));
    },
    ...(parent === null ? { acquisition: acquisitionOf(evaluator.column(dims[0]), sample) } : {}),
  };
}

/** The events of a parent on some axes, scale units. */
function columnsOf({ dims, parent }: Pick<CutList, 'dims' | 'parent'>, { evaluator, members }: Placing) {
  const inside = parent === null ? null : (members.get(parent) ?? null);
  return dims.map((dim) => within(evaluator.column(dim), inside));
}

/** The members' values; written without a branch, as FIT spends much of its time here. */
function within(column: Float64Array, inside: Uint8Array | null): Float64Array {
  if (inside === null) return column;
  const members = new Float64Array(column.length);
  let count = 0;
  for (let e = 0; e < column.length; e++) {
    members[count] = column[e];
    count += inside[e];
  }
  return members.slice(0, count);
}

/** The light channels as detected, along the given clock; pulse areas where there are any, because heights and widths say the same again. */
function acquisitionOf(time: Float64Array, { table, positions = null }: FitSample): Acquisition {
  const light = table.channels.flatMap(({ name, kind, pulse }, c) =>
    kind === 'scatter' || kind === 'fluorescence' ? [{ name, pulse, values: table.columns[c] }] : [],
  );
  const areas = light.filter(({ pulse }) => pulse === 'A');
  const signals = areas.length > 0 ? areas : light;
  return { time, positions, signals };
}

function fitOf(found: CutFit, { evidence }: { readonly evidence: Evidence }): Fit {
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

/** The plan as far as the populations of some lists need it: they, what lies above them, and what their rules name. */
export function planFor(plan: GatingPlan, wanted: (list: CutList) => boolean): GatingPlan {
  const byPath = new Map(plan.populations.map((population) => [population.path, population]));
  const needed = new Set<string>();
  const open = plan.populations.filter((population) => cutListsOf(population).some(wanted));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (needed.has(next.path)) continue;
    needed.add(next.path);
    const above = next.parent === null ? [] : [next.parent];
    for (const path of [...above, ...populationsOf(next.rule)]) {
      const population = byPath.get(path);
      if (population !== undefined) open.push(population);
    }
  }
  return { ...plan, populations: plan.populations.filter(({ path }) => needed.has(path)) };
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
