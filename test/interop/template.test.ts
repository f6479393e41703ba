// Strategies as templates: what is converted and bound again selects the same events; what a template cannot say is refused.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labelChannels } from '../../src/events/index.ts';
import { channelsOf, memorySource, readFcs } from '../../src/fcs/index.ts';
import {
  countPopulations,
  fitPlan,
  type Dimension,
  type Gate,
  type GatingStrategy,
} from '../../src/gating/index.ts';
import { bindFlowJo, readFlowJo, templateOfStrategy } from '../../src/interop/index.ts';
import { bindTemplate } from '../../src/template/index.ts';
import { sharedData } from '../shared-data.ts';
import { buildFcs, floats } from '../fcs/build.ts';

const dim = (channel: string, transform: Dimension['transform'] = null): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform,
});

const strategy = (gates: readonly (readonly [string, string | null, Gate])[]): GatingStrategy => ({
  template: { id: 'x', version: '1' },
  matrices: {},
  populations: gates.map(([path, parent, gate]) => ({
    id: path.slice(path.lastIndexOf('/') + 1),
    path,
    parent,
    gate,
    fit: { status: 'explicit' },
  })),
});

const half: Gate = { kind: 'rectangle', dims: [dim('FSC-A')], min: [2], max: [Number.POSITIVE_INFINITY] };

/** Counts of a strategy on 36 events at (0..5, 0..5), directly or through a template. */
function counts(given: GatingStrategy, throughTemplate: boolean): (number | null)[] {
  const rows = Array.from({ length: 36 }, (_, e) => [Math.floor(e / 6), e % 6, e]);
  const source = memorySource(buildFcs({ data: floats(rows), set: { $TOT: '36' } }));
  const file = readFcs(source);
  let applied = given;
  if (throughTemplate) {
    const { template, issues } = templateOfStrategy(given, { id: 'X y', title: 'x' });
    if (template === null) throw new Error(issues.map(({ message }) => message).join());
    const { plan, issues: found } = bindTemplate(template, labelChannels(channelsOf(file, 'scaled')), {
      spillover: null,
    });
    if (plan === null) throw new Error(found.map(({ message }) => message).join());
    const table = {
      count: 0,
      channels: channelsOf(file, 'scaled'),
      columns: rows[0].map(() => new Float64Array(0)),
    };
    applied = fitPlan(plan, { table, spillover: null }, { seed: 's' }).strategy;
  }
  return [...countPopulations(source, file, applied).counts];
}

const asinh = { scale: { kind: 'asinhCofactor', cofactor: 3 }, boundMin: null, boundMax: null } as const;

describe('a strategy as a template', () => {
  const given = strategy([
    ['half +', null, half],
    [
      'half +/poly',
      'half +',
      {
        kind: 'polygon',
        dims: [dim('FSC-A', asinh), dim('PE-A', asinh)],
        vertices: [
          [0, 0],
          [1.3, 0],
          [1.3, 1],
          [0, 1],
        ],
      },
    ],
    [
      'ell',
      null,
      {
        kind: 'ellipsoid',
        dims: [dim('FSC-A'), dim('PE-A')],
        mean: [2, 2],
        covariance: [2, 0.5, 0.5, 1],
        distanceSquare: 1.5,
      },
    ],
    [
      'quad',
      null,
      {
        kind: 'quadrant',
        set: 'q',
        dims: [dim('FSC-A'), dim('PE-A')],
        dividers: [[1, 3], [4]],
        cell: [1, 0],
      },
    ],
    [
      'not',
      null,
      { kind: 'boolean', operator: 'not', operands: [{ population: 'half +', complement: false }] },
    ],
    [
      'or',
      null,
      {
        kind: 'boolean',
        operator: 'or',
        operands: [
          { population: 'half +/poly', complement: false },
          { population: 'ell', complement: true },
        ],
      },
    ],
  ]);

  it('selects the same events', () => {
    const direct = counts(given, false);
    // by hand: x >= 2 is 4 of 6 columns; the quadrant is 1 <= x < 3, y < 4; the rest of half is 2 columns
    expect([direct[0], direct[3], direct[4]]).toEqual([24, 8, 12]);
    expect(direct.every((count) => count !== null && count > 0 && count < 36)).toBe(true);
    expect(counts(given, true)).toEqual(direct);
  });

  it('says what it renamed', () => {
    const { template, issues } = templateOfStrategy(given, { id: 'My panel (1)', title: 'x' });
    expect(template?.id).toBe('my-panel-1');
    expect(issues.map(({ code, place }) => [code, place])).toEqual([['W_TEMPLATE_RENAMED', 'half +']]);
  });

  it.each([
    [
      'a ratio',
      {
        ...dim('FSC-A'),
        source: { kind: 'ratio', numerator: 'FSC-A', denominator: 'PE-A', A: 1, B: 0, C: 0 },
      },
    ],
    ['a clipped scale', dim('FSC-A', { ...asinh, boundMax: 1 })],
  ] as readonly (readonly [string, Dimension])[])('is refused for %s', (_, axis) => {
    const { template, issues } = templateOfStrategy(strategy([['a', null, { ...half, dims: [axis] }]]), {
      id: 'x',
      title: 'x',
    });
    expect(template).toBeNull();
    expect(issues.map(({ code }) => code)).toEqual(['E_TEMPLATE_UNSUPPORTED']);
  });

  const folder = sharedData('data');
  it.skipIf(folder === null)(
    'counts as the FlowJo workspace that it was made from (skipped without ../shared)',
    () => {
      const workspace = readFlowJo(
        readFileSync(join(folder!, 'flowjo/omip021/OMIP021_samples_FlowJo.wsp'), 'utf8'),
      );
      const source = memorySource(readFileSync(join(folder!, 'flowjo/omip021/Donor1.fcs')));
      const file = readFcs(source);
      const bound = bindFlowJo(
        workspace.samples[0].strategy!,
        file.parameters.map(({ name }) => name),
      );
      const { template } = templateOfStrategy(bound, { id: 'omip021', title: 'x' });
      const { plan } = bindTemplate(template!, labelChannels(channelsOf(file, 'scaled')), {
        spillover: file.spillover,
      });
      const table = {
        count: 0,
        channels: channelsOf(file, 'scaled'),
        columns: file.parameters.map(() => new Float64Array(0)),
      };
      const { strategy: again } = fitPlan(plan!, { table, spillover: file.spillover }, { seed: 's' });
      // FlowKit's counts of these gates (expected/flowjo.json)
      expect([...countPopulations(source, file, again).counts]).toEqual([3687, 1213, 457]);
    },
  );
});
