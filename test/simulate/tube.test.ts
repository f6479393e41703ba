// Simulated tubes against the tables they are made from: counts, light after compensation, artefacts, masking, stimulation.
// Statistical limits are 4.5 standard errors, so that a defect fails and a fixed seed does not.
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import {
  drawBlood,
  noArtefacts,
  panels,
  simulateTube,
  tubeBytes,
  type PanelId,
  type SimulatedTube,
} from '../../src/simulate/index.ts';
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

describe('variants', () => {
  const blank = (tube: SimulatedTube): number =>
    tube.events.channels.filter(({ stain }) => stain !== null).length;

  it('an omitted marker is at the background of the class', () => {
    const tube = simulateTube({ panel: 'P2', seed: 'fmo', omitted: ['CD25'], ...clean });
    const c = panels.P2.colours.findIndex(({ marker }) => marker === 'CD25');
    const light = compensated(tube)[c];
    const found = meanAndSd(eventsOf(tube, 'TregM').map((e) => light[e]));
    const n = eventsOf(tube, 'TregM').length;
    expect(Math.abs(found.mean - meanLight(0.35, 0.45))).toBeLessThan((4.5 * found.sd) / Math.sqrt(n));
    expect(() => simulateTube({ panel: 'P2', seed: 'fmo', omitted: ['CD99'] })).toThrow(RangeError);
  });

  it('a wrongly set matrix is off by 10 to 20 % in every coefficient, while the light is not', () => {
    const right = simulateTube({ panel: 'P2', seed: 'misset', scale: 0.05 });
    const wrong = simulateTube({ panel: 'P2', seed: 'misset', scale: 0.05, misset: true });
    expect(wrong.events.columns).toEqual(right.events.columns);
    const off = [...wrong.spillover.matrix].flatMap((value, at) => {
      const truth = right.spillover.matrix[at];
      return truth === 0 || truth === 1 ? [] : [Math.abs(value / truth - 1)];
    });
    expect(off.length).toBeGreaterThan(40);
    expect(Math.min(...off)).toBeGreaterThan(0.0999);
    expect(Math.max(...off)).toBeLessThan(0.2001);
  });

  it('instruments differ in names and scale, not in what is measured', () => {
    const options = { panel: 'P1', seed: 'vendor', scale: 0.2, ...clean } as const;
    const [bd, navios, cytoflex] = (['BD', 'Navios', 'CytoFLEX'] as const).map((vendor) =>
      simulateTube({ ...options, vendor }),
    );
    expect(navios.events.channels.map(({ name }) => name)).toEqual(
      'FS INT,FS PEAK,FS TOF,SS INT,SS PEAK,SS TOF,FL1,FL2,FL4,FL5,FL6,FL8,TIME'.split(','),
    );
    expect(cytoflex.events.channels[6].range).toBe(1048576);
    for (const c of [0, 3, 6, 9]) {
      expect(cytoflex.events.columns[c][7]).toBe(4 * bd.events.columns[c][7]);
    }
    expect(() => simulateTube({ panel: 'P2', seed: 'vendor', vendor: 'Navios' })).toThrow(
      /no detector for BV605/,
    );
  });

  it('failures: unlysed red cells, missing beads, an omitted dye, swapped and blank stains', () => {
    const make = (failure: Parameters<typeof simulateTube>[0]['failure']): SimulatedTube =>
      simulateTube({ panel: 'P1', seed: 'failure', scale: 0.2, failure: failure ?? null });
    const events = (tube: SimulatedTube, population: string): number =>
      tube.truth.find((row) => row.population === population)!.events;
    const right = make(null);
    const unlysed = make({ kind: 'unlysedRedCells' });
    const others = unlysed.events.count - events(unlysed, 'DEBRIS') - events(unlysed, 'BEAD');
    expect(Math.abs(events(unlysed, 'DEBRIS') / others - 3)).toBeLessThan(0.2);
    expect(events(make({ kind: 'beadsMissing' }), 'BEAD')).toBe(0);
    expect(events(right, 'BEAD')).toBeGreaterThan(1000);
    expect([blank(right), blank(make({ kind: 'blankStains' }))]).toEqual([6, 0]);
    const swapped = make({ kind: 'markersSwapped', markers: ['CD4', 'CD8'] });
    const stains = (tube: SimulatedTube): (string | null)[] => tube.events.channels.map(({ stain }) => stain);
    expect([stains(right)[9], stains(right)[11]]).toEqual(['CD4', 'CD8']);
    expect([stains(swapped)[9], stains(swapped)[11]]).toEqual(['CD8', 'CD4']);
    expect(swapped.events.columns).toEqual(right.events.columns);
    const undyed = make({ kind: 'dyeOmitted', marker: 'CD3' });
    const light = compensated(undyed)[0];
    expect(meanAndSd(eventsOf(undyed, 'CD4T').map((e) => light[e])).mean).toBeLessThan(200);
    expect(stains(undyed)[6]).toBe('CD3');
  });

  it('heavy levels keep mean and spread of y but are not normal', () => {
    const tube = simulateTube({ panel: 'P1', seed: 'heavy', scale: 4, levels: 'heavy', ...clean });
    const light = compensated(tube);
    const kurtosisOrSkew = ['CD4T', 'CD8T', 'B'].map((label, at) => {
      const c = [3, 5, 4][at];
      const y = eventsOf(tube, label).map((e) => Math.asinh(light[c][e] / 150));
      const { mean, sd } = meanAndSd(y);
      expect(Math.abs(mean - [5.2, 5.8, 5.0][at])).toBeLessThan(0.03);
      const moment = (k: number): number =>
        y.reduce((sum, value) => sum + ((value - mean) / sd) ** k, 0) / y.length;
      const error = Math.sqrt(24 / y.length);
      return Math.max(Math.abs(moment(3)), moment(4) - 3) / error;
    });
    for (const deviation of kurtosisOrSkew) expect(deviation).toBeGreaterThan(6);
  });
});

