// Log-rank tests (statistics.md section 15): k samples, strata, Peto-Prentice weights, and one sample against a hazard.
import { chiSquareUpper, normalTwoSided } from './distributions.ts';
import { checkTimes } from './survival-curve.ts';
import { generalisedQuadratic, zeros } from './matrix.ts';
import type { Maybe, StatisticResult } from './result.ts';

export interface LogRankTest {
  /** Weighted observed and expected events, in the order of the groups. */
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly chi2: Maybe;
  readonly df: number;
  readonly p: Maybe;
}

export interface LogRank extends StatisticResult {
  readonly groups: readonly string[];
  readonly logrank: LogRankTest;
  /** Weights S(t-) of the pooled sample of the stratum. */
  readonly petoPrentice: LogRankTest;
}

export interface LogRankOptions {
  readonly groupOrder?: readonly string[];
  readonly strata?: readonly string[] | null;
}

/**
 * Log-rank and Peto-Prentice tests of k groups, within strata where they are given. A row a subject: `time` at least 0, `event` 1 or 0,
 * `group` by name; groups in `groupOrder`, else by name. NO_EVENTS or TOO_FEW beside a null.
 */
export function logRank(
  time: readonly number[],
  event: readonly number[],
  group: readonly string[],
  options: LogRankOptions = {},
): LogRank {
  checkTimes(time);
  const groups = options.groupOrder ?? [...new Set(group)].sort();
  const strata = options.strata ?? null;
  const labels = strata === null ? [null] : [...new Set(strata)].sort();
  const members = labels.map((label) =>
    time.map((_, i) => i).filter((i) => strata === null || label === null || strata[i] === label),
  );
  const test = (peto: boolean): LogRankTest => weightedTest(time, event, group, groups, members, peto);
  const logrank = test(false);
  return {
    method: strata === null ? 'log-rank' : 'stratified log-rank',
    options: {},
    nUsed: time.length,
    nDropped: 0,
    warnings: !event.includes(1) ? ['NO_EVENTS'] : logrank.chi2 === null ? ['TOO_FEW'] : [],
    groups,
    logrank,
    petoPrentice: test(true),
  };
}

function weightedTest(
  time: readonly number[],
  event: readonly number[],
  group: readonly string[],
  groups: readonly string[],
  strata: readonly (readonly number[])[],
  peto: boolean,
): LogRankTest {
  const g = groups.length;
  const observed = new Array<number>(g).fill(0);
  const expected = new Array<number>(g).fill(0);
  const covariance = zeros(g, g);
  for (const members of strata) {
    const times = [...new Set(members.filter((i) => event[i] === 1).map((i) => time[i]))].sort(
      (a, b) => a - b,
    );
    let survival = 1;
    for (const t of times) {
      const risk = new Array<number>(g).fill(0);
      const deaths = new Array<number>(g).fill(0);
      for (const i of members) {
        if (time[i] < t) continue;
        const k = groups.indexOf(group[i]);
        risk[k] += 1;
        if (time[i] === t && event[i] === 1) deaths[k] += 1;
      }
      const n = risk.reduce((s, v) => s + v, 0);
      const d = deaths.reduce((s, v) => s + v, 0);
      const weight = peto ? survival : 1;
      const scale = n > 1 ? (weight * weight * d * (n - d)) / (n - 1) : 0;
      for (let a = 0; a < g; a += 1) {
        observed[a] += weight * deaths[a];
        expected[a] += (weight * d * risk[a]) / n;
        for (let b = 0; b < g; b += 1) {
          covariance[a][b] += scale * (((a === b ? 1 : 0) * risk[a]) / n - (risk[a] * risk[b]) / (n * n));
        }
      }
      survival *= (n - d) / n;
    }
  }
  const { value, rank } = generalisedQuadratic(
    covariance,
    observed.map((o, k) => o - expected[k]),
  );
  return rank === 0
    ? { observed, expected, chi2: null, df: g - 1, p: null }
    : { observed, expected, chi2: value, df: rank, p: chiSquareUpper(value, rank) };
}

export interface OneSampleLogRank extends StatisticResult {
  readonly observed: number;
  readonly expected: number;
  readonly z: Maybe;
  readonly chi2: Maybe;
  readonly p: Maybe;
  /** Observed over expected events. */
  readonly smr: Maybe;
}

/**
 * Observed events of one arm against those that an exponential hazard (per unit of `time`) lets expect: z = (O - E)/√E, for a historical
 * median m the hazard is ln 2 / m. A row a subject: `time` at least 0, `event` 1 or 0. No part of a run, which tests no primary end point
 * (statistics.md section 1).
 */
export function oneSampleLogRank(
  time: readonly number[],
  event: readonly number[],
  hazard: number,
): OneSampleLogRank {
  checkTimes(time);
  let expected = 0;
  for (const t of time) expected += hazard * t;
  const observed = event.reduce((s, e) => s + e, 0);
  const z = expected > 0 ? (observed - expected) / Math.sqrt(expected) : null;
  return {
    method: 'one-sample log-rank',
    options: { hazard },
    nUsed: time.length,
    nDropped: 0,
    warnings: observed === 0 ? ['NO_EVENTS'] : [],
    observed,
    expected,
    z,
    chi2: z === null ? null : z * z,
    p: z === null ? null : normalTwoSided(z),
    smr: expected > 0 ? observed / expected : null,
  };
}
