// Channel labels: spellings met in public files and in the specification's tables (populations 1.2, 1.3).
import { describe, expect, it } from 'vitest';
import {
  canonicalMarkers,
  findChannel,
  findFluorochrome,
  findMarker,
  fluorochromeOf,
  labelChannels,
} from '../../src/events/index.ts';

describe('markers', () => {
  it.each([
    ['CD3', ['CD3']],
    ['CD3 FITC', ['CD3']],
    ['CD3-FITC-A', ['CD3']],
    ['CD 3', ['CD3']],
    ['cd3e', ['CD3']],
    ['Leu4', ['CD3']],
    ['CD38', ['CD38']],
    ['CD33', ['CD33']],
    ['CD45RA', ['CD45RA']],
    ['CD4 PE-Cy7', ['CD4']],
    ['PE-Cy7 CD4', ['CD4']],
    ['CD16+CD56 PE', ['CD16_56']],
    ['CD16/56', ['CD16_56']],
    ['CD56/16', ['CD16_56']],
    ['HLA-DR', ['HLADR']],
    ['HLA DR BV605', ['HLADR']],
    ['PD-1', ['PD1']],
    ['CD279 PE', ['PD1']],
    ['TIM-3 APC', ['TIM3']],
    ['IFN-γ APC', ['IFNG']],
    ['IFNg', ['IFNG']],
    ['Granzyme B', []],
    ['GranzymeB', ['GZMB']],
    ['Zombie Yellow', ['VIAB']],
    ['FVS510', ['VIAB']],
    ['L/D Aqua', ['VIAB']],
    ['7-AAD', ['VIAB']],
    ['CD3+CD14', ['LIN']],
    ['CD3/CD19/CD20/CD56', ['LIN']],
    ['Lin', ['LIN']],
    ['CD1c', ['CD1C']],
    ['BDCA-3', ['CD141']],
    ['CRTH2', ['CD294']],
    ['FJComp-CD8-A', ['CD8']],
    ['145Nd_CD4', ['CD4']],
    ['FITC-A', []],
    ['Alexa Fluor 700-A', []],
    ['FL1-A', []],
    ['', []],
  ])('%s', (text, expected) => {
    expect(canonicalMarkers(text)).toEqual(expected);
  });
});

it.each([
  ['FITC-A', 'FITC'],
  ['PE-Cy7-A', 'PE-Cy7'],
  ['PerCP-Cy5-5-A', 'PerCP-Cy5.5'],
  ['PC5.5-A', 'PerCP-Cy5.5'],
  ['PB450-A', 'BV421'],
  ['Pacific Blue-A', 'BV421'],
  ['APC-A750-A', 'APC-Cy7'],
  ['APC-H7-A', 'APC-Cy7'],
  ['APC-A', 'APC'],
  ['ECD-A', 'PE-CF594'],
  ['VL1-A', 'BV421'],
  ['YG9-A', 'PE-Cy7'],
  ['Alexa Fluor 700-A', 'AF700'],
  ['FSC-A', null],
])('fluorochrome of %s', (name, expected) => {
  expect(fluorochromeOf(name)).toBe(expected);
});

const canto = labelChannels([
  { name: 'FSC-A', stain: null, range: 262144 },
  { name: 'FSC-H', stain: null, range: 262144 },
  { name: 'SSC-A', stain: null, range: 262144 },
  { name: 'FITC-A', stain: 'CD3', range: 262144 },
  { name: 'FITC-H', stain: 'CD3', range: 262144 },
  { name: 'PE-A', stain: 'CD16+CD56', range: 262144 },
  { name: '450/50Violet-A', stain: 'CD4', range: 262144 },
  { name: 'APC-A', stain: 'CD4', range: 262144 },
  { name: 'Time', stain: null, range: null },
]);

it('tells kind and pulse', () => {
  expect(canto.map((channel) => channel.kind)).toEqual([
    'scatter',
    'scatter',
    'scatter',
    'fluorescence',
    'fluorescence',
    'fluorescence',
    'fluorescence',
    'fluorescence',
    'time',
  ]);
  expect(canto.map((channel) => channel.pulse)).toEqual(['A', 'H', 'A', 'A', 'H', 'A', 'A', 'A', null]);
  const others = labelChannels(
    ['FS INT', 'SS PEAK', 'FS TOF', 'FSC-Width', 'HDR-T', 'Event_length'].map((name) => ({
      name,
      stain: null,
      range: null,
    })),
  );
  expect(others.map((channel) => `${channel.kind} ${channel.pulse}`)).toEqual([
    'scatter A',
    'scatter H',
    'scatter W',
    'scatter W',
    'time null',
    'other null',
  ]);
});

describe('finding', () => {
  it('takes the exact name, FlowJo spelling and any case', () => {
    expect(findChannel(canto, 'FITC-A')).toBe(3);
    expect(findChannel(canto, '450_50Violet-A')).toBe(6);
    expect(findChannel(canto, 'time')).toBe(8);
  });
  it('prefers the area channel of a marker', () => {
    expect(findMarker(canto, 'CD3')).toBe(3);
    expect(findMarker(canto, 'CD56/CD16')).toBe(5);
    expect(findFluorochrome(canto, 'PE')).toBe(5);
  });
  it('refuses what is missing or ambiguous, naming candidates', () => {
    expect(() => findChannel(canto, 'PE-Cy7-A')).toThrow(
      expect.objectContaining({ code: 'E_CHANNEL_MISSING' }),
    );
    expect(() => findMarker(canto, 'CD19')).toThrow(expect.objectContaining({ code: 'E_CHANNEL_MISSING' }));
    expect(() => findMarker(canto, 'CD4')).toThrow(/450\/50Violet-A, APC-A/);
  });
});
