// One suite over all gating methods: what every method owes its callers, whatever the events look like.
// Truth: simulated mixtures whose labels are known; a cut is right when it parts the labels, not when it equals an earlier run.
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/math/index.ts';
import { compileForward } from '../../../src/signal/index.ts';
import { methodNames, prepareMethod } from '../../../src/gating/methods/registry.ts';
import type { MethodFit, MethodInput } from '../../../src/gating/methods/contract.ts';
import type { Dimension } from '../../../src/gating/model.ts';

const scale = { scale: { kind: 'asinhCofactor', cofactor: 150 }, boundMin: null, boundMax: null } as const;
const forward = compileForward(scale);
const dim = (channel: string, transform: Dimension['transform']): Dimension => ({
  source: { kind: 'channel', channel },
  compensation: { kind: 'none' },
  transform,
});

/** Fluorescence (linear values, seen on asinh 150), or area and height (linear). The events are their own reference unless others are given. */
function inputOf(
  linear: readonly Float64Array[],
  keep: 'above' | 'below' = 'above',
  options: { readonly pulses?: boolean; readonly reference?: readonly Float64Array[] } = {},
): MethodInput {
  const { pulses = false, reference = linear } = options;
  const identity = (x: number): number => x;
  const seen = (columns: readonly Float64Array[]) =>
    columns.map((column) => (pulses ? column : column.map(forward)));
  return {
    dims: linear.map((_, d) => dim(`C${d}`, pulses ? null : scale)),
    columns: seen(linear),
    linear,
    forward: linear.map(() => (pulses ? identity : forward)),
    keep,
    reference: seen(reference),
  };
}

const parameters: Readonly<Record<string, Record<string, unknown>>> = {
  fixed: { at: 3 },
  oblique: { a: 1, b: 1, then: 'valley' },
  mixture: { k: 2, x: 5, y: 4.8 },
  reference: { population: 'N', q: 0.99 },
};
function run(
  name: string,
  input: MethodInput,
  params: Record<string, unknown> = parameters[name] ?? {},
): MethodFit {
  const method = prepareMethod(name, params);
  if (typeof method === 'string') throw new Error(method);
  return method.fit(input, 'conformance');
}
const axesOf = (name: string): number => {
  const method = prepareMethod(name, parameters[name] ?? {});
  if (typeof method === 'string') throw new Error(method);
  return method.dims;
};

type Draw = (r: ReturnType<typeof createRandom>) => number;
/** `sinh` back from the asinh scale, so that a normal on y is meant. */
const onY =
  (mean: number, sd: number): Draw =>
  (r) =>
    150 * Math.sinh(mean + sd * r.normal());

/** Seeded mixture of linear values with the component of each event. */
function mixture(seed: string, n: number, parts: readonly (readonly [number, Draw])[]) {
  const random = createRandom(seed);
  const labels = new Uint8Array(n);
  const values = Float64Array.from({ length: n }, (_, e) => {
    let at = random.next();
    let part = 0;
    while (part < parts.length - 1 && at >= parts[part][0]) at -= parts[part++][0];
    labels[e] = part;
    return parts[part][1](random);
  });
  return { values, labels };
}

const column = (n: number, value: number): Float64Array => new Float64Array(n).fill(value);
const columns = (name: string, make: () => Float64Array): Float64Array[] =>
  Array.from({ length: axesOf(name) }, make);

/** Not of this suite: `open` keeps whatever there is, `stable` judges a whole acquisition in its order (stable.test.ts). */
const elsewhere: ReadonlySet<string> = new Set(['open', 'stable']);
const placing = methodNames.filter((name) => !elsewhere.has(name));

it('open keeps everything, and stable places nothing on values without their acquisition', () => {
  const input = inputOf([column(10, 500)]);
  expect(run('open', input)).toMatchObject({ status: 'fitted', gate: { min: [-Infinity], max: [Infinity] } });
  expect(run('stable', input).status).toBe('rejected');
});

