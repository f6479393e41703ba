// Immune change against outcome (statistics.md sections 1, 10 and 16): landmark Cox, responders against others, Spearman with tumour change.
// Immune values come as plain rows, so that this folder needs nothing of endpoints.
// Invariant: a value drawn after the landmark never enters, and nobody who failed by the landmark is counted.
import { log } from '../math/index.ts';
import {
  compareTwoGroups,
  correlate,
  coxRegression,
  firthCox,
  kruskalWallis,
  median,
  type Correlation,
  type CoxResult,
  type FirthResult,
} from '../stats/index.ts';
import { addDays, type SubjectRecord } from '../study/index.ts';
import { isResponse, type SubjectResponse } from './adrs.ts';
import type { AdtteRow } from './adtte.ts';

/** The analysed value of one subject at one visit: ratio to baseline, difference from it, and the date of the draw. */
export interface ImmuneChange {
  readonly USUBJID: string;
  readonly R2BASE: number | null;
  readonly CHG: number | null;
  readonly ADT: string;
}

/** Which of the two a parameter is judged by; CHG where the baseline is about 0 and divides nothing. */
export type ChangeVariable = 'R2BASE' | 'CHG';

interface ChangeOptions {
  readonly conf?: number;
  /** Default R2BASE. */
  readonly variable?: ChangeVariable;
}

export interface LandmarkCox {
  readonly variable: ChangeVariable;
  readonly landmarkDay: number;
  readonly subjects: readonly string[];
  /** Days after the landmark. */
  readonly time: readonly number[];
  readonly event: readonly number[];
  /** ln(R2BASE), or CHG. */
  readonly covariate: readonly number[];
  readonly cox: CoxResult;
  readonly firth: FirthResult;
}

/** Times of one parameter (PFS or OS) after `landmarkDay`, in the order of `subjects`. */
export function landmarkCox(
  subjects: readonly SubjectRecord[],
  times: readonly AdtteRow[],
  changes: readonly ImmuneChange[],
  landmarkDay: number,
  options: ChangeOptions = {},
): LandmarkCox {
  const { variable = 'R2BASE', ...level } = options;
  const kept = subjects.flatMap((subject) => {
    const time = times.find((row) => row.USUBJID === subject.USUBJID);
    const change = changes.find((row) => row.USUBJID === subject.USUBJID);
    const x = change === undefined ? null : covariateOf(change, variable);
    if (time === undefined || change === undefined || subject.TRTSDT === null || x === null) return [];
    if (time.AVALDAY <= landmarkDay || change.ADT > addDays(subject.TRTSDT, landmarkDay - 1)) return [];
    return [
      {
        USUBJID: subject.USUBJID,
        time: time.AVALDAY - landmarkDay,
        event: time.CNSR === 0 ? 1 : 0,
        x,
      },
    ];
  });
  const input = {
    time: kept.map((row) => row.time),
    event: kept.map((row) => row.event),
    covariates: [{ name: 'x', values: kept.map((row) => row.x), known: 'after-baseline' as const }],
  };
  return {
    variable,
    landmarkDay,
    subjects: kept.map((row) => row.USUBJID),
    time: input.time,
    event: input.event,
    covariate: input.covariates[0].values,
    cox: coxRegression(input, { ...level, landmark: true }),
    firth: firthCox(input, { ...level, landmark: true }),
  };
}

function covariateOf({ R2BASE, CHG }: ImmuneChange, variable: ChangeVariable): number | null {
  if (variable === 'CHG') return CHG;
  return R2BASE === null || R2BASE <= 0 ? null : log(R2BASE);
}

/** Correlation of the ratio to baseline, or the difference from it, with the best per cent change of the tumour sum. */
export function correlateWithTumour(
  responses: readonly SubjectResponse[],
  changes: readonly ImmuneChange[],
  { variable = 'R2BASE', ...level }: ChangeOptions = {},
): Correlation {
  const changeOf = new Map(changes.map((change) => [change.USUBJID, change[variable]]));
  return correlate(
    responses.map((response) => changeOf.get(response.USUBJID) ?? null),
    responses.map((response) => response.BESTPCHG),
    level,
  );
}

/** Fewest subjects of each group for an area under the ROC curve: of one it has no variance, of two DeLong's rests on one difference. */
export const fewestForArea = 3;

/** Ratios to baseline, or differences from it, of confirmed responders against those of the other subjects whose response could be judged. */
export interface ResponderRow {
  readonly PARAMCD: string;
  readonly variable: ChangeVariable;
  readonly nResponders: number;
  readonly nOthers: number;
  readonly medianResponders: number | null;
  readonly medianOthers: number | null;
  /** Hodges-Lehmann shift of the variable, responders less others. */
  readonly shift: number | null;
  readonly shiftLow: number | null;
  readonly shiftHigh: number | null;
  /** Mann-Whitney, exact up to 50 subjects. */
  readonly p: number | null;
  /** Area under the ROC curve; null below `fewestForArea` subjects of a group, which `aucReason` says. */
  readonly auc: number | null;
  readonly aucReason: string | null;
  /** DeLong's interval; none where the groups do not overlap. */
  readonly aucLow: number | null;
  readonly aucHigh: number | null;
  /** Kruskal-Wallis over CR and PR, SD and non-CR/non-PD, PD; null where only two of them have values. */
  readonly pKruskal: number | null;
}

export function compareResponders(
  PARAMCD: string,
  responses: readonly SubjectResponse[],
  changes: readonly ImmuneChange[],
  { variable = 'R2BASE', ...level }: ChangeOptions = {},
): ResponderRow {
  const changeOf = new Map(changes.map((change) => [change.USUBJID, change[variable]]));
  const judged = responses.flatMap(({ USUBJID, CBOR }) => {
    const change = changeOf.get(USUBJID) ?? null;
    return change === null || CBOR === 'NE' || CBOR === 'MISSING' ? [] : [{ change, CBOR }];
  });
  const changesOf = (responded: boolean) =>
    judged.filter(({ CBOR }) => isResponse(CBOR) === responded).map(({ change }) => change);
  const [responders, others] = [changesOf(true), changesOf(false)];
  const { mannWhitney, hodgesLehmannShift, auc } = compareTwoGroups(responders, others, level);
  const classes = judged.map(({ CBOR }) => (isResponse(CBOR) ? 'response' : CBOR === 'PD' ? 'PD' : 'stable'));
  const area = Math.min(responders.length, others.length) < fewestForArea ? null : auc;
  const overlap = area !== null && area.se !== null && area.se > 0;
  return {
    PARAMCD,
    variable,
    nResponders: responders.length,
    nOthers: others.length,
    medianResponders: median(responders),
    medianOthers: median(others),
    shift: hodgesLehmannShift?.estimate ?? null,
    shiftLow: hodgesLehmannShift?.attainable === true ? hodgesLehmannShift.ciLow : null,
    shiftHigh: hodgesLehmannShift?.attainable === true ? hodgesLehmannShift.ciHigh : null,
    p: mannWhitney === null ? null : (mannWhitney.pExact ?? mannWhitney.p),
    auc: area?.auc ?? null,
    aucReason:
      area === null
        ? `Not evaluable: ${responders.length} and ${others.length} subjects, where each group needs ${fewestForArea}.`
        : null,
    aucLow: overlap ? area.ciLow : null,
    aucHigh: overlap ? area.ciHigh : null,
    pKruskal:
      new Set(classes).size < 3
        ? null
        : kruskalWallis(
            judged.map(({ change }) => change),
            classes,
          ).p,
  };
}
