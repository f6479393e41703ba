// What a moved gate does to a count by the volume drawn, before it is saved: under the moved gate on Time another part of the volume counts.
import { expect, it } from 'vitest';
import { changedEndpoints } from '../../src/server/gates/preview.ts';
import { buildStudy, parseDefinition } from '../../src/study/index.ts';
import { sampleResult } from '../results/sample-result.ts';

const definition = parseDefinition(`
id: T
visits: [V0]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
panels: { P5: p5.yaml }
`).definition;
const tables = {
  adsl: 'USUBJID,TRTSDT\nS1,2024-01-10\n',
  samples:
    'file,subject,visit,panel,role,collected_at,blood_volume_ul,total_volume_ul\n' +
    'a.fcs,S1,V0,P5,stained,2024-01-09,50,500\n',
};
const study = definition === null ? null : buildStudy(definition, tables).study;

it('counts before and after in the volume that each leaves', () => {
  if (study === null) throw new Error('the study is not one');
  const resultOf = (count: number) => {
    const result = sampleResult('a', 'r', count);
    const [cells] = result.populations;
    return {
      ...result,
      populations: [{ ...cells, population: 'Mono', path: 'time_ok/Mono', parent: 'time_ok' }],
    };
  };
  const [before, after] = [resultOf(600), resultOf(540)];
  const changed = changedEndpoints(
    study,
    'a',
    after,
    () => before,
    (_, result) => {
      const part = result === after ? 0.6 : 1;
      const kept = [{ path: 'time_ok', ofTime: part, ofEvents: part }];
      return { volumeNanolitres: 60_000, seconds: 120, unrecorded: 0, recorded: 100_000, kept };
    },
  );
  // 600 in 60 µL · 1/10 of blood; 540 in six tenths of them
  const monocytes = changed.find(({ parameter }) => parameter === 'MOABS');
  expect(monocytes?.before).toBeCloseTo(100, 10);
  expect(monocytes?.after).toBeCloseTo(150, 10);
});
