// Counts by the volume drawn through the main job: a simulated P5 tube of known blood, one whose colours fail for a fifth of an even run, one
// that lost events, and the same study with nothing said of volumes. Truth is the blood of the simulator.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStudy } from '../../src/run/node.ts';
import { makeTube, simulateStudy, type PlannedTube, type SimulatedTube } from '../../src/simulate/index.ts';
import { writeStudy } from '../../src/simulate/node.ts';
import { tubeBytes } from '../../src/simulate/tube.ts';
import { readRows, temporaryFolder } from './study-folder.ts';

const folder = temporaryFolder('volume');
const at = (...parts: string[]) => join(folder.path, ...parts);
const whole = simulateStudy({ id: 'VOL', subjects: 3, visits: 1, seed: 5, panels: ['P5'], controls: false });
const stained = whole.tubes.filter(({ role }) => role === 'stained');
/** A third of the usual events, and no clogs: in those of the simulator less flows, though $VOL is that of an even run. */
const tubes = stained.map((planned): PlannedTube => ({
  ...planned,
  tube: { ...planned.tube, scale: 0.3, artefacts: { clogProbability: 0 } },
}));
const [first, failing, losing] = tubes;
/** `samples.csv` as the laboratory would write it that knows how it diluted: 200 µL of blood in 400 µL. */
const withVolumes = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line, n) => `${line},${n === 0 ? 'total_volume_ul' : '400'}`)
    .join('\n');

const made = new Map<string, SimulatedTube>();
beforeAll(() => {
  writeStudy({ ...whole, tubes }, at('study'));
  for (const planned of tubes) made.set(planned.sample, makeTube(planned));
  const wrong = made.get(failing.sample)!;
  const { channels, columns } = wrong.events;
  const time = columns[channels.findIndex(({ name }) => name === 'Time')];
  const from = 0.8 * time[time.length - 1];
  const dimmed = columns.map((column, c) =>
    channels[c].kind === 'fluorescence'
      ? column.map((value, e) => (time[e] < from ? value : value / 5))
      : column,
  );
  writeFileSync(
    at('study', failing.file),
    tubeBytes({ ...wrong, events: { ...wrong.events, columns: dimmed } }),
  );
  const lost = made.get(losing.sample)!;
  const missed = String(Math.round(lost.events.count * 0.04));
  const keywords = new Map([...lost.keywords, ['$ABRT', missed], ['$LOST', missed]]);
  writeFileSync(at('study', losing.file), tubeBytes({ ...lost, keywords }));
  writeFileSync(at('plain.csv'), readFileSync(at('study', 'samples.csv')));
  writeFileSync(at('study', 'samples.csv'), withVolumes(readFileSync(at('plain.csv'), 'utf8')));
}, 600_000);
afterAll(() => folder.remove());

const truthOf = (sample: string, population: string) =>
  made.get(sample)?.truth.find((row) => row.population === population)?.cellsPerMicrolitre ?? NaN;
const rowOf = (out: string, sample: string, paramcd: string) =>
  readRows(at(out), 'endpoints.csv').find((row) => row['samples'] === sample && row['paramcd'] === paramcd);
const parameters = [
  ['MOABS', 'Mono'],
  ['CMOABS', 'cMo'],
  ['NMOABS', 'ncMo'],
] as const;

describe('a study that states total volumes', () => {
  beforeAll(async () => {
    await runStudy({ study: at('study'), out: at('out'), software: 'immunogate test', workers: 1 });
  }, 600_000);

  it.each([
    ['as simulated', first],
    ['without a fifth of the run', failing],
    ['with events that were not recorded', losing],
  ])('finds the cells of the blood within its intervals, %s', (_, { sample }) => {
    for (const [paramcd, population] of parameters) {
      const row = rowOf('out', sample, paramcd);
      const truth = truthOf(sample, population);
      expect([paramcd, row?.['platform'], row?.['status']]).toEqual([paramcd, 'volume', 'OK']);
      expect(Number(row?.['totalLow'])).toBeLessThan(truth);
      expect(Number(row?.['totalHigh'])).toBeGreaterThan(truth);
      expect(Number(row?.['value']) / truth).toBeGreaterThan(0.94);
      expect(Number(row?.['value']) / truth).toBeLessThan(1.06);
    }
  });

  it('leaves the blood of what was taken out of the run out of the volume', () => {
    // 50 µL of blood by the panel, three tenths of it acquired
    expect(Number(rowOf('out', first.sample, 'QCVACQ')?.['value'])).toBeCloseTo(15, 1);
    const part = Number(rowOf('out', failing.sample, 'QCVACQ')?.['value']) / 15;
    expect(part).toBeGreaterThan(0.77);
    expect(part).toBeLessThan(0.81);
  });

  it('says the events that were lost, and lets the upper limit rise by them', () => {
    const said = readRows(at('out'), 'issues.csv').filter(({ code }) => code === 'W_EVENTS_LOST');
    expect(said.map(({ level }) => level)).toEqual(['warning']);
    expect(said[0]['message']).toContain(losing.sample);
    expect(said[0]['message']).not.toContain(first.sample);
    const row = rowOf('out', losing.sample, 'MOABS');
    expect(Number(row?.['gatingHigh']) / Number(row?.['value'])).toBeGreaterThan(1.08);
  });

  it('says how it counted in the tables for others', () => {
    const methods = readRows(at('out'), 'cp.csv').filter(({ CPTESTCD }) => CPTESTCD === 'MOABS');
    expect(methods.map(({ CPMETHOD }) => CPMETHOD)).toEqual(tubes.map(() => 'FLOW CYTOMETRY, VOLUMETRIC'));
  });
});

describe('the same files with nothing said of volumes', () => {
  it('are counted by the blood count, and say that they could be counted by volume', async () => {
    writeFileSync(at('study', 'samples.csv'), readFileSync(at('plain.csv')));
    await runStudy({ study: at('study'), out: at('out'), software: 'immunogate test', workers: 1 });
    expect(rowOf('out', first.sample, 'MOABS')?.['platform']).toBe('panLeuco');
    const issues = readRows(at('out'), 'issues.csv');
    expect(issues.filter(({ code }) => code === 'I_VOLUME_UNUSED')).toHaveLength(1);
  }, 600_000);

  it('warn where there is no blood count either', async () => {
    writeFileSync(at('study', 'cbc.csv'), 'subject,visit,collected_at,WBC\n');
    await runStudy({ study: at('study'), out: at('out'), software: 'immunogate test', workers: 1 });
    expect(rowOf('out', first.sample, 'MOABS')).toMatchObject({ value: '', status: 'NE' });
    const issues = readRows(at('out'), 'issues.csv');
    expect(issues.filter(({ code }) => code === 'W_VOLUME_UNSTATED')).toHaveLength(1);
  }, 600_000);
});
