// Analysis visits by windows of days from an anchor (statistics.md section 5).
// Invariant: the first window is the baseline and takes pre-anchor records only; the others take post-anchor records only.
import { studyDay, type SubjectRecord } from '../study/index.ts';

export interface VisitWindow {
  /** AVISITN and AVISIT. */
  readonly n: number;
  readonly label: string;
  readonly phase: 'PRE' | 'DURING' | 'POST';
  /** Target, first and last day from the anchor, both ends included; there is no day 0. `hi` null: no end. */
  readonly target: number;
  readonly lo: number;
  readonly hi: number | null;
}

export type Anchor = 'ABLDT' | 'TRTSDT';

/** PRE, INTRA, POST, then blank. */
const timePoints: readonly string[] = ['PRE', 'INTRA', 'POST'];

export function timePointOrder(atpt: string): number {
  const index = timePoints.indexOf(atpt);
  return index < 0 ? timePoints.length : index;
}

/** Days of a record: ADY from treatment start, ADYA from the anchor. */
export function recordDays(
  date: string,
  subject: Pick<SubjectRecord, 'TRTSDT' | 'ABLDT'>,
  anchor: Anchor,
): { ADY: number | null; ADYA: number | null } {
  return { ADY: studyDay(date, subject.TRTSDT), ADYA: studyDay(date, subject[anchor]) };
}

/** Drawn before the anchor, or on its day with time point PRE. */
export function isPre(adya: number, atpt: string): boolean {
  return adya < 0 || (adya === 1 && atpt === 'PRE');
}

/** The window of a record, or null when it lies outside all of them. */
export function windowOf(
  adya: number | null,
  atpt: string,
  windows: readonly VisitWindow[],
): VisitWindow | null {
  if (adya === null || windows.length === 0) return null;
  const [baseline, ...others] = windows;
  if (isPre(adya, atpt)) return adya >= baseline.lo ? baseline : null;
  return others.find((window) => adya >= window.lo && (window.hi === null || adya <= window.hi)) ?? null;
}

/** Distance to the target in days; crossing the missing day 0 costs nothing. */
export function distanceToTarget(adya: number, target: number): number {
  const distance = Math.abs(adya - target);
  return Math.sign(adya) === Math.sign(target) ? distance : distance - 1;
}
