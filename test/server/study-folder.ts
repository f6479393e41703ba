// A small study for server tests: two subjects, two visits, one panel of two colours, gated by rules; no files yet.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bloodTemplate } from '../engine/blood.ts';

export const tubes = ['S01-V0-P1', 'S01-V1-P1', 'S02-V0-P1'] as const;

export function writeStudyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  put('blood.yaml', bloodTemplate);
  put(
    'study.yaml',
    `# two colours
id: TWO
title: Two colours
visits: [V0, V1]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
  - { n: 1, label: Week 1, phase: POST, target: 7, lo: 1, hi: 30 }
panels: { P1: blood.yaml }
`,
  );
  put('adsl.csv', 'USUBJID,TRTSDT,ABLDT\nS01,2023-01-10,2023-01-10\nS02,2023-02-10,2023-02-10\n');
  const rows = tubes.map((sample, at) => {
    const [subject, visit, panel] = sample.split('-');
    return `${sample},${sample}.fcs,${subject},${visit},${panel},stained,2023-0${at + 1}-09T09:00:00`;
  });
  put('samples.csv', `sample,file,subject,visit,panel,role,collected_at\n${rows.join('\n')}\n`);
}
