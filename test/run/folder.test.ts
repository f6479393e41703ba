// Files of a study stay below its folder, whatever its tables say (reliability S-5); and which tubes a sample may look at.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { companionsOf } from '../../src/run/companions.ts';
import { loadStudy, pathUnder } from '../../src/run/node.ts';
import { simulateStudy } from '../../src/simulate/index.ts';
import { buildStudy, parseDefinition } from '../../src/study/index.ts';
import { temporaryFolder } from './study-folder.ts';

const folder = temporaryFolder('folder');
const root = join(folder.path, 'study');
afterAll(() => folder.remove());

describe('pathUnder', () => {
  beforeAll(() => {
    mkdirSync(join(root, 'fcs'), { recursive: true });
    writeFileSync(join(root, 'fcs', 'a.fcs'), 'x');
    writeFileSync(join(folder.path, 'secret.csv'), 'x');
    symlinkSync(join(folder.path, 'secret.csv'), join(root, 'link.csv'));
    symlinkSync(folder.path, join(root, 'up'));
  });

  it('finds files below the folder', () => {
    expect(pathUnder(root, 'fcs/a.fcs')).toBe(join(root, 'fcs', 'a.fcs'));
    expect(pathUnder(root, './fcs/../fcs/a.fcs')).toBe(join(root, 'fcs', 'a.fcs'));
  });

  it.each([
    ['..', '../secret.csv'],
    ['.. after a folder', 'fcs/../../secret.csv'],
    ['backward strokes', '..\\secret.csv'],
    ['an absolute path', join(folder.path, 'secret.csv')],
    ['a drive', 'C:\\secret.csv'],
    ['a share', '\\\\host\\secret.csv'],
    ['a link', 'link.csv'],
    ['a linked folder', 'up/secret.csv'],
    ['a folder', 'fcs'],
    ['what is not there', 'b.fcs'],
    ['a NUL', 'fcs/a.fcs\0.txt'],
  ])('refuses %s', (_, name) => {
    expect(pathUnder(root, name)).toBeNull();
  });

  it('a table that lies elsewhere is not read', () => {
    const window = '{ n: 0, label: B, phase: PRE, target: -1, lo: -28 }';
    writeFileSync(
      join(root, 'study.yaml'),
      `id: T\nwindows:\n  - ${window}\ntables: { subjects: ../secret.csv }\n`,
    );
    const { study, issues, inputs } = loadStudy(root);
    expect(study).toBeNull();
    expect(issues.map(({ code }) => code)).toEqual(['E_TABLE_MISSING', 'E_STUDY_INVALID']);
    expect(inputs.map(({ name }) => name)).toEqual(['study']);
  });
});

describe('companionsOf', () => {
  const { files } = simulateStudy({ subjects: 2, visits: 3, seed: 1, panels: ['P2', 'P4'] });
  const { definition } = parseDefinition(files.get('study.yaml') ?? '');
  const { study } = buildStudy(definition!, {
    adsl: files.get('adsl.csv') ?? '',
    samples: files.get('samples.csv') ?? '',
  });
  const of = (name: string) => {
    const found = study!.samples.find(({ sample }) => sample === `SIM-001_${name}_s1`);
    return companionsOf(found!, study!.samples, 'V0');
  };

  it('finds the controls of the baseline visit for later visits, and nobody else', () => {
    expect(of('V1_P2').controls).toEqual({
      'FMO:CD25': 'SIM-001_V0_P2_FMO-CD25_s1',
      'FMO:HLADR': 'SIM-001_V0_P2_FMO-HLADR_s1',
      'FMO:IGG4': 'SIM-001_V0_P2_FMO-IGG4_s1',
      'FMO:PD1': 'SIM-001_V0_P2_FMO-PD1_s1',
      'FMO:TIM3': 'SIM-001_V0_P2_FMO-TIM3_s1',
      UNST: 'SIM-001_V1_P2_s1',
      BASELINE: 'SIM-001_V0_P2_s1',
    });
  });

  it('finds the unstimulated tube of the same draw', () => {
    expect(of('V1_P4_K562').controls['UNST']).toBe('SIM-001_V1_P4_UNST_s1');
    expect(of('V1_P4_UNST').controls['UNST']).toBe('SIM-001_V1_P4_UNST_s1');
  });

  it('pools stained tubes of a subject, stimulated ones by stimulus, and no controls', () => {
    expect(of('V0_P2').group).toEqual({ subject: 'SIM-001', batch: 'B01', baseline: true });
    expect(of('V1_P4_K562').group).toEqual({ subject: 'SIM-001 K562', batch: 'B01 K562', baseline: false });
    expect(of('V0_P2_FMO-PD1').group).toBeNull();
  });
});
