// k-means, mixtures and oblique cuts on events whose labels are known. Expected places of cuts are hand calculations from the
// parameters of the simulated normals; an oblique gate is checked against the plain inequality that it draws.
import { describe, expect, it } from 'vitest';
import type { MethodFit } from '../../../src/gating/methods/contract.ts';
import { prepareMethod } from '../../../src/gating/methods/registry.ts';
import { createRandom } from '../../../src/math/index.ts';

/** Weight, means and SDs on the axes, correlation of the first two. */
interface Part {
  readonly share: number;
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  readonly rho?: number;
}

function draw(seed: string, n: number, parts: readonly Part[]) {
  const random = createRandom(seed);
  const labels = new Uint8Array(n);
  const columns = parts[0].mean.map(() => new Float64Array(n));
  for (let e = 0; e < n; e++) {
    let at = random.next();
    let p = 0;
    while (p < parts.length - 1 && at >= parts[p].share) at -= parts[p++].share;
    labels[e] = p;
    const { mean, sd, rho = 0 } = parts[p];
    const first = random.normal();
    columns.forEach((column, d) => {
      const z = d === 0 ? first : rho * first + Math.sqrt(1 - rho * rho) * random.normal();
      column[e] = mean[d] + sd[d] * z;
    });
  }
  return { columns, labels };
}

function fit(method: string, params: Record<string, unknown>, columns: readonly Float64Array[]): MethodFit {
  const ready = prepareMethod(method, params);
  if (typeof ready === 'string') throw new Error(ready);
  return ready.fit(
    {
      dims: columns.map((_, d) => ({
        source: { kind: 'channel', channel: `C${d}` },
        compensation: { kind: 'none' },
        transform: null,
      })),
      columns,
      linear: columns,
      forward: columns.map(() => (x: number) => x),
      keep: 'above',
      reference: null,
    },
    'clusters',
  );
}

const seeds = Array.from({ length: 5 }, (_, k) => `seed ${k}`);
const normal = (share: number, mean: number, sd: number): Part => ({ share, mean: [mean], sd: [sd] });
const cutOf = (found: MethodFit): number =>
  found.status === 'fitted' && found.cut !== null ? found.cut : Number.NaN;

describe('kmeans cuts at equal distance in SD from two centres', () => {
  // hand: (m1 s2 + m2 s1) / (s1 + s2); clusters this far apart are the components themselves
  it.each([
    ['equal parts', [normal(0.5, 0.3, 0.35), normal(0.5, 5, 0.5)], {}, 2.235],
    ['a rare upper part', [normal(0.97, 0.3, 0.35), normal(0.03, 5, 0.5)], {}, 2.235],
    ['a rare lower part', [normal(0.03, 0.3, 0.35), normal(0.97, 5, 0.5)], {}, 2.235],
    ['the upper of three', [normal(0.4, 0.3, 0.3), normal(0.2, 3, 0.3), normal(0.4, 6, 0.2)], { k: 3 }, 4.8],
    [
      'the lower of three',
      [normal(0.4, 0.3, 0.3), normal(0.2, 3, 0.3), normal(0.4, 6, 0.2)],
      { k: 3, side: 'lower' },
      1.65,
    ],
    [
      'a rare middle part',
      [normal(0.5, 0.3, 0.3), normal(0.02, 3, 0.3), normal(0.48, 6, 0.2)],
      { k: 3 },
      4.8,
    ],
    [
      'between limits',
      [normal(0.4, 0.3, 0.3), normal(0.2, 3, 0.3), normal(0.4, 6, 0.2)],
      { from: 1.65 },
      4.8,
    ],
  ] as const)('%s', (_, parts, params, cut) => {
    // hand: 600 events of SD 0.5 give that SD to 0.014, which moves the cut by 2.28 times as much; limit = 3 such errors
    for (const seed of seeds)
      expect(Math.abs(cutOf(fit('kmeans', params, draw(seed, 20_000, parts).columns)) - cut)).toBeLessThan(
        0.1,
      );
  });
  it('more events than take part give the same cut to a hundredth', () => {
    const { columns } = draw('many', 300_000, [normal(0.7, 0.3, 0.35), normal(0.3, 5, 0.5)]);
    expect(Math.abs(cutOf(fit('kmeans', {}, columns)) - 2.235)).toBeLessThan(0.01);
  });
  it('refuses to part what is one population', () => {
    const random = createRandom('one');
    const shapes = {
      normal: () => random.normal(),
      uniform: () => random.next(),
      skewed: () => -Math.log(1 - random.next()),
    };
    for (const [shape, value] of Object.entries(shapes)) {
      const found = fit('kmeans', {}, [Float64Array.from({ length: 5000 }, value)]);
      expect([shape, found.status, found.status === 'rejected' && found.reason]).toEqual([
        shape,
        'rejected',
        expect.stringMatching(/not apart/) as string,
      ]);
    }
  });
  it('refuses a cut that is elsewhere than asked for, and sides with too few events', () => {
    const { columns } = draw('sides', 3000, [normal(0.5, 0.3, 0.35), normal(0.5, 5, 0.5)]);
    expect(fit('kmeans', { cutFrom: 3 }, columns)).toMatchObject({
      reason: expect.stringMatching(/not where/) as string,
    });
    const few = Float64Array.from([...columns[0].filter((v) => v < 2), ...new Array<number>(15).fill(5)]);
    expect(fit('kmeans', {}, [few])).toMatchObject({
      reason: expect.stringMatching(/fewer than 20/) as string,
    });
  });
});

