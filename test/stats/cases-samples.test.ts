import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/stats/correlation.ts';
import { describe as describeValues } from '../../src/stats/descriptive.ts';
import { formatCountPercent, formatFixed, formatP } from '../../src/stats/display.ts';
import { fisherExact } from '../../src/stats/fisher.ts';
import { friedman } from '../../src/stats/friedman.ts';
import { adjustPValues, type Adjustment } from '../../src/stats/multiplicity.ts';
import { comparePaired } from '../../src/stats/paired.ts';
import { binomialTest, proportion } from '../../src/stats/proportions.ts';
import { compareTwoGroups, kruskalWallis } from '../../src/stats/two-group.ts';
import type { Maybe } from '../../src/stats/result.ts';
import { compareWithTruth, truthCases, truthPresent, type Tolerance, type TruthCase } from './truth.ts';

interface Family {
  readonly name: string;
  readonly floor: number;
  readonly compute: (truth: TruthCase) => unknown;
  readonly tolerance?: Tolerance;
  /** Leaves where the truth file is wrong, by case, with the proof beside them. */
  readonly corrections?: Record<string, Record<string, unknown>>;
}

function corrected(
  expected: Record<string, unknown>,
  fixes: Record<string, unknown>,
): Record<string, unknown> {
  return { ...expected, ...fixes };
}

const conf = (truth: TruthCase): { conf: number } => ({
  conf: (truth.options?.['conf'] as number | undefined) ?? 0.95,
});
const list = (truth: TruthCase, name: string): Maybe[] => truth.input[name] as Maybe[];

const families: Family[] = [
  {
    name: 'descriptive',
    floor: 276,
    // 1e9 + 1, 1e9 + 2, 1e9 + 4: SD of the logs is 1.5275e-9, so the CV is 1.5275e-7 %; exp(SD²) - 1 has cancelled to 0 in the truth.
    corrections: { large: { geoCvPct: 1.5275252e-7 } },
    compute: (truth) => {
      const x = list(truth, 'x');
      const six = describeValues(x, { ...conf(truth), quantileType: 6 });
      const seven = describeValues(x, { ...conf(truth), quantileType: 7 });
      return {
        ...describeValues(x, conf(truth)),
        q1Type6: six.q1,
        q3Type6: six.q3,
        q1Type7: seven.q1,
        q3Type7: seven.q3,
      };
    },
  },
  {
    name: 'paired',
    floor: 1351,
    compute: (truth) => comparePaired(list(truth, 'pre'), list(truth, 'post'), conf(truth)),
    // The interval of dz pivots the noncentral t (1e-7, section 23).
    tolerance: { at: (path) => (path.includes('dzCi') ? 1e-7 : undefined) },
  },
  {
    name: 'two-group',
    floor: 188,
    compute: (truth) => {
      if ('table' in truth.expected || 'fisher' in truth.expected)
        return { fisher: fisherExact(truth.input['table'] as number[][], conf(truth)) };
      if ('kruskalWallis' in truth.expected)
        return { kruskalWallis: kruskalWallis(list(truth, 'y'), truth.input['group'] as string[]) };
      return compareTwoGroups(list(truth, 'x'), list(truth, 'y'), conf(truth));
    },
    // R solves for the odds ratio w (or 1/w above 1) with an absolute tolerance of eps^0.25: that is all its digits mean.
    // fisher.test.ts holds our limits to their definition.
    tolerance: {
      at: (path, want) =>
        /fisher\.(conditionalOr|ci)/.test(path) ? 1.3e-4 * Math.max(want, 1 / want) : undefined,
    },
  },
  {
    name: 'proportions',
    floor: 191,
    compute: ({ input, ...rest }) => {
      const { x, n, p0 } = input as { x: number; n: number; p0?: number };
      return p0 === undefined ? proportion(x, n, conf({ input, ...rest })) : binomialTest(x, n, p0);
    },
  },
  {
    name: 'multiplicity',
    floor: 165,
    compute: (truth) =>
      Object.fromEntries(
        Object.keys(truth.expected).map((method) => [
          method,
          adjustPValues(list(truth, 'p'), method as Adjustment),
        ]),
      ),
  },
  {
    name: 'correlation',
    floor: 132,
    compute: (truth) => correlate(list(truth, 'x'), list(truth, 'y'), conf(truth)),
  },
  {
    name: 'friedman',
    floor: 274,
    // The truth ranks raw binary differences in its pairwise tests; see the note on snapping in friedman.test.ts.
    compute: (truth) =>
      friedman(truth.input['y'] as Maybe[][], truth.input['visits'] as string[], { snapDifferences: false }),
    tolerance: { at: (path) => (path.startsWith('nemenyi.p') ? 1e-7 : undefined) },
  },
  {
    name: 'display',
    floor: 26,
    compute: ({ kind, input }) => {
      const [a, b] = input as unknown as [Maybe, number];
      if (kind === 'p') return formatP(a);
      return kind === 'npct' ? formatCountPercent(a ?? 0, b) : formatFixed(a, b);
    },
  },
];

for (const family of families) {
  describe.skipIf(!truthPresent)(`${family.name} against R (needs ../shared)`, () => {
    let compared = 0;
    for (const truth of truthCases(family.name)) {
      it(truth.id, () => {
        const expected = { ...corrected(truth.expected, family.corrections?.[truth.id] ?? {}) };
        const report = compareWithTruth(
          typeof truth.expected === 'object' ? expected : truth.expected,
          family.compute(truth),
          family.tolerance,
        );
        compared += report.compared;
        expect(report.misses).toEqual([]);
      });
    }
    it('ran every comparison', () => {
      if (process.env['SHOW_COUNTS']) console.log(family.name, compared);
      expect(compared).toBeGreaterThanOrEqual(family.floor);
    });
  });
}
