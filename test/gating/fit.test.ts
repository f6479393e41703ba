// FIT: templates on simulated events whose labels are known. Statuses matter as much as gates: fitted, fallback with its reason,
// not evaluable with its reason, and never one in place of another.
import { describe, expect, it } from 'vitest';
import { labelChannels, type EventTable } from '../../src/events/index.ts';
import { evaluateStrategy, fitPlan, type GatingStrategy, type PlanFit } from '../../src/gating/index.ts';
import { createRandom } from '../../src/math/index.ts';
import { bindTemplate, parseTemplate } from '../../src/template/index.ts';

type Class = 'CD4' | 'CD8' | 'B' | 'other';
/** Mean on asinh 150 of CD3, CD4, CD8, CD19. */
const means: Readonly<Record<Class, readonly number[]>> = {
  CD4: [5, 5.2, 0.2, 0.2],
  CD8: [5, 0.2, 5.8, 0.2],
  B: [0.3, 0.2, 0.2, 5.2],
  other: [0.3, 0.4, 0.3, 0.3],
};

function blood(seed: string, n: number): { readonly table: EventTable; readonly labels: readonly Class[] } {
  const r = createRandom(seed);
  const labels = Array.from({ length: n }, (): Class => {
    const at = r.next();
    return at < 0.4 ? 'CD4' : at < 0.65 ? 'CD8' : at < 0.8 ? 'B' : 'other';
  });
  const column = (k: number): Float64Array =>
    Float64Array.from(labels, (label) => 150 * Math.sinh(means[label][k] + 0.4 * r.normal()));
  const channels = labelChannels(
    ['CD3', 'CD4', 'CD8', 'CD19'].map((stain, k) => ({ name: `D${k}-A`, stain, range: 262144 })),
  );
  return { labels, table: { count: n, channels, columns: [0, 1, 2, 3].map(column) } };
}

const head = 'immunogate: 1\nid: t\nversion: 1.0.0\ntitle: T\ncompensation: none\npopulations:\n';
function fit(body: string, table: EventTable, seed = 'fit'): PlanFit {
  const { template, issues } = parseTemplate(head + body);
  if (template === null) throw new Error(JSON.stringify(issues));
  const bound = bindTemplate(template, table.channels, { spillover: null });
  if (bound.plan === null) throw new Error(JSON.stringify(bound.issues));
  return fitPlan(bound.plan, { table, spillover: null }, { seed });
}
const population = ({ strategy }: { readonly strategy: GatingStrategy }, path: string) => {
  const found = strategy.populations.find((p) => p.path === path);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
};

const tree = `
  - { id: T, parent: root, on: CD3, place: [valley, { fixed: 3 }] }
  - { parent: T, quadrant: [CD4, CD8], cuts: [valley, valley], cells: { CD4T: "+-", CD8T: "-+", DNT: "--", DPT: "++" } }
  - { id: nonT, parent: root, is: not T }
  - { id: B, parent: nonT, on: CD19, place: valley }
  - { id: Other, parent: nonT, is: not B }
`;

describe('fitPlan', () => {
  const { table, labels } = blood('tree', 6000);
  const fitted = fit(tree, table);

  it('finds the populations that were mixed', () => {
    const members = evaluateStrategy(fitted.strategy, table, null);
    const truth: readonly (readonly [string, (label: Class) => boolean])[] = [
      ['T', (l) => l === 'CD4' || l === 'CD8'],
      ['T/CD4T', (l) => l === 'CD4'],
      ['T/CD8T', (l) => l === 'CD8'],
      ['nonT/B', (l) => l === 'B'],
      ['nonT/Other', (l) => l === 'other'],
    ];
    for (const [path, is] of truth) {
      const wrong = labels.filter((label, e) => (members.get(path)?.[e] === 1) !== is(label)).length;
      expect([path, wrong / labels.length < 0.003]).toEqual([path, true]);
    }
  });
  it('says how each gate came to be, in the order of the plan', () => {
    expect(fitted.strategy.populations.map(({ path, fit: f }) => `${path} ${f.status}`)).toEqual([
      'T fitted',
      'T/CD4T fitted',
      'T/CD8T fitted',
      'T/DNT fitted',
      'T/DPT fitted',
      'nonT explicit',
      'nonT/B fitted',
      'nonT/Other explicit',
    ]);
    expect(fitted.issues).toEqual([]);
  });
  it('gives the cells of a quadrant one pair of cuts', () => {
    const gates = ['CD4T', 'CD8T', 'DNT', 'DPT'].map((id) => population(fitted, `T/${id}`).gate);
    const shared = gates.map((gate) =>
      gate?.kind === 'quadrant' ? { set: gate.set, dividers: gate.dividers } : null,
    );
    expect(new Set(shared.map((s) => JSON.stringify(s))).size).toBe(1);
    expect(gates.map((gate) => (gate?.kind === 'quadrant' ? gate.cell : null))).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
      [1, 1],
    ]);
    const members = evaluateStrategy(fitted.strategy, table, null);
    for (let e = 0; e < table.count; e++) {
      const cells = ['CD4T', 'CD8T', 'DNT', 'DPT'].reduce(
        (sum, id) => sum + (members.get(`T/${id}`)?.[e] ?? 0),
        0,
      );
      expect(cells).toBe(members.get('T')?.[e]);
    }
  });
  it('is the same twice, and the strategy survives JSON', () => {
    expect(fit(tree, table)).toEqual(fitted);
    const { populations } = fitted.strategy;
    // open sides are infinite and are written by results/; everything else is plain
    const finite = populations.filter(({ gate }) => gate?.kind !== 'rectangle');
    expect(JSON.parse(JSON.stringify(finite))).toEqual(finite);
  });
});

