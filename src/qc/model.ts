// The nouns of quality: what is checked of one sample, what a check found, and what follows. Plain data, stored with each result.
// Invariant: a check that cannot be made says so; it is never passed, and never failed, in silence.

/** Both ends belong to it; null = open. */
export type Window = readonly [low: number | null, high: number | null];

/** `ok` inside the target, `warn` inside what is accepted, `fail` outside both. */
export type Verdict = 'ok' | 'warn' | 'fail' | 'notEvaluable';

/** What a check measures. Populations are paths; null = all events of the sample. */
export type QualityMeasure =
  /** Events of the populations together per event of `of`; populations that overlap count twice. */
  | { readonly kind: 'share'; readonly populations: readonly string[]; readonly of: string | null }
  /** Events of one population. `absentIsFine`: none at all means that the tube was made without them. */
  | { readonly kind: 'count'; readonly population: string; readonly absentIsFine: boolean }
  /** A number that was taken from events beforehand, under the name of the check. */
  | { readonly kind: 'measured'; readonly unit: QualityRow['unit'] };

/** One check. `accept` null: whatever misses the target is a warning, never a failure. */
export interface QualityCheck {
  /** Unique among the checks of a sample; a word, or a word and a population path after a colon. */
  readonly check: string;
  /** What is measured, as the beginning of a sentence. */
  readonly title: string;
  readonly measure: QualityMeasure;
  readonly target: Window;
  readonly accept: Window | null;
}

/** What a `measured` check goes by: one number from the events of a sample, or why there is none. */
export interface Measured {
  readonly check: string;
  readonly value: number | null;
  readonly reason: string | null;
}

/**
 * One check of one sample. `value` is in `unit`; `low` and `high` are the ends of the target in the same unit, null = open. `reason` is null when
 * the verdict is `ok`; otherwise it says in words what is wrong, or why nothing can be said (then `value` is null).
 */
export interface QualityRow {
  readonly check: string;
  readonly value: number | null;
  readonly unit: 'fraction' | 'events' | 'y';
  readonly low: number | null;
  readonly high: number | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
}
