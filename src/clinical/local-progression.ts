// Supportive analyses of local progression (statistics.md section 1): per lesion with cluster-robust errors, and its
// cumulative incidence per subject with death as a competing event.
import {
  clusterKaplanMeier,
  cumulativeIncidence,
  type ClusterKm,
  type CumulativeIncidence,
} from '../stats/index.ts';
import type { AdtteRow } from './adtte.ts';

const LANDMARKS = [183, 365, 730];

export interface LocalProgression {
  /** LTPL rows, lesions clustered in subjects; S at 6, 12 and 24 months. */
  readonly perLesion: ClusterKm;
  /** LPFS rows: 1 is local progression, 2 is death. */
  readonly incidence: CumulativeIncidence;
}

/** `rows` is ADTTE. */
export function localProgression(rows: readonly AdtteRow[]): LocalProgression {
  const lesions = rows.filter((row) => row.PARAMCD === 'LTPL');
  const subjects = rows.filter((row) => row.PARAMCD === 'LPFS');
  const statusOf = (row: AdtteRow): number => (row.CNSR !== 0 ? 0 : row.EVNTDESC === 'Death' ? 2 : 1);
  return {
    perLesion: clusterKaplanMeier(
      lesions.map((row) => row.AVALDAY),
      lesions.map((row) => (row.CNSR === 0 ? 1 : 0)),
      lesions.map((row) => row.USUBJID),
      { landmarks: LANDMARKS },
    ),
    incidence: cumulativeIncidence(
      subjects.map((row) => row.AVALDAY),
      subjects.map(statusOf),
      { landmarks: LANDMARKS },
    ),
  };
}
