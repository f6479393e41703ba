// Time-to-event derivation with its censoring rules (statistics.md section 13): one function for progression-like end points
// (PFS, LPFS, per lesion, duration of response) and one for survival.
// Invariant: arithmetic is in whole days, start counts as day 1, and CNSR 0 means event.
import { addDays, daysBetween, DAYS_PER_MONTH, earliest, latest } from '../study/index.ts';

/** 0 event; 1 no event; 2 new therapy; 3 missed assessments; 4 no post-baseline assessment or contact; 5 maximum follow-up. */
export type Censoring = 0 | 1 | 2 | 3 | 4 | 5;

export interface TimeToEvent {
  readonly ADT: string;
  readonly AVALDAY: number;
  /** Months of 30.4375 days, for display. */
  readonly AVAL: number;
  readonly CNSR: Censoring;
  readonly EVNTDESC: string;
  /** What ended the time: progression, death or new therapy; null when censored. */
  readonly event: 'progression' | 'death' | 'new therapy' | null;
}

export interface ProgressionInput {
  readonly startDate: string;
  readonly pdDates: readonly string[];
  /** Assessments that could have shown a progression. */
  readonly adequateDates: readonly string[];
  readonly deathDate: string | null;
  readonly newTherapyDate: string | null;
  readonly cutoffDate: string | null;
}

export interface ProgressionOptions {
  readonly newTherapy?: 'censor' | 'ignore' | 'event';
  readonly missed?: 'censor' | 'ignore';
  /** Longest gap before an event, in days: 2 × (56 + 7). */
  readonly maxGapDays?: number;
  /** Longest time that counts, or null; an event on that day counts. */
  readonly maxDays?: number | null;
  readonly pdDesc?: string;
}

/** The sensitivity analyses of PFS (section 13): the main rules with these options changed. */
export const pfsSensitivity: readonly { readonly id: string; readonly options: ProgressionOptions }[] = [
  { id: 'main', options: {} },
  { id: 'new therapy ignored', options: { newTherapy: 'ignore' } },
  { id: 'missed assessments ignored', options: { missed: 'ignore' } },
  { id: 'both ignored', options: { newTherapy: 'ignore', missed: 'ignore' } },
  { id: 'new therapy as event', options: { newTherapy: 'event' } },
];

/** The first rule of section 13 that applies. */
export function progressionTime(input: ProgressionInput, options: ProgressionOptions = {}): TimeToEvent {
  const {
    newTherapy = 'censor',
    missed = 'censor',
    maxGapDays = 126,
    maxDays = 730,
    pdDesc = 'Disease progression',
  } = options;
  const { startDate, cutoffDate, newTherapyDate } = input;
  const counts = (date: string): boolean => date > startDate && (cutoffDate === null || date <= cutoffDate);
  const adequate = input.adequateDates.filter(counts).sort();
  const progression = earliest(...input.pdDates.filter(counts));
  const death = onOrBefore(input.deathDate, cutoffDate);
  const therapy = newTherapyDate !== null && counts(newTherapyDate) ? newTherapyDate : null;
  const lastAdequate = (fits: (date: string) => boolean): string =>
    latest(...adequate.filter(fits)) ?? startDate;
  const stopped = newTherapy === 'event' ? therapy : null;
  const event = earliest(progression, death, stopped);
  const end = (ADT: string, CNSR: Censoring, what: TimeToEvent['event'] = null): TimeToEvent =>
    finish(startDate, ADT, CNSR, what, maxDays, pdDesc);
  if (newTherapy === 'censor' && therapy !== null && (event === null || therapy < event)) {
    return end(
      lastAdequate((date) => date <= therapy),
      2,
    );
  }
  if (event !== null) {
    const last = lastAdequate((date) => date < event);
    const tooLong = missed === 'censor' && daysBetween(last, event) > maxGapDays;
    if (tooLong) return end(last, 3);
    return end(event, 0, event === progression ? 'progression' : event === death ? 'death' : 'new therapy');
  }
  return adequate.length > 0 ? end(adequate[adequate.length - 1], 1) : end(startDate, 4);
}

export interface SurvivalInput {
  readonly startDate: string;
  readonly deathDate: string | null;
  readonly lastAliveDate: string | null;
  readonly cutoffDate: string | null;
}

/** Death, else last contact or cut-off, where they are not before the start. A death before the start is the caller's to refuse. */
export function survivalTime(
  input: SurvivalInput,
  options: { readonly maxDays?: number | null } = {},
): TimeToEvent {
  const { maxDays = null } = options;
  const { startDate, lastAliveDate, cutoffDate } = input;
  const death = onOrBefore(input.deathDate, cutoffDate);
  const end = (ADT: string, CNSR: Censoring, what: TimeToEvent['event'] = null): TimeToEvent =>
    finish(startDate, ADT, CNSR, what, maxDays, null);
  if (death !== null) return end(death, 0, 'death');
  const last = earliest(lastAliveDate, lastAliveDate === null ? null : cutoffDate);
  return last === null || last < startDate ? end(startDate, 4) : end(last, 1);
}

function onOrBefore(date: string | null, cutoff: string | null): string | null {
  return date !== null && (cutoff === null || date <= cutoff) ? date : null;
}

/** Applies the maximum follow-up and names the outcome; `pdDesc` null: a survival end point. */
function finish(
  start: string,
  date: string,
  censoring: Censoring,
  event: TimeToEvent['event'],
  maxDays: number | null,
  pdDesc: string | null,
): TimeToEvent {
  const days = daysBetween(start, date) + 1;
  if (maxDays !== null && days > maxDays) {
    const ADT = addDays(start, maxDays - 1);
    return {
      ADT,
      AVALDAY: maxDays,
      AVAL: maxDays / DAYS_PER_MONTH,
      CNSR: 5,
      EVNTDESC: 'Maximum follow-up reached',
      event: null,
    };
  }
  const EVNTDESC = describeEnd(censoring, event, pdDesc);
  return { ADT: date, AVALDAY: days, AVAL: days / DAYS_PER_MONTH, CNSR: censoring, EVNTDESC, event };
}

function describeEnd(censoring: Censoring, event: TimeToEvent['event'], pdDesc: string | null): string {
  switch (censoring) {
    case 0:
      return event === 'death'
        ? 'Death'
        : event === 'new therapy'
          ? 'New anticancer therapy'
          : (pdDesc ?? 'Disease progression');
    case 1:
      return pdDesc === null ? 'Alive at last contact' : 'No event, last adequate assessment';
    case 2:
      return 'New anticancer therapy';
    case 3:
      return 'Event after missed assessments';
    case 4:
      return pdDesc === null ? 'No contact after start' : 'No adequate post-baseline assessment';
    case 5:
      return 'Maximum follow-up reached';
  }
}
