// Calendar dates as ISO text and as whole days since 1970-01-01 (statistics.md section 3).
// Invariant: proleptic Gregorian calendar in whole numbers; no clock, no time zone. There is no study day 0.

/** Length of a month in days for display; time-to-event arithmetic stays in whole days. */
export const DAYS_PER_MONTH = 30.4375;

/** True for a real calendar date from 0001-01-01 to 9999-12-31, written YYYY-MM-DD. */
export function isIsoDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') && isoFromDays(daysFromIso(text)) === text
  );
}

/** True for YYYY, YYYY-MM or YYYY-MM-DD that name a real year, month or day; also for the empty text. */
export function isPartialIsoDate(text: string): boolean {
  if (text === '' || /^\d{4}$/.test(text)) return true;
  return /^\d{4}-\d{2}$/.test(text) ? isIsoDate(`${text}-01`) : isIsoDate(text);
}

/** True for a real calendar date, alone or with a time of day: YYYY-MM-DDThh:mm[:ss] (a blank may stand for the T). */
export function isIsoDateTime(text: string): boolean {
  return isIsoDate(text.slice(0, 10)) && /^([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$/.test(text.slice(10));
}

/** Hours from one ISO date-time to another, later is positive; null when either has no time of day. */
export function hoursBetween(from: string, to: string): number | null {
  if (from.length < 16 || to.length < 16) return null;
  const seconds = (text: string): number =>
    Number(text.slice(11, 13)) * 3600 + Number(text.slice(14, 16)) * 60 + Number(text.slice(17, 19) || 0);
  return (daysBetween(from, to) * 86_400 + seconds(to) - seconds(from)) / 3600;
}

/** Days since 1970-01-01 of an ISO date (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
export function daysFromIso(iso: string): number {
  const month = Number(iso.slice(5, 7));
  const year = Number(iso.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(iso.slice(8, 10)) - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** ISO date of days since 1970-01-01, the inverse of `daysFromIso`. */
export function isoFromDays(days: number): string {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return daysFromIso(to) - daysFromIso(from);
}

/** The date `days` later. */
export function addDays(date: string, days: number): string {
  return isoFromDays(daysFromIso(date) + days);
}

/** date - reference + 1 on or after the reference, date - reference before; null when either is missing. */
export function studyDay(date: string | null, reference: string | null): number | null {
  if (date === null || reference === null) return null;
  const days = daysBetween(reference, date);
  return days >= 0 ? days + 1 : days;
}

/** The earliest of the dates that are there, or null. */
export function earliest(...dates: readonly (string | null)[]): string | null {
  return dates.reduce((best, date) => (date !== null && (best === null || date < best) ? date : best), null);
}

/** The latest of the dates that are there, or null. */
export function latest(...dates: readonly (string | null)[]): string | null {
  return dates.reduce((best, date) => (date !== null && (best === null || date > best) ? date : best), null);
}
