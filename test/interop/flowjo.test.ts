// What FlowJo workspaces may hold beyond those with counts of their own: complements, Boolean nodes, names, broken documents.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventTable } from '../../src/events/index.ts';
import { evaluateStrategy } from '../../src/gating/index.ts';
import { bindFlowJo, readFlowJo } from '../../src/interop/index.ts';
import { sharedData } from '../shared-data.ts';

const gate = (min: number, max: number, inside = 1): string =>
  `<Gate><gating:RectangleGate eventsInside="${inside}"><gating:dimension gating:min="${min}" gating:max="${max}">
     <data-type:fcs-dimension data-type:name="B_1"/></gating:dimension></gating:RectangleGate></Gate>`;

const workspace = (populations: string, channel = 'B_1'): string =>
  `<Workspace version="20.0" flowJoVersion="10.8.1" xmlns:gating="http://www.isac-net.org/std/Gating-ML/v2.0/gating"
     xmlns:transforms="http://www.isac-net.org/std/Gating-ML/v2.0/transformations"
     xmlns:data-type="http://www.isac-net.org/std/Gating-ML/v2.0/datatypes"><SampleList><Sample>
     <DataSet uri="file:/C:/a%20b/one%20file.fcs"/><Keywords><Keyword name="$P1N" value="${channel}"/></Keywords>
     <SampleNode name="one" count="5"><Subpopulations>${populations}</Subpopulations></SampleNode></Sample></SampleList></Workspace>`;

const table: EventTable = {
  count: 5,
  channels: [{ name: 'B_1', stain: null, range: null, marker: null, kind: 'fluorescence', pulse: null }],
  columns: [Float32Array.of(0, 1, 2, 3, 4)],
};

/** Which of the values 0 to 4 are in each population. */
function members(text: string): Record<string, number[]> {
  const [sample] = readFlowJo(text).samples;
  if (sample.strategy === null) throw new Error(sample.issues.map(({ message }) => message).join());
  const found = evaluateStrategy(sample.strategy, table, null);
  return Object.fromEntries(
    [...found].map(([path, inside]) => [path, [...inside.keys()].filter((e) => inside[e] === 1)]),
  );
}

