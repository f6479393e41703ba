// A parameter that the whole study lacks for one reason is told once; what a single tube lacks, and what no tube of was gated, is not.
import { describe, expect, it } from 'vitest';
import { checkAbsent } from '../../src/analysis/checks/absent.ts';
import type { EndpointRow } from '../../src/endpoints/index.ts';

const none = 'There is no tube saturated with drug.';

function row(paramcd: string, reason: string | null, resultId: string | null = 'R'): EndpointRow {
  return {
    ...{ subject: 'S1', visit: 'V0', visitNumber: 1, specimen: 'S1_V0', collectedAt: '2024-01-09' },
    ...{
      panel: 'P2',
      param: paramcd,
      unit: '%',
      value: reason === null ? 40 : null,
      ciLow: null,
      ciHigh: null,
    },
    ...{ gatingLow: null, gatingHigh: null, totalLow: null, totalHigh: null },
    ...{ status: reason === null ? 'OK' : 'NE', reason, reported: null, lod: null, lloq: null, events: null },
    ...{ parentEvents: null, platform: null, paramcd },
    sources: [{ sample: 'A', resultId, paths: [] }],
  };
}

describe('checkAbsent', () => {
  it('says a parameter without a value, its reason, once', () => {
    const rows = [row('PD1TPCT', none), row('CD8NPCT', null), row('PD1TPCT', none)];
    expect(checkAbsent(rows)).toEqual([
      {
        code: 'I_PARAMETER_ABSENT',
        level: 'info',
        place: 'PD1TPCT',
        message: `PD1TPCT has no value in any specimen: ${none}`,
      },
    ]);
  });

  it('says nothing of one that has a value, or lacks it for several reasons', () => {
    expect(checkAbsent([row('PD1TPCT', none), row('PD1TPCT', null)])).toEqual([]);
    expect(checkAbsent([row('PD1TPCT', none), row('PD1TPCT', 'There are too few cells.')])).toEqual([]);
    expect(checkAbsent([])).toEqual([]);
  });

  it('is not kept from it by a tube that could not be read', () => {
    const rows = [row('PD1TPCT', none), row('PD1TPCT', 'The file was cut short.', null)];
    expect(checkAbsent(rows).map(({ place }) => place)).toEqual(['PD1TPCT']);
  });

  it('says nothing of a panel of which no tube was gated', () => {
    const reason = 'The panel has no template.';
    expect(checkAbsent([row('CD8NPCT', reason, null), row('CD4NPCT', reason, null)])).toEqual([]);
  });

  it('says what no blood count gives, which has no tube', () => {
    const eosinophils = { ...row('EOS', 'The blood count does not give it.'), sources: [] };
    expect(checkAbsent([eosinophils]).map(({ place }) => place)).toEqual(['EOS']);
  });
});
