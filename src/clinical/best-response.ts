// Best overall response, unconfirmed and confirmed (statistics.md section 14).
// Invariant: only assessments up to the first PD and not after the last usable date count.
import { daysBetween } from '../study/index.ts';
import type { OverallResponse } from './recist.ts';

export interface Assessment {
  readonly ADT: string;
  readonly OVRLRESP: OverallResponse;
}

export type BestResponse = Exclude<OverallResponse, 'NED'> | 'MISSING';

export interface Best {
  readonly response: BestResponse;
  /** Date of the assessment that made it; null for MISSING. */
  readonly date: string | null;
}

export interface BestResponseOptions {
  /** Days from start that SD and NON-CR/NON-PD need. */
  readonly minSdDays?: number;
  /** Days between a response and its confirmation. */
  readonly confirmDays?: number;
  /** NE assessments allowed between the two. */
  readonly maxNe?: number;
  /** Allow one SD between a PR and its confirmation. */
  readonly acceptSd?: boolean;
  /** Last usable date (new therapy or cut-off), or null. */
  readonly lastDate?: string | null;
}

/** Best first. */
export const responseOrder: readonly BestResponse[] = [
  'CR',
  'PR',
  'SD',
  'NON-CR/NON-PD',
  'PD',
  'NE',
  'MISSING',
];

/** The assessments that count, in order of date. */
export function usableAssessments<A extends Assessment>(
  assessments: readonly A[],
  lastDate: string | null,
): A[] {
  const sorted = [...assessments]
    .filter((assessment) => lastDate === null || assessment.ADT <= lastDate)
    .sort((a, b) => (a.ADT < b.ADT ? -1 : a.ADT > b.ADT ? 1 : 0));
  const progression = sorted.findIndex((assessment) => assessment.OVRLRESP === 'PD');
  return progression < 0 ? sorted : sorted.slice(0, progression + 1);
}

export function bestResponse(
  assessments: readonly Assessment[],
  start: string,
  confirmed: boolean,
  options: BestResponseOptions = {},
): Best {
  const { minSdDays = 42, lastDate = null } = options;
  const used = usableAssessments(assessments, lastDate);
  const candidates: { response: BestResponse; date: string }[] = [];
  used.forEach(({ ADT, OVRLRESP }, i) => {
    const stable: BestResponse = daysBetween(start, ADT) >= minSdDays ? 'SD' : 'NE';
    switch (OVRLRESP) {
      case 'CR':
      case 'PR':
        if (!confirmed || isConfirmed(used, i, options)) candidates.push({ response: OVRLRESP, date: ADT });
        if (confirmed) candidates.push({ response: stable, date: ADT });
        return;
      case 'SD':
      case 'NON-CR/NON-PD':
        candidates.push({ response: stable === 'SD' ? OVRLRESP : 'NE', date: ADT });
        return;
      case 'PD':
      case 'NE':
        candidates.push({ response: OVRLRESP, date: ADT });
        return;
      case 'NED':
        candidates.push({ response: 'NE', date: ADT });
    }
  });
  let best: { response: BestResponse; date: string } | null = null;
  for (const candidate of candidates) {
    if (best === null || responseOrder.indexOf(candidate.response) < responseOrder.indexOf(best.response))
      best = candidate;
  }
  return best ?? { response: 'MISSING', date: null };
}

/** CR by a later CR, PR by a later CR or PR, with only allowed assessments between. */
function isConfirmed(used: readonly Assessment[], i: number, options: BestResponseOptions): boolean {
  const { confirmDays = 28, maxNe = 1, acceptSd = false } = options;
  const complete = used[i].OVRLRESP === 'CR';
  const confirming: readonly string[] = complete ? ['CR'] : ['CR', 'PR'];
  const j = used.findIndex(
    (later, k) =>
      k > i && confirming.includes(later.OVRLRESP) && daysBetween(used[i].ADT, later.ADT) >= confirmDays,
  );
  if (j < 0) return false;
  const between: readonly string[] = used.slice(i + 1, j).map((assessment) => assessment.OVRLRESP);
  const allowed = complete ? ['CR', 'NE'] : ['CR', 'PR', 'NE', ...(acceptSd ? ['SD'] : [])];
  if (!between.every((response) => allowed.includes(response))) return false;
  if (between.filter((response) => response === 'NE').length > maxNe) return false;
  if (complete) return true;
  return (
    between.filter((response) => response === 'SD').length <= 1 &&
    !completeThenPartial([...between, used[j].OVRLRESP])
  );
}

/** True when a PR follows a CR: RECIST knows no way back from CR to PR. */
export function completeThenPartial(responses: readonly string[]): boolean {
  const complete = responses.indexOf('CR');
  return complete >= 0 && responses.lastIndexOf('PR') > complete;
}