describe('a FlowJo workspace', () => {
  it('keeps what lies outside where eventsInside is 0', () => {
    expect(
      members(workspace(`<Population name="out" count="3">${gate(1, 3, 0)}</Population>`))['out'],
    ).toEqual([0, 3, 4]);
  });

  it('has Boolean nodes over paths of names, inside their parent', () => {
    const found = members(
      workspace(`<Population name="a">${gate(1, 4)}<Subpopulations>
        <Population name="b/c">${gate(0, 2)}</Population>
        <NotNode name="not"><Dependents><Dependent name="a/b/c"/></Dependents></NotNode></Subpopulations></Population>
        <Population name="d">${gate(3, 5)}</Population>
        <AndNode name="and"><Dependents><Dependent name="a"/><Dependent name="d"/></Dependents></AndNode>
        <OrNode name="or"><Dependents><Dependent name="a/b/c"/><Dependent name="d"/></Dependents></OrNode>`),
    );
    expect(found).toMatchObject({
      a: [1, 2, 3],
      'a/b_c': [1],
      'a/not': [2, 3],
      d: [3, 4],
      and: [3],
      or: [1, 3, 4],
    });
  });

  // FlowJo writes limits of Time in seconds: 1 to 3 s of 0.5 s a unit are 2 to 6 units
  it('has gates on Time in seconds', () => {
    const seconds = (channel: string) =>
      workspace(`<Population name="a">${gate(1, 3).replace('B_1', channel)}</Population>`, channel).replace(
        '<SampleNode',
        `<Transformations><transforms:linear transforms:minRange="0" transforms:maxRange="72" gain="0.5">
           <data-type:parameter data-type:name="${channel}"/></transforms:linear></Transformations><SampleNode`,
      );
    const [{ strategy }] = readFlowJo(seconds('Time')).samples;
    expect(strategy?.populations[0].gate).toMatchObject({ kind: 'rectangle', min: [2], max: [6] });
    // what a gain of another channel means is not known
    expect(readFlowJo(seconds('FSC-A')).samples[0].issues.map(({ code }) => code)).toEqual([
      'E_FLOWJO_UNSUPPORTED',
    ]);
  });

  it('keeps apart what is called as its own help population would be', () => {
    const found = members(
      workspace(
        `<Population name="a (inside)">${gate(4, 5)}</Population><Population name="a">${gate(1, 3, 0)}</Population>`,
      ),
    );
    expect(found['a']).toEqual([0, 3, 4]);
    expect(found['a (inside)']).toEqual([4]);
  });

  // a file that was written compensated has "Comp-" in its own $PnN
  it.each([
    ['Comp-B', 'none'],
    ['B', 'matrix'],
  ])('with a matrix for "Comp-" names, gates channel %s under compensation %s', (channel, kind) => {
    const text = workspace(
      `<Population name="a">${gate(1, 4).replace('B_1', 'Comp-B')}</Population>`,
      channel,
    ).replace(
      '<SampleNode',
      `<transforms:spilloverMatrix prefix="Comp-" transforms:id="m"><transforms:spillover data-type:parameter="${channel}">
         <transforms:coefficient data-type:parameter="${channel}" transforms:value="1"/></transforms:spillover></transforms:spilloverMatrix><SampleNode`,
    );
    const shape = readFlowJo(text).samples[0].strategy?.populations[0].gate;
    expect(shape?.kind === 'rectangle' && shape.dims[0]).toMatchObject({
      source: { channel },
      compensation: { kind },
    });
  });

  it('tells the file, the stored counts and what it renamed', () => {
    const [sample] = readFlowJo(
      workspace(`<Population name="x/y" count="2">${gate(0, 2)}</Population>
        <Population name="z" count="-1">${gate(0, 2)}</Population>`),
    ).samples;
    expect(sample).toMatchObject({ name: 'one', file: 'one file.fcs', eventCount: 5 });
    expect([...sample.counts]).toEqual([['x_y', 2]]);
    expect(sample.issues.map(({ code }) => code)).toEqual(['W_FLOWJO_RENAMED']);
  });

  it('is applied to files whose names hold "/"', () => {
    const [{ strategy }] = readFlowJo(workspace(`<Population name="a">${gate(1, 4)}</Population>`)).samples;
    if (strategy === null) throw new Error('no strategy');
    const dims = ({ gate: shape }: (typeof strategy.populations)[number]) =>
      shape?.kind === 'rectangle' ? shape.dims[0].source : null;
    expect(dims(bindFlowJo(strategy, ['A', 'B/1']).populations[0])).toEqual({
      kind: 'channel',
      channel: 'B/1',
    });
    expect(dims(bindFlowJo(strategy, ['B_1', 'B/1']).populations[0])).toEqual({
      kind: 'channel',
      channel: 'B_1',
    });
    expect(() => bindFlowJo(strategy, ['B/1', 'B/1'])).toThrow('B_1');
  });

  it.each([
    ['another document', '<Gating-ML/>', 'E_FLOWJO_INVALID'],
    ['no sample', '<Workspace><SampleList/></Workspace>', 'E_FLOWJO_INVALID'],
    ['a DTD', '<!DOCTYPE x><Workspace/>', 'E_XML_DTD'],
    ['no XML', 'PK', 'E_XML_INVALID'],
  ])('is refused as a whole for %s', (_, text, code) => {
    const { samples, issues } = readFlowJo(text);
    expect(samples).toEqual([]);
    expect(issues.map((one) => one.code)).toEqual([code]);
  });

  it.each([
    [
      'a channel that is not there',
      workspace(`<Population name="a">${gate(0, 1)}</Population>`, 'C'),
      'E_FLOWJO_INVALID',
    ],
    ['a population without a gate', workspace('<Population name="a"/>'), 'E_FLOWJO_INVALID'],
    [
      'a Boolean node over nothing',
      workspace('<AndNode name="a"><Dependents><Dependent name="q"/></Dependents></AndNode>'),
      'E_FLOWJO_INVALID',
    ],
    [
      'a Boolean node over a name that is there twice',
      workspace(`<Population name="a">${gate(0, 1)}</Population><Population name="a">${gate(1, 2)}</Population>
        <NotNode name="b"><Dependents><Dependent name="a"/></Dependents></NotNode>`),
      'E_FLOWJO_INVALID',
    ],
    [
      'a gate of a kind unknown',
      workspace('<Population name="a"><Gate><gating:CurlyGate/></Gate></Population>'),
      'E_FLOWJO_UNSUPPORTED',
    ],
  ])('has a sample refused for %s', (_, text, code) => {
    const [sample] = readFlowJo(text).samples;
    expect(sample.strategy).toBeNull();
    expect(sample.issues.map((one) => one.code)).toEqual([code]);
  });
});

const shared = sharedData('data/flowjo/structure_only') ?? '';

// FlowJo counted 283,968 of 283,969 events in this gate, on an axis that ends after 72 s: in units of Time that is about 7,139
it.skipIf(shared === '')(
  'a real gate on Time holds the whole acquisition (skipped without ../shared)',
  () => {
    const { samples } = readFlowJo(readFileSync(join(shared, '8_color_ICS_simple.wsp'), 'utf8'));
    const sample = samples.find(({ eventCount }) => eventCount === 283_969);
    expect(sample?.counts.get('Time')).toBe(283_968);
    const time = sample?.strategy?.populations.find(({ id }) => id === 'Time')?.gate;
    if (time?.kind !== 'rectangle') throw new Error('no gate on Time');
    expect(time.min[0]).toBeCloseTo(1.28 / 0.0100853049, 3);
    expect(time.max[0]).toBeGreaterThan(72 / 0.0100853049);
  },
);