describe('mixture finds the component nearest to its target', () => {
  const parts: readonly Part[] = [
    { share: 0.7, mean: [0.5, 4], sd: [0.5, 0.4] },
    { share: 0.2, mean: [3, 1], sd: [0.6, 0.6] },
    { share: 0.1, mean: [5, 5], sd: [0.5, 0.3], rho: 0.7 },
  ];
  it('as an ellipse of its own mean and covariance that holds 95 % of it', () => {
    for (const seed of seeds) {
      const { columns, labels } = draw(seed, 10_000, parts);
      const found = fit('mixture', { k: 3, x: 4.6, y: 5.2 }, columns);
      if (found.status !== 'fitted' || found.gate.kind !== 'ellipsoid')
        throw new Error(JSON.stringify(found));
      const { mean, covariance, distanceSquare } = found.gate;
      expect(Math.abs(mean[0] - 5)).toBeLessThan(0.08);
      expect(Math.abs(mean[1] - 5)).toBeLessThan(0.08);
      // 0.25, 0.7 * 0.5 * 0.3, 0.09; chi square of two degrees of freedom, 0.95 quantile 5.991 (table)
      [0.25, 0.105, 0.105, 0.09].forEach((v, k) => expect(Math.abs(covariance[k] / v - 1)).toBeLessThan(0.2));
      expect(distanceSquare).toBeCloseTo(5.991, 3);
      const [sxx, sxy, , syy] = covariance;
      const inside = (e: number) => {
        const [dx, dy] = [columns[0][e] - mean[0], columns[1][e] - mean[1]];
        return (
          (syy * dx * dx - 2 * sxy * dx * dy + sxx * dy * dy) / (sxx * syy - sxy * sxy) <= distanceSquare
        );
      };
      const own = [...labels.keys()].filter((e) => labels[e] === 2);
      expect(Math.abs(own.filter(inside).length / own.length - 0.95)).toBeLessThan(0.03);
      expect([...labels.keys()].filter((e) => labels[e] !== 2 && inside(e)).length).toBeLessThan(5);
    }
  });
  it('another target, another component', () => {
    const { columns } = draw('targets', 10_000, parts);
    for (const { mean } of parts) {
      const found = fit('mixture', { k: 3, x: mean[0] + 0.3, y: mean[1] - 0.3 }, columns);
      expect(Math.abs(Number(found.evidence['centreX']) - mean[0])).toBeLessThan(0.1);
      expect(Math.abs(Number(found.evidence['centreY']) - mean[1])).toBeLessThan(0.1);
    }
  });
  it('nothing near the target: no gate', () => {
    const { columns } = draw('far', 5000, parts);
    expect(fit('mixture', { k: 3, x: 7, y: 0 }, columns)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/within 1.5/) as string,
    });
  });
  it('more components than populations still give finite numbers', () => {
    const { columns } = draw('spare', 3000, parts);
    const found = fit('mixture', { k: 8, x: 5, y: 5 }, columns);
    expect(Object.values(found.evidence).every((v) => typeof v !== 'number' || Number.isFinite(v))).toBe(
      true,
    );
  });
});

