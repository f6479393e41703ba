// Small FCS files with something to gate, for tests of the engine and the command line: two scatter clusters, two colours that spill.
// The numbers come from a fixed multiplicative generator, so a file depends on its seed alone.
import { writeFileSync } from 'node:fs';
import { fcsBytes } from '../../src/fcs/index.ts';
import type { Channel } from '../../src/events/index.ts';
import type { Dimension, GatingStrategy } from '../../src/gating/index.ts';

export const channelNames = ['FSC-A', 'SSC-A', 'FITC-A', 'PE-A', 'Time'] as const;

export function bloodFile(seed: number, events: number): Uint8Array {
  let state = (seed * 48271 + 11) % 2147483647;
  const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const bell = () => uniform() + uniform() + uniform() + uniform() - 2;
  const columns = channelNames.map(() => new Float32Array(events));
  for (let e = 0; e < events; e++) {
    const cell = uniform() < 0.7;
    const cd3 = cell && uniform() < 0.6;
    const cd4 = cd3 && uniform() < 0.5;
    const fitc = (cd3 ? 20000 : 100) + 200 * bell() * (cd3 ? 20 : 1);
    const pe = (cd4 ? 8000 : 50) + 150 * bell() * (cd4 ? 10 : 1);
    const row = [
      (cell ? 80000 : 20000) + 9000 * bell(),
      30000 + 9000 * bell(),
      fitc + 0.02 * pe,
      pe + 0.15 * fitc,
      e,
    ];
    row.forEach((value, c) => (columns[c][e] = value));
  }
  const channels = channelNames.map((name): Channel => ({
    name,
    stain: name === 'FITC-A' ? 'CD3' : name === 'PE-A' ? 'CD4' : null,
    marker: null,
    kind: name === 'Time' ? 'time' : name.includes('SC') ? 'scatter' : 'fluorescence',
    pulse: name === 'Time' ? null : 'A',
    range: 262144,
  }));
  const spillover = { detectors: ['FITC-A', 'PE-A'], matrix: Float64Array.of(1, 0.15, 0.02, 1) };
  return fcsBytes({ count: events, channels, columns }, { spillover });
}

export function writeBlood(path: string, seed: number, events: number): void {
  writeFileSync(path, bloodFile(seed, events));
}

function dimension(channel: string): Dimension {
  const fluorescent = channel === 'FITC-A' || channel === 'PE-A';
  return {
    source: { kind: 'channel', channel },
    compensation: { kind: fluorescent ? 'file' : 'none' },
    transform: fluorescent
      ? { scale: { kind: 'asinhCofactor', cofactor: 150 }, boundMin: null, boundMax: null }
      : null,
  };
}

/** Cells over CD3 over CD4 and its complement, by explicit gates. */
export const bloodStrategy: GatingStrategy = {
  template: { id: 'blood', version: '1' },
  matrices: {},
  populations: [
    {
      id: 'Cells',
      path: 'Cells',
      parent: null,
      gate: {
        kind: 'polygon',
        dims: [dimension('FSC-A'), dimension('SSC-A')],
        vertices: [
          [50000, 0],
          [120000, 0],
          [120000, 60000],
          [50000, 60000],
        ],
      },
      fit: { status: 'explicit' },
    },
    {
      id: 'CD3',
      path: 'Cells/CD3',
      parent: 'Cells',
      gate: { kind: 'rectangle', dims: [dimension('FITC-A')], min: [3], max: [Infinity] },
      fit: { status: 'explicit' },
    },
    {
      id: 'CD4',
      path: 'Cells/CD3/CD4',
      parent: 'Cells/CD3',
      gate: { kind: 'rectangle', dims: [dimension('PE-A')], min: [3.5], max: [Infinity] },
      fit: { status: 'explicit' },
    },
    {
      id: 'CD4neg',
      path: 'Cells/CD3/CD4neg',
      parent: 'Cells/CD3',
      gate: {
        kind: 'boolean',
        operator: 'not',
        operands: [{ population: 'Cells/CD3/CD4', complement: false }],
      },
      fit: { status: 'explicit' },
    },
  ],
};

/** Much the same tree by rules, as a biologist writes it. */
export const bloodTemplate = `immunogate: 1
id: blood
version: 1.0.0
title: Two colours
populations:
  - { id: Cells, parent: root, on: [FSC-A, SSC-A], gate: { rectangle: [[50000, 120000], [0, 60000]] } }
  - { id: T, parent: Cells, on: CD3, place: valley, keep: above }
  - { id: CD4T, parent: T, on: CD4, place: valley, keep: above }
  - { id: DN, parent: T, is: not CD4T }
`;
