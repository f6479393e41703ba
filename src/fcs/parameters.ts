// What the parameters are called and how their numbers scale ($PnN, $PnS, $PnR, $PnE, $PnG). Comes after fields.ts, which
// has refused everything that cannot be decoded; nothing here changes a stored value.
import { issue, type Issue } from '../errors.ts';
import { invalid, type EventForm } from './fields.ts';
import type { Amplification, FcsVersion, Field, Parameter } from './model.ts';
import { decimalNumber } from './numbers.ts';

type Keywords = ReadonlyMap<string, string>;

/** One Parameter a field, names unique. `primary` is TEXT; `keywords` also holds supplemental TEXT. */
export function readParameters(
  form: EventForm,
  keywords: Keywords,
  version: FcsVersion,
  findings: Issue[],
): Parameter[] {
  tellExtraKeywords(keywords, form.fields.length, findings);
  const taken = new Set<string>();
  return form.fields.map((field, p) => {
    const number = p + 1;
    const range = rangeOf(keywords, number, field, findings);
    return {
      number,
      name: uniqueName(keywords, number, taken, findings),
      stain: present(keywords.get(`$P${number}S`)),
      bits: form.bits[p],
      range,
      gain: gainOf(keywords, number, findings),
      amplification: amplificationOf(keywords, number, field, range, version, findings),
      field,
    };
  });
}

/** The Time parameter: $PnN is TIME in any case (FCS 3.1 section 3.2.20), or $PnTYPE is Time (FCS 3.2). Its gain is never applied. */
export function isTimeParameter(parameter: Parameter, keywords: Keywords): boolean {
  return (
    /^time$/i.test(parameter.name.trim()) ||
    /^time$/i.test(keywords.get(`$P${parameter.number}TYPE`)?.trim() ?? '')
  );
}

function present(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}

function uniqueName(keywords: Keywords, number: number, taken: Set<string>, findings: Issue[]): string {
  const place = `$P${number}N`;
  const given = present(keywords.get(place));
  if (given === null)
    findings.push(issue('W_PNN_MISSING', `${place} is missing or blank; named P${number}.`, place));
  const base = given ?? `P${number}`;
  let name = base;
  for (let copy = 2; taken.has(name); copy++) name = `${base}#${copy}`;
  if (name !== base)
    findings.push(issue('W_DUPLICATE_PARAMETER_NAME', `${place} repeats an earlier name.`, place));
  taken.add(name);
  return name;
}

function rangeOf(keywords: Keywords, number: number, field: Field, findings: Issue[]): number | null {
  const place = `$P${number}R`;
  const range = decimalNumber(keywords.get(place) ?? '');
  if (range !== null && range > 0 && range < 3.5e38) return range;
  // Integers: 0 and 1 were told where the mask was made; only a range too large for a number arrives here untold.
  if (field.type !== 'I' || (range ?? 2) > 1)
    findings.push(issue('W_PNR_INVALID', `${place} is missing or not a usable range.`, place));
  return null;
}

function gainOf(keywords: Keywords, number: number, findings: Issue[]): number | null {
  const place = `$P${number}G`;
  const value = keywords.get(place);
  if (value === undefined) return null;
  const gain = decimalNumber(value);
  if (gain !== null && gain > 0) return gain;
  findings.push(issue('W_PNG_INVALID', `${place} is not a positive number; not applied.`, place));
  return null;
}

/** $PnE = f1,f2. For integers f1 > 0 asks for logarithmic decoding; a zero f2 means 1 (FCS 3.1 section 3.2.20). */
function amplificationOf(
  keywords: Keywords,
  number: number,
  field: Field,
  range: number | null,
  version: FcsVersion,
  findings: Issue[],
): Amplification | null {
  const place = `$P${number}E`;
  const value = keywords.get(place);
  const isFloat = field.type === 'F' || field.type === 'D';
  if (value === undefined) {
    if (!isFloat && version !== '2.0')
      findings.push(issue('W_PNE_MISSING', `${place} is missing; taken as linear.`, place));
    return null;
  }
  const [decades, offset] = pairOf(value);
  if (isFloat) {
    if (decades !== 0)
      findings.push(
        issue(
          'W_PNE_ON_FLOAT',
          `${place} asks for logarithmic decoding of floating-point data; not applied.`,
          place,
        ),
      );
    return null;
  }
  if (decades === null || offset === null || decades < 0 || offset < 0)
    throw invalid(place, value, 'two numbers such as 0,0 or 4,1');
  if (decades === 0) return null;
  if (range === null)
    throw invalid(
      `$P${number}R`,
      keywords.get(`$P${number}R`) ?? '',
      'a range that logarithmic decoding can use',
    );
  if (offset === 0)
    findings.push(issue('I_FCS_PNE_ZERO_OFFSET', `${place} has a zero offset; read as 1.`, place));
  return { decades, offset: offset === 0 ? 1 : offset };
}

function pairOf(value: string): readonly [number | null, number | null] {
  const parts = value.split(',', 3);
  return parts.length === 2 ? [decimalNumber(parts[0]), decimalNumber(parts[1])] : [null, null];
}

function tellExtraKeywords(keywords: Keywords, count: number, findings: Issue[]): void {
  let extra: string | null = null;
  for (const name of keywords.keys()) {
    const number = /^\$P(\d+)[BENRSGV]$/.exec(name)?.[1];
    if (number !== undefined && Number(number) > count) extra ??= name;
  }
  if (extra !== null) {
    findings.push(
      issue(
        'W_EXTRA_PARAMETER_KEYWORDS',
        `${extra} and perhaps others describe parameters beyond $PAR = ${count}; ignored.`,
        extra,
      ),
    );
  }
}
