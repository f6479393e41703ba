// Cells that slid in tubes of skewed levels: they carry what they no longer show in their label, and are counted by what they show. The
// expectation of each case is read from the phenotypes of populations section 2.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  descentOf,
  drawBlood,
  noArtefacts,
  panels,
  populationsOf,
  simulateTube,
  tubeBytes,
  type PanelId,
  type TubeOptions,
} from '../../src/simulate/index.ts';
import { statesOf } from '../../src/simulate/stimulation.ts';
import { compensated, eventsOf } from './witness.ts';

const shortHash = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex').slice(0, 16);

// made by the simulator before cells that slid had a mark: file and truth of normal levels, labels by descent of both
const recorded = [
  ['P1', 0.2, null, '8b9725101d9ac3ce', 'a8924df7db323672', '2dd6d67d72437cb6'],
  ['P2', 0.05, null, 'a5caa87713340bab', 'efc21d1c68b55276', '8c8945326496d089'],
  ['P3', 0.05, null, '1aafe3bd45f21674', 'c345938d1afa31f9', '90b3d16da4872ad3'],
  ['P4', 0.05, 'PMA', '1e77b03b53d2ab83', '62fd6c044e8b6bf4', '321b60ee8909eb67'],
  ['P5', 0.02, 'LPS', '6330b77a54b4c503', 'cd688a63df43b846', 'f92f7af932ff8742'],
  ['P6w', 0.02, null, '23f079ecfbaff01f', '13cd7620170df0fa', 'eadf9a2d25dab353'],
  ['P6p', 0.05, null, '48d78d2fe7abf9d2', 'e6b1bce692b147bc', '091344fbc55aca3c'],
] as const;

describe('what was simulated before is simulated now', () => {
  it.each(recorded)('%s', (panel, scale, stimulus, file, labels, truth) => {
    const of = (levels: 'normal' | 'heavy') => {
      const tube = simulateTube({ panel, seed: 'descent', scale, stimulus, levels });
      const names = tube.labels.names.map(descentOf);
      const descent = Array.from(tube.labels.codes, (code) => names[code]).join('\n');
      return { tube, file: shortHash(tubeBytes(tube)), descent: shortHash(descent) };
    };
    const [normal, heavy] = [of('normal'), of('heavy')];
    expect(normal.file).toBe(file);
    expect([normal.descent, heavy.descent]).toEqual([labels, labels]);
    expect(shortHash(JSON.stringify(normal.tube.truth))).toBe(truth);
    expect(normal.tube.labels.names.filter((name) => name.includes('~'))).toEqual([]);
  });
});

const shown: readonly (readonly [PanelId, label: string, populations: string])[] = [
  ['P1', 'NKTl', 'leuk Lymph T CD8T NKTl'],
  ['P1', 'NKTl~CD16_56', 'leuk Lymph T CD8T'],
  ['P1', 'DPT~CD8', 'leuk Lymph T CD4T'],
  ['P1', 'NK8d~CD16_56', 'leuk Lymph Lother'],
  ['P1', 'IG~CD45', ''],
  ['P2', 'CD4N', 'T CD4T CD4N'],
  ['P2', 'CD4N~CCR7', 'T CD4T CD4TEMRA'],
  ['P2', 'TregN~CCR7~CD45RA', 'T CD4T CD4EM Treg TregM'],
  ['P2', 'TregN~CCR7', 'T CD4T CD4TEMRA Treg TregN'],
  ['P2', 'TregN~CD45RA', 'T CD4T CD4CM Treg TregM'],
  ['P2', 'TregN~CD45RA~CD25', 'T CD4T CD4CM'],
  ['P2', 'CD4ACT~HLADR', 'T CD4T CD4EM'],
  ['P2', 'CD8TEMRA~CD45RA', 'T CD8T CD8EM'],
  ['P3', 'Bum~CD27', 'B B20p Bmat Bn'],
  ['P3', 'Bum~CD27~IGD', 'B B20p Bmat Bdn'],
  ['P3', 'Btr~IGD', 'B B20p Bmat Bdn'],
  ['P3', 'Bsm~CD21', 'B B20p Bmat Bsm B21lo'],
  ['P4', 'NKdim57p+CD107A~CD56', 'NKall NKn NK107'],
  ['P4', 'NKdim57p+CD107A~CD56~CD16', ''],
  ['P4', 'NKdim57p+CD107A+IFNG~CD107A', 'NKall NKdim NK57 NKIFN'],
  ['P4', 'NKdim57n~CD16', 'NKall NKdim'],
  ['P5', 'iMo~CD16', 'Mono cMo'],
  ['P5', 'cDC2+ACT~CD1C', 'DC DCoth'],
  ['P5', 'cDC1~CD11C', ''],
  ['P6w', 'cMo~HLADR', 'leuk Mo14 MMDSC'],
  ['P6w', 'incMo~CD14', 'leuk'],
  ['P6w', 'PMNX~LOX1', 'leuk Neut NeuM'],
  ['P6w', 'PMNX~CD10', 'leuk Neut PMNX'],
  ['P6w', 'Eos~CD294', 'leuk IG'],
  ['P6p', 'PMNX~LOX1', 'PMNL'],
  ['P1', 'DBL', ''],
  ['P2', 'DEAD_CD4N', ''],
];

