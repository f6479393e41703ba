// Fisher's exact test (statistics.md section 10): tables of every size for p, 2 × 2 tables also for the conditional odds ratio.
// Invariant: two-sided p sums every table whose probability is at most that of the observed one (times 1 + 1e-7).
import type { IssueCode } from '../errors.ts';
import { exp, log } from '../math/index.ts';
import { logHypergeometricWeight } from './discrete.ts';
import { monotoneRoot } from './roots.ts';
import { logGamma } from './special.ts';
import type { IntervalOptions, Maybe, StatisticResult } from './result.ts';

export interface FisherTest extends StatisticResult {
  readonly p: Maybe;
  readonly pGreater: Maybe;
  readonly pLess: Maybe;
  /** Conditional maximum likelihood odds ratio; 0 or Infinity where a cell is empty. Null for larger tables. */
  readonly conditionalOr: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
  readonly sampleOr: Maybe;
}

const SLACK = 1 + 1e-7;
const TABLE_LIMIT = 5_000_000;

/** `table` is rows × columns of counts. */
export function fisherExact(
  table: readonly (readonly number[])[],
  options: IntervalOptions = {},
): FisherTest {
  const { conf = 0.95 } = options;
  let total = 0;
  for (const row of table) for (const count of row) total += count;
  const head = { method: 'Fisher exact test', options: { conf }, nUsed: total, nDropped: 0 };
  if (table.length === 2 && table[0].length === 2) return { ...head, warnings: [], ...twoByTwo(table, conf) };
  const p = largerTable(table);
  const warnings: IssueCode[] = p === null ? ['NO_CONVERGENCE'] : [];
  const nothing = {
    pGreater: null,
    pLess: null,
    conditionalOr: null,
    ciLow: null,
    ciHigh: null,
    sampleOr: null,
  };
  return { ...head, warnings, p, ...nothing };
}

type TwoByTwo = Pick<
  FisherTest,
  'p' | 'pGreater' | 'pLess' | 'conditionalOr' | 'ciLow' | 'ciHigh' | 'sampleOr'
>;

function twoByTwo(table: readonly (readonly number[])[], conf: number): TwoByTwo {
  const [[a, b], [c, d]] = table;
  const m = a + c;
  const n = b + d;
  const k = a + b;
  const low = Math.max(0, k - n);
  const high = Math.min(k, m);
  const logWeights: number[] = [];
  for (let x = low; x <= high; x += 1) logWeights.push(logHypergeometricWeight(x, m, n, k));
  /** Probabilities of the support under log odds ratio `theta`. */
  const probabilities = (theta: number): number[] => {
    const terms = logWeights.map((weight, i) => weight + theta * (low + i));
    const largest = Math.max(...terms);
    const masses = terms.map((term) => exp(term - largest));
    let all = 0;
    for (const mass of masses) all += mass;
    return masses.map((mass) => mass / all);
  };
  const upTo = (masses: readonly number[]): number => masses.slice(0, a - low + 1).reduce((s, v) => s + v, 0);
  const from = (masses: readonly number[]): number => masses.slice(a - low).reduce((s, v) => s + v, 0);
  const expected = (masses: readonly number[]): number => masses.reduce((s, v, i) => s + v * (low + i), 0);
  const central = probabilities(0);
  const limit = central[a - low] * SLACK;
  const solve = (f: (theta: number) => number): number => {
    const theta = monotoneRoot(f, 0, 0.5);
    return theta === null ? NaN : exp(theta);
  };
  const tail = (1 - conf) / 2;
  const logTail = log(tail);
  let conditionalOr: number;
  if (low === high) conditionalOr = NaN;
  else if (a === low) conditionalOr = 0;
  else if (a === high) conditionalOr = Infinity;
  else conditionalOr = solve((theta) => expected(probabilities(theta)) - a);
  const sampleOr = (a * d) / (b * c);
  return {
    p: Math.min(
      1,
      central.reduce((s, mass) => (mass <= limit ? s + mass : s), 0),
    ),
    pGreater: Math.min(1, from(central)),
    pLess: Math.min(1, upTo(central)),
    conditionalOr: Number.isNaN(conditionalOr) ? null : conditionalOr,
    ciLow: a === low ? 0 : solve((theta) => log(from(probabilities(theta))) - logTail),
    ciHigh: a === high ? Infinity : solve((theta) => log(upTo(probabilities(theta))) - logTail),
    sampleOr: Number.isNaN(sampleOr) ? null : sampleOr,
  };
}

/** Enumerates all tables with the observed margins, column by column; null beyond five million tables. */
function largerTable(table: readonly (readonly number[])[]): Maybe {
  const rows = table.map((row) => row.reduce((s, count) => s + count, 0));
  const columns = table[0].map((_, j) => table.reduce((s, row) => s + row[j], 0)).sort((x, y) => x - y);
  const total = rows.reduce((s, count) => s + count, 0);
  let constant = -logGamma(total + 1);
  for (const count of rows) constant += logGamma(count + 1);
  for (const count of columns) constant += logGamma(count + 1);
  const minusLogFactorials = Array.from({ length: total + 1 }, (_, i) => -logGamma(i + 1));
  let observed = constant;
  for (const row of table) for (const count of row) observed += minusLogFactorials[count];
  const limit = observed + log(SLACK);
  const left = [...rows];
  let sum = 0;
  let visited = 0;
  /** Fills cell (row, column) and all after it; `need` is what the column still lacks. */
  const fill = (column: number, row: number, need: number, logP: number): void => {
    if (visited > TABLE_LIMIT) return;
    if (column === columns.length - 1) {
      let value = logP;
      for (const count of left) value += minusLogFactorials[count];
      visited += 1;
      if (value <= limit) sum += exp(value);
      return;
    }
    if (row === left.length - 1) {
      if (need > left[row]) return;
      left[row] -= need;
      fill(column + 1, 0, columns[column + 1], logP + minusLogFactorials[need]);
      left[row] += need;
      return;
    }
    for (let count = 0; count <= Math.min(need, left[row]); count += 1) {
      left[row] -= count;
      fill(column, row + 1, need - count, logP + minusLogFactorials[count]);
      left[row] += count;
    }
  };
  fill(0, 0, columns[0], constant);
  return visited > TABLE_LIMIT ? null : Math.min(1, sum);
}
