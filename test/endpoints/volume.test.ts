// Counts by the volume drawn, from tubes to endpoint rows by hand calculation: which way is chosen, what is refused, what is allowed for.
import { describe, expect, it } from 'vitest';
import {
  deriveEndpoints,
  drawsOf,
  plannedParameters,
  type Acquisition,
  type EndpointRow,
  type Tube,
} from '../../src/endpoints/index.ts';
import type { PopulationRow, UncertaintyRow } from '../../src/results/index.ts';
import type { BloodCountRecord, Sample } from '../../src/study/index.ts';

const acquisition: Acquisition = {
  ...{ volumeNanolitres: 60_000, seconds: 120, unrecorded: 0, recorded: 100_000 },
  kept: [{ path: 'time_ok', ofTime: 0.9, ofEvents: 0.9 }],
};
const volumes = { bloodMicrolitres: 200, totalMicrolitres: 400 };

function tube(
  panel: string,
  counts: Readonly<Record<string, number | null>>,
  rest: Partial<Sample> = {},
  file: Acquisition | null = acquisition,
): Tube {
  const sample: Sample = {
    ...{ sample: panel, file: `${panel}.fcs`, subject: 'S1', visit: 'V0', visitNumber: 1, specimen: 'S1_V0' },
    ...{ panel, role: 'stained', stimulus: null, omitted: [], collectedAt: '2024-01-09T08:00:00' },
    ...{ beadsPerTube: null, beadLot: null, bloodMicrolitres: null, totalMicrolitres: null },
    ...{ batch: null, cytometer: null },
    ...rest,
  };
  const populations = Object.entries(counts).map(([path, count]): PopulationRow => ({
    ...{ population: path.replace(/^.*\//, ''), path, count, parentCount: null, fractionOfParent: null },
    ...{ parent: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null, fractionOfTotal: null },
    ...{ status: 'ok', reason: null, method: 'valley', ciLow: null, ciHigh: null },
  }));
  const uncertainty = Object.keys(counts).map((path): UncertaintyRow => ({
    ...{ population: path.replace(/^.*\//, ''), path, fractionOfParent: 0.5, ciLow: null, ciHigh: null },
    ...{ gateLow: 0.5, gateHigh: 0.5, totalLow: null, totalHigh: null, countLow: null, countHigh: null },
    ...{ cutSe: null, cutSe2: null, reason: null, moves: [] },
  }));
  return {
    sample,
    result: { resultId: panel, populations, statistics: [], uncertainty },
    reason: null,
    acquisition: file,
  };
}

const blood: BloodCountRecord = {
  ...{ subject: 'S1', visit: 'V0', collected_at: '2024-01-09T08:30:00' },
  ...{ WBC: 5, NEUT: 3, LYM: 1.5, MONO: 0.4, EOS: 0.1, BASO: 0.02, PLT: 188 },
};

function rowsOf(tubes: readonly Tube[]): Map<string, EndpointRow> {
  const panels = [...new Set(tubes.map(({ sample }) => sample.panel))];
  const rows = deriveEndpoints(drawsOf(tubes, [blood]), plannedParameters(panels, true));
  return new Map(rows.map((row) => [row.paramcd, row]));
}

const p5 = { time_ok: 90_000, 'time_ok/leuk': 60_000, 'time_ok/leuk/Mono': 10_800 };

describe('a tube with a total volume and no beads', () => {
  // 60 µL drawn, 9 tenths of the time kept, half of it blood: 27 µL
  const row = rowsOf([tube('P5', p5, volumes)]).get('MOABS');

  it('is counted in the blood of the kept time, though there is a blood count', () => {
    expect(row).toMatchObject({ platform: 'volume', status: 'OK', events: 10_800, parentEvents: null });
    expect(row?.value).toBeCloseTo(400, 10);
    expect(row?.sources).toEqual([{ sample: 'P5', resultId: 'P5', paths: ['time_ok/leuk/Mono'] }]);
  });

  it('has the interval of events, pipetting and volume, and limits in cells per microlitre', () => {
    // CV² = 1/10800 + .03² + .02²; 400·exp(±1.96·.0373175)
    expect(row?.ciLow).toBeCloseTo(371.787954, 5);
    expect(row?.ciHigh).toBeCloseTo(430.352835, 5);
    expect(row?.lod).toBeCloseTo(20 / 27, 12);
    expect(row?.lloq).toBeCloseTo(50 / 27, 12);
    // no cut moves: the combined interval is that of counting
    expect([row?.totalLow, row?.totalHigh]).toEqual([
      expect.closeTo(row?.ciLow ?? NaN, 8),
      expect.closeTo(row?.ciHigh ?? NaN, 8),
    ]);
  });

  it('tells no cells from no answer', () => {
    const none = rowsOf([tube('P5', { ...p5, 'time_ok/leuk/Mono': 0 }, volumes)]).get('MOABS');
    expect(none).toMatchObject({ value: 0, status: 'ND' });
    expect(none?.ciHigh).toBeCloseTo(3.6888795 / 27, 6);
    expect(rowsOf([tube('P5', p5, volumes)]).get('DCABS')).toMatchObject({ value: null, status: 'NE' });
  });

  it('says how much blood was looked at', () => {
    expect(rowsOf([tube('P5', p5, volumes)]).get('QCVACQ')?.value).toBeCloseTo(27, 12);
    expect(rowsOf([tube('P5', p5)]).has('QCVACQ')).toBe(false);
  });

  it('allows upwards for what the instrument did not record', () => {
    const lost = { ...acquisition, unrecorded: 4000 };
    const limited = rowsOf([tube('P5', p5, volumes, lost)]).get('MOABS');
    expect(limited?.value).toBeCloseTo(400, 10);
    expect(limited?.gatingLow).toBeCloseTo(400, 8);
    expect(limited?.gatingHigh).toBeCloseTo(400 * 1.04, 8);
  });

  it('allows for pairs as a count by beads does', () => {
    // 3,000 lost by the singlet gates, 57,000 kept: d = .05, (1 + d)/(1 - d) = 1.10526
    const pairs = { ...p5, 'time_ok/nomargin': 60_000, 'time_ok/singS': 57_000, 'time_ok/leuk': 57_000 };
    const high = rowsOf([tube('P5', pairs, volumes)]).get('MOABS')?.gatingHigh;
    expect(high).toBeCloseTo((400 * 1.05) / 0.95, 8);
  });
});

describe('a ratio of two tubes that are counted by volume', () => {
  const lost = (unrecorded: number) => ({ ...acquisition, unrecorded });
  const counts = { time_ok: 90_000, 'time_ok/CD4T': 20_000, 'time_ok/CD4T/Treg': 1080 };
  const ratioOf = (p1: Acquisition, p2: Acquisition, own: Partial<Sample>) =>
    rowsOf([
      tube('P1', { 'time_ok/CD8T': 5400, 'time_ok/CD4T': 13_500 }, volumes, p1),
      tube('P2', counts, own, p2),
    ]).get('CD8TREGR');

  it('allows for what either of them did not record, each on its side', () => {
    // 5,400 over 1,080 in the same volume
    const row = ratioOf(lost(4000), lost(10_000), volumes);
    expect(row?.value).toBeCloseTo(5, 10);
    expect(row?.gatingHigh).toBeCloseTo(5 * 1.04, 8);
    expect(row?.gatingLow).toBeCloseTo(5 / 1.1, 8);
  });

  it('does not where one is bridged to the other: what P1 lost is missing in both', () => {
    // 5,400 over 13,500 times 0.054
    const row = ratioOf(lost(4000), lost(10_000), {});
    const value = 5400 / (13_500 * 0.054);
    for (const limit of [row?.value, row?.gatingLow, row?.gatingHigh]) expect(limit).toBeCloseTo(value, 8);
  });
});

describe('which way is taken is what the manifest plans', () => {
  it('beads before the volume', () => {
    const both = { ...volumes, beadsPerTube: 40_000 };
    const row = rowsOf([tube('P5', { ...p5, 'time_ok/beads': 5000 }, both)]).get('MOABS');
    expect(row?.platform).toBe('beads');
    expect(row?.value).toBeCloseTo((10_800 / 5000) * (40_000 / 200), 8);
    // too few of them are no reason to count in another way
    const few = rowsOf([tube('P5', { ...p5, 'time_ok/beads': 999 }, both)]).get('MOABS');
    expect(few).toMatchObject({ value: null, platform: 'beads', status: 'NE' });
  });

  it('the blood count where no total volume is stated', () => {
    const row = rowsOf([tube('P5', p5, { bloodMicrolitres: 200 })]).get('MOABS');
    expect(row).toMatchObject({ platform: 'panLeuco' });
    expect(row?.value).toBeCloseTo((5000 * 10_800) / 60_000, 10);
  });

  it('the volume of its own tube before a bridge', () => {
    const counts = { time_ok: 90_000, 'time_ok/CD4T': 20_000, 'time_ok/CD4T/Treg': 1080 };
    const p1 = tube('P1', { 'time_ok/CD4T': 13_500 }, volumes);
    const own = rowsOf([p1, tube('P2', counts, volumes)]).get('TREGABS');
    expect(own).toMatchObject({ platform: 'volume' });
    expect(own?.value).toBeCloseTo(40, 10);
    // 500 CD4 cells by the volume of P1, 5.4 % of them
    const bridged = rowsOf([p1, tube('P2', counts)]).get('TREGABS');
    expect(bridged).toMatchObject({ platform: 'bridged' });
    expect(bridged?.value).toBeCloseTo(27, 10);
  });
});

describe('a volume that is none', () => {
  const reasonOf = (rest: Partial<Sample>, file: Acquisition | null) => {
    const row = rowsOf([tube('P5', p5, rest, file)]).get('MOABS');
    expect(row).toMatchObject({ value: null, status: 'NE', platform: 'volume' });
    return row?.reason;
  };

  it('is not replaced by the blood count', () => {
    expect(reasonOf(volumes, { ...acquisition, volumeNanolitres: null })).toMatch(/\$VOL/);
    expect(reasonOf(volumes, null)).toMatch(/\$VOL/);
    expect(reasonOf({ totalMicrolitres: 400 }, acquisition)).toMatch(/blood volume/);
  });

  it('gives no count where it is not known what was left of it', () => {
    const kept = [{ path: 'time_ok', ofTime: null, ofEvents: 0.9 }];
    expect(reasonOf(volumes, { ...acquisition, kept })).toMatch(/not known/);
    // beads are masked with the cells, whatever was taken out
    const beads = { ...volumes, beadsPerTube: 40_000 };
    const row = rowsOf([tube('P5', { ...p5, 'time_ok/beads': 5000 }, beads, { ...acquisition, kept })]);
    expect(row.get('MOABS')).toMatchObject({ platform: 'beads', status: 'OK' });
  });

  it('gives no count where it cannot be nanolitres', () => {
    // 60 in two minutes: a file that says microlitres
    expect(reasonOf(volumes, { ...acquisition, volumeNanolitres: 60 })).toMatch(/0\.030 µL .* in a minute/);
    expect(reasonOf(volumes, { ...acquisition, volumeNanolitres: 6e7 })).toMatch(/cannot be/);
    const undated = rowsOf([tube('P5', p5, volumes, { ...acquisition, seconds: null })]).get('MOABS');
    expect(undated?.value).toBeCloseTo(400, 10);
  });
});
