import { describe, expect, it } from 'vitest';
import { deriveAdtte, localProgression } from '../../src/clinical/index.ts';
import { truthPresent } from '../stats/truth.ts';
import { expectedJson, trialTable, trials } from '../stats/trials.ts';

describe.skipIf(!truthPresent)('localProgression (needs ../shared)', () => {
  for (const trial of trials) {
    it(`${trial}: the curve of the lesions, and incidences that add up to 1 - S of LPFS`, () => {
      type Km = { ci: { loglog: { landmark: { surv: number[] } } } };
      const { params } = expectedJson<{ params: Record<string, Km> }>(trial, 'km.json');
      const { rows } = deriveAdtte(trialTable(trial, 'adsl'), [], trialTable(trial, 'local'));
      const { perLesion, incidence } = localProgression(rows);
      params['LTPL'].ci.loglog.landmark.surv.forEach((s, i) =>
        expect(perLesion.landmark.surv[i]).toBeCloseTo(s, 12),
      );
      params['LPFS'].ci.loglog.landmark.surv.forEach((s, i) => {
        expect(incidence.landmark.cif1[i] + incidence.landmark.cif2[i]).toBeCloseTo(1 - s, 12);
      });
      expect(incidence.landmark.cif1[2]).toBeGreaterThan(0);
      expect(incidence.landmark.cif2[2]).toBeGreaterThan(0);
    });
  }
});
