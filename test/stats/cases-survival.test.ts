import { describe, expect, it } from 'vitest';
import { censoredLognormal } from '../../src/stats/censored-lognormal.ts';
import { cumulativeIncidence } from '../../src/stats/competing-risks.ts';
import { clusterKaplanMeier } from '../../src/stats/cluster-kaplan-meier.ts';
import { kaplanMeier } from '../../src/stats/kaplan-meier.ts';
import { logRank, oneSampleLogRank } from '../../src/stats/log-rank.ts';
import type { Maybe } from '../../src/stats/result.ts';
import { compareWithTruth, truthCases, truthPresent, type Tolerance, type TruthCase } from './truth.ts';

interface Survival {
  readonly time: number[];
  readonly event: number[];
  readonly status: number[];
  readonly group: string[];
  readonly strata: string[] | null;
  readonly cluster: number[];
}

const data = (truth: TruthCase): Survival => truth.input as unknown as Survival;
const option = <T>(truth: TruthCase, name: string): T => truth.options?.[name] as T;
const landmarks = (truth: TruthCase): number[] => [option<number | number[]>(truth, 'landmarks')].flat();

const families: {
  name: string;
  floor: number;
  compute: (truth: TruthCase) => unknown;
  tolerance?: Tolerance;
}[] = [
  {
    name: 'survival-km',
    floor: 4735,
    compute: (truth) => {
      const { time, event, cluster } = data(truth);
      if (cluster !== undefined)
        return clusterKaplanMeier(time, event, cluster, { landmarks: landmarks(truth) });
      return kaplanMeier([time].flat(), [event].flat(), {
        conf: option(truth, 'conf'),
        landmarks: landmarks(truth),
        tau: option(truth, 'tau'),
      });
    },
  },
  {
    name: 'survival-logrank',
    floor: 70,
    compute: (truth) => {
      const { time, event, group, strata } = data(truth);
      if (group === undefined) return oneSampleLogRank(time, event, option(truth, 'nullHazard'));
      return logRank(time, event, group, { groupOrder: option(truth, 'groupOrder'), strata });
    },
  },
  {
    name: 'competing-risks',
    floor: 510,
    compute: (truth) =>
      cumulativeIncidence(data(truth).time, data(truth).status, { landmarks: landmarks(truth) }),
  },
];

for (const family of families) {
  describe.skipIf(!truthPresent)(`${family.name} against R (needs ../shared)`, () => {
    let compared = 0;
    for (const truth of truthCases(family.name)) {
      it(truth.id, () => {
        const report = compareWithTruth(truth.expected, family.compute(truth), family.tolerance);
        compared += report.compared;
        expect(report.misses).toEqual([]);
      });
    }
    it('ran every comparison', () => {
      if (process.env['SHOW_COUNTS']) console.log(family.name, compared);
      expect(compared).toBeGreaterThanOrEqual(family.floor);
    });
  });
}

describe.skipIf(!truthPresent)('lloq maximum likelihood against survreg (needs ../shared)', () => {
  for (const truth of truthCases('lloq')) {
    it(truth.id, () => {
      const found = censoredLognormal(truth.input['value'] as Maybe[], truth.input['lloq'] as number[]);
      const report = compareWithTruth(
        { ...(truth.expected['mle'] as object), nBlq: truth.expected['nBlq'] },
        found,
      );
      expect(report.misses).toEqual([]);
    });
  }
});
