// The number grammar of TEXT (reliability R-2): plain decimals only. Never bare Number() or parseInt, which take
// `0x200`, `1e3` or `5abc`. Also the one way to quote a structural value in a message (R-7).

/** A plain whole number from 0 to 2^53 - 1, surrounding white space and leading zeros allowed; null for anything else. */
export function wholeNumber(text: string): number | null {
  if (!/^\s*\d+\s*$/.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}

/** True when a whole number is written with more than its digits (spaces or leading zeros). */
export function isPadded(text: string): boolean {
  return !/^(0|[1-9]\d*)$/.test(text);
}

/** A decimal number (sign, fraction and exponent allowed), finite; null for anything else. */
export function decimalNumber(text: string): number | null {
  if (!/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A structural value for a message: at most 40 characters, everything outside printable ASCII escaped. */
export function quote(value: string): string {
  const cut = value.length > 40 ? `${value.slice(0, 39)}…` : value;
  return `"${cut.replace(/[^ -~…]|["\\]/g, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)}"`;
}
