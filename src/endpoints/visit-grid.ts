// The visit grid of one parameter (statistics.md section 18): why each value of each subject is there or not.
// Invariant: exactly one status a subject and visit; "received" means that the value was analysed.
import { addDays, type SubjectRecord } from '../study/index.ts';
import type { AdimRow } from './adim.ts';
import { distanceToTarget, isPre, type Anchor, type VisitWindow } from './windows.ts';

export type VisitStatus =
  'received' | 'no value' | 'QC failed' | 'out of window' | 'after death' | 'not received';

export interface GridCell {
  readonly USUBJID: string;
  readonly AVISITN: number;
  readonly AVISIT: string;
  readonly status: VisitStatus;
}

/** `rows` is ADIM; the first window is the baseline. */
export function visitGrid(
  rows: readonly AdimRow[],
  subjects: readonly SubjectRecord[],
  windows: readonly VisitWindow[],
  parameter: string,
  anchor: Anchor = 'ABLDT',
): GridCell[] {
  const own = rows.filter((row) => row.PARAMCD === parameter);
  return subjects.flatMap((subject) => {
    const records = own.filter((row) => row.USUBJID === subject.USUBJID);
    return windows.map((window, w) => ({
      USUBJID: subject.USUBJID,
      AVISITN: window.n,
      AVISIT: window.label,
      status: statusOf(records, subject, window, windows, w === 0, anchor),
    }));
  });
}

function statusOf(
  records: readonly AdimRow[],
  subject: SubjectRecord,
  window: VisitWindow,
  windows: readonly VisitWindow[],
  isBaseline: boolean,
  anchor: Anchor,
): VisitStatus {
  const inside = records.filter((row) => row.AVISITN === window.n);
  if (inside.some((row) => row.ANL01FL === 'Y')) return 'received';
  if (inside.some((row) => row.QCFL === 'N')) return 'QC failed';
  if (inside.length > 0) return 'no value';
  const strays = records.filter((row) => row.AVISITN === null && row.ADYA !== null);
  if (strays.some((row) => nearestWindow(row, windows) === window)) return 'out of window';
  const origin = subject[anchor];
  if (
    !isBaseline &&
    subject.DTHDT !== null &&
    origin !== null &&
    addDays(origin, window.lo - 1) > subject.DTHDT
  ) {
    return 'after death';
  }
  return 'not received';
}

/** The visit that a record outside all windows was most likely meant for. */
function nearestWindow(row: AdimRow, windows: readonly VisitWindow[]): VisitWindow | null {
  const day = row.ADYA ?? 0;
  const [baseline, ...posts] = windows;
  if (isPre(day, row.ATPT)) return baseline;
  let nearest: VisitWindow | null = null;
  for (const window of posts) {
    if (nearest === null || distanceToTarget(day, window.target) < distanceToTarget(day, nearest.target))
      nearest = window;
  }
  return nearest;
}
