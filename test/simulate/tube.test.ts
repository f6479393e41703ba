// Simulated tubes against the tables they are made from: counts, light after compensation, artefacts, masking, stimulation.
// Statistical limits are 4.5 standard errors, so that a defect fails and a fixed seed does not.
import { describe, expect, it } from 'vitest';
import { drawBlood, noArtefacts, panels, simulateTube, type PanelId } from '../../src/simulate/index.ts';
import {
  background,
  compensated,
  eventsOf,
  meanAndSd,
  meanLight,
  specification,
  specifiedTable,
} from './witness.ts';

const healthy = drawBlood({ profile: 'healthy' });
const clean = { artefacts: noArtefacts, blood: healthy } as const;

describe.skipIf(specification === null)('a clean tube follows its table', () => {
  const cases: readonly (readonly [PanelId, number, number])[] = [
    ['P1', 5, 6],
    ['P2', 6, 1],
    ['P3', 7, 1],
    ['P4', 8, 1],
    ['P5', 9, 0.4],
    ['P6w', 10, 0.4],
  ];
  it.each(cases)('%s', (id, number, scale) => {
    const tube = simulateTube({ panel: id, seed: 'clean', scale, ...clean });
    const light = compensated(tube);
    const table = specifiedTable(number).filter((cell) => cell.id !== 'K562');
    const { preparation, colours } = panels[id];
    const total =
      (preparation.acquired === null ? preparation.liveCells! : preparation.acquired * 6200) * scale;
    const sum = table.reduce((all, cell) => all + cell.shares[0], 0);
    expect(Math.abs(sum - 100)).toBeLessThan(0.2);
    let compared = 0;
    for (const cell of table) {
      const marked = tube.labels.names.filter((name) => name.split('+')[0] === cell.id);
      const inside = marked.flatMap((name) => eventsOf(tube, name));
      const expected = (total * cell.shares[0]) / (preparation.acquired === null ? sum : 100);
      // Cell types of P1, P5 and P6 differ in the last digit of their sums; 1 % covers that.
      expect(Math.abs(inside.length - expected)).toBeLessThan(4.5 * Math.sqrt(expected) + 0.01 * expected);
      if (inside.length < 100) continue;
      colours.forEach(({ marker }, c) => {
        if (id === 'P4' && ['CD107A', 'IFNG', 'CD16'].includes(marker)) return;
        const [mean, sd] = cell.levels[marker] ?? background[cell.cls];
        const found = meanAndSd(inside.map((e) => light[c][e]));
        const error = found.sd / Math.sqrt(inside.length);
        expect(Math.abs(found.mean - meanLight(mean, sd)), `${cell.id} ${marker}`).toBeLessThan(4.8 * error);
        compared++;
      });
    }
    expect(compared).toBeGreaterThan(50);
  });
});