describe.each(Object.values(panels))('names of $id', ({ id, colours }) => {
  it.each(['marker', 'markerDye', 'synonym'] as const)(
    'stains as %s are recognised as the panel’s markers',
    (stains) => {
      const tube = simulateTube({ panel: id, seed: 'names', scale: 0.001, stains });
      const source = memorySource(tubeBytes(tube));
      const { table } = readEvents(source, readFcs(source), { scaling: 'raw' });
      const markers = table.channels.map(({ marker }) => marker).filter((marker) => marker !== null);
      // A dump channel and a lineage channel are one marker to the reader.
      expect(markers).toEqual(colours.map(({ marker }) => (marker === 'DUMP' ? 'LIN' : marker)));
    },
  );
});

describe('files', () => {
  const options = { panel: 'P3', seed: 'file', scale: 0.05 } as const;

  it('the same seed gives the same bytes, another seed others', () => {
    const bytes = tubeBytes(simulateTube(options));
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(tubeBytes(simulateTube(options))))).toBe(0);
    expect(
      Buffer.compare(Buffer.from(bytes), Buffer.from(tubeBytes(simulateTube({ ...options, seed: 'other' })))),
    ).not.toBe(0);
  });

  it('npm fcs reads the values and keywords that the tube holds', () => {
    const Fcs = createRequire(import.meta.url)('fcs') as new (
      options: object,
      bytes: Buffer,
    ) => {
      readonly text: Readonly<Record<string, string>>;
      readonly dataAsNumbers: readonly (readonly number[])[];
    };
    const tube = simulateTube({ ...options, keywords: new Map([['$DATE', '02-JAN-2024']]) });
    const witness = new Fcs({ dataFormat: 'asNumber', eventsToRead: -1 }, Buffer.from(tubeBytes(tube)));
    expect(witness.dataAsNumbers).toHaveLength(tube.events.count);
    let different = 0;
    witness.dataAsNumbers.forEach((event, e) =>
      tube.events.columns.forEach((column, c) => {
        if (event[c] !== column[e]) different++;
      }),
    );
    expect(different).toBe(0);
    expect(witness.text).toMatchObject({
      $PAR: '17',
      $P1N: 'FSC-A',
      $P1R: '262144',
      $P7N: 'BV421-A',
      $P7S: 'CD27',
      $P17N: 'Time',
      $TIMESTEP: '0.01',
      $CYT: 'LSRFortessa',
      $DATE: '02-JAN-2024',
    });
    expect(witness.text['$SPILLOVER']).toMatch(/^10,BV421-A,BV510-A,BV605-A,FITC-A,.*,1,0.1,0.012,0,/);
  });

  it('is read back without a finding, with the volume of the sample', () => {
    const tube = simulateTube({ panel: 'P1', seed: 'volume', scale: 0.1 });
    const source = memorySource(tubeBytes(tube));
    const file = readFcs(source);
    expect(file.findings).toEqual([]);
    expect(file.volumeNanolitres).toBe(0.6 * 10 * 1000);
    expect(file.spillover).toEqual(tube.spillover);
    const read = readEvents(source, file, { scaling: 'raw' });
    expect(read.table.columns).toEqual(tube.events.columns);
    expect(read.table.channels).toEqual(tube.events.channels);
  });
});
