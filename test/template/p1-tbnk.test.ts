// The TBNK template against tubes whose every event is labelled, and on a real tube of a cytometer.
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';
import {
  drawBlood,
  panels,
  populationsOf,
  simulateTube,
  tubeBytes,
  type TubeOptions,
} from '../../src/simulate/index.ts';
import { sharedData } from '../shared-data.ts';
import { gateFile, templateOf } from './gate-file.ts';

const template = templateOf('p1-tbnk');

/** Labels of the simulator that make up a population (populations specification, sections 2 and 5.5). */
const tCells = ['CD4T', 'CD8T', 'NKTl', 'DNT', 'DPT'];
const truth: Readonly<Record<string, readonly string[]>> = {
  beads: ['BEAD'],
  Lymph: [...tCells, 'B', 'NK8n', 'NK8d', 'Lother'],
  T: tCells,
  CD4T: ['CD4T'],
  CD8T: ['CD8T', 'NKTl'],
  B: ['B'],
  NK: ['NK8n', 'NK8d'],
  Gran1: ['Neut', 'Eos', 'IG'],
};

/** Least F1 over all events of the file: doublets, dead cells, debris and margin events count against it. */
const least = 0.97;

const tubes: readonly (readonly [string, Omit<TubeOptions, 'panel' | 'seed'>])[] = [
  ['a baseline', {}],
  ['a small tube', { scale: 0.1 }],
  ['lymphopenia after ablation', { blood: drawBlood({ state: 'V1', subject: 's1' }) }],
  ['neutropenia', { blood: drawBlood({ state: 'V2', subject: 's2' }) }],
  ['neutrophilia and left shift', { blood: drawBlood({ state: 'V2g', subject: 's3' }) }],
  ['skewed levels', { levels: 'heavy' }],
  ['a spillover matrix that is off', { misset: true }],
  ['red cells not lysed', { failure: { kind: 'unlysedRedCells' } }],
  ['another top of scale', { vendor: 'CytoFLEX' }],
  ['other names of scatter', { vendor: 'Navios' }],
];

describe('p1-tbnk finds the labelled cells', () => {
  it.each(tubes)('%s', (name, options) => {
    const tube = simulateTube({ panel: 'P1', seed: name, ...options });
    const { members, counted } = gateFile(memorySource(tubeBytes(tube)), template);
    expect(counted.streamed).toEqual(counted.members);
    const { names, codes } = tube.labels;
    const found = Object.entries(truth).map(([id, labels]) => {
      const member = members.get(id) ?? new Uint8Array(codes.length);
      // what slid on a marker is what it shows
      const isIt = names.map((name) =>
        name.includes('~') ? populationsOf(panels.P1, name).has(id) : labels.includes(name),
      );
      let both = 0;
      let either = 0;
      codes.forEach((code, e) => {
        const is = isIt[code];
        if (is && member[e] === 1) both++;
        either += Number(is) + member[e];
      });
      return { id, f1: (2 * both) / either };
    });
    const poor = found.filter(({ id, f1 }) => !(f1 >= (id === 'B' || id === 'NK' ? least - 0.01 : least)));
    expect(poor).toEqual([]);
  });

  it('counts no beads in a tube without beads', () => {
    const tube = simulateTube({ panel: 'P1', seed: 'no beads', failure: { kind: 'beadsMissing' } });
    expect(gateFile(memorySource(tubeBytes(tube)), template).count('beads')).toBe(0);
  });

  it('keeps single cells and drops doublets that its pulses show', () => {
    const tube = simulateTube({ panel: 'P1', seed: 'pulses' });
    const { members } = gateFile(memorySource(tubeBytes(tube)), template);
    const [before, after] = [members.get('nomargin'), members.get('singS')];
    const kept = (isIt: (label: string) => boolean) => {
      let [n, inside] = [0, 0];
      tube.labels.codes.forEach((code, e) => {
        if (before?.[e] !== 1 || !isIt(tube.labels.names[code])) return;
        n++;
        inside += after?.[e] ?? 0;
      });
      return inside / n;
    };
    expect(kept((label) => tCells.includes(label))).toBeGreaterThan(0.99);
    expect(kept((label) => label.startsWith('DBL'))).toBeLessThan(0.15);
  });
});

describe('p1-tbnk on a FACSCanto II tube', () => {
  const path = sharedData('data', 'fcs', 'bd_facscanto2_tbnk_6color.fcs');
  it.skipIf(path === null)('gives lymphocytes that add up, in the ranges of blood', () => {
    const { count, strategy, counted } = gateFile(openFile(path ?? ''), template);
    expect(counted.streamed).toEqual(counted.members);
    const of = (id: string) => count(id) ?? Number.NaN;
    // quality rules of the populations specification, section 3
    expect((of('T') + of('B') + of('NK')) / of('Lymph')).toBeGreaterThan(0.95);
    expect((of('T') + of('B') + of('NK')) / of('Lymph')).toBeLessThan(1.05);
    expect(of('CD4T') + of('CD8T') + of('DNT') + of('DPT')).toBe(of('T'));
    // wide 95 % limits of section 2, percent of lymphocytes
    expect(of('T') / of('Lymph')).toBeGreaterThan(0.47);
    expect(of('T') / of('Lymph')).toBeLessThan(0.79);
    expect(of('CD4T') / of('Lymph')).toBeGreaterThan(0.23);
    expect(of('CD8T') / of('Lymph')).toBeGreaterThan(0.14);
    expect(of('B') / of('Lymph')).toBeLessThan(0.22);
    expect(of('NK') / of('Lymph')).toBeLessThan(0.37);
    // it keeps areas only: the singlet gates are all of their parent, and say so
    const singF = strategy.populations.find(({ id }) => id === 'singF');
    expect(singF?.fit).toMatchObject({ status: 'fallback', method: 'parent' });
    expect(count('singS')).toBe(count('nomargin'));
  });
});
