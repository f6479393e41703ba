// Binding: names of a template against the channels of a file, scales and compensation; every naming problem is said here.
import { describe, expect, it } from 'vitest';
import { labelChannels, type Channel, type Spillover } from '../../src/events/index.ts';
import { bindTemplate, parseTemplate, type BoundTemplate } from '../../src/template/index.ts';

const head = 'immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\n';
const file = (...pairs: readonly (readonly [string, string?, number?])[]): Channel[] =>
  labelChannels(
    pairs.map(([name, stain, range]) => ({ name, stain: stain ?? null, range: range ?? 262144 })),
  );
const canto = file(
  ['FSC-A'],
  ['SSC-A'],
  ['FITC-A', 'CD3'],
  ['PE-A', 'CD16+56'],
  ['PE-Cy7-A', 'CD4'],
  ['APC-Cy7-A', 'CD8'],
  ['Time'],
);
const spillover: Spillover = { detectors: ['FITC-A', 'PE-A'], matrix: Float64Array.of(1, 0.1, 0.02, 1) };

function bind(text: string, channels: Channel[], spill: Spillover | null = null): BoundTemplate {
  const { template, issues } = parseTemplate(head + text);
  if (template === null) throw new Error(JSON.stringify(issues));
  return bindTemplate(template, channels, { spillover: spill });
}
/** The dimensions of the one population `on: <axis>`. */
function dimension(
  axis: string,
  channels: Channel[],
  options: { spill?: Spillover | null; more?: string } = {},
) {
  const { plan, issues } = bind(
    `${options.more ?? ''}populations:\n  - { id: x, parent: root, on: ${axis}, gate: { range: [1, ~] } }\n`,
    channels,
    options.spill ?? null,
  );
  const rule = plan?.populations[0].rule;
  if (rule?.kind !== 'gate' || rule.gate.kind !== 'rectangle') throw new Error(JSON.stringify(issues));
  return { ...rule.gate.dims[0], issues };
}

describe('names', () => {
  it.each([
    ['CD3', 'FITC-A'],
    ['cd3e', 'FITC-A'],
    ['CD16_56', 'PE-A'],
    ['CD56/CD16', 'PE-A'],
    ['FSC-A', 'FSC-A'],
    ['PE-Cy7-A', 'PE-Cy7-A'],
    ['Time', 'Time'],
    ['{ marker: CD8a }', 'APC-Cy7-A'],
    ['{ channel: PE-A }', 'PE-A'],
    ['{ fluorochrome: FITC }', 'FITC-A'],
    ['{ fluorochrome: APC-H7 }', 'APC-Cy7-A'],
  ])('%s is %s', (axis, channel) => {
    expect(dimension(axis, canto).source).toEqual({ kind: 'channel', channel });
  });
  it('finds scatter under the names of other makers', () => {
    expect(dimension('FSC-A', file(['FS INT'], ['SS INT'])).source).toEqual({
      kind: 'channel',
      channel: 'FS INT',
    });
    expect(dimension('SSC-A', file(['FSC'], ['SSC'])).source).toEqual({ kind: 'channel', channel: 'SSC' });
  });
  it('takes the words of a template for files that name no markers', () => {
    const channels = file(['FSC.H'], ['FL1.H'], ['FL2.H']);
    expect(dimension('CD4', channels, { more: 'channels: { CD4: FL1.H }\n' }).source).toEqual({
      kind: 'channel',
      channel: 'FL1.H',
    });
  });
  it.each([
    ['CD56', canto, 'E_CHANNEL_MISSING', /CD16_56/],
    ['CD19', canto, 'E_CHANNEL_MISSING', /CD19/],
    ['FSC-H', canto, 'E_CHANNEL_MISSING', /FSC-H/],
    ['CD3', file(['FITC-A', 'CD3 FITC'], ['PE-A', 'CD3e PE']), 'E_CHANNEL_AMBIGUOUS', /FITC-A.*PE-A/],
    ['SSC-A', file(['SSC-B-A'], ['SSC-V-A']), 'E_CHANNEL_AMBIGUOUS', /SSC-B-A.*SSC-V-A/],
    ['PE-A', file(['PE-A', 'CD3'], ['PE-A#2', 'CD4']), 'E_CHANNEL_AMBIGUOUS', /PE-A.*PE-A#2/],
    ['FSC-A', file(['FSC-A'], ['FSC-A#2']), 'E_CHANNEL_AMBIGUOUS', /FSC-A#2/],
    ['__proto__', canto, 'E_CHANNEL_MISSING', /__proto__/],
  ])('%s is refused with what there is', (axis, channels, code, words) => {
    const { plan, issues } = bind(
      `populations:\n  - { id: x, parent: root, on: ${axis}, gate: { range: [1, ~] } }\n`,
      channels,
    );
    expect(plan).toBeNull();
    expect(issues).toMatchObject([{ code, place: 'x' }]);
    expect(issues[0].message).toMatch(words);
  });
  it('says all problems at once', () => {
    const entry = (id: string): string =>
      `  - { id: ${id}, parent: root, on: ${id}, gate: { range: [1, ~] } }\n`;
    const { issues } = bind(`populations:\n${entry('CD19')}${entry('CD3')}${entry('CD20')}`, canto);
    const errors = issues.filter(({ level }) => level === 'error');
    expect(errors.map(({ place }) => place)).toEqual(['CD19', 'CD20']);
  });
  it('lets an optional population be missing, with the reason, but not ambiguous', () => {
    const text =
      'populations:\n  - { id: x, parent: root, on: CD19, optional: true, gate: { range: [1, ~] } }\n';
    const { plan } = bind(text, canto);
    expect(plan?.populations[0].rule).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining('CD19') as string,
    });
    expect(bind(text, file(['A-A', 'CD19'], ['B-A', 'CD19'])).plan).toBeNull();
  });
});

