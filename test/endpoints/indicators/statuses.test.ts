import { describe, expect, it } from 'vitest';
import {
  activationIndex,
  cbcIndices,
  concentrationRatio,
  countByBeads,
  countByBridge,
  countByLymphocytes,
  countByVolume,
  countStatus,
  deltaMdfi,
  eventRatio,
  freePd1,
  immuneParameter,
  immuneParameters,
  integratedMdfi,
  limitsFromBlanks,
  mdscTotal,
  naiveToMemory,
  pairable,
  percentage,
  receptorOccupancy,
  reported,
  stimulatedMinusBackground,
  type IndicatorStatus,
} from '../../../src/endpoints/index.ts';

// 10 µL acquired: 10,000 of 50,000 beads, 50 µL blood. Every limit is then events / 10.
const tube = { kind: 'tube', beadsPerTube: 50000, bloodMicrolitres: 50 } as const;
const inTenMicrolitres = (events: number | null) => countByBeads(events, 10000, tube);

describe('status of a count', () => {
  const cases: readonly (readonly [number | null, IndicatorStatus])[] = [
    [1000, 'OK'],
    [100, 'OK'],
    [99, 'LOWN'],
    [50, 'LOWN'],
    [49, 'BLQ'],
    [20, 'BLQ'],
    [19, 'ND'],
    [0, 'ND'],
    [null, 'NE'],
  ];
  it.each(cases)('%s events: %s', (events, status) => {
    expect(countStatus(events)).toBe(status);
    expect(inTenMicrolitres(events).status).toBe(status);
  });
  it('keeps zero, below detection and not evaluable apart', () => {
    expect(inTenMicrolitres(0)).toMatchObject({ value: 0, ciLow: 0, cv: null, reason: null });
    expect(inTenMicrolitres(0).ciHigh).toBeCloseTo(0.3688879454, 9);
    expect(inTenMicrolitres(5)).toMatchObject({ value: 0.5, status: 'ND' });
    expect(inTenMicrolitres(5).ciHigh).toBeCloseTo(1.1668332, 6);
    expect(inTenMicrolitres(null)).toMatchObject({ value: null, ciHigh: null, limits: null });
    expect(inTenMicrolitres(null).reason).toMatch(/not evaluable/);
  });
});

