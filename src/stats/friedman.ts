// Three or more time points by ranks (statistics.md section 9): Friedman, its post-hoc tests, Skillings-Mack.
// Invariant: Friedman, Nemenyi and Conover use complete subjects; pairwise Wilcoxon uses every available pair.
import type { IssueCode } from '../errors.ts';
import { chiSquareUpper, fUpper, tTwoSided } from './distributions.ts';
import { generalisedQuadratic, zeros } from './matrix.ts';
import { adjustPValues } from './multiplicity.ts';
import { midranks, snappedDifferences } from './ranks.ts';
import { isPresent, type Maybe, type StatisticResult } from './result.ts';
import { signedRank } from './signed-rank.ts';
import { studentisedRangeUpper } from './studentised-range.ts';

export interface FriedmanResult extends StatisticResult {
  readonly nSubjects: number;
  readonly nComplete: number;
  readonly k: number;
  readonly meanRanks: readonly Maybe[];
  readonly rankSums: readonly Maybe[];
  readonly chi2: Maybe;
  readonly df: number;
  readonly p: Maybe;
  readonly imanDavenportF: Maybe;
  readonly df1: number;
  readonly df2: number;
  readonly pF: Maybe;
  readonly kendallW: Maybe;
  /** "first|second" for every pair, in the order of all post-hoc lists. */
  readonly pairs: readonly string[];
  readonly nemenyi: { readonly q: readonly Maybe[]; readonly p: readonly Maybe[] };
  readonly conover: {
    readonly t: readonly Maybe[];
    readonly df: number;
    readonly p: readonly Maybe[];
    readonly pHolm: readonly Maybe[];
  };
  readonly pairwiseWilcoxonPratt: {
    readonly n: readonly number[];
    readonly p: readonly Maybe[];
    readonly pHolm: readonly Maybe[];
  };
  /** Every visit against the first one, with its own Holm family. */
  readonly versusFirst: { readonly p: readonly Maybe[]; readonly pHolm: readonly Maybe[] };
  readonly skillingsMack: {
    readonly nBlocks: number;
    readonly statistic: Maybe;
    readonly df: number;
    readonly p: Maybe;
  };
}

export interface FriedmanOptions {
  /** Snap the differences of the pairwise tests so that decimals tie as on paper (section 2); true unless told. */
  readonly snapDifferences?: boolean;
}