describe('scales', () => {
  // populations.md section 0: asinh(x / 150) on a top of 262,144; other tops scale the cofactor
  it.each([
    [262144, 150],
    [1048576, 600],
    [4194304, 2400],
    [1024, 0.5859375],
  ])('colours are asinh with a cofactor for the top of scale %i', (top, cofactor) => {
    expect(dimension('CD3', file(['FITC-A', 'CD3', top])).transform?.scale).toEqual({
      kind: 'asinhCofactor',
      cofactor,
    });
  });
  it('scatter and time are linear', () => {
    expect([dimension('FSC-A', canto).transform, dimension('Time', canto).transform]).toEqual([null, null]);
  });
  it('a template may say otherwise, for all colours or for one axis', () => {
    const more =
      'scales: { fluorescence: { asinhCofactor: 5 }, wide: { logicle: { T: 262144, W: 0.5, M: 4.5, A: 0 } } }\n';
    expect(dimension('CD3', canto, { more }).transform?.scale).toEqual({
      kind: 'asinhCofactor',
      cofactor: 5,
    });
    expect(dimension('{ marker: CD3, scale: wide }', canto, { more }).transform?.scale).toEqual({
      kind: 'logicle',
      T: 262144,
      W: 0.5,
      M: 4.5,
      A: 0,
    });
    expect(dimension('{ marker: CD3, scale: linear }', canto, { more }).transform).toBeNull();
  });
});

describe('compensation', () => {
  it("is the file's for the channels of its matrix", () => {
    expect(dimension('CD3', canto, { spill: spillover })).toMatchObject({
      compensation: { kind: 'file' },
      issues: [],
    });
    expect(dimension('FSC-A', canto, { spill: spillover })).toMatchObject({
      compensation: { kind: 'none' },
      issues: [],
    });
  });
  it('is none with a finding where the file has no matrix, or one that lacks the channel', () => {
    for (const [axis, spill] of [
      ['CD3', null],
      ['CD4', spillover],
    ] as const) {
      const bound = dimension(axis, canto, { spill });
      expect(bound.compensation).toEqual({ kind: 'none' });
      expect(bound.issues).toMatchObject([{ code: 'W_UNCOMPENSATED', level: 'warning' }]);
    }
  });
  it('is none in silence where the template says so', () => {
    expect(dimension('CD3', canto, { spill: spillover, more: 'compensation: none\n' })).toMatchObject({
      compensation: { kind: 'none' },
      issues: [],
    });
  });
});