describe('what cannot be placed', () => {
  const { table } = blood('edges', 6000);
  const onlyT: EventTable = (() => {
    const { labels, table: all } = blood('edges', 6000);
    const keep = labels.flatMap((l, e) => (l === 'CD4' || l === 'CD8' ? [e] : []));
    return {
      ...all,
      count: keep.length,
      columns: all.columns.map((c) => Float64Array.from(keep, (e) => c[e])),
    };
  })();

  it('a method that is not acceptable gives way to the next, on record', () => {
    const result = fit('  - { id: T, parent: root, on: CD3, place: [valley, { fixed: 3 }] }\n', onlyT);
    expect(population(result, 'T').fit).toMatchObject({
      status: 'fallback',
      method: 'fixed',
      reason: expect.stringContaining('valley') as string,
    });
    expect(population(result, 'T').gate).toMatchObject({ min: [3], max: [Infinity] });
    expect(result.issues).toMatchObject([{ code: 'W_METHOD_FALLBACK', place: 'T' }]);
  });
  it('without a further method it is not evaluable, with the reason, and so is everything below it', () => {
    const result = fit(tree.replace('[valley, { fixed: 3 }]', 'valley'), onlyT);
    for (const path of ['T', 'T/CD4T', 'T/DPT', 'nonT', 'nonT/B']) {
      const { gate, fit: f } = population(result, path);
      expect([path, gate, f.status]).toEqual([path, null, 'notEvaluable']);
      if (f.status === 'notEvaluable') expect(f.reason.length).toBeGreaterThan(10);
    }
    expect(result.issues.filter(({ place }) => place === 'T')).toMatchObject([{ code: 'W_NOT_EVALUABLE' }]);
    expect(result.issues.filter(({ place }) => place?.startsWith('T/'))).toEqual([]);
  });
  it('few events in the parent: nothing is fitted, a fixed value still holds', () => {
    const few = { ...table, count: 150, columns: table.columns.map((c) => c.slice(0, 150)) };
    const alone = fit('  - { id: T, parent: root, on: CD3, place: valley }\n', few);
    expect(population(alone, 'T').fit).toMatchObject({
      status: 'notEvaluable',
      reason: expect.stringMatching(/150 events.*200/) as string,
    });
    const held = fit('  - { id: T, parent: root, on: CD3, place: [valley, { fixed: 3 }] }\n', few);
    expect(population(held, 'T').fit).toMatchObject({
      status: 'fallback',
      method: 'fixed',
      reason: expect.stringMatching(/150/) as string,
    });
    const allowed = fit('  - { id: T, parent: root, on: CD3, place: valley, minimumEvents: 100 }\n', few);
    expect(population(allowed, 'T').fit.status).toBe('fitted');
  });
  it('no event at all is not evaluable, never a gate and never a crash', () => {
    const none = { ...table, count: 0, columns: table.columns.map(() => new Float64Array(0)) };
    const result = fit(tree.replace('[valley, { fixed: 3 }]', 'valley'), none);
    expect(
      result.strategy.populations.every(({ gate, fit: f }) => gate === null && f.status === 'notEvaluable'),
    ).toBe(true);
  });
  it('an optional population without its channel is not evaluable', () => {
    const result = fit(
      '  - { id: x, parent: root, on: CD56, optional: true, gate: { range: [1, ~] } }\n',
      table,
    );
    expect(population(result, 'x').fit).toMatchObject({
      status: 'notEvaluable',
      reason: expect.stringContaining('CD56') as string,
    });
  });
  it('one axis of a quadrant without a cut makes its cells not evaluable', () => {
    const text =
      '  - { parent: root, quadrant: [CD3, CD4], cuts: [valley, 2.5], cells: { a: "++", b: "-+", onlyCD4: "*+" } }\n';
    const result = fit(text, onlyT);
    expect(['a', 'b', 'onlyCD4'].map((id) => population(result, id).fit.status)).toEqual([
      'notEvaluable',
      'notEvaluable',
      'fitted',
    ]);
  });
});
