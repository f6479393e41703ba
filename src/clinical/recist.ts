// Tumour response at each visit by RECIST 1.1 (statistics.md section 14).
// Invariant: lengths are compared with a tolerance of 1e-9 mm, so that decimals which meet a threshold on paper meet it here;
// the nadir of a visit comes from baseline and earlier visits only.
import type { LesionRecord } from '../study/index.ts';

export type TargetResponse = 'CR' | 'PR' | 'SD' | 'PD' | 'NE' | 'NA';
export type NonTargetResponse = 'CR' | 'NON-CR/NON-PD' | 'PD' | 'NE' | 'NA';
export type OverallResponse = 'CR' | 'PR' | 'SD' | 'NON-CR/NON-PD' | 'PD' | 'NE' | 'NED';

/** Protocol rule for ablated target lesions: as recorded, 0 mm after ablation, or left out of the sum at all visits. */
export type AblationRule = 'measure' | 'zero' | 'exclude';

export interface TimePoint {
  readonly VISITNUM: number;
  readonly VISIT: string;
  readonly ADT: string;
  /** Sum of target diameters in mm, null unless complete; at baseline; smallest complete one before this visit. */
  readonly SLD: number | null;
  readonly BASESLD: number | null;
  readonly NADIR: number | null;
  readonly PCHGBASE: number | null;
  /** Change of the measured part of the sum from the nadir. */
  readonly CHGNADIR: number | null;
  readonly PCHGNADIR: number | null;
  readonly TRGRESP: TargetResponse;
  readonly NTRGRESP: NonTargetResponse;
  readonly NEWLFL: 'Y' | 'N';
  readonly OVRLRESP: OverallResponse;
}

export interface RecistOptions {
  /** Length in mm for "too small to measure" without a number. */
  readonly tstmMm?: number;
  /** Rule where a lesion's own ABLRULE is blank. */
  readonly ablationRule?: AblationRule;
}

const TOLERANCE = 1e-9;

/** The visits after baseline of one subject, in order. `lesions` are all rows of that subject; visit 0 is the baseline. */
export function recistTimePoints(lesions: readonly LesionRecord[], options: RecistOptions = {}): TimePoint[] {
  const { tstmMm = 5, ablationRule = 'measure' } = options;
  const rule = (lesion: LesionRecord): AblationRule => (lesion.ABLRULE ? lesion.ABLRULE : ablationRule);
  const baseline = lesions.filter((lesion) => lesion.VISITNUM === 0);
  const targets = baseline.filter((lesion) => lesion.LESTYPE === 'TARGET' && rule(lesion) !== 'exclude');
  const nonTargets = baseline.filter((lesion) => lesion.LESTYPE === 'NONTARGET');
  const length = (lesion: LesionRecord | undefined, target: LesionRecord): number | null => {
    if (lesion === undefined || lesion.STATE === 'NE') return null;
    if (lesion.STATE === 'ABSENT' || (rule(target) === 'zero' && lesion.VISITNUM > 0)) return 0;
    return lesion.STATE === 'TSTM' && lesion.DIAM === null ? tstmMm : lesion.DIAM;
  };
  const baseSum = targets.length === 0 ? null : completeSum(targets.map((target) => length(target, target)));
  let nadir = baseSum;
  let hadCompleteResponse = false;
  const visits = [...new Set(lesions.map((lesion) => lesion.VISITNUM))]
    .filter((visit) => visit > 0)
    .sort((a, b) => a - b);
  return visits.map((visit) => {
    const rows = lesions.filter((lesion) => lesion.VISITNUM === visit);
    const lengths = targets.map((target) =>
      length(
        rows.find((row) => row.LESID === target.LESID),
        target,
      ),
    );
    const nodal = targets.map((target) => target.NODE === 'Y');
    const measured = lengths.filter((value) => value !== null);
    const part = targets.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0);
    const sld = targets.length === 0 ? null : completeSum(lengths);
    const TRGRESP = targetResponse(lengths, nodal, baseSum, nadir, hadCompleteResponse);
    const NTRGRESP = nonTargetResponse(
      nonTargets.map((lesion) => rows.find((row) => row.LESID === lesion.LESID)?.STATE ?? 'NE'),
    );
    const isNew = rows.some((row) => row.LESTYPE === 'NEW' && row.STATE === 'UNEQUIVOCAL');
    const OVRLRESP = overallResponse(TRGRESP, NTRGRESP, isNew);
    const dates = rows.map((row) => row.ADT).sort();
    const point: TimePoint = {
      VISITNUM: visit,
      VISIT: rows[0].VISIT,
      ADT: OVRLRESP === 'PD' ? dates[0] : dates[dates.length - 1],
      SLD: sld,
      BASESLD: baseSum,
      NADIR: nadir,
      PCHGBASE: sld === null || baseSum === null || baseSum === 0 ? null : (100 * (sld - baseSum)) / baseSum,
      CHGNADIR: part === null || nadir === null ? null : part - nadir,
      PCHGNADIR: part === null || nadir === null || nadir === 0 ? null : (100 * (part - nadir)) / nadir,
      TRGRESP,
      NTRGRESP,
      NEWLFL: isNew ? 'Y' : 'N',
      OVRLRESP,
    };
    if (TRGRESP === 'CR') hadCompleteResponse = true;
    if (sld !== null) nadir = nadir === null ? sld : Math.min(nadir, sld);
    return point;
  });
}

/** Null when any length is missing. */
function completeSum(lengths: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of lengths) {
    if (value === null) return null;
    sum += value;
  }
  return sum;
}

/** The rules in the order of section 14: PD (also of the measured part), NE, CR, PR, SD. */
function targetResponse(
  lengths: readonly (number | null)[],
  nodal: readonly boolean[],
  baseSum: number | null,
  nadir: number | null,
  hadCompleteResponse: boolean,
): TargetResponse {
  if (lengths.length === 0) return 'NA';
  let sum = 0;
  for (const value of lengths) sum += value ?? 0;
  const anyMeasured = lengths.some((value) => value !== null);
  const grown = nadir !== null && sum - nadir >= 5 - TOLERANCE && sum >= 1.2 * nadir - TOLERANCE;
  const back = hadCompleteResponse && lengths.some((value, i) => value !== null && !nodal[i] && value > 0);
  if ((anyMeasured && grown) || back) return 'PD';
  if (lengths.includes(null)) return 'NE';
  if (lengths.every((value, i) => value !== null && (nodal[i] ? value < 10 - TOLERANCE : value === 0)))
    return 'CR';
  if (baseSum === null) return 'NE';
  return sum <= 0.7 * baseSum + TOLERANCE ? 'PR' : 'SD';
}

function nonTargetResponse(states: readonly string[]): NonTargetResponse {
  if (states.length === 0) return 'NA';
  if (states.includes('UNEQPD')) return 'PD';
  if (states.some((state) => state === 'NE' || state === '')) return 'NE';
  return states.every((state) => state === 'ABSENT') ? 'CR' : 'NON-CR/NON-PD';
}

/** Tables 1 and 2 of RECIST 1.1. */
export function overallResponse(
  target: TargetResponse,
  nonTarget: NonTargetResponse,
  newLesion: boolean,
): OverallResponse {
  if (target === 'PD' || nonTarget === 'PD' || newLesion) return 'PD';
  switch (target) {
    case 'NA':
      return nonTarget === 'NA' ? 'NED' : nonTarget;
    case 'CR':
      return nonTarget === 'CR' || nonTarget === 'NA' ? 'CR' : 'PR';
    case 'PR':
    case 'SD':
    case 'NE':
      return target;
  }
}