it.each(shown)('%s: %s is in %s', (panel, label, populations) => {
  const expected = populations.split(' ').filter((id) => id !== '');
  expect([...populationsOf(panels[panel], label)].sort()).toEqual(expected.sort());
});

describe.each(Object.values(panels))('the slides of $id', (panel) => {
  const { slides, cells, colours, groups } = panel;

  it('name markers, cell types and populations of the panel, and each pair of cell type and marker once', () => {
    const pairs = slides.flatMap(({ marker, towards }) =>
      Object.keys(towards).map((id) => `${id} ${marker}`),
    );
    expect(new Set(pairs).size).toBe(pairs.length);
    const types = cells.map(({ id }) => id);
    const known = new Set([
      ...groups.map(({ id }) => id),
      'leuk',
      'NeuM',
      'Neut',
      'PMNX',
      'Eos',
      'IG',
      'Baso',
    ]);
    for (const { marker, towards, changes } of slides) {
      expect(colours.map((colour) => colour.marker)).toContain(marker);
      for (const [from, to] of Object.entries(towards))
        expect(types).toEqual(expect.arrayContaining([from, to ?? from]));
      for (const { leaves, enters } of changes)
        expect([...leaves, ...enters].filter((id) => !known.has(id))).toEqual([]);
    }
  });

  it('are of levels that slide, from 1.5 and below 4.8, in some state of the cell', () => {
    const stimuli = [null, 'K562', 'PMA', 'LPS'] as const;
    const still = slides.flatMap(({ marker, towards }) =>
      cells
        .filter(({ id }) => Object.hasOwn(towards, id))
        .filter((cell) => {
          const states = stimuli.flatMap((stimulus) => statesOf(panel, cell, stimulus, 1));
          return !states.some(({ levels }) => {
            const mean = levels.get(marker)?.mean ?? 0;
            return mean >= 1.5 && mean < 4.8;
          });
        })
        .map(({ id }) => `${id} ${marker}`),
    );
    expect(still).toEqual([]);
  });

  it('go down: the boundary lies below the level of the cell type', () => {
    const levelOf = (id: string, marker: string) =>
      cells.find((cell) => cell.id === id)?.levels.get(marker)?.mean;
    for (const { marker, towards } of slides)
      for (const [from, to] of Object.entries(towards)) {
        const own = levelOf(from, marker);
        if (own !== undefined && to !== null) expect(levelOf(to, marker) ?? 0.7).toBeLessThan(own);
      }
  });
});

const clean = { artefacts: noArtefacts, blood: drawBlood({ profile: 'healthy' }) } as const;

describe('a naive CD4 cell without CCR7', () => {
  // middle of CCR7 of CD4N (3.6) and CD4TEMRA (0.6)
  const boundary = 2.1;
  const tube = simulateTube({ panel: 'P2', seed: 'slides', scale: 3, levels: 'heavy', ...clean });
  const ccr7 = compensated(tube)[panels.P2.colours.findIndex(({ marker }) => marker === 'CCR7')];
  const levels = (label: string) => eventsOf(tube, label).map((e) => Math.asinh(ccr7[e] / 150));

  it('lies below the boundary, and naive cells that did not slide that far do not', () => {
    const [naive, slid] = [levels('CD4N'), levels('CD4N~CCR7')];
    expect(slid.length).toBeGreaterThan(500);
    const part = (list: readonly number[], isIt: (y: number) => boolean) =>
      list.filter(isIt).length / list.length;
    // noise of the detector: a standard deviation below 0.25 at the boundary
    expect(part(slid, (y) => y > boundary + 0.25)).toBeLessThan(0.01);
    expect(part(naive, (y) => y < boundary - 0.25)).toBeLessThan(0.001);
  });

  it('is one of 4 % that slid evenly between 3.6 and the background, 0.35', () => {
    const [naive, slid] = [levels('CD4N').length, levels('CD4N~CCR7').length];
    const p = (0.04 * (boundary - 0.35)) / (3.6 - 0.35);
    expect(Math.abs(slid / (naive + slid) - p)).toBeLessThan(4.5 * Math.sqrt(p / (naive + slid)) + 0.03 * p);
  });
});

