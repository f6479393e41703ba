// Random-intercept model of repeated values (statistics.md section 9): REML fit and Kenward-Roger or Satterthwaite inference.
// Everything is closed-form per subject: V = s²(I + lambda J), so a fit is linear in the number of values.
// Invariant: at lambda = 0 the fit is called singular and degrees of freedom, p and intervals are null.
import type { IssueCode } from '../errors.ts';
import { exp } from '../math/index.ts';
import { fUpper, tQuantile, tTwoSided } from './distributions.ts';
import { fitReml, type Design, type RemlFit } from './mixed-model-fit.ts';
import { adjustedInference, type Inference } from './mixed-model-inference.ts';
import { isPresent, type IntervalOptions, type Maybe, type StatisticResult } from './result.ts';

export interface MixedModelInput {
  readonly subject: readonly string[];
  readonly visit: readonly string[];
  readonly y: readonly Maybe[];
}

export interface MixedModelContrast {
  readonly contrast: string;
  readonly estimate: number;
  readonly se: number;
  readonly dfSatterthwaite: Maybe;
  readonly tSatterthwaite: Maybe;
  readonly pSatterthwaite: Maybe;
  readonly ciLowSatterthwaite: Maybe;
  readonly ciHighSatterthwaite: Maybe;
  readonly seKr: Maybe;
  readonly dfKr: Maybe;
  readonly tKr: Maybe;
  readonly pKr: Maybe;
  readonly ciLowKr: Maybe;
  readonly ciHighKr: Maybe;
  /** exp of the contrast and of its limits: the geometric mean ratio when y is on the ln scale. */
  readonly gmrKr: number;
  readonly gmrLowKr: Maybe;
  readonly gmrHighKr: Maybe;
}

export interface MarginalMean {
  readonly visit: string;
  readonly mean: number;
  readonly seKr: Maybe;
  readonly dfKr: Maybe;
  readonly ciLow: Maybe;
  readonly ciHigh: Maybe;
}

export interface FTest {
  readonly F: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
}

export interface MixedModelResult extends StatisticResult {
  readonly nSubjects: number;
  readonly nObs: number;
  readonly sigma2Residual: Maybe;
  readonly sigma2Subject: Maybe;
  readonly icc: Maybe;
  readonly remlLogLik: Maybe;
  readonly singular: boolean;
  readonly fixed: {
    readonly names: readonly string[];
    readonly estimate: readonly number[];
    readonly se: readonly number[];
  } | null;
  /** Every visit against the first one. */
  readonly contrasts: readonly MixedModelContrast[];
  readonly marginalMeans: readonly MarginalMean[];
  /** All contrasts together are zero. */
  readonly overall: { readonly satterthwaite: FTest; readonly kenwardRoger: FTest } | null;
}

export interface MixedModelOptions extends IntervalOptions {
  /** Order of the visits; the first is the reference. Default: order of appearance. Visits without a value are left out. */
  readonly visitOrder?: readonly string[];
}

/** Fits y = visit + (1 | subject) by REML to the values that are there. */
export function fitMixedModel(input: MixedModelInput, options: MixedModelOptions = {}): MixedModelResult {
  const { conf = 0.95 } = options;
  const rows: number[] = [];
  input.y.forEach((value, i) => {
    if (isPresent(value)) rows.push(i);
  });
  const seen = new Set(rows.map((i) => input.visit[i]));
  const visits = [...new Set(options.visitOrder ?? input.visit)].filter((visit) => seen.has(visit));
  const used = rows.filter((i) => visits.includes(input.visit[i]));
  const design = designOf(input, used, visits);
  const fit = visits.length < 2 || used.length <= visits.length ? null : fitReml(design);
  const head = {
    method: 'random-intercept model, REML',
    options: { conf, reference: visits[0] ?? null },
    nUsed: used.length,
    nDropped: input.y.length - used.length,
    nSubjects: design.subjects.length,
    nObs: used.length,
  };
  if (fit === null) {
    const nothing = {
      sigma2Residual: null,
      sigma2Subject: null,
      icc: null,
      remlLogLik: null,
      singular: false,
      fixed: null,
    };
    const warnings: IssueCode[] = [
      used.length <= visits.length || visits.length < 2 ? 'TOO_FEW' : 'ZERO_VARIANCE',
    ];
    return { ...head, warnings, ...nothing, contrasts: [], marginalMeans: [], overall: null };
  }
  const inference = fit.singular ? null : adjustedInference(design, fit);
  const contrasts = visits
    .slice(1)
    .map((visit, j) =>
      contrastOf(`${visit} - ${visits[0]}`, unit(visits.length, j + 1), fit, inference, conf),
    );
  const warning = fit.singular
    ? 'SINGULAR_FIT'
    : inference === null
      ? 'NO_CONVERGENCE'
      : contrasts.some(({ dfKr }) => dfKr === null)
        ? 'TOO_FEW'
        : null;
  return {
    ...head,
    warnings: warning === null ? [] : [warning],
    sigma2Residual: fit.sigma2Residual,
    sigma2Subject: fit.sigma2Subject,
    icc: fit.sigma2Subject / (fit.sigma2Subject + fit.sigma2Residual),
    remlLogLik: fit.logLik,
    singular: fit.singular,
    fixed: {
      names: ['(Intercept)', ...visits.slice(1)],
      estimate: fit.beta,
      se: fit.phi.map((row, i) => Math.sqrt(row[i])),
    },
    contrasts,
    marginalMeans: visits.map((visit, j) => marginalMean(visit, j, fit, inference, conf)),
    overall: inference === null ? null : overallTests(inference, visits.length),
  };
}

