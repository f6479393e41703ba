// The checks that every sample gets without being asked, wherever it has the population: ids are those of the populations
// specification. A template's own check of the same name takes the place of a usual one.
import { hintedResidual } from './compensation.ts';
import type { QualityCheck } from './model.ts';

/** One population of a tree, as far as checks need it. `expected` = window of the fraction of the parent, null = none stated. */
export interface CheckedPopulation {
  readonly id: string;
  readonly path: string;
  readonly parent: string | null;
  readonly expected: readonly [low: number | null, high: number | null] | null;
}

/**
 * Limits of populations.md sections 2 and 3: acquisition, margins, singlets, viability, debris, beads and their evenness, drift,
 * compensation; then expected windows. `beadEvenness`, `drift` and `compensation` are measured on events. Margins are allowed 2 %, not the
 * 1 % of section 2: pairs of granulocytes leave the scale, 1.0 to 1.5 % of a good tube of whole blood.
 */
export function usualChecks(populations: readonly CheckedPopulation[]): QualityCheck[] {
  const share = (
    check: string,
    title: string,
    id: string,
    of: string | null,
    target: QualityCheck['target'],
    accept: QualityCheck['accept'],
  ): QualityCheck[] => {
    const found = populations.find((population) => population.id === id);
    if (found === undefined) return [];
    const whole = of === null ? found.parent : populations.find((one) => one.id === of)?.path;
    if (whole === undefined) return [];
    const measure = { kind: 'share', populations: [found.path], of: whole } as const;
    return [{ check, title, measure, target, accept }];
  };
  const measured = (check: string, title: string, most: number): QualityCheck => ({
    check,
    title,
    measure: { kind: 'measured', unit: 'fraction' },
    target: [null, most],
    accept: null,
  });
  const cells = populations.some(({ id }) => id === 'leuk') ? 'leuk' : 'cells';
  const beads = populations.find(({ id }) => id === 'beads');
  return [
    ...share('time', 'Events of stable acquisition', 'time_ok', null, [0.9, null], [0.5, null]),
    ...share('margin', 'Events on scale', 'nomargin', null, [0.98, null], null),
    ...share('singlets', 'Singlets', 'singS', 'nomargin', [0.9, null], null),
    ...share('viability', 'Viable cells', 'live', null, [0.9, null], [0.5, null]),
    ...share('cells', 'Cells, not debris', cells, null, [0.5, null], [0.3, null]),
    ...(beads === undefined
      ? []
      : [
          {
            check: 'beads',
            title: 'Counting beads',
            measure: { kind: 'count', population: beads.path, absentIsFine: true },
            target: [1000, null],
            accept: [1000, null],
          } as const,
          measured('beadEvenness', 'Variation of the share of beads during the run (CV)', 0.1),
        ]),
    ...(populations.some(({ id }) => id === 'time_ok')
      ? [measured('drift', 'Drift of a channel during the run (change of mean rank)', 0.15)]
      : []),
    measured('compensation', 'Largest residual of the compensation between two colours', hintedResidual),
    ...populations.flatMap(({ path, parent, expected }): QualityCheck[] =>
      expected === null
        ? []
        : [
            {
              check: `expected:${path}`,
              title: `${path.slice(path.lastIndexOf('/') + 1)} of its parent`,
              measure: { kind: 'share', populations: [path], of: parent },
              target: expected,
              accept: null,
            },
          ],
    ),
  ];
}

/** The usual checks with those of a template: one of the same name is replaced where it stands, others follow. */
export function withChecks(
  usual: readonly QualityCheck[],
  own: readonly QualityCheck[],
): readonly QualityCheck[] {
  const replaced = usual.map((check) => own.find((mine) => mine.check === check.check) ?? check);
  return [...replaced, ...own.filter((mine) => !usual.some(({ check }) => check === mine.check))];
}