describe('artefacts', () => {
  const tube = simulateTube({ panel: 'P1', seed: 'artefacts', scale: 3, blood: healthy });
  const { columns, count } = tube.events;
  const labelled = (label: string): number => eventsOf(tube, label).length;
  const dead = tube.labels.names
    .filter((name) => name.startsWith('DEAD_'))
    .reduce((sum, name) => sum + labelled(name), 0);
  const beads = labelled('BEAD');

  it.each([
    ['doublets', labelled('DBL'), 0.03],
    ['dead', dead, 0.015],
    ['debris', labelled('DEBRIS'), 0.25],
  ])('%s have their share of events that are not beads', (_, found, share) => {
    const all = count - beads;
    expect(Math.abs(found / all - share)).toBeLessThan(4.5 * Math.sqrt((share * (1 - share)) / all));
  });

  it('bead counts are Poisson with mean beads per tube x acquired / stained blood', () => {
    const counts = Array.from({ length: 300 }, (_, at) => {
      const small = simulateTube({ panel: 'P1', seed: `beads ${at}`, scale: 0.02, ...clean });
      return small.truth.find(({ population }) => population === 'BEAD')!.events;
    });
    const mean = (51300 * 0.12) / 50;
    const found = meanAndSd(counts);
    expect(Math.abs(found.mean - mean)).toBeLessThan(4.5 * Math.sqrt(mean / 300));
    expect(Math.abs(found.sd ** 2 / mean - 1)).toBeLessThan(4.5 * Math.sqrt(2 / 300));
  });

  it('beads are bright in every detector, small and granular', () => {
    const still = { artefacts: { gainSd: 0, clogProbability: 0 }, blood: healthy };
    const beadTube = simulateTube({ panel: 'P1', seed: 'bright', scale: 0.5, ...still });
    const light = compensated(beadTube);
    const inside = eventsOf(beadTube, 'BEAD');
    const columns = beadTube.events.columns;
    for (const column of light) {
      const y = inside.map((e) => Math.asinh(column[e] / 150));
      expect(Math.min(...y)).toBeGreaterThan(6.1);
    }
    expect(Math.abs(meanAndSd(inside.map((e) => columns[0][e])).mean / 22000 - 1)).toBeLessThan(0.01);
    expect(Math.abs(meanAndSd(inside.map((e) => columns[3][e])).mean / 205000 - 1)).toBeLessThan(0.01);
  });

  it('singlets keep height 0.97 of area with 3.5 %, doublets lie below', () => {
    const ratio = (label: string): number[] =>
      eventsOf(tube, label)
        .filter((e) => columns[0][e] < 262142 && columns[1][e] < 262142)
        .map((e) => columns[1][e] / columns[0][e]);
    const single = meanAndSd(ratio('CD4T'));
    expect(Math.abs(single.mean - 0.97)).toBeLessThan(0.002);
    expect(Math.abs(single.sd / (0.97 * 0.035) - 1)).toBeLessThan(0.05);
    expect(meanAndSd(ratio('DBL')).mean).toBeLessThan(0.8);
    const e = eventsOf(tube, 'CD8T')[0];
    expect(columns[2][e]).toBeCloseTo((65536 * columns[0][e]) / columns[1][e], 0);
  });

  it('0.4 % of cells are clipped at the top of scale, and nothing is beyond it', () => {
    const cells = eventsOf(tube, 'CD4T');
    const clipped = cells.filter((e) => columns[0][e] === 262143 || columns[3][e] === 262143).length;
    expect(Math.abs(clipped - 0.004 * cells.length)).toBeLessThan(4.5 * Math.sqrt(0.004 * cells.length));
    for (const column of columns.slice(0, -1))
      expect(Math.max(...column.slice(0, 50_000))).toBeLessThanOrEqual(262143);
  });

  it('events are in the order of time, and kinds of events are mixed', () => {
    const time = columns.at(-1)!;
    for (let e = 1; e < count; e++)
      if (time[e] < time[e - 1]) throw new Error(`event ${e} goes back in time`);
    const firstHalf = eventsOf(tube, 'CD4T').filter((e) => e < count / 2).length / labelled('CD4T');
    expect(Math.abs(firstHalf - 0.5)).toBeLessThan(4.5 * Math.sqrt(0.25 / labelled('CD4T')));
  });

  it('dead cells take the viability dye and keep 60 % of their antigens', () => {
    const p2 = simulateTube({
      panel: 'P2',
      seed: 'dead',
      scale: 1,
      blood: healthy,
      artefacts: { gainSd: 0, levelShiftSd: 0, levelSpreadSd: 0, clogProbability: 0 },
    });
    const light = compensated(p2);
    const inside = eventsOf(p2, 'DEAD_CD4N');
    const at = (marker: string): number => panels.P2.colours.findIndex((colour) => colour.marker === marker);
    const median = (c: number): number =>
      inside.map((e) => Math.asinh(light[c][e] / 150)).sort((a, b) => a - b)[inside.length >> 1];
    expect(Math.abs(median(at('VIAB')) - 5.2)).toBeLessThan((4.5 * 1.25 * 0.5) / Math.sqrt(inside.length));
    expect(Math.abs(median(at('CD3')) - 0.6 * 5.3)).toBeLessThan(0.1);
  });

  it('a clog slows the run and dims it by 0.4', () => {
    const clogged = simulateTube({
      panel: 'P1',
      seed: 'clog',
      scale: 5,
      ...clean,
      artefacts: { ...noArtefacts, clogProbability: 1 },
    });
    const time = clogged.events.columns.at(-1)!;
    const light = compensated(clogged)[0];
    const cd4 = eventsOf(clogged, 'CD4T');
    const bins = Array.from({ length: 200 }, () => [] as number[]);
    const end = time[time.length - 1];
    for (const e of cd4)
      bins[Math.min(199, Math.floor((200 * time[e]) / end))].push(Math.asinh(light[e] / 150));
    const usual = cd4.length / 200;
    const slow = bins.filter((bin) => bin.length < usual / 2);
    expect(slow.length).toBeGreaterThanOrEqual(5);
    expect(slow.length).toBeLessThanOrEqual(17);
    const inner = slow.slice(1, -1).flat();
    expect(Math.abs(meanAndSd(inner).mean - (5.2 - 0.4))).toBeLessThan(0.05);
  });
});

