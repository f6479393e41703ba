import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ImmunogateError } from '../../src/errors.ts';
import { openFile } from '../../src/fcs/node.ts';
import { readEvents, readFcs } from '../../src/fcs/index.ts';
import { createRandom, sum } from '../../src/math/index.ts';
import {
  compensateColumns,
  createUnmixing,
  spilloverMatrix,
  unmixingIssues,
} from '../../src/signal/index.ts';
import { sharedData } from '../shared-data.ts';

interface Expected {
  readonly identity: boolean;
  readonly channels: readonly string[];
  readonly spill?: readonly (readonly number[])[];
  readonly compensated?: Readonly<
    Record<
      string,
      {
        readonly sum: number;
        readonly min: number;
        readonly max: number;
        readonly first: readonly number[];
        readonly last: number;
      }
    >
  >;
}

const path = sharedData('data/expected/compensation.json');
const files =
  path === null ? {} : (JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, Expected> }).files;

describe.skipIf(path === null)('compensation with the spillover of the file, against flowCore', () => {
  it('covers twenty files', () => {
    expect(Object.keys(files).length).toBe(20);
  });

  it.each(Object.entries(files))('%s', (name, expected) => {
    const source = openFile(sharedData('data', name) ?? '');
    const file = readFcs(source);
    expect(file.spillover?.detectors).toEqual(expected.channels);
    if (file.spillover === null) return;
    const matrix = spilloverMatrix(file.spillover);
    // R reads a last decimal digit differently here and there
    expected.spill?.flat().forEach((value, i) => expect(matrix.spill[i]).toBeCloseTo(value, 15));
    const unmixing = createUnmixing(matrix);
    expect(unmixing.reciprocalCondition).toBeGreaterThan(1e-4);
    if (expected.identity) {
      expect([...unmixing.unmix]).toEqual([...matrix.spill]);
      return;
    }
    const wanted = expected.channels.map((channel) => file.parameters.findIndex((p) => p.name === channel));
    const { table } = readEvents(source, file, { scaling: 'raw', channels: wanted });
    source.close();
    const columns = compensateColumns(unmixing, table.columns);
    expect(Object.keys(expected.compensated ?? {}).length).toBe(expected.channels.length);
    expected.channels.forEach((channel, c) => {
      const want = expected.compensated?.[channel];
      if (want === undefined) throw new Error(`no truth for ${channel}`);
      const values = columns[c];
      // relative to the largest value of the channel: small values are differences of large ones
      const scale = Math.max(Math.abs(want.min), Math.abs(want.max));
      const near = (got: number, truth: number, size = scale): void =>
        expect(Math.abs(got - truth)).toBeLessThanOrEqual(1e-9 * size);
      near(sum(values), want.sum, Math.max(Math.abs(want.sum), scale));
      near(
        values.reduce((a, b) => Math.min(a, b)),
        want.min,
      );
      near(
        values.reduce((a, b) => Math.max(a, b)),
        want.max,
      );
      want.first.forEach((value, e) => near(values[e], value));
      near(values[values.length - 1], want.last);
    });
  });
});

