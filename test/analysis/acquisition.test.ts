// What is said of volumes, of events that were not recorded, and of parameters counted in two ways; on tubes made by hand.
import { describe, expect, it } from 'vitest';
import { checkAcquisition, checkPlatforms } from '../../src/analysis/checks/acquisition.ts';
import type { Acquisition, EndpointRow, Tube } from '../../src/endpoints/index.ts';
import type { Sample } from '../../src/study/index.ts';

const acquisition: Acquisition = {
  ...{ volumeNanolitres: 60_000, seconds: 120, unrecorded: 0, recorded: 100_000, kept: [] },
};

function tube(rest: Partial<Sample> = {}, file: Partial<Acquisition> = {}): Tube {
  return {
    sample: {
      ...{ sample: 'A', file: 'A.fcs', subject: 'S1', visit: 'V0', visitNumber: 1, specimen: 'S1_V0' },
      ...{ panel: 'P5', role: 'stained', stimulus: null, omitted: [], collectedAt: '2024-01-09' },
      ...{ beadsPerTube: null, beadLot: null, bloodMicrolitres: 200, totalMicrolitres: null },
      ...{ batch: null, cytometer: null },
      ...rest,
    },
    result: {
      ...{ resultId: 'A', statistics: [], uncertainty: [] },
      populations: ['time_bad1', 'time_ok', 'time_ok/cells'].map((path) => ({
        ...{ population: path, path, parent: null, count: 1, parentCount: 1, fractionOfParent: 1 },
        ...{ fractionOfTotal: 1, status: 'ok', reason: null, method: 'open', ciLow: null, ciHigh: null },
      })),
    },
    reason: null,
    acquisition: { ...acquisition, ...file },
  };
}

const codes = (tubes: readonly Tube[], bloodCounts: readonly { subject: string; visit: string }[] = []) =>
  checkAcquisition(tubes, bloodCounts).map(({ code }) => code);
const volumes = { bloodMicrolitres: 200, totalMicrolitres: 400 };

describe('checkAcquisition', () => {
  it('has nothing to say of tubes that are counted', () => {
    expect(codes([tube(volumes), tube({ beadsPerTube: 50_000 })])).toEqual([]);
  });

  it('says a volume that the manifest says nothing of, once a panel', () => {
    const found = checkAcquisition([tube(), tube({ sample: 'B' })], []);
    expect(found).toEqual([expect.objectContaining({ code: 'W_VOLUME_UNSTATED', place: 'panel P5' })]);
    expect(found[0].message).toContain('A and B');
    expect(codes([tube()], [{ subject: 'S1', visit: 'V0' }])).toEqual(['I_VOLUME_UNUSED']);
    expect(codes([tube()], [{ subject: 'S1', visit: 'V1' }])).toEqual(['W_VOLUME_UNSTATED']);
  });

  it('does not ask for volumes of controls, of panels without counts, and of files without one', () => {
    const others = [tube({ role: 'fmo' }), tube({ panel: 'P2' }), tube({}, { volumeNanolitres: null })];
    expect(codes(others)).toEqual([]);
  });

  it('doubts a volume that cannot be nanolitres', () => {
    expect(codes([tube(volumes, { volumeNanolitres: 60 })])).toEqual(['W_VOLUME_IMPLAUSIBLE']);
    expect(codes([tube(volumes, { volumeNanolitres: 60, seconds: null })])).toEqual([]);
  });

  it('doubts a volume where what was taken out flowed unevenly', () => {
    const kept = (ofTime: number, ofEvents: number) => ({
      kept: [
        // what was taken out is no way to cells
        { path: 'time_bad1', ofTime: 1 - ofTime, ofEvents: 1 - ofEvents },
        { path: 'time_ok', ofTime, ofEvents },
      ],
    });
    expect(codes([tube(volumes, kept(0.9, 0.98))])).toEqual(['W_VOLUME_UNEVEN']);
    expect(codes([tube(volumes, kept(0.9, 0.91))])).toEqual([]);
    expect(codes([tube(volumes, { ...kept(0.9, 0.98), volumeNanolitres: 60 })])).toEqual([
      'W_VOLUME_IMPLAUSIBLE',
    ]);
    expect(codes([tube({ beadsPerTube: 50_000 }, kept(0.9, 0.98))])).toEqual([]);
  });

  it('says more than 5 % of events that were not recorded, however the tube is counted', () => {
    // 5,263 of 105,263 are 5 %
    expect(codes([tube({ beadsPerTube: 50_000 }, { unrecorded: 5263 })])).toEqual([]);
    const [found] = checkAcquisition([tube({ beadsPerTube: 50_000 }, { unrecorded: 5264 })], []);
    expect(found).toMatchObject({ code: 'W_EVENTS_LOST', level: 'warning' });
    expect(found.message).not.toContain('counts by volume');
    const [byVolume] = checkAcquisition([tube(volumes, { unrecorded: 6000 })], []);
    expect(byVolume.message).toContain('counts by volume');
  });
});

describe('checkPlatforms', () => {
  const row = (subject: string, paramcd: string, platform: EndpointRow['platform']): EndpointRow => ({
    ...{ subject, paramcd, platform, visit: 'V0', visitNumber: 1, specimen: 'X', collectedAt: '2024-01-09' },
    ...{ panel: 'P5', param: paramcd, unit: 'cells/uL', value: 1, ciLow: null, ciHigh: null },
    ...{ gatingLow: null, gatingHigh: null, totalLow: null, totalHigh: null, status: 'OK', reason: null },
    ...{ reported: 1, lod: null, lloq: null, events: 1, parentEvents: null, sources: [] },
  });

  it('names the parameters of a subject that are counted in more than one way', () => {
    const rows = [
      row('S1', 'MOABS', 'volume'),
      row('S1', 'MOABS', 'panLeuco'),
      row('S1', 'CD4ABS', 'beads'),
      row('S1', 'CD4ABSD', 'lymphocyte'),
      row('S2', 'MOABS', 'panLeuco'),
      row('S2', 'MOPCT', null),
    ];
    expect(checkPlatforms(rows).map(({ code, message }) => `${code} ${message}`)).toEqual([
      'W_PLATFORM_MIXED MOABS of S1 are counted in more than one way: panLeuco and volume.',
    ]);
    expect(checkPlatforms(rows.slice(1))).toEqual([]);
  });
});
