// Calendar dates as day numbers, for the formats that store days: SAS counts from 1960-01-01, Parquet from 1970-01-01, Excel from 1899-12-30.
// Invariant: proleptic Gregorian calendar in whole numbers; no clock, no time zone.

/** Day number of 1970-01-01 on the other scales: add it to days since 1970. */
export const sasEpoch = 3653;
export const excelEpoch = 25569;

/** A real calendar date from 0001-01-01 to 9999-12-31, written YYYY-MM-DD. */
export function isIsoDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !text.startsWith('0000') && isoFromDays(daysFromIso(text)) === text
  );
}

/** Days since 1970-01-01 of an ISO date (days from civil, H. Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
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
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
