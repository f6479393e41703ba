// What people did to a study, and the state that follows from it. The audit chain is the record itself: an entry's `after` holds what was
// stored, and the state is a fold over the entries, so record and trail are one transaction and nothing is overwritten (reliability ).
// Invariant: state = fold(entries); opening again gives the same state.
import { join } from 'node:path';
import type { Actor, AuditEntry, ResultsStore } from '../results/index.ts';
import { openSqliteStore, storeContext } from '../results/node.ts';
import type { LockedProtocol, StudyLocks } from '../run/node.ts';
import type { Deed, FileInspection, OverrideRecord, ReviewState, Run } from './schema.ts';

/** An uploaded file; to which tube it belongs follows from the manifest. */
export interface FileRecord {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly inspection: FileInspection;
}

/** What may happen. The action's words are those of the trail. */
export type StudyEvent =
  | { readonly action: 'file stored'; readonly file: FileRecord }
  | { readonly action: 'run started'; readonly run: Pick<Run, 'run' | 'why'> }
  | {
      readonly action: 'run ended';
      readonly run: Pick<Run, 'run' | 'state' | 'progress' | 'issues'>;
      /** Of a recount after gate edits: what became of the samples that it changed. */
      readonly effects?: readonly SampleEffect[];
    }
  | { readonly action: 'gate edited'; readonly override: Omit<OverrideRecord, 'made' | 'undone'> }
  | { readonly action: 'gate edit withdrawn'; readonly override: string }
  | { readonly action: 'sample reviewed'; readonly sample: string; readonly review: ReviewAction }
  | { readonly action: 'study locked'; readonly protocol: LockedProtocol | null }
  | { readonly action: 'study unlocked' }
  | { readonly action: 'file purged'; readonly sha256: string }
  /** Recorded, without a state of its own: the files of the study folder hold it. */
  | {
      readonly action:
        'study created' | 'study changed' | 'table imported' | 'manifest edited' | 'table exported';
    };

export interface Difference {
  readonly before: number | null;
  readonly after: number | null;
}

/** What became of one sample: populations by path, immune values that it is a part of by parameter. */
export interface SampleEffect {
  readonly sample: string;
  readonly populations: readonly (Difference & { readonly path: string })[];
  readonly endpoints: readonly (Difference & {
    readonly parameter: string;
    readonly label: string;
    readonly unit: string;
  })[];
}

export type ReviewAction =
  | { readonly kind: 'lock'; readonly resultId: string }
  | { readonly kind: 'unlock' }
  | { readonly kind: 'sign'; readonly strategySha256: string };

export interface StudyState {
  /** By name; the newest of a name. */
  readonly files: ReadonlyMap<string, FileRecord & { readonly uploaded: Deed }>;
  /** In order of their start. */
  readonly runs: ReadonlyMap<string, Run>;
  readonly overrides: ReadonlyMap<string, OverrideRecord>;
  readonly reviews: ReadonlyMap<string, ReviewState>;
  readonly locked: Deed | null;
  /** What runs are held to (reliability A-5). */
  readonly locks: StudyLocks;
  /** Files whose bytes were taken away, by hash. */
  readonly purged: ReadonlyMap<string, Deed>;
  /** What edits and withdrawals changed, by number of the entry; only those whose recount has ended. */
  readonly effects: ReadonlyMap<number, SampleEffect>;
}

export interface StudyLog {
  state(): StudyState;
  /** Records what happened and moves the state. `object` is what it happened to, in words of the study. */
  record(event: StudyEvent, details: EventDetails): AuditEntry;
  /** Takes a text out of all that was recorded and works the state out anew. Answers how many contents held it. */
  redact(text: string, details: { readonly by: Actor; readonly reason: string }): number;
  store: ResultsStore;
  close(): void;
}

export interface EventDetails {
  readonly object: string;
  readonly by: Actor;
  readonly reason?: string | null;
  readonly before?: unknown;
  /** Recorded beside the event, for events without a state. */
  readonly after?: unknown;
}

/** Opens the log below a study folder as its only owner. Runs of a server that died are closed as interrupted. Throws E_STORE_LOCKED and the like. */
export function openStudyLog(folder: string, software: string): StudyLog {
  const context = storeContext(software);
  const { actor } = context;
  const store = openSqliteStore(join(folder, '.immunogate', 'study.sqlite'), context);
  let state = stateOf(store);
  const log: StudyLog = {
    state: () => state,
    record(event, { object, by, reason = null, before = null, after = null }) {
      const entry = store.record({
        action: event.action,
        object,
        before,
        after: { event, after } satisfies Stored,
        reason,
        actor: by,
      });
      apply(state, event, entry);
      return entry;
    },
    redact(text, { by, reason }) {
      const contents = store.redact(text, { reason, actor: by });
      state = stateOf(store);
      return contents.length;
    },
    store,
    close: () => store.close(),
  };
  for (const { run, state: is, progress } of [...state.runs.values()]) {
    if (is !== 'running') continue;
    log.record(
      { action: 'run ended', run: { run, state: 'interrupted', progress, issues: [] } },
      { object: run, by: actor },
    );
  }
  return log;
}