describe('reporting', () => {
  const show = (events: number | null) => {
    const count = inTenMicrolitres(events);
    return reported(count, count.limits);
  };
  it('lists, summarises and bounds by status', () => {
    expect(show(123)).toEqual({ listed: '12.3', summary: 12.3, sensitivity: 12.3, upperBound: null });
    expect(show(60)).toMatchObject({ listed: '6.0', summary: 6 });
    expect(show(30)).toEqual({ listed: '<LLOQ', summary: 2.5, sensitivity: 3, upperBound: null });
    expect(show(0)).toMatchObject({ listed: '<LOD', summary: 1, sensitivity: 1 });
    expect(show(0).upperBound).toBeCloseTo(0.36889, 5);
    expect(show(null)).toEqual({ listed: 'NE', summary: null, sensitivity: null, upperBound: null });
  });
  it('pairs only visits that are at least LOWN', () => {
    expect([pairable('OK', 'LOWN'), pairable('OK', 'BLQ'), pairable('NE', 'OK')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('percentages', () => {
  const cases: readonly (readonly [number | null, number | null, IndicatorStatus])[] = [
    [200, 500, 'OK'],
    [200, 499, 'LOWN'],
    [100, 100, 'LOWN'],
    [99, 99, 'NE'],
    [0, 0, 'NE'],
    [0, 10000, 'ND'],
    [30, 10000, 'BLQ'],
    [null, 10000, 'NE'],
    [10, null, 'NE'],
  ];
  it.each(cases)('%s of %s: %s', (events, parent, status) => {
    const found = percentage(events, parent);
    expect(found.status).toBe(status);
    expect(found.value === null).toBe(status === 'NE');
    expect(found.reason === null).toBe(status !== 'NE');
  });
  it('carries its limits in percent', () => {
    expect(percentage(30, 10000).limits).toEqual({ lod: 0.2, lloq: 0.5 });
  });
});

describe('limits from blanks', () => {
  it('follows the formulas above their floors', () => {
    // blanks 20, 30, 40: mean 30, SD 10; low samples 60, 80: SD 14.142135623730951
    const { lob, lod, lloq } = limitsFromBlanks([20, 30, 40], [60, 80]);
    expect(lob).toBeCloseTo(46.45, 10);
    expect(lod).toBeCloseTo(46.45 + 1.645 * 14.142135623730951, 10);
    expect(lloq).toBeCloseTo(139.35, 10);
  });
  it('holds the floors for clean blanks, and without an SD', () => {
    expect(limitsFromBlanks([0, 0, 0], [5, 5])).toEqual({ lob: 0, lod: 20, lloq: 50 });
    expect(limitsFromBlanks([80], [90, 95])).toEqual({ lob: null, lod: 20, lloq: 50 });
  });
});

describe('absolute counts that cannot be made', () => {
  const anchor = inTenMicrolitres(1000);
  const blood = { wbc: 5, lymphocytePercent: 20, hoursApart: null };
  const refusals = [
    ['999 beads', countByBeads(500, 999, tube), /999 beads/],
    ['no lot', countByBeads(500, 5000, { ...tube, beadsPerTube: null }), /not given/],
    ['no blood volume', countByBeads(500, 5000, { ...tube, bloodMicrolitres: 0 }), /not given/],
    ['CBC missing', countByLymphocytes(500, 5000, { ...blood, wbc: null }), /missing/],
    ['CBC of another time', countByLymphocytes(500, 5000, { ...blood, hoursApart: 6.5 }), /6 h/],
    ['49 anchor events', countByBridge(10, 49, anchor), /49 events/],
    ['anchor not evaluable', countByBridge(10, 500, inTenMicrolitres(null)), /anchor has no count/],
    ['anchor not detected', countByBridge(10, 500, inTenMicrolitres(19)), /below/],
    [
      'no $VOL',
      countByVolume(10, { volumeNanolitres: null, bloodMicrolitres: 50, totalMicrolitres: 500 }),
      /VOL/,
    ],
  ] as const;
  it.each(refusals)('%s', (_name, count, reason) => {
    expect(count).toMatchObject({ value: null, ciLow: null, status: 'NE' });
    expect(count.reason).toMatch(reason);
  });
  it('evaluates at exactly 1,000 beads, 6 h and 50 anchor events', () => {
    expect(countByBeads(500, 1000, tube).value).toBe(500);
    expect(countByLymphocytes(500, 5000, { ...blood, hoursApart: 6 }).value).toBe(100);
    expect(countByBridge(50, 50, anchor).value).toBeCloseTo(100, 12);
  });
  it.each([[-1], [NaN], [Infinity]])('refuses %s events', (events) => {
    expect(() => countByBeads(events, 5000, tube)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
  it('refuses a part above its whole', () => {
    expect(() => countByBridge(51, 50, anchor)).toThrow(/larger than its whole/);
  });
});

describe('counts by hand', () => {
  it('reads $VOL in nanolitres and undoes the dilution', () => {
    // 60,000 nL of a tube of 50 µL blood in 500 µL: 6 µL blood; CV = √(1/600 + .03² + .02²)
    const drawn = { volumeNanolitres: 60000, bloodMicrolitres: 50, totalMicrolitres: 500 };
    const count = countByVolume(600, drawn);
    expect([count.acquiredMicrolitres, count.value]).toEqual([6, 100]);
    expect(count.cv).toBeCloseTo(0.05446711546, 10);
  });
  it('counts in the volume of the kept time, and allows for what may have flowed in the rest', () => {
    // 60,000 nL · 0.9 of a tube of 50 µL blood in 500 µL: 5.4 µL; CV² = 1/540 + .03² + .02² + (ln .9/.96)²/3
    const drawn = { volumeNanolitres: 60000, bloodMicrolitres: 50, totalMicrolitres: 500 };
    const count = countByVolume(540, { ...drawn, kept: { ofTime: 0.9, ofEvents: 0.96 } });
    expect(count.acquiredMicrolitres).toBeCloseTo(5.4, 12);
    expect(count.value).toBeCloseTo(100, 12);
    expect(count.cv).toBeCloseTo(0.0673814422, 9);
    expect(count.ciLow).toBeCloseTo(87.628386, 5);
    expect(count.ciHigh).toBeCloseTo(114.118272, 5);
    expect(count.limits).toEqual({ lod: 20 / 5.4, lloq: 50 / 5.4 });
    expect(countByVolume(540, { ...drawn, kept: { ofTime: 0, ofEvents: 0 } })).toMatchObject({
      value: null,
      status: 'NE',
    });
  });
  it('divides by purity and keeps a weak anchor visible', () => {
    const blood = { wbc: 5, lymphocytePercent: 20, hoursApart: 0 };
    expect(countByLymphocytes(500, 5000, blood, { purity: 0.8 }).value).toBeCloseTo(125, 10);
    expect(countByBridge(500, 1000, inTenMicrolitres(60)).status).toBe('LOWN');
  });
  it('adds the MDSC before dividing; a missing part is not zero', () => {
    const total = mdscTotal({ mmdsc: 100, pmnx: 290, emdsc: 10 }, 10000, tube);
    expect(total.value).toBe(40);
    expect(total.cv).toBeCloseTo(Math.sqrt(1 / 400 + 1 / 10000 + 0.0013), 14);
    expect(mdscTotal({ mmdsc: 100, pmnx: null, emdsc: 10 }, 10000, tube)).toMatchObject({
      value: null,
      status: 'NE',
    });
  });
});

describe('ratios', () => {
  const count = inTenMicrolitres;
  const cases = [
    ['denominator of 49 events', eventRatio(500, 49), 'NE', null],
    ['denominator of 50 events', eventRatio(500, 50), 'LOWN', 10],
    ['numerator not detected', eventRatio(19, 500), 'ND', null],
    ['no event at all', eventRatio(0, 0), 'NE', null],
    ['numerator not evaluable', eventRatio(null, 500), 'NE', null],
    ['concentrations', concentrationRatio(count(1000), count(200)), 'OK', 5],
    ['few cells in a concentration', concentrationRatio(count(30), count(60)), 'BLQ', 0.5],
    ['concentration not detected below', concentrationRatio(count(1000), count(5)), 'NE', null],
    ['concentration not detected above', concentrationRatio(count(0), count(1000)), 'ND', null],
    [
      'naive to memory',
      naiveToMemory({ naive: 400, centralMemory: 300, effectorMemory: 400, temra: 100 }),
      'OK',
      0.5,
    ],
    [
      'memory with a missing part',
      naiveToMemory({ naive: 400, centralMemory: 300, effectorMemory: null, temra: 100 }),
      'NE',
      null,
    ],
  ] as const;
  it.each(cases)('%s', (_name, found, status, value) => {
    expect([found.status, found.reason === null]).toEqual([status, value !== null]);
    if (value === null) expect(found.value).toBeNull();
    else expect(found.value).toBeCloseTo(value, 12);
  });
  it('has no blood-count index without its part or over zero, but zero over something is 0', () => {
    const { nlr, lmr, plr, sii } = cbcIndices({
      neutrophils: 0,
      lymphocytes: 1,
      monocytes: 0,
      platelets: null,
    });
    expect([nlr.value, lmr.value, plr.value, sii.value]).toEqual([0, null, null, null]);
    expect([nlr.status, lmr.status, sii.status]).toEqual(['OK', 'NE', 'NE']);
  });
});

describe('stimulated minus background', () => {
  const of = (positive: number, parent: number) => ({ positive, parent });
  it('needs 300 cells in each tube and flags below 1,000', () => {
    expect(stimulatedMinusBackground(of(50, 299), of(50, 2000))).toMatchObject({ value: null, status: 'NE' });
    expect(stimulatedMinusBackground(of(50, 2000), of(5, 300)).status).toBe('LOWN');
    expect(stimulatedMinusBackground(of(50, 1000), of(5, 1000)).status).toBe('OK');
  });
  it('reports a negative difference as 0 and keeps it', () => {
    const found = stimulatedMinusBackground(of(10, 1000), of(30, 1000));
    expect(found.value).toBeCloseTo(-2, 12);
    expect([found.reported, found.responder]).toEqual([0, false]);
  });
  it('calls nobody a responder whose index is below 2, or whose interval holds 0', () => {
    expect(stimulatedMinusBackground(of(1900, 10000), of(1000, 10000)).responder).toBe(false);
    expect(stimulatedMinusBackground(of(2, 1000), of(1, 1000)).responder).toBe(false);
    expect(stimulatedMinusBackground(of(2000, 10000), of(1000, 10000)).responder).toBe(true);
  });
  it('has no index over a background of zero, and says why', () => {
    const found = stimulatedMinusBackground(of(100, 1000), of(0, 1000));
    expect(found).toMatchObject({ index: null, responder: true });
    expect(found.indexReason).toMatch(/zero/);
  });
});

describe('intensities', () => {
  const pair = (median: number | null, fmoMedian: number | null, events = 500, fmoEvents = 500) => ({
    median,
    fmoMedian,
    events,
    fmoEvents,
  });
  it('gives the fold only above an FMO median of 20', () => {
    expect(deltaMdfi(pair(420, 20))).toMatchObject({ value: 400, fold: null });
    expect(deltaMdfi(pair(420, 21)).fold).toBe(20);
    expect(deltaMdfi(pair(150, -150)).deltaY).toBeCloseTo(1.762747174, 9);
  });
  it('needs 50 events', () => {
    const statuses = [49, 50, 99, 100].map((events) => deltaMdfi(pair(420, 20, events)).status);
    expect(statuses).toEqual(['NE', 'LOWN', 'LOWN', 'OK']);
    expect(deltaMdfi(pair(420, null))).toMatchObject({ value: null, status: 'NE' });
  });
  it('takes no blank of fewer than 20 events, and flags one of fewer than 50', () => {
    const statuses = [19, 20, 49, 50].map((events) => deltaMdfi(pair(420, 20, 500, events)).status);
    expect(statuses).toEqual(['NE', 'LOWN', 'LOWN', 'OK']);
    expect(deltaMdfi(pair(420, 20, 500, 3)).reason).toBe(
      'The FMO tube has 3 events of the population; 20 are needed.',
    );
  });
  it('has no activation index over a shift of zero', () => {
    expect(activationIndex(deltaMdfi(pair(420, 20)), deltaMdfi(pair(20, 20))).status).toBe('NE');
  });
  it('weights the median by the fraction positive; nothing positive is 0, not missing', () => {
    expect(integratedMdfi(0.25, { median: 2000, events: 500 }).value).toBe(500);
    expect(integratedMdfi(0, { median: null, events: 0 })).toMatchObject({ value: 0, status: 'ND' });
    expect(integratedMdfi(null, { median: null, events: null }).status).toBe('NE');
  });
  it('has no occupancy without a saturated tube that is brighter than its negative', () => {
    const events = { bound: 900, saturated: 900, negative: 900 };
    const medians = { bound: 100, boundNegative: 120, saturated: 118, saturatedNegative: 118, events };
    expect(receptorOccupancy(medians).status).toBe('NE');
    expect(receptorOccupancy({ ...medians, saturated: 318 })).toMatchObject({ value: -10, status: 'OK' });
    const of = (counts: Partial<typeof events>) =>
      receptorOccupancy({ ...medians, saturated: 318, events: { ...events, ...counts } }).status;
    expect([of({ bound: 49 }), of({ saturated: 99 }), of({ negative: 49 }), of({ negative: 19 })]).toEqual([
      'NE',
      'LOWN',
      'LOWN',
      'NE',
    ]);
  });
  it('compares free PD-1 with baseline', () => {
    expect(freePd1({ free: 3, any: 30 }, { free: 20, any: 25 }).value).toBeCloseTo(0.125, 14);
    expect(freePd1({ free: 0, any: 30 }, { free: 20, any: 25 }).value).toBe(0);
    expect(freePd1({ free: 3, any: 0 }, { free: 20, any: 25 }).status).toBe('NE');
  });
});

describe('parameters', () => {
  it('has codes and labels that fit a SAS transport file, each once', () => {
    expect(new Set(immuneParameters.map(({ paramcd }) => paramcd)).size).toBe(immuneParameters.length);
    for (const { paramcd, label } of immuneParameters) {
      expect(paramcd).toMatch(/^[A-Z][A-Z0-9]{1,7}$/);
      expect(label).toMatch(/^[ -~]{1,40}$/);
    }
  });
  it('holds every code that section 6 of the specification names', () => {
    const named =
      `CD3ABS CD4ABS CD8ABS CD4PCT CD8PCT CD4CD8R CD4ABSD CD8ABSD CD4NPCT CD4CMPCT CD4EMPCT CD4TEPCT CD8NPCT
      CD8CMPCT CD8EMPCT CD8TEPCT CD4ACPCT CD8ACPCT TREGPCT TREGABS CD8TREGR PD1FPCT PD1TPCT IG4PCT PD1RO NKABS NKPCT
      NKDIMABS NKBRABS NKD107A NKD107B NKIFNG NKPOLY NKGZMFI NKPRFMFI BABS BPCT BNPCT BTRPCT BUMPCT BSMPCT BDNPCT
      BPBPCT B21PCT BNABS BTRABS BUMABS BSMABS BDNABS BPBABS B21ABS DCABS CDC1ABS CDC2ABS PDCABS DC80DMFI DC86DMFI
      DC83DMFI DC40DMFI DCDRDMFI PD80DMFI PD86DMFI PD83DMFI PD40DMFI PDDRDMFI DC86STI DC83STI MOABS CMOABS IMOABS
      NMOABS CMOPCT IMOPCT NMOPCT MODRMFI NEUABS EOSABS BASABS NEUIPCT NEUT EOS BASO MMDSCABS PMDSCABS EMDSCABS MDSCABS
      MMDSCPCT LOX1PCT PMNLPCT NLR LMR PLR SII MMDCD8R QCLSUM QCBEADS QCVIAB QCTIME QCDBL QCVACQ`.split(
        /\s+/,
      );
    expect(immuneParameters.map(({ paramcd }) => paramcd).sort()).toEqual(named.sort());
  });
  it('finds a code, or says that there is none', () => {
    expect(immuneParameter('TREGABS')).toMatchObject({ denominator: 'CD4T', kind: 'bridgedCount' });
    expect(immuneParameter('XYZ')).toBeNull();
  });
});
