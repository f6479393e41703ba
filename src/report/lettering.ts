// Words and numbers on a figure: widths without a browser, units, numbers with their signs.
// Invariant: a width is never too small by much, because the estimate follows DejaVu Sans, the widest of the fonts in use.
import { formatEstimate, withMinus, withUnits } from '../stats/index.ts';

/** Estimated width in pixels of `text` at a font size of `size` pixels. */
export function textWidth(text: string, size = 12): number {
  let em = 0;
  for (const character of text) {
    if (/[iljI.,:;|'!()[\] ]/.test(character)) em += 0.35;
    else if (/[mwMW@%–—]/.test(character)) em += 0.95;
    else if (/[A-Z0-9_]/.test(character)) em += 0.67;
    else em += character.charCodeAt(0) > 0x2e80 ? 1 : 0.59;
  }
  return em * size;
}

/** The text, shortened at its end to `width` pixels. */
export function fitted(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  let kept = [...text];
  while (kept.length > 1 && textWidth(`${kept.join('')}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept.join('').trimEnd()}…`;
}

export interface ParameterText {
  readonly name: string;
  /** Empty where the label names none: a ratio. */
  readonly unit: string;
}

/** "CD4+ T Cells (cells/uL)" → name and unit; ASCII units as they are printed. */
export function parameterText(label: string): ParameterText {
  const found = /^(.*\S)\s*\(([^()]+)\)$/.exec(label);
  if (found === null) return { name: label, unit: /ratio/i.test(label) ? 'ratio' : '' };
  return { name: found[1], unit: withUnits(found[2]) };
}

/** A number with `decimals` places and a real minus sign; "NE" where there is none. */
export function numberText(value: number | null, decimals: number): string {
  return withMinus(formatEstimate(value, decimals));
}

export type Estimate = readonly [value: number | null, low: number | null, high: number | null];

/** An estimate and its interval, "0.84 (0.71, 0.99)": of a number of decimals, or with the text of each number. */
export function estimateText(
  [value, low, high]: Estimate,
  form: number | ((value: number | null) => string),
): string {
  const text = typeof form === 'number' ? (one: number | null) => numberText(one, form) : form;
  return `${text(value)} (${text(low)}, ${text(high)})`;
}

/** "95 %" of 0.95: the level of an interval, as it stands at its head. */
export function levelText(conf: number): string {
  return `${tickText(100 * conf)} %`;
}

/** A ratio with two decimals; beyond 0.01 and 999 only that it is, because a few events can push a hazard ratio anywhere. */
export function ratioText(value: number | null): string {
  if (value === null) return 'NE';
  if (value > 999) return '>999';
  return value < 0.005 ? '<0.01' : numberText(value, 2);
}

export function signedText(value: number | null, decimals: number): string {
  const text = numberText(value, decimals);
  return value !== null && value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/**
 * "(−12.3, +4.5)" with as many decimals, at most `decimals`, as `width` pixels take: what a figure has no room for is in its table, and no
 * number is cut.
 */
export function signedInterval(
  [low, high]: readonly [number | null, number | null],
  decimals: number,
  width: number,
  size = 11,
): string {
  for (let places = decimals; ; places--) {
    const text = `(${signedText(low, places)}, ${signedText(high, places)})`;
    if (places <= 0 || textWidth(text, size) <= width) return text;
  }
}

/** A tick label: as few digits as tell the value, thousands apart by a thin space. */
export function tickText(value: number): string {
  const rounded = Number(value.toPrecision(10));
  const [whole, part] = String(Math.abs(rounded)).split('.');
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, '\u202f') : whole;
  return `${rounded < 0 ? '−' : ''}${grouped}${part === undefined ? '' : `.${part}`}`;
}

/** "1 subject", "3 subjects". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

/** "12 to 16", "6" when all are the same, "0" of none. */
export function fromTo(numbers: readonly number[], text: (n: number) => string = String): string {
  if (numbers.length === 0) return text(0);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return low === high ? text(low) : `${text(low)} to ${text(high)}`;
}

/**
 * The text in lines of at most `width` pixels, broken at spaces and after hyphens and slashes; what does not fit into `most` lines ends the
 * last one with "…".
 */
export function wrapped(text: string, width: number, size = 12, most = 2): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest !== '' && lines.length < most - 1 && textWidth(rest, size) > width) {
    const breaks = [...rest.matchAll(/[ /-]/g)].map(({ index }) => index + 1);
    const at = breaks.filter((end) => textWidth(rest.slice(0, end).trimEnd(), size) <= width).at(-1);
    if (at === undefined) break;
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, fitted(rest, width, size)];
}
