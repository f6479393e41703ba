// FIT: a plan and a bounded sample of events become a GatingStrategy of explicit gates. Populations are placed in order, each on
// the events of its parent; what could not be placed is not evaluable, with the reason, and so is everything below it.
import { ImmunogateError, issue, type Issue } from '../errors.ts';
import { cutListsOf, type CutFit, type CutList } from './cut-list.ts';
import { withLeverage, type ListOfGates } from './cut-leverage.ts';
import { fitEvents, type FitSample } from './fit-events.ts';
import { referenceOf } from './methods/contract.ts';
import type {
  GatingPlan,
  GatingStrategy,
  MethodCall,
  PlannedPopulation,
  Rule,
  StrategyPopulation,
} from './model.ts';
import { place, type FitOptions } from './place.ts';

export interface PlanFit {
  readonly strategy: GatingStrategy;
  /** 1 = the event of the sample is in the population, ancestors included; by path, evaluable populations only. */
  readonly members: ReadonlyMap<string, Uint8Array>;
  /** One warning for each fallback and for each population that is not evaluable for a reason of its own. */
  readonly issues: readonly Issue[];
}

/**
 * Places every gate of a plan. A gate depends on the events, the seed and the shared cuts, and on nothing else. Throws as
 * `createEvaluator` does; E_PROTOCOL_INVALID for a method that does not exist.
 */
export function fitPlan(plan: GatingPlan, sample: FitSample, options: FitOptions): PlanFit {
  const events = fitEvents(sample, plan.matrices);
  const firstChannel = sample.table.channels[0]?.name ?? '';
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
    const { path, parent, gate } = population;
    if (gate !== null) events.add({ path, parent, gate });
  };

  // parents come first in a plan; booleans and internal references may name later populations, so they wait for them
  while (waiting.length > 0) {
    const next = waiting.findIndex((population) => isReady(population, settled));
    if (next < 0) {
      const names = waiting.map((population) => population.path).join(', ');
      throw new ImmunogateError('E_PROTOCOL_INVALID', `These populations depend on each other: ${names}.`);
    }
    const [planned] = waiting.splice(next, 1);
    const { parts = [], ...placed } = place(planned, { events, cuts, jumps, settled, options, firstChannel });
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
  const placed = { template: plan.template, matrices: plan.matrices, populations };
  const strategy = options.isSurvey
    ? placed
    : withLeverage(placed, listsOfGates(plan, cuts, settled), { events, settled: [...settled.values()] });
  return { strategy, members: events.members, issues };
}

/** The lists that placed cuts, with the populations that they cut; two that made the same cut of the same events are one. */
function listsOfGates(
  plan: GatingPlan,
  cuts: ReadonlyMap<string, CutFit>,
  settled: ReadonlyMap<string, StrategyPopulation>,
): readonly ListOfGates[] {
  const lists = new Map<string, ListOfGates>();
  for (const planned of plan.populations)
    for (const [axis, list] of cutListsOf(planned).entries()) {
      const found = cuts.get(list.key);
      const gate = settled.get(planned.path)?.gate ?? null;
      if (found === undefined || found.fit === null || gate === null) continue;
      if (gate.kind === 'quadrant' && gate.cell[axis] === null) continue;
      const same = `${list.parent ?? ''} ${JSON.stringify(list.dims)} ${found.fit.cut ?? list.key}`;
      const known = lists.get(same);
      const gates = [...(known?.gates ?? []), { path: planned.path, axis }];
      lists.set(same, { list: known?.list ?? list, found: known?.found ?? found, gates });
    }
  return [...lists.values()];
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
