// A simulated study as a folder: what it holds agrees with itself, and its truth with what was planned for the visits.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import {
  concentrations,
  drawBlood,
  panels,
  simulateStudy,
  type VisitState,
} from '../../src/simulate/index.ts';
import { writeStudy } from '../../src/simulate/node.ts';
import { readTable } from '../../src/study/index.ts';

type Row = Readonly<Record<string, string>>;
const options = { subjects: 3, visits: 3, seed: 7, scale: 0.02, panels: ['P1', 'P2', 'P6w'] } as const;

describe('a study folder', () => {
  let folder = '';
  const rows = (name: string): Row[] => parse(readFileSync(join(folder, name)), { columns: true });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'simulated-study-'));
    writeStudy(simulateStudy(options), folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lists every tube once, with beads where the panel counts', () => {
    const samples = rows('samples.csv');
    // Per patient: baseline P1 + P2 with 5 FMO + P6w with 2 FMO, then P1 + P2 + P6w, and a saturated P2 at every visit.
    expect(samples).toHaveLength(3 * (11 + 4 + 4));
    expect(new Set(samples.map(({ sample }) => sample)).size).toBe(samples.length);
    expect(Object.keys(samples[0]).join()).toBe(
      'file,sample,subject,visit,panel,role,stimulus,collected_at,beads_per_tube,bead_lot,blood_volume_ul,batch,cytometer,omitted',
    );
    for (const row of samples) {
      expect([row['beads_per_tube'], row['blood_volume_ul']]).toEqual(
        { P1: ['51300', '50'], P2: ['', ''], P6w: ['51300', '100'] }[row['panel']],
      );
      expect(row['role'] === 'fmo').toBe(row['omitted'] !== '');
      expect(row['sample']).toMatch(/_s7$/);
    }
  });

  it('has one true label for every event of every file, and the counts are their tallies', () => {
    const counts = rows('truth-counts.csv');
    const samples = rows('samples.csv');
    for (const { file, sample, panel } of samples) {
      const bytes = readFileSync(join(folder, file));
      const read = readFcs(memorySource(bytes));
      const labels = readFileSync(join(folder, 'truth', `${sample}.csv`), 'utf8')
        .trimEnd()
        .split('\n');
      expect(labels[0]).toBe('event,label');
      expect(labels.length - 1).toBe(read.data.eventCount);
      const names = labels.slice(1).map((line, at) => {
        const [event, label] = line.split(',');
        if (Number(event) !== at) throw new Error(`${sample}: event ${event} stands in line ${at}`);
        return label;
      });
      const count = (population: string): number =>
        Number(
          counts.find((row) => row['sample'] === sample && row['population'] === population)!['trueEvents'],
        );
      const tally = (...of: string[]): number => names.filter((name) => of.includes(name)).length;
      expect(count('BEAD')).toBe(tally('BEAD'));
      expect(count('DEAD')).toBe(names.filter((name) => name.startsWith('DEAD_')).length);
      if (panel === 'P1') expect(count('T')).toBe(tally('CD4T', 'CD8T', 'NKTl', 'DNT', 'DPT'));
      if (panel === 'P1') expect(count('NK')).toBe(tally('NK8n', 'NK8d'));
      if (panel === 'P2') expect(count('Treg')).toBe(tally('TregN', 'TregM'));
      if (panel === 'P6w') expect(count('MMDSC')).toBe(tally('MMDSC'));
      expect(read.findings).toEqual([]);
    }
  });

  it('counting with the beads gives back the true concentration', () => {
    const counts = rows('truth-counts.csv');
    const p1 = rows('samples.csv').filter(({ panel }) => panel === 'P1');
    expect(p1).toHaveLength(9);
    for (const { sample } of p1) {
      const of = (population: string): Row =>
        counts.find((row) => row['sample'] === sample && row['population'] === population)!;
      const [cells, beads] = [Number(of('CD4T')['trueEvents']), Number(of('BEAD')['trueEvents'])];
      const found = (cells / beads) * (51300 / 50);
      const cv = Math.sqrt(1 / cells + 1 / beads);
      expect(Math.abs(found / Number(of('CD4T')['trueCellsPerUl']) - 1)).toBeLessThan(4.5 * cv);
    }
  });

  it('the blood count of the same draw agrees within its 3 %', () => {
    const counts = rows('truth-counts.csv');
    for (const row of rows('cbc.csv')) {
      const sample = `${row['subject']}_${row['visit']}_P1_s7`;
      const truth = counts.find((count) => count['sample'] === sample && count['population'] === 'leuk')!;
      expect(Math.abs((1000 * Number(row['WBC'])) / Number(truth['trueCellsPerUl']) - 1)).toBeLessThan(0.15);
      const parts = ['NEUT', 'LYM', 'MONO', 'EOS', 'BASO'].reduce((sum, name) => sum + Number(row[name]), 0);
      expect(Math.abs(parts / Number(row['WBC']) - 1)).toBeLessThan(0.2);
    }
  });

  it('study.yaml is YAML, its windows hold every draw, its tables exist', () => {
    const study = parseYaml(readFileSync(join(folder, 'study.yaml'), 'utf8')) as {
      visits: string[];
      windows: { n: number; lo: number; hi: number | null }[];
      tables: Record<string, string>;
      panels: Record<string, string>;
    };
    expect(study.visits).toEqual(['V0', 'V1', 'V2']);
    expect(Object.keys(study.panels)).toEqual(['P1', 'P2', 'P6w']);
    for (const name of Object.values(study.tables)) expect(rows(name)).toBeInstanceOf(Array);
    const ablation = new Map(rows('adsl.csv').map((row) => [row['USUBJID'], Date.parse(row['ABLDT'])]));
    for (const { subject, visit, collected_at } of rows('samples.csv')) {
      const days = Math.round((Date.parse(collected_at.slice(0, 10)) - ablation.get(subject)!) / 86_400_000);
      const relative = days >= 0 ? days + 1 : days;
      const { lo, hi } = study.windows[study.visits.indexOf(visit)];
      expect(relative).toBeGreaterThanOrEqual(lo);
      expect(relative).toBeLessThanOrEqual(hi ?? -1);
    }
  });

  it.each(['adsl', 'tumour', 'local', 'ae'] as const)('%s.csv is read strictly without an issue', (name) => {
    const { issues } = readTable(name, readFileSync(join(folder, `${name}.csv`), 'utf8'));
    expect(issues).toEqual([]);
  });

  it('is the same again from the same seed, and another from another', () => {
    const [again, other] = [simulateStudy(options), simulateStudy({ ...options, seed: 8 })];
    expect(again.files).toEqual(simulateStudy(options).files);
    expect(other.files.get('adsl.csv')).not.toBe(again.files.get('adsl.csv'));
  });
});

