// ADTTE: progression-free, local progression-free and overall survival of every subject, and local progression of every
// ablated lesion (statistics.md sections 4 and 13); and the Kaplan-Meier table of each.
import { issue, type Issue } from '../errors.ts';
import { kaplanMeier, type KaplanMeier } from '../stats/index.ts';
import { DAYS_PER_MONTH, type LocalRecord, type SubjectRecord } from '../study/index.ts';
import type { AssessmentRow, SubjectResponse } from './adrs.ts';
import {
  progressionTime,
  survivalTime,
  type Censoring,
  type ProgressionOptions,
  type TimeToEvent,
} from './time-to-event.ts';

export type TteParameter = 'PFS' | 'LPFS' | 'OS' | 'LTPL';

export interface AdtteRow {
  readonly STUDYID: string;
  readonly USUBJID: string;
  /** The lesion, on LTPL rows; blank otherwise. */
  readonly LESID: string;
  readonly PARAMCD: TteParameter;
  readonly PARAM: string;
  readonly STARTDT: string;
  readonly ADT: string;
  readonly AVALDAY: number;
  readonly AVAL: number;
  readonly AVALU: 'MONTHS';
  readonly CNSR: Censoring;
  readonly EVNTDESC: string;
  /** The reason of censoring; blank for an event. */
  readonly CNSDTDSC: string;
  /** Input table that gave ADT. */
  readonly SRCDOM: string;
}

export interface TteConfig {
  readonly pfs?: ProgressionOptions;
  readonly lpfs?: ProgressionOptions;
  readonly os?: { readonly maxDays?: number | null };
  readonly lpfsStart?: 'TRTSDT' | 'ABLDT';
  /** Count residual tumour (RES) as local progression. */
  readonly residualIsLocalProgression?: boolean;
}

export const tteLabels: Readonly<Record<TteParameter, string>> = {
  PFS: 'Progression-Free Survival (months)',
  LPFS: 'Local Progression-Free Survival (months)',
  OS: 'Overall Survival (months)',
  LTPL: 'Per-Lesion Local Progression-Free Survival (months)',
};

const localDefaults: ProgressionOptions = { newTherapy: 'ignore', pdDesc: 'Local tumour progression' };

export function deriveAdtte(
  subjects: readonly SubjectRecord[],
  assessments: readonly AssessmentRow[],
  local: readonly LocalRecord[],
  config: TteConfig = {},
): { rows: AdtteRow[]; issues: Issue[] } {
  const issues: Issue[] = [];
  const byParameter: Record<TteParameter, AdtteRow[]> = { PFS: [], LPFS: [], OS: [], LTPL: [] };
  const sorted = [...subjects].sort((a, b) => (a.USUBJID < b.USUBJID ? -1 : a.USUBJID > b.USUBJID ? 1 : 0));
  for (const subject of sorted) {
    const start = subject.TRTSDT;
    const localStart = config.lpfsStart === 'ABLDT' ? subject.ABLDT : start;
    if (start === null || localStart === null) {
      issues.push(issue('BAD_INPUT', 'The start date is missing.', subject.USUBJID));
      continue;
    }
    if (subject.DTHDT !== null && subject.LSTALVDT !== null && subject.LSTALVDT > subject.DTHDT) {
      issues.push(issue('DEATH_BEFORE_LAST_DATE', undefined, `${subject.USUBJID} LSTALVDT`));
    }
    if (subject.NACTDT !== null && subject.NACTDT <= start) {
      const message = `A new therapy of ${subject.USUBJID} is not after the first day of treatment and does not count.`;
      issues.push(issue('BAD_INPUT', message, `${subject.USUBJID} NACTDT`));
    }
    const own = assessments.filter((assessment) => assessment.USUBJID === subject.USUBJID);
    const lesions = local.filter((record) => record.USUBJID === subject.USUBJID);
    const { DTHDT } = subject;
    const add = (code: TteParameter, startDate: string, time: () => TimeToEvent, lesion = ''): void => {
      if (DTHDT === null || DTHDT >= startDate) {
        byParameter[code].push(rowOf(subject, code, startDate, time(), lesion));
        return;
      }
      const message = `The death of ${subject.USUBJID} lies before the start of ${code}, which is left out.`;
      issues.push(issue('NEGATIVE_TIME', message, `${subject.USUBJID} ${code}`));
    };
    const dates = { deathDate: subject.DTHDT, newTherapyDate: subject.NACTDT, cutoffDate: subject.DCUTDT };
    add('PFS', start, () =>
      progressionTime({ startDate: start, ...progressionDates(own), ...dates }, config.pfs),
    );
    const localOptions = { ...localDefaults, ...config.lpfs };
    const localTime = (records: readonly LocalRecord[]): TimeToEvent =>
      progressionTime({ startDate: localStart, ...localDates(records, config), ...dates }, localOptions);
    add('LPFS', localStart, () => localTime(lesions));
    add('OS', start, () =>
      survivalTime(
        {
          startDate: start,
          deathDate: subject.DTHDT,
          lastAliveDate: subject.LSTALVDT,
          cutoffDate: subject.DCUTDT,
        },
        config.os,
      ),
    );
    for (const lesion of [...new Set(lesions.map((record) => record.LESID))].sort()) {
      const own = lesions.filter((record) => record.LESID === lesion);
      add('LTPL', localStart, () => localTime(own), lesion);
    }
  }
  return { rows: [...byParameter.PFS, ...byParameter.LPFS, ...byParameter.OS, ...byParameter.LTPL], issues };
}