describe.each(placing.map((name) => [name] as const))('%s', (name) => {
  const pulses = name === 'singlet';
  const given = (linear: readonly Float64Array[], keep: 'above' | 'below' = 'above') =>
    inputOf(linear, keep, { pulses });
  const hopeless: readonly (readonly [string, () => Float64Array])[] = [
    ['no event', () => column(0, 0)],
    ['one event', () => column(1, 500)],
    ['all events equal', () => column(5000, 500)],
    ['all events zero', () => column(5000, 0)],
    ['only NaN', () => column(5000, Number.NaN)],
    ['only infinite values', () => column(5000, Number.POSITIVE_INFINITY)],
  ];
  it.each(hopeless)('places nothing on %s, and says why', (_, make) => {
    const fit = run(name, given(columns(name, make)));
    if (name === 'fixed') {
      expect(fit.status).toBe('fitted');
      return;
    }
    expect(fit.status).toBe('rejected');
    if (fit.status === 'rejected') expect(fit.reason).toMatch(/\w+ \w+/);
  });

  /** Events that every method can work with: two clear populations, or cells along a line. */
  const good = (n: number, seed = 'good'): Float64Array[] => {
    if (axesOf(name) === 1)
      return [
        mixture(seed, n, [
          [0.6, onY(0.3, 0.35)],
          [0.4, onY(5, 0.5)],
        ]).values,
      ];
    const r = createRandom(seed);
    if (!pulses) {
      const positive = Array.from({ length: n }, () => r.next() < 0.4);
      return [5, 4.8].map((high) =>
        Float64Array.from(positive, (is) => (is ? onY(high, 0.5)(r) : onY(0.3, 0.35)(r))),
      );
    }
    const area = Float64Array.from({ length: n }, () => 60000 * Math.exp(0.3 * r.normal()));
    return [area, area.map((a) => 0.8 * a * (1 + 0.03 * r.normal()))];
  };

  it('gives an ordinary gate on its axes, with plain evidence', () => {
    const input = given(good(4000));
    const fit = run(name, input);
    expect(fit.status).toBe('fitted');
    if (fit.status !== 'fitted') return;
    expect(fit.gate.dims).toEqual(input.dims);
    expect(JSON.parse(JSON.stringify(fit.evidence))).toEqual(fit.evidence);
    expect(Object.keys(fit.evidence).length).toBeGreaterThan(0);
    expect(fit.cut === null).toBe(axesOf(name) === 2);
  });

  it('gives the same gate twice, and leaves its input alone', () => {
    const input = given(good(4000));
    const before = input.columns.map((c) => c.slice());
    expect(run(name, input)).toEqual(run(name, input));
    expect(input.columns).toEqual(before);
  });

  it('does not look at events that are not finite', () => {
    const clean = good(4000);
    const dirty = clean.map((c) => {
      const longer = new Float64Array(c.length + 300);
      longer.set(c);
      [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].forEach((v, k) =>
        longer.fill(v, c.length + 100 * k, c.length + 100 * (k + 1)),
      );
      return longer;
    });
    const [a, b] = [run(name, given(clean)), run(name, given(dirty))];
    expect(a.status).toBe('fitted');
    if (a.status === 'fitted' && b.status === 'fitted') expect(b.gate).toEqual(a.gate);
    else expect(b.status).toBe('fitted');
  });

  it('does not depend on the order of events', () => {
    const sample = good(4000);
    const fit = run(name, given(sample));
    const turned = run(name, given(sample.map((c) => c.slice().reverse())));
    expect([fit.status, turned.status]).toEqual(['fitted', 'fitted']);
    if (fit.status !== 'fitted' || turned.status !== 'fitted') return;
    if (fit.cut !== null) expect(turned.cut).toBe(fit.cut);
    else {
      const corners = (f: typeof fit): number[] =>
        f.gate.kind === 'polygon'
          ? f.gate.vertices.flat()
          : f.gate.kind === 'ellipsoid'
            ? [...f.gate.mean, ...f.gate.covariance]
            : [];
      corners(fit).forEach((v, k) =>
        expect(Math.abs(corners(turned)[k] - v)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(v))),
      );
      expect(corners(fit).length).toBeGreaterThan(0);
    }
  });

  it('keeps the side it is asked for', () => {
    if (axesOf(name) === 2) return;
    const [above, below] = (['above', 'below'] as const).map((keep) => run(name, given(good(4000), keep)));
    if (above.status !== 'fitted' || below.status !== 'fitted') throw new Error('not fitted');
    expect(above.gate).toMatchObject({ kind: 'rectangle', min: [above.cut], max: [Infinity] });
    expect(below.gate).toMatchObject({ kind: 'rectangle', min: [-Infinity], max: [above.cut] });
  });

  it('handles a million events in seconds', () => {
    const input = given(good(1_000_000));
    const begin = performance.now();
    expect(run(name, input).status).toBe('fitted');
    expect(performance.now() - begin).toBeLessThan(15_000);
  }, 60_000);

  it('refuses parameters that it does not know', () => {
    expect(prepareMethod(name, { ...parameters[name], nonsense: 1 })).toMatch(/nonsense/);
    expect(prepareMethod(name, JSON.parse('{"__proto__": {"k": 1}, "at": 3}'))).toBeTypeOf('string');
  });
});