describe('oblique', () => {
  // CD127 and CD25 of CD4 T cells, populations specification section 5.6, share of CD4 T cells
  const cd4: readonly Part[] = [
    { share: 0.38, mean: [4, 1], sd: [0.35, 0.5] },
    { share: 0.27, mean: [4.2, 2.2], sd: [0.35, 0.6] },
    { share: 0.22, mean: [3.5, 1.6], sd: [0.6, 0.7] },
    { share: 0.03, mean: [2.4, 0.6], sd: [0.7, 0.45] },
    { share: 0.04, mean: [2.6, 2.6], sd: [0.6, 0.6] },
    { share: 0.016, mean: [1.7, 4.2], sd: [0.45, 0.35] },
    { share: 0.044, mean: [1.4, 5], sd: [0.45, 0.35] },
  ];
  const params = { a: -0.9, b: 1, then: 'valley', adjust: 1.5, minPeak: 0.01, cutFrom: 0.5, cutTo: 2.6 };

  it('parts regulatory T cells where neither axis has a valley', () => {
    for (const seed of seeds) {
      const { columns, labels } = draw(seed, 20_000, cd4);
      const found = fit('oblique', params, columns);
      expect(found.status).toBe('fitted');
      const cut = Number(found.evidence['cut']);
      let [both, either] = [0, 0];
      labels.forEach((label, e) => {
        const inside = columns[1][e] - 0.9 * columns[0][e] >= cut;
        if (inside && label >= 5) both++;
        either += Number(inside) + Number(label >= 5);
      });
      expect((2 * both) / either).toBeGreaterThan(0.95);
    }
  });

  it('cuts at a quantile of the score of another population', () => {
    const { columns, labels } = draw('reference', 20_000, cd4);
    const own = [...labels.keys()].filter((e) => labels[e] === 3);
    const ready = prepareMethod('oblique', {
      ...{ a: -0.9, b: 1, then: 'reference', population: 'TEMRA', q: 0.95 },
    });
    if (typeof ready === 'string') throw new Error(ready);
    const dim = { compensation: { kind: 'none' }, transform: null } as const;
    const fitOn = (own: readonly Float64Array[]) =>
      ready.fit(
        {
          dims: columns.map((_, d) => ({ ...dim, source: { kind: 'channel', channel: `C${d}` } })),
          columns: own,
          linear: own,
          forward: own.map(() => (x: number) => x),
          keep: 'above',
          reference: columns.map((column) => column.filter((_, e) => labels[e] === 3)),
        },
        'oblique',
      );
    const found = fitOn(columns);
    // hand: -0.9 * 2.4 + 0.6 + 1.645 * sqrt(0.81 * 0.49 + 0.2025) = -0.286; a quantile of some 600 events errs by 0.07
    expect(own.length).toBeGreaterThan(500);
    expect(Math.abs(Number(found.evidence['cut']) - -0.286)).toBeLessThan(0.25);

    // a parent with no event or a single one is cut all the same, by the same inequality
    for (const events of [0, 1]) {
      const { status, ...few } = fitOn(columns.map((column) => column.slice(0, events)));
      if (status !== 'fitted' || !('gate' in few) || few.gate.kind !== 'polygon') throw new Error(status);
      const { vertices } = few.gate;
      const cut = Number(few.evidence['cut']);
      for (let x = -3; x <= 8; x += 0.77)
        for (let y = -3; y <= 8; y += 0.77) expect(isInside([x, y], vertices)).toBe(y - 0.9 * x > cut);
    }
  });

  it.each([
    ['above a falling line', { a: 1, b: 1, then: 'tail', k: 2 }, 1],
    ['below a falling line', { a: 1, b: 1, side: 'below', then: 'tail', k: 2 }, -1],
    ['above a rising line', { ...params, cutFrom: null, cutTo: null }, 1],
    ['below a rising line', { ...params, cutFrom: null, cutTo: null, side: 'below' }, -1],
    ['one axis only', { a: 0, b: 1, then: 'tail', k: 3 }, 1],
  ])('draws the inequality as a polygon: %s', (_, given, sign) => {
    const { columns } = draw('plane', 20_000, cd4);
    const found = fit('oblique', given, columns);
    if (found.status !== 'fitted' || found.gate.kind !== 'polygon') throw new Error(JSON.stringify(found));
    const { vertices } = found.gate;
    const cut = Number(found.evidence['cut']);
    const [a, b] = [given.a, given.b];
    // the events, and points as far beyond them as the data are wide
    const points: [number, number][] = Array.from(columns[0], (x, e) => [x, columns[1][e]]);
    for (let x = -9; x <= 15; x += 0.77) for (let y = -9; y <= 15; y += 0.77) points.push([x, y]);
    const wrong = points.filter((point) => {
      const beyond = sign * (a * point[0] + b * point[1] - cut);
      return Math.abs(beyond) > 1e-9 && beyond > 0 !== isInside(point, vertices);
    });
    expect(wrong).toEqual([]);
  });

  it.each([
    ['no weights', { a: 0, b: 0, then: 'valley' }],
    ['a parameter of the other method', { a: 1, b: 1, then: 'tail', minPeak: 0.1 }],
    ['no method', { a: 1, b: 1 }],
  ])('refuses %s', (_, given) => {
    expect(prepareMethod('oblique', given)).toBeTypeOf('string');
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
