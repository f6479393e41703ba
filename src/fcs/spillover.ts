// The spillover matrix that the acquisition wrote: $SPILLOVER (FCS 3.1 section 3.2.18) and its older names SPILL (FACSDiva)
// and SPILLOVER. Form: n, n names, n x n coefficients row by row. A matrix is returned only when it can be read without
// guessing; what is wrong with it is told either way.
import { issue, type Issue } from '../errors.ts';
import type { Spillover } from '../events/index.ts';
import { invert, reciprocalCondition } from '../math/index.ts';
import type { Parameter } from './model.ts';
import { decimalNumber, wholeNumber } from './numbers.ts';

const names = ['$SPILLOVER', 'SPILL', 'SPILLOVER'] as const;
/** A larger matrix is not a cytometer's: refused before any n x n work. */
const maxDetectors = 512;

/** The file's matrix: the first of the three keywords that can be read; null when there is none. */
export function readSpillover(
  keywords: ReadonlyMap<string, string>,
  parameters: readonly Parameter[],
  findings: Issue[],
): Spillover | null {
  let chosen: Spillover | null = null;
  for (const name of names) {
    const value = keywords.get(name);
    if (value === undefined) continue;
    const told: Issue[] = [];
    const read = parse(value, name, parameters, told);
    if (chosen !== null) {
      if (read !== null && !equal(read, chosen))
        findings.push(issue('W_SPILL_CONFLICT', `${name} differs from the matrix used.`, name));
      continue;
    }
    findings.push(...told);
    chosen = read;
  }
  if (chosen !== null && isSingular(chosen)) findings.push(issue('W_SPILL_SINGULAR', undefined, 'spillover'));
  return chosen;
}

function parse(
  value: string,
  place: string,
  parameters: readonly Parameter[],
  findings: Issue[],
): Spillover | null {
  const invalid = (why: string): null => {
    findings.push(issue('W_SPILL_INVALID', `${place} cannot be read: ${why}; there is no matrix.`, place));
    return null;
  };
  const head = /^[^,]*/.exec(value)?.[0] ?? '';
  const n = wholeNumber(head);
  if (n === null || n < 2 || n > maxDetectors) return invalid('its size is not a number from 2 to 512');
  const entries = value.split(',', 2 + n + 2 * n * n).map((entry) => entry.trim());
  const count = entries.length - 1 - n;
  const hasDecimalCommas = count === 2 * n * n;
  if (count !== n * n && !hasDecimalCommas)
    return invalid(`a size of ${n} needs ${n + n * n} further entries, it has ${entries.length - 1}`);
  const detectors = channelNames(entries.slice(1, 1 + n), place, parameters, findings);
  if (new Set(detectors).size !== n) return invalid('a channel is named twice');
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n * n; i++) {
    const at = 1 + n + (hasDecimalCommas ? 2 * i : i);
    const coefficient = decimalNumber(hasDecimalCommas ? `${entries[at]}.${entries[at + 1]}` : entries[at]);
    if (coefficient === null) return invalid(`coefficient ${i + 1} is not a number`);
    matrix[i] = coefficient;
  }
  if (hasDecimalCommas) findings.push(issue('W_SPILL_DECIMAL_COMMA', undefined, place));
  return { detectors, matrix };
}

/** Names as the parameters have them. Numbers instead of names are mapped only when no parameter has such a name. */
function channelNames(
  given: readonly string[],
  place: string,
  parameters: readonly Parameter[],
  findings: Issue[],
): string[] {
  const known = new Map(parameters.map((parameter) => [parameter.name.trim(), parameter.name]));
  if (given.every((name) => !known.has(name))) {
    const indexed = given.map((name) => {
      const number = wholeNumber(name);
      return number === null || number < 1 ? undefined : parameters[number - 1]?.name;
    });
    if (indexed.every((name) => name !== undefined)) {
      findings.push(issue('W_SPILL_INDEXED', undefined, place));
      return indexed;
    }
  }
  const missing = given.filter((name) => !known.has(name)).length;
  if (missing > 0)
    findings.push(
      issue(
        'W_SPILL_CHANNEL_MISSING',
        `${place} names ${missing} channels that the file does not have.`,
        place,
      ),
    );
  return given.map((name) => known.get(name) ?? name);
}

function equal(a: Spillover, b: Spillover): boolean {
  return (
    a.detectors.length === b.detectors.length &&
    a.detectors.every((name, i) => name === b.detectors[i]) &&
    a.matrix.every((value, i) => value === b.matrix[i])
  );
}

/** Reciprocal condition below 1e-12 (reliability 2.5). */
function isSingular({ detectors, matrix }: Spillover): boolean {
  const n = detectors.length;
  const inverse = invert(matrix, n);
  return inverse === null || !(reciprocalCondition(matrix, inverse, n, n) >= 1e-12);
}