describe('the truth of a tube of skewed levels', () => {
  const tubes: readonly (readonly [PanelId, Omit<TubeOptions, 'panel' | 'seed'>])[] = [
    ['P2', { scale: 1.5 }],
    ['P4', { scale: 1.5, stimulus: 'PMA' }],
    ['P6w', { scale: 0.5 }],
  ];

  it.each(tubes)('%s: concentrations move as the events do', (panel, options) => {
    const of = (levels: 'normal' | 'heavy') => {
      const { truth } = simulateTube({ panel, seed: 'slides', levels, ...options, ...clean });
      return new Map(truth.map((row) => [row.population, row]));
    };
    const [normal, heavy] = [of('normal'), of('heavy')];
    let moved = 0;
    for (const { id } of panels[panel].groups) {
      const [before, after] = [normal.get(id), heavy.get(id)];
      if (!before?.cellsPerMicrolitre || !after?.cellsPerMicrolitre || before.events < 200) continue;
      // the same numbers of cells of every kind are in both tubes: what moved is binomial
      const [found, expected] = [
        after.events / before.events,
        after.cellsPerMicrolitre / before.cellsPerMicrolitre,
      ];
      moved = Math.max(moved, Math.abs(expected - 1));
      expect(Math.abs(found - expected), id).toBeLessThan(
        4.5 * Math.sqrt((2 * Math.abs(expected - 1) + 0.01) / before.events),
      );
    }
    expect(moved).toBeGreaterThan(0.1);
  });

  it('counts a responding NK cell whose CD16 the stimulus took as without it, once CD56 is gone, too', () => {
    const labelsOf = (stimulus: 'K562' | 'PMA') =>
      simulateTube({ panel: 'P4', seed: 'shed', stimulus, levels: 'heavy', ...clean }).labels.names;
    // CD16 5.0 - 1.8 lies above the middle to the background, 5.0 - 3.0 below it
    expect(labelsOf('K562')).toContain('NKdim57n+CD107A~CD56');
    expect(labelsOf('PMA')).toContain('NKdim57n+CD107A~CD56~CD16');
    expect(labelsOf('PMA')).not.toContain('NKdim57n+CD107A~CD56');
    expect(labelsOf('PMA')).toContain('NKdim57n~CD56');
  });

  it('keeps cells of a tube without the dye as they are', () => {
    const tube = simulateTube({ panel: 'P6w', seed: 'fmo', scale: 0.1, levels: 'heavy', omitted: ['LOX1'] });
    expect(tube.labels.names.filter((name) => name.split('~').includes('LOX1'))).toEqual([]);
  });
});

// the specification's table: Lin of B cells 5.0, so a lineage marker, whatever a visit does to it
it('lets the same cells slide at every visit', () => {
  const lin = panels.P5.colours.findIndex(({ marker }) => marker === 'LIN');
  const medians = Array.from({ length: 8 }, (_, visit) => {
    const artefacts = { ...noArtefacts, levelShiftSd: 0.4 };
    const tube = simulateTube({
      panel: 'P5',
      seed: `visit ${visit}`,
      scale: 0.05,
      levels: 'heavy',
      artefacts,
    });
    const levels = compensated(tube)[lin];
    const y = eventsOf(tube, 'B').map((e) => Math.asinh(levels[e] / 150));
    const low = y.filter((level) => level < 2.5).length;
    expect(low / y.length).toBeLessThan(0.005);
    return y.sort((a, b) => a - b)[y.length >> 1];
  });
  expect(Math.min(...medians)).toBeLessThan(4.7);
});