/** Entries of the store itself, such as a redaction, hold no event and move nothing. */
function stateOf(store: ResultsStore): MutableState {
  const state = emptyState();
  for (const entry of store.audit()) {
    const stored =
      entry.afterSha256 === null ? null : (store.payload(entry.afterSha256) as Partial<Stored> | null);
    if (stored?.event !== undefined) apply(state, stored.event, entry);
  }
  return state;
}

interface Stored {
  readonly event: StudyEvent;
  readonly after: unknown;
}

interface MutableState {
  readonly files: Map<string, FileRecord & { readonly uploaded: Deed }>;
  readonly runs: Map<string, Run>;
  readonly overrides: Map<string, OverrideRecord>;
  readonly reviews: Map<string, ReviewState>;
  locked: Deed | null;
  locks: { protocol: LockedProtocol | null; readonly samples: Record<string, string> };
  readonly purged: Map<string, Deed>;
  readonly effects: Map<number, SampleEffect>;
  /** Edits and withdrawals that no finished run has counted yet. */
  readonly uncounted: Map<number, { readonly sample: string; run: string | null }>;
}

function emptyState(): MutableState {
  return {
    ...{ files: new Map(), runs: new Map(), overrides: new Map(), reviews: new Map() },
    locked: null,
    locks: { protocol: null, samples: {} },
    ...{ purged: new Map(), effects: new Map(), uncounted: new Map() },
  };
}

function apply(state: MutableState, event: StudyEvent, entry: AuditEntry): void {
  const deed = deedOf(entry);
  switch (event.action) {
    case 'file stored':
      state.files.set(event.file.name, { ...event.file, uploaded: deed });
      state.purged.delete(event.file.sha256);
      return;
    case 'run started':
      state.runs.set(event.run.run, {
        ...event.run,
        state: 'running',
        started: deed,
        endedUtc: null,
        progress: null,
        issues: [],
      });
      for (const waiting of state.uncounted.values()) waiting.run = event.run.run;
      return;
    case 'run ended': {
      const known = state.runs.get(event.run.run);
      if (known !== undefined) state.runs.set(event.run.run, { ...known, ...event.run, endedUtc: entry.utc });
      if (event.run.state === 'finished') takeEffects(state, event.run.run, event.effects ?? []);
      return;
    }
    case 'gate edited':
      state.overrides.set(event.override.override, { ...event.override, made: deed, undone: null });
      state.uncounted.set(entry.seq, { sample: event.override.sample, run: null });
      return;
    case 'gate edit withdrawn': {
      const known = state.overrides.get(event.override);
      if (known === undefined) return;
      state.overrides.set(event.override, { ...known, undone: deed });
      state.uncounted.set(entry.seq, { sample: known.sample, run: null });
      return;
    }
    case 'sample reviewed':
      state.reviews.set(event.sample, reviewed(state.reviews.get(event.sample), event.review, deed));
      if (event.review.kind === 'lock') state.locks.samples[event.sample] = event.review.resultId;
      if (event.review.kind === 'unlock') Reflect.deleteProperty(state.locks.samples, event.sample);
      return;
    case 'study locked':
      state.locked = deed;
      state.locks.protocol = event.protocol;
      return;
    case 'study unlocked':
      state.locked = null;
      state.locks.protocol = null;
      return;
    case 'file purged':
      state.purged.set(event.sha256, deed);
      return;
    case 'study created':
    case 'study changed':
    case 'table imported':
    case 'manifest edited':
    case 'table exported':
      return;
  }
}

/** A finished run has counted what was edited before it began. */
function takeEffects(state: MutableState, run: string, effects: readonly SampleEffect[]): void {
  for (const [seq, waiting] of state.uncounted) {
    if (waiting.run !== run) continue;
    state.uncounted.delete(seq);
    const { sample } = waiting;
    const effect = effects.find((one) => one.sample === sample);
    state.effects.set(seq, effect ?? { sample, populations: [], endpoints: [] });
  }
}

function reviewed(known: ReviewState | undefined, review: ReviewAction, deed: Deed): ReviewState {
  const { locked, signed } = known ?? { locked: null, signed: null };
  switch (review.kind) {
    case 'lock':
      return { locked: deed, signed };
    case 'unlock':
      return { locked: null, signed };
    case 'sign':
      return { locked, signed: { ...deed, strategySha256: review.strategySha256, valid: true } };
  }
}

/** Who, when and why, as people are shown it. */
export function deedOf({ actor, utc, reason }: Pick<AuditEntry, 'actor' | 'utc' | 'reason'>): Deed {
  return { ...personOf(actor), utc, reason };
}

export function personOf({ system, stated, knownBy }: Actor): { name: string; knownBy: Actor['knownBy'] } {
  return { name: stated ?? system, knownBy };
}
