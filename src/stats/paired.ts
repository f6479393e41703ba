// Two time points of the same subjects: every paired analysis of statistics.md section 8 in one result.
// Invariant: differences are post - pre over pairs with both values; ranks see snapped differences, moments the raw ones.
import type { IssueCode } from '../errors.ts';
import { logRatioT, pairedT, type LogRatioT, type PairedT } from './paired-t.ts';
import { snappedDifferences } from './ranks.ts';
import { isPresent, type IntervalOptions, type Maybe, type StatisticResult } from './result.ts';
import { hodgesLehmann, signedRank, type HodgesLehmann, type SignedRank } from './signed-rank.ts';
import { signFlipTest, signTest, type SignFlip, type SignFlipOptions, type SignTest } from './sign-tests.ts';

export interface PairedComparison extends StatisticResult {
  readonly nPairs: number;
  /** Raw differences post - pre of the complete pairs, in input order. */
  readonly diff: readonly number[];
  readonly t: PairedT;
  /** Null when any value of a pair is not positive. */
  readonly logT: LogRatioT | null;
  readonly wilcoxon: SignedRank;
  readonly wilcoxonDropZeros: SignedRank;
  readonly hodgesLehmann: HodgesLehmann;
  readonly hodgesLehmannDropZeros: HodgesLehmann;
  readonly sign: SignTest;
  /** Null beyond 20 pairs unless a seed was given. */
  readonly signFlip: SignFlip | null;
}

/** Compares `post` with `pre`; both in the same subject order, null where missing. */
export function comparePaired(
  pre: readonly Maybe[],
  post: readonly Maybe[],
  options: IntervalOptions & SignFlipOptions = {},
): PairedComparison {
  const { conf = 0.95 } = options;
  const before: number[] = [];
  const after: number[] = [];
  for (let i = 0; i < pre.length; i += 1) {
    const u = pre[i];
    const v = post[i];
    if (isPresent(u) && isPresent(v)) {
      before.push(u);
      after.push(v);
    }
  }
  const diff = before.map((value, i) => after[i] - value);
  const snapped = snappedDifferences(before, after);
  const t = pairedT(diff, { conf });
  const logT = logRatioT(before, after, { conf });
  const wilcoxon = signedRank(snapped, { zeroMethod: 'pratt' });
  const estimate = hodgesLehmann(snapped, { conf });
  const warnings = new Set<IssueCode>([...t.warnings, ...wilcoxon.warnings, ...estimate.warnings]);
  if (logT === null) warnings.add('NONPOSITIVE');
  return {
    method: 'paired comparison',
    options: { conf, seed: options.seed ?? null },
    nUsed: diff.length,
    nDropped: pre.length - diff.length,
    warnings: [...warnings],
    nPairs: diff.length,
    diff,
    t,
    logT,
    wilcoxon,
    wilcoxonDropZeros: signedRank(snapped, { zeroMethod: 'wilcoxon' }),
    hodgesLehmann: estimate,
    hodgesLehmannDropZeros: hodgesLehmann(snapped, { conf, zeros: 'drop' }),
    sign: signTest(snapped, { conf }),
    signFlip: signFlipTest(diff, options),
  };
}
