// Placing one population of a plan: its rule, the outcomes of its lists of methods and the events of its parent become an explicit gate
// with its evidence, or the reason why there is none.
import {
  attemptOn,
  carryTo,
  cutListsOf,
  tryMethods,
  type CutEvents,
  type CutFit,
  type CutList,
} from './cut-list.ts';
import type { FitEvents } from './fit-events.ts';
import type {
  Evidence,
  Fit,
  Gate,
  GeometricGate,
  PlannedPopulation,
  Rule,
  StrategyPopulation,
} from './model.ts';
import { fromTube, nothingShared, underBatchRule, type SharedCuts } from './shared-cuts.ts';

export interface FitOptions {
  /** Begins the names of the random streams, one a list of methods. */
  readonly seed: string;
  /** Cuts of control tubes and pools; default none. */
  readonly shared?: SharedCuts;
  /** The cuts are wanted and nothing else: what they move is not looked at. */
  readonly isSurvey?: boolean;
  /** Sees every list of methods once: the events that it is tried on, and what it makes of them before any pool has its say. */
  readonly watch?: (list: CutList, events: CutEvents, own: CutFit) => void;
}

/** What is known when a population is placed; `cuts` and `jumps` grow as lists are tried. */
export interface Placing {
  readonly events: FitEvents;
  /** Outcomes of the lists so far, by key. */
  readonly cuts: Map<string, CutFit>;
  /** Keys of the lists whose own cut was not believed. */
  readonly jumps: Set<string>;
  readonly settled: ReadonlyMap<string, StrategyPopulation>;
  readonly options: FitOptions;
  /** The first channel of the file. */
  readonly firstChannel: string;
}

export interface Placed extends Pick<StrategyPopulation, 'gate' | 'fit'> {
  /** Populations beside it that this one is without. */
  readonly parts?: readonly StrategyPopulation[];
}

/** A rule as a gate. Throws E_PROTOCOL_INVALID for a method that does not exist. */
export function place(planned: PlannedPopulation, placing: Placing): Placed {
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

function placeByMethods(planned: PlannedPopulation, placing: Placing): Placed {
  const [list] = cutListsOf(planned);
  const found = settleCut(list, placing);
  if (found.fit === null) return notEvaluable(found.reason);
  const { gate, evidence, excluded = [] } = found.fit;
  const fit = fitOf(found, { evidence });
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
  return { gate, fit: fitOf(worst, { evidence }) };
}

/** Tries a list once: on the events of its parent, on control tubes, and against the pooled cut. */
function settleCut(list: CutList, placing: Placing): CutFit {
  const known = placing.cuts.get(list.key);
  if (known !== undefined) return known;
  const { options, cuts, jumps } = placing;
  const { seed, shared = nothingShared } = options;
  const events = placing.events.of(list);
  const own = tryMethods(list, events, seed, (tube, attempt) => {
    const call = list.attempts[attempt];
    return Object.hasOwn(shared.tubes, tube) && shared.tubes[tube].kind === 'self'
      ? attemptOn(list, call, events, seed)
      : carryTo(list, call, events, { found: fromTube(shared, tube, attempt, list), seed });
  });
  options.watch?.(list, events, own);
  const { found, jumped } = underBatchRule(own, list, shared);
  if (jumped) jumps.add(list.key);
  cuts.set(list.key, found);
  return found;
}

function fitOf(found: CutFit, { evidence }: { readonly evidence: Evidence }): Fit {
  return found.attempt === 0
    ? { status: 'fitted', method: found.method, evidence }
    : { status: 'fallback', method: found.method, reason: found.reason, evidence };
}

function notEvaluable(reason: string): Placed {
  return { gate: null, fit: { status: 'notEvaluable', reason } };
}
