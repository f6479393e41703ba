// Each patient's change from baseline with what chance and gating alone could have done (populations.md section 4).
// Invariant: one row a patient, parameter and visit after baseline that has an analysed value; an interval only where both values have one.
import { exp, log } from '../math/index.ts';
import { normalQuantile } from '../stats/index.ts';
import type { AdimRow } from './adim.ts';
import type { EndpointRow } from './measures/endpoint.ts';
import type { VisitWindow } from './windows.ts';

export interface PatientChange {
  readonly USUBJID: string;
  readonly PARAMCD: string;
  readonly AVISITN: number;
  readonly AVISIT: string;
  readonly phase: VisitWindow['phase'];
  readonly BASE: number | null;
  readonly AVAL: number;
  readonly CHG: number | null;
  readonly PCHG: number | null;
  readonly R2BASE: number | null;
  /** Interval of R2BASE from the counting and gating errors of both values; null where one has none. */
  readonly ratioLow: number | null;
  readonly ratioHigh: number | null;
  /** `up`, `down`: the interval excludes 1; `unclear`: it does not; null: there is none. */
  readonly change: 'up' | 'down' | 'unclear' | null;
  readonly statusBase: string;
  readonly status: string;
}

export function patientChanges(
  adim: readonly AdimRow[],
  endpoints: readonly EndpointRow[],
  windows: readonly VisitWindow[],
  conf = 0.95,
): PatientChange[] {
  const keyOf = (specimen: string, code: string): string => JSON.stringify([specimen, code]);
  const endpointOf = new Map(endpoints.map((row) => [keyOf(row.specimen, row.paramcd), row]));
  const analysed = adim.filter(({ ANL01FL }) => ANL01FL === 'Y');
  const baselines = new Map(
    analysed
      .filter(({ ABLFL }) => ABLFL === 'Y')
      .map((row) => [keyOf(row.USUBJID, row.PARAMCD), endpointOf.get(keyOf(row.SPECID, row.PARAMCD))]),
  );
  const z = normalQuantile(1 - (1 - conf) / 2);
  return analysed.flatMap((row): PatientChange[] => {
    const window = windows.find(({ n }) => n === row.AVISITN);
    if (row.ABLFL === 'Y' || row.AVAL === null || row.AVISITN === null || window === undefined) return [];
    const now = endpointOf.get(keyOf(row.SPECID, row.PARAMCD));
    const then = baselines.get(keyOf(row.USUBJID, row.PARAMCD));
    const interval = row.R2BASE === null ? null : ratioInterval(row.R2BASE, then, now, z);
    return [
      {
        USUBJID: row.USUBJID,
        PARAMCD: row.PARAMCD,
        AVISITN: row.AVISITN,
        AVISIT: row.AVISIT,
        phase: window.phase,
        BASE: row.BASE,
        AVAL: row.AVAL,
        CHG: row.CHG,
        PCHG: row.PCHG,
        R2BASE: row.R2BASE,
        ratioLow: interval?.low ?? null,
        ratioHigh: interval?.high ?? null,
        change: interval === null ? null : interval.low > 1 ? 'up' : interval.high < 1 ? 'down' : 'unclear',
        statusBase: then?.status ?? '',
        status: now?.status ?? '',
      },
    ];
  });
}

function ratioInterval(
  ratio: number,
  then: EndpointRow | undefined,
  now: EndpointRow | undefined,
  z: number,
): { readonly low: number; readonly high: number } | null {
  const [before, after] = [logVariance(then), logVariance(now)];
  if (before === null || after === null || !(ratio > 0)) return null;
  const half = z * Math.sqrt(before + after);
  return { low: ratio * exp(-half), high: ratio * exp(half) };
}

/** The limits of endpoints are those of 95 %, whatever level a study wants for its tables. */
const Z95 = 1.959963984540054;

/** Variance of ln(value): of counting from its interval, and of gating from its own. */
function logVariance(row: EndpointRow | undefined): number | null {
  if (row === undefined || (row.status !== 'OK' && row.status !== 'LOWN')) return null;
  const counting = halfWidth(row.ciLow, row.ciHigh);
  if (counting === null) return null;
  const gating = halfWidth(row.gatingLow, row.gatingHigh) ?? 0;
  return (counting * counting + gating * gating) / (Z95 * Z95);
}

/** Half the width of an interval on the ln scale. */
function halfWidth(low: number | null, high: number | null): number | null {
  if (low === null || high === null || !(low > 0)) return null;
  return log(high / low) / 2;
}
