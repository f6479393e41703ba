// Flat rows of the clinical tables, one plain record a line (statistics.md section 19).
// Invariant: full precision; rounding belongs to rendering. A cell that has no value is null.
import { DAYS_PER_MONTH } from '../study/index.ts';
import type { PopulationLine } from './adsl.ts';
import type { TteTable } from './adtte.ts';
import type { AeOverview } from './ae-tables.ts';
import { responseOrder } from './best-response.ts';
import type { LandmarkCox } from './immune-outcome.ts';
import { rate, type Rate, type ResponseTable } from './response-table.ts';

export interface PopulationRow {
  readonly characteristic: string;
  readonly level: string;
  readonly n: number;
  readonly pct: number | null;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly median: number | null;
  readonly q1: number | null;
  readonly q3: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** T-POP. */
export function populationRows(lines: readonly PopulationLine[]): PopulationRow[] {
  return lines.map(({ characteristic, level, n, pct, description }) => ({
    characteristic,
    level,
    n,
    pct,
    mean: description?.mean ?? null,
    sd: description?.sd ?? null,
    median: description?.median ?? null,
    q1: description?.q1 ?? null,
    q3: description?.q3 ?? null,
    min: description?.min ?? null,
    max: description?.max ?? null,
  }));
}

/** Times in months, S as fractions; landmarks at 6, 12 and 24 months with the number at risk. */
export interface TteRow {
  readonly PARAMCD: string;
  readonly N: number;
  readonly events: number;
  /** "reason: n" of every reason, with "; " between. */
  readonly censored: string;
  readonly q1: number | null;
  readonly q1Low: number | null;
  readonly q1High: number | null;
  readonly median: number | null;
  readonly medianLow: number | null;
  readonly medianHigh: number | null;
  readonly q3: number | null;
  readonly q3Low: number | null;
  readonly q3High: number | null;
  readonly s6: number | null;
  readonly s6Low: number | null;
  readonly s6High: number | null;
  readonly atRisk6: number;
  readonly s12: number | null;
  readonly s12Low: number | null;
  readonly s12High: number | null;
  readonly atRisk12: number;
  readonly s24: number | null;
  readonly s24Low: number | null;
  readonly s24High: number | null;
  readonly atRisk24: number;
  /** Reverse Kaplan-Meier. */
  readonly followUpMedian: number | null;
  /** Restricted mean to 24 months. */
  readonly rmst24: number | null;
  readonly rmst24Se: number | null;
}

/** T-EFF-1, with log-log intervals. */
export function tteRows(tables: readonly TteTable[]): TteRow[] {
  const months = (days: number | null): number | null => (days === null ? null : days / DAYS_PER_MONTH);
  return tables.map((table) => {
    const { quantiles, landmark } = table.ci.loglog;
    const [q1, median, q3] = [0, 1, 2].map((k) =>
      [quantiles.time[k], quantiles.lower[k], quantiles.upper[k]].map(months),
    );
    return {
      PARAMCD: table.PARAMCD,
      N: table.n,
      events: table.events,
      censored: Object.entries(table.censored)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([reason, n]) => `${reason}: ${n}`)
        .join('; '),
      q1: q1[0],
      q1Low: q1[1],
      q1High: q1[2],
      median: median[0],
      medianLow: median[1],
      medianHigh: median[2],
      q3: q3[0],
      q3Low: q3[1],
      q3High: q3[2],
      s6: landmark.surv[0],
      s6Low: landmark.lower[0],
      s6High: landmark.upper[0],
      atRisk6: landmark.nRisk[0],
      s12: landmark.surv[1],
      s12Low: landmark.lower[1],
      s12High: landmark.upper[1],
      atRisk12: landmark.nRisk[1],
      s24: landmark.surv[2],
      s24Low: landmark.lower[2],
      s24High: landmark.upper[2],
      atRisk24: landmark.nRisk[2],
      followUpMedian: months(table.reverseKm.quantiles.time[1]),
      rmst24: months(table.rmst?.rmst ?? null),
      rmst24Se: months(table.rmst?.se ?? null),
    };
  });
}

export interface RateRow {
  readonly measure: string;
  readonly n: number;
  readonly N: number;
  readonly pct: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

function rateRow(measure: string, { n, N, pct, ciLow, ciHigh }: Rate): RateRow {
  return { measure, n, N, pct, low: ciLow, high: ciHigh };
}

/** T-EFF-2: BOR and CBOR counts and the rates, all with Clopper-Pearson intervals. */
export function responseRows(table: ResponseTable): RateRow[] {
  const counts = (name: 'BOR' | 'CBOR', of: ResponseTable['bor']): RateRow[] =>
    responseOrder.map((response) => rateRow(`${name} ${response}`, rate(of[response], table.N)));
  return [
    ...counts('BOR', table.bor),
    ...counts('CBOR', table.cbor),
    rateRow('ORR', table.orr),
    rateRow('ORR confirmed', table.orrConfirmed),
    rateRow('ORR evaluable', table.orrEvaluable),
    rateRow('DCR', table.dcr),
  ];
}

export interface LandmarkRow {
  readonly PARAMCD: string;
  readonly variable: LandmarkCox['variable'];
  readonly landmark: number;
  readonly n: number;
  readonly events: number;
  readonly HR: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly p: number | null;
  readonly firthHR: number | null;
  readonly firthLow: number | null;
  readonly firthHigh: number | null;
  readonly firthP: number | null;
  readonly warnings: string;
}

/**
 * Beyond 10^±20 a hazard ratio says only that the data do not bound it (few events, monotone likelihood, said among the warnings): not
 * estimable, as a table shows it. XPORT could not hold such numbers either.
 */
function estimable(ratio: number | null): number | null {
  return ratio === null || ratio < 1e-20 || ratio > 1e20 ? null : ratio;
}

/** T-EFF-3: HR per unit of ln(AVAL/BASE). */
export function landmarkRow(
  PARAMCD: string,
  { variable, landmarkDay, cox, firth }: LandmarkCox,
): LandmarkRow {
  return {
    PARAMCD,
    variable,
    landmark: landmarkDay,
    n: cox.n,
    events: cox.events,
    HR: estimable(cox.hr[0]),
    low: estimable(cox.hrLow[0]),
    high: estimable(cox.hrHigh[0]),
    p: cox.p[0],
    firthHR: estimable(firth.hr[0]),
    firthLow: estimable(firth.hrLowProfile[0]),
    firthHigh: estimable(firth.hrHighProfile[0]),
    firthP: firth.pProfile[0],
    warnings: [...new Set([...cox.warnings, ...firth.warnings])].join(' '),
  };
}

export interface AeOverviewRow extends RateRow {
  readonly events: number;
}

const aeLines: readonly (readonly [keyof AeOverview, string])[] = [
  ['anyAe', 'Any adverse event'],
  ['anyTeae', 'Any treatment-emergent adverse event'],
  ['grade3plus', 'Grade 3 or higher'],
  ['serious', 'Serious'],
  ['related', 'Related'],
  ['relatedGrade3plus', 'Related, grade 3 or higher'],
  ['fatal', 'Fatal (grade 5)'],
];

/** T-AE-1. */
export function aeOverviewRows(overview: AeOverview): AeOverviewRow[] {
  return aeLines.map(([name, measure]) => ({
    ...rateRow(measure, overview[name]),
    events: overview[name].events,
  }));
}
