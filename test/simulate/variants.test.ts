// Variants of a tube: what is left out, named otherwise, wrong as a whole, or shaped otherwise; and the file that holds it.
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { memorySource, readEvents, readFcs } from '../../src/fcs/index.ts';
import {
  drawBlood,
  noArtefacts,
  panels,
  simulateTube,
  tubeBytes,
  type SimulatedTube,
} from '../../src/simulate/index.ts';
import { compensated, eventsOf, meanAndSd, meanLight } from './witness.ts';

const clean = { artefacts: noArtefacts, blood: drawBlood({ profile: 'healthy' }) } as const;

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

  it('of thawed cells 12 % of the events are dead', () => {
    const tube = simulateTube({ panel: 'P3', seed: 'thawed', scale: 0.3, thawed: true });
    const dead = tube.truth.find(({ population }) => population === 'DEAD')!.events;
    const p = dead / tube.events.count;
    expect(Math.abs(p - 0.12)).toBeLessThan(4.5 * Math.sqrt((0.12 * 0.88) / tube.events.count));
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
