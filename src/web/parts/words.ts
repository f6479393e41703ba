// Numbers and times as people read them. Pure; the only place where the browser rounds. Tables are never rounded here: they show the server's text.
import { withMinus } from '../../stats/index.ts';

/** 12,345 grouped by narrow no-break spaces, so that it does not depend on the reader's language. */
export function wholeNumber(value: number | null): string {
  return value === null ? '–' : String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A fraction as a percentage with three significant digits, at most two decimals: 0.3421 -> 34.2 %. */
export function percent(fraction: number | null): string {
  if (fraction === null) return '–';
  const value = fraction * 100;
  if (value === 0) return '0 %';
  if (value < 0.01) return '< 0.01 %';
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 10 ? 1 : 2)} %`;
}

/** A value of an endpoint with four significant digits. */
export function amount(value: number | null): string {
  return value === null ? '–' : withMinus(String(Number(value.toPrecision(4))));
}

/** Events a second, bytes: 1.2 M. */
export function rough(value: number): string {
  const [divisor, unit] =
    value >= 1e9 ? [1e9, ' G'] : value >= 1e6 ? [1e6, ' M'] : value >= 1e3 ? [1e3, ' k'] : [1, ''];
  const scaled = value / divisor;
  return `${scaled >= 100 || divisor === 1 ? Math.round(scaled) : scaled.toFixed(1)}${unit}`;
}

/** 75 -> 1 min 15 s. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** ISO time as `2026-02-03 14:05`, in UTC as recorded. */
export function moment(utc: string | null): string {
  return utc === null ? '–' : `${utc.slice(0, 10)} ${utc.slice(11, 16)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${wholeNumber(count)} ${count === 1 ? one : many}`;
}

/**
 * A text from a file or a person with everything unseen made visible: controls, marks that turn the direction of text or have no width become
 * `\\u202e` and the like, so that no name looks like another one. Markup needs no care here: the page makes text of text.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (mark) => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}
