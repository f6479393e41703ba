// T-COR: Spearman between parameters (statistics.md section 12). Each cell uses the subjects with both values and shows its n.
import { adjustPValues, correlate } from '../stats/index.ts';
import type { ImmuneCourse } from './immune-tables.ts';

type Variable = 'AVAL' | 'CHG' | 'PCHG' | 'R2BASE';

export interface CorrelationCell {
  readonly x: string;
  readonly y: string;
  readonly n: number;
  readonly rho: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  /** Benjamini-Hochberg over all pairs of the matrix. */
  readonly pBH: number | null;
}

/** Every pair of parameters once at one visit (AVISITN), of one variable or of that which each parameter has. */
export function correlationMatrix(
  course: ImmuneCourse,
  visit: number,
  variable: Variable | ((parameter: string) => Variable),
  options: { readonly conf?: number } = {},
): CorrelationCell[] {
  const { parameters, subjects } = course;
  const columns = parameters.map((parameter) => {
    const name = typeof variable === 'function' ? variable(parameter) : variable;
    return subjects.map((subject) => course.rowOf(parameter, visit, subject)?.[name] ?? null);
  });
  const cells = parameters.flatMap((x, i) =>
    parameters.slice(i + 1).map((y, k) => {
      const { n, spearman } = correlate(columns[i], columns[i + 1 + k], options);
      return {
        x,
        y,
        n,
        rho: spearman.rho,
        low: spearman.ciLow,
        high: spearman.ciHigh,
        p: spearman.pReported,
      };
    }),
  );
  const adjusted = adjustPValues(
    cells.map((cell) => cell.p),
    'BH',
  );
  return cells.map((cell, i) => ({ ...cell, pBH: adjusted[i] }));
}