it('refuses a method that does not exist, naming those that do', () => {
  for (const name of ['valleys', '__proto__', 'constructor', ''])
    expect(prepareMethod(name, {})).toMatch(/valley.*tail.*singlet/);
});

/** Fraction of events on the wrong side of a cut. */
function wrong(values: Float64Array, labels: Uint8Array, cut: number): number {
  return (
    values.reduce((sum, v, e) => sum + (forward(v) >= cut !== (labels[e] === 1) ? 1 : 0), 0) / values.length
  );
}
const seeds = Array.from({ length: 10 }, (_, k) => `seed ${k}`);

describe('valley parts two populations', () => {
  it.each([
    ['equal parts', 5000, 0.5, 0.3, 5, 0.005],
    ['a tenth is positive', 5000, 0.9, 0.3, 5, 0.005],
    ['nine tenths are positive', 5000, 0.1, 0.3, 5, 0.005],
    ['few events', 400, 0.6, 0.3, 5, 0.01],
    ['the whole shifted by half a unit', 5000, 0.5, 0.8, 5.5, 0.005],
    ['both dim and near', 10000, 0.5, 0.3, 2.9, 0.02],
  ])('%s', (_, n, negative, low, high, most) => {
    for (const seed of seeds) {
      const { values, labels } = mixture(seed, n, [
        [negative, onY(low, 0.4)],
        [1 - negative, onY(high, 0.45)],
      ]);
      const fit = run('valley', inputOf([values]));
      if (fit.status !== 'fitted' || fit.cut === null) throw new Error(`${seed}: ${JSON.stringify(fit)}`);
      expect(wrong(values, labels, fit.cut)).toBeLessThan(most);
    }
  });
  it('does not part what is one population', () => {
    const shapes: readonly (readonly [string, Draw])[] = [
      ['normal', onY(2, 0.5)],
      [
        'heavy tails',
        (r) =>
          150 *
          Math.sinh(
            3 +
              (0.4 * r.normal()) /
                Math.sqrt(0.25 * (r.normal() ** 2 + r.normal() ** 2 + r.normal() ** 2 + r.normal() ** 2)),
          ),
      ],
      ['skewed', (r) => 150 * Math.sinh(1 - Math.log(1 - r.next()))],
    ];
    for (const [shape, draw] of shapes) {
      for (const seed of seeds) {
        const fit = run('valley', inputOf([mixture(seed, 5000, [[1, draw]]).values]));
        expect([shape, seed, fit.status]).toEqual([shape, seed, 'rejected']);
      }
    }
  });
  it('looks only between its limits', () => {
    const { values, labels } = mixture('three', 9000, [
      [0.4, onY(0.3, 0.3)],
      [0.3, onY(3.2, 0.3)],
      [0.3, onY(6, 0.3)],
    ]);
    const fit = run('valley', inputOf([values]), { from: 2.2, to: 7 });
    if (fit.status !== 'fitted' || fit.cut === null) throw new Error('not fitted');
    expect(
      wrong(
        values,
        labels.map((label) => (label === 2 ? 1 : 0)),
        fit.cut,
      ),
    ).toBeLessThan(0.002);
  });
});

