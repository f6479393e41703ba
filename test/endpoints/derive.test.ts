import { describe, expect, it } from 'vitest';
import { deriveImmune } from '../../src/endpoints/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { compareTable, expectedRows, trialConfig, trialTable, trials } from '../stats/trials.ts';

for (const trial of trials) {
  describe.skipIf(!truthPresent)(`${trial} from its own config.json (needs ../shared)`, () => {
    const subjects = () => trialTable(trial, 'adsl');
    const run = (analysed = subjects()) =>
      deriveImmune(trialTable(trial, 'immune'), analysed, trialTable(trial, 'params'), trialConfig(trial));

    it('has the expected ADIM and missingness', () => {
      const result = run();
      expect(compareTable(expectedRows(trial, 'adim.csv'), result.adim).misses).toEqual([]);
      expect(compareTable(expectedRows(trial, 'immune_missingness.csv'), result.missingness).misses).toEqual(
        [],
      );
    });

    it('does not depend on the order of the input rows', () => {
      const backward = deriveImmune(
        [...trialTable(trial, 'immune')].reverse(),
        subjects(),
        trialTable(trial, 'params'),
        trialConfig(trial),
      );
      expect(
        compareTable(expectedRows(trial, 'immune_missingness.csv'), backward.missingness).misses,
      ).toEqual([]);
      expect(backward.adim.map((row) => [row.USUBJID, row.ASEQ, row.SPECID, row.ANL01FL])).toEqual(
        run().adim.map((row) => [row.USUBJID, row.ASEQ, row.SPECID, row.ANL01FL]),
      );
    });

    it('keeps a subject outside the full analysis set in ADIM and out of the tables', () => {
      const [first, ...rest] = subjects();
      const result = run([{ ...first, FASFL: 'N' }, ...rest]);
      expect(result.adim.some((row) => row.USUBJID === first.USUBJID)).toBe(true);
      expect(result.missingness[0].nSubjects).toBe(19);
    });
  });
}
