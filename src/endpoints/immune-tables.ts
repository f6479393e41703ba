// Immune tables from ADIM (statistics.md sections 7 to 9, 18 and 19): by visit, pre versus post, course, missingness.
// Invariant: only ANL01FL rows enter, one value a subject, parameter and visit, and every table names its n.
import {
  adjustPValues,
  comparePaired,
  describe,
  fitGee,
  fitMixedModel,
  friedman,
  normalQuantile,
  type Descriptive,
  type DescriptiveOptions,
  type FriedmanResult,
  type Maybe,
  type MixedModelInput,
  type MixedModelResult,
  type PairedComparison,
} from '../stats/index.ts';
import { exp, log } from '../math/index.ts';
import type { AdimRow } from './adim.ts';
import type { VisitWindow } from './windows.ts';

/** The analysed rows of one trial, looked up by parameter, visit and subject. */
export interface ImmuneCourse {
  readonly subjects: readonly string[];
  readonly parameters: readonly string[];
  /** The first window is the baseline. */
  readonly visits: readonly VisitWindow[];
  readonly rowOf: (parameter: string, visit: number, subject: string) => AdimRow | null;
}

/** Indexes ADIM. `subjects` is the analysis set, in the order in which tables list it. */
export function immuneCourse(
  rows: readonly AdimRow[],
  subjects: readonly string[],
  parameters: readonly string[],
  visits: readonly VisitWindow[],
): ImmuneCourse {
  const index = new Map<string, AdimRow>();
  const key = (parameter: string, visit: number, subject: string): string =>
    JSON.stringify([parameter, visit, subject]);
  for (const row of rows) {
    if (row.ANL01FL === 'Y' && row.AVISITN !== null)
      index.set(key(row.PARAMCD, row.AVISITN, row.USUBJID), row);
  }
  return { subjects, parameters, visits, rowOf: (p, v, s) => index.get(key(p, v, s)) ?? null };
}

function columnOf(course: ImmuneCourse, parameter: string, visit: number): (AdimRow | null)[] {
  return course.subjects.map((subject) => course.rowOf(parameter, visit, subject));
}

function valuesOf(course: ImmuneCourse, parameter: string, visit: number): Maybe[] {
  return columnOf(course, parameter, visit).map((row) => row?.AVAL ?? null);
}

function countBlq(rows: readonly (AdimRow | null)[]): number {
  return rows.filter((row) => row?.BLQFL === 'Y').length;
}

interface Cell {
  readonly PARAMCD: string;
  readonly AVISITN: number;
  readonly AVISIT: string;
}

export type VisitDescription = Cell &
  Descriptive & { readonly VARIABLE: 'AVAL' | 'CHG' | 'PCHG'; readonly nBlq: number | null };

/**
 * T-IMM-1: every parameter and visit; geometric statistics and BLQ counts belong to AVAL only. Where more than half of the values of a visit
 * stand for ones below quantification, median and range alone are there, with MANY_BLQ (statistics.md section 6).
 */
export function describeByVisit(course: ImmuneCourse, options: DescriptiveOptions = {}): VisitDescription[] {
  return course.parameters.flatMap((PARAMCD) =>
    course.visits.flatMap((visit, v) => {
      const rows = columnOf(course, PARAMCD, visit.n);
      const nBlq = countBlq(rows);
      const mostlyBlq = nBlq > rows.filter((row) => row !== null && row.AVAL !== null).length / 2;
      const variables = v === 0 ? (['AVAL'] as const) : (['AVAL', 'CHG', 'PCHG'] as const);
      return variables.map((VARIABLE): VisitDescription => {
        const found = describe(
          rows.map((row) => row?.[VARIABLE] ?? null),
          options,
        );
        const isValue = VARIABLE === 'AVAL';
        return {
          ...{ PARAMCD, AVISITN: visit.n, AVISIT: visit.label, VARIABLE },
          ...found,
          ...(isValue ? {} : noGeometric),
          ...(mostlyBlq ? { ...noMoments, ...noGeometric } : {}),
          nBlq: isValue ? nBlq : null,
          warnings: mostlyBlq ? [...found.warnings, 'MANY_BLQ'] : found.warnings,
        };
      });
    }),
  );
}

