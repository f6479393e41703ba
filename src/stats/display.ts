// How numbers look in rendered tables (statistics.md section 21). Data keeps full precision; only these functions round.
// Invariant: 15 significant digits are taken first, then the decimal is rounded half away from zero; never "-0.0".
import type { Maybe } from './result.ts';

/** The number with `decimals` places; "" for null. */
export function formatFixed(value: Maybe, decimals: number): string {
  if (value === null || !Number.isFinite(value)) return '';
  const [mantissa, exponentText] = Math.abs(value).toExponential(14).split('e');
  const digits = mantissa.replace('.', '');
  const kept = Number(exponentText) + decimals + 1;
  let units = kept <= 0 ? 0n : BigInt(digits.slice(0, kept).padEnd(kept, '0'));
  if (kept >= 0 && kept < digits.length && digits[kept] >= '5') units += 1n;
  const text = units.toString().padStart(decimals + 1, '0');
  const whole = text.slice(0, text.length - decimals);
  const sign = value < 0 && units > 0n ? '-' : '';
  return sign + whole + (decimals > 0 ? `.${text.slice(text.length - decimals)}` : '');
}

/** The text of a number as people read it, on a page or in a figure: a real minus sign. Files for machines keep the ASCII one. */
export function withMinus(text: string): string {
  return text.replace(/^-/, '−');
}

/** A text with its ASCII units as people read them: "CD4+ T Cells (cells/uL)" → "CD4+ T Cells (cells/µL)". */
export function withUnits(text: string): string {
  return text
    .replace(/\buL\b/g, 'µL')
    .replace('10^9', '10⁹')
    .replace('10^6', '10⁶');
}

/** A p-value with four places, "<0.0001" and ">0.9999" beyond. */
export function formatP(p: Maybe): string {
  if (p === null) return '';
  if (p < 0.0001) return '<0.0001';
  return p > 0.9999 ? '>0.9999' : formatFixed(p, 4);
}

/** n (%): "0", "20 (100%)" or "7 (35.0%)". */
export function formatCountPercent(n: number, total: number): string {
  if (n === 0) return '0';
  return n === total ? `${n} (100%)` : `${n} (${formatFixed((100 * n) / total, 1)}%)`;
}

/** "(low, high)" with the decimals of the estimate; "NE" where a limit cannot be estimated. */
export function formatInterval(low: Maybe, high: Maybe, decimals: number): string {
  return `(${formatEstimate(low, decimals)}, ${formatEstimate(high, decimals)})`;
}

/** An estimate in a table: the rounded number, or "NE" when it is not estimable. */
export function formatEstimate(value: Maybe, decimals: number): string {
  return value === null ? 'NE' : formatFixed(value, decimals);
}