describe('tail lies k robust SD beyond the reference peak', () => {
  // true cuts by hand: negative N(0, 60) linear, T(k) = asinh(k * 60 / 150); stained N(6, 0.3) on y, T(k) = 6 + 0.3 k
  it.each([3, 4, 5])('k = %i on a negative peak, measured on the linear scale', (k) => {
    const cuts = seeds.map((seed) => {
      const { values } = mixture(seed, 20000, [
        [0.95, (r) => 60 * r.normal()],
        [0.05, onY(5, 0.5)],
      ]);
      const fit = run('tail', inputOf([values]), { k });
      if (fit.status !== 'fitted' || fit.cut === null) throw new Error('not fitted');
      return 150 * Math.sinh(fit.cut);
    });
    const average = cuts.reduce((a, b) => a + b, 0) / cuts.length;
    // the mode of a normal is the hard part: its error is a few tenths of an SD for one sample, less on average
    expect(Math.abs(average / (k * 60) - 1)).toBeLessThan(0.15);
    for (const cut of cuts) expect(Math.abs(cut / (k * 60) - 1)).toBeLessThan(0.4);
  });
  it('below a stained peak with negative k', () => {
    for (const seed of seeds) {
      const { values } = mixture(seed, 20000, [
        [0.9, onY(6, 0.3)],
        [0.1, onY(2, 0.3)],
      ]);
      const fit = run('tail', inputOf([values]), { k: -3 });
      if (fit.status !== 'fitted' || fit.cut === null) throw new Error('not fitted');
      expect(Math.abs(fit.cut - 5.1)).toBeLessThan(0.35);
    }
  });
  it.each([
    // 400 units of spill: y 1.70. Linear: asinh((400 + 5 x 60) / 150). On y: SD 60 / sqrt(400² + 150²) = 0.14
    [{ k: 5, negativeTo: 2.2 }, Math.asinh(700 / 150), true],
    [{ k: 5 }, Math.asinh(400 / 150) + 5 * 0.1404, false],
  ])('of a negative that spill has lifted: %j', (params, expected, measuredLinear) => {
    for (const seed of seeds) {
      const { values } = mixture(seed, 20000, [
        [0.95, (r) => 400 + 60 * r.normal()],
        [0.05, onY(4, 0.3)],
      ]);
      const fit = run('tail', inputOf([values]), params);
      if (fit.status !== 'fitted' || fit.cut === null) throw new Error('not fitted');
      expect(Math.abs(fit.cut - expected)).toBeLessThan(measuredLinear ? 0.06 : 0.25);
      expect(fit.evidence['measuredLinear']).toBe(measuredLinear);
    }
  });
  it.each([
    ['negative, on the linear scale: 3 x 60 / 150 = 1.2', 3, (r) => 60 * r.normal(), Math.asinh(1.2), 0.35],
    ['stained: 6 - 4 x 0.3', -4, onY(6, 0.3), 4.8, 0.4],
  ] as readonly (readonly [string, number, Draw, number, number])[])(
    'of another population: %s',
    (_, k, draw, expected, most) => {
      for (const seed of seeds) {
        const parent = mixture(`parent ${seed}`, 3000, [[1, onY(3, 1)]]).values;
        const other = mixture(seed, 20000, [[1, draw]]).values;
        const fit = run('tail', inputOf([parent], 'above', { reference: [other] }), { k, population: 'N' });
        if (fit.status !== 'fitted' || fit.cut === null) throw new Error('not fitted');
        expect(Math.abs(fit.cut - expected)).toBeLessThan(most);
        expect(Number(fit.evidence['eventsBelow']) + Number(fit.evidence['eventsAbove'])).toBe(3000);
      }
      const nobody: MethodInput = { ...inputOf([column(3000, 5)]), reference: null };
      expect(run('tail', nobody, { k, population: 'N' })).toMatchObject({
        status: 'rejected',
        reason: 'the population N is not evaluable',
      });
    },
  );
  it('is not widened by positive events', () => {
    // true cut 3 * 60 = 180 linear; averages over seeds, because the mode of one sample is off by some tenths of an SD
    const average = (positives: number): number => {
      const cuts = seeds.map((seed) => {
        const { values } = mixture(seed, 20000, [
          [1 - positives, (r) => 60 * r.normal()],
          [positives, onY(4, 0.6)],
        ]);
        const fit = run('tail', inputOf([values]));
        if (fit.status !== 'fitted' || fit.cut === null) throw new Error('not fitted');
        return 150 * Math.sinh(fit.cut);
      });
      return cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length;
    };
    for (const positives of [0.02, 0.1, 0.3]) {
      expect(Math.abs(average(positives) / 180 - 1)).toBeLessThan(0.15);
    }
  });
});

