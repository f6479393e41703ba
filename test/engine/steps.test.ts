// The pure steps of one sample: the bounded fit sample, which channels are described, membership text, the result's name.
import { describe, expect, it } from 'vitest';
import { describedChannels, placeGates, readFitSample } from '../../src/engine/index.ts';
import {
  createMembershipColumns,
  evaluablePopulations,
  membershipHeader,
  membershipLines,
  membershipNames,
} from '../../src/engine/membership.ts';
import { resultIdOfJob, workIdOf } from '../../src/engine/provenance.ts';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import type { BlockMembership, GatingStrategy } from '../../src/gating/index.ts';
import { sha256 } from '../../src/results/node.ts';
import { buildFcs } from '../fcs/build.ts';
import { bloodFile, bloodStrategy } from './blood.ts';

const source = memorySource(bloodFile(3, 5000));
const file = readFcs(source);
const timeColumn = 4;

describe('gates that a person handed in', () => {
  it('are refused on a channel whose name the file has twice', () => {
    const twins = memorySource(buildFcs({ set: { $P1N: 'PE-A', $P2N: 'PE-A' } }));
    const strategy: GatingStrategy = {
      template: { id: 't', version: '1' },
      matrices: {},
      populations: [
        {
          ...{ id: 'a', path: 'a', parent: null, fit: { status: 'explicit' } },
          gate: {
            kind: 'rectangle',
            dims: [
              {
                source: { kind: 'channel', channel: 'PE-A' },
                compensation: { kind: 'none' },
                transform: null,
              },
            ],
            min: [0],
            max: [1],
          },
        },
      ],
    };
    expect(() =>
      placeGates({ kind: 'strategy', strategy }, twins, readFcs(twins), { seed: 's', shared: null }),
    ).toThrow(expect.objectContaining({ code: 'E_CHANNEL_AMBIGUOUS' }));
  });
});

describe('the fit sample', () => {
  it('is the whole of a small file', () => {
    const { table, positions } = readFitSample(source, file);
    expect([table.count, positions]).toEqual([5000, null]);
    // Time counts the events of these files
    expect([...table.columns[timeColumn]]).toEqual(Array.from({ length: 5000 }, (_, e) => e));
  });

  it('of a larger file is runs of 256 events from first to last, each event once, in order, with its position', () => {
    const { table, positions } = readFitSample(source, file, 1280);
    const events = [...table.columns[timeColumn]];
    expect([...(positions ?? [])]).toEqual(events);
    expect(table.count).toBe(1280);
    expect([events[0], events.at(-1)]).toEqual([0, 4999]);
    expect(new Set(events).size).toBe(1280);
    expect([...events].sort((a, b) => a - b)).toEqual(events);
    const gaps = events.slice(1).filter((event, i) => event !== events[i] + 1);
    expect(gaps).toHaveLength(4);
  });
});

describe('statistics', () => {
  it('describe scatter as detected and colours as the gates compensate them, not time', () => {
    const none = { kind: 'none' };
    expect(describedChannels(bloodStrategy, file)).toEqual([
      { channel: 'FSC-A', compensation: none },
      { channel: 'SSC-A', compensation: none },
      { channel: 'FITC-A', compensation: { kind: 'file' } },
      { channel: 'PE-A', compensation: { kind: 'file' } },
    ]);
  });

  it('describe the colours of an unmixing matrix instead of its detectors', () => {
    const matrices = {
      m: { fluorochromes: ['FITC', 'PE'], detectors: ['FITC-A', 'PE-A'], spill: Float64Array.of(1, 0, 0, 1) },
    };
    const [, cd3] = bloodStrategy.populations;
    const dims = [
      {
        source: { kind: 'channel', channel: 'FITC' },
        compensation: { kind: 'matrix', id: 'm' },
        transform: null,
      },
    ] as const;
    const strategy: GatingStrategy = {
      ...bloodStrategy,
      matrices,
      populations: [
        { ...cd3, path: 'CD3', parent: null, gate: { kind: 'rectangle', dims, min: [0], max: [1] } },
      ],
    };
    expect(describedChannels(strategy, file).map(({ channel }) => channel)).toEqual([
      'FSC-A',
      'SSC-A',
      'FITC',
      'PE',
    ]);
  });

  it('can be left out', () => {
    expect(describedChannels(bloodStrategy, file, { statistics: false })).toEqual([]);
  });
});

