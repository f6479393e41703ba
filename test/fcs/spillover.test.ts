// The spillover matrices of real files against flowCore's spillover() (expected/compensation.json), then the odd forms of
// reliability 2.5.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memorySource, readFcs } from '../../src/fcs/index.ts';
import { openFile } from '../../src/fcs/node.ts';
import { sharedData } from '../shared-data.ts';
import { buildFcs } from './build.ts';

interface Truth {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly keyword: string;
        readonly channels: readonly string[];
        readonly identity: boolean;
        readonly spill?: readonly (readonly number[])[];
      }
    >
  >;
}

const folder = sharedData('data');

describe.skipIf(folder === null)('real files', () => {
  const { files } =
    folder === null
      ? { files: {} }
      : (JSON.parse(readFileSync(`${folder}/expected/compensation.json`, 'utf8')) as Truth);
  it.each(Object.entries(files))('%s', (name, truth) => {
    const source = openFile(`${folder}/${name}`);
    const { spillover } = readFcs(source);
    source.close();
    const n = truth.channels.length;
    const expected =
      truth.spill?.flat() ?? Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
    expect(spillover?.detectors).toEqual(truth.channels);
    // R reads decimals to within one unit in the last place, not always to the nearest double.
    expect(spillover?.matrix).toHaveLength(n * n);
    spillover?.matrix.forEach((value, i) =>
      expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(4e-16 * Math.abs(expected[i])),
    );
  });
});

describe('forms of $SPILLOVER', () => {
  const read = (set: Record<string, string>) => {
    const { spillover, findings } = readFcs(memorySource(buildFcs({ set })));
    return {
      detectors: spillover?.detectors,
      matrix: spillover === null ? null : [...spillover.matrix],
      warnings: findings.filter(({ level }) => level === 'warning').map(({ code }) => code),
    };
  };
  const good = { detectors: ['FSC-A', 'PE-A'], matrix: [1, 0.1, 0.02, 1] };
  it.each<
    [
      string,
      Record<string, string>,
      { detectors?: readonly string[] | undefined; matrix: number[] | null },
      string[],
    ]
  >([
    ['plain', { $SPILLOVER: '2,FSC-A,PE-A,1,0.1,0.02,1' }, good, []],
    ['spaces round entries', { $SPILLOVER: ' 2, FSC-A , PE-A, 1, 0.1 ,0.02, 1 ' }, good, []],
    ['SPILL', { SPILL: '2,FSC-A,PE-A,1,0.1,0.02,1' }, good, []],
    ['lower-case spillover', { spillover: '2,FSC-A,PE-A,1,0.1,0.02,1' }, good, []],
    ['exponents', { $SPILLOVER: '2,FSC-A,PE-A,1E0,1e-1,2.0e-2,+1' }, good, []],
    [
      'decimal commas',
      { $SPILLOVER: '2,FSC-A,PE-A,1,000,0,100,0,020,1,000' },
      good,
      ['W_SPILL_DECIMAL_COMMA'],
    ],
    ['numbers for names', { $SPILLOVER: '2,1,2,1,0.1,0.02,1' }, good, ['W_SPILL_INDEXED']],
    [
      'numbers in another order, with spaces and zeros',
      { $SPILLOVER: '2, 02, 1 ,1,0.1,0.02,1' },
      { detectors: ['PE-A', 'FSC-A'], matrix: good.matrix },
      ['W_SPILL_INDEXED'],
    ],
    [
      'a channel of that name comes before the channel of that number',
      { $P2N: '1', $SPILLOVER: '2,FSC-A,1,1,0.1,0.02,1' },
      { detectors: ['FSC-A', '1'], matrix: good.matrix },
      [],
    ],
    // 0 and 4 are no parameters of three; one name among numbers makes them names
    ...(
      [
        ['0', '1'],
        ['1', '4'],
        ['FSC-A', '2'],
        ['1.5', '2'],
      ] as const
    ).map(
      (
        detectors,
      ): [string, Record<string, string>, { detectors: readonly string[]; matrix: number[] }, string[]] => [
        `${detectors.join(' and ')} are not numbers of channels`,
        { $SPILLOVER: `2,${detectors.join(',')},1,0.1,0.02,1` },
        { detectors, matrix: good.matrix },
        ['W_SPILL_CHANNEL_MISSING'],
      ],
    ),
    [
      'an unknown channel',
      { $SPILLOVER: '2,FSC-A,X,1,0.1,0.02,1' },
      { detectors: ['FSC-A', 'X'], matrix: good.matrix },
      ['W_SPILL_CHANNEL_MISSING'],
    ],
    [
      'singular',
      { $SPILLOVER: '2,FSC-A,PE-A,1,0.5,2,1' },
      { detectors: good.detectors, matrix: [1, 0.5, 2, 1] },
      ['W_SPILL_SINGULAR'],
    ],
    [
      'nearly singular',
      { $SPILLOVER: '2,FSC-A,PE-A,1,1,1,1.0000000000001' },
      { detectors: good.detectors, matrix: [1, 1, 1, 1.0000000000001] },
      ['W_SPILL_SINGULAR'],
    ],
    [
      'all zero',
      { $SPILLOVER: '2,FSC-A,PE-A,0,0,0,0' },
      { detectors: good.detectors, matrix: [0, 0, 0, 0] },
      ['W_SPILL_SINGULAR'],
    ],
    [
      'SPILL differs',
      { $SPILLOVER: '2,FSC-A,PE-A,1,0.1,0.02,1', SPILL: '2,FSC-A,PE-A,1,0.3,0.02,1' },
      good,
      ['W_SPILL_CONFLICT'],
    ],
    [
      'SPILL equal',
      { $SPILLOVER: '2,FSC-A,PE-A,1,0.1,0.02,1', SPILL: '2,FSC-A,PE-A,1.0,0.10,0.02,1' },
      good,
      [],
    ],
    [
      'unreadable, SPILL good',
      { $SPILLOVER: '2,FSC-A,PE-A', SPILL: '2,FSC-A,PE-A,1,0.1,0.02,1' },
      good,
      ['W_SPILL_INVALID'],
    ],
    ...[
      '1,FSC-A,1',
      '0',
      'x',
      '1000000000,FSC-A,1',
      '2,FSC-A,FSC-A,1,0,0,1',
      '2,FSC-A,PE-A,1,nan,0,1',
      '2,FSC-A,PE-A,1,0x1,0,1',
      '2,FSC-A,PE-A,1,0,0',
      '2.0,FSC-A,PE-A,1,0,0,1',
    ].map((value): [string, Record<string, string>, { detectors?: undefined; matrix: null }, string[]] => [
      `invalid ${value}`,
      { $SPILLOVER: value },
      { detectors: undefined, matrix: null },
      ['W_SPILL_INVALID'],
    ]),
  ])('%s', (_, set, expected, warnings) => {
    const result = read(set);
    expect(result.detectors).toEqual(expected.detectors);
    expect(result.matrix).toEqual(expected.matrix);
    expect(result.warnings).toEqual(warnings);
  });
});