describe('singlet', () => {
  /** Cells along a line with 3 % spread; doublets: two cells, the sum of areas, the height of one and a little more. */
  function cells(seed: string, n: number, doublets: number, tails = false) {
    const r = createRandom(seed);
    const isDoublet = Array.from({ length: n }, () => r.next() < doublets);
    const size = (): number => 60000 * Math.exp(0.35 * r.normal());
    const noise = (): number => (tails && r.next() < 0.02 ? 0.3 * r.normal() : 0.03 * r.normal());
    const pairs = isDoublet.map((doublet): [number, number] => {
      const a = size();
      return doublet ? [2 * a, 0.8 * a * 1.1 * (1 + noise())] : [a, 0.8 * a * (1 + noise())];
    });
    return {
      area: Float64Array.from(pairs, ([a]) => a),
      height: Float64Array.from(pairs, ([, h]) => h),
      isDoublet,
    };
  }
  it.each([
    ['a few doublets', 5000, 0.05, false],
    ['many doublets', 5000, 0.25, false],
    ['hardly any', 5000, 0.002, false],
    ['outliers', 5000, 0.05, true],
    ['few events', 400, 0.05, false],
  ])('parts single cells from doublets: %s', (_, n, doublets, tails) => {
    for (const seed of seeds) {
      const { area, height, isDoublet } = cells(seed, n, doublets, tails);
      const fit = run('singlet', inputOf([area, height], 'above', { pulses: true }));
      if (fit.status !== 'fitted' || fit.gate.kind !== 'polygon') throw new Error('not fitted');
      const inside = Array.from(area, (a, e) =>
        isInside([a, height[e]], fit.gate.kind === 'polygon' ? fit.gate.vertices : []),
      );
      const kept =
        inside.filter((yes, e) => yes && !isDoublet[e]).length / isDoublet.filter((d) => !d).length;
      const leaked =
        inside.filter((yes, e) => yes && isDoublet[e]).length / Math.max(1, isDoublet.filter(Boolean).length);
      // -3 SD loses 0.13 %, +4 SD next to nothing; 2 % of outliers are lost on top where there are some
      expect(kept).toBeGreaterThan(tails ? 0.965 : 0.985);
      expect(leaked).toBeLessThan(0.02);
    }
  });
  it('follows the gain of the height', () => {
    const { area, height } = cells('gain', 5000, 0.05);
    const slope = (factor: number): unknown =>
      run('singlet', inputOf([area, height.map((h) => h * factor)], 'above', { pulses: true })).evidence[
        'slope'
      ];
    expect(Number(slope(0.25)) / Number(slope(1))).toBeCloseTo(0.25, 6);
  });
});

/** Even-odd test in plain arithmetic, independent of the product's. */
function isInside(
  [x, y]: readonly [number, number],
  polygon: readonly (readonly [number, number])[],
): boolean {
  let inside = false;
  polygon.forEach(([ax, ay], i) => {
    const [bx, by] = polygon[(i + 1) % polygon.length];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  });
  return inside;
}
