// Response tables (statistics.md sections 14 and 19): T-EFF-2 and the waterfall. Percentages carry exact intervals.
import { clopperPearson, wilson } from '../stats/index.ts';
import type { SubjectResponse } from './adrs.ts';
import { responseOrder, type BestResponse } from './best-response.ts';

/** n of N in per cent with its Clopper-Pearson interval, all null when N is 0. */
export interface Rate {
  readonly n: number;
  readonly N: number;
  readonly pct: number | null;
  readonly ciLow: number | null;
  readonly ciHigh: number | null;
}

export function rate(n: number, N: number, conf = 0.95): Rate {
  if (N === 0) return { n, N, pct: null, ciLow: null, ciHigh: null };
  const { low, high } = clopperPearson(n, N, conf);
  return { n, N, pct: (100 * n) / N, ciLow: 100 * low, ciHigh: 100 * high };
}

export interface ResponseTable {
  readonly N: number;
  /** Subjects with a BOR other than NE and MISSING (the EVAL set). */
  readonly nEvaluable: number;
  readonly bor: Readonly<Record<BestResponse, number>>;
  readonly cbor: Readonly<Record<BestResponse, number>>;
  readonly orr: Rate;
  readonly orrConfirmed: Rate;
  readonly orrConfirmedWilson: { readonly ciLow: number; readonly ciHigh: number } | null;
  readonly orrEvaluable: Rate;
  readonly dcr: Rate;
}

export function responseTable(subjects: readonly SubjectResponse[], conf = 0.95): ResponseTable {
  const N = subjects.length;
  const count = (fits: (subject: SubjectResponse) => boolean): number => subjects.filter(fits).length;
  const nEvaluable = count(({ BOR }) => BOR !== 'NE' && BOR !== 'MISSING');
  const responders = count(({ OBJRESP }) => OBJRESP === 'Y');
  const confirmed = count(({ COBJRESP }) => COBJRESP === 'Y');
  const score = N === 0 ? null : wilson(confirmed, N, conf);
  return {
    N,
    nEvaluable,
    bor: countBy((response) => count(({ BOR }) => BOR === response)),
    cbor: countBy((response) => count(({ CBOR }) => CBOR === response)),
    orr: rate(responders, N, conf),
    orrConfirmed: rate(confirmed, N, conf),
    orrConfirmedWilson: score === null ? null : { ciLow: 100 * score.low, ciHigh: 100 * score.high },
    orrEvaluable: rate(responders, nEvaluable, conf),
    dcr: rate(
      count(({ DISCTRL }) => DISCTRL === 'Y'),
      N,
      conf,
    ),
  };
}

function countBy(count: (response: BestResponse) => number): Record<BestResponse, number> {
  return Object.fromEntries(responseOrder.map((response) => [response, count(response)])) as Record<
    BestResponse,
    number
  >;
}

export interface WaterfallBar {
  readonly USUBJID: string;
  readonly BESTPCHG: number;
  readonly CBOR: BestResponse;
  readonly ORDER: number;
}

/** Subjects with a best change, the largest first, then by USUBJID. */
export function waterfall(subjects: readonly SubjectResponse[]): WaterfallBar[] {
  const bars = subjects.flatMap(({ USUBJID, BESTPCHG, CBOR }) =>
    BESTPCHG === null ? [] : [{ USUBJID, BESTPCHG, CBOR }],
  );
  bars.sort(
    (a, b) => b.BESTPCHG - a.BESTPCHG || (a.USUBJID < b.USUBJID ? -1 : a.USUBJID > b.USUBJID ? 1 : 0),
  );
  return bars.map((bar, i) => ({ ...bar, ORDER: i + 1 }));
}
