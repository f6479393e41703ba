// The templates of monocytes, dendritic cells, granulocytes and MDSC against tubes whose every event is labelled. Thresholds are
// a few points below what bench/RESULTS-recovery.md shows; doublets, dead cells and debris count against precision.
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../src/fcs/index.ts';
import {
  drawBlood,
  makeTube,
  panels,
  populationsOf,
  simulateStudy,
  simulateTube,
  tubeBytes,
  type SimulatedTube,
  type TubeOptions,
} from '../../src/simulate/index.ts';
import { gateFile, templateOf } from './gate-file.ts';
import { atVoltages } from './other-voltages.ts';

type Truth = Readonly<Record<string, readonly [least: number, ...labels: string[]]>>;
/** `gains`: of forward and side scatter, of every second colour and of the others. */
type Gains = readonly [forward: number, side: number, even: number, odd: number];
type Tube = readonly [name: string, options: Omit<TubeOptions, 'panel' | 'seed'>, gains?: Gains];

function named(tubes: readonly Tube[]): (readonly [string, Tube])[] {
  return tubes.map((tube) => [tube[0], tube]);
}

/** F1 of each population with at least 50 true events; `+…` after a label is a state of the same cells, `~…` what a cell no longer shows. */
function recovered(
  panel: TubeOptions['panel'],
  template: string,
  [name, options, gains]: Tube,
  truth: Truth,
) {
  const usual = simulateTube({ panel, seed: name, ...options });
  const [forward, side, ...colours] = gains ?? [1, 1, 1, 1];
  const tube = atVoltages(usual, (channel, colour) => {
    if (colour >= 0) return colours[colour % 2];
    return channel.startsWith('FSC') ? forward : channel.startsWith('SSC') ? side : 1;
  });
  const { members, counted } = gateFile(memorySource(tubeBytes(tube)), templateOf(template));
  expect(counted.streamed).toEqual(counted.members);
  const { names, codes } = tube.labels;
  return Object.entries(truth).flatMap(([id, [least, ...labels]]) => {
    const isIt = names.map((label) =>
      label.includes('~')
        ? populationsOf(panels[panel], label).has(id)
        : labels.includes(label.split('+')[0]),
    );
    const member = members.get(id) ?? new Uint8Array(codes.length);
    let [both, size, truly] = [0, 0, 0];
    codes.forEach((code, e) => {
      both += isIt[code] && member[e] === 1 ? 1 : 0;
      size += member[e];
      truly += Number(isIt[code]);
    });
    return truly < 50 ? [] : [{ id, least, f1: (2 * both) / (size + truly) }];
  });
}

function expectRecovery(found: ReturnType<typeof recovered>): void {
  expect(found.length).toBeGreaterThan(4);
  expect(found.filter(({ f1, least }) => !(f1 >= least))).toEqual([]);
}

// labels: populations specification, sections 5.9 and 5.10
describe('p6w-mye finds the labelled cells', () => {
  const truth: Truth = {
    beads: [0.99, 'BEAD'],
    Neut: [0.97, 'NeuM', 'PMNX'],
    NeuM: [0.97, 'NeuM', 'PMNX'],
    IG: [0.9, 'IG'],
    PMNX: [0.9, 'PMNX'],
    Eos: [0.95, 'Eos'],
    Mo14: [0.93, 'cMo', 'MMDSC', 'incMo'],
    MMDSC: [0.87, 'MMDSC'],
    Baso: [0.93, 'Baso'],
    eMDSC: [0.85, 'eMDSC'],
  };
  const tubes: readonly Tube[] = [
    ['a patient at baseline', { scale: 0.1 }],
    [
      'neutropenia and a matrix that is off',
      { scale: 0.25, misset: true, blood: drawBlood({ state: 'V2', subject: 'm2' }) },
    ],
    [
      'left shift, another top of scale',
      { scale: 0.06, vendor: 'CytoFLEX', blood: drawBlood({ state: 'V2g', subject: 'm3' }) },
    ],
    ['other voltages', { scale: 0.1 }, [0.65, 0.65, 0.5, 2]],
    ['other voltages, the other way round', { scale: 0.1 }, [1.5, 1.25, 2, 0.5]],
  ];
  it.each(named(tubes))('%s', (_, tube) => expectRecovery(recovered('P6w', 'p6w-mye', tube, truth)));
  // one neutrophil in 800 has LOX-1: no peak, only more than the background would leave; M-MDSC are too few to part from monocytes
  it('healthy blood, colours at twice the gain', () => {
    const few: Truth = { ...truth, PMNX: [0.75, 'PMNX'], MMDSC: [0.65, 'MMDSC'] };
    const blood = drawBlood({ profile: 'healthy', subject: 'm4' });
    const tube: Tube = ['healthy blood', { scale: 0.5, blood }, [1, 0.6, 2, 2]];
    expectRecovery(recovered('P6w', 'p6w-mye', tube, few));
  });
  it('does not take the tail of monocytes for M-MDSC where levels are skewed', () => {
    const tube = simulateTube({ panel: 'P6w', seed: 'skewed', scale: 0.15, levels: 'heavy' });
    const { count } = gateFile(memorySource(tubeBytes(tube)), templateOf('p6w-mye'));
    const truly = tube.truth.find(({ population }) => population === 'MMDSC')?.events ?? 0;
    expect(truly).toBeGreaterThan(200);
    expect((count('MMDSC') ?? 0) / truly).toBeGreaterThan(0.7);
    expect((count('MMDSC') ?? 0) / truly).toBeLessThan(1.4);
  });
});

