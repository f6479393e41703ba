// Text from files on a terminal: control characters, escape sequences and direction marks are shown, never obeyed (reliability 2.3, S-13).

/** The text with everything invisible as \u escapes. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** A count with thin groups: 1234567 is 1,234,567. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** What `--recompute` says of records that another version wrote, where every number came out as stored. */
export function otherVersionLine(records: number): string {
  return `${records} stored ${records === 1 ? 'record is' : 'records are'} of another version of the program; every number came out the same, and the records stay.`;
}
