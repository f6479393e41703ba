// ADRS: response of every subject and assessment, and the best responses (statistics.md sections 4 and 14).
import { issue, type Issue } from '../errors.ts';
import { earliest, studyDay, type LesionRecord, type SubjectRecord } from '../study/index.ts';
import {
  bestResponse,
  completeThenPartial,
  responseOrder,
  usableAssessments,
  type BestResponse,
  type BestResponseOptions,
} from './best-response.ts';
import { recistTimePoints, type RecistOptions, type TimePoint } from './recist.ts';

export interface AssessmentRow extends TimePoint {
  readonly STUDYID: string;
  readonly USUBJID: string;
  readonly ADY: number | null;
}

export interface SubjectResponse {
  readonly USUBJID: string;
  readonly BOR: BestResponse;
  readonly BORDT: string | null;
  readonly CBOR: BestResponse;
  readonly CBORDT: string | null;
  readonly OBJRESP: 'Y' | 'N';
  readonly COBJRESP: 'Y' | 'N';
  readonly DISCTRL: 'Y' | 'N';
  /** Smallest PCHGBASE over the assessments that count for BOR; null without a complete sum. */
  readonly BESTPCHG: number | null;
}

export type ResponseConfig = RecistOptions & Omit<BestResponseOptions, 'lastDate'>;

export interface Responses {
  readonly assessments: readonly AssessmentRow[];
  readonly subjects: readonly SubjectResponse[];
  readonly issues: readonly Issue[];
}

/** Responses of all subjects, in the order of `subjects`. A subject without a start date cannot be derived (BAD_INPUT). */
export function deriveResponses(
  subjects: readonly SubjectRecord[],
  lesions: readonly LesionRecord[],
  config: ResponseConfig = {},
): Responses {
  const issues: Issue[] = [];
  const assessments: AssessmentRow[] = [];
  const best: SubjectResponse[] = [];
  for (const subject of subjects) {
    const { USUBJID, STUDYID, TRTSDT } = subject;
    if (TRTSDT === null) {
      issues.push(issue('BAD_INPUT', 'The first day of treatment is missing.', `${USUBJID} TRTSDT`));
      continue;
    }
    const points = recistTimePoints(
      lesions.filter((lesion) => lesion.USUBJID === USUBJID),
      config,
    );
    for (const point of points) {
      assessments.push({ STUDYID, USUBJID, ...point, ADY: studyDay(point.ADT, TRTSDT) });
      if (subject.DTHDT !== null && point.ADT > subject.DTHDT) {
        issues.push(issue('DEATH_BEFORE_LAST_DATE', undefined, `${USUBJID} tumour ${point.VISIT}`));
      }
    }
    // a therapy that is not after the start is none (said in adtte.ts)
    const newTherapy = subject.NACTDT !== null && subject.NACTDT > TRTSDT ? subject.NACTDT : null;
    const lastDate = earliest(newTherapy, subject.DCUTDT);
    const used = usableAssessments(points, lastDate);
    if (completeThenPartial(used.map((point) => point.OVRLRESP)))
      issues.push(issue('CR_THEN_PR', undefined, USUBJID));
    const unconfirmed = bestResponse(points, TRTSDT, false, { ...config, lastDate });
    const confirmed = bestResponse(points, TRTSDT, true, { ...config, lastDate });
    const changes = used.map((point) => point.PCHGBASE).filter((change) => change !== null);
    best.push({
      USUBJID,
      BOR: unconfirmed.response,
      BORDT: unconfirmed.date,
      CBOR: confirmed.response,
      CBORDT: confirmed.date,
      OBJRESP: isResponse(unconfirmed.response) ? 'Y' : 'N',
      COBJRESP: isResponse(confirmed.response) ? 'Y' : 'N',
      DISCTRL: isControl(confirmed.response) ? 'Y' : 'N',
      BESTPCHG: changes.length === 0 ? null : Math.min(...changes),
    });
  }
  return { assessments, subjects: best, issues };
}

export function isResponse(response: BestResponse): boolean {
  return response === 'CR' || response === 'PR';
}

export function isControl(response: BestResponse): boolean {
  return isResponse(response) || response === 'SD' || response === 'NON-CR/NON-PD';
}

/** AVAL of a response: CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7; null for no evidence of disease. */
export function responseNumber(response: string): number | null {
  const index = responseOrder.findIndex((known) => known === response);
  return index < 0 ? null : index + 1;
}

export interface AdrsRow {
  readonly STUDYID: string;
  readonly USUBJID: string;
  readonly PARAMCD: string;
  readonly PARAM: string;
  readonly ADT: string | null;
  readonly ADY: number | null;
  readonly VISIT: string;
  readonly VISITNUM: number | null;
  readonly AVAL: number | null;
  readonly AVALC: string;
  readonly SLD: number | null;
  readonly BASESLD: number | null;
  readonly NADIR: number | null;
  readonly PCHGBASE: number | null;
  readonly CHGNADIR: number | null;
  readonly PCHGNADIR: number | null;
  readonly TRGRESP: string;
  readonly NTRGRESP: string;
  readonly NEWLFL: string;
}

/** The data set: one row a subject and assessment (OVRLRESP), then one a subject for BOR, CBOR, OBJRESP, COBJRESP, DISCTRL. */
export function adrsRows(responses: Responses, subjects: readonly SubjectRecord[]): AdrsRow[] {
  const subjectOf = new Map(subjects.map((subject) => [subject.USUBJID, subject]));
  const nothing = { SLD: null, BASESLD: null, NADIR: null, PCHGBASE: null, CHGNADIR: null, PCHGNADIR: null };
  const rows: AdrsRow[] = responses.assessments.map(({ OVRLRESP, ...point }) => ({
    ...point,
    PARAMCD: 'OVRLRESP',
    PARAM: 'Overall Response by Assessment',
    AVAL: responseNumber(OVRLRESP),
    AVALC: OVRLRESP,
  }));
  const yes = (flag: 'Y' | 'N'): number => (flag === 'Y' ? 1 : 0);
  for (const subject of responses.subjects) {
    const { USUBJID } = subject;
    const source = subjectOf.get(USUBJID);
    const row = (
      PARAMCD: string,
      PARAM: string,
      AVAL: number | null,
      AVALC: string,
      ADT: string | null,
    ): AdrsRow => ({
      STUDYID: source?.STUDYID ?? '',
      USUBJID,
      PARAMCD,
      PARAM,
      ADT,
      ADY: studyDay(ADT, source?.TRTSDT ?? null),
      VISIT: '',
      VISITNUM: null,
      AVAL,
      AVALC,
      ...nothing,
      TRGRESP: '',
      NTRGRESP: '',
      NEWLFL: '',
    });
    rows.push(
      row('BOR', 'Best Overall Response', responseNumber(subject.BOR), subject.BOR, subject.BORDT),
      row(
        'CBOR',
        'Confirmed Best Overall Response',
        responseNumber(subject.CBOR),
        subject.CBOR,
        subject.CBORDT,
      ),
      row('OBJRESP', 'Objective Response', yes(subject.OBJRESP), subject.OBJRESP, subject.BORDT),
      row(
        'COBJRESP',
        'Confirmed Objective Response',
        yes(subject.COBJRESP),
        subject.COBJRESP,
        subject.CBORDT,
      ),
      row('DISCTRL', 'Disease Control', yes(subject.DISCTRL), subject.DISCTRL, subject.CBORDT),
    );
  }
  return rows;
}