describe('membership', () => {
  const strategy: GatingStrategy = {
    ...bloodStrategy,
    populations: [
      ...bloodStrategy.populations.slice(0, 2),
      {
        id: 'CD3',
        path: 'CD3',
        parent: null,
        gate: null,
        fit: { status: 'notEvaluable', reason: 'no valley' },
      },
      { ...bloodStrategy.populations[3], path: 'CD4neg', parent: null, gate: notOf('CD3') },
    ],
  };
  const evaluable = evaluablePopulations(strategy);
  // population 0 has bit 0 of word 0, population 1 the sign bit of word 1
  const block: BlockMembership = {
    first: 0,
    count: 3,
    words: [Int32Array.of(1, 0, 1), Int32Array.of(1 << 31, 0, 0)],
    bitOf: [
      { word: 0, bit: 1 },
      { word: 1, bit: 1 << 31 },
      { word: 0, bit: 2 },
      { word: 0, bit: 4 },
    ],
  };

  it('is 0 or 1 an event and population; empty where nothing can be said', () => {
    expect(evaluable).toEqual([true, true, false, false]);
    expect(membershipHeader(strategy)).toBe('Cells,CD3,CD3,CD4neg\n');
    expect(new TextDecoder().decode(membershipLines(block, evaluable))).toBe('1,1,,\n0,0,,\n1,0,,\n');
  });

  it('as columns has unique names', () => {
    const collected = createMembershipColumns(3, evaluable);
    collected.add(block);
    expect(collected.columns).toEqual([Uint8Array.of(1, 0, 1), Uint8Array.of(1, 0, 0), null, null]);
    expect(membershipNames(strategy)).toEqual(['Cells', 'Cells/CD3', 'CD3', 'CD4neg']);
  });

  function notOf(population: string) {
    return { kind: 'boolean', operator: 'not', operands: [{ population, complement: false }] } as const;
  }
});

describe('the name of a result', () => {
  const protocol = { kind: 'strategy', id: 'p', version: '1', sha256: 'b'.repeat(64) } as const;
  const base = workIdOf('a'.repeat(64), protocol, {}, sha256);

  it('is SHA-256 over the canonical JSON of what decides the numbers', () => {
    // printf '%s' '{"dataset":null,"fileSha256":"aaa…","numericCore":"3","protocolSha256":"bbb…","readOptions":{}}' | sha256sum
    expect(base).toBe('78a5c57af39f65c15fa9920f54455b7703e9d8c1a285c025f8cc508afd2a7969');
  });

  it('changes with the file, the protocol, the data set and the reading options, not with names', () => {
    const names = [
      base,
      workIdOf('c'.repeat(64), protocol, {}, sha256),
      workIdOf('a'.repeat(64), { ...protocol, sha256: 'd'.repeat(64) }, {}, sha256),
      workIdOf('a'.repeat(64), protocol, { dataset: 2 }, sha256),
      workIdOf('a'.repeat(64), protocol, { strict: true }, sha256),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(workIdOf('a'.repeat(64), { ...protocol, id: 'renamed' }, {}, sha256)).toBe(base);
  });

  it('tells counts, all of it and gates alone apart', () => {
    const ids = [
      resultIdOfJob(base, { phase: 'count', statistics: true, shared: null }, sha256),
      resultIdOfJob(base, { phase: 'count', statistics: false, shared: null }, sha256),
      resultIdOfJob(base, { phase: 'fit', statistics: true, shared: null }, sha256),
      resultIdOfJob(base, { phase: 'count', statistics: true, shared: { tubes: {}, pools: {} } }, sha256),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toBe(base);
  });
});