const noGeometric = {
  geoMean: null,
  geoSd: null,
  geoCvPct: null,
  geoMeanCiLow: null,
  geoMeanCiHigh: null,
};
const noMoments = {
  ...{ mean: null, sd: null, se: null, meanCiLow: null, meanCiHigh: null },
  ...{ cvPct: null, q1: null, q3: null, iqr: null },
};

export type VisitComparison = Cell &
  PairedComparison & {
    readonly medianBase: Maybe;
    readonly medianPost: Maybe;
    readonly pHolm: Maybe;
    readonly pBH: Maybe;
  };

export interface ComparisonOptions {
  readonly conf?: number;
  /** Parameters without a ratio to baseline, which their comparisons say; default none. */
  readonly byDifference?: ReadonlySet<string>;
  /** Parameter and visit that is left out for its values below detection; the comparison says so. */
  readonly isMostlyBelow?: (parameter: string, visit: number) => boolean;
}

/** The p of T-IMM-2: exact Pratt, else the normal approximation; none below two pairs, which test nothing (statistics.md section 8). */
export function signedRankP({ nPairs, wilcoxon }: Pick<PairedComparison, 'nPairs' | 'wilcoxon'>): Maybe {
  return nPairs < 2 ? null : (wilcoxon.pExact ?? wilcoxon.p);
}

/** T-IMM-2: each post visit against baseline; Holm and BH over the parameters of one visit. */
export function compareWithBaseline(
  course: ImmuneCourse,
  options: ComparisonOptions = {},
): VisitComparison[] {
  const { conf, byDifference, isMostlyBelow = () => false } = options;
  const [baseline, ...posts] = course.visits;
  const cells = course.parameters.flatMap((PARAMCD) => {
    const pre = valuesOf(course, PARAMCD, baseline.n);
    return posts.map((visit) => {
      const post = valuesOf(course, PARAMCD, visit.n);
      const paired = pre.map((value, i) => value !== null && post[i] !== null);
      const medianOf = (values: readonly Maybe[]): Maybe =>
        describe(values.map((value, i) => (paired[i] ? value : null))).median;
      const compared = comparePaired(pre, post, conf === undefined ? {} : { conf });
      const found = byDifference?.has(PARAMCD) === true ? withoutRatio(compared) : compared;
      const below = [baseline.n, visit.n].some((n) => isMostlyBelow(PARAMCD, n));
      return {
        PARAMCD,
        AVISITN: visit.n,
        AVISIT: visit.label,
        ...found,
        warnings: below ? [...found.warnings, 'MANY_BLQ' as const] : found.warnings,
        medianBase: medianOf(pre),
        medianPost: medianOf(post),
      };
    });
  });
  return cells.map((cell, i) => {
    const family = cells.map((_, k) => k).filter((k) => cells[k].AVISITN === cell.AVISITN);
    const pValues = family.map((k) => signedRankP(cells[k]));
    const at = family.indexOf(i);
    return { ...cell, pHolm: adjustPValues(pValues, 'holm')[at], pBH: adjustPValues(pValues, 'BH')[at] };
  });
}

function withoutRatio(found: PairedComparison): PairedComparison {
  const warnings = found.warnings.filter((code) => code !== 'NONPOSITIVE');
  return { ...found, logT: null, warnings: [...warnings, 'DIFFERENCE_ONLY'] };
}

/**
 * Geometric mean ratio to the first visit by an exchangeable working correlation. The sandwich is too small below 40 subjects, and says
 * nothing below 10: no limits and no p there.
 */
export interface GeeContrast {
  readonly contrast: string;
  readonly gmr: Maybe;
  readonly low: Maybe;
  readonly high: Maybe;
  readonly p: Maybe;
}

export interface CourseAnalysis {
  readonly PARAMCD: string;
  readonly friedman: FriedmanResult;
  /** ln(AVAL) by visit with a random intercept; null with NONPOSITIVE where a value is not positive, with DIFFERENCE_ONLY where there is no ratio. */
  readonly model: MixedModelResult | null;
  /** The same by generalised estimating equations, one a later visit; none where they could not be solved. */
  readonly gee: readonly GeeContrast[];
  readonly modelWarning: 'NONPOSITIVE' | 'DIFFERENCE_ONLY' | null;
}

