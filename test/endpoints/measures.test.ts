// From tubes to endpoint rows, held to the worked examples of the populations specification (section 4) and to hand calculation.
import { describe, expect, it } from 'vitest';
import {
  comparedByDifference,
  deriveAdim,
  deriveEndpoints,
  deriveImmune,
  drawsOf,
  immuneRecords,
  plannedParameters,
  type Acquisition,
  type EndpointRow,
  type Tube,
  type VisitWindow,
} from '../../src/endpoints/index.ts';
import type { CutMove, PopulationRow, StatisticRow, UncertaintyRow } from '../../src/results/index.ts';
import type { BloodCountRecord, Sample, SubjectRecord } from '../../src/study/index.ts';

type Medians = Readonly<Record<string, readonly [marker: string, median: number]>>;

function tube(
  panel: string,
  counts: Readonly<Record<string, number | null>> | null,
  rest: Partial<Sample> = {},
  medians: Medians = {},
  uncertainty: readonly UncertaintyRow[] = [],
  acquisition: Acquisition | null = null,
): Tube {
  const name = [panel, rest.role ?? '', rest.stimulus ?? '', ...(rest.omitted ?? [])].join('-');
  const sample: Sample = {
    ...{
      sample: name,
      file: `${name}.fcs`,
      subject: 'S1',
      visit: 'V0',
      visitNumber: 1,
      specimen: 'S1_V0',
      panel,
    },
    ...{
      role: 'stained',
      stimulus: null,
      omitted: [],
      collectedAt: '2024-01-09T08:00:00',
      beadsPerTube: null,
    },
    ...{ beadLot: null, bloodMicrolitres: null, totalMicrolitres: null, batch: null, cytometer: null },
    ...rest,
  };
  if (counts === null) return { sample, result: null, reason: 'The file was cut short.', acquisition: null };
  const populations = Object.entries(counts).map(([path, count]): PopulationRow => {
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null;
    return {
      ...{ population: path.replace(/^.*\//, ''), path, parent, count },
      ...{
        parentCount: parent === null ? null : (counts[parent] ?? null),
        fractionOfParent: null,
        fractionOfTotal: null,
      },
      ...{ status: count === null ? 'notEvaluable' : 'ok', reason: count === null ? 'no valley' : null },
      ...{ method: 'valley', ciLow: null, ciHigh: null },
    };
  });
  const statistics = Object.entries(medians).map(([path, [marker, median]]): StatisticRow => ({
    ...{ path, population: path.replace(/^.*\//, ''), channel: `${marker}-A`, marker, median, mean: null },
    ...{ geometricMean: null, robustSd: null, cv: null, p05: null, p95: null, n: 1000 },
  }));
  return {
    sample,
    result: { resultId: name, populations, statistics, uncertainty },
    reason: null,
    acquisition,
  };
}

/** What uncertainty.csv says of a population whose own error is known, with the cuts that move it. */
function moved(path: string, moves: readonly CutMove[]): UncertaintyRow {
  return {
    ...{ population: path.replace(/^.*\//, ''), path, fractionOfParent: 0.5, ciLow: null, ciHigh: null },
    ...{ gateLow: 0.5, gateHigh: 0.5, totalLow: null, totalHigh: null, countLow: null, countHigh: null },
    ...{ cutSe: null, cutSe2: null, reason: null, moves },
  };
}

const blood: BloodCountRecord = {
  ...{ subject: 'S1', visit: 'V0', collected_at: '2024-01-09T08:30:00' },
  ...{ WBC: 5.42, NEUT: 3.61, LYM: 1.32, MONO: 0.48, EOS: 0.1, BASO: 0.02, PLT: 188 },
};
const beads = { beadsPerTube: 51_300, bloodMicrolitres: 50 };
const p1 = tube(
  'P1',
  {
    beads: 6120,
    Lymph: 20_000,
    'Lymph/T': 8000,
    'Lymph/T/CD4T': 4860,
    'Lymph/T/CD8T': 2730,
    'Lymph/NK': 0,
    'Lymph/B': 30,
  },
  beads,
);

function rowsOf(
  tubes: readonly Tube[],
  counts: readonly BloodCountRecord[] = [],
  bloodCountCv?: number,
): Map<string, EndpointRow> {
  const panels = [...new Set(tubes.map(({ sample }) => sample.panel))];
  const draws = drawsOf(tubes, counts, bloodCountCv === undefined ? {} : { bloodCountCv });
  const rows = deriveEndpoints(draws, plannedParameters(panels, counts.length > 0));
  return new Map(rows.map((row) => [row.paramcd, row]));
}

function near(row: EndpointRow | undefined, value: number, low: number, high: number, digits: number): void {
  expect(row?.reason).toBeNull();
  expect(row?.value).toBeCloseTo(value, digits);
  expect(row?.ciLow).toBeCloseTo(low, digits);
  expect(row?.ciHigh).toBeCloseTo(high, digits);
}

describe('one tube with beads', () => {
  const rows = rowsOf([p1]);

  it('counts CD4 cells and divides them by CD8 cells', () => {
    near(rows.get('CD4ABS'), 814.8, 752.1, 882.7, 1);
    expect(rows.get('CD4ABS')).toMatchObject({
      status: 'OK',
      platform: 'beads',
      events: 4860,
      parentEvents: 6120,
    });
    near(rows.get('CD4CD8R'), 1.78, 1.699, 1.866, 3);
    expect(rows.get('CD4PCT')?.value).toBeCloseTo(24.3, 10);
  });

  it('tells zero cells, few cells and no answer apart', () => {
    expect(rows.get('NKABS')).toMatchObject({ value: 0, status: 'ND', reason: null, events: 0 });
    expect(rows.get('BABS')).toMatchObject({ status: 'BLQ', events: 30 });
    const unclear = rowsOf([tube('P1', { beads: 6120, Lymph: 20_000, 'Lymph/T': null }, beads)]);
    expect(unclear.get('CD3ABS')).toMatchObject({ value: null, status: 'NE' });
    expect(unclear.get('CD3ABS')?.reason).toContain('no valley');
    expect(unclear.get('CD4ABS')?.reason).toContain('no population CD4T');
  });

  it('names the sample and the populations behind a value', () => {
    expect(rows.get('CD4ABS')?.sources).toEqual([
      { sample: p1.sample.sample, resultId: p1.sample.sample, paths: ['Lymph/T/CD4T', 'beads'] },
    ]);
  });

  it('gives a refused tube every parameter, none with a value, each with the reason', () => {
    const refused = [...rowsOf([tube('P1', null, beads)]).values()];
    expect(refused.length).toBeGreaterThanOrEqual(10);
    for (const { value, reason } of refused)
      expect([value, reason]).toEqual([null, 'The file was cut short.']);
  });

  it('says what quality is: lymphosum, beads, blood looked at', () => {
    expect(rows.get('QCLSUM')?.value).toBeCloseTo((100 * 8030) / 20_000, 10);
    expect(rows.get('QCBEADS')?.value).toBe(6120);
    expect(rows.get('QCVACQ')?.value).toBeCloseTo(5.965, 3);
  });
});

describe('intervals from gating', () => {
  const placed = (cut: string, by: number) => ({ cut, placed: by, lower: 0, upper: 0 });
  const counts = {
    beads: 6120,
    Lymph: 20_000,
    'Lymph/T': 10_000,
    'Lymph/T/CD4T': 5000,
    'Lymph/T/CD8T': 2500,
  };
  const inherited = placed('CD3', 0.03);
  const errors = [
    moved('Lymph', []),
    moved('Lymph/T', [inherited]),
    moved('Lymph/T/CD4T', [inherited, placed('CD4', 0.04)]),
    moved('Lymph/T/CD8T', [inherited]),
  ];
  const rows = rowsOf([tube('P1', counts, beads, {}, errors)]);

  it('add the errors of the cuts on the way as squares', () => {
    const row = rows.get('CD4PCT');
    // 0.03 and 0.04 of the cells are 0.05 together
    const half = Math.log(1.05);
    expect(row?.gatingLow).toBeCloseTo((row?.value ?? 0) * Math.exp(-half), 8);
    // 25 % rises on the logit scale, where the same step is as long
    const odds = (1 / 3) * Math.exp(half / 0.75);
    expect(row?.gatingHigh).toBeCloseTo((100 * odds) / (1 + odds), 8);
    const count = rows.get('CD4ABS');
    expect((count?.gatingHigh ?? 0) / (count?.value ?? 1)).toBeCloseTo(Math.exp(half), 8);
  });

  it('leave out what numerator and divisor share', () => {
    const ratio = rows.get('CD4CD8R');
    expect((ratio?.gatingHigh ?? 0) / (ratio?.value ?? 1)).toBeCloseTo(1.04, 8);
  });

  it('take a cut that moves both against each other twice', () => {
    const against = [
      moved('Lymph/T/CD4T', [{ cut: 'CD4', placed: 0.01, lower: 0.02, upper: -0.05 }]),
      moved('Lymph/T/CD8T', [{ cut: 'CD4', placed: -0.02, lower: -0.04, upper: 0.1 }]),
    ];
    // by hand: the ratio moves by 0.03 with the cut's place; by + 0.06 or - 0.15 with the cells that reach through it
    const ratio = rowsOf([tube('P1', counts, beads, {}, against)]).get('CD4CD8R');
    expect(Math.log((ratio?.gatingHigh ?? 0) / (ratio?.value ?? 1))).toBeCloseTo(
      Math.log(1 + 0.03 + 0.06),
      10,
    );
    expect(Math.log((ratio?.value ?? 0) / (ratio?.gatingLow ?? 1))).toBeCloseTo(
      Math.log(1 + 0.03 + 0.15),
      10,
    );
  });

  it('stand beside counting, with both as one', () => {
    const count = rows.get('CD4ABS');
    const [value, low, gate] = [count?.value ?? 0, count?.ciLow ?? 0, count?.gatingLow ?? 0];
    const both = Math.hypot(Math.log(value / low), Math.log(value / gate));
    expect(count?.totalLow).toBeCloseTo(value * Math.exp(-both), 8);
    expect(rowsOf([p1]).get('CD4ABS')).toMatchObject({ totalLow: null, totalHigh: null });
  });

  it('are missing where the error of the own cut is not known, whatever is known above it', () => {
    const above = rowsOf([tube('P1', counts, beads, {}, errors.slice(0, 2))]);
    expect(above.get('CD4ABS')).toMatchObject({ gatingLow: null, gatingHigh: null });
    expect(above.get('CD4CD8R')).toMatchObject({ gatingLow: null, gatingHigh: null });
    expect(above.get('CD3ABS')?.gatingLow).not.toBeNull();
    expect(rowsOf([p1]).get('CD4ABS')).toMatchObject({ gatingLow: null, gatingHigh: null });
  });
});

describe('cells in pairs', () => {
  // by hand: 300 of 10,000 leukocyte events are pairs, d = 0.03; 9,700 + 2 * 300 = 10,300 cells, 10,300 / 9,700 = 1.061856
  const leuk = 'nomargin/singF/singS/leuk';
  const counts = {
    beads: 6120,
    nomargin: 12_000,
    'nomargin/singF': 11_800,
    'nomargin/singF/singS': 11_700,
    [leuk]: 9700,
    [`${leuk}/Lymph`]: 9000,
    [`${leuk}/Lymph/T`]: 8000,
    [`${leuk}/Lymph/T/CD4T`]: 4860,
    [`${leuk}/Lymph/T/CD8T`]: 2730,
  };
  const errors = ['CD4T', 'CD8T'].map((id) => moved(`${leuk}/Lymph/T/${id}`, []));
  const counted = tube('P1', counts, beads, {}, errors);
  const rows = rowsOf([counted], [blood]);

  it('leave the count as it is and reach up in its gating interval', () => {
    near(rows.get('CD4ABS'), 814.8, 752.1, 882.7, 1);
    expect(rows.get('CD4ABS')?.gatingLow).toBeCloseTo(814.76, 1);
    expect(rows.get('CD4ABS')?.gatingHigh).toBeCloseTo(814.76 * 1.061856, 1);
  });
  it('move no fraction, no ratio, and no count that a blood count gives', () => {
    for (const code of ['CD4PCT', 'CD4CD8R', 'CD4ABSD']) {
      const row = rows.get(code);
      expect(row?.value).toBeGreaterThan(0);
      expect(row?.gatingHigh).toBeCloseTo(row?.value ?? 0, 8);
    }
  });
  it('come with the anchor of a bridged count', () => {
    const treg = [moved('CD4T/Treg', [])];
    const p2 = tube('P2', { CD4T: 10_480, 'CD4T/Treg': 612 }, {}, {}, treg);
    const bridged = rowsOf([counted, p2]).get('TREGABS');
    near(bridged, 47.6, 42.6, 53.2, 1);
    expect((bridged?.gatingHigh ?? 0) / (bridged?.value ?? 1)).toBeCloseTo(1.061856, 5);
  });
});

describe('with a blood count', () => {
  it('counts by lymphocytes and makes the indices', () => {
    const lymph = 0.243 * 5.42;
    const rows = rowsOf(
      [tube('P1', { Lymph: 10_000, 'Lymph/T': 5000, 'Lymph/T/CD4T': 4120 }, beads)],
      [{ ...blood, LYM: lymph }],
    );
    expect(rows.get('CD4ABSD')?.value).toBeCloseTo(542.6, 1);
    expect(rows.get('CD4ABSD')?.platform).toBe('lymphocyte');
    const indices = rowsOf([], [blood]);
    for (const [code, value, digits] of [
      ['NLR', 2.735, 3],
      ['LMR', 2.75, 3],
      ['PLR', 142.4, 1],
      ['SII', 514.2, 1],
    ] as const)
      expect(indices.get(code)?.value).toBeCloseTo(value, digits);
  });

  it('has the interval of the events, and of the blood count where the study states its error', () => {
    const p5 = tube('P5', { leuk: 60_000, 'leuk/Mono': 10_800 });
    const counts = [{ ...blood, WBC: 5 }];
    // 900 · exp(±1.96 · √(1/10800 − 1/60000)); then with .03² under the root
    near(rowsOf([p5], counts).get('MOABS'), 900, 884.76009, 915.50242, 4);
    near(rowsOf([p5], counts, 0.03).get('MOABS'), 900, 846.54711, 956.82802, 4);
    // 1,320 · 4860/20000; 320.76 · exp(±1.96 · √(1/4860 − 1/20000 + .03²))
    near(rowsOf([p1], [blood], 0.03).get('CD4ABSD'), 320.76, 300.969547, 341.851787, 5);
    // a count by beads does not look at it
    near(rowsOf([p1], [blood], 0.03).get('CD4ABS'), 814.8, 752.1, 882.7, 1);
  });

  it('counts by all leukocytes where the tube has no beads, and not against a count of the day before', () => {
    const counts = { leuk: 51_800, 'leuk/Mono': 5120 };
    expect(rowsOf([tube('P5', counts)], [blood]).get('MOABS')?.value).toBeCloseTo(535.7, 1);
    const late = rowsOf([tube('P5', counts)], [{ ...blood, collected_at: '2024-01-08T08:00:00' }]);
    expect(late.get('MOABS')).toMatchObject({ value: null, status: 'NE' });
    expect(late.get('MOABS')?.reason).toMatch(/24 h/);
  });
});

describe('across tubes', () => {
  const p2 = tube('P2', {
    T: 20_000,
    'T/CD4T': 10_480,
    'T/CD4T/Treg': 612,
    'T/CD4T/PD1f': 3000,
    'T/CD8T': 6000,
    'T/CD8T/PD1f': 1500,
  });

  it('bridges a count from the tube with beads', () => {
    const rows = rowsOf([p1, p2]);
    near(rows.get('TREGPCT'), 5.84, 5.407, 6.305, 2);
    near(rows.get('TREGABS'), 47.6, 42.6, 53.2, 1);
    expect(rows.get('TREGABS')?.sources.map(({ sample }) => sample)).toEqual([
      p2.sample.sample,
      p1.sample.sample,
    ]);
    expect(rows.get('CD8TREGR')?.value).toBeCloseTo(2730 / 4860 / (612 / 10_480), 8);
  });

  it('takes the population below the parent that is meant', () => {
    expect(rowsOf([p1, p2]).get('PD1FPCT')?.value).toBeCloseTo(25, 10);
  });

  it('bridges nothing where the tube with beads is missing', () => {
    expect(plannedParameters(['P2'], false).map(({ paramcd }) => paramcd)).not.toContain('TREGABS');
    const other = { ...p1, sample: { ...p1.sample, specimen: 'S1_V1', visit: 'V1' } };
    const rows = deriveEndpoints(drawsOf([p2, other], []), plannedParameters(['P1', 'P2'], false));
    const bridged = rows.find(({ paramcd, visit }) => paramcd === 'TREGABS' && visit === 'V0');
    expect(bridged?.reason).toContain('no P1 tube');
  });

  it('takes the background away from a response, and reports a negative one as zero', () => {
    const unstimulated = tube('P4', { NKall: 6120, 'NKall/NK107': 98 }, { stimulus: 'UNST' });
    const k562 = tube('P4', { NKall: 6480, 'NKall/NK107': 1236 }, { role: 'stimulated', stimulus: 'K562' });
    const pma = tube('P4', { NKall: 6480, 'NKall/NK107': 6000 }, { role: 'stimulated', stimulus: 'PMA' });
    near(rowsOf([unstimulated, pma, k562]).get('NKD107A'), 17.47, 16.47, 18.49, 2);
    expect(rowsOf([unstimulated, k562]).get('NKD107B')?.value).toBeCloseTo(1.6, 2);
    const weak = tube('P4', { NKall: 6480, 'NKall/NK107': 10 }, { role: 'stimulated', stimulus: 'K562' });
    const negative = rowsOf([unstimulated, weak]).get('NKD107A');
    expect(negative?.value).toBeLessThan(0);
    expect(negative?.reported).toBe(0);
    expect(rowsOf([unstimulated]).get('NKD107A')?.reason).toContain('no stimulated tube');
  });

  it('moves a response as far as the cuts of both tubes leave open', () => {
    const cut = (down: number, up: number) =>
      moved('NKall/NK107', [{ cut: 'CD107A', placed: 0, lower: up - 1, upper: 1 - 1 / down }]);
    const of = (stimulus: string, events: number, errors: readonly UncertaintyRow[]) => {
      const role = stimulus === 'UNST' ? 'stained' : 'stimulated';
      return tube('P4', { NKall: 10_000, 'NKall/NK107': events }, { role, stimulus }, {}, errors);
    };
    const quiet = of('UNST', 200, [cut(0.017 / 0.02, 0.024 / 0.02)]);
    // by hand: 20 - 2 = 18 points; down by sqrt(0.9^2 + 0.4^2), up by sqrt(1.2^2 + 0.3^2)
    const response = rowsOf([quiet, of('K562', 2000, [cut(0.191 / 0.2, 0.212 / 0.2)])]).get('NKD107A');
    expect(response?.value).toBeCloseTo(18, 10);
    expect(response?.gatingLow).toBeCloseTo(18 - 0.984886, 5);
    expect(response?.gatingHigh).toBeCloseTo(18 + 1.236932, 5);
    expect(rowsOf([quiet, of('K562', 2000, [])]).get('NKD107A')).toMatchObject({ gatingLow: null });
  });

  it('takes the FMO median away from the median, and divides shifts', () => {
    const path = 'leuk/DC/cDC2';
    const cells = { leuk: 100_000, 'leuk/DC': 900, [path]: 400 };
    const stained = tube('P5', cells, {}, { [path]: ['CD86', 3420] });
    const lps = tube('P5', cells, { role: 'stimulated', stimulus: 'LPS' }, { [path]: ['CD86', 11_860] });
    const fmo = tube('P5', cells, { role: 'fmo', omitted: ['CD80', 'CD86'] }, { [path]: ['CD86', 210] });
    const rows = rowsOf([stained, lps, fmo]);
    expect(rows.get('DC86DMFI')).toMatchObject({ value: 3210, status: 'OK' });
    expect(rows.get('DC86STI')?.value).toBeCloseTo((11_860 - 210) / 3210, 10);
    expect(rows.get('DCDRDMFI')?.reason).toContain('no FMO tube without HLADR');
  });

  it('give a median the interval of its middle order statistics, and of the cells that its cuts leave open', () => {
    const path = 'leuk/DC/cDC2';
    const cells = { leuk: 100_000, 'leuk/DC': 900, [path]: 400 };
    const errors = [moved(path, [{ cut: 'CD1c', placed: Math.exp(0.1) - 1, lower: 0, upper: 0 }])];
    const spread = (of: Tube, robustSd: number, n: number): Tube => ({
      ...of,
      result: of.result && {
        ...of.result,
        statistics: of.result.statistics.map((row) => ({ ...row, robustSd, n })),
      },
    });
    const stained = spread(tube('P5', cells, {}, { [path]: ['CD86', 3420] }, errors), 1000, 400);
    const fmo = tube('P5', cells, { role: 'fmo', omitted: ['CD86'] }, { [path]: ['CD86', 210] }, errors);
    const row = rowsOf([stained, spread(fmo, 100, 100)]).get('DC86DMFI');
    // by hand: 1.96 x 1.25331 x 1000 / 20 = 122.82 and 1.96 x 1.25331 x 100 / 10 = 24.564
    expect(row?.ciLow).toBeCloseTo(3210 - Math.hypot(122.82, 24.564), 1);
    // a tenth of the cells: 1.25331 x 1000 x 0.1 and 1.25331 x 100 x 0.1
    expect(row?.gatingHigh).toBeCloseTo(3210 + Math.hypot(125.331, 12.533), 2);
    expect(row?.totalHigh).toBeCloseTo(3210 + Math.hypot(122.82, 24.564, 125.331, 12.533), 1);
    expect(rowsOf([stained, fmo]).get('DC86DMFI')).toMatchObject({ value: 3210, ciLow: null });
  });

  it('finds the occupancy of PD-1 on memory CD8 cells with the saturated and the blank tube', () => {
    const path = 'T/CD8T/CD8RAn';
    const cells = { T: 20_000, 'T/CD4T': 9000, 'T/CD8T': 6000, [path]: 1500, 'T/CD8T/PD1any': 1500 };
    const drawn = tube('P2', cells, {}, { [path]: ['IGG4', 2150], 'T/CD8T/PD1any': ['IGG4', 9000] });
    const full = tube('P2', cells, { role: 'stimulated', stimulus: 'SATURATED' }, { [path]: ['IGG4', 2260] });
    const blank = tube('P2', cells, { role: 'fmo', omitted: ['IGG4'] }, { [path]: ['IGG4', 119] });
    expect(rowsOf([drawn, full, blank]).get('PD1RO')?.value).toBeCloseTo((100 * 2031) / 2141, 10);
    expect(rowsOf([drawn, blank]).get('PD1RO')?.reason).toContain('saturated');
    const refused = tube('P2', null, { role: 'stimulated', stimulus: 'SATURATED' });
    expect(rowsOf([drawn, refused, blank]).get('PD1RO')?.reason).toBe('The file was cut short.');
  });

  it('finds the cells with PD-1 in the saturated tube, before the drug as under it, and nowhere else', () => {
    const cells = { T: 20_000, 'T/CD4T': 9000, 'T/CD8T': 6000, 'T/CD4T/IGG4b': 4000 };
    const drawn = (bound: number, any: number) =>
      tube('P2', { ...cells, 'T/CD8T/IGG4b': bound, 'T/CD8T/PD1any': any });
    const full = tube(
      'P2',
      { ...cells, 'T/CD8T': 5000, 'T/CD8T/IGG4b': 2500 },
      { role: 'stimulated', stimulus: 'SATURATED' },
    );
    for (const stained of [drawn(30, 2000), drawn(2900, 3000)]) {
      const row = rowsOf([stained, full]).get('PD1TPCT');
      expect(row).toMatchObject({ value: 50, events: 2500, parentEvents: 5000 });
      expect(row?.sources.map(({ sample }) => sample)).toEqual([full.sample.sample]);
      expect(rowsOf([stained]).get('PD1TPCT')).toMatchObject({
        ...{ value: null, status: 'NE', reason: 'There is no tube saturated with drug.' },
      });
    }
    expect(rowsOf([drawn(2900, 3000), full]).get('IG4PCT')?.value).toBeCloseTo((100 * 2900) / 6000, 10);
    const refused = tube('P2', null, { role: 'stimulated', stimulus: 'SATURATED' });
    expect(rowsOf([drawn(30, 2000), refused]).get('PD1TPCT')?.reason).toBe('The file was cut short.');
  });

  it('takes the blank with the stimulus of the tube, and that of the earliest specimen where the visit has none', () => {
    const path = 'leuk/DC/cDC2';
    const cells = { leuk: 100_000, 'leuk/DC': 900, [path]: 400 };
    const blank = (median: number, rest: Partial<Sample> = {}) =>
      tube('P5', cells, { role: 'fmo', omitted: ['CD86'], ...rest }, { [path]: ['CD86', median] });
    const stained = tube('P5', cells, {}, { [path]: ['CD86', 3420] });
    const lps = tube('P5', cells, { role: 'stimulated', stimulus: 'LPS' }, { [path]: ['CD86', 11_860] });
    // populations.md section 4: (11860 - 265) / (3420 - 210) = 3.61
    const index = rowsOf([stained, lps, blank(210), blank(265, { stimulus: 'LPS' })]).get('DC86STI')?.value;
    expect(index).toBeCloseTo(11_595 / 3210, 10);
    const later = { visit: 'V1', specimen: 'S1_V1', collectedAt: '2024-02-01T08:00:00' };
    const next = tube('P5', cells, later, { [path]: ['CD86', 2000] });
    const rows = deriveEndpoints(
      // the manifest lists the later visit first
      drawsOf([next, blank(999, { ...later, omitted: ['CD83'] }), stained, blank(210)], []),
      plannedParameters(['P5'], false),
    );
    const found = rows.find(({ specimen, paramcd }) => specimen === 'S1_V1' && paramcd === 'DC86DMFI');
    expect(found?.value).toBe(1790);
  });

  describe('give a quotient of shifts Fieller limits', () => {
    const spread = (of: Tube, robustSd: number): Tube => ({
      ...of,
      result: of.result && {
        ...of.result,
        statistics: of.result.statistics.map((row) => ({ ...row, robustSd, n: 400 })),
      },
    });
    const path = 'leuk/DC/cDC2';
    const cells = { leuk: 100_000, 'leuk/DC': 900, [path]: 400 };
    const cut = (placed: number) => [moved(path, [{ cut: 'CD1c', placed, lower: 0, upper: 0 }])];
    const of = (median: number, rest: Partial<Sample> = {}, placed = Math.exp(0.02) - 1) =>
      tube('P5', cells, rest, { [path]: ['CD86', median] }, cut(placed));
    const omitted = { role: 'fmo', omitted: ['CD86'] } as const;
    const lps = { role: 'stimulated', stimulus: 'LPS' } as const;

    it('from the counting error of all medians, the blank being common to both', () => {
      const row = rowsOf([
        spread(of(3420), 1000),
        spread(of(11_860, lps), 4000),
        spread(of(210, omitted), 100),
      ]).get('DC86STI');
      // R: N <- 11650; D <- 3210; h <- 1.959963984540054 * 1.2533141373155 * c(4000, 1000, 100) / 20
      // V <- h[1:2]^2 + h[3]^2; C <- h[3]^2; a <- D^2 - V[2]; b <- N * D - C
      // (b + c(-1, 1) * sqrt(b^2 - a * (N^2 - V[1]))) / a
      expect(row?.ciLow).toBeCloseTo(3.4275172355614, 9);
      expect(row?.ciHigh).toBeCloseTo(3.8417692419797, 9);
      expect(row?.totalLow).toBeLessThan(row?.ciLow ?? 0);
      expect(row?.totalHigh).toBeGreaterThan(row?.ciHigh ?? Infinity);
    });

    it('and none where the divisor is not clear of zero', () => {
      const row = rowsOf([
        spread(of(250), 1000),
        spread(of(11_860, lps), 4000),
        spread(of(210, omitted), 100),
      ]).get('DC86STI');
      expect(row).toMatchObject({ value: 11_650 / 40, ciLow: null, totalHigh: null });
    });
  });
});

describe('as values of ADIM', () => {
  const rows = [...rowsOf([p1]).values()].filter(({ paramcd }) =>
    ['CD4ABS', 'BABS', 'NKABS'].includes(paramcd),
  );
  const records = immuneRecords(rows, { studyId: 'T', failed: ({ paramcd }) => paramcd === 'CD4ABS' });

  it('keep a number below quantification beside its limit, and say below detection as such', () => {
    expect(records.map(({ PARAMCD, AVALC, LLOQ, QCFL }) => [PARAMCD, AVALC, LLOQ, QCFL])).toEqual([
      ['CD4ABS', String(rows[0].value), rows[0].lloq, 'N'],
      ['NKABS', `<${rows[1].lod}`, null, 'Y'],
      ['BABS', String(rows[2].value), rows[2].lloq, 'Y'],
    ]);
  });

  it('take half a limit by the rule of the study', () => {
    const windows = [{ n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null }] as const;
    const subject = { USUBJID: 'S1', TRTSDT: '2024-01-10', ABLDT: '2024-01-10' } as never;
    const parameters = rows.map(({ paramcd, param }) => ({ PARAMCD: paramcd, PARAM: param, dec: 1 }));
    const { rows: adim } = deriveAdim(records, [subject], parameters, { windows });
    const of = (code: string) => adim.find(({ PARAMCD }) => PARAMCD === code);
    expect(of('BABS')).toMatchObject({ BLQFL: 'Y', AVAL: (rows[2].lloq ?? 0) / 2 });
    expect(of('NKABS')).toMatchObject({ BLQFL: 'Y', AVAL: (rows[1].lod ?? 0) / 2 });
    expect(of('CD4ABS')).toMatchObject({ ANL01FL: '', QCFL: 'N' });
  });

  it('pair bound drug below detection as counted, where a limit would take the pair or stand for it', () => {
    const p2At = (visit: string, collectedAt: string, bound: number) =>
      tube(
        'P2',
        { T: 20_000, 'T/CD4T': 9000, 'T/CD8T': 6000, 'T/CD8T/IGG4b': bound },
        {
          ...{ visit, collectedAt, specimen: `S1_${visit}` },
        },
      );
    const tubes = [p2At('V0', '2024-01-08', 12), p2At('V1', '2024-01-24', 3000)];
    const bound = deriveEndpoints(drawsOf(tubes, []), plannedParameters(['P2'], false)).filter(
      ({ paramcd }) => paramcd === 'IG4PCT',
    );
    expect(bound.map(({ status }) => status)).toEqual(['ND', 'OK']);
    const texts = immuneRecords(bound, { studyId: 'T', failed: () => false });
    const windows: readonly VisitWindow[] = [
      { n: 0, label: 'Baseline', phase: 'PRE', target: -1, lo: -28, hi: null },
      { n: 1, label: 'Week 2', phase: 'POST', target: 15, lo: 1, hi: 28 },
    ];
    const subject = { USUBJID: 'S1', FASFL: 'Y', TRTSDT: '2024-01-10', ABLDT: '2024-01-10' } as SubjectRecord;
    const { adim, measured } = deriveImmune(texts, [subject], [{ PARAMCD: 'IG4PCT', PARAM: '', dec: 2 }], {
      windows,
      limitedByEvents: new Set(['IG4PCT']),
      byDifference: comparedByDifference,
    });
    // 12 of 6000 cells, below 20 of 6000, half of which ADIM has in its place
    expect(adim[0]).toMatchObject({ AVALC: '0.2', BLQFL: 'Y' });
    expect(adim[0].AVAL).toBeCloseTo(100 / 600, 12);
    const after = measured.rowOf('IG4PCT', 1, 'S1');
    expect([after?.BASE, after?.CHG, after?.PCHG, after?.R2BASE]).toEqual([0.2, 49.8, null, null]);
  });
});
