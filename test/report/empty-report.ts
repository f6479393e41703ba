// The input of a report about nothing, to which a test adds what it is about.
import type { ReportInput } from '../../src/report/index.ts';

export const emptyReport: ReportInput = {
  study: { id: 'X', title: 'Empty' },
  software: 'immunogate test',
  generatedUtc: null,
  subjects: [],
  immune: null,
  clinical: null,
  samples: [],
  gates: [],
  overviews: [],
  outcome: null,
  issues: [],
};
