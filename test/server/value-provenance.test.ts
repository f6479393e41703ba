// The way back from a value leads to every population behind it, also where their list goes on in a second column.
import { expect, it } from 'vitest';
import { analyseStudy, type StudyResults } from '../../src/analysis/index.ts';
import { studyDatasets } from '../../src/datasets/index.ts';
import { pathsBehind } from '../../src/server/value-provenance.ts';
import { buildStudy, parseDefinition } from '../../src/study/index.ts';

const definition = parseDefinition(`
id: T
visits: [V0]
windows:
  - { n: 0, label: Baseline, phase: PRE, target: -1, lo: -28 }
panels: { P6w: p6w.yaml }
`).definition;
const study =
  definition === null ? null : buildStudy(definition, { adsl: 'USUBJID,TRTSDT\nS1,2024-01-10\n' }).study;

it('names the populations of both columns', () => {
  const paths = Array.from({ length: 9 }, (_, i) => `time_ok/nomargin/singF/singS/leuk/POP${i}`);
  if (study === null) throw new Error('the study is not one');
  const results: StudyResults = {
    ...analyseStudy(study, []),
    endpoints: [
      {
        ...{
          subject: 'S1',
          visit: 'V1',
          visitNumber: 1,
          specimen: 'S1_V1',
          collectedAt: '2024-01-01',
          panel: 'P6w',
        },
        ...{
          paramcd: 'MDSCABS',
          param: 'MDSC',
          unit: 'cells/uL',
          value: 1,
          status: 'OK',
          reason: null,
          reported: 1,
        },
        ...{ ciLow: null, ciHigh: null, gatingLow: null, gatingHigh: null, totalLow: null, totalHigh: null },
        ...{ lod: null, lloq: null, events: 1, parentEvents: 1, platform: 'beads' },
        sources: [{ sample: 'T1', resultId: 'r', paths }],
      },
    ],
  };
  const endpoints = studyDatasets(results).find(({ file }) => file === 'endpoints')?.dataset;
  const row = Object.fromEntries(
    endpoints?.variables.map(({ name }, i) => [name, endpoints.rows[0][i]]) ?? [],
  );
  expect(row['populations2']).not.toBeNull();
  expect([...pathsBehind(row)]).toEqual(paths);
});
