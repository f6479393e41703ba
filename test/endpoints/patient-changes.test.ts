// Whether one patient's change is larger than its measurement error, by hand.
import { describe, expect, it } from 'vitest';
import { patientChanges, type AdimRow, type EndpointRow } from '../../src/endpoints/index.ts';

const windows = [
  { n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null },
  { n: 1, label: 'Month 1', phase: 'POST', target: 30, lo: 22, hi: 60 },
] as const;

const adim = (visit: 0 | 1, AVAL: number): AdimRow =>
  ({
    ...{ USUBJID: 'S1', PARAMCD: 'BABS', SPECID: `S1_${visit}`, ANL01FL: 'Y', AVISITN: visit },
    ...{ AVISIT: windows[visit].label, ABLFL: visit === 0 ? 'Y' : '', AVAL, BASE: 100 },
    ...(visit === 0 ? {} : { CHG: AVAL - 100, PCHG: AVAL - 100, R2BASE: AVAL / 100 }),
  }) as AdimRow;

/** Limits a factor to either side: e^0.2 of counting, e^0.1 of gating. */
const endpoint = (visit: 0 | 1, value: number, rest: Partial<EndpointRow> = {}): EndpointRow =>
  ({
    ...{ specimen: `S1_${visit}`, paramcd: 'BABS', value, status: 'OK' },
    ...{ ciLow: value * Math.exp(-0.2), ciHigh: value * Math.exp(0.2) },
    ...{ gatingLow: value * Math.exp(-0.1), gatingHigh: value * Math.exp(0.1) },
    ...rest,
  }) as EndpointRow;

const changeOf = (now: EndpointRow, AVAL: number, conf = 0.95) =>
  patientChanges([adim(0, 100), adim(1, AVAL)], [endpoint(0, 100), now], windows, conf)[0];
// both values, each with both errors: sqrt(2 (0.2^2 + 0.1^2))
const half = Math.sqrt(0.1);

describe('the change of a patient', () => {
  it('has the errors of both values as squares on the ln scale', () => {
    const found = changeOf(endpoint(1, 150), 150);
    expect(found.ratioLow).toBeCloseTo(1.5 * Math.exp(-half), 10);
    expect(found.ratioHigh).toBeCloseTo(1.5 * Math.exp(half), 10);
    expect([150, 130, 70].map((value) => changeOf(endpoint(1, value), value).change)).toEqual([
      'up',
      'unclear',
      'down',
    ]);
  });

  it('narrows with the level of the study, as the limits of its values are those of 95 %', () => {
    // qnorm(0.95) / qnorm(0.975) = 1.644854 / 1.959964
    expect(changeOf(endpoint(1, 150), 150, 0.9).ratioLow).toBeCloseTo(1.5 * Math.exp(-half * 0.8392265), 6);
  });

  it('has no interval where a value is below quantification or has no counting error', () => {
    for (const rest of [{ status: 'BLQ' }, { ciLow: null }] as const)
      expect(changeOf(endpoint(1, 150, rest), 150)).toMatchObject({
        ratioLow: null,
        change: null,
        R2BASE: 1.5,
      });
  });
});