/** T-IMM-3: the whole course of every parameter, by ranks and by the mixed model on the ln scale. */
export function analyseCourse(
  course: ImmuneCourse,
  options: {
    readonly conf?: number;
    readonly snapDifferences?: boolean;
    readonly byDifference?: ReadonlySet<string>;
  } = {},
): CourseAnalysis[] {
  const { conf = 0.95, snapDifferences = true, byDifference } = options;
  const labels = course.visits.map((visit) => visit.label);
  return course.parameters.map((PARAMCD) => {
    const columns = course.visits.map((visit) => valuesOf(course, PARAMCD, visit.n));
    // a visit that nobody has come to yet is none, else no subject would be complete
    const reached = columns.flatMap((column, v) => (column.some((value) => value !== null) ? [v] : []));
    const wide = course.subjects.map((_, s) => reached.map((v) => columns[v][s]));
    const reason = byDifference?.has(PARAMCD)
      ? 'DIFFERENCE_ONLY'
      : columns.every((column) => column.every((value) => value === null || value > 0))
        ? null
        : 'NONPOSITIVE';
    const hasRatio = reason === null;
    const input = {
      subject: columns.flatMap(() => course.subjects),
      visit: columns.flatMap((column, v) => column.map(() => labels[v])),
      y: columns.flatMap((column) =>
        column.map((value) => (value === null || !hasRatio ? null : log(value))),
      ),
    };
    const model = hasRatio ? fitMixedModel(input, { visitOrder: labels, conf }) : null;
    return {
      PARAMCD,
      friedman: friedman(
        wide,
        reached.map((v) => labels[v]),
        { snapDifferences },
      ),
      model,
      gee: hasRatio ? geeContrasts(input, labels, conf) : [],
      modelWarning: reason,
    };
  });
}

const FEWEST_CLUSTERS = 10;
/** A normal approximation says nothing so far out, and transport files hold nothing below 5.4e-79. */
const SMALLEST_P = 1e-70;

function geeContrasts(input: MixedModelInput, visitOrder: readonly string[], conf: number): GeeContrast[] {
  const { names, fits } = fitGee(input, { visitOrder });
  const fit = fits.find(({ corstr }) => corstr === 'exchangeable');
  if (fit === undefined) return [];
  const [, ...later] = names;
  const reference = visitOrder.find((visit) => !later.includes(visit) && hasValue(input, visit)) ?? '';
  const z = normalQuantile(1 - (1 - conf) / 2);
  const clusters = new Set(input.subject.filter((_, i) => input.y[i] !== null)).size;
  return later.map((visit, i) => {
    const [estimate, se] = [fit.estimate[i + 1], fit.robustSe[i + 1]];
    const isKnown = se > 0 && Number.isFinite(estimate) && clusters >= FEWEST_CLUSTERS;
    return {
      contrast: `${visit} - ${reference}`,
      gmr: Number.isFinite(estimate) ? exp(estimate) : null,
      low: isKnown ? exp(estimate - z * se) : null,
      high: isKnown ? exp(estimate + z * se) : null,
      p: isKnown ? (fit.p[i + 1] < SMALLEST_P ? 0 : fit.p[i + 1]) : null,
    };
  });
}

function hasValue({ visit, y }: MixedModelInput, wanted: string): boolean {
  return visit.some((one, i) => one === wanted && y[i] !== null);
}

export interface Missingness extends Cell {
  readonly nSubjects: number;
  readonly nValue: number;
  readonly nMissing: number;
  readonly pctMissing: number | null;
  readonly nBlq: number;
  readonly nPairedWithBaseline: number;
}

/** T-MISS: what is there and what is not, parameter by visit. */
export function missingness(course: ImmuneCourse): Missingness[] {
  const nSubjects = course.subjects.length;
  return course.parameters.flatMap((PARAMCD) => {
    const base = valuesOf(course, PARAMCD, course.visits[0].n);
    return course.visits.map((visit) => {
      const rows = columnOf(course, PARAMCD, visit.n);
      const nValue = rows.filter((row) => row !== null && row.AVAL !== null).length;
      return {
        PARAMCD,
        AVISITN: visit.n,
        AVISIT: visit.label,
        nSubjects,
        nValue,
        nMissing: nSubjects - nValue,
        pctMissing: nSubjects === 0 ? null : (100 * (nSubjects - nValue)) / nSubjects,
        nBlq: countBlq(rows),
        nPairedWithBaseline: rows.filter((row, s) => row !== null && row.AVAL !== null && base[s] !== null)
          .length,
      };
    });
  });
}
