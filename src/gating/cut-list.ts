// A list of methods that places one gate or one cut of a quadrant set, tried in order on given events: those of the tube, of a control
// tube, or of pooled tubes. Invariant: a method that is not acceptable gives way to the next on record, never in silence.
import { ImmunogateError } from '../errors.ts';
import { compileForward } from '../signal/index.ts';
import { referenceOf, type MethodFit, type MethodInput } from './methods/contract.ts';
import { prepareMethod, type ReadyMethod } from './methods/registry.ts';
import type { Acquisition } from './stability.ts';
import type { Dimension, MethodCall, PlannedPopulation, Pool } from './model.ts';

/** What places one gate of a plan, or one cut of a quadrant set. `key` is unique in the plan and the same in every tube of a template. */
export interface CutList {
  readonly key: string;
  readonly parent: string | null;
  readonly dims: readonly Dimension[];
  readonly keep: 'above' | 'below';
  readonly attempts: readonly MethodCall[];
  readonly minimumEvents: number;
  readonly pool: Pool | null;
}

/** The lists of a population's rule: one, or one for each axis of a quadrant set (the same for all its cells). */
export function cutListsOf({ path, parent, rule }: PlannedPopulation): readonly CutList[] {
  switch (rule.kind) {
    case 'methods': {
      const { dims, keep, attempts, minimumEvents, pool = null } = rule;
      return [{ key: path, parent, dims, keep, attempts, minimumEvents, pool }];
    }
    case 'quadrant': {
      const { set, dims, cuts, minimumEvents, pool = null } = rule;
      return cuts.map((attempts, d) => ({
        key: `${parent ?? ''}/${set}/${d}`,
        parent,
        dims: [dims[d]],
        keep: 'above',
        attempts,
        minimumEvents,
        pool,
      }));
    }
    case 'gate':
    case 'missing':
      return [];
  }
}

/** The events inside the parent on the axes of a list, and those of other populations that its methods name. */
export interface CutEvents {
  readonly count: number;
  /** Scale units of each axis. */
  readonly columns: readonly Float64Array[];
  /** The same in linear compensated units. */
  readonly linear: readonly Float64Array[];
  /** Scale units of another population; null = it is not evaluable. */
  readonly reference: (path: string) => readonly Float64Array[] | null;
  /** The file in its order, where the parent is all of it. */
  readonly acquisition?: Acquisition;
}

/** The outcome of a list: the first acceptable fit and which attempt it was, or why there was none. Plain data. */
export interface CutFit {
  readonly fit: Extract<MethodFit, { status: 'fitted' }> | null;
  readonly method: string;
  readonly attempt: number;
  /** The control tube that was looked at; null = the list's own events. */
  readonly tube: string | null;
  /** Why the attempts before it (or all) were not acceptable. */
  readonly reason: string;
}

/** One attempt on events, with the standard error of its cut (evidence `cutSe`); a refusal in words. Throws E_PROTOCOL_INVALID for a method that does not exist. */
export function attemptOn(list: CutList, call: MethodCall, events: CutEvents, seed: string): MethodFit {
  const method = methodOf(call);
  const named = referenceOf(call.params);
  // a fixed value needs no events, another population has its own; everything else looks at the parent's
  if (events.count < list.minimumEvents && !blind.has(method.name) && named === null) {
    const reason = `the parent has ${events.count} events, fewer than ${list.minimumEvents}`;
    return { status: 'rejected', reason, evidence: {} };
  }
  return method.fit(inputOf(list, named, events), `${seed}/${list.key}`);
}

/** A fit of a control tube for an attempt, brought to the events of this tube. */
export function carryTo(
  list: CutList,
  call: MethodCall,
  events: CutEvents,
  { found, seed }: { readonly found: MethodFit; readonly seed: string },
): MethodFit {
  if (found.status === 'rejected') return found;
  const input = inputOf(list, referenceOf(call.params), events);
  return methodOf(call).carry(found, input, `${seed}/${list.key}`);
}

function inputOf({ dims, keep }: CutList, named: string | null, events: CutEvents): MethodInput {
  const { columns, acquisition } = events;
  const reference = named === null ? null : events.reference(named);
  const forward = dims.map(({ transform }) =>
    transform === null ? (x: number) => x : compileForward(transform),
  );
  return {
    dims,
    columns,
    // made when asked for: few methods ask
    get linear() {
      return events.linear;
    },
    forward,
    keep,
    reference,
    ...(acquisition ? { acquisition } : {}),
  };
}

/** Methods that place a gate without looking. */
const blind: ReadonlySet<string> = new Set(['fixed', 'open']);

/** Tries a list in order. `elsewhere` answers for the attempts that look at a control tube. */
export function tryMethods(
  list: CutList,
  events: CutEvents,
  seed: string,
  elsewhere: (tube: string, attempt: number) => MethodFit,
): CutFit {
  const reasons: string[] = [];
  for (const [attempt, call] of list.attempts.entries()) {
    const { method, tube = null } = call;
    const fit = tube === null ? attemptOn(list, call, events, seed) : elsewhere(tube, attempt);
    if (fit.status === 'fitted') return { fit, method, attempt, tube, reason: reasons.join('; ') };
    reasons.push(`${method}: ${fit.reason}`);
  }
  return { fit: null, method: '', attempt: list.attempts.length, tube: null, reason: reasons.join('; ') };
}

function methodOf(call: MethodCall): ReadyMethod {
  const method = prepareMethod(call.method, call.params);
  if (typeof method === 'string')
    throw new ImmunogateError('E_PROTOCOL_INVALID', `Method ${call.method}: ${method}.`);
  return method;
}