describe('visits change the blood as the table says', () => {
  const at = (state: VisitState, panel: 'P1' | 'P6w'): ReadonlyMap<string, number | null> =>
    concentrations(panels[panel], drawBlood({ profile: 'healthy', state }));
  const change = (state: VisitState, panel: 'P1' | 'P6w', cell: string): number =>
    at(state, panel).get(cell)! / at('V0', panel).get(cell)!;

  // Columns of section 5.4: Neut, T, B, NK, Mono, DC, Eos, M-MDSC, PMNX.
  it.each([
    ['V1', [1.9, 0.65, 0.7, 0.7, 1.3, 0.6, 0.5, 1.6, 1.5]],
    ['V2', [0.45, 0.75, 0.55, 0.8, 0.8, 0.7, 0.7, 0.9, 0.8]],
    ['V3', [0.8, 0.95, 0.6, 1.0, 1.1, 1.0, 1.2, 0.8, 0.8]],
    ['V4', [0.85, 0.9, 0.5, 1.05, 1.1, 1.1, 1.5, 0.7, 0.7]],
  ] as const)('%s', (state, row) => {
    const cells = ['NeuM', 'T', 'B', 'NK', 'cMo', 'cDC', 'Eos', 'MMDSC', 'PMNX'];
    cells.forEach((cell, c) => expect(change(state, 'P6w', cell), cell).toBeCloseTo(row[c], 10));
    expect(change(state, 'P1', 'CD4T')).toBeCloseTo(row[1], 10);
  });

  it('G-CSF gives three times the neutrophils, a quarter of them immature', () => {
    const [before, after] = [at('V0', 'P1'), at('V2g', 'P1')];
    const all = (map: ReadonlyMap<string, number | null>): number => map.get('Neut')! + map.get('IG')!;
    expect(all(after) / all(before)).toBeCloseTo(3, 10);
    expect(after.get('IG')! / all(after)).toBeCloseTo(0.25, 10);
  });

  it('the share of activated CD8 cells rises, the number of CD8 cells follows the T cells', () => {
    const of = (state: VisitState): ReadonlyMap<string, number | null> =>
      concentrations(panels.P2, drawBlood({ profile: 'healthy', state }));
    const sum = (map: ReadonlyMap<string, number | null>): number =>
      ['CD8N', 'CD8CM', 'CD8EM', 'CD8TEMRA', 'CD8ACT'].reduce((all, cell) => all + map.get(cell)!, 0);
    const [before, after] = [of('V0'), of('V3')];
    expect(after.get('CD8ACT')! / sum(after) / (before.get('CD8ACT')! / sum(before))).toBeCloseTo(1.8, 10);
    expect(sum(after) / sum(before)).toBeCloseTo(0.95, 10);
  });

  it('between subjects white cells vary by 22 %, and all tubes of a draw share the blood', () => {
    const totals = Array.from({ length: 400 }, (_, at) => {
      const { baseline } = drawBlood({ subject: `subject ${at}` });
      return Object.values(baseline).reduce((sum, count) => sum + count, 0);
    });
    const mean = totals.reduce((a, b) => a + b) / 400;
    const cv = Math.sqrt(totals.reduce((sum, total) => sum + (total - mean) ** 2, 0) / 399) / mean;
    expect(Math.abs(mean / 6800 - 1)).toBeLessThan((4.5 * 0.24) / 20);
    // 22 % between subjects and about 6 % within them.
    expect(Math.abs(cv - 0.23)).toBeLessThan(0.04);
    const blood = drawBlood({ subject: 'one', state: 'V1' });
    const tCells = ['CD4T', 'CD8T', 'NKTl', 'DNT', 'DPT'].reduce(
      (sum, cell) => sum + concentrations(panels.P1, blood).get(cell)!,
      0,
    );
    expect(concentrations(panels.P6w, blood).get('T')).toBeCloseTo(tCells, 6);
  });
});