function designOf(input: MixedModelInput, used: readonly number[], visits: readonly string[]): Design {
  const bySubject = new Map<string, { y: number[]; visit: number[] }>();
  for (const i of used) {
    const entry = bySubject.get(input.subject[i]) ?? { y: [], visit: [] };
    entry.y.push(input.y[i] ?? 0);
    entry.visit.push(visits.indexOf(input.visit[i]));
    bySubject.set(input.subject[i], entry);
  }
  const subjects = [...bySubject.values()].map(({ y, visit }) => ({
    y,
    x: visit.map((v) => visits.map((_, j) => (j === 0 || j === v ? 1 : 0))),
  }));
  return { subjects, n: used.length, p: visits.length };
}

function unit(p: number, at: number): number[] {
  return Array.from({ length: p }, (_, j) => (j === at ? 1 : 0));
}

function contrastOf(
  name: string,
  l: readonly number[],
  fit: RemlFit,
  inference: Inference | null,
  conf: number,
): MixedModelContrast {
  let estimate = 0;
  l.forEach((weight, j) => (estimate += weight * fit.beta[j]));
  const se = Math.sqrt(quadratic(l, fit.phi));
  const satterthwaite = student(estimate, se, inference?.satterthwaiteDf(l) ?? null, conf);
  const seKr = inference === null ? null : rootOrNull(quadratic(l, inference.phiAdjusted));
  const kr = student(estimate, seKr, inference?.kenwardRoger([l])?.df ?? null, conf);
  return {
    contrast: name,
    estimate,
    se,
    dfSatterthwaite: satterthwaite.df,
    tSatterthwaite: satterthwaite.t,
    pSatterthwaite: satterthwaite.p,
    ciLowSatterthwaite: satterthwaite.low,
    ciHighSatterthwaite: satterthwaite.high,
    seKr,
    dfKr: kr.df,
    tKr: kr.t,
    pKr: kr.p,
    ciLowKr: kr.low,
    ciHighKr: kr.high,
    gmrKr: exp(estimate),
    gmrLowKr: kr.low === null ? null : exp(kr.low),
    gmrHighKr: kr.high === null ? null : exp(kr.high),
  };
}

function marginalMean(
  visit: string,
  j: number,
  fit: RemlFit,
  inference: Inference | null,
  conf: number,
): MarginalMean {
  const l = fit.beta.map((_, i) => (i === 0 || i === j ? 1 : 0));
  const { estimate, seKr, dfKr, ciLowKr, ciHighKr } = contrastOf(visit, l, fit, inference, conf);
  return { visit, mean: estimate, seKr, dfKr, ciLow: ciLowKr, ciHigh: ciHighKr };
}

function overallTests(inference: Inference, p: number): MixedModelResult['overall'] {
  const contrasts = Array.from({ length: p - 1 }, (_, j) => unit(p, j + 1));
  const kr = inference.kenwardRoger(contrasts);
  const satterthwaite = inference.satterthwaiteF(contrasts);
  if (kr === null || satterthwaite === null) return null;
  if (![kr, satterthwaite].every(({ F, df }) => Number.isFinite(F) && df > 0)) return null;
  const test = ({ F, df }: { F: number; df: number }): FTest => ({
    F,
    df1: p - 1,
    df2: df,
    p: fUpper(F, p - 1, df),
  });
  return { satterthwaite: test(satterthwaite), kenwardRoger: test(kr) };
}

interface Student {
  readonly df: Maybe;
  readonly t: Maybe;
  readonly p: Maybe;
  readonly low: Maybe;
  readonly high: Maybe;
}

function student(estimate: number, se: Maybe, df: Maybe, conf: number): Student {
  // with next to no data the approximations give no degrees of freedom, or negative ones
  if (se === null || df === null || !(se > 0) || !(df > 0))
    return { df: null, t: null, p: null, low: null, high: null };
  const half = tQuantile(1 - (1 - conf) / 2, df) * se;
  const t = estimate / se;
  return { df, t, p: tTwoSided(t, df), low: estimate - half, high: estimate + half };
}

function rootOrNull(square: number): Maybe {
  return square >= 0 ? Math.sqrt(square) : null;
}

function quadratic(l: readonly number[], m: readonly (readonly number[])[]): number {
  let total = 0;
  for (let i = 0; i < l.length; i += 1) for (let j = 0; j < l.length; j += 1) total += l[i] * m[i][j] * l[j];
  return total;
}
