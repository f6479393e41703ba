// Results made by hand for the tests of the store: two populations, one of them not evaluable, with an open gate and a matrix.
import type { GatingStrategy } from '../../src/gating/index.ts';
import type { Execution, SampleResult } from '../../src/results/index.ts';

const dims = [
  {
    source: { kind: 'channel', channel: 'FSC-A' },
    compensation: { kind: 'matrix', id: 'lot 7' },
    transform: {
      scale: { kind: 'logicle', T: 262144, W: 0.5, M: 4.5, A: 0 },
      boundMin: null,
      boundMax: null,
    },
  },
] as const;

export const strategy: GatingStrategy = {
  template: { id: 'p1-tbnk', version: '1.0.0' },
  matrices: {
    'lot 7': {
      fluorochromes: ['FSC-A', 'B'],
      detectors: ['FSC-A', 'B'],
      spill: Float64Array.of(1, 0.1, 1 / 3, 1),
    },
  },
  populations: [
    {
      id: 'Cells',
      path: 'Cells',
      parent: null,
      gate: { kind: 'rectangle', dims, min: [0.25], max: [Infinity] },
      fit: { status: 'fitted', method: 'valley', evidence: { separation: 3.5, ratio: -Infinity } },
    },
    {
      id: 'T',
      path: 'Cells/T',
      parent: 'Cells',
      gate: null,
      fit: { status: 'notEvaluable', reason: 'no second peak' },
    },
  ],
};

export function sampleResult(sample: string, resultId: string, count = 42): SampleResult {
  return {
    sample,
    resultId,
    fileSha256: 'f'.repeat(64),
    dataset: 1,
    eventCount: 100,
    phase: 'count',
    strategy,
    populations: [
      {
        population: 'Cells',
        path: 'Cells',
        parent: null,
        count,
        parentCount: 100,
        fractionOfParent: count / 100,
        fractionOfTotal: count / 100,
        status: 'ok',
        reason: null,
        method: 'valley',
        ciLow: 0.3,
        ciHigh: 0.5,
      },
    ],
    statistics: [],
    quality: [
      {
        check: 'singlets',
        value: 0.85,
        unit: 'fraction',
        low: 0.9,
        high: null,
        verdict: 'warn',
        reason: 'Singlets: 85 %; wanted is at least 90 %.',
      },
    ],
    issues: [{ code: 'W_NOT_EVALUABLE', level: 'warning', message: 'no second peak', place: 'Cells/T' }],
    provenance: {
      file: {
        sha256: 'f'.repeat(64),
        dataSha256: 'e'.repeat(64),
        bytes: 1000,
        fcsVersion: '3.1',
        dataset: 1,
        datasets: 1,
        events: 100,
        parameters: 2,
      },
      protocol: { kind: 'template', id: 'p1-tbnk', version: '1.0.0', sha256: 'a'.repeat(64) },
      compensation: [{ source: 'lot 7', sha256: 'b'.repeat(64) }],
      strategySha256: 'c'.repeat(64),
      seed: 'd'.repeat(64),
      readOptions: {},
      numericCore: '1',
    },
  };
}

export const execution: Execution = {
  startedUtc: '2026-01-05T10:00:00.000Z',
  durationSeconds: 0.25,
  software: 'immunogate 0.1.0',
  node: 'v20',
  platform: 'linux x64',
};