describe('visits and drugs', () => {
  it('PD-1 is masked by the drug and appears on anti-IgG4', () => {
    const blood = drawBlood({ profile: 'healthy', state: 'V2' });
    const tube = simulateTube({ panel: 'P2', seed: 'masking', artefacts: noArtefacts, blood });
    const light = compensated(tube);
    const column = (marker: string): number =>
      panels.P2.colours.findIndex((colour) => colour.marker === marker);
    const inside = eventsOf(tube, 'CD8EM');
    const bare = meanLight(0.35, 0.45);
    const expected = {
      PD1: 0.05 * meanLight(2.3, 0.8) + 0.95 * bare,
      IGG4: bare + 0.95 * meanLight(2.3, 0.8),
    };
    for (const [marker, mean] of Object.entries(expected)) {
      const found = meanAndSd(inside.map((e) => light[column(marker)][e]));
      expect(Math.abs(found.mean - mean), marker).toBeLessThan((4.5 * found.sd) / Math.sqrt(inside.length));
    }
  });

  it.each([
    ['UNST', 'NKdim57n', 0.015, 0.005, 5],
    ['K562', 'NKdim57n', 0.18, 0.05, 3.2],
    ['PMA', 'NKdim57n', 0.3, 0.28, 2],
    ['PMA', 'NKbr', 0.25, 0.45, 0.35],
  ] as const)('%s: %s responds in the table’s share and sheds CD16', (stimulus, cell, p107, pIfn, cd16) => {
    const tube = simulateTube({ panel: 'P4', seed: 'nk', stimulus, scale: 2, ...clean });
    const of = (...marks: string[]): number => eventsOf(tube, [cell, ...marks].join('+')).length;
    const both = of('CD107A', 'IFNG');
    const all = of() + of('CD107A') + of('IFNG') + both;
    const near = (found: number, p: number): void =>
      expect(Math.abs(found / all - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / all));
    near(of('CD107A') + both, p107);
    near(of('IFNG') + both, pIfn);
    near(both, 0.4 * pIfn);
    const c = panels.P4.colours.findIndex(({ marker }) => marker === 'CD16');
    const light = compensated(tube)[c];
    const y = eventsOf(tube, `${cell}+CD107A`)
      .map((e) => light[e])
      .sort((a, b) => a - b);
    expect(Math.abs(Math.asinh(y[y.length >> 1] / 150) - cd16)).toBeLessThan(0.25);
  });

  it('a patient responds with 0.7 of that, and K562 are as many as the cells', () => {
    const tube = simulateTube({
      panel: 'P4',
      seed: 'patient',
      stimulus: 'K562',
      scale: 2,
      artefacts: noArtefacts,
      blood: drawBlood(),
    });
    const names = ['NKdim57n', 'NKdim57p'].flatMap((cell) =>
      tube.labels.names.filter((name) => name.split('+')[0] === cell),
    );
    const all = names.flatMap((name) => eventsOf(tube, name)).length;
    const positive = names
      .filter((name) => name.includes('CD107A'))
      .flatMap((name) => eventsOf(tube, name)).length;
    expect(Math.abs(positive / all - 0.126)).toBeLessThan(4.5 * Math.sqrt((0.126 * 0.874) / all));
    const k562 = eventsOf(tube, 'K562').length;
    expect(Math.abs(k562 - 200_000)).toBeLessThan(4.5 * Math.sqrt(200_000));
  });

  it('a stimulus matures cDC2', () => {
    const tube = simulateTube({ panel: 'P5', seed: 'lps', stimulus: 'LPS', ...clean });
    const [active, resting] = [eventsOf(tube, 'cDC2+ACT').length, eventsOf(tube, 'cDC2').length];
    expect(Math.abs(active / (active + resting) - 0.7)).toBeLessThan(
      4.5 * Math.sqrt(0.21 / (active + resting)),
    );
    const c = panels.P5.colours.findIndex(({ marker }) => marker === 'CD83');
    const light = compensated(tube)[c];
    const found = meanAndSd(eventsOf(tube, 'cDC2+ACT').map((e) => light[e]));
    expect(Math.abs(found.mean - meanLight(1.2 + 2, 0.5))).toBeLessThan((4.5 * found.sd) / Math.sqrt(active));
  });
});