/** Progressions and adequate assessments (neither NE nor no evidence of disease). */
export function progressionDates(assessments: readonly AssessmentRow[]): {
  pdDates: string[];
  adequateDates: string[];
} {
  return {
    pdDates: assessments.filter(({ OVRLRESP }) => OVRLRESP === 'PD').map(({ ADT }) => ADT),
    adequateDates: assessments
      .filter(({ OVRLRESP }) => OVRLRESP !== 'NE' && OVRLRESP !== 'NED')
      .map(({ ADT }) => ADT),
  };
}

/** A day is adequate when at least one lesion could be judged on it. */
function localDates(
  records: readonly LocalRecord[],
  config: TteConfig,
): { pdDates: string[]; adequateDates: string[] } {
  const progressed = (state: string): boolean =>
    state === 'LTP' || (config.residualIsLocalProgression === true && state === 'RES');
  return {
    pdDates: records.filter(({ LOCSTAT }) => progressed(LOCSTAT)).map(({ ADT }) => ADT),
    adequateDates: [...new Set(records.filter(({ LOCSTAT }) => LOCSTAT !== 'NE').map(({ ADT }) => ADT))],
  };
}

function rowOf(
  subject: SubjectRecord,
  code: TteParameter,
  start: string,
  time: TimeToEvent,
  lesion: string,
): AdtteRow {
  const { ADT, AVALDAY, AVAL, CNSR, EVNTDESC, event } = time;
  const assessed = code === 'PFS' ? 'TUMOUR' : 'LOCAL';
  const fromSubject = code === 'OS' || event === 'death' || CNSR === 4 || CNSR === 5 || ADT === start;
  return {
    STUDYID: subject.STUDYID,
    USUBJID: subject.USUBJID,
    LESID: lesion,
    PARAMCD: code,
    PARAM: tteLabels[code],
    STARTDT: start,
    ADT,
    AVALDAY,
    AVAL,
    AVALU: 'MONTHS',
    CNSR,
    EVNTDESC,
    CNSDTDSC: CNSR === 0 ? '' : EVNTDESC,
    SRCDOM: fromSubject ? 'ADSL' : assessed,
  };
}

export interface TteTable extends KaplanMeier {
  readonly PARAMCD: TteParameter;
  /** Median and its log-log limits in months; null: not reached. */
  readonly medianMonths: readonly (number | null)[];
  /** Censored subjects by reason. */
  readonly censored: Readonly<Record<string, number>>;
}

/** T-EFF-1: S at 6, 12 and 24 months (183, 365 and 730 days), RMST to 24 months. */
export function tteTable(
  rows: readonly AdtteRow[],
  PARAMCD: TteParameter,
  options: { readonly conf?: number } = {},
): TteTable {
  const own = rows.filter((row) => row.PARAMCD === PARAMCD);
  const found = kaplanMeier(
    own.map((row) => row.AVALDAY),
    own.map((row) => (row.CNSR === 0 ? 1 : 0)),
    { ...options, landmarks: [183, 365, 730], tau: 730 },
  );
  const { time, lower, upper } = found.ci.loglog.quantiles;
  const censored: Record<string, number> = {};
  for (const row of own) if (row.CNSR !== 0) censored[row.CNSDTDSC] = (censored[row.CNSDTDSC] ?? 0) + 1;
  const medianMonths = [time[1], lower[1], upper[1]].map((days) =>
    days === null ? null : days / DAYS_PER_MONTH,
  );
  return { PARAMCD, ...found, medianMonths, censored };
}

/** Duration of response of every responder, from the (confirmed) response date with the PFS rules. */
export function durationOfResponse(
  subjects: readonly SubjectRecord[],
  responses: readonly SubjectResponse[],
  assessments: readonly AssessmentRow[],
  options: ProgressionOptions & { readonly confirmed?: boolean } = {},
): (TimeToEvent & { readonly USUBJID: string; readonly STARTDT: string })[] {
  const { confirmed = true, ...rules } = options;
  return responses.flatMap((response) => {
    const subject = subjects.find((entry) => entry.USUBJID === response.USUBJID);
    const responded = confirmed ? response.COBJRESP === 'Y' : response.OBJRESP === 'Y';
    const start = confirmed ? response.CBORDT : response.BORDT;
    if (subject === undefined || !responded || start === null) return [];
    // said where responses are derived: an assessment after death
    if (subject.DTHDT !== null && subject.DTHDT < start) return [];
    const own = assessments.filter((assessment) => assessment.USUBJID === response.USUBJID);
    const time = progressionTime(
      {
        startDate: start,
        ...progressionDates(own),
        deathDate: subject.DTHDT,
        newTherapyDate: subject.NACTDT,
        cutoffDate: subject.DCUTDT,
      },
      rules,
    );
    return [{ USUBJID: response.USUBJID, STARTDT: start, ...time }];
  });
}