/** `y` is subjects × visits, null where missing; `visits` names the columns. */
export function friedman(
  y: readonly (readonly Maybe[])[],
  visits: readonly string[],
  options: FriedmanOptions = {},
): FriedmanResult {
  const { snapDifferences = true } = options;
  const k = visits.length;
  const complete = y.filter((row) => row.every(isPresent)).map((row) => row.map((value) => value ?? 0));
  const n = complete.length;
  const rankSums = new Array<number>(k).fill(0);
  let squares = 0;
  for (const row of complete) {
    midranks(row).forEach((rank, j) => {
      rankSums[j] += rank;
      squares += rank * rank;
    });
  }
  const spread = squares - (n * k * (k + 1) * (k + 1)) / 4;
  let between = 0;
  for (const total of rankSums) between += (total - (n * (k + 1)) / 2) * (total - (n * (k + 1)) / 2);
  const warnings: IssueCode[] = [];
  if (n < 2) warnings.push('TOO_FEW');
  else if (!(spread > 0)) warnings.push('ZERO_VARIANCE');
  const defined = n >= 2 && spread > 0;
  const chi2 = defined ? ((k - 1) * between) / spread : null;
  const most = n * (k - 1);
  const df2 = (n - 1) * (k - 1);
  const room = chi2 === null ? 0 : most - chi2;
  const perfect = room <= 1e-12 * most;
  const f = chi2 === null || perfect ? null : ((n - 1) * chi2) / room;
  const order = pairsOf(k);
  const nemenyiQ = order.map(([i, j]) =>
    n === 0 ? null : Math.abs(rankSums[i] - rankSums[j]) / n / Math.sqrt((k * (k + 1)) / (12 * n)),
  );
  const conoverScale =
    chi2 === null || perfect ? null : Math.sqrt(((2 * n * spread) / df2) * (1 - chi2 / most));
  const conoverT = order.map(([i, j]) =>
    conoverScale === null ? null : (rankSums[j] - rankSums[i]) / conoverScale,
  );
  const conoverP = conoverT.map((t) => (t === null ? null : tTwoSided(t, df2)));
  const wilcoxon = order.map(([i, j]) => pairwise(y, i, j, snapDifferences));
  const wilcoxonP = wilcoxon.map((test) => test.p);
  const firstP = wilcoxonP.slice(0, k - 1);
  return {
    method: 'Friedman',
    options: { snapDifferences },
    nUsed: n,
    nDropped: y.length - n,
    warnings,
    nSubjects: y.length,
    nComplete: n,
    k,
    meanRanks: rankSums.map((total) => (n === 0 ? null : total / n)),
    rankSums: n === 0 ? rankSums.map(() => null) : rankSums,
    chi2,
    df: k - 1,
    p: chi2 === null ? null : chiSquareUpper(chi2, k - 1),
    imanDavenportF: f,
    df1: k - 1,
    df2,
    pF: f === null ? null : fUpper(f, k - 1, df2),
    kendallW: chi2 === null ? null : chi2 / most,
    pairs: order.map(([i, j]) => `${visits[i]}|${visits[j]}`),
    nemenyi: { q: nemenyiQ, p: nemenyiQ.map((q) => (q === null ? null : studentisedRangeUpper(q, k))) },
    conover: { t: conoverT, df: df2, p: conoverP, pHolm: adjustPValues(conoverP, 'holm') },
    pairwiseWilcoxonPratt: {
      n: wilcoxon.map((test) => test.n),
      p: wilcoxonP,
      pHolm: adjustPValues(wilcoxonP, 'holm'),
    },
    versusFirst: { p: firstP, pHolm: adjustPValues(firstP, 'holm') },
    skillingsMack: skillingsMack(y, k),
  };
}

/** (0,1), (0,2) … (k-2,k-1): the pairs with the first visit come first. */
function pairsOf(k: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < k; i += 1) for (let j = i + 1; j < k; j += 1) pairs.push([i, j]);
  return pairs;
}

function pairwise(
  y: readonly (readonly Maybe[])[],
  i: number,
  j: number,
  snap: boolean,
): { n: number; p: Maybe } {
  const pre: number[] = [];
  const post: number[] = [];
  for (const row of y) {
    const u = row[i];
    const v = row[j];
    if (isPresent(u) && isPresent(v)) {
      pre.push(u);
      post.push(v);
    }
  }
  if (pre.length === 0) return { n: 0, p: null };
  const differences = snap ? snappedDifferences(pre, post) : pre.map((value, s) => post[s] - value);
  const test = signedRank(differences);
  return { n: pre.length, p: test.pExact ?? test.p };
}

/** Skillings and Mack (1981) for missing cells: missing rank (k_j + 1)/2, weight sqrt(12/(k_j + 1)), no tie correction. */
function skillingsMack(y: readonly (readonly Maybe[])[], k: number): FriedmanResult['skillingsMack'] {
  const blocks = y.filter((row) => row.filter(isPresent).length >= 2);
  const scores = new Array<number>(k).fill(0);
  const covariance = zeros(k, k);
  for (const row of blocks) {
    const seen: number[] = [];
    row.forEach((value, j) => {
      if (isPresent(value)) seen.push(j);
    });
    const ranks = midranks(seen.map((j) => row[j] ?? 0));
    const weight = Math.sqrt(12 / (seen.length + 1));
    seen.forEach((j, s) => {
      scores[j] += weight * (ranks[s] - (seen.length + 1) / 2);
      for (const other of seen) {
        if (other === j) continue;
        covariance[j][other] -= 1;
        covariance[j][j] += 1;
      }
    });
  }
  if (blocks.length === 0) return { nBlocks: 0, statistic: null, df: k - 1, p: null };
  const statistic = generalisedQuadratic(covariance, scores).value;
  return { nBlocks: blocks.length, statistic, df: k - 1, p: chiSquareUpper(statistic, k - 1) };
}
