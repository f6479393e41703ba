// Flat rows of the immune tables, one plain record a line, with the column names of statistics.md section 19.
// Invariant: full precision; rounding belongs to rendering. A cell that has no value is null.
import {
  signedRankP,
  type CourseAnalysis,
  type ImmuneCourse,
  type VisitComparison,
  type VisitDescription,
} from './immune-tables.ts';

export interface DescriptionRow {
  readonly PARAMCD: string;
  readonly AVISITN: number;
  readonly AVISIT: string;
  readonly VARIABLE: string;
  readonly n: number;
  readonly nMissing: number;
  readonly nBlq: number | null;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly median: number | null;
  readonly q1: number | null;
  readonly q3: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly geoMean: number | null;
  readonly geoCvPct: number | null;
  readonly warnings: string;
}

/** T-IMM-1. */
export function descriptionRows(cells: readonly VisitDescription[]): DescriptionRow[] {
  return cells.map((cell) => ({
    PARAMCD: cell.PARAMCD,
    AVISITN: cell.AVISITN,
    AVISIT: cell.AVISIT,
    VARIABLE: cell.VARIABLE,
    n: cell.n,
    nMissing: cell.nMissing,
    nBlq: cell.nBlq,
    mean: cell.mean,
    sd: cell.sd,
    median: cell.median,
    q1: cell.q1,
    q3: cell.q3,
    min: cell.min,
    max: cell.max,
    geoMean: cell.geoMean,
    geoCvPct: cell.geoCvPct,
    warnings: cell.warnings.join(' '),
  }));
}

export interface ComparisonRow {
  readonly PARAMCD: string;
  readonly AVISITN: number;
  readonly AVISIT: string;
  readonly nPairs: number;
  readonly medianBase: number | null;
  readonly medianPost: number | null;
  readonly HL: number | null;
  readonly hlLow: number | null;
  readonly hlHigh: number | null;
  readonly pWilcoxon: number | null;
  readonly pHolm: number | null;
  readonly pBH: number | null;
  readonly GMR: number | null;
  readonly gmrLow: number | null;
  readonly gmrHigh: number | null;
  readonly pLogT: number | null;
  /** Supportive: sign test, and sign-flip permutation of the mean (exact up to 20 pairs, none beyond). */
  readonly pSign: number | null;
  readonly pSignFlip: number | null;
  readonly rankBiserial: number | null;
  readonly dz: number | null;
  readonly warnings: string;
}

/** T-IMM-2. */
export function comparisonRows(cells: readonly VisitComparison[]): ComparisonRow[] {
  return cells.map((cell) => ({
    PARAMCD: cell.PARAMCD,
    AVISITN: cell.AVISITN,
    AVISIT: cell.AVISIT,
    nPairs: cell.nPairs,
    medianBase: cell.medianBase,
    medianPost: cell.medianPost,
    HL: cell.hodgesLehmann.estimate,
    hlLow: cell.hodgesLehmann.ciLow,
    hlHigh: cell.hodgesLehmann.ciHigh,
    pWilcoxon: signedRankP(cell),
    pHolm: cell.pHolm,
    pBH: cell.pBH,
    GMR: cell.logT?.gmr ?? null,
    gmrLow: cell.logT?.ciLow ?? null,
    gmrHigh: cell.logT?.ciHigh ?? null,
    pLogT: cell.logT?.p ?? null,
    pSign: cell.nPairs < 2 ? null : cell.sign.p,
    pSignFlip: cell.nPairs < 2 ? null : (cell.signFlip?.p ?? null),
    rankBiserial: cell.wilcoxon.rankBiserial,
    dz: cell.t.dz,
    warnings: cell.warnings.join(' '),
  }));
}

export interface CourseRow {
  readonly PARAMCD: string;
  readonly contrast: string;
  readonly GMR: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly df: number | null;
  readonly p: number | null;
  readonly overallF: number | null;
  readonly overallP: number | null;
  readonly friedmanP: number | null;
  /** Supportive: generalised estimating equations. */
  readonly geeGMR: number | null;
  readonly geeLow: number | null;
  readonly geeHigh: number | null;
  readonly geeP: number | null;
  readonly warnings: string;
}

/** T-IMM-3: one row a contrast (Kenward-Roger); one row without a contrast where no model could be fitted. */
export function courseRows(analyses: readonly CourseAnalysis[]): CourseRow[] {
  return analyses.flatMap(({ PARAMCD, friedman, model, gee, modelWarning }): CourseRow[] => {
    const tests = {
      overallF: model?.overall?.kenwardRoger.F ?? null,
      overallP: model?.overall?.kenwardRoger.p ?? null,
      friedmanP: friedman.p,
      warnings: [...(model?.warnings ?? []), ...(modelWarning === null ? [] : [modelWarning])].join(' '),
    };
    const noGee = { geeGMR: null, geeLow: null, geeHigh: null, geeP: null };
    const noModel = { contrast: '', GMR: null, low: null, high: null, df: null, p: null };
    const none = { PARAMCD, ...noModel, ...noGee, ...tests };
    if (model === null || model.contrasts.length === 0) return [none];
    return model.contrasts.map((contrast): CourseRow => {
      const found = gee.find((one) => one.contrast === contrast.contrast);
      return {
        PARAMCD,
        contrast: contrast.contrast,
        GMR: contrast.gmrKr,
        low: contrast.gmrLowKr,
        high: contrast.gmrHighKr,
        df: contrast.dfKr,
        p: contrast.pKr,
        ...(found === undefined
          ? noGee
          : { geeGMR: found.gmr, geeLow: found.low, geeHigh: found.high, geeP: found.p }),
        ...tests,
      };
    });
  });
}

export interface WideListing {
  /** PARAMCD and AVISIT of each column. */
  readonly columns: readonly { readonly PARAMCD: string; readonly AVISIT: string }[];
  readonly rows: readonly {
    readonly USUBJID: string;
    readonly cells: readonly { readonly AVAL: number | null; readonly BLQFL: 'Y' | '' }[];
  }[];
}

/** T-IMM-4: the analysed values, subjects by parameter and visit, with their BLQ marks. */
export function wideListing(course: ImmuneCourse): WideListing {
  const columns = course.parameters.flatMap((PARAMCD) => course.visits.map((visit) => ({ PARAMCD, visit })));
  return {
    columns: columns.map(({ PARAMCD, visit }) => ({ PARAMCD, AVISIT: visit.label })),
    rows: course.subjects.map((USUBJID) => ({
      USUBJID,
      cells: columns.map(({ PARAMCD, visit }) => {
        const row = course.rowOf(PARAMCD, visit.n, USUBJID);
        return { AVAL: row?.AVAL ?? null, BLQFL: row?.BLQFL ?? '' };
      }),
    })),
  };
}
