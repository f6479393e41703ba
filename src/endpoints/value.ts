// A measured text to a number with its limits of quantification (statistics.md sections 5 and 6).
// Invariant: AVALC keeps the source text; below and above the limits are flags, never lost in the number.

export type BlqRule = 'half' | 'sqrt2' | 'lloq' | 'zero' | 'missing';

export interface MeasuredValue {
  readonly AVAL: number | null;
  readonly BLQFL: 'Y' | '';
  readonly ALQFL: 'Y' | '';
  /** True for a text that is neither blank, a number, nor a number with < or >. */
  readonly unparsed: boolean;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** "12.5", "<0.5", "> 1800", "" … with the limits of its assay, null where it has none. */
export function parseMeasured(
  text: string,
  lloq: number | null,
  uloq: number | null,
  rule: BlqRule = 'half',
): MeasuredValue {
  const trimmed = text.trim();
  if (trimmed === '') return { AVAL: null, BLQFL: '', ALQFL: '', unparsed: false };
  const below = trimmed.startsWith('<');
  const above = trimmed.startsWith('>');
  const digits = trimmed.replace(/^[<>]=?/, '').trim();
  const number = decimal.test(digits) ? Number(digits) : NaN;
  if (!Number.isFinite(number)) return { AVAL: null, BLQFL: '', ALQFL: '', unparsed: true };
  if (below) return { AVAL: substitute(number, rule), BLQFL: 'Y', ALQFL: '', unparsed: false };
  if (!above && lloq !== null && number < lloq) {
    return { AVAL: substitute(lloq, rule), BLQFL: 'Y', ALQFL: '', unparsed: false };
  }
  return {
    AVAL: number,
    BLQFL: '',
    ALQFL: above || (uloq !== null && number > uloq) ? 'Y' : '',
    unparsed: false,
  };
}

/** What stands for a value below `limit`. */
export function substitute(limit: number, rule: BlqRule): number | null {
  switch (rule) {
    case 'half':
      return limit / 2;
    case 'sqrt2':
      return limit / Math.sqrt(2);
    case 'lloq':
      return limit;
    case 'zero':
      return 0;
    case 'missing':
      return null;
  }
}