describe('p6p-mye finds the labelled cells', () => {
  const truth: Truth = {
    PMNL: [0.93, 'NeuM', 'PMNX', 'IG'],
    PMNLX: [0.85, 'PMNX'],
    Mo14: [0.93, 'cMo', 'MMDSC', 'incMo'],
    MMDSC: [0.87, 'MMDSC'],
    eMDSC: [0.85, 'eMDSC'],
  };
  const tubes: readonly Tube[] = [
    ['a patient at baseline', { scale: 0.4 }],
    [
      'neutropenia, another top of scale',
      { scale: 0.4, vendor: 'CytoFLEX', blood: drawBlood({ state: 'V2', subject: 'l2' }) },
    ],
    ['other voltages', { scale: 0.4 }, [0.6, 0.65, 0.5, 2]],
    ['other voltages, the other way round', { scale: 0.4 }, [1.5, 1.25, 2, 0.5]],
  ];
  it.each(named(tubes))('%s', (_, tube) => expectRecovery(recovered('P6p', 'p6p-mye', tube, truth)));
});

describe('p5-apc finds the labelled cells', () => {
  const truth: Truth = {
    Mono: [0.97, 'cMo', 'iMo', 'ncMo'],
    cMo: [0.97, 'cMo'],
    iMo: [0.9, 'iMo'],
    ncMo: [0.93, 'ncMo'],
    DC: [0.93, 'cDC2', 'cDC1', 'pDC', 'ASDC', 'DCoth'],
    pDC: [0.9, 'pDC'],
    cDC2: [0.93, 'cDC2'],
    cDC1: [0.85, 'cDC1'],
  };
  const tubes: readonly Tube[] = [
    ['a patient at baseline', { scale: 0.3 }],
    ['stimulated, a matrix that is off', { scale: 0.2, misset: true, stimulus: 'LPS' }],
    [
      'after ablation, another top of scale',
      { scale: 0.2, vendor: 'Aurora', blood: drawBlood({ state: 'V1', subject: 'd3' }) },
    ],
    ['other voltages', { scale: 0.3 }, [0.65, 0.65, 0.5, 2]],
    ['other voltages, the other way round', { scale: 0.3 }, [1.5, 1.25, 2, 0.5]],
  ];
  it.each(named(tubes))('%s', (_, tube) => expectRecovery(recovered('P5', 'p5-apc', tube, truth)));
});

describe('p5-apc with few dendritic cells', () => {
  const labels: Readonly<Record<string, readonly string[]>> = {
    DC: ['cDC2', 'cDC1', 'pDC', 'ASDC', 'DCoth'],
    pDC: ['pDC'],
    cDC2: ['cDC2'],
  };
  /** Of a population: labelled events, events that are gated as it, and events that are only one of the two. */
  function found(tube: SimulatedTube) {
    const { members } = gateFile(memorySource(tubeBytes(tube)), templateOf('p5-apc'));
    const { names, codes } = tube.labels;
    return (id: string) => {
      const member = members.get(id) ?? new Uint8Array(codes.length);
      const isIt = names.map((label) => (labels[id] ?? []).includes(label.split('+')[0]));
      let [truly, gated, wrong] = [0, 0, 0];
      codes.forEach((code, e) => {
        truly += Number(isIt[code]);
        gated += member[e];
        wrong += Number(isIt[code] !== (member[e] === 1));
      });
      return { truly, gated, wrong };
    };
  }
  // seven pDC are no peak among 15,000 cells with HLA-DR: the valley of their CD123 once lay at 0, and 17 B cells passed
  it('does not take B cells for them where seven pDC make no valley', () => {
    const { tubes } = simulateStudy({
      ...{ id: 'C1', subjects: 1, visits: 5, seed: '7011.1', panels: ['P5'], scale: 0.3, misset: 0.1 },
      ...{ vendor: 'BD', stains: 'marker', levels: 'normal' },
    });
    const planned = tubes.find(({ sample }) => sample === 'C1-001_V1_P5_s7011.1');
    if (planned === undefined) throw new Error('the study has no such tube');
    const of = found(makeTube(planned));
    expect(of('DC').truly).toBe(25);
    expect(of('DC').wrong).toBeLessThanOrEqual(3);
    expect(of('pDC').truly).toBe(7);
    expect(of('pDC').wrong).toBeLessThanOrEqual(1);
  });
  // fixed values lost one cDC2 in ten at one of these voltages, one dendritic cell in twenty at the other
  it.each([
    [0.5, 2],
    [2, 0.5],
  ])('other voltages: half of the colours at %s of the gain, half at %s', (even, odd) => {
    const sums = { DC: [0, 0], pDC: [0, 0], cDC2: [0, 0] };
    for (const seed of ['few 7101', 'few 7103', 'few 7106']) {
      const tube = simulateTube({ panel: 'P5', seed, scale: 0.06, misset: true });
      const of = found(atVoltages(tube, (_, colour) => (colour < 0 ? 1 : colour % 2 === 0 ? even : odd)));
      expect(of('DC').truly).toBeLessThan(150);
      for (const [id, sum] of Object.entries(sums)) {
        sum[0] += of(id).truly;
        sum[1] += of(id).wrong;
      }
    }
    const shares = Object.values(sums).map(([truly, wrong]) => wrong / truly);
    expect(Math.max(...shares)).toBeLessThan(0.05);
  });
});
