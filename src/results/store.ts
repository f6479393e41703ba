// The port of the results store. Two implementations, one contract (test/results/conformance.ts): memory.ts and sqlite/node.ts.
// Invariants: an item is pending, running, done or refused, and never half of it; the result, the item's state and the audit entry change
// in one transaction (reliability C-2); a stored result is never replaced (A-4).
import { ImmunogateError, type Issue } from '../errors.ts';
import type { Actor, AuditEntry, AuditEvent } from './audit.ts';
import { canonicalJson } from './canonical.ts';
import { differencesOf, isOtherForm } from './differences.ts';
import type { Sha256 } from './identity.ts';
import type { Execution, ProtocolIdentity, SampleResult } from './model.ts';
import { decodeStrategy } from './strategy.ts';

export type ItemState = 'pending' | 'running' | 'done' | 'refused';
export type RunOutcome = 'running' | 'finished' | 'cancelled' | 'failed' | 'interrupted';

/** One sample of one run. `resultId` is set exactly when done; `issues` say why it was refused. */
export interface ItemRecord {
  readonly sample: string;
  readonly state: ItemState;
  readonly resultId: string | null;
  readonly issues: readonly Issue[];
}

export interface RunRecord {
  readonly run: number;
  readonly outcome: RunOutcome;
  readonly protocols: readonly ProtocolIdentity[];
  readonly startedUtc: string;
  readonly endedUtc: string | null;
}

export interface RunStart {
  readonly protocols: readonly ProtocolIdentity[];
  /** Unique sample ids. */
  readonly samples: readonly string[];
}

/** A result without the sample's name: equal files share it. */
export type ResultBody = Omit<SampleResult, 'sample'>;

/** A file made beside a result, such as its membership; known by kind, recognised by hash. */
export interface OutputRecord {
  readonly kind: string;
  readonly sha256: string;
}

export interface ResultsStore {
  /** What opening had to put right: runs whose owner died, and their items returned to pending (C-4). */
  readonly recovered: { readonly runs: number; readonly items: number };
  /** Makes a run with its items pending; returns its number. */
  beginRun(start: RunStart): number;
  endRun(run: number, outcome: RunOutcome): void;
  /** pending to running. */
  startItem(run: number, sample: string): void;
  /** running to pending: cancelled before it ended. */
  returnItem(run: number, sample: string): void;
  /**
   * running to done. Inserts the result if its id is absent; if present, compares: equal changes nothing, different throws
   * E_NONDETERMINISTIC and leaves the item as it was (C-1). Answers the fields of provenance that only one of the two has, when that is
   * all that differs: the stored record stays, and another version of the program wrote it.
   */
  finishItem(
    run: number,
    result: SampleResult,
    execution: Execution,
    outputs?: readonly OutputRecord[],
  ): readonly string[];
  /** To done with a result that the store already holds. Throws E_INTERNAL when it does not. */
  reuseItem(run: number, sample: string, resultId: string): void;
  /** To refused, with at least one issue of level error. */
  refuseItem(run: number, sample: string, issues: readonly Issue[]): void;
  runs(): readonly RunRecord[];
  /** Items of a run by sample, in order of code units. */
  items(run: number): readonly ItemRecord[];
  result(resultId: string): ResultBody | null;
  execution(resultId: string): Execution | null;
  outputs(resultId: string): readonly OutputRecord[];
  record(event: AuditEvent): AuditEntry;
  audit(): readonly AuditEntry[];
  /**
   * Takes a text of at least three characters out of everything that entered the chain (A-4): personal data entered by mistake. Entries and
   * their hashes stay, so the chain holds and each content is known to be a tombstone; who and why become an entry. Answers the hashes of the
   * contents that held the text. Objects and reasons of entries are sealed and cannot be redacted.
   */
  redact(text: string, why: { readonly reason: string; readonly actor?: Actor }): readonly string[];
  /** What entered the chain under that hash (`before` or `after` of an event); null when it is not there. */
  payload(sha256: string): unknown;
  /** Re-hashes every result and the audit chain; empty when all holds (C-8). */
  verify(): readonly Issue[];
  close(): void;
}

/** What every store is handed: clock, identity and hash come from outside. */
export interface StoreContext {
  readonly sha256: Sha256;
  /** Wall clock as ISO 8601 with milliseconds and Z. */
  readonly utc: () => string;
  readonly actor: Actor;
  /** Name and version of the program. */
  readonly software: string;
}

// ---- shared by both stores -----------------------------------------------------------------------------------------

/** The stored text of a result. */
export function bodyText(body: ResultBody): string {
  return canonicalJson(body);
}

/** The inverse of bodyText; throws E_STORE_CORRUPT when the text is not one. */
export function decodeBody(text: string): ResultBody {
  try {
    const body = JSON.parse(text) as ResultBody;
    return { ...body, strategy: decodeStrategy(body.strategy) };
  } catch (cause) {
    throw new ImmunogateError('E_STORE_CORRUPT', 'A stored result cannot be read.', { cause });
  }
}

/**
 * Throws E_NONDETERMINISTIC unless the same work gave the same result and the same outputs. Answers the fields of provenance that only one
 * of the two has.
 */
export function checkSame(
  known: { readonly text: string; readonly outputs: readonly OutputRecord[]; readonly software: string },
  text: string,
  outputs: readonly OutputRecord[],
): readonly string[] {
  const output = outputs.find(({ kind, sha256 }) =>
    known.outputs.some((before) => before.kind === kind && before.sha256 !== sha256),
  );
  const differences = known.text === text ? [] : differencesOf(JSON.parse(known.text), JSON.parse(text));
  const places = differences.map(({ place }) => place);
  if (output === undefined && isOtherForm(differences)) return places;
  const parts = [...places.slice(0, 3), ...(output === undefined ? [] : [output.kind])];
  throw new ImmunogateError(
    'E_NONDETERMINISTIC',
    `It was computed before by ${known.software} with another ${parts.join(', ')}${places.length > 3 ? ` and ${places.length - 3} more` : ''}. ` +
      'Nothing was replaced. Keep the store and report this: the same file and protocol must always give the same numbers.',
  );
}

/** What the audit trail keeps of finished work. */
export function finishedWork(
  resultId: string,
  bodySha256: string,
  outputs: readonly OutputRecord[],
  otherFields: readonly string[],
): Readonly<Record<string, unknown>> {
  return { resultId, bodySha256, outputs, ...(otherFields.length === 0 ? {} : { otherFields }) };
}

const allowed: Readonly<Record<ItemState, readonly ItemState[]>> = {
  pending: ['running', 'done', 'refused'],
  running: ['done', 'refused', 'pending'],
  done: [],
  refused: [],
};

/** Throws E_INTERNAL for a change of state that the life of an item does not have; `from` null = no such item. */
export function transition(from: ItemState | null, to: ItemState, sample: string): void {
  if (from !== null && allowed[from].includes(to)) return;
  throw new ImmunogateError('E_INTERNAL', `Sample ${sample} cannot go from ${from ?? 'nowhere'} to ${to}.`);
}
