import { describe, expect, it } from 'vitest';
import { buildStudy, parseDefinition, tubeName, type TableTexts } from '../../src/study/index.ts';

const { definition } = parseDefinition(`
id: T
visits: [V0, V1]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: Week 1, phase: POST, target: 7, lo: 1, hi: 14 }
panels: { P1: p1.yaml, P2: p2.yaml }
`);
const adsl = 'USUBJID,TRTSDT\nS1,2024-01-10\nS2,2024-01-12\n';
const header = 'file,sample,subject,visit,panel,role,collected_at,omitted\n';

function build(texts: TableTexts) {
  if (definition === null) throw new Error('the description is wrong');
  return buildStudy(definition, { adsl, ...texts });
}

describe('buildStudy', () => {
  it('orders tubes by subject, visit and panel, names them after their files and sorts what is left out', () => {
    const { study, issues } = build({
      samples: `${header}fcs/b.fcs,,S2,V0,P1,stained,2024-01-11,\nfcs/c.fcs,,S1,V1,P1,stained,2024-01-17 08:30,\nfcs/a.fcs,first,S1,V0,P2,fmo,2024-01-09,TIM3;PD1\n`,
    });
    expect(issues).toEqual([]);
    expect(study?.samples.map(({ sample }) => sample)).toEqual(['first', 'c', 'b']);
    expect(study?.samples[0]).toMatchObject({
      specimen: 'S1_V0',
      visitNumber: 1,
      omitted: ['PD1', 'TIM3'],
      stimulus: null,
    });
    expect(study?.samples[1].collectedAt).toBe('2024-01-17T08:30');
    expect(tubeName(study!.samples[0])).toBe('P2 fmo PD1 TIM3');
  });

  it('refuses a tube with a number of beads or a volume below zero, and takes words without blanks around them', () => {
    const { study, issues } = build({
      samples:
        'file,subject,visit,panel,role,collected_at,beads_per_tube,blood_volume_ul,batch\n' +
        'a.fcs,S1,V0,P1,stained,2024-01-09,-50000,50,B1\n' +
        'b.fcs,S1,V1,P1,stained,2024-01-17,50000,-50,B1\n' +
        'c.fcs,S2 ,V0,P1,stained,2024-01-11,0,50, B1 \n',
    });
    expect(issues.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'E_SAMPLE_INVALID beads_per_tube is -50000; it cannot be below 0.',
      'E_SAMPLE_INVALID blood_volume_ul is -50; it cannot be below 0.',
    ]);
    expect(study?.samples.map(({ sample, subject, batch }) => [sample, subject, batch])).toEqual([
      ['c', 'S2', 'B1'],
    ]);
  });

  it('refuses a tube that holds less than its blood', () => {
    const { study, issues } = build({
      samples:
        'file,subject,visit,panel,role,collected_at,blood_volume_ul,total_volume_ul\n' +
        'a.fcs,S1,V0,P1,stained,2024-01-09,50,500\n' +
        'b.fcs,S1,V1,P1,stained,2024-01-17,500,50\n' +
        'c.fcs,S2,V0,P1,stained,2024-01-11,50,\n',
    });
    expect(issues.map(({ message }) => message)).toEqual([
      'total_volume_ul is 50, less than the 500 of blood_volume_ul that are in it.',
    ]);
    expect(study?.samples.map(({ sample, totalMicrolitres }) => [sample, totalMicrolitres])).toEqual([
      ['a', 500],
      ['c', null],
    ]);
  });

  it('keeps tubes of one draw in one specimen, and a repeated tube or a second day in another', () => {
    const { study } = build({
      samples: `${header}a.fcs,,S1,V0,P1,stained,2024-01-09T08:00,\nb.fcs,,S1,V0,P2,stained,2024-01-09T09:00,\nc.fcs,,S1,V0,P1,stained,2024-01-09T08:00,\nd.fcs,,S1,V0,P1,stained,2024-01-12,\n`,
    });
    expect(study?.samples.map(({ sample, specimen }) => `${sample} ${specimen}`)).toEqual([
      'a S1_V0',
      'c S1_V0_2',
      'd S1_V0_3',
      'b S1_V0',
    ]);
  });

  it('leaves out rows that cannot be used, each with one error', () => {
    const { study, issues } = build({
      samples: [
        `${header}ok.fcs,,S1,V0,P1,stained,2024-01-09,`,
        'a.fcs,,S9,V0,P1,stained,2024-01-09,',
        'b.fcs,,S1,V7,P1,stained,2024-01-09,',
        'c.fcs,,S1,V0,P9,stained,2024-01-09,',
        'd.fcs,../../d,S1,V0,P1,stained,2024-01-09,',
        'e.fcs,twice,S1,V0,P1,stained,2024-01-09,',
        'f.fcs,twice,S1,V1,P1,stained,2024-01-17,',
        'g.fcs,,S1,V0,P1,painted,2024-01-09,',
        'h.fcs,,S1,V0,P1,stained,9 Jan 2024,\n',
      ].join('\n'),
    });
    expect(study?.samples.map(({ sample }) => sample)).toEqual(['ok']);
    expect(issues.map(({ code }) => code)).toEqual([
      'BAD_INPUT',
      'BAD_INPUT',
      ...Array.from({ length: 6 }, () => 'E_SAMPLE_INVALID'),
    ]);
    expect(issues.every(({ level }) => level === 'error')).toBe(true);
  });

  it('takes the id of the subjects where the description has none, and needs subjects', () => {
    const nameless = { ...definition!, id: undefined } as unknown as NonNullable<typeof definition>;
    const text = 'STUDYID,USUBJID,TRTSDT\nXY,S1,2024-01-10\n';
    expect(buildStudy(nameless, { adsl: text }).study?.id).toBe('XY');
    expect(buildStudy(nameless, { adsl }).issues.map(({ code }) => code)).toEqual(['E_STUDY_INVALID']);
    expect(buildStudy(definition!, {}).study).toBeNull();
    expect(buildStudy(definition!, { adsl: 'USUBJID,WHAT\nS1,x\n' }).study).toBeNull();
  });

  it('refuses a blood count of nobody', () => {
    const { study, issues } = build({
      cbc: 'subject,visit,collected_at,WBC\nS1,V0,2024-01-09,5.4\nS9,V0,2024-01-09,5.4\n',
    });
    expect(study?.bloodCounts).toHaveLength(1);
    expect(issues.map(({ place }) => place)).toEqual(['cbc S9 V0']);
  });
});
