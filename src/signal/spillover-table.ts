// A compensation table that a person supplies: CSV, semicolons or tabs, as spreadsheets, FlowJo and R write it.
// Invariant: a table is read only when it has one meaning; otherwise there is no matrix and an issue says where and why.
import { parse } from 'csv-parse/sync';
import { issue, type Issue } from '../errors.ts';
import type { CompensationMatrix } from './model.ts';

export interface SpilloverTableResult {
  readonly matrix: CompensationMatrix | null;
  readonly issues: readonly Issue[];
}

/** A larger table is not a cytometer's: refused before any n x n work. */
const MAX_NAMES = 512;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/**
 * First line: detector names, optionally after one corner cell. Following lines: the coefficients of one source each, with decimal points,
 * optionally led by the name of the source's own detector (then the corner cell must be there); in any order with names, in that of the
 * detectors without. FlowJo's "name :: stain" and "Comp-" are cut to the detector name.
 * A diagonal of 100 throughout means percent: divided by 100 with W_COMP_PERCENT; one that is not 1 is told by W_COMP_DIAGONAL. Blank lines
 * are skipped; nothing else is repaired: E_PROTOCOL_INVALID and no matrix.
 */
export function parseSpilloverTable(text: string, place: string | null = null): SpilloverTableResult {
  const refuse = (why: string): SpilloverTableResult => ({
    matrix: null,
    issues: [issue('E_PROTOCOL_INVALID', `The compensation table cannot be read: ${why}`, place)],
  });
  let rows: string[][];
  try {
    rows = splitCells(text);
  } catch (error) {
    return refuse(
      `it is not a well-formed CSV file (${error instanceof Error ? error.message : 'unknown'}).`,
    );
  }
  if (rows.length < 2)
    return refuse('it needs a line of detector names and at least one line of coefficients.');
  const [header, ...body] = rows;
  // With a leading column of names the first body cell is no number, or the header's corner is blank.
  const named = header[0] === '' || !NUMBER.test(body[0][0]);
  const detectors = header.slice(named ? 1 : 0).map(detectorName);
  const sources = named ? body.map((row) => detectorName(row[0])) : detectors;
  const d = detectors.length;
  const f = body.length;
  if (d > MAX_NAMES || f > MAX_NAMES) return refuse(`more than ${MAX_NAMES} names.`);
  if (d === 0) return refuse('the first line names no detector.');
  if (f !== d) return refuse(`${d} detectors but ${f} lines of coefficients.`);
  for (const [what, names] of [
    ['detector', detectors],
    ['line', sources],
  ] as const) {
    const blank = names.indexOf('');
    if (blank >= 0) return refuse(`${what} ${blank + 1} has no name.`);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) return refuse(`${what} "${twice}" is named twice.`);
  }
  const stranger = sources.find((name) => !detectors.includes(name));
  if (stranger !== undefined)
    return refuse(`line "${stranger}" is not named as a detector is, so its own detector is not known.`);
  const spill = new Float64Array(d * d);
  for (let i = 0; i < f; i++) {
    const cells = named ? body[i].slice(1) : body[i];
    if (cells.length !== d)
      return refuse(`line ${i + 1} of the coefficients has ${cells.length} of them, ${d} are needed.`);
    for (let j = 0; j < d; j++) {
      const value = NUMBER.test(cells[j]) ? Number(cells[j]) : NaN;
      if (!Number.isFinite(value))
        return refuse(
          `the coefficient of ${sources[i]} in ${detectors[j]} is not a number with a decimal point.`,
        );
      spill[detectors.indexOf(sources[i]) * d + j] = value;
    }
  }
  return inFractions({ fluorochromes: detectors, detectors, spill }, place);
}

/** Cells, trimmed, blank lines dropped; the separator is the one that occurs most in the first line. */
function splitCells(text: string): string[][] {
  const first = /[^\r\n]*\S[^\r\n]*/.exec(text)?.[0] ?? '';
  const delimiter = [',', ';', '\t'].reduce((best, mark) =>
    first.split(mark).length > first.split(best).length ? mark : best,
  );
  // A blank corner before tabs must survive, so cells are trimmed here and not by the parser.
  const rows: string[][] = parse(text, {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  return rows.map((row) => row.map((cell) => cell.trim())).filter((row) => row.some((cell) => cell !== ''));
}

function detectorName(cell: string): string {
  return cell.replace(/\s*::.*$/, '').replace(/^Comp-/, '');
}

/** Fractions whatever the table's unit; the unit is taken from the diagonal, and only when all of it agrees. */
function inFractions(matrix: CompensationMatrix, place: string | null): SpilloverTableResult {
  const { detectors, spill } = matrix;
  const peaks = detectors.map((_, i) => spill[i * detectors.length + i]);
  if (peaks.every((peak) => peak === 100)) {
    return {
      matrix: { ...matrix, spill: spill.map((v) => v / 100) },
      issues: [issue('W_COMP_PERCENT', undefined, place)],
    };
  }
  const odd = peaks.findIndex((peak) => peak !== 1);
  if (odd < 0) return { matrix, issues: [] };
  const message = `The coefficient of ${detectors[odd]} in its own detector is ${peaks[odd]}, not 1; the table is used as it stands.`;
  return { matrix, issues: [issue('W_COMP_DIAGONAL', message, place)] };
}
