// The lymphocyte template on real files of five laboratories; where a person gated them in FlowJo, against that person's counts.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../src/fcs/node.ts';
import { sharedData } from '../shared-data.ts';
import { gateFile, templateOf } from './gate-file.ts';

interface Truth {
  readonly workspaces: Readonly<
    Record<
      string,
      {
        readonly samples?: readonly {
          readonly fcs: string | null;
          readonly populations: readonly { readonly path: readonly string[]; readonly count: number }[];
        }[];
      }
    >
  >;
}

const shared = sharedData();
const absent = shared === null;

/** Count that FlowJo stored for a file of the shared data. */
function flowJo(fcs: string, ...path: string[]): number {
  const truth = JSON.parse(
    readFileSync(sharedData('data', 'expected', 'flowjo.json') ?? '', 'utf8'),
  ) as Truth;
  const found = Object.values(truth.workspaces)
    .flatMap(({ samples = [] }) => samples)
    .filter((one) => one.fcs === fcs)
    .flatMap(({ populations }) => populations)
    .find((one) => one.path.join('/') === path.join('/'));
  if (found === undefined) throw new Error(`${fcs} ${path.join('/')} is not among the truth`);
  return found.count;
}

const gate = (path: readonly string[], changes: Parameters<typeof templateOf>[1] = {}) => {
  const source = openFile(sharedData('data', ...path) ?? '');
  try {
    return gateFile(source, templateOf('lymphocytes-pbmc', changes));
  } finally {
    source.close();
  }
};

/** Channel names as the workspace of these files gives them ($PnS is absent from the files). */
const flowAtlasLiver = {
  CD3: 'FJComp-355 379_28-A',
  CD8: 'FJComp-355 560_40-A',
  CD4: 'FJComp-355 670_30-A',
  CD45RA: 'FJComp-405 780_60-A',
  CCR7: 'FJComp-640 780_60-A',
  CD127: 'FJComp-561 780_60-A',
  CD25: 'FJComp-640 670_30-A',
};
/** Blood was stained with another CD4 and with CD19. */
const flowAtlas = { ...flowAtlasLiver, CD4: 'FJComp-355 820_60-A', CD19: 'FJComp-405 585_15-A' };

describe.skipIf(absent)('lymphocytes-pbmc against manual gates (shared data absent: skipped)', () => {
  // two people do not agree better than this on the same file
  it.each([
    ['B', ['B cells'], 0.05],
    ['nonB', ['non-B'], 0.01],
    ['T', ['non-B', 'T cells'], 0.05],
    ['CD4T', ['non-B', 'T cells', 'CD4'], 0.03],
    ['CD8T', ['non-B', 'T cells', 'CD8'], 0.03],
  ] as const)('FlowAtlas blood: %s', (id, path, most) => {
    const { count } = gate(['flowjo', 'flowatlas_blood', '412C_Blood_025.fcs'], { channels: flowAtlas });
    const manual = flowJo('flowjo/flowatlas_blood/412C_Blood_025.fcs', ...path);
    expect(Math.abs((count(id) ?? 0) / manual - 1)).toBeLessThan(most);
  });

  // neither CD45RA of CD8 cells nor CCR7 has a valley here: people differ by as much (Maecker 2012: 20 % CV and more between laboratories)
  it.each([
    ['412C_Blood_025', flowAtlas, ['non-B', 'T cells'], 0.1],
    ['390C_Liver_026', flowAtlasLiver, ['T cells'], 0.15],
  ] as const)('FlowAtlas %s: memory subsets as fractions of their four', (file, channels, toT, most) => {
    const { count } = gate(['flowjo', 'flowatlas_blood', `${file}.fcs`], { channels });
    const fractions = (counts: readonly number[]) => {
      const sum = counts.reduce((a, b) => a + b, 0);
      return counts.map((n) => n / sum);
    };
    for (const [lineage, parent] of [
      ['CD4', ['CD4', 'non-Treg']],
      ['CD8', ['CD8']],
    ] as const) {
      const found = fractions(['N', 'CM', 'EM', 'TEMRA'].map((id) => count(`${lineage}${id}`) ?? Number.NaN));
      const manual = fractions(
        ['Naive', 'CM', 'EM', 'EMRA'].map((name) =>
          flowJo(`flowjo/flowatlas_blood/${file}.fcs`, ...toT, ...parent, `${lineage} | ${name}`),
        ),
      );
      found.forEach((fraction, k) => expect(Math.abs(fraction - manual[k])).toBeLessThan(most));
    }
  });

  it.each(['Donor1', 'Donor2'])('OMIP-021 %s: CD4 T cells', (donor) => {
    const { count } = gate(['flowjo', 'omip021', `${donor}.fcs`], { channels: { CD8: '585/15Violet-A' } });
    const manual = flowJo(`flowjo/omip021/${donor}.fcs`, 'Cells', 'CD4+');
    expect(Math.abs((count('CD4T') ?? 0) / manual - 1)).toBeLessThan(0.05);
  });
});

describe.skipIf(absent)('lymphocytes-pbmc where nobody gated (shared data absent: skipped)', () => {
  it('refuses a panel with two CD8 colours until it is told which', () => {
    expect(() => gate(['flowjo', 'omip021', 'Donor1.fcs'])).toThrow(/CD8.*585\/15Violet-A.*670\/14Red-A/);
  });

  it.each(['b', 't'])('SDY736 %s, 1,000 events: the four cells of CD4 by CD8 are the T cells', (tube) => {
    const { count, events } = gate(['fcs', `bd_lsrii_pbmc_sdy736_${tube}.fcs`]);
    const of = (id: string) => count(id) ?? Number.NaN;
    expect(of('T') / events).toBeGreaterThan(0.3);
    expect(of('CD4T') + of('CD8T') + of('DNT') + of('DPT')).toBe(of('T'));
    expect((of('CD4T') + of('CD8T')) / of('T')).toBeGreaterThan(0.9);
    expect(count('B')).toBeNull();
  });

  it('SDY736 ki67: too few T cells to place cuts on is not evaluable, not zero', () => {
    const { count, strategy } = gate(['fcs', 'bd_lsrii_pbmc_sdy736_ki67.fcs']);
    expect(count('T')).toBeGreaterThan(100);
    expect(count('CD4T')).toBeNull();
    const { fit } = strategy.populations.find(({ id }) => id === 'CD4T') ?? {};
    expect(fit?.status === 'notEvaluable' ? fit.reason : fit?.status).toMatch(/fewer than 200/);
  });

  it('GvHD blood, heights only, values already logarithmic', () => {
    const { count, counted } = gate(['fcs', 'gvhd_blood_flowcap_001.fcs'], {
      channels: { CD4: 'FL1.H', CD8: 'FL2.H', CD3: 'FL3.H', 'FSC-A': 'FSC.H', 'SSC-A': 'SSC.H' },
      scales: { fluorescence: 'linear', scatter: { asinhCofactor: 5000, top: 262144 } },
    });
    const of = (id: string) => count(id) ?? Number.NaN;
    expect(counted.streamed).toEqual(counted.members);
    expect(count('singF')).toBe(13831);
    expect(of('T')).toBeGreaterThan(1000);
    expect((of('CD4T') + of('CD8T')) / of('T')).toBeGreaterThan(0.9);
  });
});
