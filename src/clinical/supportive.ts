// Supportive analyses of efficacy (statistics.md sections 1 and 13): PFS under other censoring rules, duration of response, and local
// progression by lesion and with death competing. Rows as they are written, full precision, months of 30.4375 days.
// Invariant: the first PFS row is the main analysis, so that each other rule is read against it.
import { kaplanMeier } from '../stats/index.ts';
import { DAYS_PER_MONTH, type SubjectRecord } from '../study/index.ts';
import { deriveAdtte, durationOfResponse, type AdtteRow, type TteConfig } from './adtte.ts';
import type { Responses } from './adrs.ts';
import { localProgression } from './local-progression.ts';
import { pfsSensitivity, type TimeToEvent } from './time-to-event.ts';

/** Times in months, S as fractions, limits log-log. */
export interface SensitivityRow {
  readonly PARAMCD: 'PFS' | 'DOR';
  readonly analysis: string;
  readonly N: number;
  readonly events: number;
  readonly median: number | null;
  readonly medianLow: number | null;
  readonly medianHigh: number | null;
  readonly s6: number | null;
  readonly s6Low: number | null;
  readonly s6High: number | null;
  readonly s12: number | null;
  readonly s12Low: number | null;
  readonly s12High: number | null;
  readonly s24: number | null;
  readonly s24Low: number | null;
  readonly s24High: number | null;
}

/** PFS by the rules of the study and by each that differs in one point; duration of confirmed response by the same rules. `subjects` is the analysed set. */
export function sensitivityRows(
  subjects: readonly SubjectRecord[],
  responses: Responses,
  config: TteConfig & { readonly conf?: number },
): SensitivityRow[] {
  const { conf = 0.95 } = config;
  const pfs = pfsSensitivity.map(({ id, options }) => {
    const rules = { ...config, pfs: { ...config.pfs, ...options } };
    const { rows } = deriveAdtte(subjects, responses.assessments, [], rules);
    return rowOf(
      'PFS',
      id,
      rows.filter(({ PARAMCD }) => PARAMCD === 'PFS'),
      conf,
    );
  });
  const analysed = new Set(subjects.map(({ USUBJID }) => USUBJID));
  const responders = responses.subjects.filter(({ USUBJID }) => analysed.has(USUBJID));
  const durations = durationOfResponse(subjects, responders, responses.assessments, config.pfs);
  return [...pfs, rowOf('DOR', 'confirmed responders', durations, conf)];
}

function rowOf(
  PARAMCD: SensitivityRow['PARAMCD'],
  analysis: string,
  times: readonly Pick<TimeToEvent, 'AVALDAY' | 'CNSR'>[],
  conf: number,
): SensitivityRow {
  const days = times.map(({ AVALDAY }) => AVALDAY);
  const event = times.map(({ CNSR }) => (CNSR === 0 ? 1 : 0));
  const { quantiles, landmark } = kaplanMeier(days, event, { conf, landmarks: [183, 365, 730] }).ci.loglog;
  const months = (of: number | null): number | null => (of === null ? null : of / DAYS_PER_MONTH);
  const none = times.length === 0;
  const at = (column: readonly (number | null)[], k: number) => (none ? null : column[k]);
  return {
    PARAMCD,
    analysis,
    N: times.length,
    events: event.filter((one) => one === 1).length,
    median: months(quantiles.time[1]),
    medianLow: months(quantiles.lower[1]),
    medianHigh: months(quantiles.upper[1]),
    s6: at(landmark.surv, 0),
    s6Low: at(landmark.lower, 0),
    s6High: at(landmark.upper, 0),
    s12: at(landmark.surv, 1),
    s12Low: at(landmark.lower, 1),
    s12High: at(landmark.upper, 1),
    s24: at(landmark.surv, 2),
    s24Low: at(landmark.lower, 2),
    s24High: at(landmark.upper, 2),
  };
}

/** At 6, 12 and 24 months, fractions. */
export interface LocalProgressionRow {
  readonly month: number;
  /** Lesions without local progression or death; the standard error allows for lesions of one subject. */
  readonly lesions: number;
  readonly perLesion: number;
  readonly perLesionSe: number;
  /** Cumulative incidence by subject: local progression, and death as the competing event. */
  readonly subjects: number;
  readonly progression: number;
  readonly progressionSe: number;
  readonly death: number;
  readonly deathSe: number;
}

/** `rows` is ADTTE of the analysed set; nothing where no lesion was followed. */
export function localProgressionRows(rows: readonly AdtteRow[]): LocalProgressionRow[] {
  const lesions = rows.filter(({ PARAMCD }) => PARAMCD === 'LTPL').length;
  const subjects = rows.filter(({ PARAMCD }) => PARAMCD === 'LPFS').length;
  if (lesions === 0) return [];
  const { perLesion, incidence } = localProgression(rows);
  return [6, 12, 24].map((month, k) => ({
    month,
    lesions,
    perLesion: perLesion.landmark.surv[k],
    perLesionSe: perLesion.landmark.se[k],
    subjects,
    progression: incidence.landmark.cif1[k],
    progressionSe: incidence.landmark.se1[k],
    death: incidence.landmark.cif2[k],
    deathSe: incidence.landmark.se2[k],
  }));
}