describe('createUnmixing', () => {
  const names = (prefix: string, n: number): string[] => Array.from({ length: n }, (_, i) => `${prefix}${i}`);
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof ImmunogateError) return error.code;
      throw error;
    }
    return 'none';
  };

  it('undoes a two-colour spill worked out by hand', () => {
    // observed = true [[1, 0.2], [0.1, 1]]; true (100, 50) shows as (105, 70)
    const unmixing = createUnmixing({
      fluorochromes: ['a', 'b'],
      detectors: ['a', 'b'],
      spill: Float64Array.of(1, 0.2, 0.1, 1),
    });
    const [a, b] = compensateColumns(unmixing, [Float32Array.of(105, 0), Float32Array.of(70, 0)]);
    expect(a[0]).toBeCloseTo(100, 12);
    expect(b[0]).toBeCloseTo(50, 12);
    // |S|_1 = 1.2, |S^-1|_1 = 1.2 / 0.98
    expect(unmixing.reciprocalCondition).toBeCloseTo(0.98 / 1.44, 12);
  });

  it('unmixes more detectors than fluorochromes by least squares', () => {
    const random = createRandom('unmix');
    const [f, d] = [4, 9];
    const spill = Float64Array.from({ length: f * d }, () => random.next());
    const unmixing = createUnmixing({ fluorochromes: names('f', f), detectors: names('d', d), spill });
    const truth = [300, -20, 0, 5000];
    const observed = names('d', d).map((_, j) =>
      Float64Array.of(truth.reduce((total, t, i) => total + t * spill[i * d + j], 0)),
    );
    const clean = compensateColumns(unmixing, observed).map((column) => column[0]);
    clean.forEach((value, i) => expect(value).toBeCloseTo(truth[i], 8));
    // a residual that no fluorochrome can explain is left out: spill * residual = 0 means nothing changes
    const noisy = observed.map((column) => column.map((v) => v + random.normal()));
    const fitted = compensateColumns(unmixing, noisy).map((column) => column[0]);
    const residual = noisy.map(
      (column, j) => column[0] - fitted.reduce((total, t, i) => total + t * spill[i * d + j], 0),
    );
    for (let i = 0; i < f; i++)
      expect(Math.abs(residual.reduce((total, r, j) => total + r * spill[i * d + j], 0))).toBeLessThan(1e-9);
  });

  it('refuses what cannot be undone', () => {
    const square = (values: number[]) => () =>
      createUnmixing({ fluorochromes: ['a', 'b'], detectors: ['a', 'b'], spill: Float64Array.from(values) });
    expect(refusal(square([1, 1, 1, 1]))).toBe('E_COMP_SINGULAR');
    expect(refusal(square([1, 1, 1, 1 + 1e-13]))).toBe('E_COMP_SINGULAR');
    expect(refusal(square([0, 0, 0, 0]))).toBe('E_COMP_SINGULAR');
    expect(refusal(square([1, 1, 1, 1 + 1e-10]))).toBe('none');
    const wide = {
      fluorochromes: ['a', 'b', 'c'],
      detectors: ['a', 'b'],
      spill: new Float64Array(6).fill(1),
    };
    expect(refusal(() => createUnmixing(wide))).toBe('E_COMP_SINGULAR');
    const alike = {
      fluorochromes: ['a', 'b'],
      detectors: ['x', 'y', 'z'],
      spill: Float64Array.of(1, 2, 3, 2, 4, 6),
    };
    expect(refusal(() => createUnmixing(alike))).toBe('E_COMP_SINGULAR');
  });

  it('refuses what does not fit together', () => {
    const make = (fluorochromes: string[], detectors: string[], spill: number[]) => () =>
      createUnmixing({ fluorochromes, detectors, spill: Float64Array.from(spill) });
    expect(refusal(make(['a'], ['a'], [1, 2]))).toBe('E_PROTOCOL_INVALID');
    expect(refusal(make([], [], []))).toBe('E_PROTOCOL_INVALID');
    expect(refusal(make(['a', 'a'], ['a', 'b'], [1, 0, 0, 1]))).toBe('E_PROTOCOL_INVALID');
    expect(refusal(make(['a', 'b'], ['a', 'b'], [1, NaN, 0, 1]))).toBe('E_PROTOCOL_INVALID');
    const identity = createUnmixing({
      fluorochromes: ['a', 'b'],
      detectors: ['a', 'b'],
      spill: Float64Array.of(1, 0, 0, 1),
    });
    expect(refusal(() => compensateColumns(identity, [Float64Array.of(1)]))).toBe('E_COMP_CHANNEL_MISSING');
  });

  it('warns where errors grow a thousandfold', () => {
    const spill = Float64Array.of(1, 0.999, 0.999, 1);
    const near = createUnmixing({ fluorochromes: ['a', 'b'], detectors: ['a', 'b'], spill });
    expect(unmixingIssues(near).map((found) => found.code)).toEqual(['W_COMP_ILL_CONDITIONED']);
    const fine = createUnmixing({
      fluorochromes: ['a', 'b'],
      detectors: ['a', 'b'],
      spill: Float64Array.of(1, 0.3, 0.2, 1),
    });
    expect(unmixingIssues(fine)).toEqual([]);
  });

  it('lets NaN spread to the fluorochromes that use the detector, and no further than the event', () => {
    const unmixing = createUnmixing({
      fluorochromes: ['a', 'b'],
      detectors: ['a', 'b'],
      spill: Float64Array.of(1, 0.2, 0.1, 1),
    });
    const [a, b] = compensateColumns(unmixing, [Float64Array.of(NaN, 1), Float64Array.of(1, 1)]);
    expect([Number.isNaN(a[0]), Number.isNaN(b[0]), Number.isNaN(a[1])]).toEqual([true, true, false]);
  });
});
