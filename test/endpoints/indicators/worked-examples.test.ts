import { describe, expect, it } from 'vitest';
import * as endpoints from '../../../src/endpoints/index.ts';
import { formatFixed, wilson } from '../../../src/stats/index.ts';

const {
  activationIndex,
  cbcIndices,
  countByBeads,
  countByBridge,
  countByLeukocytes,
  countByLymphocytes,
  deltaMdfi,
  eventRatio,
  eventsToAcquire,
  poissonCv,
  poissonInterval,
  limitsPerMicrolitre,
  receptorOccupancy,
  stimulatedMinusBackground,
} = endpoints;

// The worked examples of populations.md section 4, digit for digit as printed there.
const tube = { kind: 'tube', beadsPerTube: 51300, bloodMicrolitres: 50 } as const;
const cd4 = countByBeads(4860, 6120, tube);
const suspension = countByBeads(2410, 3150, {
  kind: 'suspension',
  beadsPerMicrolitre: 1004,
  beadMicrolitres: 100,
  bloodMicrolitres: 100,
});
const cbc = { wbc: 5.42, lymphocytePercent: 24.3, hoursApart: 1 };
const treg = countByBridge(612, 10480, cd4);
const ratio = eventRatio(4860, 2730);
const indices = cbcIndices({ neutrophils: 3.61, lymphocytes: 1.32, monocytes: 0.48, platelets: 188 });
const nk = stimulatedMinusBackground({ positive: 1236, parent: 6480 }, { positive: 98, parent: 6120 });
const rest = deltaMdfi({ median: 3420, fmoMedian: 210, events: 500, fmoEvents: 500 });
const stim = deltaMdfi({ median: 11860, fmoMedian: 265, events: 500, fmoEvents: 500 });
const ro = receptorOccupancy({
  ...{ bound: 2150, boundNegative: 120, saturated: 2260, saturatedNegative: 118 },
  events: { bound: 900, saturated: 900, negative: 900 },
});
const at6 = limitsPerMicrolitre({ lob: null, lod: 20, lloq: 50 }, 5.97);
const at50 = limitsPerMicrolitre({ lob: null, lod: 20, lloq: 50 }, 50);

/** Name, the numbers found, the printed texts. Percentages are scaled from fractions here where the function gives fractions. */
const examples: readonly (readonly [string, readonly (number | null)[], readonly string[]])[] = [
  ['beads in tube', [cd4.value, cd4.ciLow, cd4.ciHigh], ['814.8', '752.1', '882.7']],
  ['acquired blood volume', [cd4.acquiredMicrolitres], ['5.965']],
  ['bead count CV in percent', [percent(cd4.cv)], ['4.09']],
  ['bead suspension', [suspension.value], ['768.1']],
  ['dual platform by lymphocytes', [countByLymphocytes(4120, 10000, cbc).value], ['542.6']],
  ['PanLeuco', [countByLeukocytes(5120, 51800, cbc).value], ['535.7']],
  ['bridged Treg', [treg.value, treg.ciLow, treg.ciHigh], ['47.6', '42.6', '53.2']],
  ['bridged CV in percent', [percent(treg.cv)], ['5.66']],
  ['Treg of CD4', percentOf(612, 10480), ['5.840', '5.407', '6.305']],
  ['Wilson itself', [100 * wilson(612, 10480).low, 100 * wilson(612, 10480).high], ['5.407', '6.305']],
  ['CD4/CD8', [ratio.value, ratio.ciLow, ratio.ciHigh], ['1.780', '1.699', '1.866']],
  ['NLR, LMR', [indices.nlr.value, indices.lmr.value], ['2.735', '2.750']],
  ['PLR, SII', [indices.plr.value, indices.sii.value], ['142.4', '514.2']],
  ['stimulated and background percent', [nk.stimulatedPercent, nk.backgroundPercent], ['19.07', '1.60']],
  ['stimulated minus background', [nk.value, nk.ciLow, nk.ciHigh], ['17.47', '16.47', '18.49']],
  ['stimulation index', [nk.index], ['11.9']],
  ['ΔMdFI', [rest.value], ['3210']],
  ['MdFI fold', [rest.fold], ['16.3']],
  ['MdFI Δy', [rest.deltaY], ['2.68']],
  ['activation index', [activationIndex(stim, rest).value], ['3.61']],
  ['PD-1 occupancy', [ro.value], ['94.8']],
  ['events to acquire', [eventsToAcquire(100, 3e-4)], ['333334']],
  ['limits at 5.97 µL', [at6.lloq, 100 / 5.97, at6.lod], ['8.4', '16.8', '3.4']],
  ['zero events at 5.97 µL', [poissonInterval(0).high / 5.97], ['0.62']],
  ['LLOQ at 50 µL', [at50.lloq], ['1.0']],
  ...(
    [
      [25, '20.0'],
      [50, '14.1'],
      [100, '10.0'],
      [400, '5.0'],
    ] as const
  ).map(([k, text]) => [`Poisson CV of ${k}`, [percent(poissonCv(k))], [text]] as const),
  ...(
    [
      [0, '0', '3.689'],
      [1, '0.025', '5.572'],
      [5, '1.62', '11.67'],
      [20, '12.22', '30.89'],
      [50, '37.11', '65.92'],
      [100, '81.36', '121.63'],
    ] as const
  ).map(([k, low, high]) => {
    const found = poissonInterval(k);
    return [`Poisson interval of ${k}`, [found.low, found.high], [low, high]] as const;
  }),
];

describe('worked examples of the specification', () => {
  it.each(examples)('%s', (_name, found, printed) => {
    expect(found.map((value, i) => formatFixed(value, decimalsOf(printed[i])))).toEqual(printed);
  });
  it('answers the NK example with a responder of full status', () => {
    expect([nk.responder, nk.status, nk.reason]).toEqual([true, 'OK', null]);
  });
});

function percentOf(events: number, parent: number): (number | null)[] {
  const { value, ciLow, ciHigh } = endpoints.percentage(events, parent);
  return [value, ciLow, ciHigh];
}

function percent(fraction: number | null): number | null {
  return fraction === null ? null : 100 * fraction;
}

function decimalsOf(text: string): number {
  return text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
}
